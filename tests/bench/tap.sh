#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# 60-byte frames from one virtual machine's tap to another's, written and read in
# batches of 32 by a program that costs all of them the same. There is no floor.
#
# title: 60-byte frames from a virtual machine's tap to another's
# case: tap instructions/frame one frame
# kernel: 6.1
# measure: counted
# shellcheck source-path=SCRIPTDIR
. "$VNICX_STAGE/tests/bench/lib.sh"
quiet
# shellcheck source-path=SCRIPTDIR
. "$VNICX_STAGE/tests/bench/taps.sh"

for _ in $(rounds 3); do
	for kind in "${kinds[@]}"; do
		measured tap "$kind" "$(tap-rate "${from_path[$kind]}" "${to_path[$kind]}" $to 20000 || echo lost)"
	done
done
