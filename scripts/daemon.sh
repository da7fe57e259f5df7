#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Puts a daemon, or another program that needs nothing beside it, into a directory, out of
# Debian's package, which is unpacked and never installed: it shall run in guests, not on this host.
#
#   daemon.sh DIRECTORY PACKAGE PROGRAM
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

main() {
	local bin=$1 package=$2 program=$3 work
	[ ! -e "$bin/$program" ] || return 0
	work=$bin/../$package
	rm -rf "$work"
	mkdir -p "$bin" "$work"
	cd "$work"
	say "fetching $package"
	# the lists may be older than the mirror's pool
	fetch "$package" >&2 || { apt-get -qq update >&2 && fetch "$package" >&2; }
	dpkg-deb -x "$package"_*.deb .
	cp usr/*bin/"$program" "$bin/"
}

# fetch PACKAGE: into the working directory
fetch() {
	apt-get -q -o APT::Sandbox::User=root download "$1"
}

main "$@"
