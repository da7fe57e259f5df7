#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# kernels: uml 6.1
#
# A vNIC takes a right over the lower device, and root of a user namespace has only
# those over its own network namespaces.
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"
# shellcheck source=helpers/container.sh
. "${0%/*}/helpers/container.sh"

without_net_admin() {
	setpriv --bounding-set=-net_admin --inh-caps=-net_admin "$@"
}

# nothing_but_lo: what root of a new user namespace sees
nothing_but_lo() {
	local links
	links=$(unshare -Urn ip -o link)
	matches "1: lo:*" "$links"
	[[ $links != *" "eth0[:@]* && $links != *" "v[0-2][:@]* ]]
}

batch "link add eth0 index 77 type veth peer name wire" \
	"link set eth0 up" "link set wire up" \
	"link add link eth0 name v0 type vnicx" \
	"link add link eth0 name v1 type vnicx" \
	"link add link eth0 name v2 type vnicx"

t_fails "no vNIC can be made without CAP_NET_ADMIN" "Operation not permitted" \
	without_net_admin ip link add link eth0 name bad type vnicx
t_fails "no vNIC's address can be changed without CAP_NET_ADMIN" "Operation not permitted" \
	without_net_admin ip link set v0 address 02:00:00:00:00:01
t_fails "no vNIC can be deleted without CAP_NET_ADMIN" \
	"Operation not permitted" without_net_admin ip link delete v0
t "a new user namespace sees neither lower device nor vNICs" nothing_but_lo
t_fails "root of a user namespace cannot make a vNIC over a lower device that it does not see" \
	"Cannot find device|No such device|does not exist" \
	unshare -Urn ip link add link if77 name bad type vnicx

start_container
ip netns attach init 1
ip -n guest netns set init 7

t_fails "root of a user namespace cannot make a vNIC over a lower device whose namespace has a number there" \
	"Operation not permitted" \
	guest ip link add link if77 link-netnsid 7 name bad type vnicx
t "a vNIC can be moved to a user namespace" ip link set v1 netns guest
t "root of a user namespace can set its vNIC up" guest ip link set v1 up
t "root of a user namespace sees that its vNIC's lower device is elsewhere" \
	shows "v1@if77: *link-netns init" guest ip -o link show v1
t "root of a user namespace can make its vNIC promiscuous" guest ip link set v1 promisc on
t_fails "root of a user namespace cannot take another vNIC's address" "^Error: vNIC is not trusted: " \
	guest ip link set v1 address "$(</sys/class/net/v0/address)"
t_fails "root of a user namespace with a vNIC cannot make another over the same lower device" \
	"Operation not permitted|Cannot find|No such" \
	guest ip link add link if77 link-netnsid 7 name bad type vnicx
t "root of a user namespace can make a vNIC over a lower device of its own" guest sh -c \
	"ip link add own type dummy && ip link add link own name v9 type vnicx && ip link delete own"
t "root of a user namespace can delete its vNIC" guest ip link delete v1

ip link set v2 netns guest
t "the lower device's owner can delete it with all its vNICs" ip link delete eth0
t_fails "a vNIC in a user namespace goes with its lower device" \
	"does not exist|Cannot find device" guest ip link show v2
end_container
