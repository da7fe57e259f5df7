#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# One frame of 60 bytes after the other, from pktgen on a device in one
# namespace to one in another, where tc drops it on arrival. The floor is what
# pktgen needs for a device that drops at once.
# timeout: 600
# shellcheck source-path=SCRIPTDIR
. "$VNICX_STAGE/tests/bench/lib.sh"

ROW=switch
kinds=(veth vnicx macvlan ipvlan veth+bridge)
declare -A mac

# A device x in the namespace KIND-a, one in KIND-b, and what is between them
make() {
	local kind=$1 a=$1-a b=$1-b
	ip netns add "$a"
	ip netns add "$b"
	case $kind in
	veth)
		ip link add x netns "$a" type veth peer name x netns "$b"
		;;
	veth+bridge)
		batch "link add bridge0 type bridge mcast_snooping 0" "link set bridge0 up" \
			"link add x netns $a type veth peer name pa" "link add x netns $b type veth peer name pb" \
			"link set pa master bridge0 up" "link set pb master bridge0 up"
		;;
	*)
		batch "link add $kind-lower type dummy" "link set $kind-lower up"
		ip link add link "$kind-lower" name x netns "$a" type "$kind" "${options[@]}"
		ip link add link "$kind-lower" name x netns "$b" type "$kind" "${options[@]}"
		;;
	esac
	ip -n "$a" link set x up
	ip -n "$b" link set x up
	drops "$b" x
	mac[$kind]=$(inside "$b" cat /sys/class/net/x/address)
}

# ipvlan's devices share an address and look into the frame, which must be for
# the other's IP address.
address() {
	[ "$1" = ipvlan ] || return 0
	ip -n ipvlan-a address add 192.0.2.1/24 dev x
	ip -n ipvlan-b address add 198.18.0.42/24 dev x
}

received() {
	inside "$1-b" cat /sys/class/net/x/statistics/rx_packets
}

silence
modprobe pktgen
ip link add floor type dummy
ip link set floor up
ip netns attach here 1
for kind in "${kinds[@]}"; do
	options=()
	[ "$kind" != macvlan ] || options=(mode bridge)
	[ "$kind" != ipvlan ] || options=(mode l2)
	make "$kind"
	address "$kind"
done

frames=20000
for _ in 1 2 3; do
	measured floor "$(generate here floor 02:00:00:00:00:01 $frames)"
	for kind in "${kinds[@]}"; do
		before=$(received "$kind")
		value=$(generate "$kind-a" x "${mac[$kind]}" $frames)
		# what did not arrive was not switched
		[ $(($(received "$kind") - before)) -ge $((frames * 99 / 100)) ] || value=lost
		measured "$kind" "$value"
	done
done
