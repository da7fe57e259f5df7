#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# kernels: uml
# timeout: 300
#
# A vNIC in an access VLAN: its frames have no tags, and everybody else's do.
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"
# shellcheck source=helpers/vlans.sh
. "${0%/*}/helpers/vlans.sh"
# shellcheck source=helpers/taps.sh
. "${0%/*}/helpers/taps.sh"

no_ipv6
lan_setup
station 10
station 20
station 100 802.1ad
ns c1 c2 c3 c4
vnic a1 c1 vlan 10
vnic a2 c2 vlan 10 qos 3
vnic b1 c3 vlan 20
vnic u1 c4
A1=${vnic_mac[a1]} A2=${vnic_mac[a2]} U1=${vnic_mac[u1]} LAN=$(mac lan eth0) HOST=$(mac host eth0)

reaches "a vNIC reaches another one of its VLAN" c2/a2 c1/a1 "$A2"
reaches "a vNIC's full frame reaches another one of its VLAN" c2/a2 c1/a1 "$A2" -l 1514
reaches "a vNIC reaches a station of its VLAN on the wire" lan/eth0.10 c1/a1 "$LAN"
reaches "a vNIC's full frame reaches a station of its VLAN" lan/eth0.10 c1/a1 "$LAN" -l 1514
reaches "a vNIC's frame past the queue reaches a station of its VLAN" lan/eth0.10 -b c1/a1 "$LAN"
reaches "a station of the VLAN reaches a vNIC" c1/a1 lan/eth0.10 "$A1"
reaches "a vNIC's broadcast reaches its VLAN, and those who are in all" \
	"c2/a2 c4/u1 host/eth0 lan/eth0.10" c1/a1 $everyone
reaches "a broadcast of the VLAN from the wire reaches those who are in it" \
	"c1/a1 c2/a2 c4/u1 host/eth0" lan/eth0.10 $everyone
reaches "a broadcast without a tag from the wire reaches no vNIC in a VLAN" "c4/u1 host/eth0" lan/eth0 $everyone
reaches "a vNIC without a VLAN reaches one in a VLAN by its tag" c1/a1 -v 10 c4/u1 "$A1"
reaches "a vNIC in a VLAN reaches one without" c4/u1 c1/a1 "$U1"
reaches "the host reaches a vNIC in a VLAN by its tag" c1/a1 -v 10 host/eth0 "$A1"
reaches "the host's tagged broadcast reaches the VLAN" "c1/a1 c2/a2 c4/u1 lan/eth0.10" -v 10 host/eth0 $everyone
reaches "a vNIC in a VLAN reaches the host with its tag" host/eth0 c1/a1 "$HOST"

loses "a vNIC in another VLAN is not there: the frame goes to the wire" lan/eth0.10 c3/b1 rx_vlan \
	c1/a1 "${vnic_mac[b1]}"
loses "a vNIC without a VLAN does not reach one in a VLAN without a tag" lan/eth0 c1/a1 rx_vlan c4/u1 "$A1"
loses "a frame of another VLAN from the wire is not the vNIC's" host/eth0 c1/a1 rx_vlan lan/eth0.20 "$A1"
loses "a frame without a tag from the wire is not the vNIC's" host/eth0 c1/a1 rx_vlan lan/eth0 "$A1"
loses "a tagged frame is dropped" "" c1/a1 tx_vlan -v 10 c1/a1 "$A2"
loses "a tagged frame past the queue is dropped" "" c1/a1 tx_vlan -b -v 20 c1/a1 $everyone
loses "a frame with two tags is dropped" "" c1/a1 tx_vlan -v 0 -v 10 c1/a1 $everyone
loses "a frame that ends in its tag is dropped" "" c1/a1 tx_vlan -t 8100 -l 15 c1/a1 $everyone
reaches "a priority tag gives way to the VLAN's" lan/eth0.10 -v 0 c1/a1 "$LAN"

ip -n c1 link set a1 promisc on
ip -n c1 link set a1 type vnicx flood on trust on
reaches "a promiscuous vNIC hears unknown addresses of its VLAN" "c1/a1 host/eth0" lan/eth0.10 02:00:00:00:00:77
reaches "a promiscuous vNIC hears none of another VLAN" "host/eth0" lan/eth0.20 02:00:00:00:00:77
reaches "a vNIC with flood on hears a neighbour to an unknown address" "c1/a1 lan/eth0.10" c2/a2 02:00:00:00:00:77
reaches "a vNIC with flood on hears nothing of another VLAN" "lan/eth0.20" c3/b1 02:00:00:00:00:77
ip -n c1 link set a1 promisc off
ip -n c1 link set a1 type vnicx flood off

