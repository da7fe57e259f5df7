#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# kernels: uml 6.1
#
# Anything that is an Ethernet device can be the lower device.
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"

# over KIND LOWER COMMAND-OF-IP...: makes a lower device, a vNIC over it that
# reaches the wire, and removes the lower device with the vNIC on it.
over() {
	local kind=$1 adapter=$2
	shift 2
	batch "$@" "link set $adapter up" "link add link $adapter name v1 netns vm type vnicx"
	batch_in vm "link set v1 up" "address add 192.0.2.11/24 dev v1" \
		"address add 198.51.100.11/24 dev v1"
	t "a vNIC over $kind reaches the wire" until_ok 10 pings vm "$wire"
	t "$kind is deleted with a vNIC over it" ip link delete "$adapter"
	t_fails "a vNIC goes with $kind" "does not exist|Cannot find device" ip -n vm link show v1
}

ns lan vm
batch "link add eth0 type veth peer name wire netns lan" "link set eth0 up"
batch_in lan "link set wire up" "address add 192.0.2.1/24 dev wire" \
	"link add link wire name tagged type vlan id 5" \
	"link set tagged up" "address add 198.51.100.1/24 dev tagged"
wire=192.0.2.1

over "another vNIC" v0 "link add link eth0 name v0 type vnicx"
over "a bridge" bridge "link add bridge type bridge" "link set eth0 master bridge"
wire=198.51.100.1
over "a VLAN" eth0.5 "link add link eth0 name eth0.5 type vlan id 5"
wire=192.0.2.1
over "a bond" bond "link set eth0 down" "link add bond type bond mode active-backup" \
	"link set eth0 master bond"
batch "link set eth0 down" "link add team0 type team"
team-active team0
ip link set eth0 master team0
team-active team0 eth0
over "a team" team0 "link set eth0 up"
over "a veth" eth0 "link set eth0 up"

batch "link add eth0 type dummy" "link set eth0 up" \
	"link add link eth0 name v1 netns vm type vnicx" \
	"link add link eth0 name v2 netns lan type vnicx"
batch_in vm "link set v1 up" "address add 203.0.113.1/24 dev v1"
batch_in lan "link set v2 up" "address add 203.0.113.2/24 dev v2"
t "vNICs reach each other over a dummy" \
	until_ok 5 pings vm 203.0.113.2
