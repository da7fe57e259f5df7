#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A capture on the lower device sees each frame that its host sends or receives once,
# whether it ends in memory or on the wire. Captures, rules and queueing disciplines that
# are added meet a vNIC's next frame to the wire, though frames pass the core by before.
# kernels: uml 6.1
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"

no_ipv6
lan_setup
ns c1
vnic v1 c1
V1=${vnic_mac[v1]} HOST=$(mac host eth0) LAN=$(mac lan eth0) ALL=ff:ff:ff:ff:ff:ff

# captured EXPECTED NAMESPACE/DEVICE ADDRESS: how often a capture on $on sees the frame
on=eth0
captured() {
	local expected=$1
	shift
	# or what the capture before this one said is taken for its words
	rm -f /tmp/seen /tmp/capture
	ip netns exec host tcpdump -Z root -i $on -n -e -l -U "ether proto 0x88b5 or ether proto 0x88b6" \
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
on=any
t "a capture on all devices sees what a vNIC sends to the LAN once" captured 1 c1/v1 "$LAN"
reaches "a frame that is captured on its way arrives once" c1/v1 -n 20 host/eth0 "$V1"

# tc filters on the lower device's way out meet what leaves it, nftables' egress all.
batch_tc host "qdisc add dev eth0 clsact" "filter add dev eth0 egress matchall action drop"
reaches "a tc filter on the lower device does not stop what ends in memory" c1/v1 host/eth0 "$V1"
reaches "a tc filter on the lower device stops what goes to the LAN" "" host/eth0 "$LAN"
reaches "a tc filter on the lower device stops what a vNIC sends to the LAN" "" c1/v1 "$LAN"
tc -n host qdisc delete dev eth0 clsact
reaches "a vNIC's frame reaches the LAN when the tc filter has gone" lan/eth0 c1/v1 "$LAN"
inside host nft "add table netdev t; add chain netdev t c { type filter hook egress device eth0 priority 0; }; \
	add rule netdev t c ether type 0x88b5 drop"
reaches "an egress rule of nftables on the lower device stops what the host sends to a vNIC" "" host/eth0 "$V1"
reaches "an egress rule of nftables on the lower device stops what a vNIC sends to the LAN" "" c1/v1 "$LAN"
inside host nft delete table netdev t
reaches "a vNIC's frame reaches the LAN when the egress rule has gone" lan/eth0 c1/v1 "$LAN"
batch_tc c1 "qdisc add dev v1 clsact" "filter add dev v1 ingress matchall action drop"
reaches "a tc filter on the vNIC stops what the host sends to it" "" host/eth0 "$V1"
tc -n c1 qdisc delete dev v1 clsact

# queued DEVICE: how many frames the root discipline of the host's device has sent
queued() {
	local shown
	shown=$(tc -n host -s qdisc show dev "$1")
	[[ $shown =~ ([0-9]+)\ pkt ]]
	echo "${BASH_REMATCH[1]}"
}

# more COMMAND...: how much more it prints after four frames from the vNIC $from
more() {
	local before
	before=$("$@")
	frames -q -n 4 "$from" "$LAN"
	echo $(($("$@") - before))
}

from=c1/v1
tc -n host qdisc add dev eth0 root pfifo
t_is "a queueing discipline that is added to the lower device has four frames of a vNIC" 4 more queued eth0
tc -n host qdisc delete dev eth0 root
reaches "a vNIC's frame reaches the LAN when the queueing discipline has gone" lan/eth0 c1/v1 "$LAN"

# A lower device with several queues, and one that hands frames back to the vNIC
modprobe -qa bonding dummy || :
batch_in host "link add bond0 type bond mode active-backup num_grat_arp 0" "link add d0 type dummy" \
	"link set d0 addrgenmode none master bond0" \
	"link set bond0 addrgenmode none" "link set bond0 up" "link add link bond0 name v2 netns c1 type vnicx"
ip -n c1 link set v2 addrgenmode none
ip -n c1 link set v2 up
from=c1/v2
t_is "four frames of a vNIC leave by a bond" 4 more counter host d0 tx_packets
tc -n host qdisc add dev bond0 root pfifo limit 0
t_is "a queueing discipline without room stops what a vNIC sends by a bond" 0 more counter host d0 tx_packets
batch_tc host "qdisc delete dev bond0 root" "qdisc add dev bond0 clsact" \
	"filter add dev bond0 egress matchall action drop"
t_is "a tc filter on a bond stops what a vNIC sends by it" 0 more counter host d0 tx_packets
ip -n host link delete bond0

batch_in host "link add br0 type bridge" "link set d0 master br0 up" "link set br0 addrgenmode none" "link set br0 up" \
	"link add link br0 name v2 type vnicx" "link set v2 addrgenmode none" "link set v2 up"
batch_tc host "qdisc add dev d0 clsact" "filter add dev d0 egress protocol 0x88b5 matchall action mirred egress redirect dev v2"
# Only that frame is counted: the bridge has frames of its own, of IGMP and MLD.
goes_round() {
	local n
	frames -q host/v2 "$LAN"
	n=$(tc -n host -s filter show dev d0 egress | awk '/Sent/ { print $4; exit }')
	echo "$n times"
	[ "$n" -gt 1 ] && [ "$n" -lt 9 ]
}
t "a frame that the lower device hands back to its vNIC ends after less than nine rounds" goes_round
