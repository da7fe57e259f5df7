#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# kernels: uml 6.1
#
# A trunk: a vNIC with the tags of some VLANs, and untagged frames in one, in none, or
# not at all; and a real bridge with VLAN filtering on the wire's other end.
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"
# shellcheck source=helpers/vlans.sh
. "${0%/*}/helpers/vlans.sh"

no_ipv6
lan_setup
for vid in 5 10 20 30; do
	station $vid
done
ns c1 c2 c3
vnic t1 c1 trunk 10,20-21 native 5
vnic t2 c2 trunk 10
vnic a1 c3 vlan 20
T1=${vnic_mac[t1]} A1=${vnic_mac[a1]} LAN=$(mac lan eth0)

# tagged NAMESPACE DEVICE VID NUMBER: a VLAN device
tagged() {
	batch_in "$1" "link add link $2 name $2.$3 type vlan id $3" "link set $2.$3 addrgenmode none" \
		"link set $2.$3 up" "address add 198.51.100.$4/24 dev $2.$3"
}
tagged c1 t1 20 101
tagged c1 t1 10 102

reaches "a trunk reaches a station of a VLAN of its list" lan/eth0.20 c1/t1.20 "$LAN"
reaches "a trunk reaches an access vNIC of a VLAN of its list" c3/a1 c1/t1.20 "$A1"
reaches "an access vNIC reaches a trunk with that VLAN" c1/t1.20 c3/a1 "$T1"
reaches "a station reaches a trunk in a VLAN of its list" c1/t1.20 lan/eth0.20 "$T1"
reaches "a broadcast of a trunk reaches those in the VLAN" "c3/a1 host/eth0 lan/eth0.20" c1/t1.20 $everyone
reaches "a broadcast of a VLAN on the wire reaches trunks with it" "c1/t1.10 c2/t2 host/eth0" lan/eth0.10 $everyone
reaches "a broadcast of a VLAN on the wire reaches no other trunk" "host/eth0" lan/eth0.30 $everyone
reaches "a tag in a trunk's frame itself is understood" lan/eth0.20 -v 20 c1/t1 "$LAN"
reaches "a tag in a trunk's frame past the queue is understood" lan/eth0.20 -b -v 20 c1/t1 "$LAN"
reaches "a tag in the frame itself is taken off at an access vNIC" c3/a1 -v 20 c1/t1 "$A1"
reaches "untagged frames of a trunk are in its native VLAN" lan/eth0.5 c1/t1 "$LAN"
reaches "a trunk's native VLAN is untagged there" c1/t1 lan/eth0.5 "$T1"
reaches "a priority tag is in the native VLAN" lan/eth0.5 -v 0 c1/t1 "$LAN"
t "TCP of a VLAN from a trunk to the wire is whole" stream c1 lan 198.51.100.20
t "TCP of a VLAN from the wire to a trunk is whole" stream lan c1 198.51.100.101
ip -n c3 address add 198.51.100.103/24 dev a1
t "TCP from a trunk to an access vNIC stays in super-frames" streams_in 1515-70000 c1 c3 198.51.100.103

loses "a frame of another VLAN is dropped" "" c1/t1 tx_vlan -v 30 c1/t1 "$LAN"
loses "a frame of another VLAN with one of the list inside is dropped" "" c1/t1 tx_vlan -v 30 -v 20 c1/t1 "$LAN"
loses "a tag behind a priority tag is dropped" "" c1/t1 tx_vlan -v 0 -v 30 c1/t1 "$LAN"
loses "a trunk without a native VLAN drops untagged frames" "" c2/t2 tx_vlan c2/t2 "$LAN"
loses "a frame of another VLAN from the wire is not the trunk's" host/eth0 c1/t1 rx_vlan lan/eth0.30 "$T1"
loses "a trunk without the VLAN is not there" lan/eth0.20 c2/t2 rx_vlan c1/t1.20 "${vnic_mac[t2]}"
t_fails "a VLAN device for a VLAN that is not on the list is refused" \
	't1 does not send and receive tags of VLAN 30' ip -n c1 link add link t1 name t1.30 type vlan id 30
t_fails "a VLAN device for the native VLAN is refused" \
	't1 does not send and receive tags of VLAN 5' ip -n c1 link add link t1 name t1.5 type vlan id 5
t_fails "a VLAN device with S-tags is refused" 'tags of VLAN 20' \
	ip -n c1 link add link t1 name t1.s type vlan id 20 protocol 802.1ad

ip -n c1 link set t1 type vnicx trunk 10,30 native untagged
reaches "untagged frames of a trunk may be in no VLAN" lan/eth0 c1/t1 "$LAN"
reaches "a trunk receives what is in no VLAN" c1/t1 lan/eth0 "$T1"
loses "a VLAN that was taken off the list is dropped" "" c1/t1 tx_vlan c1/t1.20 "$LAN"
reaches "a VLAN that was put on the list passes" lan/eth0.30 -v 30 c1/t1 "$LAN"
batch_in c1 "link set t1 down" "link set t1 up"
loses "after down and up, a VLAN that is not on the list is dropped" "" c1/t1 tx_vlan -v 21 c1/t1 "$LAN"

refuses "a trunk with 802.1ad" '802.1ad is for access only' c1 t1 trunk 10 proto 802.1ad
refuses "a trunk of VLAN 4095" 'VLAN 4095 is not 1 to 4094' c1 t1 trunk 10-4095
refuses "a range in the wrong order" 'VLANs 30-20 are in the wrong order' c1 t1 trunk 30-20
refuses "a native VLAN 4095" 'VLAN 4095 is not 1 to 4094' c1 t1 trunk 10 native 4095
refuses "a native VLAN 0" 'must be a VLAN, "none" or "untagged", not "0"' c1 t1 trunk 10 native 0
refuses "a list that is none" 'must be a list of VLANs' c1 t1 trunk 10,,20
tagged host eth0 40 1
refuses "a trunk with the VLAN of a VLAN device of the lower device" "VLAN 40 is eth0.40's" c1 t1 trunk 35-45

# A bridge with VLAN filtering, as a physical switch has: the wire is a trunk of 10 and
# 20, and the station out is in 20.
for vid in 5 10 20 30; do
	ip -n lan link delete eth0.$vid
done
ns out
ip -n lan link add name p0 type veth peer name eth0 netns out
batch_in lan "link add br0 type bridge vlan_filtering 1 vlan_default_pvid 0" "link set br0 addrgenmode none" \
	"link set p0 addrgenmode none" "link set eth0 master br0" "link set p0 master br0" "link set br0 up" "link set p0 up"
printf '%s\n' "vlan add dev eth0 vid 10" "vlan add dev eth0 vid 20" "vlan add dev p0 vid 20 pvid untagged" |
	bridge -n lan -batch -
up out eth0 >/dev/null
ip -n out address add 198.51.100.104/24 dev eth0
OUT=$(mac out eth0)
reaches "an access vNIC reaches an access port of a bridge" "out/eth0" c3/a1 "$OUT"
reaches "an access port of a bridge reaches an access vNIC" c3/a1 out/eth0 "$A1"
ip -n c1 link set t1 type vnicx trunk 10,20 native none
reaches "a trunk reaches an access port of a bridge" "out/eth0" c1/t1.20 "$OUT"
reaches "a bridge keeps another VLAN's frames" "" c1/t1.10 "$OUT"
t "TCP from an access vNIC to an access port of a bridge is whole" stream c3 out 198.51.100.104
t "TCP from an access port of a bridge to an access vNIC is whole" stream out c3 198.51.100.103
