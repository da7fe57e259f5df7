#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# kernels: uml 6.1 6.12
#
# `ip link add ... type vnicx` makes vNICs, also with an ip that knows nothing of the
# type.
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"

# create_and_count NUMBER: as many, in one group, by which they can be deleted
create_and_count() {
	local i there
	for ((i = 0; i < $1; i++)); do
		echo "link add link eth0 name many$i group 7 type vnicx"
	done | ip -batch -
	there=(/sys/class/net/many*)
	echo "${#there[@]}"
}

# The module in the place where modprobe looks, alone: with all the others
# depmod would take a while.
autoload() {
	local dir
	dir=/lib/modules/$(uname -r)
	unload
	mount -t tmpfs tmpfs /lib/modules
	mkdir "$dir"
	cp "$VNICX_STAGE/modules/vnicx.ko" "$dir"
	depmod 2>/dev/null
	ip link add link eth0 name auto type vnicx || :
	umount /lib/modules
	[ -e /sys/class/net/auto ]
}

ns vm far
batch "link add eth0 address 52:54:00:00:00:01 type veth peer name wire" \
	"link add eth1 address 52:54:00:00:00:02 type dummy" \
	"link add eth2 index 222 netns far type dummy" \
	"link add bridge type bridge" \
	"link set eth0 up" \
	"link set wire up"
ip -n vm netns set far 5

t "a vNIC can be made over a lower device" ip link add link eth0 name v0 type vnicx
t_is "a vNIC's iflink is the index of its lower device" "$(attribute eth0 ifindex)" attribute v0 iflink
t_is "a vNIC has the MTU of its lower device" 1500 attribute v0 mtu
t "a vNIC can be made with an address, an MTU and up" \
	ip link add link eth0 name v1 address 02:00:00:00:00:11 mtu 1400 up type vnicx
t "a vNIC has the address, the MTU and the state that it was made with" \
	shows "v1@eth0: <*,UP,*> mtu 1400 * link/ether 02:00:00:00:00:11 " ip -o link show v1
t "a vNIC can be made without a name" ip link add link eth0 type vnicx
t_is "a vNIC without a name is vnicx0" "$(attribute eth0 ifindex)" attribute vnicx0 iflink

t_is "a default address is the same on every machine" a2:15:5f:11:a4:fd attribute v0 address
t_is "a default address counts as given, not as random" 3 attribute v0 addr_assign_type
first=$(attribute v0 address)
t "a default address is unicast and locally administered" matches "?[26ae]:*" "$first"
# in this order: older kernels refuse a name that is in use here for there, too
batch "link delete v0" \
	"link add link eth1 name v0 netns vm type vnicx" \
	"link add link eth0 name v0 type vnicx" \
	"link add link eth0 name v2 type vnicx"
t_is "a default address comes back with the vNIC's name" "$first" attribute v0 address
t "a vNIC of another name has another default address" differ "$first" "$(attribute v2 address)"
t "a vNIC over another lower device has another default address" differ "$first" "$(mac vm v0)"
batch "link set v0 name old" "link add link eth0 name v0 type vnicx"
t "a renamed vNIC keeps its default address" matches "$first" "$(attribute old address)"
t "a vNIC whose default address is taken has another one" differ "$first" "$(attribute v0 address)"
t "a replacement for a taken default address is unicast and locally administered" \
	matches "?[26ae]:*" "$(attribute v0 address)"

t "a vNIC can be made in another namespace" \
	ip link add link eth1 name v3 netns vm address 02:00:00:00:00:13 mtu 1300 type vnicx
t "a vNIC made in another namespace shows its lower device's namespace" \
	shows "v3@if* mtu 1300 * link/ether 02:00:00:00:00:13 *link-netnsid 0" ip -n vm -o link show v3
t "a vNIC can be made over a lower device in another namespace" \
	ip -n vm link add link if222 link-netns far name v4 type vnicx
t "a vNIC over a lower device in another namespace shows that namespace" \
	shows "v4@if222: *link-netns far" ip -n vm -o link show v4

t "vNICs can be deleted, in any order" \
	batch "link delete v2" "link delete old" "link delete vnicx0" "link delete v1" "link delete v0"
t "a bridge can have the lower device when its vNICs are deleted" \
	batch "link set eth0 master bridge" "link set eth0 nomaster"
# each takes a while with every debugging aid
many=300
[ "$VNICX_KERNEL" != uml ] || many=60
t_is "$many vNICs can be made" "$many" create_and_count "$many"
t "$many vNICs can be deleted in one request" ip link delete group 7
t "no vNIC is left of a deleted group" matches "" "$(compgen -G '/sys/class/net/many*')"

t_is "the module has an alias for autoloading" rtnl-link-vnicx \
	modinfo -F alias "$VNICX_STAGE/modules/vnicx.ko"
t "a request for a vNIC loads the module by its alias" autoload
