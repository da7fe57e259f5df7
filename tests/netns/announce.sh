#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# kernels: uml 6.1
#
# announce: the bridge behind the lower device is told which addresses are here, and
# follows without a frame. Entries that it was told are marked extern_learn.
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"
# shellcheck source=helpers/told.sh
. "${0%/*}/helpers/told.sh"

FURTHER=02:00:00:00:00:51
OTHER=02:00:00:00:00:77

# learnt_by NAMESPACE: the entries of its bridge that it was told
learnt_by() {
	bridge -n "$1" fdb show br br0 | awk '/ extern_learn/'
}

# lower_pair: eth0 of host, whose other end is p1
lower_pair() {
	batch_in host "link add eth0 type veth peer name p1" "link set eth0 up" "link set p1 up"
	HOST=$(mac host eth0)
}

no_ipv6
ns host c1 c2
silence host c1 c2
batch_in host "link add br0 type bridge vlan_default_pvid 0" "link set br0 up" "link add q1 type dummy" "link set q1 master br0 up"
lower_pair
ip -n host link set p1 master br0
vnic v1 c1
vnic v2 c2
V1=${vnic_mac[v1]} V2=${vnic_mac[v2]}

t_is "a bridge is told nothing by default" "" told
ip -n host link add link eth0 name v0 type vnicx mode bridge
t "announce is switched on at a vNIC" ip -n host link set v0 type vnicx announce on
tells "a bridge is told of the silent vNICs and the lower device" "$HOST" "$V1" "$V2"
ip -n host link set v0 address 02:00:00:00:00:01 up
tells "a bridge is told of a vNIC that goes up" "$HOST" "$V1" "$V2" 02:00:00:00:00:01
ip -n host link set v0 address 02:00:00:00:00:02
tells "a bridge is told of a vNIC's new address instead of the old one" "$HOST" "$V1" "$V2" 02:00:00:00:00:02
ip -n host link set v0 netns c1
tells "a vNIC that moves to another namespace, and is down, is withdrawn" "$HOST" "$V1" "$V2"
ip -n c1 link set v0 up
tells "a bridge is told of a vNIC that is up in another namespace" "$HOST" "$V1" "$V2" 02:00:00:00:00:02
ip -n c1 link set v0 down
tells "a vNIC that goes down is withdrawn" "$HOST" "$V1" "$V2"
ip -n c1 link set v0 up
ip -n c1 link delete v0
tells "a vNIC that is deleted is withdrawn" "$HOST" "$V1" "$V2"

ip -n c1 link set v1 type vnicx state disable
tells "a vNIC whose state is disable is withdrawn" "$HOST" "$V2"
ip -n c1 link set v1 type vnicx state auto
tells "a vNIC whose state is auto again is told" "$HOST" "$V1" "$V2"
ip -n c1 link set v1 protodown on
tells "a vNIC with protodown is withdrawn" "$HOST" "$V2"
ip -n c1 link set v1 protodown off
tells "a vNIC without protodown is told again" "$HOST" "$V1" "$V2"
ip -n host link set p1 down
tells "all are withdrawn when the lower device has no carrier"
ip -n host link set p1 up
tells "all are told when the lower device has a carrier again" "$HOST" "$V1" "$V2"

bridge -n c1 fdb add $FURTHER dev v1
tells "a bridge is told of an address that was added" "$HOST" "$V1" "$V2" $FURTHER
bridge -n c1 fdb del $FURTHER dev v1
tells "an address that was deleted is withdrawn" "$HOST" "$V1" "$V2"

ip -n host link set p1 nomaster
ip -n host link set p1 master br0
tells "a port that is back in its bridge has all again" "$HOST" "$V1" "$V2"
bridge -n host fdb del "$V1" dev p1 master
tells "an entry that the bridge lost is told again" "$HOST" "$V1" "$V2"

