#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 600
#
# The kernel's own test of AF_XDP, xskxceiver, on two vNICs: what passes on the two ends of a
# veth passes there. In zero-copy mode, which veth has not, all pass that need no huge pages,
# nor several buffers for a frame. Its frames are for a multicast address, so they are
# flooded; some tests run once more for a unicast address, frames of which go from
# memory to memory.
# shellcheck source-path=SCRIPTDIR/../netns
. "${0%/*}/../netns/lib.sh"

ns host
# Reports about IPv6 groups would be frames that it has not sent.
inside host sh -c 'echo 1 >/proc/sys/net/ipv6/conf/default/disable_ipv6'
queues=(mtu 1500 numtxqueues 4 numrxqueues 4)
{
	echo "link add eth0 mtu 9000 up type dummy"
	echo "link add x0 ${queues[*]} type veth peer name x1 ${queues[*]}"
	for i in 0 1; do
		echo "link add link eth0 name v$i address 54:44:33:22:11:0$i ${queues[*]} type vnicx"
		echo "link set v$i allmulticast on"
	done
	printf 'link set %s up\n' x0 x1 v0 v1
} | ip -n host -batch -

# outcomes DEVICE DEVICE PROGRAM OPTION...: "PASS NAME", or SKIP or FAIL, a line for each of its
# tests. It leaves its programs at the devices.
outcomes() {
	local devices=("$1" "$2") device
	shift 2
	inside host "$@" -i "${devices[0]}" -i "${devices[1]}" >/tmp/said 2>&1 || :
	sed -nE 's/^(not )?ok [0-9]+ (# SKIP )?(PASS|SKIP|FAIL): [A-Z]+ /\3 /p' /tmp/said
	for device in "${devices[@]}"; do
		ip -n host link set "$device" xdpdrv off
		ip -n host link set "$device" xdpgeneric off
	done
}

# passed MODE: each test but those that are skipped; says why one did not
passed() {
	local outcome name
	while read -r outcome name; do
		[ "$outcome" = SKIP ] || t_is "$name of xskxceiver passes on vNICs, mode $1" PASS echo "$outcome"
		[ "$outcome" != FAIL ] || grep -B 5 "FAIL: [A-Z]* $name\$" /tmp/said | sed 's/^/# /'
	done </tmp/got
}

# named OUTCOME FILE: the names of the tests that came out so
named() {
	sed -n "s/^$1 //p" "$2" | sort
}

for mode in skb drv; do
	outcomes x0 x1 xskxceiver -m $mode >/tmp/expected
	outcomes v0 v1 xskxceiver -m $mode >/tmp/got
	passed $mode
	t_is "xskxceiver passes on vNICs what it passes on a veth, mode $mode" "" \
		comm -23 <(named PASS /tmp/expected) <(named PASS /tmp/got)
done
outcomes v0 v1 xskxceiver -m zc >/tmp/got
passed zc
t_is "xskxceiver skips in mode zc what needs huge pages, several buffers, a queue of hardware" "" \
	sed -nE '/^SKIP/{/MULTI_BUFF|9K_PACKETS|UNALIGNED|TOO_MANY_FRAGS|HW_SW|STAT_RX_DROPPED|TX_QUEUE_CONSUMER/!p}' /tmp/got
xskxceiver -l >/tmp/tests || :
direct=$(own_counter host v0 xsk_direct)
for name in SEND_RECEIVE SEND_RECEIVE_2K_FRAME POLL_RX ALIGNED_INV_DESC UMEM_HEADROOM XDP_DROP_HALF; do
	number=$(sed -n "s/: $name\$//p" /tmp/tests)
	t_is "$name of xskxceiver passes on vNICs for a unicast address, mode zc" "PASS $name" \
		outcomes v0 v1 xskxceiver-unicast -m zc -t "$number"
done
t "frames of xskxceiver for a unicast address go from memory to memory" \
	test "$(own_counter host v0 xsk_direct)" -gt $((direct + 1000))
