#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Guards of vNICs with a character device, and in each mode.
# kernels: uml 6.1
# timeout: 300
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"
# shellcheck source=helpers/guarded.sh
. "${0%/*}/helpers/guarded.sh"

no_ipv6
lan_setup
ns vm c2 c3
silence vm c3
vnic v2 c2
B=192.0.2.12 L6=fe80::1 M6=ff02::1 T=02:00:00:00:00:0c
policy="restricted on raguard on dhcpguard on ipguard static"

# rose COUNTER COMMAND...: the command succeeds, and of a tap this counter rises by one
rose() {
	local before name=$1
	shift
	before=$(own_counter vm t1 "$name")
	"$@" >/dev/null
	is_now $((before + 1)) own_counter vm t1 "$name"
}

# bytes WORD...: a packet of the tap, see helpers/craft.c
bytes() {
	craft -x vm/t1 "$@"
}

machine() {
	# shellcheck disable=SC2086 # words
	ip -n host link add link eth0 name t1 address $T netns vm type vnicxtap $policy allowed-ips 192.0.2.13 fe80::1
	ip -n vm link set t1 addrgenmode none
	ip -n vm link set t1 up
	local send=(inside vm tap open a t1 hex a)
	t "raguard drops a virtual machine's router advertisement" \
		rose tx_guarded_ra "${send[@]}" "$(bytes ip6 $L6 $M6 58 icmp 134 pad 8)"
	t "ipguard drops a virtual machine's packet from a neighbour's address" \
		rose tx_ip_spoofed "${send[@]}" "$(bytes ip4 $B 192.0.2.1 253 pad 40)"
	t "spoofchk drops a virtual machine's ARP with a neighbour's address" \
		rose tx_spoofed "${send[@]}" "$(bytes type 806 arp 2 "${vnic_mac[v2]}" 192.0.2.13 $T $B pad 18)"
	t "restricted drops a virtual machine's LLDP" rose tx_restricted "${send[@]}" "$(bytes type 88cc pad 46)"
	t "a virtual machine's truncated packet is dropped" \
		rose tx_undetermined "${send[@]}" "$(bytes type 800 pad 19)"
	t "a checksum of a virtual machine in the place of an ICMPv6 type is dropped" rose tx_undetermined \
		tap_lies "$(bytes ip6 $L6 $M6 58 icmp 128 pad 40)" 1 0 0 0 54 0
	t "a checksum of a virtual machine in the place of an IPv4 source is dropped" rose tx_undetermined \
		tap_lies "$(bytes ip4 192.0.2.13 $B 17 udp 53 pad 40)" 1 0 0 0 20 6
	t "a super-frame of a virtual machine's DHCP messages is dropped" rose tx_undetermined \
		tap_lies "$(bytes ip4 0.0.0.0 $B 17 udp 67 bootp 1 $T bootp 1 02:00:00:00:00:0d)" 1 3 42 34 34 6
	t "a virtual machine's right packet reaches a vNIC" received "$(bytes to "${vnic_mac[v2]}" ip4 192.0.2.13 $B 253 pad 40)"
	ip -n vm link delete t1
}

# tap_lies BYTES FLAGS TYPE HDRLEN SIZE START OFFSET: the frame, which is dropped, and
# then the same behind such a header. The first counts as whatever it is.
tap_lies() {
	inside vm tap open a t1 hex a "$1" lie a "${@:2}"
}

received() {
	local before
	before=$(counter c2 v2 rx_packets)
	inside vm tap open a t1 hex a "$1"
	until_ok 5 is_now $((before + 1)) counter c2 v2 rx_packets
}

# holds MODE RECEIVERS: raguard, whatever the mode
holds() {
	drops "raguard drops an advertisement of a vNIC in $1 mode" tx_guarded_ra ip6 $L6 $M6 58 icmp 134 pad 8
	passes "raguard lets an echo request of a vNIC in $1 mode pass" "$2" ip6 $L6 $M6 58 icmp 128
}

modes() {
	local mode
	# shellcheck disable=SC2086 # words
	vnic v3 c3 $policy ipguard-in on allowed-ips fe80::1,192.0.2.13
	from_device c3/v3
	for mode in vepa private; do
		ip -n c3 link set v3 type vnicx mode $mode
		holds $mode lan/eth0
	done
	ip -n c3 link set v3 type vnicx mode source macaddr set "$(mac lan eth0)"
	holds source lan/eth0
	from_device lan/eth0
	crafted "ipguard-in drops what is for another address in source mode" "c2/v2 host/eth0" "rx_ip 1" -w c3/v3 -- \
		ip4 $B 192.0.2.14 253
	crafted "ipguard-in lets a packet for its address pass in source mode" "c2/v2 c3/v3 host/eth0" \
		"nothing dropped" -w c3/v3 -- ip4 $B 192.0.2.13 253
	ip -n c3 link delete v3

	ip link add eth1 netns host address 02:00:00:00:00:e1 type veth peer name eth1 netns lan
	up host eth1 >/dev/null
	up lan eth1 >/dev/null
	# shellcheck disable=SC2086 # words
	ip -n host link add link eth1 name p1 netns c3 type vnicx mode passthru $policy ipguard-in on allowed-ips fe80::1
	ip -n c3 link set p1 addrgenmode none
	ip -n c3 link set p1 up
	from_device c3/p1
	holds passthru lan/eth1
	from_device lan/eth1
	crafted "ipguard-in drops what is for another address in passthru mode" "" "rx_ip 1" -w c3/p1 -- \
		to 02:00:00:00:00:e1 ip6 fe80::2 fe80::4 59
	crafted "ipguard-in lets a packet for its address pass in passthru mode" c3/p1 "nothing dropped" -w c3/p1 -- \
		to 02:00:00:00:00:e1 ip6 fe80::2 fe80::1 59
	ip -n c3 link delete p1
}

machine
modes
