#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Builds the plugin for ip, in a copy, so that a user's tree stays clean.
#
#   plugin.sh DIRECTORY    where to put it, under both of its names
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
}

main "$@"
