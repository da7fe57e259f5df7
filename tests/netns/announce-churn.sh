#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# kernels: uml uml-smp
#
# announce while everything comes and goes: vNICs, their addresses, claims, the port, the
# bridge, announce itself, frames that move addresses, and flushes of the bridge. Faults
# show in the kernel's log, which the runner reads.
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"
# shellcheck source=helpers/churning.sh
. "${0%/*}/helpers/churning.sh"
# shellcheck source=helpers/told.sh
. "${0%/*}/helpers/told.sh"

V0=02:00:00:00:00:01 V1=02:00:00:00:00:02 HOST=02:00:00:00:00:e0
everybody=ff:ff:ff:ff:ff:ff virtual=00:00:5e:00:01:07

# flushes: the bridge is flushed, again and again
flushes() {
	bridge -n host fdb flush dev br0 2>/dev/null || :
	bridge -n host fdb add $V1 dev v1
	bridge -n host fdb replace $V0 dev q1 master extern_learn
	bridge -n host fdb flush dev v1
}

no_ipv6
ns host c1 lan
silence host c1 lan
batch_in host "link add br0 type bridge vlan_default_pvid 0" "link set br0 up" \
	"link add q1 type veth peer name r1 netns lan" "link set q1 master br0 up" \
	"link add eth0 address $HOST type veth peer name p1" "link set eth0 up" "link set p1 master br0 up" \
	"link add link eth0 name v0 address $V0 up type vnicx announce on" \
	"link add link eth0 name v1 address 02:00:00:00:00:03 up type vnicx"
batch_in lan "link set r1 up" "link add link r1 name vr address $virtual up type macvlan"

again frames -q -n 200 -s $V0 lan/r1 $everybody
again frames -q -n 200 lan/vr $everybody
again frames -q -n 200 host/v0 $everybody
again flushes
churn host "link set v0 down" "link set v0 up" "link set v0 address 02:00:00:00:00:05" "link set v0 netns c1"
churn c1 "link set v0 up" "link add link v0 name vr address $virtual up type macvlan" "link delete vr" \
	"link set v0 address $V0" "link set v0 netns host"
churn host "link set p1 nomaster" "link set p1 master br0" "link set p1 down" "link set p1 up" \
	"link set br0 type bridge vlan_filtering 1" "link set br0 type bridge vlan_filtering 0"
churn host "link set v1 type vnicx announce off" "link set v1 type vnicx announce on" \
	"link set v1 type vnicx vlan 10" "link set v1 type vnicx vlan off" \
	"link add link eth0 name v2 up type vnicx" "link delete v2"
for _ in {1..40}; do
	nap
done
# shellcheck disable=SC2086 # lists of words
end $churn $traffic

ip -n c1 link set v0 netns host 2>/dev/null || :
ip -n host link delete v2 2>/dev/null || :
bridge -n host fdb flush dev v1
batch_in host "link set v0 address $V0 up" "link set v1 address $V1 up" "link set v1 type vnicx announce off vlan off" \
	"link set br0 type bridge vlan_filtering 0" "link set p1 nomaster" "link set p1 master br0 up"
ip -n host link set v1 type vnicx announce on
tells "all addresses are told when the churn has ended" $HOST $V0 $V1
ip -n host link set v1 type vnicx announce off
t_is "no address is left when announce is switched off after the churn" "" told
batch_in host "link set v1 type vnicx announce on" "link delete v0" "link delete v1"
t_is "no address is left when the vNICs are deleted after the churn" "" told
t "vnicx can be removed when the churn has ended" unload
