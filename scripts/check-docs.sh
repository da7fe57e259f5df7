#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Links in documents lead somewhere: to a file of this tree, to a heading of it, or to
# another site, which is not asked. The messages that docs/troubleshooting.md explains are
# those of the source. The manual pages have each option and each parameter.
#
#	check-docs.sh [DIRECTORY]    of another copy of the tree
set -euo pipefail

# anchors FILE: of its headings, as GitHub and lowdown make them from plain words
anchors() {
	awk '/^```/ { fenced = !fenced } !fenced && /^#+ / {
		sub(/^#+ +/, "")
		text = tolower($0)
		gsub(/[^a-z0-9 _-]/, "", text)
		gsub(/ /, "-", text)
		print text
	}' "$1"
}

# links FILE: "LINE TARGET", without code
links() {
	awk '/^(    |\t)/ { next }
	{
		gsub(/`[^`]*`/, "")
		while (match($0, /\]\([^)]*\)/)) {
			print FNR, substr($0, RSTART + 2, RLENGTH - 3)
			$0 = substr($0, RSTART + RLENGTH)
		}
	}' "$1"
}

check_links() {
	local page line target file anchor
	while read -r page; do
		while read -r line target; do
			case $target in
			http://* | https://* | mailto:*) continue ;;
			esac
			file=${target%%#*} anchor=''
			[[ $target != *#* ]] || anchor=${target#*#}
			file=${file:+$(dirname "$page")/$file}
			file=${file:-$page}
			if [ ! -e "$file" ]; then
				wrong "$page:$line: no file $target"
			elif [ -n "$anchor" ] && ! grep -qxF -e "$anchor" <(anchors "$file"); then
				wrong "$page:$line: no heading $target"
			fi
		done < <(links "$page")
	done < <(find . -maxdepth 1 -name '*.md'; find docs packaging -name '*.md')
}

# Strings of the source with "*" for what is printed into them, as patterns of the shell
source_messages() {
	find switch vnic tools -name '*.[ch]' -exec cat {} + | sed 's/vnicx: //' | grep -oE '"([^"\\]|\\.)+"' |
		sed 's/^"//; s/"$//; s/\\n$//; s/\.$//; s/\\"/"/g; s/[][?\\]/\\&/g; s/%[*.]*s/*/g; s/%-\{0,1\}[0-9.]*[a-zA-Z]*/*/g' |
		awk 'split($0, words, /[^a-z]+/) >= 3' | sort -u
}

# The messages of the last table of docs/troubleshooting.md
explained() {
	awk '/^## Messages$/ { on = 1 } on && /^\| `/ {
		split($0, cells, "`")
		print cells[2]
	}' docs/troubleshooting.md
}

check_messages() {
	local message pattern found patterns
	mapfile -t patterns < <(source_messages)
	while read -r message; do
		found=no
		message=${message#vnicx: }
		for pattern in "${patterns[@]}"; do
			# shellcheck disable=SC2053 # it is a pattern
			if [[ $message = $pattern && ${pattern//[^a-z]/} != is ]]; then
				found=yes
				break
			fi
		done
		[ "$found" = yes ] || wrong "docs/troubleshooting.md: no message of the source: $message"
	done < <(explained)
}

# Options of the plugin that can be given; the others are arguments of these, or only shown
options() {
	grep -ohE '(OPTION_(WORDS|ON_OFF|AUTO|NUMBER|FLAG)\(|\{ \.name = )"[^"]+"' tools/ip/options.c |
		sed 's/.*("*//; s/.*= //; s/"//g' | grep -vxE 'usedbcqueuelen|burst|mirror_.*|bpf_.*'
}

parameters() {
	grep -ohE 'MODULE_PARM_DESC\([a-z]+' vnic/*.c | sed 's/.*(//'
}

# has_paragraph PAGE WORD: one that begins with the word
has_paragraph() {
	local text
	text=$(sed -n '/^\.T[PQ]/{n;p}' "$1" | sed 's/\\-/-/g; s/[\\~]/ /g')
	grep -qE "^\.(B|BR|BI) \"?$2([ =\"]|\$)" <<<"$text"
}

check_pages() {
	local word
	while read -r word; do
		has_paragraph docs/man/ip-link-vnicx.8 "$word" || wrong "ip-link-vnicx(8) has no paragraph: $word"
	done < <(options)
	while read -r word; do
		has_paragraph docs/man/vnicx.4 "$word" || wrong "vnicx(4) has no paragraph: $word"
	done < <(parameters)
}

wrong() {
	printf '%s\n' "$1"
	found_wrong=yes
}

main() {
	local found_wrong=no
	cd "${1:-$(dirname "${BASH_SOURCE[0]}")/..}"
	check_links
	check_messages
	check_pages
	[ "$found_wrong" = no ]
}

main "$@"
