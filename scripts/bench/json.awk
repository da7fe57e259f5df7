# SPDX-License-Identifier: GPL-2.0
#
# The same with all values, in JSON. No name in it needs an escape.
END {
	printf "["
	for (r = 1; r <= nr_rows; r++)
		for (c = 1; c <= nr_cases[rows[r]]; c++)
			if (nr_contestants[rows[r], cases[rows[r], c]])
				part(rows[r], cases[rows[r], c], rows[r] SUBSEP cases[rows[r], c])
	print "\n]"
}

function part(row, name, key,    i) {
	printf "%s\n{ \"row\": \"%s\", \"case\": \"%s\", \"title\": \"%s\", \"unit\": \"%s\", \"better\": \"%s\",\n", comma, row,
		name, title[key], unit[key], more_is_better(key) ? "more" : "less"
	printf "  \"kernel\": \"%s\", \"measure\": \"%s\", \"date\": \"%s\", \"contestants\": [", kernel[row], measure[row], date[row]
	for (i = 1; i <= nr_contestants[key]; i++)
		contestant(key, contestants[key, i], (i > 1 ? "," : ""))
	printf "\n  ] }"
	comma = ","
}

function contestant(key, name, before,    i) {
	printf "%s\n    { \"name\": \"%s\"", before, name
	if ((key, name) in lost) {
		printf ", \"lost\": true }"
		return
	}
	statistics(key, name)
	printf ", \"%s\": %s, \"spread\": %.4f", name == "floor" ? "median" : "above_floor", figure(median), spread
	if (ratio)
		printf ", \"to_vnicx\": %.3f, \"lowest\": %.3f, \"highest\": %.3f, \"below_spread\": %s", ratio, lowest, highest,
			indistinct(key, name) ? "true" : "false"
	printf ", \"values\": ["
	for (i = 1; i <= rounds[key, name]; i++)
		printf "%s%s", (i > 1 ? ", " : ""), value[key, name, i]
	printf "] }"
}
