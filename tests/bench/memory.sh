#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# As the memory in the row create, where 64 processors are possible: each has its own
# counters of each device.
#
# title: the memory of each of 1,000 devices, with 64 possible processors
# case: memory-1000 kB/device memory, of 1,000
# kernel: 6.1
# measure: counted
# memory: 1G
# append: possible_cpus=64
# shellcheck source-path=SCRIPTDIR
. "$VNICX_STAGE/tests/bench/lib.sh"
# shellcheck source-path=SCRIPTDIR
. "$VNICX_STAGE/tests/bench/devices.sh"

contestants dummy vnicx macvlan ipvlan veth+bridge
quiet
[ "$(</sys/devices/system/cpu/possible)" = 0-63 ]
for kind in "${kinds[@]}"; do
	make "$kind" 1000
done
