#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# kernels: uml
#
# A tenant's own traffic control, at its vNIC, has a frame pass by no rule of others: an
# ifb sends it on with a mark by which the core looks at no more rules.
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"

no_ipv6
lan_with c1 c2 c3
ALL=ff:ff:ff:ff:ff:ff

batch_tc c2 "qdisc add dev v2 clsact" "filter add dev v2 ingress matchall action drop"
batch_tc host "qdisc add dev eth0 clsact" "filter add dev eth0 ingress matchall action drop" \
	"filter add dev eth0 egress matchall action drop"
reaches "rules of a neighbour, the host and the lower device drop frames" c3/v3 c1/v1 $ALL

# A frame that comes back from the ifb has a tag, and so does not go there once more.
batch "link add ifb0 netns c1 type ifb"
ip -n c1 link set ifb0 up
batch_tc c1 "qdisc add dev v1 clsact" \
	"filter add dev v1 egress protocol 0x88b5 matchall action vlan push id 5 pipe action mirred egress redirect dev ifb0"
reaches "rules of others drop frames that went by an ifb" c3/v3 c1/v1 $ALL
reaches "rules of a neighbour drop a unicast frame that went by an ifb" "" c1/v1 "${vnic_mac[v2]}"
