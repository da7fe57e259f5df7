#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Shows two virtual machines and a container on vNICs over one lower device: the host
# of all three is User Mode Linux with vnicx, the machines are QEMU's, with
# Debian's kernel 6.1: first served by QEMU itself, then by vhost-net. Sets up
# what it needs.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# The virtual machines boot these: Debian's kernel, and our programs beside it.
machine_files() {
	# shellcheck disable=SC2034 # kernels.sh assigns them all
	local release arch image kdir modules base
	eval "$(bash "$top/scripts/kernels.sh" 6.1)"
	base=$(bash "$top/scripts/initramfs.sh" "$release" "$modules")
	cp -L "$image" "$bin/vm-kernel"
	(cd "$top" && find tests -path tests -o -path 'tests/guest*' | cpio -o -H newc -R 0:0 --quiet) | cat "$base" - >"$bin/vm-initrd"
}

main() {
	local kernel=${KERNEL:-uml} modules bin
	case $kernel in
	uml | uml-smp | uml-plain) ;;
	*) die "virtual machines run in KERNEL=uml, uml-smp or uml-plain" ;;
	esac
	say "preparing: packages, kernels, the modules"
	bash "$top/scripts/packages.sh"
	modules=$(bash "$top/scripts/build.sh" "$kernel")
	bin=$(mktemp -d)
	# shellcheck disable=SC2064 # this one
	trap "rm -rf '$bin'" EXIT
	machine_files
	say "booting the machines' host"
	bash "$top/scripts/vm.sh" --kernel "$kernel" --modules "$modules" --bin "$bin" --memory 2G \
		--load "vnicx vnicx_tap" --log "$cache/log/vms-$kernel.log" --timeout 1300 vms.sh vms-vhost.sh
}

main "$@"
