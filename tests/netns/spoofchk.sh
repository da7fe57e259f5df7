#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# kernels: uml 6.1
#
# A vNIC in a container, or with a character device, transmits from its own addresses
# only, by every way that a frame can take.
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"
# shellcheck source=helpers/taps.sh
. "${0%/*}/helpers/taps.sh"

other=02:00:00:00:00:99
everybody=ff:ff:ff:ff:ff:ff
group=01:00:5e:01:02:03

spoofed() {
	own_counter "${1%/*}" "${1#*/}" tx_spoofed
}

# stops DESCRIPTION FRAME-ARGUMENT... FROM TO: a forged frame does not arrive, and is
# counted by its cause and as dropped
stops() {
	t_is "$1, and counts as tx_spoofed" ", tx_spoofed 1 tx_dropped 1" frames -w "${*: -2:1}" -s $other "${@:2}"
}

no_ipv6
lan_setup
ns c1 c2 c3
vnic v1 c1
vnic v2 c2
vnic p3 c3 mode private
vnic h0 host
V1=${vnic_mac[v1]} V2=${vnic_mac[v2]} HOST=$(mac host eth0) LAN=$(mac lan eth0)

reaches "a checked vNIC reaches another from its own address" c2/v2 c1/v1 "$V2"
reaches "a checked vNIC reaches everybody from its own address" \
	"c2/v2 host/eth0 host/h0 lan/eth0" c1/v1 $everybody
stops "a forged frame to a vNIC is dropped" c1/v1 "$V2"
stops "a forged frame to the host is dropped" c1/v1 "$HOST"
stops "a forged frame to the wire is dropped" c1/v1 "$LAN"
stops "a forged frame to everybody is dropped" c1/v1 $everybody
stops "a forged frame to a group is dropped" c1/v1 $group
stops "a forged frame past the queue is dropped" -b c1/v1 "$V2"
stops "a forged frame with a tag is dropped" -v 5 c1/v1 "$V2"
stops "a forged IPv4 packet is dropped" -t 0800 c1/v1 "$V2"
stops "a forged frame of a vNIC in private mode is dropped" c3/p3 $everybody
reaches "a vNIC in the lower device's namespace is not checked" c2/v2 -s $other host/h0 "$V2"

inside host bridge fdb add $other dev h0 vlan 7
inside c1 bridge fdb add $other dev v1 vlan 5
reaches "an address of the FDB is the vNIC's in its VLAN" "c2/v2" -s $other -v 5 c1/v1 "$V2"
stops "an address of the FDB is not the vNIC's in another VLAN" -v 6 c1/v1 "$V2"
stops "an address of another vNIC in a VLAN is not this one's" -v 7 c1/v1 "$V2"
inside c1 bridge fdb del $other dev v1 vlan 5

ip -n c1 link set v1 type vnicx spoofchk off
reaches "with spoofchk off, a vNIC transmits from any address" c2/v2 -s $other c1/v1 "$V2"
ip -n c1 link set v1 type vnicx spoofchk on
stops "with spoofchk on again, a forged frame is dropped" c1/v1 "$V2"
ip -n host link set h0 type vnicx spoofchk on
stops "with spoofchk on, a vNIC beside its lower device is checked" host/h0 "$V2"
ip -n c1 link set v1 down
ip -n c1 link set v1 address 02:00:00:00:00:31
up c1 v1 >/dev/null
t_is "a vNIC transmits from its new address, and nothing counts as forged" "c2/v2, nothing dropped" \
	frames -w c1/v1 -e c2/v2 c1/v1 "$V2"
reaches "the old address is no longer the vNIC's" "" -s "$V1" c1/v1 "$V2"
ip -n c1 link set v1 down
ip -n c1 link set v1 name w1
ip -n c1 link set w1 netns c3
up c3 w1 >/dev/null
stops "after a move and another name, a forged frame is dropped" c3/w1 "$V2"

t "IPv4 flows between checked vNICs" pings c2 "$(ip4 h0)"

modprobe -q vhost_net || :
taps_setup
drops=$(spoofed host/ta)
taps "a machine transmits from its own address" "0, 0, 70, 60 to $B 88b6 intact" \
	open a ta open b tb send a $B $A 88b6 60 recv b
taps "a machine's forged frame does not arrive" "0, 0, 70, EAGAIN" \
	open a ta open b tb send a $B $other 88b6 60 recv b
taps "a machine's forged super-frame does not arrive" "0, 0, 3064, EAGAIN" \
	open a ta open b tb tcp a $B $other 3000 1448 recv b
taps "a machine's forged frame by vhost-net does not arrive" "0, 0, 0, 0, 70, EAGAIN" \
	open a ta vhost a open b tb vhost b send a $B $other 88b6 60 recv b
t_is "a machine's forged frames are counted" $((drops + 3)) spoofed host/ta
ip -n host link set ta type vnicxtap spoofchk off
taps "a machine whose vNIC is not checked transmits from any address" "0, 0, 70, 60 to $B 88b6 intact" \
	open a ta open b tb send a $B $other 88b6 60 recv b

batch_in host "link add dummy0 type dummy" "link set dummy0 up" \
	"link add link dummy0 name x1 netns c2 type vnicx mode passthru"
up c2 x1 >/dev/null
drops=$(spoofed c2/x1)
inside c2 frames -q c2/x1 $everybody
t_is "a passthru vNIC transmits from its address" "$drops" spoofed c2/x1
inside c2 frames -q -s $other c2/x1 $everybody || :
t_is "a passthru vNIC's forged frame is counted" $((drops + 1)) spoofed c2/x1
