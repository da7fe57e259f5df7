#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# TCP in frames of MTU size between two namespaces, as a sender without
# segmentation makes them: received one by one, and merged by GRO. The
# sender's retransmit queue shares every frame, so GRO must first make a head of
# its own. A file is sent and dropped on arrival, as in the row stream-file.
#
# title: TCP in frames of MTU size, with and without GRO at the receiver
# case: 1-1500 instructions/MB one flow, MTU 1500
# case: 8-1500 instructions/MB eight flows, MTU 1500
# kernel: 6.1
# measure: counted
# shellcheck source-path=SCRIPTDIR
. "$VNICX_STAGE/tests/bench/lib.sh"

contestants vnicx vnicx+gro veth veth+gro

quiet
for kind in "${kinds[@]}"; do
	pair "$kind"
	inside "$kind-a" ethtool -K x tso off gso off
	[[ $kind != *+gro ]] || inside "$kind-b" ethtool -K x gro on
done

for flows in 1 8; do
	for _ in $(rounds 3); do
		for kind in "${kinds[@]}"; do
			measured "$flows-1500" "$kind" "$(talk file $flows "$kind-a" "$kind-b" 198.18.0.42 100)"
		done
	done
done
