#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# ipguard: a vNIC speaks as the addresses of its list only, and with ipguard-in
# it hears only what is for them.
# kernels: uml
# timeout: 300
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"
# shellcheck source=helpers/guarded.sh
. "${0%/*}/helpers/guarded.sh"

no_ipv6
lan_setup
ns c1 c2
vnic v1 c1 ipguard static allowed-ips set 192.0.2.11 198.51.100.0/24 fe80::1 2001:db8:1::/64
vnic v2 c2
all="c2/v2 host/eth0 lan/eth0"
from_device c1/v1
OWN=${vnic_mac[v1]} NONE=00:00:00:00:00:00 B=192.0.2.12 M6=ff02::1

sources() {
	passes "ipguard lets an address of the list pass" "$all" ip4 192.0.2.11 $B 253
	drops "ipguard drops a neighbour's address" tx_ip_spoofed ip4 $B 192.0.2.11 253
	drops "ipguard drops the address one below" tx_ip_spoofed ip4 192.0.2.10 $B 253
	passes "ipguard lets the first address of a prefix pass" "$all" ip4 198.51.100.0 $B 253
	passes "ipguard lets the last address of a prefix pass" "$all" ip4 198.51.100.255 $B 253
	drops "ipguard drops the address behind a prefix" tx_ip_spoofed ip4 198.51.101.0 $B 253
	drops "ipguard drops a neighbour's address behind a tag" tx_ip_spoofed tag 5 ip4 $B 192.0.2.11 253
	drops "ipguard drops a neighbour's address in a later fragment" tx_ip_spoofed frag4 $B 192.0.2.11 17 2001 pad 8
	drops "ipguard drops a neighbour's address in LLC/SNAP" tx_undetermined snap ip4 $B 192.0.2.11 253
	drops "ipguard drops a truncated IPv4 header" tx_undetermined type 800 pad 19
	passes "ipguard lets an IPv6 address of the list pass" "$all" ip6 fe80::1 $M6 59
	passes "ipguard lets an address of an IPv6 prefix pass" "$all" ip6 2001:db8:1::ffff:1 $M6 59
	drops "ipguard drops the address behind an IPv6 prefix" tx_ip_spoofed ip6 2001:db8:1:1:: $M6 59
	drops "ipguard drops another link-local address" tx_ip_spoofed ip6 fe80::2 $M6 59
	passes "ipguard lets other protocols pass" "$all" type 88b5 pad 40
}

neighbours() {
	passes "ipguard lets ARP of an allowed address pass" "$all" type 806 arp 2 "$OWN" 192.0.2.11 "$OWN" $B
	drops "ipguard drops an ARP reply for a neighbour" tx_ip_spoofed type 806 arp 2 "$OWN" $B "$OWN" 192.0.2.11
	drops "ipguard drops a gratuitous ARP for a neighbour" tx_ip_spoofed type 806 arp 1 "$OWN" $B $NONE $B
	passes "ipguard lets an ARP probe for an allowed address pass" "$all" \
		type 806 arp 1 "$OWN" 0.0.0.0 $NONE 192.0.2.11
	drops "ipguard drops an ARP probe for a neighbour's address" tx_ip_spoofed type 806 arp 1 "$OWN" 0.0.0.0 $NONE $B
	drops "ipguard drops an ARP reply of nobody" tx_ip_spoofed type 806 arp 2 "$OWN" 0.0.0.0 "$OWN" 192.0.2.11
	drops "ipguard drops an ARP header that ends early" tx_undetermined type 806 pad 27
	passes "ipguard lets RARP of a moved machine pass" "$all" type 8035 arp 3 "$OWN" 0.0.0.0 "$OWN" 0.0.0.0
	passes "ipguard lets an advertisement of an allowed address pass" "$all" \
		ip6 fe80::1 $M6 58 icmp 136 addr 2001:db8:1::5
	drops "ipguard drops an advertisement of a neighbour's address" tx_ip_spoofed \
		ip6 fe80::1 $M6 58 icmp 136 addr 2001:db8:2::5
	passes "ipguard lets a solicitation of a neighbour pass" "$all" ip6 fe80::1 $M6 58 icmp 135 addr 2001:db8:2::5
	drops "ipguard drops an ND option of length 0" tx_undetermined ip6 fe80::1 $M6 58 icmp 136 addr 2001:db8:1::5 pad 8
}

nobody() {
	passes "ipguard lets a DHCP discover of nobody pass" "$all" \
		ip4 0.0.0.0 255.255.255.255 17 udp 67 bootp 1 "$OWN"
	drops "ipguard drops other UDP of nobody" tx_ip_spoofed ip4 0.0.0.0 255.255.255.255 17 udp 53
	drops "ipguard drops a later fragment of nobody" tx_ip_spoofed frag4 0.0.0.0 255.255.255.255 17 2001 pad 8
	passes "ipguard lets a router solicitation of nobody pass" "$all" ip6 :: $M6 58 icmp 133
	passes "ipguard lets an MLD report of nobody pass" "$all" ip6 :: $M6 0 ext 58 icmp 143
	passes "ipguard lets nobody ask for an allowed address" "$all" ip6 :: $M6 58 icmp 135 addr fe80::1
	drops "ipguard lets nobody ask for a neighbour's address" tx_ip_spoofed ip6 :: $M6 58 icmp 135 addr fe80::2
	drops "ipguard drops an echo request of nobody" tx_ip_spoofed ip6 :: $M6 58 icmp 128
}

