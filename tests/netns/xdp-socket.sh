#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# kernels: uml 6.1
#
# AF_XDP sockets of a tenant transmit past the stack and the queueing discipline, and
# under the vNIC's policy all the same.
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"
# shellcheck source=helpers/vlans.sh
. "${0%/*}/helpers/vlans.sh"

no_ipv6
lan_setup
station 10
ns c1 c2 c3
vnic a1 c1 vlan 10
vnic a2 c2 vlan 10
vnic u1 c3
A2=${vnic_mac[a2]} LAN=$(mac lan eth0) HOST=$(mac host eth0)

for way in copying zero-copy; do
	x=-x
	[ "$way" = copying ] || x=-z
	ip -n c1 link set a1 type vnicx spoofchk auto restricted off
	reaches "a $way AF_XDP socket's frame without a VLAN reaches the wire" lan/eth0 $x c3/u1 "$LAN"
	reaches "a $way AF_XDP socket's frame without a VLAN reaches the host" host/eth0 $x c3/u1 "$HOST"
	reaches "a $way AF_XDP socket's frame has the VLAN's tag on the wire" lan/eth0.10 $x c1/a1 "$LAN"
	reaches "a $way AF_XDP socket's full frame has the VLAN's tag on the wire" lan/eth0.10 $x -l 1514 c1/a1 "$LAN"
	reaches "a $way AF_XDP socket's frame reaches a neighbour in the VLAN without a tag" c2/a2 $x c1/a1 "$A2"
	reaches "20 frames of a $way AF_XDP socket reach a neighbour in the VLAN" c2/a2 $x -n 20 c1/a1 "$A2"
	reaches "a $way AF_XDP socket's broadcast reaches the VLAN, and those who are in all" \
		"c2/a2 c3/u1 host/eth0 lan/eth0.10" $x c1/a1 $everyone
	loses "a $way AF_XDP socket's frame with a tag of its own is dropped" "" c1/a1 tx_vlan $x -v 10 c1/a1 "$A2"
	loses "a $way AF_XDP socket's frame from a neighbour's address is dropped" "" c1/a1 tx_spoofed \
		$x -s "$A2" c1/a1 $everyone
	loses "a $way AF_XDP socket's frame from an unknown address is dropped" "" c3/u1 tx_spoofed \
		$x -s 02:00:00:00:00:77 c3/u1 "$LAN"
	ip -n c1 link set a1 type vnicx spoofchk off
	reaches "a $way AF_XDP socket sends from any address with spoofchk off" lan/eth0.10 $x -s 02:00:00:00:00:77 c1/a1 "$LAN"
	ip -n c1 link set a1 type vnicx restricted on
	loses "a $way AF_XDP socket's frame of another protocol than IP is dropped with restricted on" "" c1/a1 tx_restricted \
		$x c1/a1 "$LAN"
done
