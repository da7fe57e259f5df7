#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# kernels: uml
#
# The administrator decides on a vNIC's carrier: that of the lower device, always, or
# never, and then nothing passes.
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"

carrier() {
	inside "$1" cat "/sys/class/net/$2/carrier"
}

no_ipv6
lan_with c1 c2
V2=${vnic_mac[v2]} HOST=$(mac host eth0)

t "the state is shown" shows " state auto " ip -n c1 -d -o link show v1
ip -n lan link set eth0 down
t "without a cable, a vNIC has no carrier" until_ok 5 is_now 0 carrier c1 v1
t_fails "without a cable, a zero-copy AF_XDP socket transmits nothing" "Network is down" frames -z c1/v1 "$V2"
for where in "c1 v1" "c2 v2"; do
	# shellcheck disable=SC2086 # two words
	ip -n ${where% *} link set ${where#* } type vnicx state enable
done
t "with state enable, a vNIC has a carrier without a cable" until_ok 5 is_now 1 carrier c1 v1
t "without a cable, vNICs with state enable ping each other" until_ok 5 pings c1 "$(ip4 v2)"
ip -n lan link set eth0 up
ip -n lan link set eth0 down
until_ok 5 is_now 0 carrier host eth0
t_is "an event of the cable does not take the carrier" 1 carrier c1 v1
ip -n lan link set eth0 up
until_ok 5 is_now 1 carrier host eth0

ip -n c2 link set v2 type vnicx state disable
t "with state disable, a vNIC has no carrier" until_ok 5 is_now 0 carrier c2 v2
reaches "a disabled vNIC receives nothing from another" "lan/eth0" c1/v1 "$V2"
reaches "a disabled vNIC receives nothing from the wire" host/eth0 lan/eth0 "$V2"
reaches "a disabled vNIC receives no broadcast" "host/eth0 lan/eth0" c1/v1 ff:ff:ff:ff:ff:ff
reaches "a disabled vNIC transmits nothing" "" c2/v2 "$HOST"
reaches "a disabled vNIC transmits nothing past its queue" "" -b c2/v2 "$HOST"
ip -n c2 link set v2 down
ip -n c2 link set v2 up
ip -n lan link set eth0 down
ip -n lan link set eth0 up
until_ok 5 is_now 1 carrier host eth0
t_is "a disabled vNIC stays so after down and up and an event of the cable" 0 carrier c2 v2
ip -n c2 link set v2 type vnicx state auto
t "with state auto again, a vNIC has the cable's carrier" until_ok 5 is_now 1 carrier c2 v2
reaches "with state auto again, a vNIC receives" c2/v2 c1/v1 "$V2"
t_fails "a word that is no state is refused" "must be \"auto\", \"enable\" or \"disable\", not \"up\"" \
	ip -n c2 link set v2 type vnicx state up
