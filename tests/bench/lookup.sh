#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The row switch, with more and more devices on the adapter. Frames go to eight of
# them in turn, as a table's chains are not equally long.
#
# title: 60-byte frames among 10, 1,000 and 10,000
# case: 10 instructions/frame among 10
# case: 1000 instructions/frame among 1,000
# case: 10000 instructions/frame among 10,000
# kernel: 6.1
# measure: counted
# memory: 3G
# timeout: 900
# shellcheck source-path=SCRIPTDIR
. "$VNICX_STAGE/tests/bench/lib.sh"
# shellcheck source-path=SCRIPTDIR
. "$VNICX_STAGE/tests/bench/crowd.sh"

kinds=(vnicx macvlan)
frames=2000

# eighths KIND SIZE: the mean over eight devices of the crowd
eighths() {
	local n values=0
	for ((n = 1; n <= 8; n++)); do
		values="$values + $(generate "$1-a" x "$(mac "$1-c" "c$(($2 * n / 8))")" $frames)"
	done
	awk "BEGIN { printf \"%.1f\", ($values) / 8 }"
}

silence
have pktgen
adapter floor
for kind in "${kinds[@]}"; do
	pair "$kind"
done

size=0
for next in 10 1000 10000; do
	crowds $((size + 1)) $next "${kinds[@]}"
	size=$next
	for _ in 1 2 3; do
		measured $size floor "$(generate here floor-low 02:00:00:00:00:01 $frames)"
		for kind in "${kinds[@]}"; do
			before=$(crowd_got "$kind")
			value=$(eighths "$kind" $size)
			[ $(($(crowd_got "$kind") - before)) -ge $((frames * 8)) ] || value=lost
			measured $size "$kind" "$value"
		done
	done
done
