# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Sourced by scripts whose guests run virtual machines: what these boot.

# machine_files DIRECTORY: Debian's kernel, and our programs beside it
# shellcheck disable=SC2154 # top is lib.sh's
machine_files() {
	# shellcheck disable=SC2034 # kernels.sh assigns them all
	local release arch image kdir modules base
	eval "$(bash "$top/scripts/kernels.sh" 6.1)"
	base=$(bash "$top/scripts/initramfs.sh" "$release" "$modules")
	cp -L "$image" "$1/vm-kernel"
	(cd "$top" && find tests -path tests -o -path 'tests/guest*' | cpio -o -H newc -R 0:0 --quiet) | cat "$base" - >"$1/vm-initrd"
}
