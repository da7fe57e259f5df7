#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A capture on the lower device sees each frame that its host sends or receives once,
# whether it ends in memory or on the wire.
# kernels: uml 6.1
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"

no_ipv6
lan_setup
ns c1
vnic v1 c1
V1=${vnic_mac[v1]} HOST=$(mac host eth0) LAN=$(mac lan eth0) ALL=ff:ff:ff:ff:ff:ff

# captured EXPECTED NAMESPACE/DEVICE ADDRESS: how often a capture sees the frame
captured() {
	local expected=$1
	shift
	# or what the capture before this one said is taken for its words
	rm -f /tmp/seen /tmp/capture
	ip netns exec host tcpdump -Z root -i eth0 -n -e -l -U "ether proto 0x88b5 or ether proto 0x88b6" \
		>/tmp/seen 2>/tmp/capture &
	until_ok 10 grep -q listening /tmp/capture
	frames -q "$@"
	# the last to be seen
	frames -q -t 88b6 lan/eth0 "$HOST"
	until_ok 10 grep -q 0x88b6 /tmp/seen
	kill $!
	wait $! || :
	[ "$(grep -c 0x88b5 /tmp/seen)" = "$expected" ] || {
		cat /tmp/seen
		return 1
	}
}

t "a capture on the lower device sees what the host sends to a vNIC once" captured 1 host/eth0 "$V1"
t "a capture on the lower device sees what a vNIC sends to the host once" captured 1 c1/v1 "$HOST"
t "a capture on the lower device sees what the host sends to the LAN once" captured 1 host/eth0 "$LAN"
t "a capture on the lower device sees what the host sends to everybody once" captured 1 host/eth0 $ALL
t "a capture on the lower device sees what a vNIC sends to the LAN once" captured 1 c1/v1 "$LAN"
reaches "a frame that is captured on its way arrives once" c1/v1 -n 20 host/eth0 "$V1"

# tc filters on the lower device's way out meet what leaves it, nftables' egress all.
batch_tc host "qdisc add dev eth0 clsact" "filter add dev eth0 egress matchall action drop"
reaches "a tc filter on the lower device does not stop what ends in memory" c1/v1 host/eth0 "$V1"
reaches "a tc filter on the lower device stops what goes to the LAN" "" host/eth0 "$LAN"
tc -n host qdisc delete dev eth0 clsact
inside host nft "add table netdev t; add chain netdev t c { type filter hook egress device eth0 priority 0; }; \
	add rule netdev t c ether type 0x88b5 drop"
reaches "an egress rule of nftables on the lower device stops what the host sends to a vNIC" "" host/eth0 "$V1"
inside host nft delete table netdev t
batch_tc c1 "qdisc add dev v1 clsact" "filter add dev v1 ingress matchall action drop"
reaches "a tc filter on the vNIC stops what the host sends to it" "" host/eth0 "$V1"
