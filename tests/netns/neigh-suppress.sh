#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# kernels: uml
# timeout: 300
#
# neigh_suppress: an ARP request for an address that one vNIC alone holds goes to that
# vNIC alone, whoever asks; whenever another station may be the one to answer, it
# goes to all.
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"
# shellcheck source=helpers/guarded.sh
. "${0%/*}/helpers/guarded.sh"
# shellcheck source=helpers/vlans.sh
. "${0%/*}/helpers/vlans.sh"

NONE=00:00:00:00:00:00 OTHER=02:00:00:00:00:77

# own_mac NAMESPACE/DEVICE: of a vNIC, whose spoofchk knows no other; OTHER of others
own_mac() {
	echo "${vnic_mac[${1#*/}]:-$OTHER}"
}

# asked DESCRIPTION RECEIVERS SENDER HOLDER IP [WORD...]: who gets a request; a holder
# counts it if there is no other
asked() {
	local counters="nothing dropped"
	[ "$2" != "$4" ] || counters="neigh_suppressed 1"
	from_device "$3"
	crafted "$1" "$2" "$counters" -w "$4" -- "${@:6}" type 806 arp 1 "$(own_mac "$3")" 192.0.2.99 $NONE "$5"
}

# said DESCRIPTION RECEIVERS SENDER WORD...: the rest of an ARP packet, which v2 counts
# if it comes to v2 alone
said() {
	local counters="nothing dropped"
	[ "$2" != c2/v2 ] || counters="neigh_suppressed 1"
	from_device "$3"
	crafted "$1" "$2" "$counters" -w c2/v2 -- type 806 arp "${@:4}"
}

# change NAMESPACE/DEVICE OPTION...
change() {
	ip -n "${1%/*}" link set "${1#*/}" type vnicx "${@:2}"
}

asks() {
	asked "without neigh_suppress, a request goes to all" "c1/v1 c2/v2 host/eth0 lan/eth0" c3/v3 c2/v2 192.0.2.12
	change c3/v3 neigh_suppress on
	asked "a vNIC's request goes to the holder alone" c2/v2 c3/v3 c2/v2 192.0.2.12
	asked "the host's request goes to the holder alone" c2/v2 host/eth0 c2/v2 192.0.2.12
	asked "the wire's request goes to the holder alone" c2/v2 lan/eth0 c2/v2 192.0.2.12
	asked "a vNIC's request goes to another holder alone" c1/v1 c3/v3 c1/v1 192.0.2.11
	asked "a request for an address of a longer list goes to the holder alone" c1/v1 lan/eth0 c1/v1 203.0.113.1
	asked "a request for an address that nobody holds goes to all" \
		"c1/v1 c2/v2 host/eth0 lan/eth0" c3/v3 c2/v2 192.0.2.13
	asked "a request for an address of a shorter prefix goes to all" \
		"c1/v1 c2/v2 c3/v3 host/eth0" lan/eth0 c2/v2 198.51.100.7
	from_device c3/v3
	crafted "a request past the queueing discipline goes to the holder alone" c2/v2 "neigh_suppressed 1" \
		-b -w c2/v2 -- type 806 arp 1 "${vnic_mac[v3]}" 192.0.2.99 $NONE 192.0.2.12
	crafted "a request in pages goes to the holder alone" c2/v2 "neigh_suppressed 1" \
		-r -w c2/v2 -- type 806 arp 1 "${vnic_mac[v3]}" 192.0.2.99 $NONE 192.0.2.12
	from_device lan/eth0
	crafted "a request that ends early goes to all" "c1/v1 c2/v2 c3/v3 host/eth0" "nothing dropped" \
		-w c2/v2 -- type 806 pad 27
	crafted "an IPv4 broadcast goes to all" "c1/v1 c2/v2 c3/v3 host/eth0" "nothing dropped" \
		-w c2/v2 -- ip4 192.0.2.99 192.0.2.12 253
}

