# SPDX-License-Identifier: GPL-2.0
#
# Prints each failed result of a KTAP document by its whole path (job, script,
# title), and below it the lines that explain it: at most -v lines=30 of them, two
# thirds from the top, and none any more when -v all=400 have been printed. A result
# that sums up others is printed only if it failed and none of them did, as
# ktap-count.awk counts; results that a plan has and the document has not, by their
# number.

BEGIN {
	lines = lines ? lines : 30
	all = all ? all : 400
	deepest = 0
}

{ sub(/\r$/, "") }

match($0, /^ */) { indent = RLENGTH; text = substr($0, indent + 1) }

text ~ /^# Subtest: / {
	name[indent] = substr(text, 12)
	forget()
	next
}

text ~ /^1\.\.[0-9]+/ {
	planned[indent] += substr(text, 4) + 0
	deepest = indent > deepest ? indent : deepest
	forget()
	next
}

text == "KTAP version 1" { forget(); next }

text ~ /^Bail out!/ { fail(indent, text); next }

text ~ /^(not )?ok [0-9]+/ {
	deepest = indent > deepest ? indent : deepest
	close_deeper(indent)
	seen[indent]++
	if (text ~ /^not ok/ && !failed_below) {
		sub(/^not ok [0-9]+ *(- )?/, "", text)
		fail(indent, text)
	} else {
		failed[indent] += failed_below
	}
	forget()
	next
}

# Everything else explains the result after it.
{
	sub(/^# ?/, "", text)
	sub(/[ \t]+$/, "", text)
	if (text == "")
		next
	said[++nr_said] = text
}

function forget() {
	nr_said = 0
}

# Sums up what failed below a level, and says what is missing there.
function close_deeper(level,    i, missing) {
	failed_below = 0
	for (i = deepest; i > level; i--) {
		missing = planned[i] - seen[i]
		if (missing > 0)
			fail(i, missing " of " planned[i] " results are missing")
		failed_below += failed[i]
		failed[i] = planned[i] = seen[i] = 0
		delete name[i]
	}
}

function fail(level, title,    i, path) {
	failed[level]++
	for (i = 0; i <= level; i++)
		if (i in name)
			path = path name[i] " > "
	print path title
	for (i = 1; i <= nr_said && printed < all; i++) {
		if (nr_said > lines && i == int(lines * 2 / 3) + 1) {
			print "    (" nr_said - lines " lines)"
			i += nr_said - lines
		}
		print "    " substr(said[i], 1, 300)
		printed++
	}
	forget()
}

END { close_deeper(-1) }
