#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A tenant's bridge over two vNICs of one lower device is a loop. The spanning tree's
# frames pass between vNICs, so the bridge finds and cuts it.
# kernels: uml
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"

no_ipv6
lan_setup
ns c1
vnic v1 c1
vnic v2 c1
batch_in c1 "link add br0 address 02:00:00:00:00:bb type bridge stp_state 1 forward_delay 200 hello_time 100" \
	"link set br0 addrgenmode none" "link set v1 master br0" "link set v2 master br0" "link set br0 up"

# states: of the ports, in alphabetical order; 3 forwards, 4 blocks
states() {
	inside c1 sort /sys/class/net/br0/brif/v1/state /sys/class/net/br0/brif/v2/state | tr '\n' ' '
}

reaches "the host hears a spanning tree that a vNIC speaks" "c1/v2 host/eth0 lan/eth0" c1/v1 01:80:c2:00:00:00
t "one of two vNICs in a bridge is blocked, the other forwards" until_ok 20 is_now "3 4 " states
before=$(counter lan eth0 rx_packets)
frames -q -n 10 lan/eth0 ff:ff:ff:ff:ff:ff
# The LAN hears a hello a second and nothing else: a loop fills it in no time.
reaches "the bridge hears the LAN's broadcasts once, while the tree stands" "c1/br0 host/eth0" \
	-n 20 lan/eth0 ff:ff:ff:ff:ff:ff
few() {
	[ $(($(counter lan eth0 rx_packets) - before)) -lt 100 ]
}
t "no loop fills the LAN" few