# A checksum that is stored in the place of an address would be that address.
checksums() {
	drops "a checksum in the place of an IPv4 source is dropped" tx_undetermined -c 20.8 -- ip4 192.0.2.11 $B 253 pad 40
	drops "a checksum in the place of an ARP sender is dropped" tx_undetermined \
		-c 20.10 -- type 806 arp 2 "$OWN" 192.0.2.11 "$OWN" $B pad 20
	passes "a checksum behind the addresses passes" "$all" -c 34.16 -- ip4 192.0.2.11 $B 6 pad 40
}

ways() {
	drops "ipguard drops a neighbour's address past the queueing discipline" tx_ip_spoofed -b -- ip4 $B 192.0.2.11 253
	drops "ipguard drops a neighbour's address in pages" tx_ip_spoofed -r -- ip4 $B 192.0.2.11 253
	passes "ipguard lets an allowed address in pages pass" "$all" -r -- ip4 192.0.2.11 $B 253 pad 100
	if craft -c 34.6 -g 5.536 c1/v1 ip4 192.0.2.11 $B 17 udp 53 pad 1200 >/dev/null 2>&1; then
		drops "ipguard drops a neighbour's address in a super-frame" tx_ip_spoofed \
			-c 34.6 -g 5.536 -- ip4 $B 192.0.2.11 17 udp 53 pad 1200
		passes "ipguard lets an allowed address in a super-frame pass" c2/v2 \
			-c 34.6 -g 5.536 -- to "${vnic_mac[v2]}" ip4 192.0.2.11 $B 17 udp 53 pad 1200
	else
		skip "ipguard drops a neighbour's address in a super-frame" "packet sockets of this kernel send none"
	fi
	t "a vNIC with ipguard has a stack that talks" pings c1 192.0.2.12
	ip -n c1 address add 192.0.2.99/24 dev v1
	t_fails "a stack with another address gets no answer" '' inside c1 ping -n -q -c 1 -W 1 -I 192.0.2.99 192.0.2.12
}

# at_receiver DESCRIPTION RECEIVERS COUNTERS SENDER [OPTION... --] WORD...: counters of
# v3, which hears only what is for its list
at_receiver() {
	from_device "$4"
	crafted "$1" "$2" "$3" -w c3/v3 -- "${@:5}"
}

inwards() {
	ns c3
	vnic v3 c3 ipguard-in on allowed-ips 192.0.2.13 fe80::3
	local to=(to "${vnic_mac[v3]}") from what
	for from in c2/v2 host/eth0 lan/eth0; do
		what="what is for another address, from $from,"
		at_receiver "a packet for its address from $from reaches a vNIC" c3/v3 "nothing dropped" $from \
			"${to[@]}" ip4 $B 192.0.2.13 253
		at_receiver "ipguard-in drops $what" '' "rx_ip 1" $from "${to[@]}" ip4 $B 192.0.2.14 253
		at_receiver "ipguard-in drops, of IPv6, $what" '' "rx_ip 1" $from "${to[@]}" ip6 fe80::2 fe80::4 59
		at_receiver "a packet for its IPv6 address from $from reaches a vNIC" c3/v3 "nothing dropped" $from \
			"${to[@]}" ip6 fe80::2 fe80::3 59
	done
	from_device host/eth0
	crafted "ipguard-in drops a packet in a broadcast frame at one of three vNICs" "c1/v1 c2/v2 lan/eth0" "rx_ip 1" \
		-w c3/v3 -- ip4 $B 192.0.2.14 253
	crafted "ipguard-in lets multicast and broadcast packets pass" "c1/v1 c2/v2 c3/v3 lan/eth0" "nothing dropped" \
		-w c3/v3 -- ip4 $B 224.0.0.1 253
	crafted "ipguard-in lets ARP pass" "c1/v1 c2/v2 c3/v3 lan/eth0" "nothing dropped" \
		-w c3/v3 -- type 806 arp 1 "$OWN" $B $NONE 192.0.2.14
	crafted "ipguard-in drops a truncated packet" "c1/v1 c2/v2 lan/eth0" "rx_ip 1" -w c3/v3 -- type 800 pad 19
	from_device lan/eth0
	crafted "ipguard-in drops a packet of the wire in a broadcast frame" "c1/v1 c2/v2 host/eth0" "rx_ip 1" \
		-w c3/v3 -- ip4 $B 192.0.2.14 253
}

sources
neighbours
nobody
checksums
ways
inwards
