#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Frames that come 32 at once. Sent: a program gives the kernel 32 datagrams in
# one piece, which is cut up before the device's transmit function is called for
# each, with bottom halves off. pktgen's own bursts need a frame that the device
# may share, which none of these allows. Forwarded: the same enters a router's
# namespace by a veth whose NAPI takes up to 64 at a time, and leaves by the device.
# The floors are the same, into a device that drops at once.
#
# title: 60-byte frames, 32 at a time, from namespace to namespace
# case: sent instructions/frame sent by a socket, 32 in one piece
# case: forwarded instructions/frame forwarded by a router, from a NAPI
# kernel: 6.1
# measure: counted
# needs: ovs
# shellcheck source-path=SCRIPTDIR
. "$VNICX_STAGE/tests/bench/lib.sh"

contestants vnicx veth macvlan ipvlan veth+bridge veth+ovs
frames=19200

# known KIND MAC: where 198.18.0.42 is, without asking; and no frame in more pieces
known() {
	ip -n "$1-a" link set x gso_max_segs 1
	ip -n "$1-a" neighbour replace 198.18.0.42 lladdr "$2" dev x nud permanent
}

# router KIND: KIND-a forwards what KIND-g sends it
router() {
	local a=$1-a g=$1-g
	spaces "$g"
	ip link add g netns "$g" type veth peer name in netns "$a"
	batch_in "$a" "link set in up" "address add 203.0.113.2/24 dev in"
	batch_in "$g" "link set g up" "address add 203.0.113.1/24 dev g" "route add 198.18.0.0/24 dev g" \
		"neighbour add 198.18.0.42 lladdr $(mac "$a" in) dev g nud permanent"
	ip -n "$g" link set g gso_max_segs 1
	# a veth receives by NAPI for GRO's sake: when asked for that, and from a peer
	# that does not have its frames cut
	inside "$a" ethtool -K in gro on
	inside "$g" ethtool -K g tso off
	inside "$a" sysctl -q net.ipv4.ip_forward=1
}

quiet
have pktgen
ovs_start
spaces floor-a
ip link add x netns floor-a type dummy
batch_in floor-a "link set x up" "address add 198.18.0.1/24 dev x"
known floor 02:00:00:00:00:01
router floor
for kind in "${kinds[@]}"; do
	pair "$kind"
	drops "$kind-b" x
	known "$kind" "$(mac "$kind-b" x)"
	router "$kind"
done

for _ in $(rounds 3); do
	measured sent floor "$(inside floor-a burst 198.18.0.42 $frames)"
	measured forwarded floor "$(inside floor-g burst 198.18.0.42 $frames)"
	for kind in "${kinds[@]}"; do
		acquaint "$kind"
		measured sent "$kind" "$(arrive "$kind-b/x" $frames inside "$kind-a" burst 198.18.0.42 $frames)"
		measured forwarded "$kind" "$(arrive "$kind-b/x" $frames inside "$kind-g" burst 198.18.0.42 $frames)"
	done
done
