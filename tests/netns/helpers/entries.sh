# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Addresses that the bridge command gives to vNICs: v1 in namespace vm1, and so on.

# fdb NUMBER ACTION ARGUMENT...: of vNIC vNUMBER
fdb() {
	local n=$1 action=$2
	shift 2
	bridge -n "vm$n" fdb "$action" "$@" dev "v$n"
}

# has NUMBER ADDRESS: the entries of an address, as shown
has() {
	bridge -n "vm$1" fdb show dev "v$1" | sed -n "s/^$2 //p"
}

# filters ADDRESS: how often the adapter's filter has it
filters() {
	bridge -n host fdb show dev eth0 | grep -c "^$1 " || :
}
