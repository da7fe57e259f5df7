# SPDX-License-Identifier: GPL-2.0
#
# Instructions by function, of the contestants side by side. Reads, all of them sorted
# by address so that a function's name comes before its blocks,
#
#	ADDRESS s NAME [MODULE]		a function begins there
#	ADDRESS c NUMBER COUNT		so many instructions of that measurement
#
# after a file with
#
#	= CASE UNIT TITLE
#	CASE CONTESTANT VALUE		of each measurement in turn, in that unit; the last counts
#
# The counts are scaled so that the sum over a measurement is its value: of a flood, for
# example, that of one copy. The floor's instructions are subtracted from the contestants'.
#
#	-v only=CASE -v least=INSTRUCTIONS -v whole=1

BEGIN { sorter = "LC_ALL=C sort -t '\t' -k1,1n -k2,2nr -k3 | cut -f 3-" }

$1 == "=" {
	which = $2
	unit[which] = $3
	sub(/^= [^ ]* [^ ]* /, "")
	title[which] = which ": " $0
	next
}

FNR == NR {
	nr++
	if (only != "" && $1 != only)
		next
	if (!($1 in columns))
		cases[++nr_cases] = $1
	if (!(($1, $2) in at))
		contestants[$1, ++columns[$1]] = $2
	at[$1, $2] = nr
	value[nr] = $3
	next
}

$2 == "s" {
	name = $3 ($4 == "" ? "" : " " $4)
	part = $4 == "" ? "the kernel" : $4
	next
}

# before the first function: programs
$2 == "c" {
	if ($1 == "user")
		name = part = "(programs)"
	if (!((name, $3) in count))
		of[name] = part
	count[name, $3] += $4
	total[$3] += $4
}

# The instructions of a function that a measurement has more than the floor
function figure(name, number, floor,    x) {
	x = total[number] ? count[name, number] * value[number] / total[number] : 0
	if (floor && floor != number)
		x -= count[name, floor] * value[floor] / total[floor]
	return x
}

# A line of the table, unless nothing in it is as much as least. Lines are sorted by
# what is most in them, those of a later section behind those of an earlier one.
function line(section, title, figures, n,    i, x, most, text) {
	text = sprintf("  %-42s", title)
	for (i = 1; i <= n; i++) {
		x = figures[i] < 0 ? -figures[i] : figures[i]
		if (x > most)
			most = x
		text = text sprintf(" %11.1f", x < 0.05 ? 0 : figures[i])
	}
	if (most >= least)
		printf "%d\t%.3f\t%s\n", section, most, text | sorter
}

function table(which,    n, i, name, floor, numbers, figures, parts, sums) {
	floor = whole ? 0 : at[which, "floor"]
	printf "%s\n  %-42s", title[which], unit[which]
	for (i = 1; i <= columns[which]; i++)
		if (whole || contestants[which, i] != "floor") {
			numbers[++n] = at[which, contestants[which, i]]
			printf " %11s", contestants[which, i]
		}
	print ""
	fflush()
	for (name in of) {
		most = 0
		for (i = 1; i <= n; i++) {
			figures[i] = figure(name, numbers[i], floor)
			sums[i] += figures[i]
			parts[of[name], i] += figures[i]
		}
		line(1, name, figures, n)
		modules[of[name]]
	}
	printf "2\t9999999999\t\n" | sorter
	for (name in modules) {
		for (i = 1; i <= n; i++)
			figures[i] = parts[name, i]
		line(2, "all of " name, figures, n)
	}
	line(3, "total", sums, n)
	close(sorter)
	print ""
}

END {
	for (c = 1; c <= nr_cases; c++)
		table(cases[c])
}
