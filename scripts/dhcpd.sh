#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Puts ISC's DHCP server into a directory, out of Debian's package, which is unpacked and
# never installed: the daemon shall run in guests, not on this host.
#
#   dhcpd.sh DIRECTORY
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# Into the working directory
fetch() {
	apt-get -q -o APT::Sandbox::User=root download isc-dhcp-server
}

main() {
	local bin=$1 work
	[ ! -e "$bin/dhcpd" ] || return 0
	work=$bin/../dhcpd
	rm -rf "$work"
	mkdir -p "$bin" "$work"
	cd "$work"
	say "fetching a DHCP server"
	# the lists may be older than the mirror's pool
	fetch >&2 || { apt-get -qq update >&2 && fetch >&2; }
	dpkg-deb -x isc-dhcp-server_*.deb .
	cp usr/sbin/dhcpd "$bin/"
}

main "$@"
