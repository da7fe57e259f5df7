#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Where the instructions of a row of the bench are: for each function of the kernel,
# the contestants side by side.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=bench/row.sh
. "$top/scripts/bench/row.sh"

usage() {
	cat <<-END
	usage: profile.sh [OPTION...] ROW [CONTESTANT...]

	  --list        the rows that can be profiled: those that are counted
	  --case CASE   of a row with several, this one
	  --least N     functions of at least N instructions in a contestant (1)
	  --whole       the floor as a contestant, instead of without what it has
	  --keep DIR    leave there: values, symbols, and by number what was measured

	The second round of the row, with those contestants; without any, all but Open vSwitch.
	The figures have the row's unit, and their sum is what bench.sh would show.
	END
}

# profile: leaves the guest's words, the symbols and the counts in $work
profile() {
	local counted
	gcc -shared -fPIC -O2 -Wall -Wextra -Werror -o "$work/functions.so" "$top/tests/bench/plugin/functions.c"
	mkdir "$work/counts"
	run_row "$row" --log "$cache/log/profile-$row.log" --plugin "$work/functions.so,out=$work/counts" \
		--set "bench_kinds=$wanted" --set "bench_case=$case" >"$work/said" ||
		{ grep -av '^symbols ' "$work/said" >&2 && die "the row failed: $row (log in $cache/log/profile-$row.log)"; }
	awk 'NF == 3 && $3 ~ /^([0-9.]+|lost)$/' "$work/said" >"$work/values"
	sed -n 's/^symbols //p' "$work/said" | base64 -d | gunzip >"$work/symbols"
	counted=("$work"/counts/*)
	[ "${#counted[@]}" -eq "$(wc -l <"$work/values")" ] ||
		die "the guest measured $(wc -l <"$work/values") times, and QEMU counted ${#counted[@]} times"
}

# show: as a table
show() {
	{
		awk '{ print $1, "s", $2, $3 }' "$work/symbols"
		awk '{ n = FILENAME; sub(/.*\//, "", n); print $1, "c", n, $2 }' "$work"/counts/*
	} | LC_ALL=C sort -k1,1 -k2,2r |
		awk -v only="$case" -v least="$least" -v whole="$whole" -f "$top/scripts/bench/profile.awk" \
			<(row_header "$row" case | sed 's/^/= /' && cat "$work/values") -
}

main() {
	local row='' case='' least=1 whole='' keep='' wanted=' ' work bin
	while [ $# -gt 0 ]; do
		case $1 in
		-h | --help) usage && exit ;;
		--list)
			for row in "${rows[@]}"; do
				[ "$(row_header "$row" measure)" != counted ] || echo "$row"
			done
			exit
			;;
		--whole) whole=1 ;;
		--case | --least | --keep)
			printf -v "${1#--}" %s "${2:?}"
			shift
			;;
		-*) die "no such option: $1 (--help)" ;;
		*)
			if [ -z "$row" ]; then
				row=$1
			else
				wanted+="$1 "
			fi
			;;
		esac
		shift
	done
	[ -n "$row" ] || die "which row? (--list)"
	is_row "$row" || die "no such row: $row (--list)"
	[ "$(row_header "$row" measure)" = counted ] || die "this row goes by the clock: $row (--list)"
	bash "$top/scripts/packages.sh" build 6.1 guest host
	work=$(mktemp -d)
	# shellcheck disable=SC2064 # this one
	trap "rm -rf '$work'" EXIT
	bin=$work/bin
	case $wanted in
	*+ovs*) fill_bin ovs ;;
	*) fill_bin no-ovs ;;
	esac
	profile
	[ -z "$keep" ] || cp -r "$work"/{values,symbols,counts} "$keep"
	show
}

main "$@"
