# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Sourced by every test in this folder, which then reads as a list of what is
# so. A test says in its head which kernels it is for (docs/testing.md has the rule),
# or that it is for the one with PREEMPT_RT as well, or needs longer:
#
#	# kernels: uml uml-smp
#	# also: 6.12-rt
#	# cpus: 2
#	# timeout: 300
set -euo pipefail

# shellcheck source=../guest/modules.sh
. "${VNICX_STAGE:?runs in a guest: scripts/vm.sh}/tests/guest/modules.sh"
# shellcheck source=../guest/ip.sh
. "$VNICX_STAGE/tests/guest/ip.sh"
# shellcheck source=../guest/nap.sh
. "$VNICX_STAGE/tests/guest/nap.sh"

# t DESCRIPTION COMMAND...: the command succeeds. It runs in a subshell.
t() {
	local what=$1 out status
	shift
	run_quietly "$@"
	if [ "$status" -eq 0 ]; then
		emit pass "$what"
	else
		diagnose "$(printf '%q ' "$@")" "exit status $status" "$out"
		emit fail "$what"
	fi
}

# t_fails DESCRIPTION REGEX COMMAND...: the command fails, and says why
t_fails() {
	local what=$1 regex=$2 out status
	shift 2
	run_quietly "$@"
	if [ "$status" -ne 0 ] && [[ $out =~ $regex ]]; then
		emit pass "$what"
	else
		diagnose "$(printf '%q ' "$@")" "exit status $status, expected a failure that says: $regex" "$out"
		emit fail "$what"
	fi
}

# t_is DESCRIPTION EXPECTED COMMAND...: what the command prints
t_is() {
	local what=$1 expected=$2 out status
	shift 2
	run_quietly "$@"
	if [ "$status" -eq 0 ] && [ "$out" = "$expected" ]; then
		emit pass "$what"
	else
		diagnose "$(printf '%q ' "$@")" "exit status $status, expected: $expected" "printed: $out"
		emit fail "$what"
	fi
}

# skip DESCRIPTION REASON
skip() {
	emit skip "$1" "$2"
}

# Sets status and out of the caller. Errexit holds in the command, which is why
# this is no "if" and no "||".
run_quietly() {
	set +e
	out=$(set -e; "$@" 2>&1 </dev/null)
	status=$?
	set -e
}

diagnose() {
	printf '%s\n' "$@" | sed 's/^/# /'
}

declare -A emitted=([pass]=0 [fail]=0 [skip]=0) emitted_title=()

# A title is read alone, in a log or a table: it has a subject, a verb and the value
# that is expected. These openings refer to the title before it.
leaning='and|but|or|nor|so|as|also|too|then|still|until|unless|likewise|again|once|twice|back'
leaning+='|at once|from now on|from then on|in both directions|the other way|even|not|none|both'
leaning+='|it|its|they|their|them|he|his|these|those|this|that|one (from|to|for|with|more|that|is|in)'
leaning+='|the (other|others|same|rest)'
leaning+='|who|whose|whom|whoever|which|what|whatever|is|are|has|have|was|does|may|can|over IPv[46]|by|to'

