#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A vNIC goes while its character device is open, or the device is closed while
# frames arrive.
# also: 6.12-rt
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"
# shellcheck source=helpers/taps.sh
. "${0%/*}/helpers/taps.sh"

# what a monitor meets whose vNIC is gone
after=(send a "$B" "$A" 88b5 60 recv a ioctl a TUNGETIFF ioctl a TUNSETOFFLOAD 0 ioctl a TUNGETFEATURES
	ioctl a SIOCGIFHWADDR ioctl a SIOCSIFHWADDR "$A" ioctl a TUNSETQUEUE 0x400 close a)

no_ipv6
lan_setup
ns vm
vnic v1 vm
batch_in host "link add d0 type dummy" "link add link d0 name ta address $A type macvtap"
expected=$(joined_lines open a ta run "ip link del ta" "${after[@]}")
taps_setup
taps "the open device of a deleted vNIC answers as macvtap's" "$expected" \
	open a ta run "ip link del ta" "${after[@]}"
t "the open device of a deleted macvtap answers ENOLINK" matches "0, 0, 70, EAGAIN, ENOLINK, *" "$expected"

node=/tmp/gone
IFS=: read -r major minor <<<"$(inside host bash -c 'cat /sys/class/net/tb/tap*/dev')"
mknod $node c "$major" "$minor"
taps "the device opens by another node of its number" "0" node b $node
taps "a node of a deleted vNIC's number opens with ENODEV" "0, ENODEV" run "ip link del tb" node b $node
rm $node

# the other one of the two
ip -n host link add link eth0 name tb address $B type vnicxtap
ip -n host link set tb up
taps "a device is closed and opened while frames arrive" "0" \
	run "frames -q -n 20000 -l 60 vm/v1 $B & for i in 1 2 3 4 5 6 7 8; do
		tap open b tb recv b close b >/dev/null; done; wait"
taps "a device that was closed and opened receives" "0, 0, 60 to $B 88b5" open b tb run "frames -q -l 60 vm/v1 $B" recv b
taps "rmmod refuses a module in use" "0, 1, 0" open b tb run "rmmod vnicx_tap 2>/dev/null" close b
taps "the lower device goes with the device open" "0, 0, ENOLINK, 0" \
	open b tb run "ip link del eth0" ioctl b TUNGETIFF close b
t "the module goes when nobody uses it" rmmod vnicx_tap
