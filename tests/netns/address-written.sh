#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# kernels: uml
#
# Bonds and HSR devices write another address into the devices below them without
# asking their drivers. A vNIC's entries on the switch and in the lower device's
# filter go with it all the same.
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"
# shellcheck source=helpers/guarded.sh
. "${0%/*}/helpers/guarded.sh"

# in_filter ADDRESS: whether the lower device is told to receive for it
in_filter() {
	[[ $(bridge -n host fdb show dev eth0) = *"$1"* ]] && echo yes || echo no
}

no_ipv6
lan_setup
first=02:00:00:00:00:01 second=02:00:00:00:00:02 third=02:00:00:00:00:03
batch_in host "link add link eth0 name v1 address $first type vnicx" \
	"link add link eth0 name v2 address $second type vnicx" "link add d1 type dummy" \
	"link add b0 type bond mode balance-tlb" "link set v1 master b0" "link set d1 master b0" \
	"link set b0 up"
t_is "a vNIC that is up has its address in the lower device's filter" yes in_filter $first
ip -n host link set b0 type bond active_slave d1
t "a bond writes another address into its inactive port" differ $first "$(mac host v1)"
t_fails "no other vNIC can have the address that the bond wrote over" \
	"address is in use" ip -n host link set v2 address $first
t "the port leaves the bond" ip -n host link set v1 nomaster
t_is "a port that leaves a bond has its own address again" $first mac host v1
batch_in host "link set v1 down" "link set v1 master b0" "link set b0 type bond active_slave v1" \
	"link set b0 type bond active_slave d1"
t "a vNIC in a bond has another address when it is deleted" differ $first "$(mac host v1)"
ip -n host link delete v1
t_is "the filter has no address of a vNIC that was deleted in a bond" no in_filter $first
t "another vNIC can have the address of the deleted one" ip -n host link set v2 address $first

# A bond gives back the address with which a port came, unless another has taken that
# meanwhile. Then the vNIC is deleted with the one that was written last.
batch_in host "link set v2 address $second" "link delete b0" "link set d1 address $third" \
	"link add link eth0 name v1 address $first type vnicx" \
	"link add b0 type bond mode balance-tlb" "link set d1 master b0" "link set v1 master b0" \
	"link set b0 up" "link set b0 type bond active_slave v1" \
	"link set b0 type bond active_slave d1" "link set v2 address $first"
t_fails "a bond's active port takes the bond's address" "address is in use" \
	ip -n host link add link eth0 name v3 address $third type vnicx
t "a bond's port that is no longer active has another address" differ $third "$(mac host v1)"
ip -n host link delete v1
t_is "the filter has no address that a bond wrote into a deleted vNIC" no in_filter $third
t "another vNIC can have the address that a bond wrote into a deleted one" ip -n host link add link eth0 name v4 address $third type vnicx
ip -n host link set v2 address $second
ip -n host link add link eth0 name v1 address $first type vnicx
batch_in host "link add hsr0 type hsr slave1 v1 slave2 v2 proto 1"
t_is "PRP gives both its ports one address" "$(mac host v1)" mac host v2
batch_in host "link delete hsr0" "link delete v2"
t "the address of PRP's second port is free when that is deleted" \
	ip -n host link add link eth0 name v3 address $second type vnicx

# A tenant has PRP write the address of a neighbour, whose link-local address it wants.
own=02:00:00:00:01:01 theirs=02:00:00:00:00:77
ns c1
ip -n host link add link eth0 name g1 netns c1 address $own type vnicx ipguard dhcp
batch_in c1 "link set g1 addrgenmode none" "link set g1 up" \
	"link add d1 address $theirs type dummy" "link set d1 up" \
	"link add prp0 type hsr slave1 d1 slave2 g1 proto 1"
t_is "a tenant's PRP writes another address into its vNIC" $theirs mac c1 g1
from_device c1/g1
# advertise LINK-LOCAL: the words for that, from the vNIC's own address
advertise() {
	words=(from "$own" ip6 "$1" ff02::1 58 icmp 136 addr "$1" opt 2 "$own")
}
advertise fe80::ff:fe00:77
drops "the link-local address of a written address is not the vNIC's" tx_ip_spoofed "${words[@]}"
advertise fe80::ff:fe00:101
passes "the link-local address of the vNIC's own address is the vNIC's" \
	"host/eth0 lan/eth0" "${words[@]}"
