#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# kernels: uml
#
# Addresses that a vNIC cannot be given, and entries of other kinds, are
# refused with the reason.
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"

ns far
batch "link add eth0 address 02:00:00:00:00:e0 type veth peer name wire" \
	"link add link eth0 name v1 address 02:00:00:00:00:01 type vnicx" \
	"link add link eth0 name v2 address 02:00:00:00:00:02 netns far type vnicx" \
	"link set eth0 up" "link set v1 up"
bridge fdb add 02:00:00:00:00:51 dev v1
bridge fdb add 02:00:00:00:00:52 dev v1 vlan 10
before=$(bridge fdb show)

# refused DESCRIPTION REGEX ARGUMENT...: of bridge fdb, to v1
refused() {
	local what=$1 regex=$2
	shift 2
	t_fails "v1 is refused $what" "$regex" bridge fdb "$@" dev v1
}

refused "the lower device's address" "address is that of the lower device eth0" \
	add 02:00:00:00:00:e0
refused "the lower device's address in one VLAN" "address is that of the lower device eth0" \
	add 02:00:00:00:00:e0 vlan 10
refused "another vNIC's address" "address is in use by vNIC v2" add 02:00:00:00:00:02
refused "another vNIC's address in one VLAN" "address is in use by vNIC v2" add 02:00:00:00:00:02 vlan 10
refused "the address that is its own" "address is in use by vNIC v1" add 02:00:00:00:00:01
refused "an address in one VLAN that it has in all" "address is in use by vNIC v1" \
	add 02:00:00:00:00:51 vlan 10
refused "an address in all VLANs that it has in one" "address is in use by vNIC v1" add 02:00:00:00:00:52
refused "an entry that it has" "File exists" add 02:00:00:00:00:51
refused "an entry in a VLAN that it has" "File exists" add 02:00:00:00:00:52 vlan 10

# refused_to_v2 DESCRIPTION COMMAND...
refused_to_v2() {
	t_fails "$1" "address is in use by vNIC v1" "${@:2}"
}
refused_to_v2 "an entry's address is refused to another vNIC" bridge -n far fdb add 02:00:00:00:00:51 dev v2
refused_to_v2 "an entry's address in a VLAN is refused to another vNIC in that VLAN" \
	bridge -n far fdb add 02:00:00:00:00:52 dev v2 vlan 10
refused_to_v2 "an entry's address in a VLAN is refused to another vNIC in all VLANs" \
	bridge -n far fdb add 02:00:00:00:00:52 dev v2
refused_to_v2 "an entry's address is refused to another vNIC as its own" \
	ip -n far link set v2 address 02:00:00:00:00:51
refused_to_v2 "an entry's address in a VLAN is refused to another vNIC as its own" \
	ip -n far link set v2 address 02:00:00:00:00:52
refused_to_v2 "an entry's address is refused to the lower device" ip link set eth0 address 02:00:00:00:00:52
refused_to_v2 "an entry's address is refused to a new vNIC" \
	ip link add link eth0 name v3 address 02:00:00:00:00:52 type vnicx
refused_to_v2 "an entry's address is refused to its vNIC as its own" ip link set v1 address 02:00:00:00:00:51

refused "an address of zeros" "zero or the broadcast address" add 00:00:00:00:00:00
refused "the broadcast address" "zero or the broadcast address" add ff:ff:ff:ff:ff:ff
refused "a group in one VLAN" "a multicast address holds in every VLAN" \
	add 01:00:5e:00:00:51 vlan 10
refused "an entry that ages" "permanent entries only" add 02:00:00:00:00:53 dynamic
refused "a static entry" "permanent entries only" add 02:00:00:00:00:53 static
refused "an entry with a destination" "an address and a VLAN, nothing else" \
	add 02:00:00:00:00:53 dst 192.0.2.1
refused "an entry with a network identifier" "an address and a VLAN, nothing else" \
	add 02:00:00:00:00:53 vni 5

refused "the deletion of an entry that is not there" "no such entry was added" del 02:00:00:00:00:53
refused "the deletion of an entry of one VLAN without the VLAN" "no such entry was added" del 02:00:00:00:00:52
refused "the deletion of an entry of one VLAN in another" \
	"no such entry was added" del 02:00:00:00:00:52 vlan 11
refused "the deletion of an entry of all VLANs in one" "no such entry was added" \
	del 02:00:00:00:00:51 vlan 10
refused "the deletion of its own address" "no such entry was added" del 02:00:00:00:00:01
t_is "refused entries change no entry" "$before" bridge fdb show

too_many() {
	local n
	for n in {1..255}; do
		printf 'fdb add 02:00:00:01:00:%02x dev v1 vlan %u\n' "$n" "$n"
	done | bridge -batch -
}
t_fails "a vNIC is refused more than 256 entries" \
	"vNIC v1 has 256 entries already.*Command failed -:255" too_many
t "256 entries can be flushed" bridge fdb flush dev v1
