#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The same segments without FRR: static lists of hosts, an underlay multicast group, the
# VXLAN device itself as the lower device.
# timeout: 300
# shellcheck source=fabric.sh
. "${0%/*}/fabric.sh"

# lists DEVICE: each host floods to all others, and learns from what they send
lists() {
	local host other
	for host in "${hosts[@]}"; do
		for other in "${hosts[@]}"; do
			[ "$other" = "$host" ] ||
				bridge -n "$host" fdb append 00:00:00:00:00:00 dev "$1" dst "$(underlay_of "$other")"
		done
	done
}

fabric 1500
for host in "${hosts[@]}"; do
	segment "$host" 100 learning
	segment "$host" 200 learning group 239.1.1.1 dev eth0
	batch_in "$host" "link add up300 mtu 1450 type vxlan id 300 local $(underlay_of "$host") dstport 4789" \
		"link set up300 addrgenmode none up"
done
lists vxlan100
lists up300
for vni in 100 200; do
	station "a$vni" h1 "$vni" 11
	station "b$vni" h2 "$vni" 21
	station "c$vni" h3 "$vni" 31
done
# A vNIC right over the VXLAN device
for host in "${hosts[@]}"; do
	station "s$host" "$host" 300 "${host#h}1"
done
t "a vNIC reaches another host by static lists" until_ok 10 pings a100 192.0.2.21
t "a vNIC reaches another host by a multicast group" until_ok 10 pings a200 192.0.2.21
t "a vNIC over a VXLAN device reaches another host" until_ok 10 pings sh1 192.0.2.21
reaches "a broadcast reaches all hosts by static lists" \
	"b100/v0 c100/v0 h1/br100 h1/up100 h2/br100 h2/up100 h3/br100 h3/up100" a100/v0 ff:ff:ff:ff:ff:ff
reaches "a broadcast reaches all hosts by a multicast group" \
	"b200/v0 c200/v0 h1/br200 h1/up200 h2/br200 h2/up200 h3/br200 h3/up200" a200/v0 ff:ff:ff:ff:ff:ff
reaches "a broadcast of a vNIC over a VXLAN device reaches all hosts" \
	"h1/up300 h2/up300 h3/up300 sh2/v0 sh3/v0" sh1/v0 ff:ff:ff:ff:ff:ff
t "traffic over a VXLAN device is whole" whole sh1/v0/11 sh2/v0/21 -x neighbours
