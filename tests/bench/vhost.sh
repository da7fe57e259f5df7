#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# As the row tap, with vhost-net: 32 frames in the sender's ring, one kick, and 32 in the
# receiver's. The threads of both machines are part of it. There is no floor.
#
# title: 60-byte frames from a virtual machine to another, by vhost-net
# case: vhost instructions/frame one frame, 32 at a time
# kernel: 6.1
# measure: counted
# shellcheck source-path=SCRIPTDIR
. "$VNICX_STAGE/tests/bench/lib.sh"
quiet
have vhost_net
# shellcheck source-path=SCRIPTDIR
. "$VNICX_STAGE/tests/bench/taps.sh"

for _ in $(rounds 3); do
	for kind in "${kinds[@]}"; do
		measured vhost "$kind" "$(vhost-rate "${from_path[$kind]}" "${to_path[$kind]}" $to 20000 || echo lost)"
	done
done
