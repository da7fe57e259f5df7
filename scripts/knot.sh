#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Prints a directory with Knot DNS: the server, which answers by AF_XDP, kxdpgun, which asks
# by AF_XDP, kdig, and their libraries, libxdp among them.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=unpack.sh
. "$top/scripts/unpack.sh"

complete() {
	local dir=$1 root=$1.root
	[ ! -e "$dir/.complete" ] || return 0
	rm -rf "$dir"
	unpack knot "$root"
	take_programs "$root" "$dir" usr/sbin/knotd usr/sbin/knotc
	unpack knot-dnsutils "$root"
	take_programs "$root" "$dir" usr/sbin/kxdpgun usr/bin/kdig
	rm -rf "$root"
	: >"$dir/.complete"
}

main() {
	check_paths
	local dir
	dir=$cache/knot-$(cat "${BASH_SOURCE[0]}" "$top/scripts/unpack.sh" | digest)
	with_lock knot complete "$dir" >&2
	echo "$dir"
}

main "$@"
