#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# kernels: uml
#
# announce with a bridge that takes only so many entries (fdb_max_learned, which 6.1 has
# not): what is counted as announced, and how often the bridge is asked again.
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

# Looked at after 1, 2, 4 ... seconds: not more than 3 times in 4 of them
if [ "$VNICX_KERNEL" != uml ]; then
	mountpoint -q $trace || mount -t tracefs tracefs $trace
	echo 'p:rounds vnicx_hear_work' >$trace/kprobe_events
	echo 1 >$trace/events/kprobes/rounds/enable
	sleep 4
	echo 0 >$trace/events/kprobes/rounds/enable
	t "a bridge that is full is asked no more than 3 times in 4 s" [ "$(grep -c rounds: $trace/trace)" -le 3 ]
	echo >$trace/kprobe_events
fi

ip-newest -n host link set br0 type bridge fdb_max_learned 0
t "a bridge that has room again has all 4 announced" until_ok 60 fits 4
