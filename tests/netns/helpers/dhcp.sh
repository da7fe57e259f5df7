# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Sourced by the tests of leases: messages of DHCP between v1 in c1, whose address is OWN,
# and servers. Packets are sent by helpers/craft.c.
ANY=255.255.255.255

# discover XID, request XID IP: the vNIC asks
discover() {
	craft -e lan/eth0 c1/v1 ip4 0.0.0.0 $ANY 17 udp 67 dhcp 1 1 "$1" 0.0.0.0 0 "$OWN" >/dev/null
}
request() {
	craft -e lan/eth0 c1/v1 ip4 0.0.0.0 $ANY 17 udp 67 dhcp 1 3 "$1" "$2" 0 "$OWN" >/dev/null
}
# reply FROM TYPE XID IP SECONDS [DESTINATION [CLIENT]]: a server answers
reply() {
	craft -e c1/v1 "$1" ip4 192.0.2.1 "${6-$ANY}" 17 udp 68 dhcp 2 "$2" "$3" "$4" "$5" "${7-$OWN}" >/dev/null
}
ack() {
	reply "$1" 5 "${@:2}"
}
# The counters of what is learned and refused
learns() {
	echo "$(own_counter c1 v1 dhcp_learned) $(own_counter c1 v1 dhcp_refused)"
}
# changes DESCRIPTION LEARNED REFUSED COMMAND...: by how much the two counters rise
changes() {
	local learned refused
	read -r learned refused < <(learns)
	"${@:4}"
	t_is "$1" "$((learned + $2)) $((refused + $3))" learns
}
# leases [NAMESPACE]: those of v1 there
leases() {
	ip -n "${1-c1}" -d -j link show v1 | jq -r '[.[0].linkinfo.info_data.leases[]?.address] | sort | join(" ")'
}
craft_quietly() {
	craft "$@" >/dev/null
}
leases_are() {
	[ "$(leases c1)" = "$1" ]
}
