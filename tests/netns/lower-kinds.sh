#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Every kind of device that the kernel has, below a vNIC and on top of one: either
# frames pass, or who cannot do it says so.
# kernels: uml 6.1
# timeout: 300
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"

# made NAMESPACE KIND COMMAND-OF-IP...: makes devices, or says that the kernel has none
made() {
	local where=$1 kind=$2 out
	shift 2
	if out=$(batch_in "$where" "$@" 2>&1); then
		return 0
	elif [[ $out =~ "Unknown device type"|"not supported" ]]; then
		skip "$kind can be made" "this kernel has none"
	else
		diagnose "$out"
		emit fail "$kind can be made"
	fi
	return 1
}

# passes DEVICE ADDRESS: a vNIC over it gets through to the address, and leaves
passes() {
	batch_in host "link add link $1 name v1 netns vm type vnicx trust on"
	batch_in vm "link set v1 addrgenmode none" "link set v1 up" "address add ${2%.*}.11/24 dev v1"
	until_ok 5 pings vm "$2" || return
	ip -n vm link delete v1
}

# below KIND DEVICE ADDRESS COMMAND-OF-IP...
below() {
	local kind=$1 device=$2 address=$3
	shift 3
	made host "$kind below a vNIC" "$@" "link set $device up" || return 0
	t "a vNIC over $kind reaches the other end" passes "$device" "$address"
	ip -n host link delete "$device"
}

# refused KIND DEVICE WHY COMMAND-OF-IP...
refused() {
	local kind=$1 device=$2 why=$3
	shift 3
	made host "$kind below a vNIC" "$@" || return 0
	t_fails "a vNIC over $kind is refused by name" "lower device $device $why" \
		ip -n host link add link "$device" name v1 type vnicx
	ip -n host link delete "$device"
}

# above KIND DEVICE ADDRESS COMMAND-OF-IP...: over v1 in the namespace vm
above() {
	local kind=$1 device=$2 address=$3
	shift 3
	made vm "$kind above a vNIC" "$@" "link set $device addrgenmode none" "link set $device up" \
		"address add ${address%.*}.21/24 dev $device" || return 0
	t "$kind over a vNIC reaches the wire" until_ok 5 pings vm "$address"
	ip -n vm link delete "$device"
}

no_ipv6
ns host vm lan
# The wire, and behind it what answers to each kind: 198.51.100.1 in a tunnel
ip link add eth0 netns host type veth peer name eth0 netns lan
batch_in lan "link set eth0 addrgenmode none" "link set eth0 up" "address add 192.0.2.1/24 dev eth0" \
	"link add link eth0 name vlan5 type vlan id 5" \
	"link set vlan5 addrgenmode none" "link set vlan5 up" "address add 203.0.113.1/24 dev vlan5"
batch_in host "link set eth0 addrgenmode none" "link set eth0 up" "address add 192.0.2.2/24 dev eth0"
for kind in tun tap macvtap ipvtap ifb macsec vrf hsr; do
	modprobe -q $kind || :
done

# Below a vNIC. A tunnel's other end is in lan, and has 198.51.100.1.
wire=192.0.2.1 tagged=203.0.113.1 inner=198.51.100.1
far() {
	batch_in lan "link set t1 addrgenmode none" "link set t1 up" "address add $inner/24 dev t1"
}
near() {
	ip -n lan link delete t1 2>/dev/null || :
}

ip link add p0 netns host type veth peer name t1 netns lan
far
below "a veth" p0 $inner "link set p0 addrgenmode none"
below "a bridge" br0 $wire "link add br0 type bridge" "link set eth0 master br0"
below "a VLAN device" vlan0 $tagged "link add link eth0 name vlan0 type vlan id 5"
for mode in active-backup balance-rr balance-xor broadcast 802.3ad balance-tlb balance-alb; do
	batch_in host "link set eth0 down"
	below "a bond in $mode" bond0 $wire "link add bond0 type bond mode $mode miimon 50" \
		"link set eth0 master bond0"
done
batch_in host "link set eth0 up"
ip -n host address replace 192.0.2.2/24 dev eth0
below "a vNIC" n0 $wire "link add link eth0 name n0 type vnicx"
below "a macvlan in passthru mode" mv0 $wire "link add link eth0 name mv0 type macvlan mode passthru"
if made lan "a vxlan of the LAN to one below a vNIC" "link add t1 type vxlan id 1 local 192.0.2.1 remote 192.0.2.2 dstport 4789"; then
	far
	below "a vxlan" vx0 $inner "link add vx0 type vxlan id 1 local 192.0.2.2 remote 192.0.2.1 dstport 4789"
	near
