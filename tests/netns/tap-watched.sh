#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# kernels: uml uml-smp 6.1
#
# Captures, rules and a VLAN device see the frames for a vNIC with a character
# device, though they need not pass the stack.
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"
# shellcheck source=helpers/taps.sh
. "${0%/*}/helpers/taps.sh"

through=(open a ta open b tb send a "$B" "$A" 88b5 60 recv b)
arrives="0, 0, 70, 60 to $B 88b5" lost="0, 0, 70, EAGAIN"

# captured: one frame that comes to tb
captured() {
	inside host timeout 10 tcpdump -Z root -i tb -Q in -c 1 -w /tmp/seen ether proto 0x88b5 2>/tmp/capture &
	until_ok 10 grep -q listening /tmp/capture
	inside host tap "${through[@]}" >/dev/null
	wait $!
}

no_ipv6
lan_setup
taps_setup
taps "a frame arrives without watchers" "$arrives" "${through[@]}"
t "a capture sees a frame that arrives" captured
inside host nft "add table netdev t; add chain netdev t c { type filter hook ingress device tb priority 0; }; \
	add rule netdev t c ether type 0x88b5 drop"
taps "a rule of nftables stops a frame" "$lost" "${through[@]}"
inside host nft delete table netdev t
taps "a frame arrives when the rule of nftables is gone" "$arrives" "${through[@]}"
batch_tc host "qdisc add dev tb clsact" "filter add dev tb ingress matchall action drop"
taps "a filter of tc stops a frame" "$lost" "${through[@]}"
batch_tc host "qdisc delete dev tb clsact"
taps "a frame arrives when the filter of tc is gone" "$arrives" "${through[@]}"
batch_in host "link add link tb name tb.5 type vlan id 5" "link set tb.5 up"
taps "a VLAN device takes the frames of its VLAN" \
	"0, 0, 74, EAGAIN" open a ta open b tb send a $B $A 8100.5.88b5 64 recv b
t_is "a VLAN device counts the frame that it took" 1 counter host tb.5 rx_packets
taps "a VLAN device leaves the frames of other VLANs" \
	"0, 0, 74, 64 to $B 8100.6.88b5" open a ta open b tb send a $B $A 8100.6.88b5 64 recv b