# Addresses that have moved elsewhere
bridge -n host fdb replace "$V1" dev q1 master extern_learn
t_is "an address can move to another port" "$V1" told q1
ip -n c1 link set v1 down
bridge -n c1 fdb add $FURTHER dev v1
ip -n c2 link set v2 down
tells "vNICs that go down are withdrawn where they are told" "$HOST"
t_is "an address that has moved elsewhere stays there" "$V1" told q1
ip -n c2 link set v2 up
ip -n c1 link set v1 up
tells "a vNIC that goes up takes its address from another port" "$HOST" "$V1" "$V2" $FURTHER
t_is "a port from which an address was taken has it no more" "" told q1
bridge -n c1 fdb del $FURTHER dev v1

# Another lower device at the same bridge
announced() {
	inside host vnicx show -j eth0 | jq '.[0].announced'
}
batch_in host "link add eth1 type veth peer name q2" "link set eth1 up" "link set q2 master br0 up" \
	"link add link eth1 name v9 address $V1 type vnicx announce on" "link set v9 up"
tells "an address that another lower device announces is no longer at the first one's port" "$HOST" "$V2"
t "the first lower device counts two announced addresses" until_ok 20 is_now 2 announced
ip -n host link delete v9
tells "an address that another lower device withdraws is told of the first one again" "$HOST" "$V1" "$V2"
t "the first lower device counts three announced addresses again" until_ok 20 is_now 3 announced
ip -n host link delete eth1

# Entries that the bridge's administrator has fixed
bridge -n host fdb add $OTHER dev q1 master static
bridge -n c1 fdb add $OTHER dev v1
bridge -n c1 fdb add $FURTHER dev v1
tells "a static entry of another port stays" "$HOST" "$V1" "$V2" $FURTHER
bridge -n host fdb del $OTHER dev q1 master
tells "an address whose static entry was deleted is told" "$HOST" "$V1" "$V2" $FURTHER $OTHER
bridge -n c1 fdb flush dev v1

# Namespaces
ip -n host link set p1 netns c2
t_is "a port that goes to another namespace leaves nothing in the bridge" "" learnt_by host
batch_in c2 "link add br0 type bridge" "link set br0 up" "link set p1 master br0 up"
ip -n c1 link set v1 down
ip -n c1 link set v1 up
nap
t_is "a bridge in another namespace is told nothing" "" learnt_by c2
ip -n c2 link set p1 netns host
batch_in host "link set p1 master br0 up"
tells "a port that is back in the namespace has all" "$HOST" "$V1" "$V2"

t "announce is switched off" ip -n c1 link set v1 type vnicx announce off
t_is "all are withdrawn when announce is switched off" "" told
ip -n c1 link set v1 type vnicx announce on
tells "all are told when announce is switched on" "$HOST" "$V1" "$V2"
ip -n c2 link delete v2
tells "other vNICs stay when one is deleted" "$HOST" "$V1"
ip -n c1 link delete v1
t_is "all are withdrawn with the last vNIC" "" told

# The older ip knows no modes of netkit, and 6.1 no netkit.
if ip -n host link add kit0 type netkit 2>/dev/null; then
	ip -n host link delete kit0
	ip-newest -n host link add kit0 type netkit mode l2 peer name k1
	batch_in host "link set k1 master br0 up" "link set kit0 up" \
		"link add link kit0 name v8 address 02:00:00:00:00:08 type vnicx announce on" "link set v8 up"
	expected=$(printf '%s\n' "$(mac host kit0)" 02:00:00:00:00:08 | sort | paste -sd' ')
	t "a bridge behind a netkit is told of a vNIC and the lower device" until_ok 20 is_now "$expected" told k1
	ip -n host link set v8 down
	t "a vNIC over a netkit is withdrawn when it goes down" until_ok 20 is_now "$(mac host kit0)" told k1
else
	skip "a bridge behind a netkit is told of a vNIC and the lower device" "this kernel has none"
fi
