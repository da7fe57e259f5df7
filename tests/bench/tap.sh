#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# 60-byte frames from one virtual machine's tap to another's, written and read in
# batches of 32 by a program that costs all of them the same. There is no floor.
#
# title: 60-byte frames from a virtual machine's tap to another's
# case: tap instructions/frame one frame
# kernel: 6.1
# measure: counted
# shellcheck source-path=SCRIPTDIR
. "$VNICX_STAGE/tests/bench/lib.sh"

to=02:00:00:00:00:0b
declare -A from_path to_path

# over KIND OPTION...: two of a kind with character devices
over() {
	local kind=$1
	shift
	batch "link add $kind-low type dummy" "link set $kind-low up" \
		"link add link $kind-low name $kind-a type $kind $*" \
		"link add link $kind-low name $kind-b address $to type $kind $*" \
		"link set $kind-a up" "link set $kind-b up"
	from_path[$kind]=/dev/tap$(<"/sys/class/net/$kind-a/ifindex")
	to_path[$kind]=/dev/tap$(<"/sys/class/net/$kind-b/ifindex")
}

silence
have tun
over vnicxtap
over macvtap mode bridge
batch "link add bridge0 type bridge mcast_snooping 0" "link set bridge0 up" \
	"tuntap add tun-a mode tap vnet_hdr" "tuntap add tun-b mode tap vnet_hdr" \
	"link set tun-a master bridge0 up" "link set tun-b master bridge0 up"
from_path[tap+bridge]=tun-a
to_path[tap+bridge]=tun-b

for _ in 1 2 3; do
	for kind in vnicxtap macvtap tap+bridge; do
		measured tap "$kind" "$(tap-rate "${from_path[$kind]}" "${to_path[$kind]}" $to 20000 || echo lost)"
	done
done
