#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# As the rows switch and latency, the latter in all, beside netkit, which 6.1 has not: a pair of
# devices for containers, without a switch, in its mode for frames with Ethernet addresses.
#
# title: from namespace to namespace, beside netkit
# case: switch instructions/frame one frame at a time
# case: tcp instructions/exchange one byte there and one back, TCP, in all
# case: udp instructions/exchange one byte there and one back, UDP, in all
# kernel: 6.12
# measure: counted
# needs: netkit
# shellcheck source-path=SCRIPTDIR
. "$VNICX_STAGE/tests/bench/lib.sh"

contestants vnicx veth netkit macvlan
frames=20000
declare -A to

quiet
have pktgen
adapter floor
for kind in "${kinds[@]}"; do
	pair "$kind"
	to[$kind]=$(mac "$kind-b" x)
done

for _ in $(rounds 3); do
	for how in tcp udp; do
		for kind in "${kinds[@]}"; do
			measured $how "$kind" "$(talk rr $how "$kind-a" "$kind-b" 198.18.0.42 2000)"
		done
	done
	measured switch floor "$(generate here floor-low 02:00:00:00:00:01 $frames)"
	for kind in "${kinds[@]}"; do
		drops "$kind-b" x
		acquaint "$kind"
		measured switch "$kind" "$(arrive "$kind-b/x" $frames generate "$kind-a" x "${to[$kind]}" $frames)"
		tc -n "$kind-b" qdisc delete dev x clsact
	done
done
