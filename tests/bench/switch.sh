#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# One frame of 60 bytes after the other, from pktgen on a device in one
# namespace to one in another, where tc drops it on arrival. The floor is what
# pktgen needs for a device that drops at once.
#
# title: 60-byte frames, one by one, from namespace to namespace
# case: switch instructions/frame one frame at a time
# kernel: 6.1
# measure: counted
# needs: ovs
# shellcheck source-path=SCRIPTDIR
. "$VNICX_STAGE/tests/bench/lib.sh"

contestants vnicx veth macvlan ipvlan veth+bridge veth+ovs
frames=20000
declare -A to

quiet
have pktgen
ovs_start
adapter floor
for kind in "${kinds[@]}"; do
	pair "$kind"
	drops "$kind-b" x
	to[$kind]=$(mac "$kind-b" x)
done

for _ in $(rounds 3); do
	measured switch floor "$(generate here floor-low 02:00:00:00:00:01 $frames)"
	for kind in "${kinds[@]}"; do
		acquaint "$kind"
		measured switch "$kind" "$(arrive "$kind-b/x" $frames generate "$kind-a" x "${to[$kind]}" $frames)"
	done
done
