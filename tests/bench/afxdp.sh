#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# From an AF_XDP socket on a device in one namespace to one in another, all that the
# program does for it included. The receiver's program is run by the driver where there
# is such (native), or by the core (generic). There is no floor.
#
# title: from an AF_XDP socket to another
# case: 60 instructions/frame 60 bytes, 32 at a time
# case: 1500 instructions/frame 1,500 bytes, 32 at a time
# case: 60-single instructions/frame 60 bytes, one by one
# kernel: 6.1
# measure: counted
# shellcheck source-path=SCRIPTDIR
. "$VNICX_STAGE/tests/bench/lib.sh"

contestants vnicx veth veth+generic macvlan

# rate CASE KIND BYTES BATCH
rate() {
	local words=()
	wants "$1" || return 0
	[[ $2 != *+generic ]] || words=(generic)
	measured "$1" "$2" "$(xsk-rate "$2-a" "$2-b" x "$3" "$4" 9600 "${words[@]}" || echo lost)"
}

quiet
for kind in "${kinds[@]}"; do
	pair "$kind"
done

for _ in $(rounds 3); do
	for kind in "${kinds[@]}"; do
		rate 60 "$kind" 60 32
		rate 1500 "$kind" 1500 32
		rate 60-single "$kind" 60 1
	done
done
