#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Prints a directory with Open vSwitch's programs, their libraries and schema,
# out of Debian's packages, which are unpacked and never installed: the daemon
# shall run in guests, not on this host.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

programs=(usr/sbin/ovsdb-server usr/lib/openvswitch-switch/ovs-vswitchd usr/bin/ovsdb-tool
	usr/bin/ovs-vsctl usr/bin/ovs-ofctl usr/bin/ovs-appctl)

# The packages and those of their dependencies that this host has not got
fetch() {
	local debs=$1
	mkdir -p "$debs/partial"
	apt-get -q -y -o APT::Sandbox::User=root -o Dir::Cache::archives="$debs" \
		--no-install-recommends --download-only install openvswitch-switch
}

unpack() {
	local dir=$1 root=$1.root program deb
	rm -rf "$dir" "$root" "$root.debs"
	say "fetching Open vSwitch"
	# the lists may be older than the mirror's pool
	fetch "$root.debs" >&2 || { apt-get -qq update >&2 && fetch "$root.debs" >&2; }
	for deb in "$root.debs"/*.deb; do
		dpkg-deb -x "$deb" "$root"
	done
	mkdir -p "$dir/lib"
	for program in "${programs[@]}"; do
		# the bare name is a link to /etc that only an installation makes
		[ -e "$root/$program" ] || die "Open vSwitch's packages have no $program"
		cp -L "$root/$program" "$dir/"
	done
	LD_LIBRARY_PATH=$root/usr/lib/x86_64-linux-gnu ldd "$dir"/ovs* | awk '$2 == "=>" { print $3 }' |
		sort -u | xargs cp -Lt "$dir/lib"
	# the C library is the guest's own
	rm -f "$dir"/lib/lib{c,m}.so.6
	cp "$root/usr/share/openvswitch/vswitch.ovsschema" "$dir/"
	rm -rf "$root" "$root.debs"
	: >"$dir/.complete"
}

complete() {
	[ -e "$1/.complete" ] || unpack "$1"
}

main() {
	check_paths
	local dir
	dir=$cache/openvswitch-$(digest <"${BASH_SOURCE[0]}")
	with_lock openvswitch complete "$dir" >&2
	echo "$dir"
}

main "$@"
