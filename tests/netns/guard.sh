#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The guards restricted, raguard, dhcpguard and dhcp-block: what a vNIC may not
# send reaches nobody, however it is wrapped up.
# kernels: uml
# timeout: 300
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"
# shellcheck source=helpers/guarded.sh
. "${0%/*}/helpers/guarded.sh"

no_ipv6
lan_setup
ns c1 c2
vnic v1 c1 restricted on raguard on dhcpguard on
vnic v2 c2
all="c2/v2 host/eth0 lan/eth0"
from_device c1/v1
A=192.0.2.11 B=192.0.2.12 L6=fe80::1 M6=ff02::1
OWN=${vnic_mac[v1]} OTHER=${vnic_mac[v2]} NONE=00:00:00:00:00:00

restricted() {
	passes "restricted lets IPv4 pass" "$all" ip4 $A $B 253 pad 8
	passes "restricted lets IPv4 behind a tag pass" "$all" tag 5 ip4 $A $B 253 pad 8
	passes "restricted lets IPv6 pass" "$all" ip6 $L6 $M6 59
	passes "restricted lets ARP pass" "$all" type 806 arp 1 "$OWN" $A $NONE $B
	passes "restricted lets RARP for the own address pass" "$all" type 8035 arp 3 "$OWN" 0.0.0.0 "$OWN" 0.0.0.0
	ip -n c1 link set v1 type vnicx spoofchk off
	drops "restricted drops RARP for another address without spoofchk" tx_restricted \
		type 8035 arp 3 "$OWN" 0.0.0.0 "$OTHER" 0.0.0.0
	ip -n c1 link set v1 type vnicx spoofchk auto
	drops "restricted drops LLDP" tx_restricted to 01:80:c2:00:00:0e type 88cc pad 40
	drops "restricted drops 802.1X" tx_restricted to 01:80:c2:00:00:03 type 888e pad 40
	drops "restricted drops PPPoE" tx_restricted type 8863 pad 40
	drops "restricted drops PPPoE behind two tags" tx_restricted tag 5 tag 6 type 8863 pad 40
	drops "restricted drops the spanning tree's frames" tx_restricted to 01:80:c2:00:00:00 type 0026 pad 40
}

raguard() {
	passes "raguard lets a router solicitation pass" "$all" ip6 $L6 $M6 58 icmp 133
	passes "raguard lets echo requests pass" "$all" ip6 $L6 $M6 58 icmp 128
	passes "raguard lets fragments of others pass" "$all" ip6 $L6 $M6 44 frag6 17 1 udp 53
	drops "raguard drops a router advertisement" tx_guarded_ra ip6 $L6 $M6 58 icmp 134 pad 8
	drops "raguard drops an IPv6 redirect" tx_guarded_ra ip6 $L6 $M6 58 icmp 137 pad 32
	drops "raguard drops an ICMP redirect" tx_guarded_ra ip4 $A $B 1 icmp 5
	drops "raguard drops an ICMP router advertisement" tx_guarded_ra ip4 $A $B 1 icmp 9
	drops "raguard drops an advertisement behind tags" tx_guarded_ra tag 0 tag 0 ip6 $L6 $M6 58 icmp 134 pad 8
	drops "raguard drops an advertisement behind an extension header" tx_guarded_ra \
		ip6 $L6 $M6 60 ext 58 icmp 134 pad 8
	drops "raguard drops an advertisement behind twelve extension headers" tx_guarded_ra \
		ip6 $L6 $M6 0 ext 60 ext 60 ext 60 ext 60 ext 60 ext 60 ext 60 ext 60 ext 60 ext 60 ext 60 ext 58 \
		icmp 134 pad 8
	drops "raguard drops an advertisement behind thirteen extension headers" tx_undetermined \
		ip6 $L6 $M6 0 ext 60 ext 60 ext 60 ext 60 ext 60 ext 60 ext 60 ext 60 ext 60 ext 60 ext 60 ext 60 \
		ext 58 icmp 134 pad 8
	drops "raguard drops an advertisement with a Fragment header" tx_guarded_ra \
		ip6 $L6 $M6 44 frag6 58 0 icmp 134 pad 8
	drops "raguard drops a neighbour solicitation in fragments" tx_guarded_ra \
		ip6 $L6 $M6 44 frag6 58 1 icmp 135 addr fe80::9
	drops "raguard drops a first fragment without its upper header" tx_undetermined \
		ip6 $L6 $M6 44 frag6 60 1 ext 58
	drops "raguard drops an advertisement in LLC/SNAP" tx_undetermined snap ip6 $L6 $M6 58 icmp 134 pad 8
	drops "raguard drops an advertisement in LLC/SNAP behind a priority tag" tx_undetermined \
		tag 0 snap ip6 $L6 $M6 58 icmp 134 pad 8
	drops "raguard drops a truncated ICMPv6 header" tx_undetermined ip6 $L6 $M6 58 pad 4
	drops "raguard drops nine tags" tx_undetermined \
		tag 1 tag 1 tag 1 tag 1 tag 1 tag 1 tag 1 tag 1 tag 1 ip6 $L6 $M6 58 icmp 128
}

