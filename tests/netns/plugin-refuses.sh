#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# kernels: uml
#
# The plugin for ip refuses wrong words, which then do nothing; and ip without the
# plugin.
#
# timeout: 300
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"
# shellcheck source=helpers/plugin.sh
. "${0%/*}/helpers/plugin.sh"

mac=02:00:00:00:00:01

# wrong DESCRIPTION REGEX OPTION...: for a new vNIC
wrong() {
	refuses "a new vNIC is refused $1" "$2" make_vnic v1 "${@:3}"
}

# wrong_later DESCRIPTION REGEX OPTION...: for one that is there
wrong_later() {
	refuses "a change is refused with $1" "$2" change v0 "${@:3}"
}

values() {
	wrong "mode hub" 'bridge.*vepa.*private.*passthru.*source.*not "hub"' mode hub
	wrong "a mode without its value" 'mode.*missing' mode
	wrong "an abbreviated mode" '"bri"' mode bri
	wrong "host maybe" '"off" or "on", not "maybe"' host maybe
	wrong "host unavailable" '"off" or "on", not "unavailable"' host unavailable
	wrong "a host without its value" '"host".*missing' host
	wrong "a queue length that is no number" '0 to 4294967295, not "many"' bcqueuelen many
	wrong "a queue length with a unit" 'not "10k"' bcqueuelen 10k
	wrong "a negative queue length" 'not "-1"' bcqueuelen -1
	wrong "a queue length above 32 bits" 'not "4294967296"' bcqueuelen 4294967296
	wrong "a queue length above 64 bits" 'not "99999999999999999999"' bcqueuelen 99999999999999999999
	wrong "flood maybe" '"off" or "on", not "maybe"' flood maybe
	wrong "trust maybe" '"auto", "on" or "off", not "maybe"' trust maybe
	wrong "spoofchk maybe" '"auto", "on" or "off", not "maybe"' spoofchk maybe
	wrong "state up" '"auto", "enable" or "disable", not "up"' state up
	wrong "max-groups many" '0 to 4294967294, or "auto", not "many"' max-groups many
	wrong_later "mode hub behind a right option" 'not "hub"' bcqueuelen 9 mode hub
	wrong_later "a wrong option behind a right one" '"hub" is not an option' mode vepa hub
	wrong "a queue length without its value" '"bcqueuelen".*missing' bcqueuelen
	wrong "flag dst" '"nopromisc", "nodst" or "null", not "dst"' flag dst
	wrong "a flag without its value" '"flag".*missing' flag
	wrong "an unknown option" '"colour" is not an option of type vnicx' mode vepa colour blue
	wrong "an option of ip behind the type" '"address" belongs before "type vnicx"' mode vepa address $mac
	wrong "an argument behind a flag" '"maybe" is not an option' nodst maybe
}

addresses() {
	wrong "macaddr without a verb" '"macaddr".*"add".*missing' macaddr
	wrong "macaddr with an unknown verb" '"set", "add", "del" or "flush", not "put"' macaddr put $mac
	wrong "macaddr add without an address" '"macaddr add" needs a MAC address' macaddr add
	wrong_later "macaddr del without an address" '"macaddr del" needs a MAC address' macaddr del mode source
	wrong "an address that is too short" '"02:00:00:00:01".*neither a MAC' macaddr add $mac 02:00:00:00:01
	wrong "an address that is too long" '"02:00:00:00:00:01:02"' macaddr set 02:00:00:00:00:01:02
	wrong "an address with a number above 255" '"02:00:00:00:00:100"' macaddr set 02:00:00:00:00:100
	wrong "an address with a sign" '"02:00:00:00:00:-1"' macaddr del 02:00:00:00:00:-1
	wrong "a misspelt option behind addresses" '"bcqueuelenn".*neither' macaddr set $mac bcqueuelenn 5
	wrong "an address after flush" "\"$mac\" is not an option" macaddr flush $mac
	local many
	read -ra many < <(macs 1 100)
	wrong "100 addresses at once" '100 MAC addresses are too many.*macaddr add' \
		macaddr set "${many[@]}"
	wrong_later "a wrong address behind a right one" '"02:00".*neither' macaddr add 02:00:00:00:00:02 02:00
	wrong "a multicast address" '01:00:5e:00:00:01|multicast' \
		mode source macaddr set 01:00:5e:00:00:01
}

