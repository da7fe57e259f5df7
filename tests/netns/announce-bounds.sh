#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# kernels: uml 6.12
# timeout: 300
#
# announce with a bridge that takes only so many entries (fdb_max_learned, which 6.1 has
# not): what is counted as announced, and how often the bridge is asked again; and with one
# that loses more entries at once than it is told of in a round.
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"
# shellcheck source=helpers/told.sh
. "${0%/*}/helpers/told.sh"

trace=/sys/kernel/tracing

announced() {
	inside host vnicx show -j | jq '.[0].announced'
}

both() {
	echo "$(wc -w < <(told p1)) $(announced)"
}

# fits NUMBER: the bridge has been told so many, and no more are counted
fits() {
	is_now "$1 $1" both
}

# flush: how many of them the bridge has right after they were flushed
flush() {
	printf '%s\n' "fdb flush dev br0 brport p1 extern_learn" "fdb show brport p1" | bridge -n host -batch - |
		grep -c extern_learn || :
}

no_ipv6
ns host c1
silence host c1
ip-newest -n host link add br0 type bridge vlan_default_pvid 0 fdb_max_learned 2
batch_in host "link set br0 up" \
	"link add eth0 type veth peer name p1" "link set eth0 up" \
	"link set p1 master br0 up"
for n in 1 2 3; do
	vnic "v$n" c1
done
ip -n c1 link set v1 type vnicx announce on
t "a bridge that takes 2 addresses of 4 has 2 announced" until_ok 10 fits 2

# probe on|off: watch rounds, and addresses that the bridge is told; they are in /tmp/traced
# then, as the kernel's buffer is emptied when a probe goes
probe() {
	if [ "$1" = on ]; then
		printf 'p:%s %s\n' rounds vnicx_hear_work told vnicx_bridge_tell >$trace/kprobe_events
		echo 1 >$trace/events/kprobes/enable
	else
		echo 0 >$trace/events/kprobes/enable
		cat $trace/trace >/tmp/traced
		echo >$trace/kprobe_events
	fi
}

# rounds LEAST MOST: as many have been traced
rounds() {
	local n
	n=$(grep -c rounds: /tmp/traced || :)
	echo "$n"
	[ "$n" -ge "$1" ] && [ "$n" -le "$2" ]
}

# told_in_rounds: how many addresses the bridge was told, and the most of them in one round
told_in_rounds() {
	awk '/ rounds: / { n = 0 } / told: / { sum++; if (++n > most) most = n } END { print sum, most }' /tmp/traced
}

# by_kprobe on
# by_kprobe off TITLE EXPECTED: that of told_in_rounds; uml has no kprobes
by_kprobe() {
	[ "$VNICX_KERNEL" != uml ] || return 0
	probe "$1"
	[ "$1" = on ] || t_is "$2" "$3" told_in_rounds
}

# Looked at after 1, 2, 4 ... seconds: not more than 3 times in 4 of them
if [ "$VNICX_KERNEL" != uml ]; then
	mountpoint -q $trace || mount -t tracefs tracefs $trace
	probe on
	sleep 4
	probe off
	t "a bridge that is full is asked 1 to 3 times in 4 s" rounds 1 3
fi

ip-newest -n host link set br0 type bridge fdb_max_learned 0
t "a bridge that has room again has all 4 announced" until_ok 60 fits 4

# Five vNICs with 240 further addresses each. In a round each has 64 told, of those that the
# bridge has lost, too; and 1,024 are withdrawn.
vnic v4 c1
vnic v5 c1
for ((n = 1; n <= 5; n++)); do
	printf "fdb add 02:01:00:00:0$n:%02x dev v$n\n" {0..239}
done | bridge -n c1 -batch -
t "a bridge has all 1206 addresses announced" until_ok 20 fits 1206
by_kprobe on
t "a bridge whose entries were flushed does not have all at once" [ "$(flush)" -lt 1206 ]
t "a bridge that lost all 1206 addresses has them again" until_ok 20 fits 1206
by_kprobe off "1206 lost addresses are told again, 321 of them in a round at most" "1206 321"
by_kprobe on
ip -n host link set eth0 down
t "a bridge has nothing announced behind a lower device that is down" until_ok 20 fits 0
by_kprobe off "1206 addresses are withdrawn, 1024 of them in a round at most" "1206 1024"

# A bridge has lost 2,411 addresses, and the lower device goes down and comes back before three
# rounds have withdrawn them: those that are left are told again. On other kernels than uml,
# rounds follow each other faster than this script asks what they have done.
[ "$VNICX_KERNEL" = uml ] || exit 0
for n in 6 7 8 9 10; do
	vnic "v$n" c1
done
for ((n = 6; n <= 10; n++)); do
	printf "fdb add 02:02:00:00:0$((n - 5)):%02x dev v$n\n" {0..239}
done | bridge -n c1 -batch -
ip -n host link set eth0 up
# loses: the bridge loses all, and the lower device is down for one round, which withdraws
# 1,024. A second one is too late, as the third may come before the lower device is up.
loses() {
	local left end
	until_ok 60 fits 2411 || return
	# Entries are looked at a second after the last look.
	sleep 1
	end=$((SECONDS + 10))
	bridge -n host fdb flush dev br0 brport p1 extern_learn
	ip -n host link set eth0 down
	until left=$(announced) && [ "$left" -lt 2411 ]; do
		[ "$SECONDS" -lt "$end" ] || break
	done
	ip -n host link set eth0 up
	[ "$left" -eq $((2411 - 1024)) ]
}
t "a bridge has all 2411 addresses announced" until_ok 60 fits 2411
until_ok 60 loses >/dev/null || diagnose "no look came after one round: what follows asks less"
t "a bridge that lost addresses before its lower device was down for a moment has all 2411" until_ok 60 fits 2411
