#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# kernels: uml uml-smp
#
# Virtual machines of the other order of bytes, as old devices of virtio have
# it. Debian's kernels are built without (CONFIG_TUN_VNET_CROSS_LE).
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"
# shellcheck source=helpers/taps.sh
. "${0%/*}/helpers/taps.sh"

no_ipv6
lan_setup
taps_setup
whole="65054 to $B 0800 gso 1448 csum 34+16 partial"

taps "a big-endian machine reaches a little-endian one" "0, 0, 0, 65064, $whole" \
	open a ta open b tb ioctl a TUNSETVNETBE 1 tcp a $B $A 65000 1448 recv b
taps "a little-endian machine reaches a big-endian one" "0, 0, 0, 65064, $whole" \
	open a ta open b tb ioctl b TUNSETVNETBE 1 tcp a $B $A 65000 1448 recv b
taps "a big-endian machine reaches a big-endian one" "0, 0, 0, 0, 65064, $whole" \
	open a ta open b tb ioctl a TUNSETVNETBE 1 ioctl b TUNSETVNETBE 1 tcp a $B $A 65000 1448 recv b
taps "a big-endian machine reaches a little-endian one with longer headers" "0, 0, 0, 0, 0, 65066, $whole" \
	open a ta open b tb ioctl a TUNSETVNETBE 1 ioctl a TUNSETVNETHDRSZ 12 \
	ioctl b TUNSETVNETHDRSZ 20 tcp a $B $A 65000 1448 recv b
taps "a machine that is set back to little-endian receives as such" "0, 0, 0, 0, 65064, $whole" \
	open a ta open b tb ioctl b TUNSETVNETBE 1 ioctl b TUNSETVNETBE 0 tcp a $B $A 65000 1448 recv b
