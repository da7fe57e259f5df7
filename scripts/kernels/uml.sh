# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154 # variables of kernels.sh and lib.sh
#
# User Mode Linux kernels with every debugging aid that a driver can trip over.
# Only ever built with ARCH=um and O=: the source tree is shared and stays clean.

# requested FRAGMENT...: the last word on each option, as NAME=VALUE
requested() {
	sed -nE 's/^(CONFIG_[A-Z0-9_]+=.*)/\1/p' "$@" |
		awk -F= '{ last[$1] = $0 } END { for (name in last) print last[name] }'
}

# A fragment's line is a wish: the kernel's configuration drops, silently, what
# has unmet dependencies.
check_honoured() {
	local config=$1 line refused=0
	shift
	while read -r line; do
		case $line in
		*=n) ! grep -q "^${line%=n}=" "$config" ;;
		*) grep -qxF "$line" "$config" ;;
		esac && continue
		say "the kernel's configuration did not take $line"
		refused=1
	done < <(requested "$@")
	return "$refused"
}

configure_uml() {
	local dir=$1
	shift
	make -s ARCH=um O="$dir" defconfig
	(cd "$dir" && "$tree/scripts/kconfig/merge_config.sh" -m -O "$dir" "$dir/.config" "$@")
	make -s ARCH=um O="$dir" olddefconfig
	check_honoured "$dir/.config" "$@"
}

# build_uml DIRECTORY FRAGMENT...
build_uml() (
	dir=$1
	[ ! -e "$dir/.complete" ] || exit 0
	say "building ${dir##*/}: about ten minutes on two processors"
	rm -rf "$dir"
	mkdir -p "$dir"
	cd "$tree" || exit
	logged "$dir/configure.log" configure_uml "$@"
	logged "$dir/build.log" make -s ARCH=um O="$dir" -j"$(($(nproc) + 1))"
	: >"$dir/.complete"
)

# uml_kernel NAME FRAGMENT...
uml_kernel() {
	local name=$1 tree key dir fragments
	tree=$(newest_source)
	shift
	fragments=("${@/#/$top/tests/configs/}")
	key=$({ echo "${tree##*/}"; gcc -dumpfullversion; requested "${fragments[@]}" | sort; } | digest)
	dir=$cache/kernels/uml-$name-${tree##*/linux-source-}-$key
	with_lock "uml-$name" build_uml "$dir" "${fragments[@]}" >&2
	printf '%s\n' "release=$(cat "$dir/include/config/kernel.release")" "arch=um" \
		"image=$dir/linux" "kdir=$dir" "modules="
}
