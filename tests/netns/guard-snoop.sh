#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# ipguard dhcp: messages that say which addresses a vNIC has count only where they come
# from whom they must, in the vNIC's VLAN, and from the LAN.
# kernels: uml
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"
# shellcheck source=helpers/dad.sh
. "${0%/*}/helpers/dad.sh"
# shellcheck source=helpers/guarded.sh
. "${0%/*}/helpers/guarded.sh"
# shellcheck source=helpers/dhcp.sh
. "${0%/*}/helpers/dhcp.sh"

# offers XID IP: words of a server's ACK to v1
offers() {
	echo "ip4 192.0.2.1 $ANY 17 udp 68 dhcp 2 5 $1 $2 600 $OWN"
}

# others_of_the_host: what the host routes, and what a container's VLAN device on its
# adapter sends, is no server's
others_of_the_host() {
	ns c3
	ip link add d0 netns host type veth peer name d1 netns c3
	up host d0 >/dev/null
	up c3 d1 >/dev/null
	inside host sysctl -qw net.ipv4.ip_forward=1
	ip -n host route add 192.0.2.51 dev eth0
	ip -n host neigh add 192.0.2.51 lladdr "$OWN" dev eth0
	ip -n host link add link eth0 name w5 type vlan id 5
	ip -n host link set w5 netns c3
	up c3 w5 >/dev/null
	discover a1
	# shellcheck disable=SC2046 # they are words
	changes "a reply that the host routes gives no lease" 0 0 \
		craft_quietly -e c1/v1 c3/d1 to "$(mac host d0)" $(ANY=192.0.2.51 offers a1 192.0.2.51)
	# shellcheck disable=SC2046
	changes "a reply of a container's VLAN device on the adapter gives no lease" 0 0 \
		craft_quietly -e c1/v1 -w c1/v1 c3/w5 $(offers a1 192.0.2.52)
	# shellcheck disable=SC2046
	changes "a reply of the host itself gives a lease" 1 0 \
		craft_quietly -e c1/v1 host/eth0 $(offers a1 192.0.2.53)
}

# replies FROM DESTINATION XID SECONDS: a server's ACK of 192.0.2.53
replies() {
	craft_quietly -e c1/v1 lan/eth0 ip4 "$1" "$2" 17 udp 68 dhcp 2 5 "$3" 192.0.2.53 "$4" "$OWN"
}

# sent_to ADDRESS FROM XID SECONDS: an ACK of an address, to that address
sent_to() {
	craft_quietly -e c1/v1 lan/eth0 to "$OWN" ip4 "$2" "$1" 17 udp 68 dhcp 2 5 "$3" "$1" "$4" "$OWN"
}

# allowed: the vNIC has an address without a lease, and a router brings what is for it
allowed() {
	ip -n c1 link set v1 type vnicx ipguard off
	ip -n c1 link set v1 type vnicx ipguard dhcp allowed-ips set 192.0.2.60
	discover aa
	changes "a reply to an address of allowed-ips, which a router may have passed on, gives no lease" 0 1 \
		sent_to 192.0.2.60 203.0.113.7 aa 600
	changes "beside allowed-ips, a server that replies to one address gives a first lease" 1 0 \
		sent_to 192.0.2.61 192.0.2.7 aa 600
	changes "a server that was heard by an address of allowed-ips alone prolongs no lease" 0 1 \
		sent_to 192.0.2.61 203.0.113.7 aa 86400
	ip -n c1 link set v1 type vnicx ipguard off
	ip -n c1 link set v1 type vnicx ipguard dhcp allowed-ips flush
	discover aa
	ack lan/eth0 aa 192.0.2.53 600
}

# prolonged: the vNIC has a lease, and a friend behind a router prolongs it
prolonged() {
	request a4 192.0.2.53
	changes "a server that was heard near by prolongs a lease" 1 0 replies 192.0.2.1 192.0.2.53 a4 700
	changes "a server that was never heard near by prolongs no lease" 0 1 \
		replies 203.0.113.9 192.0.2.53 a4 86400
	t "a lease that somebody afar tried to prolong ends when it did" lasts 700
	changes "another server that is heard near by prolongs a lease" 1 0 replies 192.0.2.9 "$ANY" a4 800
	changes "another server, heard before, prolongs a lease by one address" 1 0 \
		replies 192.0.2.9 192.0.2.53 a4 900
}

# lasts SECONDS: the only lease does, or a few less
lasts() {
	local left
	left=$(ip -n c1 -d -j link show v1 | jq '.[0].linkinfo.info_data.leases[0].seconds')
	[ "$left" -le "$1" ] && [ "$left" -gt $(($1 - 60)) ]
}

refusals() {
	request a2 192.0.2.53
	reply lan/eth0 6 a2 0.0.0.0 0 192.0.2.53
	t_is "a NAK to one address ends no lease" 192.0.2.53 leases
}

