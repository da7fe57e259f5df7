#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# TCP between two namespaces without a copy at either end: a file is sent, and
# dropped on arrival. So the instructions can be counted that the way takes,
# which in the row stream is the smaller part.
#
# title: TCP from namespace to namespace, a file that nobody reads
# case: 1-1500 instructions/MB one flow, MTU 1500
# case: 8-1500 instructions/MB eight flows, MTU 1500
# case: 1-9000 instructions/MB one flow, MTU 9000
# case: 8-9000 instructions/MB eight flows, MTU 9000
# kernel: 6.1
# measure: counted
# needs: ovs
# shellcheck source-path=SCRIPTDIR
. "$VNICX_STAGE/tests/bench/lib.sh"
# shellcheck source-path=SCRIPTDIR
. "$VNICX_STAGE/tests/bench/mtu.sh"

contestants vnicx veth macvlan ipvlan veth+bridge veth+ovs

quiet
ovs_start
for kind in "${kinds[@]}"; do
	pair "$kind"
done

for bytes in 1500 9000; do
	mtu $bytes
	for flows in 1 8; do
		for _ in $(rounds 3); do
			for kind in "${kinds[@]}"; do
				measured "$flows-$bytes" "$kind" \
					"$(talk file $flows "$kind-a" "$kind-b" 198.18.0.42 100)"
			done
		done
	done
done
