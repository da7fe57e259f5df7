#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# kernels: uml
#
# A bridge that loses a port takes the address of another without asking first,
# even if that is a vNIC's. The vNIC keeps it, and the host has it afterwards.
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"

low=02:00:00:00:00:01
high=02:00:00:00:00:0f

ns host c1 c2
silence host c1 c2
batch_in host "link add br0 type bridge" \
	"link add p1 address $low type dummy" "link add p2 address $high type dummy" \
	"link set p1 master br0 up" "link set p2 master br0 up" "link set br0 up" \
	"link add link br0 name v1 netns c1 address $high type vnicx" \
	"link add link br0 name v2 netns c2 type vnicx"
ip -n c1 link set v1 up
ip -n c2 link set v2 up

reaches "the host receives frames to its bridge's first address" host/br0 c2/v2 $low
t "a bridge that loses a port takes the address of a vNIC" ip -n host link set p1 nomaster
t_is "the bridge has the vNIC's address" $high mac host br0
reaches "the vNIC receives frames to the address that the bridge took" c1/v1 c2/v2 $high
t "the vNIC can change its address" ip -n c1 link set v1 address 02:00:00:00:00:02
reaches "the host receives frames to the address that the vNIC gave up" host/br0 c2/v2 $high
t_fails "the vNIC cannot have the bridge's address again" "address is that of the lower device br0" \
	ip -n c1 link set v1 address $high
t "the bridge gets its port back" ip -n host link set p1 master br0
reaches "the host receives frames to the bridge's first address again" host/br0 c2/v2 $low
t "the vNIC can have the address that the bridge gave up" ip -n c1 link set v1 address $high
reaches "the vNIC receives frames to the address that the bridge gave up" c1/v1 c2/v2 $high

ip -n host link set p1 nomaster
ip -n c1 link delete v1
reaches "the host receives frames to the bridge's address when the vNIC with it is deleted" host/br0 c2/v2 $high
