#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Builds the modules for one kernel in a copy of the tree, which stays clean,
# and prints where they are. A warning, of W=1 too, is a failure. The copy is in
# the cache, and the next checkout compiles only what is different in it.
#
#   build.sh KERNEL [NAME VARIABLE=VALUE...]
#   build.sh --sparse KERNEL [VARIABLE=VALUE...]
#
# A NAME tells a build with make variables from the plain one. sparse looks at
# what the plain one has compiled.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# Only files whose content changed are touched, so that make does no more than
# it must; and what make made, by the same patterns, is left alone.
copy_tree() {
	mkdir -p "$dir/tree"
	rsync -rlpc --delete --exclude='.*' --exclude='*.o' --exclude='*.ko' --exclude='*.mod' \
		--exclude='*.mod.c' --exclude='modules.order' --exclude='Module.symvers' \
		--exclude='/scripts' --exclude='/docs' --exclude='/packaging' --exclude='/deb' --exclude='/tests/netns' --exclude='/tests/guest' --exclude='/tests/traffic' \
		--exclude='/tests/fuzz' \
		"$top/" "$dir/tree/"
}

# warnings LOG: what gcc says counts wherever it says it: the kernel's headers give
# it no cause. Other compilers and checkers have opinions on those that are not ours.
# objtool looks for the mitigations of gcc. Debian's sparse cannot compute the
# strings of MODULE_INFO in newer kernels.
warnings() {
	awk -v own="$dir/tree/" -v plain="$([ "$name" != gcc ] || echo yes)" '
		tolower($0) !~ /warning|error:/ { next }
		/compiler differs|warnings? generated|error: bad constant expression$/ { next }
		!plain && / objtool: / { next }
		plain || index($0, own) == 1 || !/^(\/|\.\/)/' "$1"
}

# compile LOG VARIABLE=VALUE...
compile() {
	make -C "$dir/tree" KDIR="$kdir" ARCH="$arch" W=1 -j2 --output-sync VNICX_TESTS=y "${@:2}" modules >"$1" 2>&1 </dev/null
}

# make_modules LOG KERNEL VARIABLE=VALUE...: which must not warn
make_modules() {
	local log=$1 kernel=$2
	shift 2
	if ! slowly "building the modules for $kernel, log: $log" compile "$log" "$@"; then
		grep -E 'rror|warning' -A 5 "$log" >&2 || tail -n 20 "$log" >&2
		die "does not build for $kernel (log in $log)"
	fi
	warnings "$log" >"$dir/warnings"
	if [ -s "$dir/warnings" ]; then
		cat "$dir/warnings" >&2
		die "builds for $kernel with warnings (log in $log)"
	fi
}

# headers: their names. make does not see that a new one comes before another.
headers() {
	(cd "$top" && find . -name '*.h' | sort)
}

# Output is kept together, or two compilers' lines mix and are taken for others.
#
# A header that make does not know of (a probed one, of the kernel) and
# warnings of files that are not compiled again: both make an old build worthless
# unless the last one was clean, for the very same kernel and by the same headers.
build() {
	# shellcheck disable=SC2034 # kernels.sh assigns them all
	local kernel=$1 release arch image kdir modules kind
	shift
	eval "$(bash "$top/scripts/kernels.sh" "$kernel")"
	kind="$kdir $release $(headers | digest) $*"
	if [ "$(cat "$dir/clean" 2>/dev/null)" != "$kind" ]; then
		rm -rf "$dir"
	fi
	copy_tree
	rm -f "$dir/clean"
	make_modules "$dir/log" "$kernel" "$@"
	echo "$kind" >"$dir/clean"
}

# look KERNEL VARIABLE=VALUE...: sparse, at all that is compiled already
look() {
	# shellcheck disable=SC2034 # kernels.sh assigns them all
	local kernel=$1 release arch image kdir modules
	shift
	build "$kernel"
	eval "$(bash "$top/scripts/kernels.sh" "$kernel")"
	name=sparse
	make_modules "$dir/log-sparse" "$kernel" C=2 "$@"
}

# A checkout has copies of its modules, whatever others build next. A reader
# finds old or new ones, whole.
take() {
	"$how" "$@"
	mkdir -p "$own"
	rsync -rc --delete --include='/*.ko' --exclude='*' "$dir/tree/" "$own/"
}

main() {
	local how=build kernel name own lock_log
	check_paths
	if [ "$1" = --sparse ]; then
		how=look
		shift
		set -- "$1" gcc "${@:2}"
	fi
	kernel=$1 name=${2:-gcc}
	shift
	[ $# -eq 0 ] || shift
	dir=$cache/build/$kernel-$name
	own=$cache/build/$(digest <<<"$top")/$kernel-$name
	# shellcheck disable=SC2034 # of lib.sh
	lock_log=$dir/log
	with_lock "build-$kernel-$name" take "$kernel" "$@" >&2
	echo "$own"
}

main "$@"
