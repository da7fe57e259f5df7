#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# kernels: uml
#
# The kernel refuses bad requests, says why, and leaves nothing behind.
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"

# state: all devices with what a refused request might have changed, and who
# uses the module
state() {
	local dir flags mtu address users
	for dir in /sys/class/net/*/; do
		read -r flags <"$dir/flags"
		read -r mtu <"$dir/mtu"
		read -r address <"$dir/address"
		echo "$dir $flags $mtu $address"
	done
	read -r users </sys/module/vnicx/refcnt
	echo "$users"
}

# refused DESCRIPTION REGEX COMMAND-OF-IP: after it, devices are as before, the
# lower device's flags too, and its receive handler is free: a bridge can have it.
refused() {
	local before after
	before=$(state)
	t_fails "$1 is refused" "$2" refused_by_kernel "$3"
	after=$(state)
	[ "$before" = "$after" ] || t_is "$1 leaves nothing behind" "$before" echo "$after"
}

refused_by_kernel() {
	local out
	out=$(printf '%s\n' "$1" "link set eth0 master bridge" "link set eth0 nomaster" | ip -force -batch - 2>&1) || :
	echo "$out"
	# the first command only: anything else is no refusal
	[[ $out != *"Command failed -:1" ]]
}

[ -e /dev/net/tun ] || modprobe tun
batch "link add eth0 address 02:00:00:00:00:e0 type veth peer name wire" \
	"link add bridge type bridge" \
	"link add eth1 address 02:00:00:00:00:e1 type dummy" \
	"link add eth2 type dummy" \
	"link set eth2 master bridge" \
	"link add eth3 type dummy" \
	"link add link eth3 name mv type macvlan" \
	"tuntap add tun0 mode tun" \
	"link add link eth1 name v1 address 02:00:00:00:00:01 type vnicx" \
	"link add link eth1 name v2 address 02:00:00:00:00:02 type vnicx" \
	"link set v2 up"

refused "a vNIC without a lower device" "needs a lower device" "link add v0 type vnicx"
refused "a vNIC over an unknown device" \
	"Cannot find device|No such device" "link add link nowhere name v0 type vnicx"
refused "a vNIC over the loopback device" "lower device lo is a loopback device" \
	"link add link lo name v0 type vnicx"
refused "a vNIC over a device that is not Ethernet" "lower device tun0 is not an Ethernet device" \
	"link add link tun0 name v0 type vnicx"
refused "a vNIC over a port of a bridge" "lower device eth2 is a port of bridge" \
	"link add link eth2 name v0 type vnicx"
refused "a vNIC over a device with a macvlan" "lower device eth3 serves other devices" \
	"link add link eth3 name v0 type vnicx"

refused "an address of zeros" "address is zero or a multicast address" \
	"link add link eth0 name v0 address 00:00:00:00:00:00 type vnicx"
refused "a multicast address" "address is zero or a multicast address" \
	"link add link eth0 name v0 address 01:00:5e:00:00:01 type vnicx"
refused "the lower device's address" "address is that of the lower device eth0" \
	"link add link eth0 name v0 address 02:00:00:00:00:e0 type vnicx"
refused "another vNIC's address" "address is in use by vNIC v1" \
	"link add link eth1 name v0 address 02:00:00:00:00:01 type vnicx"
refused "a change to another vNIC's address" "address is in use by vNIC v1" \
	"link set v2 address 02:00:00:00:00:01"
refused "a change to the lower device's address" "address is that of the lower device eth1" \
	"link set v1 address 02:00:00:00:00:e1"
refused "a change of the lower device's address to a vNIC's" "address is in use by vNIC v2" \
	"link set eth1 address 02:00:00:00:00:02"
refused "a change to an address of zeros" "zero or a multicast address" "link set v2 address 00:00:00:00:00:00"
refused "a change to a multicast address" "zero or a multicast address" \
	"link set v1 address 01:00:5e:00:00:01"
t "two vNICs over two lower devices can have one address" \
	batch "link add link eth0 name v0 address 02:00:00:00:00:01 type vnicx" "link delete v0"

refused "an MTU that is too small" "mtu less than device minimum" \
	"link add link eth0 name v0 mtu 65 type vnicx"
refused "an MTU above the lower device's" "MTU 1501 is above that of lower device eth0, 1500" \
	"link add link eth0 name v0 mtu 1501 type vnicx"
refused "a change to an MTU above the lower device's" "mtu greater than device maximum" \
	"link set v1 mtu 1501"

refused "a name that is taken" "File exists" "link add link eth0 name v1 type vnicx"
refused "an index that is taken" "File exists|busy" \
	"link add link eth0 name v0 index $(</sys/class/net/eth0/ifindex) type vnicx"
refused "a master that takes no ports" \
	"Operation not supported" "link add link eth0 name v0 master lo type vnicx"
refused "a lower device's namespace that does not exist" "[Uu]nknown network namespace id|Invalid" \
	"link add link eth0 name v0 link-netnsid 99 type vnicx"
refused "a change of a vNIC's kind" "Operation not supported" "link set v1 type macvlan mode bridge"

refused_by_depth() {
	local i
	{
		echo "link add link eth0 name n1 type vnicx"
		for i in {2..12}; do
			echo "link add link n$((i - 1)) name n$i type vnicx"
		done
	} | ip -batch -
}
t_fails "vNICs over vNICs are refused when they are nested too deep" \
	"Command failed -:([89]|10)" refused_by_depth
t "the first of the nested vNICs can be deleted" ip link delete n1
t "all nested vNICs go with the first" matches "" "$(compgen -G '/sys/class/net/n[0-9]*')"
