#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Fetches the newest iproute2 that Debian packages and prints a directory with
# its ip as "ip-newest", for the PATH of a guest. It needs newer libraries than
# this system may have, so they come along, and its own loader finds them.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source-path=SCRIPTDIR source=kernels/source.sh
. "$top/scripts/kernels/source.sh"

suite=sid
loader=usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2

# All apt does here is in a cache of its own, so no other run is in its way.
cache=$cache/iproute2

update() {
	local mirror
	mirror=$(system_mirror)
	mkdir -p "$cache/apt/lists/partial" "$cache/apt/cache/archives/partial"
	: >"$cache/apt/status"
	# shellcheck disable=SC2154 # from kernels/source.sh
	echo "deb [signed-by=$keyring] $mirror $suite main" >"$cache/apt/sources.list"
	private_apt apt-get update >&2
}

# The libraries that it depends on, and itself
packages() {
	private_apt apt-cache depends --recurse --important iproute2 |
		grep -xE 'lib[[:alnum:].+-]*|zlib1g|iproute2' | sort -u
}

# unpack DIRECTORY: the packages, and of them what ip needs
unpack() {
	local dir=$1 root=$1/root deb names library
	mkdir -p "$dir/deb" "$root" "$dir/bin/newest"
	mapfile -t names < <(packages)
	(cd "$dir/deb" && private_apt apt-get download "${names[@]}" >&2)
	for deb in "$dir"/deb/*.deb; do
		dpkg-deb -x "$deb" "$root"
	done
	cp "$root/usr/bin/ip" "$root/$loader" "$dir/bin/newest/"
	"$root/$loader" --library-path "$root/${loader%/*}" --list "$root/usr/bin/ip" |
		grep -oE "$root/[^ ]+" | while read -r library; do
		cp -L "$library" "$dir/bin/newest/"
	done
	cat >"$dir/bin/ip-newest" <<-'END'
		#!/bin/sh
		dir=$(dirname "$0")/newest
		exec "$dir/ld-linux-x86-64.so.2" --library-path "$dir" "$dir/ip" "$@"
	END
	chmod +x "$dir/bin/ip-newest"
	rm -r "$dir/deb" "$root"
}

fetch() {
	local version dir
	update
	version=$(private_apt apt-cache madison iproute2 | awk '{ print $3; exit }')
	[ -n "$version" ] || die "$suite has no iproute2"
	dir=$cache/$version
	if [ ! -e "$dir/.complete" ]; then
		say "fetching iproute2 $version"
		rm -rf "$dir"
		unpack "$dir"
		"$dir/bin/ip-newest" -V >&2
		: >"$dir/.complete"
	fi
	echo "$dir/bin" >"$cache/newest"
}

ready() {
	if [ "$refresh" = yes ] || [ ! -e "$cache/newest" ] || [ ! -e "$(cat "$cache/newest")" ]; then
		fetch
	fi
}

refresh=no

main() {
	case ${1:-} in
	--refresh) refresh=yes ;;
	'') ;;
	*) die "usage: iproute2.sh [--refresh]" ;;
	esac
	mkdir -p "$cache"
	with_lock iproute2 ready >&2
	cat "$cache/newest"
}

main "$@"