ip -n c1 address add 198.51.100.1/24 dev a1
ip -n c2 address add 198.51.100.2/24 dev a2
t "TCP between vNICs of a VLAN stays in super-frames" streams_in 1515-70000 c1 c2 198.51.100.2
t "TCP to a station of the VLAN is whole" stream c1 lan 198.51.100.10
t "TCP from a station of the VLAN is whole" stream lan c1 198.51.100.1
t "UDP between vNICs of a VLAN is whole" stream -u -w 1400 -n 70000 c1 c2 198.51.100.2
inside host ethtool -K eth0 txvlan off rxvlan off >/dev/null
t "TCP to a station of the VLAN is whole with tags in the lower device's frames" stream c1 lan 198.51.100.10
t "TCP from a station of the VLAN is whole with tags in the lower device's frames" stream lan c1 198.51.100.1
inside host ethtool -K eth0 txvlan on rxvlan on >/dev/null

stays() {
	reaches "a vNIC $1 reaches its VLAN" "$2" "$3" $everyone
	loses "a vNIC $1 drops tagged frames" "" "$3" tx_vlan -v 20 "$3" $everyone
}
batch_in c1 "link set a1 down" "link set a1 up"
stays "that went down and up" "c2/a2 c4/u1 host/eth0 lan/eth0.10" c1/a1
batch_in c1 "link set a1 down" "link set a1 name w1" "link set w1 netns c4"
up c4 w1 11 >/dev/null
stays "with another name, in another namespace," "c2/a2 c4/u1 host/eth0 lan/eth0.10" c4/w1
batch_in host "link set eth0 down" "link set eth0 up"
stays "whose lower device went down and up" "c2/a2 c4/u1 host/eth0 lan/eth0.10" c4/w1
ns other
ip -n host link set eth0 netns other
up other eth0 >/dev/null
stays "whose lower device moved" "c2/a2 c4/u1 lan/eth0.10 other/eth0" c4/w1
ip -n other link set eth0 netns host
up host eth0 >/dev/null
ip -n c4 link set w1 type vnicx vlan 20
reaches "a vNIC that changes its VLAN reaches the new one" \
	"c3/b1 c4/u1 host/eth0 lan/eth0.20" c4/w1 $everyone
ip -n c4 link set w1 type vnicx mode vepa
reaches "a vNIC in vepa mode sends in its VLAN" "lan/eth0.20" c4/w1 $everyone
reaches "a vNIC in vepa mode hears its VLAN" "c3/b1 c4/u1 c4/w1 host/eth0" lan/eth0.20 $everyone
ip -n c4 link set w1 type vnicx mode source macaddr set "$LAN"
reaches "a vNIC in source mode hears its list in its VLAN" "c3/b1 c4/w1" lan/eth0.20 "${vnic_mac[b1]}"
loses "a vNIC in source mode does not hear its list in another VLAN" "c2/a2" c4/w1 rx_vlan lan/eth0.10 "$A2"
ip -n c4 link set w1 type vnicx mode bridge vlan off
reaches "a vNIC that leaves its VLAN is in none" "c4/u1 host/eth0 lan/eth0" c4/w1 $everyone

ip -n c3 link set b1 type vnicx vlan 100 proto 802.1ad
reaches "a vNIC with an S-tag reaches a station with that tag" lan/eth0.100 c3/b1 "$LAN"
reaches "a station with an S-tag reaches a vNIC" c3/b1 lan/eth0.100 "${vnic_mac[b1]}"
batch_in lan "link add link eth0.100 name q5 type vlan id 5" "link set q5 addrgenmode none" "link set q5 up"
reaches "a C-tag passes inside the S-tag" lan/q5 -v 5 c3/b1 "$LAN"
batch_in c3 "link add link b1 name b1.5 type vlan id 5" "link set b1.5 addrgenmode none" "link set b1.5 up" \
	"address add 203.0.113.1/24 dev b1.5"
ip -n lan address add 203.0.113.2/24 dev q5
reaches "a VLAN device on a vNIC with an S-tag reaches its like on the wire" lan/q5 c3/b1.5 "$LAN"
reaches "a C-tag inside the S-tag reaches a VLAN device" c3/b1.5 lan/q5 "${vnic_mac[b1]}"
t "TCP of a C-tag inside an S-tag is whole" stream c3 lan 203.0.113.2

