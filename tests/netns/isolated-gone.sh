#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# kernels: uml
#
# Isolated vNICs on a wire that sends back what it gets, late: a tenant may have taken its
# vNIC down by then, and the frame is still one of an isolated vNIC.
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"

no_ipv6
lan_setup
ns c1 c2
vnic v1 c1 isolated on
vnic v2 c2 isolated on
ALL=ff:ff:ff:ff:ff:ff

has_sent() {
	[ "$(counter c1 v1 tx_packets)" -gt "$1" ]
}

# late OPTION... DESTINATION: whether v2 gets a frame of v1, which goes down before the
# wire sends it back
late() {
	local before sender
	before=$(counter c1 v1 tx_packets)
	frames -e c2/v2 "$@" >/tmp/late &
	sender=$!
	until_ok 5 has_sent "$before"
	ip -n c1 link set v1 down
	wait $sender
	ip -n c1 link set v1 up
	grep -o c2/v2 /tmp/late || echo nobody
}

lan_reflects
tc -n lan qdisc add dev eth0 root netem delay 1000ms
t_is "a broadcast of an isolated vNIC that comes back does not reach another one" nobody late c1/v1 $ALL
ip -n c1 link set v1 type vnicx mode vepa
t_is "a unicast frame of an isolated vNIC that comes back does not reach another one" nobody \
	late c1/v1 "${vnic_mac[v2]}"
ip -n c2 link set v2 type vnicx isolated off
t_is "a vNIC that is not isolated gets the frame of one that is down" c2/v2 late c1/v1 "${vnic_mac[v2]}"
