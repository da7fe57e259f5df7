#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# TCP between two namespaces, as fast as it will go, by the clock. With BIG TCP,
# frames of up to 192 kB, for those whose adapter lets them.
#
# title: TCP from namespace to namespace
# case: 1-1500 Gbit/s one flow, MTU 1500
# case: 8-1500 Gbit/s eight flows, MTU 1500
# case: 1-9000 Gbit/s one flow, MTU 9000
# case: 8-9000 Gbit/s eight flows, MTU 9000
# case: 1-1500-big Gbit/s one flow, MTU 1500, BIG TCP
# case: 8-1500-big Gbit/s eight flows, MTU 1500, BIG TCP
# case: 1-9000-big Gbit/s one flow, MTU 9000, BIG TCP
# case: 8-9000-big Gbit/s eight flows, MTU 9000, BIG TCP
# kernel: uml-plain
# measure: clock
# needs: ovs
# timeout: 400
# shellcheck source-path=SCRIPTDIR
. "$VNICX_STAGE/tests/bench/lib.sh"
# shellcheck source-path=SCRIPTDIR
. "$VNICX_STAGE/tests/bench/mtu.sh"

contestants vnicx veth macvlan ipvlan veth+bridge veth+ovs

# big BYTES: the largest frames of those that can have them so large
big() {
	local kind end
	for kind in "${kinds[@]}"; do
		for end in a b; do
			ip -n "$kind-$end" link set x gso_ipv4_max_size "$1" gro_ipv4_max_size "$1" \
				gso_max_size "$1" gro_max_size "$1" 2>/dev/null || :
		done
	done
}

quiet
ovs_start
for kind in "${kinds[@]}"; do
	pair "$kind"
done

for size in 65536 196608; do
	suffix=
	[ $size = 65536 ] || suffix=-big
	big $size
	for bytes in 1500 9000; do
		mtu $bytes
		for flows in 1 8; do
			for round in $(rounds 9); do
				for kind in $(turns "$round"); do
					measured "$flows-$bytes$suffix" "$kind" \
						"$(talk stream $flows "$kind-a" "$kind-b" 198.18.0.42 150)"
				done
			done
		done
	done
done
