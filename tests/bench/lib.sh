# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# For the rows of the bench. Each is a script that makes its contestants, all in
# one boot, and measures them in turn, round after round. Its head says:
#
#	# title: WORDS
#	# case: NAME UNIT WORDS	what it measures; one line each
#	# kernel: 6.1|uml-plain
#	# measure: counted|clock	counted: the guest's clock counts instructions,
#				one a nanosecond
#	# smp: N, # memory: SIZE, # append: WORDS, # timeout: SECONDS	as vm.sh has it
#	# needs: ovs|netkit
#
# For profile.sh, there are two rounds, of which the first fills the caches of allocators. It sets bench_kinds to the contestants that it wants,
# between blanks (one blank: all but Open vSwitch), and bench_case to one case or nothing.
set -euo pipefail

# shellcheck source=../guest/ip.sh
. "$VNICX_STAGE/tests/guest/ip.sh"

# measured CASE CONTESTANT VALUE: one round's result, for the host. The value
# "lost" says that frames were lost, so that there is nothing to compare.
measured() {
	echo "$1 $2 $3"
	[ -z "${bench_kinds:-}" ] || mark keep
}

# contestants KIND...: sets kinds to those of them that are wanted
contestants() {
	local kind
	kinds=()
	for kind; do
		case ${bench_kinds:-all} in
		all | *" $kind "*) ;;
		' ') [[ $kind != *+ovs ]] || continue ;;
		*) continue ;;
		esac
		kinds+=("$kind")
	done
}

# wanted KIND...: whether any of them is; they are in kinds
wanted() {
	contestants "$@"
	[ "${#kinds[@]}" -gt 0 ]
}

# rounds N: 1 to N, or to 2
rounds() {
	seq "$([ -n "${bench_kinds:-}" ] && echo 2 || echo "$1")"
}

# turns ROUND: the contestants, in each round from another one on, because what drifts by the
# clock would favour one place
turns() {
	local n=${#kinds[@]} i
	for ((i = 0; i < n; i++)); do
		echo "${kinds[(i + $1) % n]}"
	done
}

# wants CASE
wants() {
	[ -z "${bench_case:-}" ] || [ "$bench_case" = "$1" ]
}

# reaches SIZE: there is a case to measure that is as large, in a row whose cases are sizes
reaches() {
	[ -z "${bench_case:-}" ] || [ "$1" -le "$bench_case" ]
}

# symbols: the kernel's functions and where they are, for the host
symbols() {
	awk '$2 ~ /^[tTwW]$/ { print $1, $3, $4 }' /proc/kallsyms | busybox gzip | base64 -w 120 | sed 's/^/symbols /'
}
[ -z "${bench_kinds:-}" ] || trap symbols EXIT

# have MODULE...: loaded, or built in
have() {
	local name
	for name; do
		modprobe -q "$name" || [ "${VNICX_KERNEL#uml}" != "$VNICX_KERNEL" ]
	done
}

# Nothing speaks but what is measured.
quiet() {
	echo 1 | tee /proc/sys/net/ipv6/conf/{all,default}/disable_ipv6 >/dev/null
	ip netns attach here 1
	# a message on the console is thousands of instructions
	dmesg -n 1
}

# spaces NAME...: new namespaces, as quiet
spaces() {
	printf 'netns add %s\n' "$@" | ip -batch -
	silence "$@"
}

# drops NAMESPACE DEVICE: all that it receives, at the first opportunity
drops() {
	batch_tc "$1" "qdisc add dev $2 clsact" "filter add dev $2 ingress matchall action drop"
}

# dropped NAMESPACE DEVICE: how many that were
dropped() {
	tc -n "$1" -s filter show dev "$2" ingress | awk '$1 == "Sent" { print $4 }'
}

# generate NAMESPACE DEVICE MAC COUNT [WORDS...]: 60-byte frames by pktgen, with
# further words for it; prints the nanoseconds for each
generate() {
	# shellcheck disable=SC2016 # the shell inside expands them
	inside "$1" bash -c '
		cd /proc/net/pktgen
		device=$1
		echo rem_device_all >kpktgend_0
		echo "add_device $device" >kpktgend_0
		for word in "count $3" "pkt_size 60" "delay 0" "clone_skb 0" "dst_mac $2" "src_min 198.18.0.1" \
			"src_max 198.18.0.1" "dst 198.18.0.42" "${@:4}"; do
			echo "$word" >"$device"
		done
		mark write pgctrl start
		cat "$device"' "$@" |
		awk '/^Result: OK: / { sub(/\(.*/, "", $3); took = $3; frames = $5 } END { printf "%.1f\n", took * 1000 / frames }'
}

# arrive NAMESPACE/DEVICE COUNT COMMAND...: what the command prints, or "lost" when
# the device, which drops, did not see that many. Any contestant can lose some once,
# when softirqs are left to their daemon; so only who does it three times has.
arrive() {
	local where=${1%/*} device=${1#*/} count=$2 before value
	shift 2
	for _ in 1 2 3; do
		before=$(dropped "$where" "$device")
		value=$("$@")
		# a few may have come late, by way of a daemon
		if [ $(($(dropped "$where" "$device") - before)) -ge $((count * 998 / 1000)) ]; then
			echo "$value"
			return
		fi
	done
	echo lost
}

# The daemon of Open vSwitch, with one bridge, if a contestant wants it
ovs_start() {
	[[ " ${kinds[*]} " = *+ovs\ * ]] || return 0
	local db=/run/openvswitch/conf.db uptime
	export OVS_RUNDIR=/run/openvswitch OVS_LOGDIR=/run/openvswitch OVS_DBDIR=/run/openvswitch
	mkdir -p /run/openvswitch
	have openvswitch
	ovs ovsdb-tool create $db "$VNICX_STAGE/bin/ovs/vswitch.ovsschema"
	ovs ovsdb-server $db --remote=punix:/run/openvswitch/db.sock --detach --pidfile -vconsole:off
	ovs ovs-vsctl --no-wait init 2>/dev/null
	# it counts no processors in the first ten seconds after booting
	read -r uptime _ </proc/uptime
	[ "${uptime%.*}" -gt 10 ] || sleep $((11 - ${uptime%.*}))
	ovs ovs-vswitchd unix:/run/openvswitch/db.sock --detach --pidfile -vconsole:off
	ovs ovs-vsctl add-br ovs0 2>/dev/null
}

ovs_stop() {
	ovs ovs-appctl -t ovs-vswitchd exit
	ovs ovs-appctl -t ovsdb-server exit
}

ovs() {
	LD_LIBRARY_PATH=$VNICX_STAGE/bin/ovs/lib "$VNICX_STAGE/bin/ovs/$1" "${@:2}"
}

# pair KIND: a device x in the namespace KIND-a, with 198.18.0.1, one in
# KIND-b, with 198.18.0.42, and what is between them. Of the first and the second
# bridge, ports and all, the names have the numbers 0 and 1, and so on; bridge_of has the
# bridge's.
bridges=0
declare -A bridge_of=()
pair() {
	local kind=$1 a=$1-a b=$1-b type options n
	spaces "$a" "$b"
	case $kind in
	veth | veth+gro | veth+fifo | veth+generic)
		ip link add x netns "$a" type veth peer name x netns "$b"
		;;
	netkit) ip-newest link add x netns "$a" type netkit mode l2 peer name x netns "$b" ;;
	veth+bridge | bridge+*)
		n=$((bridges++))
		# shellcheck disable=SC2034 # read in rows
		bridge_of[$kind]=bridge$n
		batch "link add bridge$n type bridge mcast_snooping 0" "link set bridge$n up" \
			"link add x netns $a type veth peer name bridge$n-a" \
			"link add x netns $b type veth peer name bridge$n-b" \
			"link set bridge$n-a master bridge$n up" "link set bridge$n-b master bridge$n up"
		;;
	veth+ovs)
		batch "link add x netns $a type veth peer name ovs-a" "link add x netns $b type veth peer name ovs-b" \
			"link set ovs-a up" "link set ovs-b up"
		ovs ovs-vsctl add-port ovs0 ovs-a -- add-port ovs0 ovs-b 2>/dev/null
		;;
	*)
		adapter "$kind"
		type=${kind%%+*}
		options=$(mode "$type")
		batch "link add link $kind-low name x netns $a type $type $options" \
			"link add link $kind-low name x netns $b type $type $options"
		;;
	esac
	batch_in "$a" "link set x up" "address add 198.18.0.1/24 dev x"
	batch_in "$b" "link set x up" "address add 198.18.0.42/24 dev x"
}

