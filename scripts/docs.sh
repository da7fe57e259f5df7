#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Renders documents and manual pages to HTML, with Debian's lowdown and mandoc, and follows
# the links among them.
#
#	docs.sh [DIRECTORY]    html/ of this tree, if none is named
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# Links to documents and manual pages lead to what is rendered. The names of headings are
# those of GitHub, for which the links are written.
relink() {
	sed -E 's/(href="[^":]*)\.md(#[^"]*)?"/\1.html\2"/g; s/(href="[^":]*\/?vnicx\.[48])"/\1.html"/g' | awk '
		match($0, /<h[1-6] id="[^"]*"/) {
			head = substr($0, RSTART, RLENGTH)
			id = head
			sub(/^.*id="/, "", id)
			gsub(/[^a-z0-9_-]/, "", id)
			sub(/id=".*$/, "id=\"" id "\"", head)
			$0 = substr($0, 1, RSTART - 1) head substr($0, RSTART + RLENGTH)
		}
		{ print }'
}

render() {
	local page up
	(git ls-files '*.md' 2>/dev/null || find . -name '*.md') | while read -r page; do
		mkdir -p "$out/$(dirname "$page")"
		up=$(dirname "$page" | sed 's,[^/.][^/]*,..,g; s,^\.$,.,')
		lowdown -s -Thtml -m "css=$up/style.css" "$page" | relink >"$out/${page%.md}.html"
	done
	mkdir -p "$out/docs/man"
	for page in docs/man/*.[48]; do
		mandoc -Thtml -O style=../../style.css,man=%N.%S.html "$page" >"$out/$page.html"
	done
	cat >"$out/style.css" <<-'END'
		body { max-width: 64em; margin: 1em auto; padding: 0 1em; font-family: sans-serif; line-height: 1.4 }
		pre, code { background: #f4f4f4 }
		pre { padding: 0.5em; overflow-x: auto }
		table { border-collapse: collapse }
		main td, main th, body > table td, body > table th { border: 1px solid #ccc; padding: 0.2em 0.5em; vertical-align: top }
		img { max-width: 100% }
	END
}

# links PAGE: targets within the tree
links() {
	grep -oE '(href|src)="[^"]*"' "$1" | sed 's/^[a-z]*="//; s/"$//' | grep -vE '^([a-z]+:|$)' | sort -u
}

# Files that documents link to and that are not rendered go along. A manual page of
# another package is where that is.
follow() {
	local page target file anchor place lost=no
	while read -r page; do
		while read -r target; do
			file=${target%%#*} anchor=''
			[[ $target != *#* ]] || anchor=${target#*#}
			place=$page
			if [ -n "$file" ]; then
				place=$(realpath -m --relative-to=. "$(dirname "$page")/$file")
				if [ ! -e "$place" ] && [ -e "$top/$place" ]; then
					mkdir -p "$(dirname "$place")"
					cp -r "$top/$place" "$place"
				fi
			fi
			if [[ $page = docs/man/* && ! -e $place ]]; then
				continue
			elif [ ! -e "$place" ]; then
				echo "$page: no file $target"
				lost=yes
			elif [ -n "$anchor" ] && ! grep -qF -e "id=\"$anchor\"" "$place"; then
				echo "$page: no heading $target"
				lost=yes
			fi
		done < <(links "$page")
	done < <(find . -name '*.html' | sed 's,^\./,,' | sort)
	[ "$lost" = no ]
}

main() {
	local out=${1:-$top/html}
	bash "$top/scripts/packages.sh" docs
	mkdir -p "$out"
	out=$(realpath "$out")
	cd "$top"
	render
	cd "$out"
	follow
	say "$out/README.html"
}

main "$@"
