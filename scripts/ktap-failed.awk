# SPDX-License-Identifier: GPL-2.0
#
# Prints each failed result of a KTAP document by its whole path (job, script,
# title), and below it the lines that explain it: at most -v lines=30 of them, two
# thirds from the top, and none any more when -v all=400 have been printed. A result
# that sums up others is printed only if it failed and none of them did, as
# ktap-count.awk counts; results that a plan has and the document has not, by their
# number. A result behind a subtest that has none of its own, because its guest died, is
# printed in any case: it says how.

BEGIN {
	lines = lines ? lines : 30
	all = all ? all : 400
	deepest = 0
}

{ sub(/\r$/, "") }

match($0, /^ */) { indent = RLENGTH; text = substr($0, indent + 1) }

text ~ /^# Subtest: / {
	name[indent] = substr(text, 12)
	deepest = indent > deepest ? indent : deepest
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

text ~ /^Bail out!/ { fail(indent, text, 0, 1000); forget(); next }

text ~ /^(not )?ok [0-9]+/ {
	deepest = indent > deepest ? indent : deepest
	title = text
	sub(/^(not )?ok [0-9]+ *(- )?/, "", title)
	died = is_other(indent, title)
	close_deeper(indent)
	seen[indent]++
	failed[indent] += failed_below
	if (text ~ /^not ok/ && died)
		fail(indent, title, 0, indent)
	else if (text ~ /^not ok/ && !failed_below)
		fail(indent, title, 0, 1000)
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
	at[nr_said] = indent
}

function forget() {
	nr_said = 0
}

# Tells whether a result is not that of the subtest before it.
function is_other(level, title,    i) {
	for (i = level + 1; i <= deepest; i++)
		if (i in name)
			return name[i] != title
	return 0
}

# Sums up what failed below a level, and says what is missing there.
function close_deeper(level,    i, missing) {
	failed_below = 0
	for (i = deepest; i > level; i--) {
		missing = planned[i] - seen[i]
		if (missing > 0)
			fail(i, missing " of " planned[i] " results are missing", i, 1000)
		failed_below += failed[i]
		failed[i] = planned[i] = seen[i] = 0
		delete name[i]
	}
}

# Prints a result and what was said at these levels.
function fail(level, title, from, to,    i, path, nr, text) {
	failed[level]++
	for (i = 0; i <= level; i++)
		if (i in name)
			path = path name[i] " > "
	print path title
	for (i = 1; i <= nr_said; i++)
		if (at[i] >= from && at[i] <= to)
			text[++nr] = said[i]
	for (i = 1; i <= nr && printed < all; i++) {
		if (nr > lines && i == int(lines * 2 / 3) + 1) {
			print "    (" nr - lines " lines)"
			i += nr - lines
		}
		print "    " substr(text[i], 1, 300)
		printed++
	}
}

END { close_deeper(-1) }
