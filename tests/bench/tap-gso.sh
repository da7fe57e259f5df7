#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# As the row tap, with TCP segments of 64 kB, as a virtual machine's driver hands
# them over: whole, to be cut by whoever cannot take them so. By the clock. Once
# over an adapter that has segmentation offload, once over one that has not; the
# bridge has none.
#
# title: 64 kB segments from a virtual machine's tap to another's
# case: gso ns/frame one segment of 64 kB
# case: no-tso ns/frame one segment of 64 kB, over a lower device without TSO
# kernel: uml-plain
# measure: clock
# shellcheck source-path=SCRIPTDIR
. "$VNICX_STAGE/tests/bench/lib.sh"
quiet
# shellcheck source-path=SCRIPTDIR
. "$VNICX_STAGE/tests/bench/taps.sh"

# rate KIND: of three attempts, as softirqs may be left to their daemon once
rate() {
	for _ in 1 2 3; do
		! tap-rate "${from_path[$1]}" "${to_path[$1]}" $to 3200 gso || return 0
	done
	echo lost
}

# contest CASE
contest() {
	for round in $(rounds 7); do
		for kind in $(turns "$round"); do
			measured "$1" "$kind" "$(rate "$kind")"
		done
	done
}

contest gso
ethtool -K vnicxtap-low tso off
ethtool -K macvtap-low tso off
contest no-tso