dhcp() {
	passes "dhcpguard lets a DHCP discover pass" "$all" ip4 0.0.0.0 255.255.255.255 17 udp 67 bootp 1 "$OWN"
	passes "dhcpguard lets a DHCPv6 solicit pass" "$all" ip6 $L6 $M6 17 udp 547 pad 4
	drops "dhcpguard drops a DHCP offer" tx_guarded_dhcp ip4 $A 255.255.255.255 17 udp 68 bootp 2 "$OTHER"
	drops "dhcpguard drops a DHCP offer to a relay" tx_guarded_dhcp ip4 $A $B 17 udp 67 bootp 2 "$OTHER"
	drops "dhcpguard drops the first fragment of an offer" tx_guarded_dhcp frag4 $A $B 17 2000 udp 68
	drops "dhcpguard drops a DHCPv6 advertisement" tx_guarded_dhcp ip6 $L6 $M6 17 udp 546 pad 4
	drops "dhcpguard drops a discover in fragments" tx_undetermined \
		frag4 0.0.0.0 255.255.255.255 17 2000 udp 67 bootp 1 "$OWN"
	drops "dhcpguard drops a truncated UDP header" tx_undetermined ip4 $A $B 17 pad 4

	ip -n c1 link set v1 type vnicx dhcp-block on
	drops "dhcp-block drops a DHCP discover" tx_guarded_dhcp ip4 0.0.0.0 255.255.255.255 17 udp 67 bootp 1 "$OWN"
	drops "dhcp-block drops a DHCPv6 solicit" tx_guarded_dhcp ip6 $L6 $M6 17 udp 547 pad 4
	passes "dhcp-block lets DNS pass" "$all" ip4 $A $B 17 udp 53
	ip -n c1 link set v1 type vnicx dhcp-block off
	passes "dhcp-block off lets a DHCP discover pass" "$all" ip4 0.0.0.0 255.255.255.255 17 udp 67 bootp 1 "$OWN"
}

# spoofchk looks into packets, also when their source address is the vNIC's own.
claims() {
	drops "spoofchk drops ARP with a neighbour's address" tx_spoofed type 806 arp 2 "$OTHER" $A "$OWN" $B
	drops "spoofchk drops RARP for a neighbour's address" tx_spoofed type 8035 arp 3 "$OWN" 0.0.0.0 "$OTHER" 0.0.0.0
	drops "spoofchk drops a DHCP discover for a neighbour's address" tx_spoofed \
		ip4 0.0.0.0 255.255.255.255 17 udp 67 bootp 1 "$OTHER"
	drops "spoofchk drops a neighbour advertisement with a neighbour's address" tx_spoofed \
		ip6 $L6 $M6 58 icmp 136 addr $L6 opt 2 "$OTHER"
	passes "spoofchk lets a neighbour advertisement with the own address pass" "$all" \
		ip6 $L6 $M6 58 icmp 136 addr $L6 opt 2 "$OWN"
	bridge -n c1 fdb add 02:00:00:00:00:77 dev v1
	passes "spoofchk lets ARP with an address of bridge fdb add pass" "$all" \
		type 806 arp 2 02:00:00:00:00:77 $A "$OWN" $B
	bridge -n c1 fdb del 02:00:00:00:00:77 dev v1
	drops "spoofchk drops ARP with an address of bridge fdb del" tx_spoofed \
		type 806 arp 2 02:00:00:00:00:77 $A "$OWN" $B
}

