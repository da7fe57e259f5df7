# SPDX-License-Identifier: GPL-2.0
#
# The language of one file: words that the glossary bans, and sentences that open
# without a subject. Prints "FILE:LINE: FINDING", and at the end
# "= FILE SENTENCES FINDINGS".
#
#	awk -v kind=c|sh|md|man -v banned=FILE -f language.awk FILE

BEGIN {
	while ((getline line < banned) > 0) {
		once = sub(/ \(once\)$/, "", line)
		words[++nr_words] = line
		only_once[nr_words] = once
	}
	opening = "^[\"'(]*(What|Whatever|Who|Whoever|Whom|Whose|Which|That which)[ ,]"
}

# The text of the line FNR, which goes on in the next one
function add(text) {
	gsub(/^[ \t]+|[ \t]+$/, "", text)
	if (text == "")
		return
	# where the line begins in the paragraph
	starts[++nr_lines] = length(paragraph) + 1
	numbers[nr_lines] = FNR
	paragraph = paragraph text " "
}

function line_of(position, i) {
	for (i = nr_lines; i > 1 && starts[i] > position; i--)
		;
	return numbers[i]
}

function find(position, what) {
	print FILENAME ":" line_of(position) ": " what
	findings++
}

# A paragraph has ended.
function finish(i, at, rest, lower, sentence, position) {
	if (paragraph == "")
		return
	lower = " " tolower(paragraph)
	gsub(/[^a-z0-9-]/, " ", lower)
	for (i = 1; i <= nr_words; i++) {
		rest = lower
		position = 0
		while (match(rest, " " words[i] "(s|es)? ")) {
			position += RSTART
			if (!only_once[i] || seen[i]++)
				find(position, "not \"" words[i] "\" (docs/glossary.md)")
			# the blank behind it may stand before the next one
			position += RLENGTH - 2
			rest = substr(rest, RSTART + RLENGTH - 1)
		}
	}
	rest = paragraph
	position = 1
	while (rest != "") {
		at = match(rest, /[.!?:;|]["')]* +/) ? RSTART + RLENGTH : length(rest) + 1
		sentence = substr(rest, 1, at - 1)
		if (sentence ~ /[A-Za-z]/)
			sentences++
		if (sentence ~ opening && sentence !~ /[?] *$/)
			find(position, "a sentence without a subject: " substr(sentence, 1, 40))
		position += at - 1
		rest = substr(rest, at)
	}
	paragraph = ""
	nr_lines = 0
}

# Text of a string that is a message or a title
function add_string(text) {
	finish()
	add(text)
	finish()
}

# Code in a sentence is no language.
function plain(text) {
	gsub(/`[^`]*`/, "`", text)
	return text
}

kind == "md" {
	if (/^```/) {
		fenced = !fenced
		next
	}
	if (fenced || /^(    |\t)/) {
		if (!in_item || fenced || /^(        |\t)/) {
			finish()
			next
		}
	}
	if (/^ *$/ || /^(#|\||[-*] |[0-9]+\. )/)
		finish()
	in_item = /^([-*] |[0-9]+\. )/ || (in_item && /^ /)
	line = $0
	sub(/^(#+|[-*]|[0-9]+\.) +/, "", line)
	gsub(/\]\([^)]*\)/, "]", line)
	gsub(/\*\*|\[|\]/, "", line)
	if (line !~ /^[|: -]*$/)
		add(plain(line))
	if (/^(#|\|)/)
		finish()
	next
}

kind == "man" {
	if (/^\.(EX|nf)/)
		fenced = 1
	if (/^\.(EE|fi)/)
		fenced = 0
	if (fenced || /^[.'](SH|SS|TP|PP|RS|RE|TH|IP|br|sp|EX|EE|nf|fi|\\")/ || /^$/) {
		finish()
		next
	}
	line = $0
	# bold and italic words are literal
	if (line ~ /^\.(B|BR|BI|RB|I|IR|RI) /)
		line = "`"
	gsub(/\\f[BI][^\\]*\\f[RP]/, "`", line)
	gsub(/\\[-&]/, "", line)
	if (line !~ /^\./)
		add(line)
	next
}

kind == "c" {
	line = $0
	# comments
	if (!in_comment && match(line, /\/\*+|\/\/ /)) {
		one_line = substr(line, RSTART, 2) == "//"
		in_comment = 1
		line = substr(line, RSTART + RLENGTH)
		finish()
	} else if (in_comment) {
		sub(/^[ \t]*\*+($|[ \t])/, "", line)
		if (line ~ /^[ \t]*\*\//)
			line = "*/"
	} else {
		# messages: strings of several words
		while (match(line, /"([^"\\]|\\.)* ([^"\\]|\\.)* ([^"\\]|\\.)*"/)) {
			text = substr(line, RSTART + 1, RLENGTH - 2)
			line = substr(line, RSTART + RLENGTH)
			add_string(text)
		}
		next
	}
	ends = match(line, /\*\//)
	if (ends)
		line = substr(line, 1, RSTART - 1)
	ends = ends || one_line
	if (line ~ /SPDX-License/)
		line = ""
	if (line ~ /^[ \t]*$/)
		finish()
	# kernel-doc: "@member: ...", "name() - ...", "Return: ..."
	if (match(line, /^[ \t]*(@[A-Za-z0-9_.]+:|(Return|Context):|(enum |struct )?[a-z0-9_]+(\(\))? - )/)) {
		line = substr(line, RLENGTH + 1)
		finish()
	}
	if (line !~ /^[ \t]{3}/)
		add(plain(line))
	if (ends) {
		finish()
		in_comment = one_line = 0
	}
	next
}

kind == "sh" {
	if (/^[ \t]*#/ && !/^#!/) {
		line = $0
		sub(/^[ \t]*#+/, "", line)
		if (line ~ /^ *$/ || line ~ /^( shellcheck |\t| SPDX|   )/)
			finish()
		else
			add(plain(line))
		next
	}
	finish()
	# titles of tests
	line = $0
	if (line ~ /^[ \t]*(t|t_is|t_fails|reaches|skip|emit [a-z]+|ktap_check) "/ && match(line, /"[^"]*"/))
		add_string(substr(line, RSTART + 1, RLENGTH - 2))
	next
}

END {
	finish()
	print "= " FILENAME " " sentences + 0 " " findings + 0
}
