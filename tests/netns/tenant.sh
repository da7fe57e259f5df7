#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# kernels: uml
#
# Root of a container administers its namespace, and the vNIC in it, but not what
# the vNIC may reach: that is for the lower device's administrator.
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"
# shellcheck source=helpers/container.sh
. "${0%/*}/helpers/container.sh"

options() {
	ip -n guest -d -o link show "$1"
}

promiscuity() {
	ip -d -o link show eth0 | grep -o 'promiscuity [0-9]*'
}

# may_not WHAT DEVICE OPTION...: nor do anything else in the same request
may_not() {
	local before what=$1 device=$2
	shift 2
	before=$(options "$device")
	t_fails "the tenant may not $what" \
		"Operation not permitted|needs CAP_NET_ADMIN in the namespace of the lower device" \
		guest ip link set "$device" type vnicx "$@"
	t_is "a tenant who may not $what changes nothing" "$before" options "$device"
}

# may WHAT DEVICE OPTION...: the lower device's administrator
may() {
	t "the administrator may $1" ip -n guest link set "$2" type vnicx "${@:3}"
}

start_container
batch "link add eth0 address 02:00:00:00:00:e0 type veth peer name wire" \
	"link set eth0 up" "link set wire up" \
	"link add link eth0 name v0 address 02:00:00:00:00:01 type vnicx" \
	"link add link eth0 name v1 netns guest type vnicx" \
	"link add link eth0 name s1 netns guest type vnicx mode source macaddr set 02:00:00:00:00:0a" \
	"link add eth1 type dummy" "link set eth1 up" \
	"link add link eth1 name x1 netns guest type vnicx mode passthru"

may_not "change the mode" v1 mode vepa
may_not "set the mode that it has" v1 mode bridge
may_not "receive from more stations" s1 macaddr add 02:00:00:00:00:0b
may_not "replace the list of sources" s1 macaddr set 02:00:00:00:00:0b
may_not "empty the list of sources" s1 macaddr flush
may_not "leave source mode" s1 mode bridge
may_not "keep frames from others" s1 nodst on
may_not "make the lower device promiscuous" x1 nopromisc off
may_not "put the host on the switch" v1 host on
may_not "take the host off the switch" v1 host off
may_not "have ARP requests go to who answers alone" v1 neigh_suppress on
may_not "have the bridge told of addresses" v1 announce on
may_not "make the queue longer" v1 bcqueuelen 1000
may_not "make the queue shorter" v1 bcqueuelen 1
may_not "have unknown addresses flooded to its vNIC" v1 flood on
may_not "trust itself" v1 trust on
may_not "end the check of its frames" v1 spoofchk off
may_not "have a carrier without the lower device" v1 state enable
may_not "join more groups" v1 max-groups auto
may_not "transmit more" v1 max_tx_rate off
may_not "receive more" v1 max_rx_rate 1gbit
may_not "transmit more broadcasts" v1 storm off
may_not "choose a class at the lower device" v1 class 1:1
may_not "copy its frames" v1 mirror eth0 vlan 5
may_not "take a program off" v1 bpf tx off
t_fails "the tenant is told why, and not what the lower device is called" \
	"^Error: needs CAP_NET_ADMIN in the namespace of the lower device\.$" \
	guest ip link set v1 type vnicx mode vepa

may "change the mode" v1 mode vepa
may "receive from more stations" s1 macaddr add 02:00:00:00:00:0b
may "keep frames from others" s1 nodst on
may "take the host off the switch" v1 host off
may "put the host on the switch" v1 host on
may "change the queue" v1 bcqueuelen 7
may "change promiscuity" x1 nopromisc on
t "the tenant's vNIC shows the administrator's changes" \
	shows " mode vepa host on bcqueuelen 7 " ip -n guest -d -o link show v1
may "set the mode to bridge again" v1 mode bridge
may "trust the tenant" v1 trust on

t "the tenant may use the vNIC" guest ip link set v1 mtu 1400 up
t "the tenant may give the vNIC another address" guest ip link set v1 address 02:00:00:00:00:02
# The kernel cannot hide that an address is in use, but it can hide who has it.
t_fails "the tenant may not have one that is in use, nor learn which vNIC has it" \
	"^Error: address is in use\.$" guest ip link set v1 address 02:00:00:00:00:01
t_fails "the tenant may not have the lower device's address, nor learn whose it is" \
	"^Error: address is in use\.$" guest ip link set v1 address 02:00:00:00:00:e0
t_fails "the tenant may not add one that is in use, nor learn which vNIC has it" \
	"^Error: address is in use\.$" guest bridge fdb add 02:00:00:00:00:01 dev v1
t_fails "the tenant may not add the lower device's address, nor learn whose it is" \
	"^Error: address is in use\.$" guest bridge fdb add 02:00:00:00:00:e0 dev v1
t_fails "the administrator learns which vNIC has the address" \
	"^Error: address is in use by vNIC v0\.$" ip -n guest link set v1 address 02:00:00:00:00:01
t_fails "the administrator learns that the address is the lower device's" \
	"^Error: address is that of the lower device eth0\.$" ip -n guest link set v1 address 02:00:00:00:00:e0
bus_info() {
	"$@" ethtool -i v1 | grep bus-info
}
t_is "ethtool does not tell the tenant what the lower device is called" "bus-info: " bus_info guest
t_is "ethtool tells the administrator what the lower device is called" "bus-info: eth0" \
	bus_info ip netns exec guest

# Over the vNIC the tenant has a switch of its own.
t "the tenant may make vNICs over its vNIC" guest ip link add link v1 name n1 type vnicx mode source
guest ip link add link v1 name n2 address 02:00:00:00:00:d2 type vnicx
t_fails "on its own switch, the tenant learns which vNIC has an address" \
	"^Error: address is in use by vNIC n2\.$" guest ip link set n1 address 02:00:00:00:00:d2
guest ip link delete n2
t "the tenant may change vNICs over its vNIC" \
	guest ip link set n1 type vnicx mode private host off bcqueuelen 1000
t_fails "the tenant may not have a queue above 1000 at a vNIC over its vNIC" \
	"queue length above 1000 needs CAP_NET_ADMIN over the machine" \
	guest ip link set n1 type vnicx bcqueuelen 1001
t_fails "the tenant may not create a vNIC with a queue above 1000 over its vNIC" \
	"queue length above 1000 needs CAP_NET_ADMIN over the machine" \
	guest ip link add link v1 name n2 type vnicx bcqueuelen 4294967295
t "the machine's administrator may have a queue above 1000 at a tenant's vNIC" \
	ip -n guest link set n1 type vnicx bcqueuelen 1001
guest ip link delete n1
before=$(promiscuity)
t "the tenant may make a passthru vNIC over its vNIC" \
	guest ip link add link v1 name n1 up type vnicx mode passthru
t_fails "the tenant's passthru vNIC takes no other vNIC's address" \
	"^(RTNETLINK answers: Address already in use|Error: address is in use\.)$" \
	guest ip link set n1 address 02:00:00:00:00:01
guest ip link delete n1
t_is "the tenant's passthru vNIC leaves no promiscuity at the lower device" "$before" promiscuity

deeper() {
	local n
	{
		echo "link add link v1 name n1 type vnicx"
		for n in {2..9}; do
			echo "link add link n$((n - 1)) name n$n type vnicx"
		done
	} | guest ip -batch -
}
t_fails "the tenant may not nest vNICs without end" "has too many devices below it" deeper
end_container
