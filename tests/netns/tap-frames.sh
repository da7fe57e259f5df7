#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
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

taps "one reaches the other, and nobody else" "0, 0, 70, 60 to $B 88b5, EAGAIN" \
	"${both[@]}" send a $B $A 88b5 60 recv b recv a
t_is "nothing of that was on the wire" 0 rx lan eth0
taps "broadcast" "0, 0, 70, 60 to $all 88b5, EAGAIN" "${both[@]}" send a $all $A 88b5 60 recv b recv a
taps "a group that nobody asked for" "0, 0, 70, 60 to $group 88b5, EAGAIN" \
	"${both[@]}" send a $group $A 88b5 60 recv b recv a
t_is "both were on the wire as well" 2 rx lan eth0
taps "not when the administrator says so" "0, 0, 0, 70, EAGAIN" \
	"${both[@]}" run "ip link set tb allmulticast off" send a $group $A 88b5 60 recv b
taps "nobody hears what is for nobody" "0, 0, 70, EAGAIN" "${both[@]}" send a $other $A 88b5 60 recv b
t_is "but for the wire" 4 rx lan eth0
before=$(rx vm v1)
taps "a container is reached" "0, 70" open a ta send a "${vnic_mac[v1]}" $A 88b5 60
t "by its stack" until_ok 5 is_now $((before + 1)) rx vm v1
before=$(ip_received)
taps "so is the host" "0, 154" open a ta tcp a "$(mac host eth0)" $A 90 0
t "by its stack" until_ok 5 is_now $((before + 1)) ip_received
taps "the host, the container and the wire reach them" \
	"0, 0, 60 to $B 88b5, 0, 60 to $B 88b5, 0, 60 to $B 88b5" \
	open b tb run "frames -q -l 60 host/eth0 $B" recv b run "frames -q -l 60 vm/v1 $B" recv b \
	run "frames -q -l 60 lan/eth0 $B" recv b
taps "a tag stays in the frame" "0, 0, 74, 64 to $B 8100.5.88b5" "${both[@]}" send a $B $A 8100.5.88b5 64 recv b
taps "an empty frame" "0, 0, 24, 14 to $B 88b5" "${both[@]}" send a $B $A 88b5 14 recv b
taps "one of the MTU, one with a tag" "0, 0, 1524, 1514 to $B 88b5, 1528, 1518 to $B 8100.5.88b5" \
	"${both[@]}" send a $B $A 88b5 1514 recv b send a $B $A 8100.5.88b5 1518 recv b
drops=$(rx host tb rx_dropped)
taps "no longer one" "0, 0, 1529, EAGAIN" "${both[@]}" send a $B $A 88b5 1519 recv b
t_is "which is counted where it would have gone" $((drops + 1)) rx host tb rx_dropped
drops=$(rx host ta tx_dropped)
before=$(rx lan eth0)
taps "nor by the wire" "0, 5010" open a ta send a $other $A 88b5 5000
t_is "which is counted where it came from" $((drops + 1)) rx host ta tx_dropped
t_is "and does not get there" "$before" rx lan eth0
drops=$(rx host ta tx_dropped)
taps "less than a frame: refused" "0, EINVAL, EINVAL, EINVAL" open a ta raw a 0 raw a 9 raw a 23
t_is "and counted" $((drops + 3)) rx host ta tx_dropped
taps "headers that lie: checksum beyond the frame, no size, no such type, header too long" \
	"0, EINVAL, EINVAL, EINVAL, EINVAL" open a ta vnet a 1 0 0 0 1000 0 60 \
	vnet a 0 1 34 0 0 0 60 vnet a 0 9 34 100 0 0 60 vnet a 0 0 2000 0 0 0 60
t_is "are counted, too" $((drops + 7)) rx host ta tx_dropped
taps "in pieces, and into too little room" "0, 0, 70, 60 to $B 88b6 intact, 70, 20 to $B 88b5" \
	"${both[@]}" split a $B $A 60 recv b send a $B $A 88b5 60 recv b 30
taps "who waits for a frame wakes when there is one" "0, 0, inout, 60 to $B 88b5" \
	open b tb run "frames -q -l 60 vm/v1 $B >/dev/null &" poll b recv b
taps "a read that waits ends by a signal" "0, EINTR" open a ta wait a
# an adapter that lets nothing go: what it has queued counts as its sender's
tc -n host qdisc add dev eth0 root netem slot 20s
taps "so does a write that waits for room; who does not want to wait need not, and room comes again" \
	"0, 0, 70, EINTR, EAGAIN, 0, 1" open a ta ioctl a TUNSETSNDBUF 20000 send a $other $A 88b5 60 stuff a \
	again a 1 run "tc qdisc delete dev eth0 root" again a 1
taps "a child has the device as well" "0, 0, 0, 60 to $all 8800" "${both[@]}" fork a recv b
taps "and who is given it" "0, 0, 0, 0, 70, 60 to $B 88b5" \
	"${both[@]}" pass a c close a send c $B $A 88b5 60 recv b
