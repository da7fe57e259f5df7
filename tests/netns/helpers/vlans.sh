# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Sourced by the tests of VLANs: vNICs in some, and stations on the wire in each.

# shellcheck disable=SC2034 # for the tests
everyone=ff:ff:ff:ff:ff:ff

# station VID [PROTOCOL]: on the wire, in a VLAN; lan/eth0.VID
station() {
	batch_in lan "link add link eth0 name eth0.$1 type vlan id $1 protocol ${2:-802.1Q}" \
		"link set eth0.$1 addrgenmode none" "link set eth0.$1 up" "address add 198.51.100.$(($1 % 250))/24 dev eth0.$1"
}

# cause NAMESPACE/DEVICE COUNTER
cause() {
	own_counter "${1%/*}" "${1#*/}" "$2"
}

# loses DESCRIPTION RECEIVERS NAMESPACE/DEVICE COUNTER FRAMES-ARGUMENT...: a frame
# does not reach a vNIC, which counts that by its cause and as dropped, and nothing else
loses() {
	t_is "$1, and counts as $4" "$2, $4 1 ${4%%_*}_dropped 1" frames -w "$3" -e "$2" "${@:5}"
}

# refuses DESCRIPTION REGEX NAMESPACE DEVICE OPTION...: the vNIC stays what it is
refuses() {
	local before
	before=$(ip -n "$3" -d -o link show "$4")
	t_fails "$1 is refused" "$2" ip -n "$3" link set "$4" type vnicx "${@:5}"
	t_is "$1 changes nothing" "$before" ip -n "$3" -d -o link show "$4"
}
