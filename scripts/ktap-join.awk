# SPDX-License-Identifier: GPL-2.0
#
# Makes one document called -v name=NAME of those that a job wrote one after the
# other, and puts each plan in front of its results, where KTAP wants it: a script
# knows only at its end how many there are.

BEGIN {
	line[1] = "KTAP version 1"
	line[2] = "# Subtest: " name
	head[0] = last = 2
}

{ sub(/\r$/, "") }

match($0, /^ */) { indent = RLENGTH; text = substr($0, indent + 1) }

text == "KTAP version 1" && !indent { next }

text == "KTAP version 1" || (text ~ /^# Subtest: / && head[indent] == last) { head[indent] = last + 1 }

text ~ /^1\.\.[0-9]+$/ && indent in head { plan[head[indent]] += substr(text, 4); next }

!indent && text ~ /^(not )?ok [0-9]+/ { sub(/ok [0-9]+/, "ok " ++number) }

{ line[++last] = $0 }

END {
	for (i = 1; i <= last; i++) {
		print line[i]
		if (i in plan) {
			match(line[i], /^ */)
			printf "%*s1..%d\n", RLENGTH, "", plan[i]
		}
	}
}
