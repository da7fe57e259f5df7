#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# kernels: uml
#
# vnicx explain: what the switch would do with a frame, and why. tests/kunit/explain.c
# compares the answers with what becomes of the frames.
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"
# shellcheck source=helpers/container.sh
. "${0%/*}/helpers/container.sh"

M0=02:00:00:00:00:01 M1=02:00:00:00:00:02 M2=02:00:00:00:00:03 M3=02:00:00:00:00:04 M4=02:00:00:00:00:05
NOBODY=02:00:00:00:00:99 ALL=ff:ff:ff:ff:ff:ff
start_container
ns host blue red
silence host guest blue
batch_in host "link add eth0 type dummy" "link set eth0 up" \
	"link add link eth0 name v0 address $M0 up type vnicx vlan 5" \
	"link add link eth0 name v1 netns guest address $M1 type vnicx vlan 5 ipguard-in on" \
	"link add link eth0 name v2 netns blue address $M2 type vnicx vlan 6 max_tx_rate 80mbit" \
	"link add link eth0 name v3 address $M3 up type vnicx isolated on" \
	"link add link eth0 name v4 netns guest address $M4 type vnicx isolated on"
batch_in guest "link set v1 up" "link set v4 up"
batch_in blue "link set v2 up"

explain() {
	inside host vnicx explain "$@"
}
# asks WORD...: the answer, as class, VLAN, decision, reason, owner, receivers
asks() {
	explain -j "$@" | jq -r '[.class, .vlan // "-", .decision, .reason, .owner // "-", (.to | join(","))] | join(" ")'
}
counters() {
	inside host vnicx stats
	ip -n host -s -j link show | jq -c '.[].stats64'
}
counters >/tmp/before
t_is "a frame to a vNIC in the same VLAN goes to it" "unicast 5 port address v1 v1" asks v0 $M1
t_is "a frame to a vNIC in another VLAN goes to the wire" "unicast 5 on rx_vlan v2 wire" asks v0 $M2
t_is "a frame to an unknown address goes to the wire" "unicast 5 on unknown - wire" asks v0 $NOBODY
t_is "a frame to the sender itself is dropped as for another host" "unicast 5 drop otherhost v0 " asks v0 $M0
t_is "a frame to the host's address goes to it" "unicast 5 port address host host" \
	asks v0 "$(mac host eth0)"
t_is "a broadcast goes to the wire, the host, and the vNICs of its VLAN or of none" \
	"broadcast 5 flood group - wire,host,v3,v1,v4" asks v0 $ALL
t_is "LLDP goes to the wire" "link-local 5 on link-local - wire" asks v0 01:80:c2:00:00:0e
t_is "PAUSE is dropped as a protocol that vNICs may not send" \
	"mac-control 5 drop unhandled_proto - " asks v0 01:80:c2:00:00:01
t_is "a tag from a vNIC that may send none is dropped" "unicast - drop tx_vlan - " asks v0 $M1 vlan 7
t_is "a tag of a vNIC that may send all is its frame's VLAN" "unicast 6 port address v2 v2" asks v3 $M2 vlan 6
t_is "a frame between isolated vNICs is dropped" "unicast - drop tx_isolated v4 " asks v3 $M4
t_is "a forged source address of a tenant is dropped" "unicast 6 drop tx_spoofed - " asks v2 $NOBODY src $NOBODY
t_is "a forged source address of the administrator's own vNIC passes" \
	"unicast 5 port address v1 v1" asks v0 $M1 src $NOBODY
counters >/tmp/after
t "explanations count nothing and send nothing" diff /tmp/before /tmp/after

unasked() {
	explain -j "$@" | jq -c .unasked
}
t_is "an answer says that the sender's rate was not asked" '["tx"]' unasked v2 $NOBODY
t_is "an answer says that the receiver's guard was not asked" '["rx"]' unasked v0 $M1
ip -n host link set v0 type vnicx neigh_suppress on
t_is "an answer says that neigh_suppress was not asked" '["rx","neigh_suppress"]' unasked v0 $ALL
ip -n host link set v0 type vnicx neigh_suppress off
t_is "an answer in words has a line each for the frame, the decision, the owner, the receivers and the rest" \
	"v0 sends $M0 > $M1: unicast, VLAN 5
  port: address, a port has this address
  owner: v1
  to: v1 (1)
  not asked: guards, rates and programs of a receiver" explain v0 $M1
