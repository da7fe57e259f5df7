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

fill() {
	unpack openvswitch-switch "$2"
	take_programs "$2" "$1" "${programs[@]}"
	cp "$2/usr/share/openvswitch/vswitch.ovsschema" "$1/"
}

print_directory openvswitch
