#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The demonstration asks for the kernel that it boots and for no other, nor for a
# kernel's source: each is a hundred megabytes. Runs it in a copy of the tree where
# kernels.sh writes down what is asked for, and QEMU ends at once. It and its like refuse
# words that they do not know before they do anything.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

asked() {
	cat >"$copy/scripts/kernels.sh" <<-END
		#!/bin/bash
		echo "\$@" >>"$work/asked"
		exec bash "$top/scripts/kernels.sh" "\$@"
	END
	printf '#!/bin/sh\n: >%s\n' "$work/booted" >"$work/bin/qemu-system-x86_64"
	chmod +x "$work/bin/qemu-system-x86_64"
	rm -f "$work/asked" "$work/booted"
	PATH="$work/bin:$PATH" KERNEL=6.1 bash "$copy/scripts/demo.sh" >"$work/out" 2>&1 || :
	[ -e "$work/booted" ] || { cat "$work/out" >&2; die "it did not come to booting"; }
	sort -u "$work/asked"
}

# refuses SCRIPT WORD: before it does anything
refuses() {
	rm -f "$work/asked"
	if PATH="$work/bin:$PATH" bash "$copy/scripts/$1.sh" "$2" >"$work/out" 2>&1 ||
		[ -e "$work/asked" ] || ! grep -q -- --help "$work/out"; then
		die "$1.sh does not refuse the word $2: $(<"$work/out")"
	fi
}

main() {
	local work copy words
	work=$(mktemp -d)
	copy=$work/tree
	# shellcheck disable=SC2064 # these; a checkout's modules are in the cache
	trap "rm -rf '$work' '$cache/build/$(digest <<<"$copy")'" EXIT
	mkdir "$copy" "$work/bin"
	cp -r "$top"/* "$copy"
	words=$(asked)
	[ "$words" = 6.1 ] || die "KERNEL=6.1 asks for: ${words//$'\n'/, }"
	refuses demo nonsense
	refuses vms nonsense
	refuses hosts nonsense
}

main "$@"
