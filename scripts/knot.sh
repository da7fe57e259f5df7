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

fill() {
	unpack knot "$2"
	take_programs "$2" "$1" usr/sbin/knotd usr/sbin/knotc
	unpack knot-dnsutils "$2"
	take_programs "$2" "$1" usr/sbin/kxdpgun usr/bin/kdig
}

print_directory knot
