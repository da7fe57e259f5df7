#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The kernel's own parser reads the documents of check.sh, without complaint, and
# counts what ktap-count.awk counts: one where all passes, of a guest with KUnit
# suites and of one with a script, and one with a result of each kind. And what
# failed is told at the end.
#
#   check-ktap.sh             what guests once said, kept in tests/ktap: needs no guest
#   check-ktap.sh --guests    what guests say now (uml)
#   check-ktap.sh --keep      likewise, to be kept
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

# document ok|"not ok" NAME...: what check.sh makes of the guests of that name
document() {
	local result=$1 name number=0
	shift
	printf '%s\n' "KTAP version 1" "1..$#"
	for name; do
		awk -v name="$name" -f "$top/scripts/ktap-join.awk" "$guests/$name" | sed 's/^/  /'
		number=$((number + 1))
		echo "$result $number $name"
	done
}

passes() {
	local counts
	document ok kunit script >"$work/all"
	counts=$(agree "$work/all")
	[[ $counts =~ ^[1-9][0-9]+\ 0\ 0$ ]] || { cat "$work/all" && die "counted: $counts"; }
}

every_kind() {
	local counts
	document "not ok" every >"$work/every"
	counts=$(agree "$work/every")
	# Two pass, and loading, the guest's end and its log. "the script came to its end" does
	# not, nor do three titles that emit refuses.
	[ "$counts" = "5 6 1" ] || { cat "$work/every" && die "counted: $counts"; }
}

# failures FILE: what ktap-failed.awk finds, one line each, without explanations
failures() {
	awk -f "$top/scripts/ktap-failed.awk" "$1" | grep -v '^    '
}

# Each failure is found once, by its whole path, with its explanation.
failures_found() {
	local expected
	document "not ok" every script >"$work/failed"
	expected=$(sed 's/^/every > ktap.sh > /' <<-END
		a command that is to fail succeeds
		a number is printed
		a command succeeds
		and so does this one
		too short
		the script came to its end
	END
	)
	# All of this job's scripts pass, but the job itself is said to have failed.
	expected+=$'\n'script
	[ "$(failures "$work/failed")" = "$expected" ] || die "failed: $(failures "$work/failed")"
	awk -f "$top/scripts/ktap-failed.awk" "$work/failed" | grep -qFx '    exit status 0, expected: 2' ||
		die "no explanation: $(awk -f "$top/scripts/ktap-failed.awk" "$work/failed")"
}

# A guest that dies within a script leaves no result of that. How it died is told all
# the same, and not with what the script had said.
death_told() {
	local expected
	cat >"$work/died" <<-END
		KTAP version 1
		1..1
		  KTAP version 1
		  # Subtest: job
		  1..2
		    KTAP version 1
		    # Subtest: script
		    # expected: a
		    not ok 1 a title
		    # said by the script
		  # Kernel panic - not syncing
		  # log: file
		  not ok 1 the guest came to its end
		# 5 s after the start
		not ok 1 job
	END
	expected=$(cat <<-END
		job > script > a title
		    expected: a
		job > the guest came to its end
		    Kernel panic - not syncing
		    log: file
		job > 1 of 2 results are missing
	END
	)
	awk -f "$top/scripts/ktap-failed.awk" "$work/died" >"$work/told"
	[ "$(cat "$work/told")" = "$expected" ] || die "told: $(cat "$work/told")"
}

# Explanations have a bound, beyond which titles remain; and missing results are named.
failures_bounded() {
	local i
	{
		printf '%s\n' "KTAP version 1" "1..41"
		for ((i = 1; i <= 40; i++)); do
			printf '# line %d\n' {1..100}
			echo "not ok $i title $i"
		done
	} >"$work/long"
	awk -f "$top/scripts/ktap-failed.awk" "$work/long" >"$work/short"
	[ "$(grep -c '^title ' "$work/short")" -eq 40 ] || die "titles: $(grep -v '^    ' "$work/short")"
	[ "$(wc -l <"$work/short")" -le 460 ] || die "$(wc -l <"$work/short") lines"
	[ "$(sed -n '/^title 1$/,/^title 2$/p' "$work/short" | sed -n '2p; 21,23p; 32p')" = "$(printf '    %s\n' \
		"line 1" "line 20" "(70 lines)" "line 91" "line 100")" ] || die "$(head -n 40 "$work/short")"
	[ "$(tail -n 1 "$work/short")" = "1 of 41 results are missing" ] || die "$(tail -n 3 "$work/short")"
}

# ask NAME SCRIPT: a guest that runs it
ask() {
	bash "$top/scripts/vm.sh" --kernel uml --modules "$modules" --load vnicx \
		--log "$cache/log/ktap-uml.log" "$2" >"$guests/$1"
}

ask_guests() {
	local modules
	modules=$(bash "$top/scripts/build.sh" uml)
	mkdir -p "$guests"
	ask kunit kunit.sh
	ask script netns/smoke.sh
	! ask every ktap.sh || die "it passes"
}

main() {
	local kunit work guests=$top/tests/ktap
	kunit=$(bash "$top/scripts/kernels.sh" source)/tools/testing/kunit/kunit.py
	work=$(mktemp -d)
	# shellcheck disable=SC2064 # this one
	trap "rm -rf '$work'" EXIT
	case ${1:-} in
	--guests) guests=$work/guests && ask_guests ;;
	--keep) ask_guests ;;
	esac
	passes
	every_kind
	failures_found
	death_told
	failures_bounded
}

main "$@"
