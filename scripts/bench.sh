#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Measures vnicx beside its peers, in instructions. Sets up what it needs.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

usage() {
	cat <<-END
	usage: [KERNEL=6.1|6.12] bench.sh [ROW...]

	  switch   60-byte frames from namespace to namespace
	  tap      60-byte frames from virtual machine to virtual machine

	Prints a table; leaves it and all measured values in $cache/bench.
	END
}

# "ROW CONTESTANT VALUE" to a table: the median of each contestant's rounds above
# the floor's, how far the rounds are apart, and the ratio to vnicx.
table() {
	awk '
		NF == 3 && $3 ~ /^[0-9.]+$/ { values[$2] = values[$2] " " $3 + 0; if (!($2 in seen)) { seen[$2]; order[++n] = $2 } }
		NF == 3 && $3 == "lost" { lost[$2] }
		function median(text,   v, m, i, j, t) {
			m = split(text, v, " ")
			for (i = 1; i <= m; i++) for (j = i + 1; j <= m; j++) if (v[j] < v[i]) { t = v[i]; v[i] = v[j]; v[j] = t }
			spread = v[int((m + 1) / 2)] ? (v[m] - v[1]) / v[int((m + 1) / 2)] : 0
			return v[int((m + 1) / 2)]
		}
		END {
			floor = median(values["floor"])
			own = median(("vnicx" in seen) ? values["vnicx"] : values["vnicxtap"]) - floor
			printf "%-14s %12s %10s %8s\n", "", "instructions", "to vnicx", "spread"
			for (i = 1; i <= n; i++) {
				m = median(values[order[i]])
				if (order[i] == "floor") printf "%-14s %12.0f %10s %7.2f%%\n", "(floor)", m, "", spread * 100
				else printf "%-14s %12.0f %10.2f %7.2f%%\n", order[i], m - floor, (m - floor) / own, spread * 100
			}
			for (name in lost) printf "%-14s lost frames: not comparable\n", name
		}' "$1"
}

row() {
	local row=$1 file=$cache/bench/$1-$kernel
	say "measuring: $row, kernel $kernel"
	bash "$top/scripts/vm.sh" --count --kernel "$kernel" --modules "$modules" --load "vnicx vnicx_tap" --bin "$bin" \
		--log "$cache/log/bench-$row-$kernel.log" --timeout 900 --script-timeout 800 \
		-c ". /mnt/tests/bench/$row.sh" >"$file.values"
	table "$file.values" | tee "$file.txt"
}

main() {
	local kernel=${KERNEL:-6.1} modules name bin
	case ${1:-} in
	-h | --help) usage && exit ;;
	esac
	[ $# -gt 0 ] || set -- switch tap
	for name; do
		[ -e "$top/tests/bench/$name.sh" ] || die "no such row: $name (--help)"
	done
	bash "$top/scripts/packages.sh"
	modules=$(bash "$top/scripts/build.sh" "$kernel")
	mkdir -p "$cache/bench"
	bin=$(mktemp -d)
	# shellcheck disable=SC2064 # this one
	trap "rm -rf '$bin'" EXIT
	gcc -static -O2 -Wall -Wextra -Werror -o "$bin/tap-rate" "$top/tests/bench/tap-rate.c"
	for name; do
		row "$name"
	done
}

main "$@"
