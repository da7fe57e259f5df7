#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Packet sockets that go past the queueing discipline: they reach the switch in
# a context of their own, by the lower device with bottom halves enabled.
# kernels: uml uml-smp 6.1
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"

no_ipv6
lan_with c1 c2
V1=${vnic_mac[v1]} V2=${vnic_mac[v2]} LAN=$(mac lan eth0) HOST=$(mac host eth0)
ALL=ff:ff:ff:ff:ff:ff

reaches "a vNIC gets what the host sends past its queue" c1/v1 -b -n 20 host/eth0 "$V1"
reaches "the LAN gets what the host sends past its queue" lan/eth0 -b host/eth0 "$LAN"
reaches "everybody gets a broadcast of the host past its queue" "c1/v1 c2/v2 lan/eth0" -b host/eth0 $ALL
reaches "a vNIC gets what another sends past its queue" c2/v2 -b -n 20 c1/v1 "$V2"
reaches "the host gets what a vNIC sends past its queue" host/eth0 -b c1/v1 "$HOST"
reaches "the LAN gets what a vNIC sends past its queue" lan/eth0 -b c1/v1 "$LAN"
reaches "everybody gets a broadcast of a vNIC past its queue" "c2/v2 host/eth0 lan/eth0" -b c1/v1 $ALL

# Softirqs that receive frames of the LAN and of a vNIC interrupt the host's
# sender. Nobody listens, so the core counts as dropped what a stack received,
# and what found the queue of the CPU full.
sent=2000
under_load() {
	local before
	before=$(counter c1 v1 rx_dropped)
	frames -q -b -n $sent host/eth0 "$V1" &
	frames -q -b -n $sent c2/v2 "$V1" &
	frames -q -b -n $sent lan/eth0 "$V1" &
	wait
	until_ok 5 is_now $((before + 3 * sent)) counter c1 v1 rx_dropped
}
t "every frame ends when the host, a vNIC and the LAN send at once" under_load

ip -n c1 link set v1 type vnicx host off
reaches "with the host off, the LAN gets what the host sends past its queue" lan/eth0 -b host/eth0 "$LAN"
reaches "with the host off, the wire gets what the host sends to a vNIC" lan/eth0 -b host/eth0 "$V1"
reaches "with the host off, the LAN gets what a vNIC sends past its queue" lan/eth0 -b c1/v1 "$LAN"
