#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# kernels: uml 6.1
#
# A program's frames: what they carry beside their data, and how many of them one round
# of a vNIC's queue takes.
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"

no_ipv6
insmod "$VNICX_STAGE/modules/vnicx_test_adapter.ko" own_time=1
ns host lan c1 c2
batch "link set adapter0 netns host" "link set adapter1 netns lan"
up host adapter0 >/dev/null
up lan adapter1 1 >/dev/null
batch_in host "link add link adapter0 name v1 netns c1 type vnicx" \
	"link add link adapter0 name v2 netns c2 type vnicx"
up c1 v1 11 >/dev/null
up c2 v2 12 >/dev/null
fs=/tmp/xdp-beside
mkdir -p $fs
mount -t bpf bpf $fs
xdp-pin $fs/pass return 2
xdp-pin $fs/drop return 1

t "a frame from the wire has what its driver has for a timestamp" shows ", 1 s" heard c2 lan 192.0.2.12
ip -n c2 link set v2 xdpdrv pinned $fs/pass
t "a frame that a program lets pass has no timestamp in its driver's own form" \
	shows ", 0 s" heard c2 lan 192.0.2.12
t "a process cannot poll the queue before a program busily" shows "NAPI unknown," heard c2 lan 192.0.2.12
ip -n c2 -force link set v2 xdpdrv pinned $fs/drop

# longest_round: how much work the longest poll of v2's queue said it was
longest_round() {
	local line most=0
	while read -r line; do
		[[ $line =~ "for device v2 work "([0-9]+)" budget" ]] || continue
		[ "${BASH_REMATCH[1]}" -le "$most" ] || most=${BASH_REMATCH[1]}
	done <$trace/trace
	echo "$most"
}
# A TCP segment of 1,600 bytes of data, which its sender has cut at 8
sends_many() {
	craft -c 34.16 -g 1.8 c1/v1 to "$(mac c2 v2)" ip4 192.0.2.11 192.0.2.12 6 \
		hex 3039005000000001000000005010ffff00000000 pad 1600
}
trace=/sys/kernel/tracing
[ -e $trace/trace ] || mount -t tracefs tracefs $trace 2>/dev/null || :
before=$(own_counter c2 v2 xdp_drops)
if [ -e $trace/events/napi/enable ]; then
	echo >$trace/trace
	echo 1 >$trace/events/napi/enable
fi
sends_many >/dev/null
t "a program decides on each of 200 segments of a super-frame" \
	until_ok 5 is_now $((before + 200)) own_counter c2 v2 xdp_drops
if [ -e $trace/events/napi/enable ]; then
	t "the 200 segments of a super-frame use up a round's budget of 64" until_ok 5 is_now 64 longest_round
	echo 0 >$trace/events/napi/enable
else
	skip "the 200 segments of a super-frame use up a round's budget of 64" "no tracepoints"
fi

ip -n c2 link set v2 xdpdrv off
umount $fs
rmmod vnicx_test_adapter
