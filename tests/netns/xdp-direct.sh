#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# kernels: uml-smp 6.1 6.12
# cpus: 2
#
# Frames between zero-copy AF_XDP sockets of two vNICs go without an skb where nothing
# needs one. Where a policy has something to do with them, it does it.
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"

no_ipv6
lan_setup
ns c1 c2
vnic v1 c1
vnic v2 c2

# pair COUNT OPTION...: how many frames come, and how many of them without an skb
pair() {
	local count=$1 before
	shift
	before=$(own_counter c1 v1 xsk_direct)
	printf '%s, ' "$(xsk-pair -x -z -n "$count" "$@" c1/v1 c2/v2)"
	echo "$(($(own_counter c1 v1 xsk_direct) - before)) direct"
}
sent=$(counter c1 v1 tx_packets) got=$(counter c2 v2 rx_packets)
t_is "300 IPv4 packets go without an skb" "300, 300 direct" pair 300 -t 0800
t_is "a packet without an skb is counted as transmitted" $((sent + 300)) counter c1 v1 tx_packets
t_is "a packet without an skb is counted as received" $((got + 300)) counter c2 v2 rx_packets
t_is "full frames go without an skb" "300, 300 direct" pair 300 -t 0800 -l 1514
# The third frame, as an skb, has the receiver's NAPI instance scheduled: those behind it wait, too.
t_is "frames of 60, 60, 44, 60 and 60 bytes at once: 5 arrive in order, 2 of them without an skb" "5, 2 direct" \
	pair 5 -t 0800 -a
t "frames that do and do not need an skb stay in order" shows "300, " pair 300 -t 0800 -a
t "3000 frames arrive in order when one of 41 needs an skb" shows "3000, " pair 3000 -t 0800 -i 41
t_is "a receiver that takes nothing gets what it has room for without an skb" "256, 256 direct" pair 600 -t 0800 -s
# QEMU's CPUs are slower, and take turns.
attempts=200000
[ "$VNICX_KERNEL" = uml-smp ] || attempts=20000
t_is "no frame whose sender changes its source meanwhile gets past spoofchk" "0 forged, some whole" \
	xsk-forge $attempts c1/v1 c2/v2
# Kernels differ in how they give out the receiver's memory, but not in policies.
[ "$VNICX_KERNEL" = uml-smp ] || exit 0
t_is "frames of another protocol than IP go without an skb" "60, 60 direct" pair 60
t_is "ARP takes the look of spoofchk" "0, 0 direct" pair 60 -p 1 -t 0806

# under WHAT EXPECTED VNIC POLICY UNDONE [OPTION...]: while the vNIC has that policy
under() {
	local what=$1 expected=$2 set=(-n "c${3#v}" link set "$3" type vnicx) undone=$5
	# shellcheck disable=SC2206 # words of a command
	local policy=($4)
	shift 5
	ip "${set[@]}" "${policy[@]}"
	t_is "60 packets meet $what: $expected" "$expected" pair 60 -t 0800 -p 1 "$@"
	# shellcheck disable=SC2086 # words of a command
	ip "${set[@]}" $undone
}
none="0, 0 direct" skbs="60, 0 direct"
t_is "packets from another address meet spoofchk" "$none" pair 60 -t 0800 -p 1 -f 02:00:00:00:00:77
under "spoofchk that is off" "60, 60 direct" v1 "spoofchk off" "spoofchk auto" -f 02:00:00:00:00:77
under "a sender without a link" "$none" v1 "state disable" "state auto"
under "a receiver without a link" "$none" v2 "state disable" "state auto"
under "a sender in mode private" "$none" v1 "mode private" "mode bridge"
under "a receiver in mode vepa" "$none" v2 "mode vepa" "mode bridge"
under "an isolated sender" "60, 60 direct" v1 "isolated on" "isolated on"
under "isolated vNICs" "$none" v2 "isolated on" "isolated off"
ip -n c1 link set v1 type vnicx isolated off
under "the receiver's VLAN" "$none" v2 "vlan 10" "vlan 10"
under "the VLAN of both" "$skbs" v1 "vlan 10" "vlan off"
ip -n c2 link set v2 type vnicx vlan off
under "the sender's rate" "$skbs" v1 "max_tx_rate 1gbit" "max_tx_rate off"
under "the receiver's rate" "$skbs" v2 "max_rx_rate 1gbit" "max_rx_rate off"
under "a router advertisement's guard" "$skbs" v1 "raguard on" "raguard off"
vnic w host
ip -n c1 link set v1 type vnicx mirror w
t_is "60 packets meet the sender's mirror: $skbs" "$skbs" pair 60 -t 0800
ip -n c1 link set v1 type vnicx mirror off
t_is "a mirror gets each of 60 packets" 60 counter host w rx_packets
ip -n c2 link set v2 mtu 1000
t_is "packets that are too long for the receiver do not reach it" "$none" pair 60 -t 0800 -p 1 -l 1514
ip -n c2 link set v2 mtu 1500
vnic v3 host ipguard dhcp
t_is "60 packets go without an skb while another vNIC has leases" "60, 60 direct" pair 60 -t 0800
under "leases of another vNIC, and may be Neighbour Discovery" "$skbs" v1 "spoofchk off" "spoofchk auto" -t 86dd
ip -n host link del v3
under "no leases, and may be Neighbour Discovery" "60, 60 direct" v1 "spoofchk off" "spoofchk auto" -t 86dd
t_is "packets go without an skb when all policies are off" "60, 60 direct" pair 60 -t 0800
