#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# kernels: uml 6.1 6.12
#
# XDP programs of a vNIC, native ones, decide on the frames for it, whoever brings these,
# behind the policy and before the stack.
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"
# shellcheck source=helpers/xdp.sh
. "${0%/*}/helpers/xdp.sh"

program pass
t_is "the program of a vNIC is native" 1 mode
reaches "a program lets frames of a vNIC pass" c2/v2 -n 20 c1/v1 "$V2"
reaches "a program lets frames of the host pass" c2/v2 -n 20 host/eth0 "$V2"
reaches "a program lets frames from the wire pass" c2/v2 -n 20 lan/eth0 "$V2"
reaches "a program lets full frames pass" c2/v2 -n 20 -l 1514 c1/v1 "$V2"
reaches "a program lets broadcasts of a vNIC pass" "c2/v2 c3/v3 host/eth0 lan/eth0" -n 20 c1/v1 $ALL
reaches "a program lets broadcasts from the wire pass" "c1/v1 c2/v2 c3/v3 host/eth0" -n 20 lan/eth0 $ALL
reaches "a program lets frames with a VLAN tag pass" c2/v2 -n 20 -v 10 c1/v1 "$V2"
t "TCP passes a program whole, as frames that fit the MTU" streams_in 1000-1514 -n 300000 c1 c2 "$(ip4 v2)"
t "TCP from the wire passes a program whole" streams_in 1000-1514 -n 300000 lan c2 "$(ip4 v2)"
t "TCP from pages of a file passes a program whole" streams_in 1000-1514 -f -n 300000 c1 c2 "$(ip4 v2)"
t "datagrams in fragments pass a program whole" streams_in 1000-1514 -u -w 20000 -n 100000 c1 c2 "$(ip4 v2)"
inside c2 ethtool -K v2 gro on
t "TCP passes a program whole into GRO" streams_in 1000-65549 -n 300000 c1 c2 "$(ip4 v2)"
inside c2 ethtool -K v2 gro off

# by the first byte of the EtherType; ARP and others pass
xdp-pin $fs/abort match 12 136 0
xdp-pin $fs/unknown match 12 136 77
program abort
reaches "a program leaves frames for another vNIC alone" c3/v3 -n 5 c1/v1 "$V3"
counts 5 xdp_drops "an aborted frame is counted as dropped" \
	reaches "a program that aborts loses frames" "" -n 5 c1/v1 "$V2"
# The kernels of UML trace nothing.
if [ -d /sys/kernel/tracing ]; then
	trace=/sys/kernel/tracing
	[ -e $trace/trace ] || mount -t tracefs tracefs $trace
	: >$trace/trace
	echo 1 >$trace/events/xdp/xdp_exception/enable
	before=$(own_counter c2 v2 xdp_drops)
	frames -e "" -n 5 c1/v1 "$V2" >/dev/null
	t_is "the tracepoint xdp_exception tells of each aborted frame" $(($(own_counter c2 v2 xdp_drops) - before)) \
		grep -c "action=ABORTED ifindex=$(inside c2 cat /sys/class/net/v2/ifindex)\$" $trace/trace
	echo 0 >$trace/events/xdp/xdp_exception/enable
fi
program unknown
counts 5 xdp_drops "a frame of an unknown verdict is counted as dropped" \
	reaches "a program with an unknown verdict loses frames" "" -n 5 c1/v1 "$V2"
xdp-pin $fs/drop match 12 136 1
xdp-pin $fs/tag match 12 129 1
program drop
before=$(counter c2 v2 rx_packets)
counts 5 xdp_drops "a dropped frame of a vNIC is counted" \
	reaches "a program drops frames of a vNIC" "" -n 5 c1/v1 "$V2"
t "a frame that a program drops was received" test "$(counter c2 v2 rx_packets)" -ge $((before + 5))
counts 5 xdp_drops "a dropped frame of the host is counted" \
	reaches "a program drops frames of the host" "" -n 5 host/eth0 "$V2"
counts 5 xdp_drops "a dropped frame from the wire is counted" \
	reaches "a program drops frames from the wire" "" -n 5 lan/eth0 "$V2"
shown() {
	diff <(inside c2 ethtool -S v2 | awk -F '[ :]+' '$2 ~ /^x(dp|sk)_/ { print $2, $3 }' | sort) \
		<(inside c2 vnicx stats -j | jq -r '.[0].xdp | to_entries[] | "\(.key) \(.value)"' | sort)
}
t "vnicx stats has the counters of XDP that ethtool -S has" shown
reaches "a program drops broadcasts for its vNIC alone" "c3/v3 host/eth0 lan/eth0" -n 5 c1/v1 $ALL
program tag
reaches "a program finds the VLAN tag of a vNIC's frame in it" "" -n 5 -v 10 c1/v1 "$V2"
reaches "a program finds the VLAN tag of a frame from the wire in it" "" -n 5 -v 10 lan/eth0 "$V2"

