#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Devices over one adapter: making each, by one `ip -batch`, the memory it takes, and
# deleting all of them by deleting the lower device. A dummy, which is over no lower device,
# shows what any device costs; a veth's other end becomes a port of the bridge that
# it has instead of a lower device. Open vSwitch's ports are its daemon's work.
#
# title: making and deleting 1,000 and 10,000
# case: make-1000 instructions/device making 1,000
# case: make-10000 instructions/device making 10,000
# case: memory-1000 kB/device memory, of 1,000
# case: memory-10000 kB/device memory, of 10,000
# case: delete-1000 instructions/device deleting 1,000
# case: delete-10000 instructions/device deleting 10,000
# kernel: 6.1
# measure: counted
# memory: 3G
# timeout: 900
# shellcheck source-path=SCRIPTDIR
. "$VNICX_STAGE/tests/bench/lib.sh"
# shellcheck source-path=SCRIPTDIR
. "$VNICX_STAGE/tests/bench/devices.sh"

contestants vnicx macvlan ipvlan

delete() {
	local kind=$1 number=$2 where=$1-$2 begin end
	begin=$(now begin)
	ip -n "$where" link delete lower
	end=$(now end)
	each delete "$kind" "$number" "$end - $begin"
	ip netns delete "$where"
}

numbers=(1000 10000)
[ -z "${bench_kinds:-}" ] || numbers=(1000)
quiet
if [ -z "${bench_kinds:-}" ]; then
	make dummy 1000
	make veth+bridge 1000
fi
for number in "${numbers[@]}"; do
	for kind in "${kinds[@]}"; do
		make "$kind" "$number"
	done
done
for number in "${numbers[@]}"; do
	for kind in "${kinds[@]}"; do
		delete "$kind" "$number"
	done
done
[ -z "${bench_kinds:-}" ] || exit 0
again=yes
for _ in 2 3; do
	for kind in "${kinds[@]}"; do
		make "$kind" 1000
		delete "$kind" 1000
	done
done
