#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# As the row latency, by the wire: between a process there and one in a namespace. "lower"
# is the lower device itself, without anything over it. It is not subtracted: the others
# have a few percent more, and single rounds differ by one.
#
# title: one byte there and one back, by the wire
# case: tcp instructions/exchange TCP
# case: udp instructions/exchange UDP
# case: connect instructions/exchange a TCP connection made, one byte, closed
# kernel: 6.1
# measure: counted
# needs: ovs
# shellcheck source-path=SCRIPTDIR
. "$VNICX_STAGE/tests/bench/lib.sh"
# shellcheck source-path=SCRIPTDIR
. "$VNICX_STAGE/tests/bench/wires.sh"

contestants vnicx macvlan ipvlan veth+bridge veth+ovs

quiet
ovs_start
stations lower

declare -A exchanges=([tcp]=4000 [udp]=4000 [connect]=1000)
for _ in $(rounds 5); do
	for how in tcp udp connect; do
		wants $how || continue
		for kind in lower "${kinds[@]}"; do
			measured $how "$kind" "$(talk rr $how "$kind-w" "$kind-b" 198.18.0.42 "${exchanges[$how]}")"
		done
	done
done
