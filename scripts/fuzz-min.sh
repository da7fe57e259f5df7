#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Looks for a short run of the fuzzer that still fails: of one role, the fewest
# operations in a row, by halving. It cannot shorten what one role does not bring
# about by itself and each time; then the log (FUZZ_OPTIONS=-v) says what the
# roles did last.
#
#   fuzz-min.sh KERNEL SECONDS SEED ROLE
#
# Prints the command that repeats what is left.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# fails FIRST LAST: whether those operations make a run fail
fails() {
	local status=0
	FUZZ_OPTIONS="-v -r $role -o $1-$2" bash "$top/scripts/check-guest.sh" fuzz "$kernel" "$seconds" "$seed" \
		>"$out" 2>&1 || status=$?
	say "operations $1 to $2: $([ "$status" -eq 0 ] && echo pass || echo fail)"
	[ "$status" -ne 0 ]
}

# The last operation that was begun, from the log of a whole run
last_begun() {
	sed -nE "s/.*fuzz: $role ([0-9]+) .*/\1/p" "$cache/log/fuzz-$kernel-1.log" | tail -n 1
}

main() {
	kernel=$1 seconds=$2 seed=$3 role=$4
	out=$(mktemp)
	trap 'rm -f "$out"' EXIT
	local first=0 last passes middle
	fails 0 1000000000 || die "$role alone does not fail with seed $seed in $seconds seconds"
	last=$(last_begun)
	passes=-1
	while [ $((last - passes)) -gt 1 ]; do
		middle=$(((passes + last) / 2))
		if fails 0 "$middle"; then last=$middle; else passes=$middle; fi
	done
	passes=$((last + 1))
	while [ $((passes - first)) -gt 1 ]; do
		middle=$(((first + passes) / 2))
		if fails "$middle" "$last"; then first=$middle; else passes=$middle; fi
	done
	fails "$first" "$last" || die "it does not fail each time"
	grep -E 'kernel: |not ok' "$out" | sed 's/^/# /'
	echo "KERNEL=$kernel FUZZ_OPTIONS='-v -r $role -o $first-$last' bash scripts/check.sh fuzz $seconds $seed"
}

main "$@"
