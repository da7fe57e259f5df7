#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# profile.sh counts what there is to be counted: for 20,000 frames, as many instructions as
# the guest's clock says, in functions that send and receive them.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

frames=20000

# figure REGEX: what the table says of the line that begins like that
figure() {
	sed -nE "s/^  $1 +(-?[0-9.]+)\$/\1/p" "$work/table"
}

# near WORDS A B: they differ by 3 % at most
near() {
	awk -v a="$2" -v b="$3" 'BEGIN { exit !(a > 0 && b > 0 && a < b * 1.03 && b < a * 1.03) }' ||
		die "$1: $2, not about $3"
}

main() {
	local number kind value counted above
	work=$(mktemp -d)
	# shellcheck disable=SC2064 # this one
	trap "rm -rf '$work'" EXIT
	bash "$top/scripts/profile.sh" --keep "$work" switch vnicx >"$work/table"
	cat "$work/table"
	number=0
	while read -r _ kind value; do
		number=$((number + 1))
		counted=$(awk -v frames=$frames '{ n += $2 } END { print n / frames }' "$work/counts/$number")
		near "instructions for a frame, $kind" "$counted" "$value"
	done <"$work/values"
	above=$(awk '$2 == "floor" { floor = $3 } $2 == "vnicx" { print $3 - floor }' "$work/values")
	near "total" "$(figure total)" "$above"
	# each once for a frame, and pktgen as often for the floor
	[ "$(figure 'vnicx_deliver \[vnicx\]')" ] || die "nothing is delivered"
	[ "$(figure '__netif_receive_skb_core.*')" ] || die "nothing is received"
	[ -z "$(figure 'all of \[pktgen\]')" ] || die "the floor has no pktgen"
}

main "$@"
