#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# kernels: uml 6.1
#
# The rings of a character device: how long, how many, and what finds no room.
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"
# shellcheck source=helpers/taps.sh
. "${0%/*}/helpers/taps.sh"

# received: by tb, and dropped
received() {
	echo "$(counter host tb rx_packets) $(counter host tb rx_dropped)"
}

queue_length() {
	inside host cat /sys/class/net/tb/tx_queue_len
}

no_ipv6
lan_setup
ns vm
vnic v1 vm
taps_setup
t_is "a ring is as long as a macvtap's" 500 queue_length

taps "a ring of 20 keeps 20 frames of 100" "0, 0, 0, 20 1200, 0 0" \
	run "ip link set tb txqueuelen 20" open b tb run "frames -q -n 100 -l 60 vm/v1 $B" drain b drain b
t_is "a ring of 20 counts 100 frames as received and 80 as dropped" "100 80" received
t_is "frames that found a ring full are counted as such" 80 own_counter host tb rx_overflow
t_is "vnicx stats has the same of them" 80 \
	eval "inside host vnicx stats -j | jq '.[] | select(.port == \"tb\") | .counters.rx_overflow'"
# waits COUNT: a command that succeeds if so many frames wait for tb
waits() {
	echo "ethtool -S tb | grep -q ' rx_backlog: $1\$' &&
		vnicx show -j | jq -e '.[0].ports[] | select(.name == \"tb\") | .rx_backlog == $1' >/dev/null"
}
taps "the backlog of a vNIC with a character device is what waits in its ring" "0, 0, 0, 0, 20 1200, 0" \
	open b tb run "$(waits 0)" run "frames -q -n 100 -l 60 vm/v1 $B" \
	run "$(waits 20)" drain b run "$(waits 0)"
taps "a ring grows from 20 to 60 with the frames in it" "0, 0, 0, 0, 0, 60 3600" \
	run "ip link set tb txqueuelen 20" open b tb run "frames -q -n 20 -l 60 vm/v1 $B" \
	run "ip link set tb txqueuelen 60" run "frames -q -n 100 -l 60 vm/v1 $B" drain b
taps "a ring shrinks from 60 to 5 and keeps 5 frames" "0, 0, 0, 0, 5 300" \
	run "ip link set tb txqueuelen 60" open b tb run "frames -q -n 50 -l 60 vm/v1 $B" \
	run "ip link set tb txqueuelen 5" drain b
taps "a ring that is too long is refused" "0, 2, 0, 5 300" open b tb \
	run "ip link set tb txqueuelen 2000000000 2>/dev/null" run "frames -q -n 50 -l 60 vm/v1 $B" drain b
t_is "a refused length leaves a ring of 5" 5 queue_length

# A super-frame that is cut for its reader
before=$(own_counter host tb rx_overflow)
taps "a ring of 2 keeps 2 segments of a super-frame of 10" "0, 0, 0, 0, 14544, 2 3004" \
	run "ip link set tb txqueuelen 2" open a ta open b tb ioctl b TUNSETOFFLOAD 0 tcp a $B $A 14480 1448 drain b
t_is "the 8 segments of a super-frame that find a ring full are counted" $((before + 8)) own_counter host tb rx_overflow
ip -n host link set tb txqueuelen 5

taps "a device can be opened 256 times, no more" "256 EBUSY" many tb 257
t "a flow goes to one of two queues" matches "0, 0, 0, @(5 300, 0 0|0 0, 5 300)" \
	"$(joined_lines open b tb open c tb run "frames -q -n 5 -l 60 vm/v1 $B" drain b drain c)"
taps "a queue that is detached gets nothing" "0, 0, 0, 0, 0 0, 5 300" \
	open b tb open c tb ioctl b TUNSETQUEUE 0x400 run "frames -q -n 5 -l 60 vm/v1 $B" drain b drain c
taps "while there is traffic, rings change and queues come and go" "0, 0, 0" open b tb \
	run "frames -q -n 20000 -l 60 vm/v1 $B & for i in 1 2 3 4 5 6 7 8; do
		echo link set tb txqueuelen \$((i * 13 % 97 + 1)); done | ip -batch -; tap open b tb open c tb \
		ioctl b TUNSETQUEUE 0x400 ioctl b TUNSETQUEUE 0x200 close c close b >/dev/null; wait" close b
taps "a device receives when rings no longer change" "0, 0, 5 300" \
	open b tb run "frames -q -n 5 -l 60 vm/v1 $B" drain b
