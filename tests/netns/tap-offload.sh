#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Super-frames and unfinished checksums between virtual machines, as far as the
# receiving one accepts them.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"
# shellcheck source=helpers/taps.sh
. "$(dirname "$0")/helpers/taps.sh"

CSUM=1 TSO4=2

no_ipv6
lan_setup
taps_setup
both=(open a ta open b tb)
before=$(adapter_counters)
whole="65054 to $B 0800 gso 1448 csum 34+16 partial"

taps "a frame of 64 KB arrives as it was sent" "0, 0, 65064, $whole, EAGAIN" \
	"${both[@]}" tcp a $B $A 65000 1448 recv b recv b
taps "so when it was agreed" "0, 0, 0, 65064, $whole" \
	"${both[@]}" ioctl b TUNSETOFFLOAD $((CSUM | TSO4)) tcp a $B $A 65000 1448 recv b
taps "a checksum stays to be made" "0, 0, 0, 154, 144 to $B 0800 csum 34+16 partial" \
	"${both[@]}" ioctl b TUNSETOFFLOAD $CSUM tcp a $B $A 90 0 recv b
taps "in pieces for one who takes no such frames, checksums to be made" \
	"0, 0, 0, 3064, 1502 to $B 0800 csum 34+16 partial, 1502 to $B 0800 csum 34+16 partial, 158 to $B 0800 csum 34+16 partial, EAGAIN" \
	"${both[@]}" ioctl b TUNSETOFFLOAD $CSUM tcp a $B $A 3000 1448 recv b recv b recv b recv b
taps "or made, for one who takes nothing" \
	"0, 0, 0, 3064, 1502 to $B 0800 whole, 1502 to $B 0800 whole, 158 to $B 0800 whole, EAGAIN" \
	"${both[@]}" ioctl b TUNSETOFFLOAD 0 tcp a $B $A 3000 1448 recv b recv b recv b recv b
taps "and of a frame alone" "0, 0, 0, 154, 144 to $B 0800 whole" \
	"${both[@]}" ioctl b TUNSETOFFLOAD 0 tcp a $B $A 90 0 recv b
t_is "none of it was on the wire" "$before" adapter_counters
