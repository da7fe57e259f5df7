# SPDX-License-Identifier: GPL-2.0
#
# The table, in text
END {
	for (r = 1; r <= nr_rows; r++)
		row(rows[r])
}

function row(name,    c) {
	printf "%s%s: %s (kernel %s, %s)\n", (r > 1 ? "\n" : ""), name, title[name], kernel[name],
		measure[name] == "counted" ? "instructions counted" : "by the clock"
	for (c = 1; c <= nr_cases[name]; c++)
		part(name SUBSEP cases[name, c])
}

function part(key,    i, name) {
	if (!nr_contestants[key])
		return
	printf "\n  %s, %s%s\n", title[key], unit[key], more_is_better(key) ? ", more is better" : ""
	printf "    %-14s %12s %8s %10s  %s\n", "", "", "spread", "to vnicx", "rounds"
	for (i = 1; i <= nr_contestants[key]; i++) {
		name = contestants[key, i]
		if ((key, name) in lost) {
			printf "    %-14s %12s\n", name, "lost frames"
			continue
		}
		statistics(key, name)
		printf "    %-14s %12s %7.1f%%", name == "floor" ? "(floor)" : name, figure(median), spread * 100
		if (ratio)
			printf " %10.2f  %.2f..%.2f", ratio, lowest, highest
		if (indistinct(key, name))
			printf "  below the spread"
		printf "\n"
	}
}
