#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# kernels: uml-smp 6.1
#
# Super-frames and unfinished checksums between virtual machines, as far as the
# receiving one accepts them.
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"
# shellcheck source=helpers/taps.sh
. "${0%/*}/helpers/taps.sh"

CSUM=1 TSO4=2 USO=0x60
# ways of a header to say how a datagram is to be cut
FRAGMENTS=3 DATAGRAMS=5

no_ipv6
lan_setup
taps_setup
both=(open a ta open b tb)
before=$(lower_counters)
whole="65054 to $B 0800 gso 1448 csum 34+16 partial"

taps "a frame of 64 KB arrives as it was sent" "0, 0, 65064, $whole, EAGAIN" \
	"${both[@]}" tcp a $B $A 65000 1448 recv b recv b
taps "a frame of 64 KB arrives as it was sent to a machine that accepts it" "0, 0, 0, 65064, $whole" \
	"${both[@]}" ioctl b TUNSETOFFLOAD $((CSUM | TSO4)) tcp a $B $A 65000 1448 recv b
taps "an unfinished checksum stays so for a machine that accepts it" \
	"0, 0, 0, 154, 144 to $B 0800 csum 34+16 partial" \
	"${both[@]}" ioctl b TUNSETOFFLOAD $CSUM tcp a $B $A 90 0 recv b
taps "a super-frame arrives in pieces without checksums at a machine that accepts checksums only" \
	"0, 0, 0, 3064, 1502 to $B 0800 csum 34+16 partial, 1502 to $B 0800 csum 34+16 partial, 158 to $B 0800 csum 34+16 partial, EAGAIN" \
	"${both[@]}" ioctl b TUNSETOFFLOAD $CSUM tcp a $B $A 3000 1448 recv b recv b recv b recv b
taps "a super-frame arrives in pieces with checksums at a machine that accepts nothing" \
	"0, 0, 0, 3064, 1502 to $B 0800 whole, 1502 to $B 0800 whole, 158 to $B 0800 whole, EAGAIN" \
	"${both[@]}" ioctl b TUNSETOFFLOAD 0 tcp a $B $A 3000 1448 recv b recv b recv b recv b
taps "an unfinished checksum is made for a machine that accepts nothing" "0, 0, 0, 154, 144 to $B 0800 whole" \
	"${both[@]}" ioctl b TUNSETOFFLOAD 0 tcp a $B $A 90 0 recv b

taps "a datagram to be sent in fragments arrives in fragments" \
	"0, 0, 3052, 1482 to $B 0800 fragment 0, 1482 to $B 0800 fragment 1448, 146 to $B 0800 fragment 2896, EAGAIN" \
	"${both[@]}" udp a $B $A 3000 $FRAGMENTS 1448 recv b recv b recv b recv b
pieces="1490 to $B 0800 whole, 1490 to $B 0800 whole, 146 to $B 0800 whole"
if [ "$(joined_lines open a ta ioctl a TUNSETOFFLOAD $((CSUM | USO)))" = "0, 0" ]; then
	taps "a super-frame of datagrams arrives in pieces at a machine that accepts none" \
		"0, 0, 0, 3052, $pieces, EAGAIN" \
		"${both[@]}" ioctl b TUNSETOFFLOAD 0 udp a $B $A 3000 $DATAGRAMS 1448 recv b recv b recv b recv b
	taps "a super-frame of datagrams arrives whole at a machine that accepts it" \
		"0, 0, 0, 60052, 60042 to $B 0800 gso 1448 csum 34+6 partial, EAGAIN" \
		"${both[@]}" ioctl b TUNSETOFFLOAD $((CSUM | USO)) udp a $B $A 60000 $DATAGRAMS 1448 recv b recv b
else
	taps "a super-frame of datagrams is refused by a kernel that knows none" "0, EINVAL" \
		open a ta udp a $B $A 3000 $DATAGRAMS 1448
fi
t_is "no frame between taps was on the wire" "$before" lower_counters