# A frame's sender may want a checksum stored anywhere in it.
checksums() {
	passes "a checksum where UDP has it passes" "$all" -c 34.6 -- ip4 $A $B 17 udp 53 pad 8
	drops "a checksum in the place of a port is dropped" tx_undetermined -c 34.2 -- ip4 $A $B 17 udp 53 pad 8
	drops "a checksum in the place of ICMPv6's type is dropped" tx_undetermined \
		-c 54.0 -- ip6 $L6 $M6 58 icmp 128 pad 8
	drops "a checksum in the place of an IPv4 protocol is dropped" tx_undetermined \
		-c 20.3 -- ip4 $A $B 253 pad 20
}

# raguard_holds DESCRIPTION [OPTION...]: an advertisement is dropped on its way to
# anybody, and what is like it passes
raguard_holds() {
	local what=$1
	shift
	drops "raguard drops an advertisement $what" tx_guarded_ra "$@" -- ip6 $L6 $M6 58 icmp 134 pad 8
	passes "raguard lets an echo request pass $what" "$all" "$@" -- ip6 $L6 $M6 58 icmp 128 pad 8
}

ways() {
	raguard_holds "past the queueing discipline" -b
	raguard_holds "in pages" -r
	drops "raguard drops an advertisement to another vNIC" tx_guarded_ra to "$OTHER" ip6 $L6 fe80::2 58 icmp 134 pad 8
	passes "raguard lets an echo request to another vNIC pass" c2/v2 to "$OTHER" ip6 $L6 fe80::2 58 icmp 128
	drops "raguard drops an advertisement to the host" tx_guarded_ra \
		to "$(mac host eth0)" ip6 $L6 fe80::2 58 icmp 134 pad 8
	drops "raguard drops an advertisement to the wire" tx_guarded_ra \
		to "$(mac lan eth0)" ip6 $L6 fe80::2 58 icmp 134 pad 8
	batch_in c1 "link set v1 down" "link set v1 name w1" "link set w1 up"
	from_device c1/w1
	raguard_holds "of a vNIC with another name"
	ip -n c1 link set w1 netns c2
	from_device c2/w1
	ip -n c2 link set w1 up
	raguard_holds "of a vNIC in another namespace"
	batch_in host "link set eth0 down" "link set eth0 name lower0" "link set lower0 up"
	all="c2/v2 host/lower0 lan/eth0"
	raguard_holds "when the lower device has another name"
	batch_in host "link set lower0 down" "link set lower0 name eth0" "link set eth0 up"
	all="c2/v2 host/eth0 lan/eth0"
	batch_in c2 "link set w1 down" "link set w1 name v1" "link set v1 netns c1"
	ip -n c1 link set v1 up
	from_device c1/v1
}

# More vNICs than are copied to in the sender's context
worker() {
	local i commands=()
	for ((i = 0; i < 16; i++)); do
		commands+=("link add link eth0 name w$i type vnicx" "link set w$i up")
	done
	batch_in host "${commands[@]}"
	drops "raguard drops an advertisement before the flood worker gets it" tx_guarded_ra ip6 $L6 $M6 58 icmp 134 pad 8
	all="c2/v2 host/eth0 host/w0 host/w1 host/w10 host/w11 host/w12 host/w13 host/w14 host/w15"
	all+=" host/w2 host/w3 host/w4 host/w5 host/w6 host/w7 host/w8 host/w9 lan/eth0"
	passes "raguard lets an echo request pass to the flood worker" "$all" ip6 $L6 $M6 58 icmp 128
}

restricted
raguard
dhcp
claims
checksums
ways
worker