# shown_by COMMAND...: v1's leases there: address, VLAN and protocol
shown_by() {
	"$@" | jq -r '.. | .leases? // empty | .[] | [.address, .vlan, .proto] | map(tostring) | join("/")' | sort | paste -sd " "
}

# shows_vlan LEASE...: in what vnicx and ip show
shows_vlan() {
	t_is "vnicx shows leases with their VLANs: $*" "$*" shown_by inside host vnicx show -j eth0
	t_is "ip shows leases with their VLANs: $*" "$*" shown_by ip -n c1 -d -j link show v1
}

vlans() {
	shows_vlan 192.0.2.53/null/null
	ip -n c1 link set v1 type vnicx vlan 7
	discover a3
	# shellcheck disable=SC2046
	changes "a reply in another VLAN than the vNIC's gives no lease" 0 0 \
		craft_quietly -e host/eth0 lan/eth0 tag 8 $(offers a3 192.0.2.54)
	# shellcheck disable=SC2046
	changes "a reply in the vNIC's VLAN gives a lease" 1 0 \
		craft_quietly -e c1/v1 lan/eth0 tag 7 $(offers a3 192.0.2.54)
	ip -n c1 link set v1 type vnicx trunk 7,8
	shows_vlan 192.0.2.54/7/802.1Q
	t "ip shows the VLAN of a lease in words" \
		eval "ip -n c1 -d -o link show v1 | grep -qE ' 192.0.2.54 [0-9]+sec vlan 7 '"
	t "vnicx shows the VLAN of a lease in words" \
		eval "inside host vnicx show eth0 | grep -qE ' lease 192.0.2.54/32 [0-9]+ s vlan 7$'"
	craft_quietly -e lan/eth0 c1/v1 tag 7 ip4 0.0.0.0 "$ANY" 17 udp 67 dhcp 1 1 a5 0.0.0.0 0 "$OWN"
	# shellcheck disable=SC2046
	changes "a reply in another VLAN than the question's gives a trunk no lease" 0 0 \
		craft_quietly -e c1/v1 lan/eth0 tag 8 $(offers a5 192.0.2.56)
	# shellcheck disable=SC2046
	changes "a reply in the question's VLAN gives a trunk a lease" 1 0 \
		craft_quietly -e c1/v1 lan/eth0 tag 7 $(offers a5 192.0.2.56)
	from_device c1/v1
	passes "a trunk's lease holds in the VLAN of the question" "c2/v2 host/eth0 lan/eth0" \
		tag 7 ip4 192.0.2.56 192.0.2.9 253
	drops "a trunk's lease does not hold in another VLAN" tx_ip_spoofed tag 8 ip4 192.0.2.56 192.0.2.9 253
	craft_quietly -e lan/eth0 c1/v1 tag 8 ip4 0.0.0.0 "$ANY" 17 udp 67 dhcp 1 1 a8 0.0.0.0 0 "$OWN"
	changes "a trunk's first lease in a second VLAN comes from a server that replies to one address" 1 0 \
		craft_quietly -e c1/v1 lan/eth0 to "$OWN" tag 8 ip4 192.0.2.8 192.0.2.59 17 udp 68 \
		dhcp 2 5 a8 192.0.2.59 600 "$OWN"
	changes "a server that was never heard near by prolongs no lease of a trunk in a second VLAN" 0 1 \
		craft_quietly -e c1/v1 lan/eth0 to "$OWN" tag 8 ip4 203.0.113.8 192.0.2.59 17 udp 68 \
		dhcp 2 5 a8 192.0.2.59 86400 "$OWN"
	craft_quietly -e lan/eth0 c1/v1 tag 7 ip4 0.0.0.0 "$ANY" 17 udp 67 dhcp 1 1 a9 0.0.0.0 0 "$OWN"
	changes "a server that was heard in another VLAN prolongs no lease of a trunk" 0 1 \
		craft_quietly -e c1/v1 lan/eth0 to "$OWN" tag 7 ip4 192.0.2.8 192.0.2.56 17 udp 68 \
		dhcp 2 5 a9 192.0.2.56 86400 "$OWN"
	ip -n c1 link set v1 type vnicx trunk 7,8 native untagged
	drops "a trunk's lease does not hold without a tag" tx_ip_spoofed ip4 192.0.2.56 192.0.2.9 253
	ip -n c1 link set v1 type vnicx vlan 9 proto 802.1ad
	discover a6
	# shellcheck disable=SC2046
	changes "a reply in the vNIC's VLAN of 802.1ad gives a lease" 1 0 \
		craft_quietly -e c1/v1 lan/eth0 type 88a8 hex 0009 $(offers a6 192.0.2.57)
	shows_vlan 192.0.2.57/9/802.1ad
	t "ip shows a lease's VLAN of 802.1ad in words" \
		eval "ip -n c1 -d -o link show v1 | grep -qE ' 192.0.2.57 [0-9]+sec vlan 9 proto 802.1ad '"
	ip -n c1 link set v1 type vnicx vlan off
}

