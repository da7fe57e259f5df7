#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Shows two virtual machines and a container on vNICs over one lower device: the host
# of all three is User Mode Linux with vnicx, the machines are QEMU's, with
# Debian's kernel 6.1: one is served by QEMU itself, the other by vhost-net. Sets up
# what it needs.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=machine.sh
. "$top/scripts/machine.sh"

usage() {
	cat <<-END
	usage: [KERNEL=uml|uml-smp|uml-plain] vms.sh

	Shows two virtual machines and a container on vNICs over one lower device, in a throwaway
	guest.
	END
}

main() {
	local kernel=${KERNEL:-uml} modules bin
	case $* in
	'') ;;
	-h | --help) usage && exit ;;
	*) die "it takes no words: $* (--help)" ;;
	esac
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
	machine_files "$bin"
	say "booting the machines' host"
	bash "$top/scripts/vm.sh" --kernel "$kernel" --modules "$modules" --bin "$bin" --memory 2G \
		--load "vnicx vnicx_tap" --log "$cache/log/vms-$kernel.log" --timeout 700 vms.sh
}

main "$@"
