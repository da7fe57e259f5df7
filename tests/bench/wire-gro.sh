#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# TCP from the wire to a namespace, of a file that is dropped on arrival, as in the row
# stream-file: in super-frames, as an adapter hands them over that has merged them; in
# frames of MTU size that nobody merges; and in those with GRO at the lower device. "lower"
# is the lower device itself, without anything over it.
#
# title: TCP from the wire, whole and in frames of MTU size
# case: whole instructions/MB super-frames of 64 kB
# case: mtu instructions/MB frames of 1,500 bytes
# case: gro instructions/MB frames of 1,500 bytes, merged by GRO at the lower device
# kernel: 6.1
# measure: counted
# shellcheck source-path=SCRIPTDIR
. "$VNICX_STAGE/tests/bench/lib.sh"
# shellcheck source-path=SCRIPTDIR
. "$VNICX_STAGE/tests/bench/wires.sh"

contestants vnicx macvlan ipvlan veth+bridge

# lower KIND COMMAND...: where its lower device is
lower() {
	local where=here
	[ "$1" != lower ] || where=lower-b
	inside $where "${@:2}"
}

quiet
stations lower

for case in whole mtu gro; do
	wants $case || continue
	for kind in lower "${kinds[@]}"; do
		[ $case = whole ] || inside "$kind-w" ethtool -K w tso off gso off
		[ $case != gro ] || lower "$kind" ethtool -K "$kind-in" gro on
	done
	for _ in $(rounds 5); do
		for kind in lower "${kinds[@]}"; do
			measured $case "$kind" "$(talk file 1 "$kind-w" "$kind-b" 198.18.0.42 100)"
		done
	done
done
