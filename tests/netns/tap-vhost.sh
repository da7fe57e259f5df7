#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# kernels: uml-smp 6.1
#
# vhost-net on the character device, through rings in the test's own memory as a
# virtual machine has them: frames, offloads, and ends while there is traffic.
#
# timeout: 300
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"
# shellcheck source=helpers/taps.sh
. "${0%/*}/helpers/taps.sh"

CSUM=1 TSO4=2

# rx WHERE DEVICE [FIELD]
rx() {
	counter "$1" "$2" "${3:-rx_packets}"
}

no_ipv6
lan_setup
ns vm
vnic v1 vm
taps_setup
# zero copies what it can, where that may be chosen; elsewhere it is built in
modprobe -q vhost_net experimental_zcopytx=1 || :
both=(open a ta open b tb vhost a vhost b)
ok="0, 0, 0, 0"
whole="65054 to $B 0800 gso 1448 csum 34+16 partial"

taps "two machines reach each other" "$ok, 70, 60 to $B 88b6 intact, 70, 60 to $A 88b6 intact" \
	"${both[@]}" send a $B $A 88b6 60 recv b send b $A $B 88b6 60 recv a
taps "an empty frame, one of the MTU and one with a tag pass between machines" \
	"$ok, 24, 14 to $B 88b6 intact, 1524, 1514 to $B 88b6 intact, 1528, 1518 to $B 8100.5.88b6 intact" \
	"${both[@]}" send a $B $A 88b6 14 recv b send a $B $A 88b6 1514 recv b send a $B $A 8100.5.88b6 1518 recv b
before=$(lower_counters)
taps "a frame of 64 KB passes between machines as it was sent" \
	"$ok, 65064, $whole, 65064, ${whole/$B/$A}, EAGAIN" \
	"${both[@]}" tcp a $B $A 65000 1448 recv b tcp b $A $B 65000 1448 recv a recv a
taps "a super-frame arrives in pieces at a machine that accepts none" \
	"$ok, 0, 3064, 1502 to $B 0800 whole, 1502 to $B 0800 whole, 158 to $B 0800 whole, EAGAIN" \
	"${both[@]}" ioctl b TUNSETOFFLOAD 0 tcp a $B $A 3000 1448 recv b recv b recv b recv b
taps "an unfinished checksum stays so for a machine that accepts it" \
	"$ok, 0, 154, 144 to $B 0800 csum 34+16 partial" \
	"${both[@]}" ioctl b TUNSETOFFLOAD $((CSUM | TSO4)) tcp a $B $A 90 0 recv b
t_is "no frame between machines was on the wire" "$before" lower_counters
taps "a machine without vhost-net and one with it reach each other" \
	"0, 0, 0, 65064, $whole, 65064, ${whole/$B/$A}" \
	open a ta open b tb vhost b tcp a $B $A 65000 1448 recv b tcp b $A $B 65000 1448 recv a
before=$(rx vm v1)
taps "a machine's frame to a container is accepted" \
	"0, 0, 70" open a ta vhost a send a "${vnic_mac[v1]}" $A 88b5 60
t "a container's stack receives a machine's frame" until_ok 5 is_now $((before + 1)) rx vm v1
taps "a container, the host and the wire reach a machine" \
	"0, 0, 0, 60 to $B 88b5, 0, 60 to $B 88b5, 0, 60 to $B 88b5" \
	open b tb vhost b run "frames -q -l 60 vm/v1 $B" recv b run "frames -q -l 60 host/eth0 $B" recv b \
	run "frames -q -l 60 lan/eth0 $B" recv b
before=$(rx host tb)
taps "256 frames pass between machines without a loss" "$ok, 70, 255, 256 15360" \
	"${both[@]}" send a $B $A 88b6 60 again a 255 drain b
t_is "256 frames are counted where they are received" $((before + 256)) rx host tb

batch_in host "link set ta type vnicxtap vlan 10" "link set tb type vnicxtap vlan 10"
taps "a machine's frame arrives whole and without a tag at another one of its VLAN" \
	"$ok, 1524, 1514 to $B 88b6 intact" "${both[@]}" send a $B $A 88b6 1514 recv b
taps "a frame of 64 KB passes whole between machines of a VLAN" "$ok, 65064, $whole" \
	"${both[@]}" tcp a $B $A 65000 1448 recv b
drops=$(own_counter host ta tx_vlan)
taps "a machine in a VLAN has a frame with a tag of its own dropped" \
	"$ok, 74, EAGAIN" "${both[@]}" send a $B $A 8100.10.88b6 64 recv b