# All but requests; and who defends its address
says() {
	said "a probe goes to the holder, which defends its address" c2/v2 c3/v3 1 "${vnic_mac[v3]}" 0.0.0.0 $NONE 192.0.2.12
	said "a probe of the wire goes to the holder" c2/v2 lan/eth0 1 $OTHER 0.0.0.0 $NONE 192.0.2.12
	said "a holder's own probe goes to all" "c1/v1 c3/v3 host/eth0 lan/eth0" c2/v2 \
		1 "${vnic_mac[v2]}" 0.0.0.0 $NONE 192.0.2.12
	said "a holder's announcement goes to all" "c1/v1 c3/v3 host/eth0 lan/eth0" c2/v2 \
		1 "${vnic_mac[v2]}" 192.0.2.12 $NONE 192.0.2.12
	said "an announcement of the wire goes to all" "c1/v1 c2/v2 c3/v3 host/eth0" lan/eth0 \
		1 $OTHER 192.0.2.12 $NONE 192.0.2.12
	said "a broadcast reply goes to all" "c1/v1 c2/v2 host/eth0 lan/eth0" c3/v3 \
		2 "${vnic_mac[v3]}" 192.0.2.99 $OTHER 192.0.2.12
	t "a vNIC finds the holder" pings c3 192.0.2.12
	t "the wire finds the holder" pings lan 192.0.2.12
	t "the holder finds the wire" pings c2 192.0.2.1
	t_fails "a station that probes for the holder's address learns that it is in use" '' \
		inside c3 arping -q -D -c 2 -w 3 -I v3 192.0.2.12
}

# The address changes hands.
moves() {
	change c2/v2 allowed-ips del 192.0.2.112
	asked "a request for an address that was taken away goes to all" \
		"c1/v1 c2/v2 host/eth0 lan/eth0" c3/v3 c2/v2 192.0.2.112
	change c1/v1 allowed-ips add 192.0.2.112
	asked "a request for an address that was given to another goes there alone" c1/v1 c3/v3 c1/v1 192.0.2.112
	change c2/v2 allowed-ips add 192.0.2.112
	asked "a request for an address that two hold goes to all" \
		"c1/v1 c2/v2 host/eth0 lan/eth0" c3/v3 c2/v2 192.0.2.112
	change c1/v1 allowed-ips del 192.0.2.112
	asked "a request for an address that one of two gave up goes to the other alone" c2/v2 c3/v3 c2/v2 192.0.2.112
	change c2/v2 ipguard off
	asked "a request for an address of a list without ipguard goes to all" \
		"c1/v1 c2/v2 host/eth0 lan/eth0" c3/v3 c2/v2 192.0.2.112
	change c2/v2 ipguard static
	asked "a request goes to the holder alone when it has ipguard again" c2/v2 c3/v3 c2/v2 192.0.2.112
}

# The holder is not there, or not for everybody.
reach() {
	ip -n c2 link set v2 down
	asked "a request for an address of a vNIC that is down goes to all" \
		"c1/v1 host/eth0 lan/eth0" c3/v3 c1/v1 192.0.2.112
	ip -n c2 link set v2 up
	asked "a request goes to the holder alone when it is up again" c2/v2 c3/v3 c2/v2 192.0.2.112
	change c2/v2 state disable
	asked "a request for an address of a disabled vNIC goes to all others" \
		"c1/v1 host/eth0 lan/eth0" c3/v3 c2/v2 192.0.2.112
	change c2/v2 state auto isolated on
	change c3/v3 isolated on
	asked "an isolated vNIC's request for another's address goes to all but that one" \
		"c1/v1 host/eth0 lan/eth0" c3/v3 c2/v2 192.0.2.112
	asked "a request for an isolated vNIC's address goes there alone" c2/v2 lan/eth0 c2/v2 192.0.2.112
	change c3/v3 isolated off
	change c2/v2 isolated off mode private
	asked "a vNIC's request for the address of one in private mode goes to all but that one" \
		"c1/v1 host/eth0 lan/eth0" c3/v3 c2/v2 192.0.2.112
	asked "the wire's request for the address of a vNIC in private mode goes there alone" \
		c2/v2 lan/eth0 c2/v2 192.0.2.112
	local name
	for name in c1/v1 c2/v2 c3/v3; do
		change $name mode vepa
	done
	lan_reflects
	from_device c3/v3
	crafted "a request that the wire sends back goes to the holder alone" "c2/v2 lan/eth0" "neigh_suppressed 1" \
		-w c2/v2 -- type 806 arp 1 "${vnic_mac[v3]}" 192.0.2.99 $NONE 192.0.2.112
	lan_absorbs
	for name in c1/v1 c2/v2 c3/v3; do
		change $name mode bridge
	done
}

