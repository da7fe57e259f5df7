# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# For tests of announce: what the bridge br0 in $bridge_in has been told.

bridge_in=host

# told [PORT]: the addresses, and /VLAN behind those in one
told() {
	bridge -n "$bridge_in" fdb show brport "${1:-p1}" |
		awk '/ extern_learn/ {
			vlan = ""
			for (i = 2; i < NF; i++)
				if ($i == "vlan")
					vlan = "/" $(i + 1)
			print $1 vlan
		}' | sort | paste -sd' '
}

# tells DESCRIPTION [ADDRESS...]: the bridge has been told these at p1, or is shortly
tells() {
	local what=$1 expected
	shift
	expected=$(printf '%s\n' "$@" | sort | paste -sd' ')
	t "$what" until_ok 20 is_now "$expected" told
}
