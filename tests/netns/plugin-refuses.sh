#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What the plugin for ip says to words that are wrong, which then do nothing; and
# ip without the plugin.
#
# timeout: 300
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"
# shellcheck source=helpers/plugin.sh
. "${0%/*}/helpers/plugin.sh"

mac=02:00:00:00:00:01

# wrong DESCRIPTION REGEX OPTION...: for a new vNIC
wrong() {
	refuses "$1" "$2" make_vnic v1 "${@:3}"
}

# wrong_later DESCRIPTION REGEX OPTION...: for one that is there
wrong_later() {
	refuses "$1" "$2" change v0 "${@:3}"
}

values() {
	wrong "a mode there is not" 'bridge.*vepa.*private.*passthru.*source.*not "hub"' mode hub
	wrong "no mode" 'mode.*missing' mode
	wrong "an abbreviation" '"bri"' mode bri
	wrong "a host that is neither" '"off" or "on", not "maybe"' host maybe
	wrong "a host that can only be shown" '"off" or "on", not "unavailable"' host unavailable
	wrong "no host" '"host".*missing' host
	wrong "a length that is no number" '0 to 4294967295, not "many"' bcqueuelen many
	wrong "one with something behind" 'not "10k"' bcqueuelen 10k
	wrong "a negative one" 'not "-1"' bcqueuelen -1
	wrong "one too large" 'not "4294967296"' bcqueuelen 4294967296
	wrong "one larger still" 'not "99999999999999999999"' bcqueuelen 99999999999999999999
	wrong "a flood setting that is neither on nor off" '"off" or "on", not "maybe"' flood maybe
	wrong_later "a mode there is not, later" 'not "hub"' bcqueuelen 9 mode hub
	wrong_later "a wrong option behind a right one" '"hub" is not an option' mode vepa hub
	wrong "no length" '"bcqueuelen".*missing' bcqueuelen
	wrong "a flag there is not" '"nopromisc", "nodst" or "null", not "dst"' flag dst
	wrong "no flag" '"flag".*missing' flag
	wrong "an option there is not" '"colour" is not an option of type vnicx' mode vepa colour blue
	wrong "an argument too many" '"maybe" is not an option' nodst maybe
}

addresses() {
	wrong "nothing to do with addresses" '"macaddr".*"add".*missing' macaddr
	wrong "something unknown" '"set", "add", "del" or "flush", not "put"' macaddr put $mac
	wrong "none to add" '"macaddr add" needs a MAC address' macaddr add
	wrong_later "none to delete" '"macaddr del" needs a MAC address' macaddr del mode source
	wrong "one too short" '"02:00:00:00:01".*neither a MAC' macaddr add $mac 02:00:00:00:01
	wrong "one too long" '"02:00:00:00:00:01:02"' macaddr set 02:00:00:00:00:01:02
	wrong "one with a number too large" '"02:00:00:00:00:100"' macaddr set 02:00:00:00:00:100
	wrong "one with a sign" '"02:00:00:00:00:-1"' macaddr del 02:00:00:00:00:-1
	wrong "an option misspelt behind" '"bcqueuelenn".*neither' macaddr set $mac bcqueuelenn 5
	wrong "an address after flush" "\"$mac\" is not an option" macaddr flush $mac
	local many
	read -ra many < <(macs 1 100)
	wrong "more than a request can take" '100 MAC addresses are too many.*macaddr add' \
		macaddr set "${many[@]}"
	wrong_later "a wrong one behind a right one" '"02:00".*neither' macaddr add 02:00:00:00:00:02 02:00
	wrong "an address that is no station's" '01:00:5e:00:00:01|multicast' \
		mode source macaddr set 01:00:5e:00:00:01
}

twice() {
	wrong "a mode" '"mode" is given twice' mode vepa mode vepa
	wrong "the host" '"host" is given twice' host on host off
	wrong "a length" '"bcqueuelen" is given twice' bcqueuelen 1 bcqueuelen 1
	wrong "addresses" '"macaddr" is given twice' macaddr add $mac macaddr del $mac
	wrong "a flag" '"nodst" is given twice' nodst flag nodst
	wrong "a flag, and none" '"nopromisc" is given twice' nopromisc flag null
}

tell() {
	does "ip link help vnicx tells the options" matches 'Usage: * vnicx *mode*bcqueuelen*' \
		"$ip" link help vnicx
	refuses "so does help as an option" 'Usage: .* vnicx .*macaddr' make_vnic v1 mode vepa help
}

without() {
	local -x IP_LIB_DIR=/nowhere
	does "without the plugin: a vNIC" make_vnic v2
	does "is shown" matches '*vnicx*' "$ip" -d -o link show v2
	does "and is deleted" "$ip" link delete v2 type vnicx
	refuses "an option is not understood" 'Garbage' make_vnic v2 mode vepa
}

everything() {
	local before
	make_vnic v0 mode source macaddr set $mac
	before=$(shown v0)
	values
	addresses
	twice
	tell
	without
	t_is "$version: none of this changed the vNIC" "$before" shown v0
	t_is "$version: or made one" "" there v1 v2
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
