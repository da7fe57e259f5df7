#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Prints a directory with FRR's zebra, bgpd and vtysh and their libraries.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=unpack.sh
. "$top/scripts/unpack.sh"

fill() {
	unpack frr "$2"
	take_programs "$2" "$1" usr/lib/frr/zebra usr/lib/frr/bgpd usr/bin/vtysh
	# vtysh asks PAM whether root may configure
	cp -L /lib/x86_64-linux-gnu/security/pam_permit.so "$1/lib/"
}

print_directory frr
