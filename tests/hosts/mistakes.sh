#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Configurations that are mistakes, and how they show: announce without a bridge behind the
# lower device, a VNI without a bridge, a bridge in another namespace, an MTU above that of
# the underlay.
# timeout: 300
# shellcheck source=fabric.sh
. "${0%/*}/fabric.sh"

hosts=(h1 h2)

# announced LOWER: how many addresses the bridge behind it was told
announced() {
	inside h1 vnicx show -j | jq --arg lower "$1" '.[] | select(.name == $lower) | .announced'
}

# warns WORDS COMMAND...: it succeeds and says so
warns() {
	local words=$1 out
	shift
	out=$("$@" 2>&1)
	matches "Warning: $words*" "$out"
}

# listed VNI: FRR's numbers of addresses, of neighbours and of other hosts
listed() {
	asks h1 show evpn vni | awk -v vni="$1" '$1 == vni { print $4, $5, $6 }'
}

evpn
t "h1 floods segment 100 to h2" until_ok 30 floods h1 100 h2

# No bridge behind the lower device
batch_in h1 "link add d0 type dummy" "link set d0 up" "link add link d0 name v1 up type vnicx" \
	"link add d1 type veth peer name d2" "link set d1 up" "link set d2 up" "link add link d1 name v2 up type vnicx"
t "announce over a dummy device warns that there never is one" \
	warns "nothing to announce to: lower device is no veth or netkit" ip -n h1 link set v1 type vnicx announce on
t "announce over a veth without a bridge warns that there is none yet" \
	warns "nothing to announce to yet: peer is no port of a bridge" \
	ip -n h1 link set v2 type vnicx announce on
t_is "no address is announced over a dummy device" 0 announced d0
t_is "no address is announced over a veth without a bridge" 0 announced d1
ip -n h1 link set d2 master br100
t "addresses are announced when the other end becomes a port of a bridge" until_ok 20 is_now 2 announced d1
t "another host learns them then" until_ok 20 leads h2 100 "$(mac h1 v2)" h1
ip -n h1 link set d2 nomaster
t "another host forgets them when it is no port any more" until_ok 20 leads h2 100 "$(mac h1 v2)"

# A VNI without a bridge
for host in "${hosts[@]}"; do
	batch_in "$host" "link add up300 mtu 1450 type vxlan id 300 local $(underlay_of "$host") dstport 4789 nolearning" \
		"link set up300 addrgenmode none up"
done
station s1 h1 300 11
station s2 h2 300 21
nap
t_is "FRR floods nowhere for a VNI without a bridge" "" eval "bridge -n h1 fdb show dev up300 | grep dst || :"
t_is "FRR lists no address and no other host of a VNI without a bridge" "0 0 0" listed 300
t "vNICs of a VNI without a bridge do not reach another host" eval "! pings s1 192.0.2.21"

# The bridge itself as the lower device
for host in "${hosts[@]}"; do
	ns "over-$host"
	ip -n "$host" link add link br100 name v0 netns "over-$host" address "$(mac_of "6${host#h}")" type vnicx
	up "over-$host" v0 "6${host#h}" >/dev/null
done
t "a vNIC over the bridge reaches another host" until_ok 10 pings over-h1 192.0.2.62

# A bridge in another namespace than FRR and the lower device
ns elsewhere
batch_in elsewhere "link add br400 type bridge" "link set br400 up"
batch_in h1 "link add up400 type veth peer name p400 netns elsewhere" "link set up400 up" \
	"link add link up400 name v4 up type vnicx"
batch_in elsewhere "link set p400 master br400 up"
t "announce to a bridge in another namespace warns that there is none yet" \
	warns "nothing to announce to yet: peer is in another namespace" \
	ip -n h1 link set v4 type vnicx announce on
nap
t_is "a bridge in another namespace is told nothing" "" eval "bridge -n elsewhere fdb show | grep extern_learn || :"
t "the address of a vNIC over the bridge is not advertised" leads h2 100 "$(mac_of 61)"

# An MTU above the underlay's
ip -n h1 link add vxlan500 type vxlan id 500 dev eth0 dstport 4789
t_fails "a VXLAN device over a named one cannot have its MTU" "Invalid argument|greater than device maximum" \
	ip -n h1 link set vxlan500 mtu 1500
t_fails "a vNIC cannot have an MTU above its lower device's" "MTU|mtu" ip -n s1 link set v0 mtu 1500
