#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The language of comments, documents, manual pages, messages and test titles: words
# that docs/glossary.md bans, and sentences that open without a subject.
#
#	check-language.sh [FILE...]   fails if there is a finding
#	check-language.sh --count     counts sentences and findings by folder
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# The last column, one entry a line
banned_words() {
	awk -F ' *[|] *' '/^[|]/ && $4 != "not" && $4 !~ /^-/ { print $4 }' "$top/docs/glossary.md" |
		sed 's/, */\n/g'
}

# kind_of FILE: how its text is told from its code
kind_of() {
	case $1 in
	docs/glossary.md) ;;
	*.md) echo md ;;
	*.[48]) echo man ;;
	*.[ch] | *.go) echo c ;;
	*.sh | *.awk | *.mk | Makefile | */Makefile | Kbuild | .ci/run | scripts/pre-commit) echo sh ;;
	esac
}

look() {
	local file kind words
	words=$(mktemp)
	banned_words >"$words"
	for file; do
		kind=$(kind_of "$file")
		[ -z "$kind" ] || awk -v kind="$kind" -v banned="$words" -f "$top/scripts/language.awk" "$file"
	done
	rm -f "$words"
}

files() {
	git ls-files --cached --others --exclude-standard
}

count() {
	look "${all[@]}" | awk '
		/^= / {
			folder = $2 ~ /\// ? $2 : "."
			sub(/\/.*/, "", folder)
			sentences[folder] += $3
			findings[folder] += $4
		}
		/^[^=].*: a sentence without/ { sub(/\/.*/, ""); headless[/:/ ? "." : $0]++ }
		END {
			printf "%-10s %10s %10s %10s\n", "folder", "sentences", "findings", "headless"
			for (f in sentences)
				printf "%-10s %10d %10d %10d\n", f, sentences[f], findings[f], headless[f] | "sort"
		}'
}

main() {
	local all
	cd "$top"
	if [ "${1:-}" = --count ]; then
		mapfile -t all < <(files)
		count
		return
	fi
	mapfile -t all < <(if [ $# -gt 0 ]; then printf '%s\n' "$@"; else files; fi)
	look "${all[@]}" | awk '!/^= / { print; found = 1 } END { exit found }'
}

main "$@"
