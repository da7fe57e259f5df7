#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# kernels: uml uml-smp 6.1
#
# Headers by which a machine lies about its frame, and frames that are not what
# they say. vnicx refuses what macvtap refuses, and the rest does no harm to its
# receiver: a machine that takes super-frames, one that does not, a stack, a wire.
#
# timeout: 300
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"
# shellcheck source=helpers/taps.sh
. "${0%/*}/helpers/taps.sh"

# A checksum before, in and behind the frame, or where its place is beyond what
# a header can say; headers longer than the frame; no size, no such type, the
# wrong one, more than one; a size that stands for something else in the kernel.
lies=(
	"1 0 54 0 0 16" "1 0 54 0 3 0" "1 0 54 0 34 65534" "1 0 54 0 65535 65535" "1 0 54 0 3060 0"
	"0 0 65535 0 0 0" "1 1 65535 1448 34 16" "0 1 0 1448 0 0" "0 1 54 1448 65535 0"
	"1 1 54 0 34 16" "1 4 54 1448 34 16" "1 5 54 1448 34 6" "1 3 54 1448 34 6" "1 9 54 1448 34 16"
	"1 255 54 1448 34 16" "1 129 54 1448 34 16" "1 33 54 1448 34 16" "1 128 54 1448 34 16"
	"1 1 54 65535 34 16" "1 1 54 1 34 16" "1 1 54 1448 34 6" "1 1 54 1448 14 16" "255 1 54 1448 34 16"
)

# headers by chance; with debugging aids, each of a super-frame's pieces takes long
many=1000
case $VNICX_KERNEL in
uml*) many=60 ;;
esac

# answers ADDRESS OFFLOAD: to all of these, for a frame to that address, while a
# machine with such offloads is there to receive it
answers() {
	local -a words
	local out
	read -ra words <<<"${lies[*]/#/lie a }"
	# the last is so long that its own header cannot say it
	out=$(joined_lines open a ta open b tb ioctl a TUNSETSNDBUF 10000000 ioctl b TUNSETOFFLOAD "$2" \
		tcp a "$1" $A 3000 1448 "${words[@]}" fuzz a "$many" drain b \
		udp a "$1" $A 3000 3 1448 "${words[@]}" fuzz a "$many" drain b \
		tcp a "$1" $A 90 0 fuzz a "$many" drain b \
		send a "$1" $A 8100.5.88b6 60 "${words[@]}" fuzz a "$many" drain b tcp a "$1" $A 100000 1448 drain b)
	# macvtap's receiver loses what the processor's backlog has no room for
	sed -E 's/, [0-9]+ [0-9]+\>//g' <<<"$out"
}

no_ipv6
lan_setup
taps_of macvtap mode bridge
batch_in host "link set ta txqueuelen 10000" "link set tb txqueuelen 10000"
whole=$(answers $B 15) pieces=$(answers $B 0) none=$(answers 02:00:00:00:00:77 0)
batch_in host "link del ta" "link del tb"
ns vm
vnic v1 vm
taps_setup
batch_in host "link set ta txqueuelen 10000" "link set tb txqueuelen 10000"
t "macvtap accepts some headers and refuses some" matches "*3064*EINVAL*70*EINVAL*" "$whole"
t_is "headers that lie are answered as by macvtap to a machine that takes super-frames" "$whole" answers $B 15
t_is "headers that lie are answered as by macvtap to a machine that takes none" "$pieces" answers $B 0
t_is "headers that lie are answered as by macvtap to the wire" "$none" answers 02:00:00:00:00:77 0
t_is "headers that lie are answered as by macvtap to a stack" "$none" answers "${vnic_mac[v1]}" 0
drops=$(counter host ta tx_dropped)
read -ra words <<<"${lies[*]/#/lie a }"
refused=$(joined_lines open a ta send a $B $A 88b6 60 "${words[@]}" | grep -o EINVAL | wc -l)
t "each refused header is a drop of the sending tap" \
	test "$(counter host ta tx_dropped)" -ge $((drops + refused)) -a "$refused" -gt 10
taps "taps and a container reach each other after headers that lie" \
	"0, 0, 0, 60 to $A 88b5, 70, 60 to $B 88b6 intact" open a ta open b tb \
	run "frames -q -l 60 vm/v1 $A" recv a send a $B $A 88b6 60 recv b

# to_wire MSS: whether a super-frame with such segments leaves by the wire
to_wire() {
	local before
	before=$(counter lan eth0 rx_packets)
	inside host tap open a ta tcp a 02:00:00:00:00:77 $A 6000 "$1" >/dev/null
	[ "$(counter lan eth0 rx_packets)" -gt "$before" ]
}
t "a super-frame whose segments fit the wire leaves by it" to_wire 1448
t "a super-frame whose segments do not fit the wire does not leave by it" eval "! to_wire 2896"
