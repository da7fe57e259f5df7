#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# One byte there and one back, by TCP and by UDP, between processes in two
# namespaces: all that the processor does for it, system calls and the switching
# between the processes included. The floor is the same over a namespace's loopback.
#
# title: one byte there and one back
# case: tcp instructions/exchange TCP, above the loopback's
# case: udp instructions/exchange UDP, above the loopback's
# case: tcp-all instructions/exchange TCP, in all
# case: udp-all instructions/exchange UDP, in all
# kernel: 6.1
# measure: counted
# needs: ovs
# shellcheck source-path=SCRIPTDIR
. "$VNICX_STAGE/tests/bench/lib.sh"

contestants vnicx veth macvlan ipvlan veth+bridge veth+ovs

quiet
have pktgen
ovs_start
spaces floor-a
ip -n floor-a link set lo up
for kind in "${kinds[@]}"; do
	pair "$kind"
done

for _ in $(rounds 3); do
	for how in tcp udp; do
		value=$(talk rr $how floor-a floor-a 127.0.0.1 2000)
		measured $how floor "$value"
		for kind in "${kinds[@]}"; do
			acquaint "$kind"
			value=$(talk rr $how "$kind-a" "$kind-b" 198.18.0.42 2000)
			measured $how "$kind" "$value"
			measured $how-all "$kind" "$value"
		done
	done
done