questions() {
	# shellcheck disable=SC2034 # read in helpers/dad.sh
	local mid=00ff more=0101020000000041 scope=05
	heard='' scope=02 more='' asks c1/v1 fe00 42
	heard='' scope=02 mid=0000 asks c1/v1 0 22
	heard='' more='' mid=0000 asks c1/v1 0 23
	scope=02 more='' mid=0000 asks c1/v1 0 24
	t_is "a question for the address that follows from a neighbour's MAC, with an option, or to another scope gives none" \
		fe80::24 link_locals c1 v1
}

# advertises NAMESPACE/DEVICE HOP_LIMIT [WORD...]: says that it has fe80::24, or as low
# says. The question that follows shows that this was seen.
advertises() {
	craft -e '' "$1" to 33:33:00:00:00:01 "${@:3}" type 86dd hex 60000000 hex "00183a$2" addr fe80::24 \
		addr ff02::1 icmp 136 addr "fe80::${low-24}" >/dev/null
}

contests() {
	advertises lan/eth0 fe
	advertises c1/v1 ff
	advertises lan/eth0 ff from "$OWN"
	asks c1/v1 0 25
	t_is "an advertisement from afar, by the vNIC, or of the vNIC's that the wire brings back contests no address" \
		"fe80::24 fe80::25" link_locals c1 v1
	ip -n c1 link set v1 type vnicx isolated on
	ip -n c2 link set v2 type vnicx isolated on
	asks c1/v1 0 26
	low=26 advertises c2/v2 ff
	asks c1/v1 0 27
	low=27 advertises lan/eth0 ff
	t_is "an isolated neighbour's advertisement contests no address, the LAN's does" \
		"fe80::24 fe80::25 fe80::26" link_locals c1 v1
	ip -n c2 link set v2 type vnicx isolated off
	ip -n c1 link set v1 type vnicx isolated off
	asks c1/v1 0 28
	low=28 advertises c2/v2 ff
	asks c1/v1 0 26
	t_is "an advertisement of a neighbour that the vNIC hears contests an address" \
		"fe80::24 fe80::25 fe80::26" link_locals c1 v1
	asks c1/v1 0 29
	ip -n c1 link set v1 down
	low=29 advertises lan/eth0 ff
	ip -n c1 link set v1 up
	t_is "an advertisement contests an address, though the vNIC went down after its question" \
		"fe80::24 fe80::25 fe80::26" link_locals c1 v1
}

# told MTU: how many messages who monitors links got of v1 with that
told() {
	grep -c " mtu $1 " /tmp/monitored || :
}

# marked MTU: v1 has this one now, and who monitors links has heard of it. There is no message
# of an MTU that stays.
marked() {
	ip -n c1 link set v1 mtu 1399
	ip -n c1 link set v1 mtu "$1"
	[ "$(told "$1")" -gt 0 ]
}

# silent: a tenant makes leases come, and floods nobody with messages about that. As many
# messages are heard with an MTU during which they come as with one during which nothing is done.
silent() {
	local monitor
	ip -n c1 -o monitor link >/tmp/monitored &
	monitor=$!
	until_ok 5 marked 1400
	ip -n c1 link set v1 mtu 1401
	ip -n c1 link set v1 mtu 1402
	discover a7
	# shellcheck disable=SC2046
	changes "a lease comes while somebody monitors links" 1 0 craft_quietly -e c1/v1 lan/eth0 $(offers a7 192.0.2.58)
	asks c1/v1 0 29
	t "a link-local address comes while somebody monitors links" shows fe80::29 link_locals c1 v1
	until_ok 5 marked 1500
	kill $monitor
	wait $monitor 2>/dev/null || :
	t_is "leases that come send no message to who monitors links" "$(told 1401)" told 1402
}

passthru() {
	ip link add p0 netns host type veth peer name p1 netns lan
	up host p0 >/dev/null
	up lan p1 >/dev/null
	ip -n host link add link p0 name v1 netns c4 type vnicx mode passthru ipguard dhcp spoofchk on
	up c4 v1 >/dev/null
	OWN=$(mac c4 v1)
	craft -e lan/p1 c4/v1 ip4 0.0.0.0 "$ANY" 17 udp 67 dhcp 1 1 b1 0.0.0.0 0 "$OWN" >/dev/null
	# shellcheck disable=SC2046
	craft -e c4/v1 lan/p1 $(offers b1 192.0.2.55) >/dev/null
	t_is "a vNIC in passthru mode gets a lease" 192.0.2.55 leases c4
}

no_ipv6
lan_setup
ns c1 c2 c4
vnic v1 c1 ipguard dhcp trust on
vnic v2 c2 trust on
ip -n c1 link set v1 address 02:00:00:00:00:41
ip -n c2 link set v2 address 02:00:00:00:00:42
OWN=02:00:00:00:00:41

others_of_the_host
allowed
prolonged
refusals
vlans
questions
contests
silent
passthru