# Programs change frames.
ip -n c2 link add link v2 name v2.10 up type vlan id 10
xdp-pin $fs/push push 10
program push
reaches "a program may put a VLAN tag into frames" c2/v2.10 -n 5 c1/v1 "$V2"
ip -n c2 link delete v2.10
xdp-pin $fs/meta meta
program meta
reaches "a program may give frames metadata" c2/v2 -n 5 c1/v1 "$V2"
xdp-pin $fs/grow tail 100
program grow
reaches "a program may let frames grow" "c2/v2(1614 bytes)" -n 5 -l 1514 c1/v1 "$V2"
xdp-pin $fs/shrink tail -20
program shrink
reaches "a program may let frames shrink" "c2/v2(1494 bytes)" -n 5 -l 1514 c1/v1 "$V2"

# The program's life
program drop
ip -n c2 link set v2 down
ip -n c2 link set v2 up
reaches "a program stays after down and up" "" -n 5 c1/v1 "$V2"
ip -n c2 link set v2 netns c3
ip -n c3 link set v2 up
reaches "a program stays after a move to another namespace" "" -n 5 c1/v1 "$V2"
ip -n c3 link set v2 netns c2
ip -n c2 link set v2 up
ip -n c2 address add "$(ip4 v2)/24" dev v2
program off
t_is "a vNIC loses its program" 0 mode
reaches "frames reach a vNIC that has lost its program" c2/v2 -n 20 c1/v1 "$V2"
program xdpgeneric drop
t_is "a generic program is generic" 2 mode
reaches "a generic program drops frames" "" -n 5 c1/v1 "$V2"
t_fails "a native program is refused beside a generic one" "" program drop
program xdpgeneric off
program xdp drop
t_is "the program of a vNIC is native if nobody says" 1 mode
program xdp off

# No room before the program: a thread runs it, and the sender lets nobody else run.
overflows() {
	local before dropped lost
	program drop
	inside c2 sh -c 'echo 1 >/sys/class/net/v2/threaded'
	before=$(own_counter c2 v2 xdp_drops)
	dropped=$(counter c2 v2 rx_dropped)
	frames -q -r -n 600 c1/v1 "$V2" >/dev/null
	t "a frame meets the program or is counted as one that found no room" until_ok 5 met $((before + 600))
	lost=$(own_counter c2 v2 xdp_overflow)
	t "a frame that finds no room before the program is lost" test "$lost" -gt 0
	t_is "a frame that finds no room before the program is counted as dropped" $((dropped + lost)) \
		counter c2 v2 rx_dropped
}
# met COUNT: frames that met the program or found no room before it
met() {
	is_now "$1" echo $(($(own_counter c2 v2 xdp_drops) + $(own_counter c2 v2 xdp_overflow)))
}
# On another processor the thread would run meanwhile.
if [ "$(nproc)" -eq 1 ]; then
	overflows
fi
program pass
reaches "frames reach the program after there was no room" c2/v2 -n 20 c1/v1 "$V2"
ip -n c2 link delete v2

# several RX queues, and fewer of them in mid-stream
ip -n host link add link eth0 name q netns c2 numtxqueues 4 numrxqueues 4 type vnicx
up c2 q 50 >/dev/null
ip -n c2 link set q xdpdrv pinned $fs/pass
Q=$(mac c2 q)
reaches "a program of several queues lets frames pass" c2/q -n 20 c1/v1 "$Q"
inside c2 ethtool -L q rx 2 tx 2
reaches "a program of fewer queues lets frames pass" c2/q -n 20 c1/v1 "$Q"
# jumbo frames
ip -n lan link set eth0 mtu 9000
ip -n host link set eth0 mtu 9000
ip -n c1 link set v1 mtu 9000
ip -n c2 link set q mtu 9000
reaches "a program lets jumbo frames pass" c2/q -n 20 -l 9014 c1/v1 "$Q"
xdp-pin $fs/whole match 9013 256 1
ip -n c2 -force link set q xdpdrv pinned $fs/whole
reaches "a program finds all 9,014 bytes of a jumbo frame in one piece" c2/q -n 20 -l 9014 c1/v1 "$Q"
xdp-pin -f $fs/frags match 9013 256 1
ip -n c2 -force link set q xdpdrv pinned $fs/frags
reaches "a program that knows frames of several buffers gets a jumbo frame in one piece" \
	c2/q -n 20 -l 9014 c1/v1 "$Q"
ip -n c2 -force link set q xdpdrv pinned $fs/pass
t "TCP in jumbo frames passes a program whole" streams_in 5000-9014 -n 300000 c1 c2 192.0.2.50
umount $fs
