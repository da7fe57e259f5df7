#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# kernels: uml uml-smp 6.1
# cpus: 2
# timeout: 60
#
# Frames between zero-copy AF_XDP sockets of two vNICs meet the receiver's XDP program
# without an skb, whatever it says; and two such sockets send to each other at once.
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"
# shellcheck source=helpers/xdp.sh
. "${0%/*}/helpers/xdp.sh"

# A program redirects within its namespace.
ip -n c3 link set v3 netns c2
ip -n c2 link set v3 up
v3=$(inside c2 cat /sys/class/net/v3/ifindex)
xdp-pin $fs/drop return 1
xdp-pin $fs/abort return 0
xdp-pin $fs/reflect reflect 0x88b5
xdp-pin $fs/forward forward "$v3" "$LAN" "$V3" 0x88b5

# met EXPECTED COUNTER VERDICT OPTION...: what comes of 300 frames, how many of them went
# without an skb, and by how much v2's counter has grown
met() {
	local counter=$1 direct before
	shift
	direct=$(own_counter c1 v1 xsk_direct)
	before=$(own_counter c2 v2 "$counter")
	printf '%s, ' "$(xsk-cross -n 300 "$@")"
	printf '%d direct, ' $(($(own_counter c1 v1 xsk_direct) - direct))
	echo $(($(own_counter c2 v2 "$counter") - before))
}
program pass
t_is "300 frames without an skb pass a program to the stack, whole and in order" \
	"300, 300 direct, 300" met xsk_rx -e c1/v1 c2/v2 c2/v2
program reflect
t_is "300 frames without an skb are sent back, whole and in order" \
	"300, 300 direct, 300" met xdp_tx -e -r c1/v1 c2/v2
program forward
t_is "300 frames without an skb are redirected to another vNIC, whole and in order" \
	"300, 300 direct, 300" met xdp_redirect -e c1/v1 c2/v2 lan/eth0
program drop
t_is "300 frames without an skb are dropped and counted" "300, 300 direct, 300" met xdp_drops -e -s c1/v1 c2/v2
program abort
t_is "300 frames without an skb are dropped and counted when a program aborts" \
	"300, 300 direct, 300" met xdp_drops -e -s c1/v1 c2/v2

# Each of these frames has a page, 40 MB together, when the device does not take it.
free() {
	awk '$1 == "MemFree:" { print $2 }' /proc/meminfo
}
keeps_memory() {
	local before after
	before=$(free)
	xsk-cross -n 10000 -e -s c1/v1 c2/v2 >/dev/null
	after=$(free)
	[ $((before - after)) -lt 30720 ] || {
		echo "$((before - after)) kB are gone"
		return 1
	}
}
program forward
ip -n c2 link set v3 down
t "10000 frames that a device does not take leave no memory behind" keeps_memory
ip -n c2 link set v3 up
program off

t_is "zero-copy AF_XDP sockets that send to each other at once get 3000 frames each" "3000 3000" \
	xsk-cross -x -n 3000 c1/v1 c2/v2
t_is "zero-copy AF_XDP sockets that send full frames to each other at once get 1000 each" "1000 1000" \
	xsk-cross -x -n 1000 -l 1514 c1/v1 c2/v2
umount $fs
