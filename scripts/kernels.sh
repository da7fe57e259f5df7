#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The kernels that the module is built for and tested on, fetched or built into
# the cache when they are not there.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=kernels/stock.sh
. "$top/scripts/kernels/stock.sh"
# shellcheck source=kernels/source.sh
. "$top/scripts/kernels/source.sh"
# shellcheck source=kernels/uml.sh
. "$top/scripts/kernels/uml.sh"

usage() {
	cat <<-END
	usage: kernels.sh [--refresh] KERNEL | source | all

	  KERNEL    6.1, 6.12, 6.12-rt (Debian's packages), uml, uml-smp, uml-plain
	            (built here from the newest packaged source: every debugging aid;
	            two CPUs; neither, to measure):
	            prints shell assignments of release, arch, image, kdir, modules
	  source    prints the directory of the newest packaged kernel source
	  all       fetches and builds what the check needs, prints nothing

	  --refresh looks on the network for a newer source even if one is cached
	END
}

describe() {
	case $1 in
	6.1) with_lock stock-6.1 stock_kernel linux-headers-amd64 ;;
	6.12) with_lock stock-6.12 stock_kernel linux-headers-6.12-amd64 ;;
	6.12-rt) with_lock stock-6.12-rt stock_kernel linux-headers-6.12-rt-amd64 ;;
	uml) uml_kernel debug uml.config debug.config ;;
	uml-smp) uml_kernel smp uml.config smp.config ;;
	uml-plain) uml_kernel plain uml.config ;;
	*) die "no such kernel: $1 (6.1, 6.12, 6.12-rt, uml, uml-smp, uml-plain)" ;;
	esac
}

# The two that are built, at once: one links while the other compiles.
all() {
	local kernel building=()
	for kernel in 6.1 6.12 6.12-rt source; do
		bash "${BASH_SOURCE[0]}" "$kernel"
	done
	for kernel in uml uml-smp; do
		bash "${BASH_SOURCE[0]}" "$kernel" &
		building+=($!)
	done
	for kernel in "${building[@]}"; do
		wait "$kernel"
	done
}

# shellcheck disable=SC2034 # read in kernels/source.sh
refresh=no

main() {
	check_paths
	if [ "${1:-}" = --refresh ]; then
		# shellcheck disable=SC2034
		refresh=yes
		shift
	fi
	case ${1:-} in
	-h | --help | '') usage ;;
	source) newest_source ;;
	all) all >/dev/null ;;
	*) describe "$1" ;;
	esac
}

main "$@"
