#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Builds the plugin for ip and the program vnicx, in a copy, so that a user's tree
# stays clean.
#
#   plugin.sh DIRECTORY    where to put them, the plugin under both of its names
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

main() {
	local bin=$1 copy
	copy=$(realpath -m "$bin/../plugin")
	mkdir -p "$copy" "$bin"
	cp -ru "$top/tools" "$top/include" "$copy/"
	make -s -C "$copy/tools/ip" CFLAGS='-O2 -Werror'
	cp -u "$copy/tools/ip/link_vnicx.so" "$bin/"
	ln -sf link_vnicx.so "$bin/link_vnicxtap.so"
	# static: the guest may have other libraries
	make -s -C "$copy/tools/vnicx" CFLAGS='-O2 -Werror' LDFLAGS=-static
	cp -u "$copy/tools/vnicx/vnicx" "$bin/"
}

main "$@"
