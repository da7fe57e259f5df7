#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Prints a directory with Open vSwitch's programs, their libraries and schema.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=unpack.sh
. "$top/scripts/unpack.sh"

programs=(usr/sbin/ovsdb-server usr/lib/openvswitch-switch/ovs-vswitchd usr/bin/ovsdb-tool
	usr/bin/ovs-vsctl usr/bin/ovs-ofctl usr/bin/ovs-appctl)

complete() {
	local dir=$1 root=$1.root
	[ ! -e "$dir/.complete" ] || return 0
	rm -rf "$dir"
	unpack openvswitch-switch "$root"
	take_programs "$root" "$dir" "${programs[@]}"
	cp "$root/usr/share/openvswitch/vswitch.ovsschema" "$dir/"
	rm -rf "$root"
	: >"$dir/.complete"
}

main() {
	check_paths
	local dir
	dir=$cache/openvswitch-$(cat "${BASH_SOURCE[0]}" "$top/scripts/unpack.sh" | digest)
	with_lock openvswitch complete "$dir" >&2
	echo "$dir"
}

main "$@"
