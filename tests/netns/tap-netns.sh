#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# kernels: uml 6.1 6.12
#
# Where a vNIC's character device is, in the initial namespace and in others.
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"
# shellcheck source=helpers/taps.sh
. "${0%/*}/helpers/taps.sh"

# minor NAMESPACE DEVICE
minor() {
	local number
	number=$(inside "$1" bash -c "cat /sys/class/net/$2/tap*/dev")
	echo "${number#*:}"
}

# is_node PATH MINOR
is_node() {
	[ -c "$1" ] && [ "$(stat -c %T "$1")" = "$(printf %x "$2")" ]
}

no_ipv6
ns red blue
ip netns attach here 1
taps_in=here
# Each of the last three keeps its number where it goes.
batch "link add eth0 type veth peer name wire" "link set eth0 addrgenmode none" "link set wire addrgenmode none" \
	"link set eth0 up" "link set wire up" \
	"link add link eth0 name tb index 77 address $B netns red type vnicxtap" \
	"link add link eth0 name tc index 77 netns blue type vnicxtap" \
	"link add link eth0 name ta index 77 address $A type vnicxtap" "link set ta up"
ip -n red link set tb up

t "in the initial namespace a device has the number of the interface" \
	is_node /dev/tap77 "$(cut -d : -f 2 /sys/class/net/ta/tap77/dev)"
t "in the initial namespace a device has the interface's number in sysfs" test -e /sys/class/vnicxtap/tap77
for where in red/tb blue/tc; do
	n=$(minor "${where%/*}" "${where#*/}")
	t "in ${where%/*} the device of the same interface has a number of its own" \
		is_node "/dev/vnicxtap/$n" "$n"
done
t_is "a namespace sees its own device only" tap77 inside red ls /sys/class/vnicxtap
node=/dev/vnicxtap/$(minor red tb)
taps "each device leads to its vNIC" "0, 0, 70, 60 to $B 88b5" \
	node a /dev/tap77 node b "$node" send a $B $A 88b5 60 recv b

ns green
taps "an open device works on when its vNIC moves" "0, 0, 0, 70, 60 to $B 88b5" \
	node a /dev/tap77 node b "$node" \
		run "ip -n red link set tb netns green && ip -n green link set tb up" send a $B $A 88b5 60 recv b
t "a moved vNIC's node is in its new namespace" is_node "/dev/vnicxtap/$(minor green tb)" "$(minor green tb)"
t "a vNIC whose number is taken can move back" ip -n green link set tb netns 1
index=$(attribute tb ifindex)
t "a vNIC that moved back has a node of its new number" \
	is_node "/dev/tap$index" "$(cut -d : -f 2 "/sys/class/net/tb/tap$index/dev")"
n=$(minor blue tc)
batch "link delete ta" "link delete tb"
ip netns delete here
ip -n blue link delete tc
t_fails "no node of a deleted vNIC is left" \
	"^$" bash -c "ls /dev/tap77 /dev/tap$index /dev/vnicxtap/$n 2>/dev/null"