fi
if made lan "a geneve of the LAN to one below a vNIC" "link add t1 type geneve id 1 remote 192.0.2.2"; then
	far
	below "a geneve" gn0 $inner "link add gn0 type geneve id 1 remote 192.0.2.1"
	near
fi
if made lan "a gretap of the LAN to one below a vNIC" "link add t1 type gretap local 192.0.2.1 remote 192.0.2.2"; then
	far
	below "a gretap" gt0 $inner "link add gt0 type gretap local 192.0.2.2 remote 192.0.2.1"
	near
fi
if made lan "an ip6gretap of the LAN to one below a vNIC" "address add 2001:db8::1/64 dev eth0 nodad" \
	"link add t1 type ip6gretap local 2001:db8::1 remote 2001:db8::2"; then
	far
	below "an ip6gretap" g60 $inner "address add 2001:db8::2/64 dev eth0 nodad" \
		"link add g60 type ip6gretap local 2001:db8::2 remote 2001:db8::1"
	near
fi
key=0123456789abcdef0123456789abcdef
# macsec NAMESPACE LOWER DEVICE PEER
macsec() {
	batch_in "$1" "link add link $2 name $3 type macsec encrypt on" &&
		ip -n "$1" macsec add "$3" tx sa 0 pn 1 on key 01 $key &&
		ip -n "$1" macsec add "$3" rx port 1 address "$4" &&
		ip -n "$1" macsec add "$3" rx port 1 address "$4" sa 0 pn 1 on key 01 $key
}
t "a macsec of the LAN is made" macsec lan eth0 t1 "$(mac host eth0)"
t "a macsec below a vNIC is made" macsec host eth0 ms0 "$(mac lan eth0)"
far
below "a macsec" ms0 $inner
near
if made host "a netkit" "link add kit0 type netkit"; then
	ip -n host link delete kit0
	# the older ip knows no modes
	ip-newest -n host link add kit0 type netkit mode l2 peer name t1
	ip -n host link set t1 netns lan
	far
	below "a netkit in L2 mode" kit0 $inner
	refused "a netkit in L3 mode" kit0 "has no Ethernet address" "link add kit0 type netkit"
fi
batch_in host "link add team0 type team"
inside host team-active team0
batch_in host "link set eth0 down" "link set eth0 master team0"
inside host team-active team0 eth0
below "a team" team0 $wire
batch_in host "link set eth0 up"
inside host tun-type tap tap0 1 open &
tap=$!
until_ok 5 ip -n host link show dev tap0
below_nothing() {
	batch_in host "link set $2 up" "link add link $2 name v1 netns vm type vnicx trust on" \
		"link add link $2 name v2 type vnicx" "link set v2 addrgenmode none" "link set v2 up" \
		"address add 192.0.2.12/24 dev v2"
	batch_in vm "link set v1 addrgenmode none" "link set v1 up" "address add 192.0.2.11/24 dev v1"
	t "vNICs over $1 reach each other" until_ok 5 pings vm 192.0.2.12
	ip -n host link delete "$2"
}
ip -n host address flush dev eth0
below_nothing "a tap" tap0
kill "$tap"
ip -n host link add d0 type dummy
below_nothing "a dummy" d0
ip -n host link add link eth0 name n0 type vnicx mode private
below_nothing "a vNIC in private mode" n0

refused "a macvlan" mv0 "is a macvlan, which receives for its own address only" \
	"link add link eth0 name mv0 type macvlan mode bridge"
refused "a macvtap" mv0 "is a macvlan, which receives for its own address only" \
	"link add link eth0 name mv0 type macvtap mode vepa"
refused "an ipvlan" ip0 "has no plain Ethernet header" "link add link eth0 name ip0 type ipvlan mode l2"
refused "an ipvlan in L3 mode" ip0 "has no plain Ethernet header" "link add link eth0 name ip0 type ipvlan mode l3"
refused "an ipvtap" ip0 "has no plain Ethernet header" "link add link eth0 name ip0 type ipvtap mode l2"
refused "an ifb" ifb9 "is an ifb, which gives back what it receives" "link add ifb9 type ifb"
refused "a VLAN device without reorder_hdr" vlan0 "has reorder_hdr off, so a tagged frame would leave its VLAN" \
	"link add link eth0 name vlan0 type vlan id 5 reorder_hdr off"
