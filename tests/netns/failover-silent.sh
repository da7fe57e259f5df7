#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# After a bond has changed to its other wire, the physical switch knows where every
# vNIC is, also one that never says a word: both wires stay up, so it would send
# to the old one for minutes.
# kernels: uml
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"

# learned ADDRESS [VLAN]: the ports by which the switch reaches it
learned() {
	bridge -n lan -j fdb show br switch | jq -r --arg mac "$1" --argjson vlan "${2:-null}" '[.[] | select(.mac == $mac and
		(.flags | index("self") | not) and (.vlan // null) == $vlan) | .ifname] | join(" ")'
}

# announces DESCRIPTION PORT ADDRESS [VLAN]: the switch knows it there, soon
announces() {
	t "$1" until_ok 5 is_now "$2" learned "${@:3}"
}

# switch_over WIRE
switch_over() {
	ip -n host link set bond type bond active_slave "$1"
}

no_ipv6
ns host lan vm1 vm2
# Of its own accord, IPv6 reports its groups anew.
for where in vm1 vm2; do
	inside $where sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
done
batch "link add eth0 netns host type veth peer name port0 netns lan" \
	"link add eth1 netns host type veth peer name port1 netns lan"
batch_in lan "link add switch type bridge vlan_filtering 1 vlan_default_pvid 0 mcast_snooping 0" \
	"link set port0 master switch up" "link set port1 master switch up" \
	"link set switch up" "link add station type veth peer name port2" \
	"link set port2 master switch up" "link set station up"
for port in port0 port1 port2; do
	printf 'vlan add vid 1 pvid untagged dev %s\nvlan add vid 7 dev %s\n' $port $port
done | bridge -n lan -batch -
batch_in host "link add bond type bond mode active-backup miimon 50" \
	"link set eth0 master bond" "link set eth1 master bond" "link set bond addrgenmode none" "link set bond up" \
	"link add link bond name silent netns vm1 address 02:00:00:00:00:11 type vnicx trust on" \
	"link add link bond name guest netns vm2 address 02:00:00:00:00:12 type vnicxtap" \
	"link add link bond name idle netns vm2 address 02:00:00:00:00:13 type vnicx" \
	"link add link bond name private netns vm2 address 02:00:00:00:00:14 type vnicx mode private"
batch_in vm1 "link set silent addrgenmode none" "link set silent up" \
	"link add link silent name claimed address 02:00:00:00:00:22 type macvlan mode private" \
	"link set claimed addrgenmode none" "link set claimed up"
batch_in vm2 "link set guest addrgenmode none" "link set guest up" "link set private addrgenmode none" "link set private up" \
	"link set idle addrgenmode none"
bridge -n vm1 fdb add 02:00:00:00:00:21 dev silent
bridge -n vm1 fdb add 02:00:00:00:00:23 dev silent vlan 7

for port in port0 port1; do
	until_ok 5 is_now 3 inside lan cat /sys/class/net/$port/brport/state
done
t_is "a vNIC that sends nothing is unknown to the switch" "" learned 02:00:00:00:00:11 1
switch_over eth1
announces "a silent vNIC is announced at the other wire after a change to it" port1 02:00:00:00:00:11 1
announces "a virtual machine's vNIC is announced" port1 02:00:00:00:00:12 1
announces "an address that was added to a vNIC is announced" port1 02:00:00:00:00:21 1
announces "an address that was added for a VLAN is announced in that VLAN" port1 02:00:00:00:00:23 7
announces "an address of a device on a vNIC is announced" port1 02:00:00:00:00:22 1
announces "a vNIC in private mode is announced" port1 02:00:00:00:00:14 1
t_is "a vNIC that is down is not announced" "" learned 02:00:00:00:00:13 1
t_is "an address that was added for a VLAN is announced in no other" "" learned 02:00:00:00:00:23 1
reaches "a station reaches a silent vNIC without flooding" vm1/silent \
	lan/station 02:00:00:00:00:11
reaches "a station reaches a virtual machine without flooding" vm2/guest lan/station 02:00:00:00:00:12

# Each has its portion of the time, and none of a lower device's queue.
ip -n vm1 link delete claimed
for ((n = 0; n < 250; n++)); do
	printf 'fdb add 02:00:00:00:01:%02x dev silent\n' $n
done | bridge -n vm1 -batch -
known() {
	bridge -n lan -j fdb show br switch | jq --arg port "$1" '[.[] | select(.ifname == $port and
		(.mac | startswith("02:00:00:00:01")))] | length'
}
switch_over eth0
t "all of a vNIC's 250 addresses are announced" until_ok 5 is_now 250 known port0
switch_over eth1
switch_over eth0
switch_over eth1
t "all of 250 addresses are announced at the last wire of several changes" until_ok 5 is_now 250 known port1

batch_in host "link add link bond name gone type vnicx" "link set gone up"
switch_over eth0
t "vNICs can be deleted while they are announced" \
	eval "ip -n host link delete gone; ip netns delete vm1; ip netns delete vm2"
ip -n host link delete bond
