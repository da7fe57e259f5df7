# SPDX-License-Identifier: GPL-2.0
#
# Reads what the rows measured, for a table, JSON or a plot made of it: after
# this file comes the one that says which.
#
#	row ROW KERNEL MEASURE DATE TITLE	fields separated by tabs
#	case ROW NAME UNIT TITLE
#	value ROW CASE CONTESTANT VALUE
#
# of each contestant: its median, what is left of that above the floor's, and the
# ratio to vnicx. Ratios are taken round by round, because what disturbs a round
# disturbs all in it, and the median of them counts.
BEGIN { FS = "\t" }

$1 == "row" { rows[++nr_rows] = $2; kernel[$2] = $3; measure[$2] = $4; date[$2] = $5; title[$2] = $6 }

$1 == "case" { key = $2 SUBSEP $3; cases[$2, ++nr_cases[$2]] = $3; unit[key] = $4; title[key] = $5 }

$1 == "value" {
	key = $2 SUBSEP $3
	if (!((key, $4) in rounds))
		contestants[key, ++nr_contestants[key]] = $4
	value[key, $4, ++rounds[key, $4]] = $5
	if ($5 == "lost")
		lost[key, $4]
}

function more_is_better(key) {
	return unit[key] ~ /bit\/s|times/
}

# Sorts list[1..n].
function sort(list, n,    i, j, t) {
	for (i = 2; i <= n; i++)
		for (j = i; j > 1 && list[j] < list[j - 1]; j--) {
			t = list[j]; list[j] = list[j - 1]; list[j - 1] = t
		}
}

# The median: a daemon may disturb one round of it, and then only that.
function floor_of(key,    i, n, list) {
	if (!((key, "floor") in rounds))
		return 0
	if (!(key in floors)) {
		n = rounds[key, "floor"]
		for (i = 1; i <= n; i++)
			list[i] = value[key, "floor", i]
		sort(list, n)
		floors[key] = list[int((n + 1) / 2)]
	}
	return floors[key]
}

function own(key) {
	return (key, "vnicx") in rounds ? "vnicx" : "vnicxtap"
}

# Sets median and spread; and ratio, the one to vnicx, with its lowest and highest.
# Of four rounds or more, the outer quarters do not count for these.
function statistics(key, name,    i, n, list, ratios, base, outer) {
	n = rounds[key, name]
	outer = int(n / 4)
	for (i = 1; i <= n; i++)
		list[i] = value[key, name, i] - (name == "floor" ? 0 : floor_of(key))
	sort(list, n)
	median = list[int((n + 1) / 2)]
	spread = median ? (list[n - outer] - list[1 + outer]) / median : 0

	ratio = 0
	base = own(key)
	if (name == "floor" || rounds[key, base] != n || ((key, base) in lost))
		return
	for (i = 1; i <= n; i++)
		if (value[key, base, i] - floor_of(key) <= 0)
			return
	for (i = 1; i <= n; i++)
		ratios[i] = (value[key, name, i] - floor_of(key)) / (value[key, base, i] - floor_of(key))
	sort(ratios, n)
	ratio = ratios[int((n + 1) / 2)]
	lowest = ratios[1 + outer]
	highest = ratios[n - outer]
}

# Whether the rounds do not agree which of the two is better, so that the difference says
# nothing. After statistics().
function indistinct(key, name) {
	return ratio && name != own(key) && lowest <= 1 && highest >= 1
}

# A number with as many digits as say something
function figure(x,    digits) {
	digits = x >= 100 || x == 0 ? 0 : x >= 10 ? 1 : 2
	return sprintf("%.*f", digits, x)
}