vlans() {
	station 10
	ns c5 c6 c7 c8
	vnic a5 c5 vlan 10 ipguard static allowed-ips 192.0.2.50
	vnic a6 c6 vlan 10
	vnic b7 c7 vlan 20
	vnic t8 c8 trunk 10,20 ipguard static allowed-ips 192.0.2.60
	asked "a request in the holder's VLAN goes to the holder alone" c5/a5 c6/a6 c5/a5 192.0.2.50
	asked "the wire's request in the holder's VLAN goes to the holder alone" c5/a5 lan/eth0.10 c5/a5 192.0.2.50
	asked "a request by its tag goes to the holder alone" c5/a5 c3/v3 c5/a5 192.0.2.50 tag 10
	asked "a request in another VLAN than the holder's goes to all" \
		"c1/v1 c2/v2 c3/v3 c8/t8 host/eth0 lan/eth0" c7/b7 c5/a5 192.0.2.50
	asked "a request in a VLAN of the holder's trunk goes to the holder alone" c8/t8 c7/b7 c8/t8 192.0.2.60
	asked "a request in a VLAN, for the address of a vNIC that has none, goes to all" \
		"c1/v1 c2/v2 c3/v3 c5/a5 c8/t8 host/eth0 lan/eth0.10" c6/a6 c2/v2 192.0.2.112
	change c7/b7 ipguard static allowed-ips 192.0.2.50
	asked "a holder in another VLAN does not count" c5/a5 c6/a6 c5/a5 192.0.2.50
	change c8/t8 allowed-ips add 192.0.2.50
	asked "a request for an address that two hold in its VLAN goes to all" \
		"c1/v1 c2/v2 c3/v3 c5/a5 c8/t8 host/eth0 lan/eth0.10" c6/a6 c5/a5 192.0.2.50
	batch "netns delete c5" "netns delete c6" "netns delete c7" "netns delete c8"
}

gone() {
	ns c4
	batch_in c2 "link set v2 down" "link set v2 name w2" "link set w2 netns c4"
	up c4 w2 >/dev/null
	asked "a request goes to a holder with another name in another namespace" c4/w2 c3/v3 c4/w2 192.0.2.112
	ip -n c4 link set w2 address 02:00:00:00:00:12
	asked "a request goes to a holder with another MAC address" c4/w2 c3/v3 c4/w2 192.0.2.112
	ip -n c4 link delete w2
	asked "a request for an address of a vNIC that was deleted goes to all" \
		"c1/v1 host/eth0 lan/eth0" c3/v3 c1/v1 192.0.2.112
	vnic v4 c4 ipguard static allowed-ips 192.0.2.112
	asked "a request goes to a new holder alone" c4/v4 c3/v3 c4/v4 192.0.2.112
	change c1/v1 neigh_suppress off
	asked "a request goes to all when neigh_suppress is off again" \
		"c1/v1 c4/v4 host/eth0 lan/eth0" c3/v3 c1/v1 192.0.2.112
}

control() {
	t "neigh_suppress is off unless told otherwise" shows " neigh_suppress off " ip -n c1 -d link show v1
	change c1/v1 neigh_suppress on
	t "another vNIC of the switch shows neigh_suppress" shows " neigh_suppress on " ip -n c3 -d link show v3
	t "neigh_suppress is shown as JSON" shows '"neigh_suppress":true' ip -n c3 -d -j link show v3
	t_fails "a vNIC that joins others does not end neigh_suppress" \
		"neigh_suppress is on for the vNICs of eth0: change it at one of them" \
		ip -n host link add link eth0 name n1 type vnicx neigh_suppress off
	change c2/v2 neigh_suppress off
	t "neigh_suppress is off for all when one ends it" shows " neigh_suppress off " ip -n c1 -d link show v1
	ip -n host link add eth1 type dummy
	t_fails "a vNIC in passthru mode has nobody to hide requests from" \
		"a passthru vNIC has the lower device to itself" \
		ip -n host link add link eth1 name n1 type vnicx mode passthru neigh_suppress on
	ip -n host link add link eth1 name n1 type vnicx mode passthru
	t_fails "neigh_suppress is refused at a vNIC in passthru mode" "a passthru vNIC has the lower device to itself" \
		ip -n host link set n1 type vnicx neigh_suppress on
	ip -n host link delete eth1
}

no_ipv6
lan_setup
ns c1 c2 c3
vnic v1 c1 ipguard static allowed-ips 192.0.2.11 203.0.113.1 198.51.100.0/24
vnic v2 c2 ipguard static allowed-ips 192.0.2.12 192.0.2.112
vnic v3 c3
control
asks
says
moves
reach
vlans
gone