# guard_bridge BRIDGE MAC MAC: what libvirt's clean-traffic does by ebtables, for the stations
# with these addresses at BRIDGE-a and BRIDGE-b. Every bridge of the machine asks for rules
# once there are some, so they are there only while their bridge is measured: see unguard.
guard_bridge() {
	local bridge=$1 end
	local -A station=([a]=$2 [b]=$3)
	{
		echo "table bridge $bridge {"
		for end in a b; do
			cat <<-RULES
				chain $end {
					ether saddr != ${station[$end]} drop
					ether type arp arp saddr ether != ${station[$end]} drop
					ether type arp arp saddr ip != 198.18.0.0/24 drop
					ether type arp accept
					ether type != ip drop
					udp sport 67 drop
					ip saddr != 198.18.0.0/24 drop
				}
			RULES
		done
		echo "chain in { type filter hook prerouting priority -300;"
		echo "iifname $bridge-a jump a"
		echo "iifname $bridge-b jump b"
		printf "}\n}\n"
	} | nft -f -
}

# unguard: no bridge has rules
unguard() {
	nft flush ruleset
}

# access_bridge BRIDGE PORT...: in VLAN 10
access_bridge() {
	local port
	ip link set "$1" type bridge vlan_filtering 1 vlan_default_pvid 0
	for port in "${@:2}"; do
		echo "vlan add vid 10 pvid untagged dev $port"
	done | bridge -batch -
}

# An adapter of its own for a kind. It drops what it is given, at once.
adapter() {
	batch "link add $1-low type dummy" "link set $1-low up"
}

# The mode in which a kind's devices reach each other
mode() {
	case $1 in
	macvlan | macvtap) echo mode bridge ;;
	ipvlan) echo mode l2 ;;
	esac
}

# Lets bridges learn where both ends of a pair are, and a daemon what to do.
acquaint() {
	local kind=$1
	generate "$kind-b" x "$(mac "$kind-a" x)" 32 "dst 198.18.0.77" >/dev/null
	generate "$kind-a" x "$(mac "$kind-b" x)" 32 >/dev/null
	[[ $kind != veth+ovs* ]] || sleep 0.2
}
