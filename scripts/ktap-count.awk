# SPDX-License-Identifier: GPL-2.0
#
# Counts the results in KTAP, to the innermost: prints passed, failed, skipped.
# A result that sums up others counts only when it failed and none of them did.
# A planned result that is missing counts as failed, wherever the document ends.

{ sub(/\r$/, "") }

match($0, /^ */) { indent = RLENGTH; line = substr($0, indent + 1) }

line ~ /^1\.\.[0-9]+/ {
	planned[indent] += substr(line, 4) + 0
	deepest = indent > deepest ? indent : deepest
	next
}

line ~ /^Bail out!/ { failed[indent]++ }

line ~ /^(not )?ok [0-9]+/ {
	ok = line ~ /^ok/
	deepest = indent > deepest ? indent : deepest
	children = close_deeper(indent)
	if (!ok && !new_failed)
		failed[indent]++
	else if (ok && !children && line ~ /# *SKIP/)
		skipped[indent]++
	else if (ok && !children)
		passed[indent]++
	seen[indent]++
}

# Moves what deeper levels counted since the last result up to this one.
function close_deeper(level,    i, sum) {
	new_failed = 0
	for (i = level + 1; i <= deepest; i++) {
		if (planned[i] > seen[i])
			failed[i] += planned[i] - seen[i]
		new_failed += failed[i]
		sum += passed[i] + failed[i] + skipped[i]
		passed[level] += passed[i]
		failed[level] += failed[i]
		skipped[level] += skipped[i]
		passed[i] = failed[i] = skipped[i] = planned[i] = seen[i] = 0
	}
	return sum
}

END {
	close_deeper(-1)
	print passed[-1] + 0, failed[-1] + 0, skipped[-1] + 0
}
