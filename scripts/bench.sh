#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Measures vnicx beside its peers. Sets up what it needs.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=bench/row.sh
. "$top/scripts/bench/row.sh"

usage() {
	cat <<-END
	usage: bench.sh [--out DIRECTORY] [--kernel KERNEL] [ROW...]

	  --list           the rows
	  --out DIRECTORY  where the results go ($cache/bench)
	  --kernel KERNEL  measures on that one, which only rows by the clock let choose

	Measures the rows, all of them if none is named, and prints a table. results.txt,
	results.json and results.svg have the last result of every row.
	END
}

# measure ROW: what it printed, behind what its head says of it
measure() {
	local row=$1 kernel measure log=$cache/log/bench-$1.log
	kernel=$(row_kernel "$row")
	measure=$(row_header "$row" measure)
	say "measuring: $row, kernel $kernel"
	run_row "$row" --log "$log" >"$values/$row.new" ||
		{ cat "$values/$row.new" >&2 && die "the row failed: $row (log in $log)"; }
	{
		printf 'row\t%s\t%s\t%s\t%s\t%s\n' "$row" "$kernel" "$measure" "$(date -u +%F)" "$(row_header "$row" title)"
		row_header "$row" "case" | sed -E "s/^([^ ]+) ([^ ]+) /case\t$row\t\1\t\2\t/"
		awk -v row="$row" -v OFS='\t' 'NF == 3 && $3 ~ /^([0-9.]+|lost)$/ { print "value", row, $1, $2, $3 }' \
			"$values/$row.new"
	} >"$values/$row"
	report table "$values/$row"
	# where a row's losses were counted
	sed -n '/^counted: /{ s/ [0-9]*\( \|$\)/\1/g; s/^/  /; p }' "$values/$row.new" | sort -u
}

# report KIND VALUES...
report() {
	awk -f "$top/scripts/bench/results.awk" -f "$top/scripts/bench/$1.awk" "${@:2}"
}

write_results() {
	local row files=()
	for row in "${rows[@]}"; do
		[ ! -e "$values/$row" ] || files+=("$values/$row")
	done
	[ "${#files[@]}" -gt 0 ] || return 0
	mkdir -p "$out"
	report table "${files[@]}" >"$out/results.txt"
	report json "${files[@]}" >"$out/results.json"
	report points "${files[@]}" >"$work/points"
	# rows without vnicx have nothing to show
	[ ! -s "$work/points" ] ||
		gnuplot -e "points = '$work/points'; picture = '$out/results.svg'" "$top/scripts/bench/plot.gnuplot"
	say "results are in $out"
}

main() {
	local out=$cache/bench work bin values row status wanted=() failed=() kernel_of_rows=
	while [ $# -gt 0 ]; do
		case $1 in
		-h | --help) usage && exit ;;
		--list)
			list_rows
			exit
			;;
		--out)
			out=${2:?}
			shift
			;;
		--kernel)
			kernel_of_rows=${2:?}
			shift
			;;
		*)
			is_row "$1" || die "no such row: $1 (--list)"
			[ -z "$kernel_of_rows" ] || [ "$(row_header "$1" measure)" = clock ] ||
				die "instructions are counted on $(row_header "$1" kernel) only: $1"
			wanted+=("$1")
			;;
		esac
		shift
	done
	[ -z "$kernel_of_rows" ] || [ "${#wanted[@]}" -gt 0 ] || die "--kernel is for rows that are named"
	[ "${#wanted[@]}" -gt 0 ] || wanted=("${rows[@]}")
	bash "$top/scripts/packages.sh"
	bash "$top/scripts/packages.sh" plot
	# each checkout has measurements of its own
	values=$cache/build/$(digest <<<"$top")/bench
	mkdir -p "$values"
	work=$(mktemp -d)
	# shellcheck disable=SC2064 # this one
	trap "rm -rf '$work'" EXIT
	bin=$work/bin
	fill_bin ovs
	for row in "${wanted[@]}"; do
		# a row that fails does not keep the others from being measured;
		# not "|| failed=...", which would switch errexit off inside
		set +e
		(
			set -e
			measure "$row"
		)
		status=$?
		set -e
		[ "$status" -eq 0 ] || failed+=("$row")
	done
	write_results
	[ "${#failed[@]}" -eq 0 ] || die "failed: ${failed[*]}"
}

main "$@"
