#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# kernels: uml
#
# A virtual router's address is where it was last used as a source (RFC 5798):
# upon one of two vNICs, or on the LAN. An address that a vNIC was given never moves.
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"
# shellcheck source=helpers/routers.sh
. "${0%/*}/helpers/routers.sh"

everybody=ff:ff:ff:ff:ff:ff

routers_setup

# router NAMESPACE DEVICE: a virtual router's device, silent until it is told to
router() {
	silence "$1"
	batch_in "$1" "link add link $2 name vr address $virtual type macvlan mode private" \
		"link set vr up"
}

# announce NAMESPACE/DEVICE [OPTION...]: a broadcast from it
announce() {
	local from=$1
	shift
	frames -q "$@" "$from" "$everybody"
}

# takes_over OLD NEW: the address, and says so
takes_over() {
	ip -n "$1" address flush dev vr
	ip -n "$2" address add "$address/32" dev vr
	announce "$2/vr"
}

# arps_over OLD NEW: likewise, by the gratuitous ARP of a new master
arps_over() {
	ip -n "$1" address flush dev vr
	ip -n "$2" address add "$address/32" dev vr
	inside "$2" arping -q -U -c 1 -I vr "$address"
}

# router_is NAMESPACE WHERE...: pings from there reach the virtual address, and
# the frames for it
router_is() {
	local where device master=$1
	shift
	for where; do
		device=eth0
		[ "$where" = host ] || device=v${where#c}
		t "$where pings the router in $master, $step" pings "$where" "$address"
		reaches "frames of $where to the router reach $master, $step" \
			"$master/vr" "$where/$device" "$virtual"
	done
}

# The clients' neighbour entries stay as they are: the address is always the same.
for client in c1 c2 c3 host; do
	device=eth0
	[ "$client" = host ] || device=v${client#c}
	ip -n "$client" neighbour replace "$address" lladdr "$virtual" dev "$device"
done

step="with a backup in c1"
router lan eth0
router c1 v1
takes_over c1 lan
router_is lan c3 host c1
reaches "the LAN's frames to the router end at the host" host/eth0 lan/eth0 "$virtual"

step="after a failover to c1"
arps_over lan c1
router_is c1 c3 host
reaches "the LAN reaches the new master in c1" c1/vr lan/eth0 "$virtual"

step="after a failover back to the LAN"
arps_over c1 lan
router_is lan c3 host c1

step="with another backup in c2"
router c2 v2
router_is lan c3 c1 c2
takes_over lan c2
step="with both routers on vNICs"
router_is c2 c3 host c1
reaches "the LAN reaches the new master in c2" c2/vr lan/eth0 "$virtual"
takes_over c2 c1
router_is c1 c3 host c2
reaches "the LAN reaches c1 again when it is master" c1/vr lan/eth0 "$virtual"

ip -n c1 link set vr down
step="with the device in c1 down"
ip -n c2 address add "$address/32" dev vr
router_is c2 c3
ip -n c1 link set vr up
ip -n c2 link delete vr
t "a router that is alone has the address without an announcement" \
	is_now c1/vr frames -e c1/vr c3/v3 "$virtual"

announce lan/vr -v 5 -l 64
reaches "a master on the LAN in VLAN 5 has the address there" \
	lan/vr c3/v3 "$virtual" -v 5 -l 64
reaches "the master in c1 has the address without a VLAN beside one in VLAN 5" c1/vr c3/v3 "$virtual"
announce c1/vr -v 5 -l 64
announce lan/vr
reaches "a failover to c1 in VLAN 5 gives it the address there" \
	c1/vr c3/v3 "$virtual" -v 5 -l 64
reaches "a failover to the LAN without a VLAN gives it the address there" lan/vr c3/v3 "$virtual"

frames -q c1/vr "${vnic_mac[v3]}"
reaches "a backup's frame to one station does not draw the address" lan/vr c3/v3 "$virtual"

lan_reflects
announce c1/vr -n 20
announce c1/vr
lan_absorbs
reaches "a master's own announcements, reflected, do not take the address" \
	c1/vr c3/v3 "$virtual"

frames -q -s "$virtual" c3/v3 "$everybody"
reaches "a vNIC that forges the address does not draw it" c1/vr lan/eth0 "$virtual"
frames -q -s "$virtual" host/eth0 "$everybody"
reaches "the host may be the router" host/eth0 c3/v3 "$virtual"
announce c1/vr
reaches "a vNIC is the router again after the host" c1/vr c3/v3 "$virtual"

static=02:00:00:00:00:51
bridge -n c1 fdb add $static dev v1
for own in "${vnic_mac[v1]}" $static; do
	batch_in c3 "link add link v3 name thief address $own type macvlan mode private" \
		"link set thief up"
	frames -q -s "$own" lan/eth0 "$everybody"
	reaches "$own stays c1's when the LAN forges it" c1/v1 c2/v2 "$own"
	announce c3/thief
	frames -q c3/thief "${vnic_mac[v2]}"
	reaches "$own stays c1's when another vNIC claims and uses it" c1/v1 c2/v2 "$own"
	reaches "$own stays c1's for the LAN" c1/v1 lan/eth0 "$own"
	ip -n c3 link delete thief
done
