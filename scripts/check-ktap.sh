#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The kernel's own parser reads the documents of check.sh, without complaint, and
# counts what ktap-count.awk counts: one where all passes, of a guest with KUnit
# suites and of one with a script, and one with a result of each kind.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# parsed FILE: "PASSED FAILED SKIPPED", as kunit.py has them
parsed() {
	local line word counts
	# its status is that of the results
	python3 "$kunit" parse "$1" >"$work/parsed" </dev/null || :
	! grep -F '[ERROR]' "$work/parsed" || die "kunit.py complains"
	line=$(grep -o 'Testing complete\. .*' "$work/parsed") || die "kunit.py finds no results"
	[[ ! $line =~ (crashed|errors) ]] || die "kunit.py: $line"
	counts=''
	for word in passed failed skipped; do
		if [[ $line =~ $word:\ ([0-9]+) ]]; then
			counts+="${BASH_REMATCH[1]} "
		else
			counts+="0 "
		fi
	done
	echo "${counts% }"
}

# agree FILE: both parsers; prints the counts
agree() {
	local ours theirs
	theirs=$(parsed "$1")
	ours=$(awk -f "$top/scripts/ktap-count.awk" "$1")
	[ "$ours" = "$theirs" ] || die "passed, failed, skipped: ours $ours, kunit.py's $theirs"
	echo "$ours"
}

passes() {
	local counts
	KERNEL=uml bash "$top/scripts/check.sh" kunit netns/smoke >"$work/all" || { cat "$work/all" && return 1; }
	counts=$(agree "$work/all")
	# the last line says the same, in words
	[ "$(tail -n 1 "$work/all")" = "${counts%% *} passed, 0 failed" ] || die "counted: $counts"
}

every_kind() {
	local modules counts
	modules=$(bash "$top/scripts/build.sh" uml)
	! bash "$top/scripts/vm.sh" --kernel uml --modules "$modules" --load vnicx \
		--log "$cache/log/ktap-uml.log" ktap.sh >"$work/guest" || die "it passes"
	{
		printf '%s\n' "KTAP version 1" 1..1
		awk -v name=every -f "$top/scripts/ktap-join.awk" "$work/guest" | sed 's/^/  /'
		echo "not ok 1 every"
	} >"$work/every"
	counts=$(agree "$work/every")
	# two pass, and loading, the guest's end and its log; "the script came to its end" does not
	[ "$counts" = "5 3 1" ] || { cat "$work/every" && die "counted: $counts"; }
}

main() {
	local kunit work
	kunit=$(bash "$top/scripts/kernels.sh" source)/tools/testing/kunit/kunit.py
	work=$(mktemp -d)
	# shellcheck disable=SC2064 # this one
	trap "rm -rf '$work'" EXIT
	passes
	every_kind
}

main "$@"
