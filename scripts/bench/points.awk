# SPDX-License-Identifier: GPL-2.0
#
# For plot.gnuplot: a line for each contestant of each case, fields separated by tabs,
#
#	SERIES LINE RATIO LOWEST HIGHEST LABEL
#
# Lines count down from the top, one a case. The ratio is the cost's to vnicx's, so where
# more is better it is the inverse. The series is the contestant, "others" for those that
# few rows have, or "lost" for one that lost frames. It, and who is off the scale, is at the
# scale's end.
BEGIN {
	least = 0.25
	most = 8
	names = "veth macvlan ipvlan veth+bridge veth+ovs netkit macvtap tap+bridge"
	for (i = split(names, list, " "); i > 0; i--)
		known[list[i]]
}

END {
	for (r = 1; r <= nr_rows; r++)
		for (c = 1; c <= nr_cases[rows[r]]; c++)
			part(rows[r], rows[r] SUBSEP cases[rows[r], c])
}

function part(row, key,    i, name) {
	shown = 0
	for (i = 1; i <= nr_contestants[key]; i++) {
		name = contestants[key, i]
		if (name != "floor" && name != own(key))
			contestant(key, name, row ": " title[key])
	}
}

function bounded(x) {
	return x < least ? least : x > most ? most : x
}

function contestant(key, name, label,    series, swap) {
	ratio = lowest = highest = most
	series = "lost"
	if (!((key, name) in lost)) {
		statistics(key, name)
		if (!ratio)
			return
		series = name in known ? name : "others"
		if (more_is_better(key)) {
			ratio = 1 / ratio
			swap = 1 / lowest
			lowest = 1 / highest
			highest = swap
		}
	}
	if (!shown++)
		line++
	printf "%s\t%d\t%.4f\t%.4f\t%.4f\t%s\n", series, -line, bounded(ratio), bounded(lowest), bounded(highest), label
}