ips() {
	wrong "allowed-ips without a verb" '"allowed-ips".*"add".*missing' allowed-ips
	wrong "allowed-ips add without a prefix" '"allowed-ips add" needs an IP prefix' allowed-ips add
	wrong "an IPv4 address of three bytes" '"192.0.2" after "allowed-ips" is neither' allowed-ips set 192.0.2
	wrong "an IPv4 prefix of 33 bits" '"192.0.2.1/33".*neither' allowed-ips set 192.0.2.1/33
	wrong "an IPv6 prefix of 129 bits" '"fe80::/129".*neither' allowed-ips set fe80::/129
	wrong "a prefix without its bits" '"fe80::/".*neither' allowed-ips set fe80::/
	wrong "a misspelt option behind prefixes" '"restrict".*neither' allowed-ips set fe80::1 restrict on
	wrong "ipguard on" '"off", "static" or "dhcp", not "on"' ipguard on
	wrong "a prefix with bits beyond it" '192.0.2.1/24 has bits beyond its prefix' allowed-ips set 192.0.2.1/24
	wrong "an IPv6 prefix with bits beyond it" '2001:db8::1/64 has bits beyond its prefix' allowed-ips set 2001:db8::1/64
	wrong "0.0.0.0 as an allowed address" '0.0.0.0 and :: need not be allowed' allowed-ips set 0.0.0.0
	wrong "the unspecified IPv6 address as an allowed one" '0.0.0.0 and :: need not be allowed' allowed-ips set ::
	wrong "a prefix given twice" '192.0.2.1/32 is given twice' allowed-ips set 192.0.2.1 192.0.2.1/32
	wrong_later "a prefix that is there" '192.0.2.9/32 is in allowed-ips already' allowed-ips add 192.0.2.8 192.0.2.9
	wrong_later "the deletion of a prefix that is not there" '192.0.2.8/32 is not in allowed-ips' \
		allowed-ips del 192.0.2.9 192.0.2.8
	local many
	mapfile -t many < <(printf '2001:db8::%x\n' {1..100})
	wrong "100 prefixes at once" '100 prefixes are too many.*allowed-ips add' allowed-ips set "${many[@]}"
}

twice() {
	wrong "two modes" '"mode" is given twice' mode vepa mode vepa
	wrong "two settings of the host" '"host" is given twice' host on host off
	wrong "two queue lengths" '"bcqueuelen" is given twice' bcqueuelen 1 bcqueuelen 1
	wrong "two operations on addresses" '"macaddr" is given twice' macaddr add $mac macaddr del $mac
	wrong "a VLAN and a trunk" '"vlan" and "trunk" exclude each other' vlan 10 trunk 20
	wrong "a trunk and a private VLAN" '"trunk" and "pvlan" exclude each other' trunk 20 pvlan isolated 10 11
	wrong "two VLANs" '"vlan" is given twice' vlan 10 vlan 20
	wrong "two equal flags" '"nodst" is given twice' nodst flag nodst
	wrong "a flag and null" '"nopromisc" is given twice' nopromisc flag null
}

tell() {
	does "ip link help vnicx tells the options" matches 'Usage: * vnicx *mode*bcqueuelen*' \
		"$ip" link help vnicx
	refuses "help as an option tells the options" 'Usage: .* vnicx .*macaddr' make_vnic v1 mode vepa help
}

without() {
	local -x IP_LIB_DIR=/nowhere
	does "a vNIC can be made without the plugin" make_vnic v2
	does "a vNIC is shown without the plugin" matches '*vnicx*' "$ip" -d -o link show v2
	does "a vNIC is deleted without the plugin" "$ip" link delete v2 type vnicx
	refuses "an option is refused without the plugin" 'Garbage' make_vnic v2 mode vepa
}

everything() {
	local before
	make_vnic v0 mode source macaddr set $mac allowed-ips 192.0.2.9
	before=$(shown v0)
	values
	addresses
	ips
	twice
	tell
	without
	t_is "$version: refused words change no vNIC" "$before" shown v0
	t_is "$version: refused words make no vNIC" "" there v1 v2
	remove v0
}

# there NAME...: those that are there
there() {
	local name
	for name; do
		[ ! -e "/sys/class/net/$name" ] || echo "$name"
	done
}

ip link add eth0 type veth peer name wire
ip link set eth0 up
for_each_ip everything
