# SPDX-License-Identifier: GPL-2.0
#
# Writes Debian's changelog from CHANGELOG.md.
#
#	awk -v version=VERSION -v date=DATE -v maintainer='NAME <ADDRESS>' -f deb-changelog.awk CHANGELOG.md
#
# VERSION is that of the first section, which is of DATE if it has no date of its own.

function sign_off() {
	if (!open)
		return
	flush()
	printf "\n -- %s  %s\n\n", maintainer, when
	open = 0
}

# midnight(DAY): 2026-11-26 as "Thu, 26 Nov 2026 00:00:00 +0000"
function midnight(day, part, year, month, weekday) {
	split(day, part, "-")
	year = part[1]
	month = part[2] + 0
	# Sakamoto's way; Sunday is 0
	if (month < 3)
		year--
	weekday = year + int(year / 4) - int(year / 100) + int(year / 400)
	weekday = (weekday + substr("032503514624", month, 1) + part[3]) % 7
	return sprintf("%s, %s %s %s 00:00:00 +0000", substr("SunMonTueWedThuFriSat", 3 * weekday + 1, 3),
		part[3], substr("JanFebMarAprMayJunJulAugSepOctNovDec", 3 * month - 2, 3), part[1])
}

# An entry, in lines of at most 78 columns
function flush(i, n, word, line, lead) {
	if (entry == "")
		return
	n = split(entry, word, / +/)
	line = "  *"
	lead = "   "
	for (i = 1; i <= n; i++) {
		if (length(line " " word[i]) > 78) {
			print line
			line = lead
		}
		line = line " " word[i]
	}
	print line
	entry = ""
}

/^## / {
	sign_off()
	open = 1
	name = $2
	released = NF >= 4
	heads = 0
	when = released ? midnight($4) : date
	if (!sections++)
		name = version
	printf "vnicx (%s) %s; urgency=medium\n\n", name, released ? "unstable" : "UNRELEASED"
	next
}

!open {
	next
}

/^### / {
	flush()
	if (heads++)
		print ""
	printf "  [ %s ]\n", substr($0, 5)
	next
}

/^[ \t]*$/ {
	flush()
	next
}

/^- / {
	flush()
	entry = substr($0, 3)
	next
}

{
	sub(/^ +/, "")
	entry = entry (entry == "" ? "" : " ") $0
}

END {
	sign_off()
}
