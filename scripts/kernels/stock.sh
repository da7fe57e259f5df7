# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154 # variables of kernels.sh and lib.sh
#
# Debian's own kernels: the image package that belongs to the installed headers,
# unpacked into the cache, never installed.

# headers_package METAPACKAGE: the package of headers it stands for
headers_package() {
	dpkg-query -W -f '${Depends}' "$1" | grep -oE 'linux-headers-[^ ,]*-amd64' | head -n 1
}

# download PACKAGE VERSION: into the working directory
download() {
	apt-get -o APT::Sandbox::User=root download "$1=$2"
}

# The pool keeps few versions: when the one installed has gone, move to the
# one that is there, headers and image together.
fetch_image() {
	local meta=$1 headers version
	headers=$(headers_package "$meta")
	version=$(dpkg-query -W -f '${Version}' "$headers")
	download "${headers/headers/image}" "$version" && return
	apt-get -qq update
	DEBIAN_FRONTEND=noninteractive apt-get -qq -y install "$meta" </dev/null
	headers=$(headers_package "$meta")
	version=$(dpkg-query -W -f '${Version}' "$headers")
	download "${headers/headers/image}" "$version"
}

# parts DEB: "PACKAGE VERSION" of the packages that it depends on in its own version
parts() {
	local version
	version=$(dpkg-deb -f "$1" Version)
	dpkg-deb -f "$1" Depends | tr ',' '\n' |
		sed -nE 's/^ *(linux-[^ ]+) \(= ([^)]+)\)$/\1 \2/p' |
		awk -v version="$version" '$2 == version'
}

# fetch_parts: newer images are empty and depend on packages with the kernel and with its
# modules (linux-binary-*, linux-modules-*), which may do the same
fetch_parts() {
	local deb name version found=yes
	while [ "$found" = yes ]; do
		found=no
		for deb in *.deb; do
			while read -r name version; do
				[ -z "$(find . -name "${name}_*.deb")" ] || continue
				download "$name" "$version"
				found=yes
			done < <(parts "$deb")
		done
	done
}

# fetch METAPACKAGE: the image and its parts, into the working directory
fetch() {
	fetch_image "$1"
	fetch_parts
}

unpack_image() {
	local meta=$1 dir=$2 deb
	rm -rf "$dir"
	mkdir -p "$dir/deb"
	say "fetching the kernel image for $meta"
	(cd "$dir/deb" && fetch "$meta" >&2)
	for deb in "$dir"/deb/*.deb; do
		dpkg-deb -x "$deb" "$dir"
	done
	rm -r "$dir/deb"
	# newer packages have them elsewhere than depmod and modprobe look
	[ -e "$dir/lib/modules" ] || ln -s usr/lib "$dir/lib"
}

# kernel_of DIRECTORY RELEASE: the file in it that boots
kernel_of() {
	if [ -e "$1/boot/vmlinuz-$2" ]; then
		echo "$1/boot/vmlinuz-$2"
	else
		echo "$1/lib/modules/$2/vmlinuz"
	fi
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
		"image=$(kernel_of "$dir" "$release")" \
		"kdir=/lib/modules/$release/build" "modules=$dir"
}
