#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Builds the CNI plugin and the tests' container engine, in a copy, so that a user's tree
# stays clean, and puts Debian's plugins for IPAM beside them.
#
#   cni.sh DIRECTORY    where to put them
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# Once for all kinds of runs: Go compiles its own library as well.
export GOCACHE=$cache/go

main() {
	local bin=$1 copy
	copy=$(realpath -m "$bin/../cni-source")
	rm -rf "$copy"
	mkdir -p "$copy/tools" "$copy/tests" "$copy/vnic" "$bin"
	cp -r "$top/tools/cni" "$copy/tools/"
	cp -r "$top/tests/cni" "$copy/tests/"
	cp "$top/vnic/vnic.h" "$copy/vnic/"
	make -s -C "$copy/tools/cni" vnicx engine
	cp -u "$copy"/tools/cni/{vnicx,engine} /usr/lib/cni/{host-local,static,dhcp} "$bin/"
}

main "$@"
