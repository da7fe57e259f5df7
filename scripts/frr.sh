#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Prints a directory with FRR's zebra, bgpd and vtysh and their libraries.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=unpack.sh
. "$top/scripts/unpack.sh"

complete() {
	local dir=$1 root=$1.root
	[ ! -e "$dir/.complete" ] || return 0
	rm -rf "$dir"
	unpack frr "$root"
	take_programs "$root" "$dir" usr/lib/frr/zebra usr/lib/frr/bgpd usr/bin/vtysh
	# vtysh asks PAM whether root may configure
	cp -L /lib/x86_64-linux-gnu/security/pam_permit.so "$dir/lib/"
	rm -rf "$root"
	: >"$dir/.complete"
}

main() {
	check_paths
	local dir
	dir=$cache/frr-$(cat "${BASH_SOURCE[0]}" "$top/scripts/unpack.sh" | digest)
	with_lock frr complete "$dir" >&2
	echo "$dir"
}

main "$@"
