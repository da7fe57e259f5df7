# SPDX-License-Identifier: GPL-2.0
#
# Prints questions that nobody heeds, in the shell functions that until_ok asks, and in those
# that these call: in a condition bash ignores set -e, so of several commands only the last
# one counts. Reads all scripts three times, the last time with read=3.

FNR == 1 {
	sourced = !/^#!/
	name = question = ""
}
/^[a-z_]+\(\) \{$/ {
	name = substr($1, 1, length($1) - 2)
	if (!((FILENAME, name) in asked) && !(sourced && name in anywhere))
		name = ""
}
/^}$/ {
	name = question = ""
}

read != 3 {
	if (name != "")
		asked[FILENAME, $1] = anywhere[$1] = 1
	while (match($0, /until_ok "?[$0-9]+[a-z_]*"? [a-z_]+/)) {
		word = substr($0, RSTART, RLENGTH)
		sub(/.* /, "", word)
		asked[FILENAME, word] = anywhere[word] = 1
		$0 = substr($0, RSTART + RLENGTH)
	}
	next
}

# The line before is heeded if the function, or a branch, ends with it.
question && !/^\t+(else|elif .*|fi|;;)$/ {
	print question
}
{
	question = ""
}
name && /^\t+(\[|\[\[|test|!|grep|is_now|shows|matches|differ|leads|floods|knows) / && !/ (&&|\|\|)( |$)|[\\|{]$/ {
	question = FILENAME ":" FNR ": nobody heeds this but by && or ||, as until_ok asks " name
}
