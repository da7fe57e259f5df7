#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# kernels: uml 6.1
#
# Frames by the character devices of vNICs: to each other, to a container, the
# host and the wire, and frames that are none.
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"
# shellcheck source=helpers/taps.sh
. "${0%/*}/helpers/taps.sh"

all=ff:ff:ff:ff:ff:ff group=33:33:00:00:00:99 other=02:00:00:00:00:77

# rx WHERE DEVICE [FIELD]: how many it received meanwhile
rx() {
	counter "$1" "$2" "${3:-rx_packets}"
}

# by the host's own stack
ip_received() {
	# shellcheck disable=SC2016 # awk's
	inside host awk '/^Ip: [0-9]/ { print $4 }' /proc/net/snmp
}

no_ipv6
lan_setup
ns vm
vnic v1 vm
taps_setup
both=(open a ta open b tb)

taps "one tap reaches the other, and nobody else" "0, 0, 70, 60 to $B 88b5, EAGAIN" \
	"${both[@]}" send a $B $A 88b5 60 recv b recv a
t_is "a frame between taps is not on the wire" 0 rx lan eth0
taps "a tap's broadcast reaches the other tap" \
	"0, 0, 70, 60 to $all 88b5, EAGAIN" "${both[@]}" send a $all $A 88b5 60 recv b recv a
taps "a tap receives a group that nobody asked for" "0, 0, 70, 60 to $group 88b5, EAGAIN" \
	"${both[@]}" send a $group $A 88b5 60 recv b recv a
t_is "a tap's broadcast and multicast are on the wire" 2 rx lan eth0
taps "a tap with allmulticast off receives no group that nobody asked for" "0, 0, 0, 70, EAGAIN" \
	"${both[@]}" run "ip link set tb allmulticast off" send a $group $A 88b5 60 recv b
taps "a tap does not receive frames to an unknown address" \
	"0, 0, 70, EAGAIN" "${both[@]}" send a $other $A 88b5 60 recv b
t_is "frames to an unknown address are on the wire" 4 rx lan eth0
before=$(rx vm v1)
taps "a tap's frame to a container is accepted" "0, 70" open a ta send a "${vnic_mac[v1]}" $A 88b5 60
t "a container's stack receives a tap's frame" until_ok 5 is_now $((before + 1)) rx vm v1
before=$(ip_received)
taps "a tap's frame to the host is accepted" "0, 154" open a ta tcp a "$(mac host eth0)" $A 90 0
t "the host's stack receives a tap's frame" until_ok 5 is_now $((before + 1)) ip_received
taps "the host, a container and the wire reach a tap" \
	"0, 0, 60 to $B 88b5, 0, 60 to $B 88b5, 0, 60 to $B 88b5" \
	open b tb run "frames -q -l 60 host/eth0 $B" recv b run "frames -q -l 60 vm/v1 $B" recv b \
	run "frames -q -l 60 lan/eth0 $B" recv b
taps "a tag stays in the frame" "0, 0, 74, 64 to $B 8100.5.88b5" "${both[@]}" send a $B $A 8100.5.88b5 64 recv b
taps "an empty frame passes between taps" "0, 0, 24, 14 to $B 88b5" "${both[@]}" send a $B $A 88b5 14 recv b
taps "a frame of the MTU and one with a tag pass between taps" \
	"0, 0, 1524, 1514 to $B 88b5, 1528, 1518 to $B 8100.5.88b5" \
	"${both[@]}" send a $B $A 88b5 1514 recv b send a $B $A 8100.5.88b5 1518 recv b
drops=$(rx host tb rx_dropped)
taps "a frame above the MTU does not pass between taps" \
	"0, 0, 1529, EAGAIN" "${both[@]}" send a $B $A 88b5 1519 recv b
t_is "a frame above the MTU is a drop of the receiving tap" $((drops + 1)) rx host tb rx_dropped
drops=$(rx host ta tx_dropped)
before=$(rx lan eth0)
taps "a frame above the MTU is accepted for the wire" "0, 5010" open a ta send a $other $A 88b5 5000
t_is "a frame above the wire's MTU is a drop of the sending tap" $((drops + 1)) rx host ta tx_dropped
t_is "a frame above the wire's MTU is not on the wire" "$before" rx lan eth0
drops=$(rx host ta tx_dropped)
taps "a write of less than a frame is refused" "0, EINVAL, EINVAL, EINVAL" open a ta raw a 0 raw a 9 raw a 23
t_is "a write of less than a frame is a drop of the sending tap" $((drops + 3)) rx host ta tx_dropped
taps "a write with a header that lies about checksum, size, type or length is refused" \
	"0, EINVAL, EINVAL, EINVAL, EINVAL" open a ta vnet a 1 0 0 0 1000 0 60 \
	vnet a 0 1 34 0 0 0 60 vnet a 0 9 34 100 0 0 60 vnet a 0 0 2000 0 0 0 60
t_is "a write with a header that lies is a drop of the sending tap" $((drops + 7)) rx host ta tx_dropped
taps "a frame passes in pieces, and cut into too little room" \
	"0, 0, 70, 60 to $B 88b6 intact, 70, 20 to $B 88b5" \
	"${both[@]}" split a $B $A 60 recv b send a $B $A 88b5 60 recv b 30
taps "poll wakes when there is a frame" "0, 0, inout, 60 to $B 88b5" \
	open b tb run "frames -q -l 60 vm/v1 $B >/dev/null &" poll b recv b
taps "a read that waits ends by a signal" "0, EINTR" open a ta wait a
# a lower device that lets nothing go: what it has queued counts as its sender's
tc -n host qdisc add dev eth0 root netem slot 20s
taps "a write that waits for room ends by a signal, one that may not wait fails, and room comes again" \
	"0, 0, 70, EINTR, EAGAIN, 0, 1" open a ta ioctl a TUNSETSNDBUF 20000 send a $other $A 88b5 60 stuff a \
	again a 1 run "tc qdisc delete dev eth0 root" again a 1
ip -n host link set ta type vnicxtap spoofchk off
taps "a child process can send by its parent's descriptor" "0, 0, 0, 60 to $all 8800" "${both[@]}" fork a recv b
taps "a descriptor that is passed on can send" "0, 0, 0, 0, 70, 60 to $B 88b5" \
	"${both[@]}" pass a c close a send c $B $A 88b5 60 recv b
