# SPDX-License-Identifier: GPL-2.0
#
# A plot in SVG: for each case, a bar for each contestant, as long as its cost is
# to that of vnicx. Where more is better, the cost is the inverse.
BEGIN { bar = 14; left = 120; unit_width = 120; most = 4; y = 50 }

END {
	for (r = 1; r <= nr_rows; r++)
		for (c = 1; c <= nr_cases[rows[r]]; c++)
			part(rows[r], rows[r] SUBSEP cases[rows[r], c])
	width = left + most * unit_width + 130
	printf "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" font-family=\"sans-serif\" font-size=\"11\">\n", width, y + 10
	printf "<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>\n"
	printf "<text x=\"10\" y=\"20\" font-size=\"15\">Cost beside vnicx, whose is 1; longer is worse</text>\n"
	printf "%s", body
	printf "</svg>\n"
}

function add(text) {
	body = body text "\n"
}

function part(row, key,    i, top) {
	if (!nr_contestants[key])
		return
	y += 8
	add(sprintf("<text x=\"10\" y=\"%d\" font-weight=\"bold\">%s: %s (%s)</text>", y + 10, row, title[key], unit[key]))
	y += 16
	top = y
	for (i = 1; i <= nr_contestants[key]; i++)
		if (contestants[key, i] != "floor")
			contestant(key, contestants[key, i])
	add(sprintf("<line x1=\"%d\" x2=\"%d\" y1=\"%d\" y2=\"%d\" stroke=\"black\" stroke-dasharray=\"3,2\"/>",
		left + unit_width, left + unit_width, top - 2, y))
}

function contestant(key, name,    cost, length_, colour, words) {
	words = "lost frames"
	cost = 0
	if (!((key, name) in lost)) {
		statistics(key, name)
		words = figure(median)
		if (ratio > 0) {
			cost = more_is_better(key) ? 1 / ratio : ratio
			words = words sprintf(" (%.2f)", cost)
		}
	}
	length_ = cost * unit_width
	if (cost > most)
		length_ = most * unit_width
	colour = name == own(key) ? "#2a6fb0" : cost && cost < 1 ? "#7fb07f" : "#c9a26b"
	add(sprintf("<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>", left - 6, y + bar - 4, name))
	add(sprintf("<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"%s\"/>", left, y, length_, bar - 3, colour))
	add(sprintf("<text x=\"%d\" y=\"%d\">%s%s</text>", left + (length_ < unit_width ? unit_width : length_) + 5, y + bar - 4, words, cost > most ? " ..." : ""))
	y += bar
}
