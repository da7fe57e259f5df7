#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Shows the same switch on many hosts: three namespaces of a throwaway guest are
# hosts with FRR, VXLAN between them, vNICs on each. Sets up what it needs.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

usage() {
	cat <<-END
	usage: [KERNEL=uml|uml-smp|6.1|6.12] hosts.sh [NAME...]

	Runs the scripts of tests/hosts/ with these names; without one, all of them but scale and
	migrate. The latter, a live migration of QEMU's, is for uml, whose guests see
	this machine's QEMU.
	END
}

main() {
	local kernel=${KERNEL:-uml} names=("$@") name
	for name; do
		case $name in
		-h | --help) usage && exit ;;
		esac
		[ -e "$top/tests/hosts/$name.sh" ] || die "no such script: tests/hosts/$name.sh (--help)"
	done
	[ $# -gt 0 ] || names=(walk forged announce move engines ovs mtu mistakes)
	say "preparing: packages, FRR, the kernel $kernel, the modules"
	bash "$top/scripts/packages.sh"
	names=("${names[@]/#/hosts/}")
	exec bash "$top/scripts/check-guest.sh" hosts "$kernel" "${names[@]/%/.sh}"
}

main "$@"
