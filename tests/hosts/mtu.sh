#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# An overlay's MTU over underlays of 9000 and of 1500, and over one that is too small: vNICs
# are told of it; verified traffic with a virtual machine through VXLAN. That of vNICs, with
# offloads, losses, VLANs and policies, is path=overlay of the traffic matrix.
# timeout: 400
# shellcheck source=fabric.sh
. "${0%/*}/fabric.sh"

hosts=(h1 h2)

# overlay VNI: the segment on both hosts, by lists of hosts
overlay() {
	segment h1 "$1" learning
	segment h2 "$1" learning
	bridge -n h1 fdb append 00:00:00:00:00:00 dev "vxlan$1" dst "$(underlay_of h2)"
	bridge -n h2 fdb append 00:00:00:00:00:00 dev "vxlan$1" dst "$(underlay_of h1)"
}

# says MTU FROM ADDRESS: a packet of the underlay's MTU that may not be cut is answered by
# that MTU
says() {
	local header=28 out
	[[ $3 != *:* ]] || header=48
	# it fails, as nobody answers
	out=$(inside "$2" ping -n -M "do" -c 2 -i 0.2 -W 1 -s $((underlay_mtu - header)) "$3" 2>&1 || :)
	[[ $out =~ mtu[\ =:]+$1 ]] || {
		echo "$out"
		return 1
	}
}

passes() {
	local header=28
	[[ $3 != *:* ]] || header=48
	inside "$2" ping -n -q -M "do" -c 1 -W 5 -s $(($1 - header)) "$3"
}

# super_frames: the stream is whole, and the underlay's device has it in few frames
super_frames() {
	local bytes frames
	bytes=$(counter h1 eth0 tx_bytes) frames=$(counter h1 eth0 tx_packets)
	stream -n 8000000 "a$vni" "b$vni" 192.0.2.21
	bytes=$(($(counter h1 eth0 tx_bytes) - bytes)) frames=$(($(counter h1 eth0 tx_packets) - frames))
	echo "$bytes bytes in $frames frames"
	[ $((bytes / frames)) -gt 3000 ]
}

fabric 9000
for underlay_mtu in 9000 1500; do
	mtu=$((underlay_mtu - 50)) vni=$((underlay_mtu / 100))
	if [ $underlay_mtu = 1500 ]; then
		ip -n under link set br0 mtu 1500
		for host in "${hosts[@]}"; do
			ip -n under link set "$host" mtu 1500
			ip -n "$host" link set eth0 mtu 1500
		done
	fi
	overlay "$vni"
	station "a$vni" h1 "$vni" 11
	station "b$vni" h2 "$vni" 21
	t "a vNIC over an underlay of $underlay_mtu reaches the other host" until_ok 10 pings "a$vni" 192.0.2.21
	t_is "a vNIC over an underlay of $underlay_mtu has an MTU of $mtu" $mtu inside "a$vni" cat /sys/class/net/v0/mtu
	t_fails "a vNIC over an underlay of $underlay_mtu cannot have that MTU" "MTU|mtu" \
		ip -n "a$vni" link set v0 mtu $underlay_mtu
	for to in 192.0.2.21 2001:db8::21; do
		t "a packet of $mtu bytes reaches $to uncut" passes $mtu "a$vni" $to
	done
	machine "g$vni" h2 "$vni" 22
	t "traffic from a vNIC to a virtual machine over an underlay of $underlay_mtu is whole" \
		whole "a$vni/v0/11" "g$vni/tun0/22" -x neighbours
	# Each fragment fills its pages: skb_try_coalesce() warns if the room for VXLAN's headers is not
	# in a frame's truesize.
	[ $underlay_mtu = 1500 ] || {
		ip -n "g$vni" link set tun0 mtu 8192
		t "fragments of a virtual machine that fill whole pages arrive" \
			inside "g$vni" ping -n -q -c 2 -i 0.2 -W 5 -s 24000 2001:db8::11
	}
done

t "TCP leaves a host in frames of more than 3000 bytes" super_frames

# An overlay whose MTU the underlay cannot carry
beyond=50
overlay 300
station a300 h1 300 11
station b300 h2 300 21
t "a vNIC of an overlay that is too large reaches the other host" until_ok 10 pings a300 192.0.2.21
t_is "a vNIC of an overlay that is too large has its MTU" 1500 inside a300 cat /sys/class/net/v0/mtu
t "a vNIC that sends too long an IPv4 packet is told 1450" until_ok 10 says 1450 a300 192.0.2.21
t "a vNIC that sends too long an IPv6 packet is told 1450" until_ok 10 says 1450 a300 2001:db8::21
t "TCP by IPv4 gets through an overlay that is too large" stream -n 300000 a300 b300 192.0.2.21
t "TCP by IPv6 gets through an overlay that is too large" stream -n 300000 a300 b300 2001:db8::21
