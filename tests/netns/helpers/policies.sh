# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154,SC2034 # V2, I2 and others are the tests'; theirs is what is here
#
# Sourced by the tests that have every policy meet every way or event: policies, with
# frames that each drops, by which cause, and one that passes. The vNICs v1 and t1, of
# which one sends at a time, are 192.0.2.11 and fe80::1; v2 (V2), 192.0.2.12, hears what
# passes, and i2 (I2) is isolated.

A=192.0.2.11 B=192.0.2.12 L6=fe80::1 M6=ff02::1 OTHER=02:00:00:00:00:99
fs=/tmp/policy-programs

# mount_programs: bpf drops what is for 77.0.0.0/8
mount_programs() {
	mkdir -p $fs
	mount -t bpf bpf $fs
	bpf-pin $fs/not-to-77 match 30 77
}

declare -A policy=(
	[guards]="spoofchk on restricted on raguard on dhcpguard on dhcp-block on ipguard static"
	[edges]="isolated on bpf tx pinned $fs/not-to-77 mirror w tx"
	[access]="vlan 10"
	[qinq]="vlan 100 proto 802.1ad qos 3"
	[trunk]="trunk 10,20"
	[pvlan]="pvlan isolated 10 11"
	[disabled]="state disable"
)
declare -A undone=(
	[guards]="spoofchk auto restricted off raguard off dhcpguard off dhcp-block off ipguard off"
	[edges]="isolated off bpf tx off mirror off"
	[access]="vlan off" [qinq]="vlan off" [trunk]="vlan off" [pvlan]="vlan off"
	[disabled]="state auto"
)
# The fate of the frames below: receivers, then counters of the sender. A mirror has a copy of what another isolated vNIC is
# then kept from.
declare -A outcome=(
	[guards]="c2/v2:2, tx_spoofed 2 tx_undetermined 1 tx_restricted 1 tx_guarded_ra 1 tx_guarded_dhcp 2 tx_ip_spoofed 4"
	[edges]="c2/v2:1 host/w:2, tx_isolated 1 tx_bpf 1"
	[access]="c2/a2:1, tx_vlan 3"
	[qinq]="lan/eth0.100:1, tx_vlan 1"
	[trunk]="c2/a2:1, tx_vlan 3"
	[pvlan]="c2/p2:1, tx_vlan 2"
	[disabled]=", tx_disabled 1"
)

# frames_of POLICY MAC: words for helpers/craft.c, of the vNIC with that address
frames_of() {
	local frames=() frame
	case $1 in
	guards) frames=(
		"type 88b5 pad 46 from $OTHER"
		"type 806 arp 2 $OTHER $A $2 $B pad 18"
		"type 800 pad 19"
		"type 88cc pad 46"
		"ip6 $L6 $M6 58 icmp 134 pad 8"
		"ip4 $A 255.255.255.255 17 udp 68 bootp 2 $OTHER"
		"ip4 $A 255.255.255.255 17 udp 67 bootp 1 $2"
		"to $V2 ip4 192.0.2.99 $B 6 pad 40"
		"ip4 192.0.2.99 $B 253 pad 26"
		"ip6 fe80::99 $M6 59 pad 6"
		"type 806 arp 2 $2 192.0.2.99 $2 $B pad 18"
		"to $V2 ip4 $A $B 253 pad 40"
		"to $V2 ip6 $L6 fe80::2 6 pad 40"
	) ;;
	edges) frames=(
		"to $I2 ip4 $A $B 253 pad 26"
		"to $V2 ip4 $A 77.0.0.1 253 pad 26"
		"to $V2 ip4 $A $B 253 pad 40"
	) ;;
	access) frames=(
		"tag 20 ip4 $A $B 253 pad 26"
		"tag 10 ip4 $A $B 253 pad 26"
		"tag 0 tag 10 ip4 $A $B 253 pad 26"
		"to $A2 ip4 $A $B 253 pad 40"
	) ;;
	qinq) frames=(
		"hex 88a80064 ip4 $A $B 253 pad 26"
		"to $LAN ip4 $A $B 253 pad 40"
	) ;;
	trunk) frames=(
		"ip4 $A $B 253 pad 26"
		"tag 30 ip4 $A $B 253 pad 26"
		"tag 0 tag 30 ip4 $A $B 253 pad 26"
		"to $A2 tag 10 ip4 $A $B 253 pad 40"
	) ;;
	pvlan) frames=(
		"tag 10 ip4 $A $B 253 pad 26"
		"tag 11 ip4 $A $B 253 pad 26"
		"to $P2 ip4 $A $B 253 pad 40"
	) ;;
	disabled) frames=("to $V2 ip4 $A $B 253 pad 26") ;;
	esac
	for frame in "${frames[@]}"; do
		[ "$frame" = "${frames[0]}" ] || echo ,
		echo "from $2 $frame"
	done
}