refused "a VRF" vrf0 "is a VRF, which has no link layer" "link add vrf0 type vrf table 10"
refused "a gre" gre9 "is not an Ethernet device" "link add gre9 type gre local 192.0.2.2 remote 192.0.2.1"
refused "an nlmon" nl0 "is not an Ethernet device" "link add nl0 type nlmon"
batch_in host "link add h0 type veth peer name h1" "link add h2 type veth peer name h3"
refused "an HSR ring" hsr0 "is an HSR or PRP ring" "link add hsr0 type hsr slave1 h0 slave2 h2 version 1"
refused "a vNIC with a character device" n0 "serves other devices" "link add link eth0 name n0 type vnicxtap"

# Above a vNIC
ip -n host address replace 192.0.2.2/24 dev eth0
batch_in host "link add link eth0 name v1 netns vm type vnicx trust on" \
	"link add link eth0 name v2 netns vm type vnicx"
batch_in vm "link set v1 addrgenmode none" "link set v1 up" "link set v2 addrgenmode none" "link set v2 up"
above "a VLAN device" x0 $tagged "link add link v1 name x0 type vlan id 5"
above "a macvlan" x0 $wire "link add link v1 name x0 type macvlan mode bridge"
above "a macvlan in passthru mode" x0 $wire "link add link v1 name x0 type macvlan mode passthru"
above "an ipvlan" x0 $wire "link add link v1 name x0 type ipvlan mode l2"
above "a vNIC" x0 $wire "link add link v1 name x0 type vnicx"
above "a vNIC in passthru mode" x0 $wire "link add link v1 name x0 type vnicx mode passthru"
above "a vNIC in vepa mode" x0 $wire "link add link v1 name x0 type vnicx mode vepa"
above "a bridge" x0 $wire "link add x0 type bridge" "link set v1 master x0"
batch_in vm "link set v1 down" "link set v2 down"
t_fails "a bond over two vNICs gives them no common address" "address is in use by vNIC v1" \
	batch_in vm "link add x0 type bond mode active-backup" "link set v1 master x0" \
	"link set v2 master x0"
ip -n vm link delete x0
above "a bond whose ports keep their addresses" x0 $wire \
	"link add x0 type bond mode active-backup fail_over_mac active miimon 50" \
	"link set v1 master x0" "link set v2 master x0"
batch_in vm "link set v1 addrgenmode none" "link set v1 up" "address add 192.0.2.31/24 dev v1"
ip -n vm link add x0 type vrf table 10
batch_in vm "link set x0 addrgenmode none" "link set x0 up" "link set v1 master x0"
t "a VRF over a vNIC reaches the wire" until_ok 5 inside vm ping -n -q -c 1 -W 2 -I x0 "$wire"
batch_in vm "link delete x0" "address replace 192.0.2.31/24 dev v1"
if made lan "a vxlan of the LAN to one above a vNIC" "link add t1 type vxlan id 1 local 192.0.2.1 remote 192.0.2.31 dstport 4789"; then
	far
	above "a vxlan" x0 $inner "link add x0 type vxlan id 1 local 192.0.2.31 remote 192.0.2.1 dstport 4789"
	near
fi
if macsec lan eth0 t1 "$(mac vm v1)" && macsec vm v1 x0 "$(mac lan eth0)"; then
	far
	above "a macsec" x0 $inner "link set x0 up"
fi
near
t_fails "no vNIC is made over a vNIC with a macvtap" "is a port of|serves other devices|busy" \
	batch_in vm "link add link v1 name x0 type macvtap" "link add link v1 name x1 type vnicx"
ip -n vm link delete x0
batch_in vm "address flush dev v1" "link set v1 down" "link set v2 down" "link add x0 type team"
inside vm team-active x0
ip -n vm link set v1 master x0
inside vm team-active x0 v1
# as teamd does
batch_in vm "link set v1 address $(mac vm x0)" "link set v1 up" "link set x0 addrgenmode none" "link set x0 up" "address add 192.0.2.21/24 dev x0"
t "a team over a vNIC reaches the wire" until_ok 5 pings vm $wire
batch_in vm "link delete x0" "link set v1 up" "link set v2 up"
if made vm "an HSR ring over two vNICs" "link add x0 type hsr slave1 v1 slave2 v2 version 1"; then
	t "an HSR ring over two vNICs comes and goes" batch_in vm "link set x0 up" "link delete x0"
fi
ip -n host link add link eth0 name q1 netns vm type vnicxtap
t_fails "a macvlan over a vNIC with a character device is refused" "busy" \
	ip -n vm link add link q1 name x0 type macvlan
t_fails "a bridge does not take a vNIC with a character device" \
	"busy" batch_in vm "link add x0 type bridge" "link set q1 master x0"
t "a VLAN device over a vNIC with a character device comes and goes" \
	batch_in vm "link add link q1 name x1 type vlan id 5" \
	"link delete x1"
