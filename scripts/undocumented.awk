# SPDX-License-Identifier: GPL-2.0
#
# Prints the functions of C files that are not static and have no kernel-doc right
# before them. Ends with 1 if there are any.

FNR == 1 {
	doc = head = ""
	comment = 0
}

# A comment: the name behind the opening of one for kernel-doc
!comment && /^\/\*/ {
	comment = 1
	doc = head = ""
	begins = /^\/\*\*$/
}
comment {
	if (begins && match($0, /^ \* [a-z0-9_]+\(\)/))
		doc = substr($0, 4, RLENGTH - 5)
	if (/\*\/$/)
		comment = 0
	next
}

# A body: what came before it is the head of a function, if it has parameters.
/^\{/ {
	if (head !~ /^static / && match(head, /[a-z0-9_]+\(/)) {
		name = substr(head, RSTART, RLENGTH - 1)
		if (name != doc) {
			print FILENAME ":" FNR ": " name "() has no kernel-doc"
			wrong = 1
		}
	}
	next
}

/^$|^[}#]|;$/ {
	doc = head = ""
	next
}
/^[a-z]/ || head != "" {
	head = head $0 " "
}

END {
	exit wrong
}
