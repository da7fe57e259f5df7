# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Sourced by scripts that bring programs into guests out of Debian's packages, which are
# unpacked and never installed: daemons shall run in guests, not on this host. Such a script
# defines fill DIRECTORY ROOT, which unpacks at ROOT and takes what DIRECTORY is to have, and
# ends with print_directory.

# fetch_package NAME DIRECTORY: it and those of its dependencies that this host has not got
fetch_package() {
	mkdir -p "$2/partial"
	apt-get -q -y -o APT::Sandbox::User=root -o Dir::Cache::archives="$2" \
		--no-install-recommends --download-only install "$1"
}

# unpack NAME ROOT: the package and its dependencies, unpacked
unpack() {
	local debs=$2.debs deb
	rm -rf "$2" "$debs"
	say "fetching $1"
	# the lists may be older than the mirror's pool
	fetch_package "$1" "$debs" >&2 || { apt-get -qq update >&2 && fetch_package "$1" "$debs" >&2; }
	for deb in "$debs"/*.deb; do
		dpkg-deb -x "$deb" "$2"
	done
	rm -rf "$debs"
}

# take_programs ROOT DIRECTORY PROGRAM...: copies programs out of what was unpacked, and
# into lib/ the libraries that they need
take_programs() {
	local root=$1 dir=$2 program libraries=$1/usr/lib/x86_64-linux-gnu
	shift 2
	mkdir -p "$dir/lib"
	for program; do
		[ -e "$root/$program" ] || die "the packages have no $program"
		# the bare name may be a link to /etc that only an installation makes
		cp -L "$root/$program" "$dir/"
		LD_LIBRARY_PATH=$libraries:$libraries/frr ldd "$dir/${program##*/}"
	done | awk '$2 == "=>" { print $3 }' | sort -u | xargs cp -Lt "$dir/lib"
	# the C library is the guest's own
	rm -f "$dir"/lib/lib{c,m}.so.6
}

fill_once() {
	[ ! -e "$1/.complete" ] || return 0
	rm -rf "$1"
	fill "$1" "$1.root"
	rm -rf "$1.root"
	: >"$1/.complete"
}

# print_directory NAME: the one that fill has made by this version of the script
print_directory() {
	local dir
	check_paths
	# shellcheck disable=SC2154 # lib.sh's
	dir=$cache/$1-$(cat "$0" "${BASH_SOURCE[0]}" | digest)
	with_lock "$1" fill_once "$dir" >&2
	echo "$dir"
}