t_is "an answer in words is what docs/observability.md shows" \
	"v0 sends $M0 > $M2: unicast, VLAN 5
  on: rx_vlan, the vNIC with this address is not in this VLAN
  owner: v2
  to: wire (1)" explain v0 $M2

# States and modes
ip -n blue link set v2 down
t_is "a frame to a vNIC that is down goes to the wire" "unicast 6 on down v2 wire" asks v3 $M2 vlan 6
t_is "a frame of a vNIC that is down is dropped" "unicast 6 drop tx_down - " asks v2 $NOBODY
ip -n host link set v3 type vnicx mode vepa state enable
t_is "a frame of a vNIC in mode vepa goes to the wire" "unicast 5 on mode v1 wire" asks v3 $M1 vlan 5
ip -n host link set v3 type vnicx state disable
t_is "a frame of a disabled vNIC is dropped" "unicast - drop tx_disabled - " asks v3 $M1

# Refusals
t_fails "vnicx explain does not tell a tenant of the switch" \
	"^vnicx: the switch of v4 is another namespace's\.$" guest vnicx explain v4 $M3
t_fails "vnicx explain says that a vNIC does not exist" "^vnicx: no vNIC nonesuch\.$" \
	explain nonesuch $M1
batch_in host "link add link eth0 name twin netns blue address 02:00:00:00:00:11 type vnicx" \
	"link add link eth0 name twin netns red address 02:00:00:00:00:12 type vnicx"
t_fails "vnicx explain names the addresses of two vNICs of one name" \
	"^vnicx: more than one vNIC is called twin\. Give an address instead:
  02:00:00:00:00:1[12]
  02:00:00:00:00:1[12]$" explain twin $M1
t_is "vnicx explain tells two vNICs of one name apart by the address" 02:00:00:00:00:12 \
	eval 'explain -j 02:00:00:00:00:12 ff:ff:ff:ff:ff:ff | jq -r .source'
batch_in host "link add eth1 type dummy" "link add link eth1 name other netns red address $M0 type vnicx"
t_fails "vnicx explain names the lower devices of two vNICs of one address" \
	"^vnicx: more than one vNIC has the address $M0\. Add one of:
  link eth[01]
  link eth[01]$" explain $M0 $M1
ports() {
	explain -j "$@" | jq -r '[.port, .decision, .reason] | join(" ")'
}
t_is "vnicx explain tells two vNICs of one address apart by the lower device eth0" "v0 port address" \
	ports $M0 $M1 link eth0
t_is "vnicx explain tells two vNICs of one address apart by the lower device eth1" "other drop tx_down" \
	ports $M0 $M1 link eth1
t_fails "vnicx explain finds no vNIC of a name over another lower device" "^vnicx: no vNIC v0\.$" \
	explain v0 $M1 link eth1
t_fails "vnicx explain says that a lower device does not exist" "^vnicx: no device eth9\.$" \
	explain v0 $M1 link eth9
t_fails "vnicx explain refuses a lower device without a name" '^vnicx: no device after "link"' \
	vnicx explain v0 $M1 link
t_fails "vnicx explain says that no vNIC has an address" "^vnicx: no vNIC $NOBODY\.$" explain $NOBODY $M1
t_fails "vnicx explain says that a name is a lower device's" \
	"^vnicx: eth0 is a lower device: name a vNIC over it\.$" explain eth0 $M1
t_fails "vnicx explain says that a capability is missing" \
	"^vnicx: this needs CAP_NET_ADMIN over the network namespace\.$" \
	inside host setpriv --bounding-set -net_admin --inh-caps -net_admin vnicx explain v0 $M1
t_fails "vnicx explain refuses an address that is none" '^vnicx: invalid address "02:00:00:00:00:0g"' \
	explain v0 02:00:00:00:00:0g
t_fails "vnicx explain refuses VLAN 4095" '^vnicx: invalid VLAN "4095"' vnicx explain v0 $M1 vlan 4095
t_fails "vnicx explain refuses a VLAN without a number" '^vnicx: invalid VLAN ""' vnicx explain v0 $M1 vlan
t_fails "vnicx explain refuses a third address" "^vnicx: unexpected argument \"$M2\"" \
	explain v0 $M1 $M2
t_fails "vnicx explain refuses a vNIC without an address" \
	'^vnicx: explain wants VNIC MAC after "explain"' vnicx explain v0
end_container