ip -n c2 link set a2 type vnicx vlan 10
refuses "VLAN 0" 'VLAN 0 is not 1 to 4094' c2 a2 vlan 0
refuses "VLAN 4095" 'VLAN 4095 is not 1 to 4094' c2 a2 vlan 4095
refuses "a native VLAN beside an access VLAN" 'native VLAN 5 and access VLAN are exclusive' c2 a2 vlan 11 native 5
ip -n host link add link eth0 name eth0.30 type vlan id 30
refuses "the VLAN of a VLAN device of the lower device" "VLAN 30 is eth0.30's, which takes its frames from the wire" \
	c2 a2 vlan 30
t_fails "a vNIC in the VLAN of a VLAN device is not made" "VLAN 30 is eth0.30's" \
	ip -n host link add link eth0 name v9 type vnicx vlan 30
t_fails "a VLAN device on an access vNIC is refused" 'a2 does not send and receive tags of VLAN 10' \
	ip -n c2 link add link a2 name a2.10 type vlan id 10
t "a bridge is made on an access vNIC" batch_in c2 "link add br0 type bridge" "link set a2 master br0"
ip -n c2 link delete br0

taps_setup
ip -n host link set ta type vnicxtap vlan 10
ip -n host link set tb type vnicxtap vlan 10
taps "a machine reaches another one of its VLAN" "0, 0, 70, 60 to $B 88b6 intact" \
	open a ta open b tb send a $B $A 88b6 60 recv b
taps "a machine's super-frame reaches another one of its VLAN" "0, 0, 3064, 3054 to $B 0800 gso 1448 csum 34+16 partial" \
	open a ta open b tb tcp a $B $A 3000 1448 recv b
ip -n host link set tb type vnicxtap vlan 20
taps "a machine does not reach one of another VLAN" "0, 0, 70, EAGAIN" \
	open a ta open b tb send a $B $A 88b6 60 recv b
t_is "a machine that is not reached counts it" 1 cause host/tb rx_vlan

batch_in host "link add dummy0 type dummy" "link set dummy0 up" \
	"link add link dummy0 name x1 netns c3 type vnicx mode passthru vlan 10"
up c3 x1 >/dev/null
loses "a passthru vNIC drops tagged frames" "" c3/x1 tx_vlan -v 10 c3/x1 $everyone

# A lower device that is a VLAN device, and may take a tag that a frame has for its own
station 5
batch_in lan "link add link eth0.5 name q10 type vlan id 10" "link set q10 addrgenmode none" "link set q10 up"
batch_in host "link add link eth0 name eth0.5 type vlan id 5" "link set eth0.5 addrgenmode none" "link set eth0.5 up" \
	"link add link eth0.5 name w5 netns c1 type vnicx" "link add link eth0.5 name h5 type vnicx"
up c1 w5 >/dev/null
up host h5 >/dev/null
batch_in c1 "link add link w5 name w5.10 type vlan id 10" "link set w5.10 addrgenmode none" "link set w5.10 up"
# strays WHOSE VNIC FRAMES-ARGUMENT...: the frame has a tag of VLAN 10 behind that of VLAN 5, or it is lost
strays() {
	local whose=$1 vnic=$2
	shift 2
	reaches "a tagged frame of $whose stays in the VLAN of the lower device" lan/q10 "$@" "$LAN"
	ip -n host link set eth0.5 type vlan reorder_hdr off
	loses "a tagged frame of $whose leaves by no VLAN device without reorder_hdr" "" "$vnic" tx_vlan "$@" "$LAN"
	ip -n host link set eth0.5 type vlan reorder_hdr on
}
strays "a vNIC in another namespace" c1/w5 -v 10 c1/w5
strays "a vNIC in its namespace" host/h5 -v 10 host/h5
strays "a VLAN device on a vNIC" c1/w5 c1/w5.10
ip -n host link set eth0.5 type vlan reorder_hdr off
loses "a priority tag leaves by no VLAN device without reorder_hdr" "" c1/w5 tx_vlan -v 0 c1/w5 "$LAN"
t "explain says that a tag leaves by no VLAN device without reorder_hdr" \
	shows "drop: tx_vlan" inside host vnicx explain h5 "$LAN" vlan 10
reaches "a frame without a tag leaves by a VLAN device without reorder_hdr" lan/eth0.5 c1/w5 "$LAN"
ip -n host link set h5 type vnicx vlan 10
loses "a vNIC's own VLAN is not beside that of a VLAN device without reorder_hdr" "" host/h5 tx_vlan host/h5 "$LAN"
ip -n host link set eth0.5 type vlan reorder_hdr on
