# SPDX-License-Identifier: GPL-2.0
#
# The blocks of a section of a document, for a shell to read, one word and a text a line:
#
#	awk -v section=HEADING -f docs.awk FILE
#
#	file PATH	a line before the block ends in `PATH`: and the block is that file's
#	text LINE	of the file
#	run COMMAND	a command, whole: a line that ends in a backslash goes on. Where a
#			block has lines with a prompt, these are its commands
#	inside COMMAND	the same, behind the prompt "container# "
#	shows LINE	what the command above prints, where "..." stands for any text

function prompted(text) {
	return text ~ /^(container)?# /
}

# print_block: which the array line has
function print_block(   i, session, word, command) {
	for (i = 1; i <= n; i++)
		session = session || prompted(line[i])
	if (file != "")
		print "file", file
	for (i = 1; i <= n; i++) {
		if (file != "") {
			print "text " line[i]
			continue
		}
		if (command == "") {
			if (session && !prompted(line[i])) {
				print "shows", line[i]
				continue
			}
			word = line[i] ~ /^container/ ? "inside" : "run"
			if (session)
				sub(/^(container)?# /, "", line[i])
		}
		command = command line[i]
		if (!sub(/\\$/, "", command)) {
			print word, command
			command = ""
		}
	}
	n = blank = 0
	file = ""
}

/^#+ / {
	print_block()
	level = length($1)
	title = substr($0, level + 2)
	if (title == section)
		inside = level
	else if (level <= inside)
		inside = 0
	next
}

!inside { next }

/^    / {
	if (n == 0 && match(before, /`\/[^`]*`:$/))
		file = substr(before, RSTART + 1, RLENGTH - 3)
	# blank lines with more of the block behind them are part of it
	for (; blank > 0; blank--)
		line[++n] = ""
	line[++n] = substr($0, 5)
	next
}

/^$/ {
	if (n > 0)
		blank++
	next
}

{
	print_block()
	before = $0
}

END { print_block() }
