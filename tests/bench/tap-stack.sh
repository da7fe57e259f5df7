#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# 60-byte frames from a virtual machine's tap to a stack of the same machine: to the host's
# own, which macvtap cannot reach, and to a container's, where macvtap's peer is a macvlan
# and the bridge's a veth. The host may have a tap without a bridge, too. tc drops them on
# arrival. There is no floor.
#
# title: 60-byte frames from a virtual machine's tap to a stack
# case: tap-host instructions/frame to the host
# case: tap-netns instructions/frame to a container
# kernel: 6.1
# measure: counted
# shellcheck source-path=SCRIPTDIR
. "$VNICX_STAGE/tests/bench/lib.sh"

contestants vnicxtap macvtap tap+bridge tap
from=02:00:00:00:00:99
frames=20000
declare -A path host to

# connect KIND: a tap, its host's device, and x in KIND-b
connect() {
	local kind=$1 type=${1/tap/} options
	spaces "$kind-b"
	case $kind in
	tap*)
		ip tuntap add "$kind-a" mode tap vnet_hdr
		path[$kind]=$kind-a host[$kind]=$kind-a
		;;
	*)
		[ "$type" != macv ] || type=macvlan
		options=$(mode "$type")
		batch "link add $kind-low type dummy" "link set $kind-low up" \
			"link add link $kind-low name $kind-a address $from type $kind $options" \
			"link add link $kind-low name x netns $kind-b type $type $options"
		path[$kind]=/dev/tap$(<"/sys/class/net/$kind-a/ifindex")
		[ "$kind" = macvtap ] || host[$kind]=$kind-low
		;;
	esac
	if [ "$kind" = tap+bridge ]; then
		batch "link add bridge0 type bridge mcast_snooping 0" "link set bridge0 up" \
			"link add x netns $kind-b type veth peer name port" "link set port master bridge0 up" \
			"link set $kind-a master bridge0"
		host[$kind]=bridge0
	fi
	ip link set "$kind-a" up
	[ -z "${host[$kind]:-}" ] || drops here "${host[$kind]}"
	if [ "$kind" != tap ]; then
		ip -n "$kind-b" link set x up
		drops "$kind-b" x
		to[$kind]=$(mac "$kind-b" x)
	fi
}

quiet
have pktgen tun macvtap
for kind in "${kinds[@]}"; do
	connect "$kind"
done

for _ in $(rounds 3); do
	for kind in "${kinds[@]}"; do
		[ -z "${host[$kind]:-}" ] ||
			measured tap-host "$kind" "$(arrive "here/${host[$kind]}" $frames \
				tap-rate "${path[$kind]}" - "$(mac here "${host[$kind]}")" $frames)"
		if [ "$kind" != tap ]; then
			generate "$kind-b" x $from 32 >/dev/null
			measured tap-netns "$kind" "$(arrive "$kind-b/x" $frames \
				tap-rate "${path[$kind]}" - "${to[$kind]}" $frames)"
		fi
	done
done