# emit pass|fail|skip TITLE [REASON]: a result, which fails if the script has emitted the
# title before, or if it does not stand alone. A "#" in it would begin a directive.
emit() {
	local result=$1 title=${2//'#'/} word=ok directive=''
	if [ -n "${emitted_title[$title]-}" ]; then
		diagnose "this script has emitted the title before: $title"
		result=fail
	elif [[ $title != *\ *\ * || $title =~ (^|: )($leaning)([ ,:]|$) ]]; then
		diagnose "the title does not stand alone (leaning, in lib.sh): $title"
		result=fail
	fi
	emitted_title[$title]=yes
	emitted[$result]=$((emitted[$result] + 1))
	[ "$result" != fail ] || word='not ok'
	[ "$result" != skip ] || directive=" # SKIP ${3:-}"
	printf '%s %d %s%s\n' "$word" $((emitted[pass] + emitted[fail] + emitted[skip])) "$title" "$directive"
}

# until_ok SECONDS COMMAND...: asks again and again instead of waiting long. In a condition bash
# ignores set -e: of a function's commands only the last one counts, so join them by &&.
until_ok() {
	local end=$((SECONDS + $1)) out
	shift
	until out=$("$@" 2>&1); do
		if [ "$SECONDS" -ge "$end" ]; then
			printf '%s\n' "$out"
			return 1
		fi
		nap
	done
}

# shows PATTERN COMMAND...: the pattern is somewhere in what the command prints
shows() {
	local pattern=$1 out
	shift
	out=$("$@")
	matches "*$pattern*" "$out"
}

# matches PATTERN TEXT
matches() {
	# shellcheck disable=SC2053 # it is a pattern
	[[ $2 = $1 ]] || {
		printf '%s\n' "no match for $1:" "$2"
		return 1
	}
}

# is_now EXPECTED COMMAND...: what it prints, for until_ok
is_now() {
	local expected=$1 out
	shift
	out=$("$@")
	[ "$out" = "$expected" ] || {
		printf '%s\n' "expected: $expected" "printed: $out"
		return 1
	}
}

# differ TEXT TEXT
differ() {
	[ "$1" != "$2" ] || {
		printf '%s\n' "both are: $1"
		return 1
	}
}

# attribute DEVICE NAME: of a device here, without starting a program
attribute() {
	local value
	read -r value <"/sys/class/net/$1/$2"
	echo "$value"
}

# ns NAME...: new namespaces, with lo up
ns() {
	local name
	printf 'netns add %s\n' "$@" | ip -batch -
	for name; do
		ip -n "$name" link set lo up
	done
}

# Namespaces made from here on take addresses at once, without asking around.
no_dad() {
	echo 1 >/proc/sys/net/core/devconf_inherit_init_net
	echo 0 >/proc/sys/net/ipv6/conf/all/accept_dad
	echo 0 >/proc/sys/net/ipv6/conf/default/accept_dad
}

# lan_setup and vnic make devices without IPv6 from here on: they are silent. Nor do their
# stacks ask, seconds after a stream, whether the other end is still there.
no_ipv6() {
	with_ipv6=no
	ask_again_after 3600
}
with_ipv6=yes

# ask_again_after SECONDS: for devices made from here on
ask_again_after() {
	echo "$1" >/proc/sys/net/ipv4/neigh/default/delay_first_probe_time
}

# up NAMESPACE DEVICE [NUMBER]: with 192.0.2.NUMBER and 2001:db8::NUMBER; shows it
up() {
	{
		[ "$with_ipv6" = yes ] || echo "link set $2 addrgenmode none"
		echo "link set $2 up"
		[ -z "${3:-}" ] || echo "address add 192.0.2.$3/24 dev $2"
		[ -z "${3:-}" ] || [ "$with_ipv6" = no ] || echo "address add 2001:db8::$3/64 dev $2 nodad"
		echo "link show dev $2"
	} | ip -brief -n "$1" -batch -
}

# The lower device: eth0 in the namespace host, its wire's other end in lan.
lan_setup() {
	ns host lan
	ip link add eth0 netns host type veth peer name eth0 netns lan
	up host eth0 >/dev/null
	up lan eth0 1 >/dev/null
}

# From here on the other end of the wire sends back what it receives, as a switch
# does whose port is told to (reflective relay, hairpin), or no longer.
lan_reflects() {
	batch_tc lan "qdisc add dev eth0 clsact" \
		"filter add dev eth0 ingress matchall action mirred egress mirror dev eth0"
}

lan_absorbs() {
	tc -n lan qdisc delete dev eth0 clsact
}

# vnic NAME NAMESPACE [OPTION...]: a vNIC of host's eth0 in a namespace, which
# must be there, up, with the next 192.0.2.N and 2001:db8::N from 11 on.
# shellcheck disable=SC2034 # vnic_mac is for the tests
declare -A vnic_number=() vnic_mac=()
vnic() {
	local name=$1 where=$2 n shown
	shift 2
	n=$((11 + ${#vnic_number[@]}))
	ip -n host link add link eth0 name "$name" netns "$where" type vnicx "$@"
	shown=$(up "$where" "$name" "$n")
	vnic_number[$name]=$n
	read -r _ _ "vnic_mac[$name]" _ <<<"$shown"
}

# lan_with NAMESPACE...: the lower device, and a vNIC in each namespace: v1, v2 and so on
lan_with() {
	local where n=0
	lan_setup
	ns "$@"
	for where; do
		vnic "v$((++n))" "$where"
	done
}

# heed NAMESPACE DEVICE...: the devices' filters follow their lists of groups from now
# on. From 7.1 on, the core tells a device of a group by a work item, or at the end of
# a command that changes the device.
heed() {
	local where=$1
	shift
	printf 'link set %s up\n' "$@" | ip -n "$where" -batch -
}

ip4() {
	echo "192.0.2.${vnic_number[$1]}"
}

ip6() {
	echo "2001:db8::${vnic_number[$1]}"
}

# counter NAMESPACE DEVICE FIELD, one of /sys/class/net/DEVICE/statistics
counter() {
	inside "$1" cat "/sys/class/net/$2/statistics/$3"
}

# own_counter NAMESPACE DEVICE NAME, one of those that its driver has for ethtool
own_counter() {
	local name value
	while read -r name value; do
		[ "$name" != "$3:" ] || echo "$value"
	done < <(inside "$1" ethtool -S "$2")
}

# nft_packets NAMESPACE chain|table NAME...: what the last counter in there has seen
nft_packets() {
	local rules
	rules=$(inside "$1" nft list "${@:2}")
	rules=${rules##*packets }
	echo "${rules%% *}"
}

# pings NAMESPACE ADDRESS
pings() {
	inside "$1" ping -n -q -c 1 -W 2 "$2"
}

# reaches DESCRIPTION RECEIVERS NAMESPACE/DEVICE ADDRESS [OPTION...]: which
# stacks get a frame that a device sends to an address, see helpers/frames.c
reaches() {
	local what=$1 receivers=$2
	shift 2
	t_is "$what" "$receivers" frames -e "$receivers" "$@"
}

# streams_in MIN-MAX STREAM-ARGUMENT...: every byte arrives, and the longest
# frame that the receiver's stack is given is in these bounds
streams_in() {
	local bounds=$1 length shown
	shift
	shown=$(stream "$@")
	read -r length _ <<<"$shown"
	[ "$length" -lt "${bounds%-*}" ] || [ "$length" -gt "${bounds#*-}" ] || return 0
	echo "the longest frame has $length bytes"
	return 1
}

lower_counters() {
	inside host cat /sys/class/net/eth0/statistics/{rx,tx}_{packets,bytes}
}

# beside_lower COMMAND...: the command leaves the lower device's counters alone
beside_lower() {
	local before after
	before=$(lower_counters)
	"$@"
	after=$(lower_counters)
	[ "$after" = "$before" ] || {
		printf 'before:\n%s\nafter:\n%s\n' "$before" "$after"
		return 1
	}
}

# unload: removes vnicx, and what uses it
unload() {
	local name
	for name in vnicx_tap vnicx; do
		[ ! -e "/sys/module/$name" ] || rmmod "$name"
	done
}

# reload PARAMETER...: loads the module anew. After the script, whoever runs it
# loads what is missing then, so a test that gave parameters unloads at its end.
reload() {
	unload
	load_needs vnicx
	insmod "$VNICX_STAGE/modules/vnicx.ko" "$@"
}

# Everything made in a guest is removed by it when the script has ended; what is
# left here is to close the document, also when a command outside of a t failed.
finish() {
	local status=$?
	if [ "$status" -ne 0 ]; then
		diagnose "exit status $status in line ${BASH_LINENO[0]}"
		emit fail "the script came to its end"
	fi
	# how many there are is known only now; check.sh puts it in front
	echo "1..$((emitted[pass] + emitted[fail] + emitted[skip]))"
	[ "${emitted[fail]}" -eq 0 ] || exit 1
}
trap finish EXIT

no_dad
ask_again_after 5
