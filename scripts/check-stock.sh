#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# An image package is unpacked whole, whether it has the kernel in it, as those of
# Debian 12, or is empty and depends on packages that do: with packages made here.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=kernels/stock.sh
. "$top/scripts/kernels/stock.sh"

release=1.2.3-amd64 version=1.2.3-1~bpo1

# package NAME DEPENDS [FILE...]
package() {
	local name=$1 depends=$2 dir=$work/$1 file
	shift 2
	mkdir -p "$dir/DEBIAN"
	printf '%s\n' "Package: $name" "Version: $version" "Architecture: all" "Depends: $depends" \
		"Maintainer: nobody <nobody@example.org>" "Description: none" >"$dir/DEBIAN/control"
	for file; do
		mkdir -p "$dir/${file%/*}"
		echo "$name" >"$dir/$file"
	done
	dpkg-deb --build "$dir" "$work/pool/${name}_${version}_all.deb" >/dev/null
}

# In place of apt's; a package of another version or of another kind is not wanted.
download() {
	[ "$2" = "$version" ] || die "asked for $1 $2"
	cp "$work/pool/$1_${version}_all.deb" .
}

fetch_image() {
	download "linux-image-$release" "$version"
}

# unpacks KERNEL: from the packages that are in the pool, with KERNEL to boot
unpacks() {
	rm -rf "$work/out"
	unpack_image meta "$work/out" 2>/dev/null
	[ "$(kernel_of "$work/out" $release)" = "$work/out/$1" ] || die "no $1"
	[ -s "$work/out/$1" ] || die "$1 is not there"
	[ -s "$work/out/lib/modules/$release/kernel/veth.ko" ] || die "no modules"
	[ ! -e "$work/out/deb" ] || die "packages are left"
}

main() {
	local same="(= $version)"
	work=$(mktemp -d)
	trap 'rm -rf "$work"' EXIT
	mkdir "$work/pool"
	package "linux-image-$release" "kmod, linux-base (>= 4.3~), initramfs-tools (>= 0.1) | other" \
		"boot/vmlinuz-$release" "lib/modules/$release/kernel/veth.ko"
	unpacks "boot/vmlinuz-$release"

	rm -r "$work/pool" "$work/linux-image-$release"
	mkdir "$work/pool"
	package "linux-base-$release" kmod "usr/lib/modules/$release/modules.order"
	package "linux-modules-$release" "kmod, linux-base-$release $same" "usr/lib/modules/$release/kernel/veth.ko"
	package "linux-signed-$release" "linux-base-$release $same" "usr/lib/modules/$release/vmlinuz"
	# only by way of another
	package "linux-binary-$release" "linux-signed-$release $same"
	package "linux-image-$release" "dracut | other (= $version), linux-old (= 1.0), linux-binary-$release $same,
 linux-modules-$release $same"
	unpacks "lib/modules/$release/vmlinuz"
	[ -s "$work/out/lib/modules/$release/modules.order" ] || die "what parts depend on is missing"
}

main "$@"
