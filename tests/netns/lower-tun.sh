#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A user without privileges makes a tun an "Ethernet" device, in a namespace of his
# own, by an ioctl. It has no link layer header, and a vNIC over it would write
# frames in front of their memory.
# kernels: uml 6.1
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"
# shellcheck source=helpers/container.sh
. "${0%/*}/helpers/container.sh"

[ -e /dev/net/tun ] || modprobe tun
start_container

t "a user makes a tun of the type of Ethernet devices" guest tun-type tun t0 1
guest ip link set t0 up
t_fails "a vNIC over a tun is refused by name" "lower device t0 is not an Ethernet device" \
	guest ip link add link t0 name v0 type vnicx
# Where it is not refused, this is what kills the machine.
if guest ip link show v0 >/dev/null 2>&1; then
	guest ip link set v0 up
	guest ip address add 192.0.2.1/24 dev v0
	guest ping -n -q -c 1 -W 1 192.0.2.2 || :
fi
guest ip link add link t0 name t0.5 type vlan id 5
t_fails "a vNIC over a VLAN device on a tun is refused by name" "lower device t0.5 is not an Ethernet device" \
	guest ip link add link t0.5 name v0 type vnicx
t_fails "a vNIC with a character device over a tun is refused by name" \
	"lower device t0 is not an Ethernet device" \
	guest ip link add link t0 name v0 type vnicxtap

t "a user makes a tap" guest tun-type tap t1 1
t "a user makes a vNIC over a tap" guest ip link add link t1 name v1 type vnicx
t_fails "a tap with a vNIC keeps its type" "TUNSETLINK: Device or resource busy" guest tun-type tap t1 65534
t "the vNIC over the tap is deleted" guest ip link delete v1
t "a tap without a vNIC changes its type" guest tun-type tap t1 65534
t_fails "a vNIC over a tap of another type is refused by name" "lower device t1 is not an Ethernet device" \
	guest ip link add link t1 name v1 type vnicx
end_container
