#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# kernels: uml 6.1
#
# The VLANs of vNICs are in the filter of a lower device that has one, here one of our own
# with room for six. A VLAN that does not fit is refused, and leaves nothing there.
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"
# shellcheck source=helpers/vlans.sh
. "${0%/*}/helpers/vlans.sh"

# added: how many there are beside those of the core
added() {
	echo $(($(own_counter host adapter0 vids) - own))
}

no_ipv6
insmod "$VNICX_STAGE/modules/vnicx_test_adapter.ko" vids=6
ns host vm
ip link set adapter0 netns host
up host adapter0 >/dev/null
own=$(own_counter host adapter0 vids)
room=$((6 - own))
ip -n host link add link adapter0 name v1 netns vm type vnicx trunk 10-11 native 5
t_is "a trunk's VLANs and its native one are in the filter" 3 added
ip -n host link add link adapter0 name v2 netns vm type vnicx vlan 10
t_is "a VLAN of two vNICs is in the filter once" 3 added
first=$((30 + room - 3))
refuses "a trunk that does not fit" "VLAN $first does not fit into the filter of lower device adapter0" vm v1 \
	trunk 10-11,30-60 native 5
t_is "a trunk that does not fit leaves the filter as it was" 3 added
refuses "a trunk that does not fit beside a rate" "does not fit into the filter" vm v1 max_tx_rate 1mbit trunk 30-60
t_fails "a new vNIC whose VLANs do not fit is refused" "does not fit into the filter of lower device adapter0" \
	ip -n host link add link adapter0 name v3 type vnicx trunk 30-60
t_is "a new vNIC whose VLANs do not fit leaves the filter as it was" 3 added
ip -n vm link set v1 type vnicx vlan 20
t_is "a changed VLAN takes the place of the others" 2 added
ip -n vm link delete v2
t_is "a deleted vNIC leaves no VLAN of its own in the filter" 1 added

# Devices on top of v1, which is in VLAN 20 now: as many VLANs as there is room for, one of
# them a bridge's own
last=$((98 + room))
batch_in vm "link add br0 type bridge vlan_filtering 1" "link set v1 master br0"
for ((vid = 100; vid <= last; vid++)); do
	inside vm bridge vlan add dev v1 vid "$vid"
done
t_is "a bridge's VLANs on a vNIC with one VLAN are not in the filter" 1 added
t_fails "a vNIC whose bridge has more VLANs than the filter has room for does not leave its VLAN" \
	"VLANs on top of v1 do not fit into the filter of lower device adapter0" \
	ip -n vm link set v1 type vnicx vlan off
t_is "a vNIC that does not leave its VLAN leaves the filter as it was" 1 added
inside vm bridge vlan del dev v1 vid "$last"
ip -n vm link set v1 type vnicx vlan off
t_is "a bridge's VLANs on a vNIC that left its VLAN are in the filter" $((room - 1)) added
inside vm bridge vlan add dev v1 vid "$last"
t_is "a VLAN that a bridge adds on a vNIC without one is in the filter" "$room" added
ip -n vm link set v1 type vnicx trunk 100-101
t_is "a bridge's VLANs on a trunk leave the filter to the trunk's" 2 added
inside vm bridge vlan del dev v1 vid 100
t_is "a VLAN of a trunk that a bridge gives up stays in the filter" 2 added
ip -n vm link set v1 type vnicx vlan off
t_is "a bridge's VLANs on a vNIC that left its trunk are in the filter" $((room - 1)) added
ip -n vm link set v1 nomaster
t_is "a bridge that gives up a vNIC leaves no VLAN in the filter" 0 added
ip -n vm link set v1 type vnicx vlan 20
batch "netns delete vm"
t "a namespace that goes with its vNIC leaves no VLAN in the filter" until_ok 10 is_now 0 added
rmmod vnicx_test_adapter
