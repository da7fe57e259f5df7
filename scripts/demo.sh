#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Shows vNICs at work in a throwaway virtual machine, with Debian's own kernel
# and an emulated adapter. Sets up what it needs.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

usage() {
	cat <<-END
	usage: [KERNEL=6.1|6.12] demo.sh

	Shows vNICs at work in a throwaway virtual machine, in three to four minutes, and fetches
	the kernel and packages that it needs before.
	END
}

main() {
	local kernel=${KERNEL:-6.1} modules
	case $* in
	'') ;;
	-h | --help) usage && exit ;;
	*) die "it takes no words: $* (--help)" ;;
	esac
	case $kernel in
	6.1 | 6.12) ;;
	*) die "the demonstration is for KERNEL=6.1 or 6.12" ;;
	esac
	say "preparing: packages, Debian's kernel $kernel, the module"
	bash "$top/scripts/packages.sh" build "$kernel" guest host
	modules=$(bash "$top/scripts/build.sh" "$kernel")
	say "booting a virtual machine"
	exec bash "$top/scripts/vm.sh" --kernel "$kernel" --net lan --modules "$modules" \
		--log "$cache/log/demo-$kernel.log" --timeout 300 demo.sh
}

main "$@"
