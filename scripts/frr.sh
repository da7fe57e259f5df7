#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Prints a directory with FRR's zebra, bgpd and vtysh and their libraries, out of
# Debian's packages, which are unpacked and never installed: the daemons shall run
# in guests, not on this host.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

programs=(usr/lib/frr/zebra usr/lib/frr/bgpd usr/bin/vtysh)

# The packages and those of their dependencies that this host has not got
fetch() {
	local debs=$1
	mkdir -p "$debs/partial"
	apt-get -q -y -o APT::Sandbox::User=root -o Dir::Cache::archives="$debs" \
		--no-install-recommends --download-only install frr
}

unpack() {
	local dir=$1 root=$1.root program deb path
	rm -rf "$dir" "$root" "$root.debs"
	say "fetching FRR"
	# the lists may be older than the mirror's pool
	fetch "$root.debs" >&2 || { apt-get -qq update >&2 && fetch "$root.debs" >&2; }
	for deb in "$root.debs"/*.deb; do
		dpkg-deb -x "$deb" "$root"
	done
	mkdir -p "$dir/lib"
	for program in "${programs[@]}"; do
		[ -e "$root/$program" ] || die "FRR's packages have no $program"
		cp -L "$root/$program" "$dir/"
	done
	path=$root/usr/lib/x86_64-linux-gnu
	LD_LIBRARY_PATH=$path:$path/frr ldd "$dir"/{zebra,bgpd,vtysh} | awk '$2 == "=>" { print $3 }' |
		sort -u | xargs cp -Lt "$dir/lib"
	# the C library is the guest's own
	rm -f "$dir"/lib/lib{c,m}.so.6
	# vtysh asks PAM whether root may configure
	cp -L /lib/x86_64-linux-gnu/security/pam_permit.so "$dir/lib/"
	rm -rf "$root" "$root.debs"
	: >"$dir/.complete"
}

complete() {
	[ -e "$1/.complete" ] || unpack "$1"
}

main() {
	check_paths
	local dir
	dir=$cache/frr-$(digest <"${BASH_SOURCE[0]}")
	with_lock frr complete "$dir" >&2
	echo "$dir"
}

main "$@"
