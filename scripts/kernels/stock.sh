# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154 # variables of kernels.sh and lib.sh
#
# Debian's own kernels: the image package that belongs to the installed headers,
# unpacked into the cache, never installed.

# headers_package METAPACKAGE: the package of headers it stands for
headers_package() {
	dpkg-query -W -f '${Depends}' "$1" | grep -oE 'linux-headers-[^ ,]*-amd64' | head -n 1
}

# The pool keeps few versions: when the one installed has gone, move to the
# one that is there, headers and image together.
fetch_image() {
	local meta=$1 headers version
	headers=$(headers_package "$meta")
	version=$(dpkg-query -W -f '${Version}' "$headers")
	apt-get -o APT::Sandbox::User=root download "${headers/headers/image}=$version" && return
	apt-get -qq update
	DEBIAN_FRONTEND=noninteractive apt-get -qq -y install "$meta" </dev/null
	headers=$(headers_package "$meta")
	version=$(dpkg-query -W -f '${Version}' "$headers")
	apt-get -o APT::Sandbox::User=root download "${headers/headers/image}=$version"
}

unpack_image() {
	local meta=$1 dir=$2
	rm -rf "$dir"
	mkdir -p "$dir/deb"
	say "fetching the kernel image for $meta"
	(cd "$dir/deb" && fetch_image "$meta" >&2)
	dpkg-deb -x "$dir"/deb/linux-image-*.deb "$dir"
	rm -r "$dir/deb"
}

stock_kernel() {
	local meta=$1 headers version release dir
	headers=$(headers_package "$meta")
	version=$(dpkg-query -W -f '${Version}' "$headers")
	release=${headers#linux-headers-}
	dir=$cache/kernels/stock-$release-${version//[^[:alnum:].]/-}
	if [ ! -e "$dir/.complete" ]; then
		unpack_image "$meta" "$dir"
		if [ "$(headers_package "$meta")" != "$headers" ]; then
			stock_kernel "$meta"
			return
		fi
		depmod -b "$dir" "$release"
		: >"$dir/.complete"
	fi
	printf '%s\n' "release=$release" "arch=x86_64" \
		"image=$dir/boot/vmlinuz-$release" \
		"kdir=/lib/modules/$release/build" "modules=$dir"
}
