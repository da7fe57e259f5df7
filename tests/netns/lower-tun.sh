#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A user without privileges makes a tun an "Ethernet" device, in a namespace of his
# own, by an ioctl. It has no link layer header, and a vNIC over it would write
# frames in front of their memory.
# kernels: uml 6.1
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"

# user COMMAND...: as somebody who is root of that namespace, and nobody elsewhere
user() {
	nsenter -t "$shell" -U -n --preserve-credentials "$@"
}

[ -e /dev/net/tun ] || modprobe tun
unshare -Urn sleep 1000 &
shell=$!
until_ok 5 eval "[ ! /proc/$shell/ns/net -ef /proc/self/ns/net ]"
# who it is there is said after that, and before the program begins
until_ok 5 eval "grep -q sleep /proc/$shell/comm"

t "a user makes a tun of the type of Ethernet devices" user tun-type tun t0 1
user ip link set t0 up
t_fails "a vNIC over a tun is refused by name" "lower device t0 is not an Ethernet device" \
	user ip link add link t0 name v0 type vnicx
# Where it is not refused, this is what kills the machine.
if user ip link show v0 >/dev/null 2>&1; then
	user ip link set v0 up
	user ip address add 192.0.2.1/24 dev v0
	user ping -n -q -c 1 -W 1 192.0.2.2 || :
fi
user ip link add link t0 name t0.5 type vlan id 5
t_fails "a vNIC over a VLAN device on a tun is refused by name" "lower device t0.5 is not an Ethernet device" \
	user ip link add link t0.5 name v0 type vnicx
t_fails "a vNIC with a character device over a tun is refused by name" \
	"lower device t0 is not an Ethernet device" \
	user ip link add link t0 name v0 type vnicxtap

t "a user makes a tap" user tun-type tap t1 1
t "a user makes a vNIC over a tap" user ip link add link t1 name v1 type vnicx
t_fails "a tap with a vNIC keeps its type" "TUNSETLINK: Device or resource busy" user tun-type tap t1 65534
t "the vNIC over the tap is deleted" user ip link delete v1
t "a tap without a vNIC changes its type" user tun-type tap t1 65534
t_fails "a vNIC over a tap of another type is refused by name" "lower device t1 is not an Ethernet device" \
	user ip link add link t1 name v1 type vnicx
kill "$shell"
