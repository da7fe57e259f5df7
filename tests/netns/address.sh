#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# kernels: uml
#
# The address of a vNIC that is given none: what it depends on, and that there is
# one however many vNICs have the same name.
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"

# address_of NAME OVER: of a vNIC that is made for it, and deleted
address_of() {
	ip link add link "$2" name "$1" type vnicx
	attribute "$1" address
	ip link delete "$1"
}

# many FROM TO: makes so many vNICs that were all called net1; the addresses of all
many() {
	local n
	for ((n = $1; n < $2; n++)); do
		echo "link add link eth0 name net1 type vnicx"
		echo "link set net1 name old$n"
	done | ip -batch -
	cat /sys/class/net/old*/address
}

no_ipv6
batch "link add eth0 address 02:00:00:00:00:e0 type dummy" \
	"link add link eth0 name eth0.5 type vlan id 5" \
	"link add link eth0 name eth0.6 type vlan id 6" \
	"link add link eth0 name qinq type vlan proto 802.1ad id 5" \
	"link add link qinq name qinq.5 type vlan id 5" \
	"link add link qinq name qinq.6 type vlan id 6"
first=$(address_of net1 eth0)
t_is "vNICs of one name over one lower device have one address" "$first" address_of net1 eth0
t "vNICs of two names have two addresses" differ "$first" "$(address_of net2 eth0)"
addresses=$(for over in eth0 eth0.5 eth0.6 qinq qinq.5 qinq.6; do address_of net1 $over; done)
t_is "vNICs of one name over six devices and VLANs have six addresses" 6 eval "sort -u <<<'$addresses' | wc -l"
t_is "a vNIC over a VLAN device has the same address when it is made again" \
	"$(sed -n 2p <<<"$addresses")" address_of net1 eth0.5
ip link set eth0.5 name vlan5
t_is "a vNIC over a renamed VLAN device has the same address" \
	"$(sed -n 2p <<<"$addresses")" address_of net1 vlan5

t_is "the first of many vNICs of one name has the derived address" "$first" many 0 1
t_is "150 vNICs of one name have 150 addresses" 150 eval "many 1 150 | sort -u | wc -l"