t_is "a machine's frame with a tag of its own counts as tx_vlan" $((drops + 1)) own_counter host ta tx_vlan
ip -n host link set tb type vnicxtap trunk 10
taps "a machine's full frame has the VLAN's tag at a trunk" \
	"$ok, 1524, 1518 to $B 8100.10.88b6 intact" "${both[@]}" send a $B $A 88b6 1514 recv b
taps "a machine at a trunk reaches one in the VLAN by a tag, which that does not see" \
	"$ok, 1528, 1514 to $A 88b6 intact" "${both[@]}" send b $A $B 8100.10.88b6 1518 recv a
ip -n host link set tb type vnicxtap vlan off
wire_has() {
	inside host tap open a ta vhost a send a "$(mac lan eth0)" $A 88b5 60 >/dev/null
	is_now $((before + 1)) rx lan eth0.10
}
batch_in lan "link add link eth0 name eth0.10 type vlan id 10" "link set eth0.10 addrgenmode none" "link set eth0.10 up"
before=$(rx lan eth0.10)
t "a machine's frame has the VLAN's tag on the wire" wire_has
taps "a station of the VLAN reaches a machine, without a tag" "0, 0, 0, 60 to $A 88b5" \
	open a ta vhost a run "frames -q -l 60 lan/eth0.10 $A" recv a
ip -n host link set ta type vnicxtap vlan off

drops=$(rx host ta tx_dropped)
taps "frames with a header that lies, and less than a frame, are dropped" \
	"$ok, 70, 70, 70, 20, EAGAIN" "${both[@]}" vnet a 1 0 0 0 1000 0 60 vnet a 0 1 34 0 0 0 60 \
	vnet a 0 9 34 100 0 0 60 raw a 20 recv b
t_is "frames with a header that lies are drops of the sending machine" $((drops + 4)) rx host ta tx_dropped
t "headers by chance do no harm" matches "$ok, 3064, 1000/*, 70, 60 to $B 88b6 intact" \
	"$(joined_lines "${both[@]}" tcp a $B $A 3000 1448 fuzz a 1000 drain b send a $B $A 88b6 60 recv b)"
drops=$(rx host tb rx_dropped)
taps "frames that a ring has no room for are dropped" "0, 0, 0, 0, 0, 0, 70, 99" \
	run "ip link set tb txqueuelen 20" "${both[@]}" backend b - send a $B $A 88b6 60 again a 99
t_is "frames that a ring has no room for are drops of the receiving machine" \
	$((drops + 80)) rx host tb rx_dropped
ip -n host link set tb txqueuelen 500
t "a flow goes to one of two rings" matches "@(0, )@(0, )@(0, )@(0, )0, @(5 300, 0 0|0 0, 5 300)" \
	"$(joined_lines open b tb open c tb vhost b vhost c run "frames -q -n 5 -l 60 vm/v1 $B" drain b drain c)"
taps "a ring works when its device is detached and attached again" "$ok, 0, 0, 70, 60 to $B 88b6 intact" \
	"${both[@]}" backend b - backend b b send a $B $A 88b6 60 recv b

ip netns exec host tap open a ta vhost a send a $B $A 88b6 60 again a 1000000000 >/dev/null &
busy=$!
taps "rings come and go while there is traffic" "0" run "for i in 1 2 3 4 5 6 7 8; do
	tap open b tb vhost b recv b backend b - backend b b close b open b tb vhost b recv b >/dev/null; done"
t "traffic did not end while rings came and went" kill -0 $busy
taps "a machine's vNIC is deleted while there is traffic" "0, 0, 60 to $B 88b6 intact, 0, 0" \
	open b tb vhost b recv b run "ip link del tb" close b
t "traffic did not end when a machine's vNIC was deleted" kill -0 $busy
ip -n host link del ta
kill $busy
wait $busy || :

taps_setup
taps "a machine whose vNIC is gone sends into nothing and receives nothing" "$ok, 0, 0, 70, EAGAIN, 0, 0" \
	"${both[@]}" run "ip link del ta" run "ip link del tb" send a $B $A 88b6 60 recv b close a close b
taps_setup
taps "a machine whose lower device is gone sends into nothing and receives nothing" "$ok, 0, 70, EAGAIN, 0" \
	"${both[@]}" run "ip link del eth0" send a $B $A 88b6 60 recv b close b
t "the module goes when nobody uses it" rmmod vnicx_tap
