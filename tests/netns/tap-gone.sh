#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# kernels: uml uml-smp
#
# Several vNICs with character devices are deleted at once, while super-frames come to
# the first of them. It is up without a receive handler then, until the others have lost
# theirs. Faults show in the kernel's log, which the runner reads.
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"
# shellcheck source=helpers/taps.sh
. "${0%/*}/helpers/taps.sh"
# shellcheck source=helpers/churning.sh
. "${0%/*}/helpers/churning.sh"

# tb first, and what keeps it waiting
make_group() {
	local n lines=("link add link eth0 name tb address $B group 7 up type vnicxtap")
	for n in {1..30}; do
		lines+=("link add link eth0 name t$n group 7 type vnicxtap")
	done
	batch_in host "${lines[@]}"
}

delete_groups() {
	for _ in {1..4}; do
		make_group
		ip -n host link delete group 7
	done
}

no_ipv6
lan_setup
taps_setup
batch_in host "link delete tb" "link add link eth0 name tc up type vnicxtap"
words=()
for _ in {1..200}; do
	words+=(tcp a "$B" "$A" 60000 1448)
done
sent=$(counter host ta tx_packets)
again inside host tap open a ta "${words[@]}"
again inside host tap open a tc "${words[@]}"
t "groups of 31 taps are deleted four times while super-frames come" delete_groups
sent=$(($(counter host ta tx_packets) - sent))
t "more than 100 super-frames were sent meanwhile" test "$sent" -gt 100
# shellcheck disable=SC2086 # a list
end $traffic
make_group
taps "a tap is reached as before when groups were deleted" "0, 0, 70, 60 to $B 88b5" \
	open a ta open b tb send a "$B" "$A" 88b5 60 recv b
