#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The CNI plugin without a kernel: the format that gofmt gives it, what vet finds, unit
# tests, and its own makefile. tests/netns/cni.sh has the rest.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# Once for all kinds of runs: Go compiles its own library as well.
export GOCACHE=$cache/go

# in_copy COMMAND...: a user's tree stays clean
in_copy() {
	copy=$(mktemp -d)
	trap 'rm -rf "$copy"' EXIT
	mkdir -p "$copy/tests" "$copy/vnic" "$copy/tools"
	cp -r "$top/tools/cni" "$top/tools/ip" "$copy/tools/"
	cp -r "$top/tests/cni" "$copy/tests/"
	cp "$top/vnic/vnic.h" "$copy/vnic/"
	cd "$copy/tools/cni"
	"$@"
}

# The program tells its version when no engine calls it.
installs() {
	make -s clean
	make -s install DESTDIR="$copy/image"
	[ "$(find "$copy/image" -not -type d -printf '%P\n' | sort)" = $'opt/cni/bin/vnicx\nusr/local/lib/netavark/vnicx' ] ||
		die "make install installs other files"
	"$copy/image/opt/cni/bin/vnicx" 2>&1 | grep -qx "CNI plugin vnicx $(make -s -C "$top" --no-print-directory version)" ||
		die "the plugin says another version"
	make -s uninstall DESTDIR="$copy/image"
	[ -z "$(find "$copy/image" -not -type d)" ] || die "make uninstall leaves files"
}

main() {
	ktap_begin
	ktap_check "the CNI plugin is formatted as gofmt does it" in_copy make -s format
	ktap_check "go vet finds nothing in the CNI plugin" in_copy make -s vet
	ktap_check "the CNI plugin passes its unit tests" in_copy make -s test
	ktap_check "make install installs the CNI plugin, and make uninstall removes it" in_copy installs
	echo "1..$ktap_number"
}

main "$@"
