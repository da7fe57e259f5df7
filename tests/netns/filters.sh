#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# kernels: 6.12
# net: lan
#
# The filters of a real driver's lower device: vNICs' addresses are in them, exactly
# and no longer than needed, and the lower device is not made promiscuous.
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"

group=01:00:5e:01:02:03 nobody=02:00:00:00:00:99

[ -e /sys/class/net/eth0/device ] || {
	t "a lower device of a real driver is there (vm.sh --net lan)" false
	exit 1
}
no_ipv6
ns host vm1 vm2 crowd
ip link set eth0 netns host
up host eth0 >/dev/null
up lan eth1 1 >/dev/null
host=$(mac host eth0)

# unicast_filter, groups: what the lower device was told to receive, in order
unicast_filter() {
	inside host bridge fdb show dev eth0 | awk '$1 !~ /^(01|33)/ { print $1 }' | sort
}
groups() {
	ip -n host maddress show dev eth0 | awk '$1 == "link" { print $2, $4 }'
}
# counts: how often it was made promiscuous and was told to take every group
counts() {
	ip -n host -d -j link show eth0 | jq -r '.[0] | "\(.promiscuity) \(.allmulti)"'
}
# of_vnics [NAME...]: addresses of vNICs in order
of_vnics() {
	local name
	for name; do
		echo "${vnic_mac[$name]}"
	done | sort
}
hardware_counters() {
	inside host ethtool -S eth0 | grep -E '^ *[rt]x_(packets|bytes|broadcast|multicast):'
}

groups_before=$(groups)
t "the link comes up" until_ok 10 shows LOWER_UP ip -n host link show eth0
reaches "the lower device filters an unknown address without vNICs" "" lan/eth1 $nobody

vnic v1 vm1 trust on
vnic v2 vm2 trust on
v1=${vnic_mac[v1]}
t_is "vNICs' addresses are in the lower device's filter" "$(of_vnics v1 v2)" unicast_filter
t_is "the lower device is not promiscuous" "0 0" counts
t "the wire reaches the first vNIC" pings lan "$(ip4 v1)"
t "the wire reaches the second vNIC" pings lan "$(ip4 v2)"
t "a vNIC reaches the wire" pings vm1 192.0.2.1
reaches "the lower device's own address is received" host/eth0 lan/eth1 "$host"
reaches "an unknown address is filtered with vNICs" "" lan/eth1 $nobody
reaches "a group that nobody joined is filtered" "" lan/eth1 $group
# Not by an address, whose reports would be counted at any time hereafter.
ip -n vm1 maddress add $group dev v1
reaches "a group that a vNIC joined is received" "host/eth0 vm1/v1" lan/eth1 $group
ip -n vm1 maddress delete $group dev v1
reaches "a group that a vNIC left is filtered" "" lan/eth1 $group

t "vNICs ping each other" pings vm1 "$(ip4 v2)"
before=$(hardware_counters)
t "traffic between vNICs is whole" stream -n 4000000 vm1 vm2 "$(ip4 v2)"
t_is "traffic between vNICs moves none of the hardware's counters" "$before" hardware_counters
# Not TCP: the emulated network's third station refuses others' connections.
t "traffic to the wire is whole" stream -u -w 1400 -n 70000 vm1 lan 192.0.2.1
t "traffic from the wire is whole" stream -u -w 1400 -n 70000 lan vm1 "$(ip4 v1)"

# The emulated lower device lets every VLAN pass, so no more can be seen than this.
ip -n vm1 link add link v1 name v1.10 up type vlan id 10
reaches "a vNIC's VLAN is received" vm1/v1.10 lan/eth1 "$v1" -v 10 -l 64
ip -n vm1 link delete v1.10

batch_in vm1 "link set v1 promisc on"
batch_in vm2 "link set v2 allmulticast on"
t_is "the lower device is promiscuous and takes all groups when a vNIC does" "1 1" counts
reaches "a promiscuous vNIC receives an unknown address" "host/eth0 vm1/v1" lan/eth1 $nobody
reaches "a vNIC that takes all groups receives one that nobody joined" "host/eth0 vm1/v1 vm2/v2" lan/eth1 $group
batch_in vm1 "link set v1 down"
batch_in vm2 "link set v2 down"
t_is "the lower device is not promiscuous while its vNICs are down" "0 0" counts
t_is "the filter has no address of vNICs that are down" "" unicast_filter
batch_in vm1 "link set v1 up"
batch_in vm2 "link set v2 up"
t_is "the lower device is promiscuous again when its vNICs are up" "1 1" counts
batch_in vm1 "link set v1 promisc off"
t_is "the lower device is not promiscuous when no vNIC is" "0 1" counts
ip netns delete vm2
t "the lower device takes all groups no longer when the vNIC's namespace is deleted" \
	until_ok 5 is_now "0 0" counts
t_is "the filter lacks the address of a vNIC whose namespace was deleted" "$(of_vnics v1)" unicast_filter

crowd=()
for n in {2..15}; do
	crowd+=("link add link eth0 name c$n address 02:00:00:00:01:$n netns crowd type vnicx")
done
batch_in host "${crowd[@]}"
batch_in crowd "link set group default up"
t_is "fifteen vNICs are all in the filter" 15 eval 'unicast_filter | wc -l'
t_is "the lower device is not promiscuous with fifteen vNICs" "0 0" counts
reaches "the last of fifteen vNICs is reached from the wire" crowd/c15 lan/eth1 02:00:00:00:01:15
ip -n vm1 link delete v1
ip netns delete crowd
t "the filter is empty when all vNICs are gone" until_ok 5 is_now "" unicast_filter
t_is "the groups are as before when all vNICs are gone" "$groups_before" groups
t_is "the lower device is not promiscuous when all vNICs are gone" "0 0" counts
