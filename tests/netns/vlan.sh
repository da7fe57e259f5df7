#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# kernels: uml 6.1
#
# Tagged frames between VLAN devices upon vNICs and one on the wire, whoever
# puts the tag into the frame.
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"

everyone=ff:ff:ff:ff:ff:ff

no_ipv6
lan_with vm1 vm2
v1=${vnic_mac[v1]} v2=${vnic_mac[v2]} lan=$(mac lan eth0)

# tagged NAMESPACE DEVICE NUMBER: a device of VLAN 10 and one of 10 within 100
tagged() {
	batch_in "$1" "link add link $2 name $2.10 type vlan id 10" \
		"link add link $2 name $2.s type vlan id 100 protocol 802.1ad" \
		"link add link $2.s name $2.q type vlan id 10" \
		"link set $2.10 addrgenmode none" "link set $2.s addrgenmode none" "link set $2.q addrgenmode none" \
		"link set $2.10 up" "link set $2.s up" "link set $2.q up" \
		"address add 198.51.100.$3/24 dev $2.10"
}

tagged vm1 v1 1
tagged vm2 v2 2
tagged lan eth0 3

# passes HOW: all of it, with the tag offloaded or within the frame
passes() {
	reaches "a tagged frame passes between vNICs, $1" vm2/v2.10 vm1/v1.10 "$v2"
	reaches "a tagged frame passes to the wire, $1" lan/eth0.10 vm1/v1.10 "$lan"
	reaches "a tagged frame passes from the wire, $1" vm1/v1.10 lan/eth0.10 "$v1"
	reaches "a full tagged frame passes between vNICs, $1" vm2/v2.10 vm1/v1.10 "$v2" -l 1514
	reaches "a full tagged frame passes to the wire, $1" lan/eth0.10 vm1/v1.10 "$lan" -l 1514
	reaches "a tagged broadcast reaches those in the VLAN, and the host as it is, $1" \
		"host/eth0 lan/eth0.10 vm2/v2.10" vm1/v1.10 $everyone
	reaches "a frame with two tags passes between vNICs, $1" vm2/v2.q vm1/v1.q "$v2"
	reaches "a frame with two tags passes to the wire, $1" lan/eth0.q vm1/v1.q "$lan"
	reaches "a frame with two tags passes from the wire, $1" vm1/v1.q lan/eth0.q "$v1"
	t "tagged TCP between vNICs is whole, $1" streams_in 1515-70000 vm1 vm2 198.51.100.2
	t "tagged TCP to the wire is whole, $1" stream vm1 lan 198.51.100.3
	t "tagged TCP from the wire is whole, $1" stream lan vm1 198.51.100.1
}

passes "with offloaded tags"
reaches "a tag that a vNIC writes itself is understood by another vNIC" vm2/v2.10 vm1/v1 "$v2" -v 10 -l 64
reaches "a tag that a vNIC writes itself is understood by the wire" lan/eth0.10 vm1/v1 "$lan" -v 10 -l 64
reaches "two tags that a vNIC writes itself are understood by another vNIC" \
	vm2/v2.q vm1/v1 "$v2" -v 100 -v 10 -l 64
reaches "a priority tag is no VLAN" vm2/v2 vm1/v1 "$v2" -v 0 -l 64
reaches "a frame that ends in its tag harms nobody" "" vm1/v1 "$v2" -t 8100 -l 15

inside host ethtool -K eth0 txvlan off rxvlan off >/dev/null
passes "with tags in the lower device's frames"
inside vm1 ethtool -K v1 txvlan off >/dev/null
passes "with tags in the vNIC's frames"
