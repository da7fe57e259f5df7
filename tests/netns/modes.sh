#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Whom a vNIC reaches, and by what way, is its mode: in memory (bridge), by a
# wire that may send it back (vepa), or by the wire and no vNIC (private).
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"

everyone=ff:ff:ff:ff:ff:ff group=01:00:5e:01:02:03

# mode DEVICE MODE
mode() {
	ip -n vm link set "$1" type vnicx mode "$2"
}

# mode_is DEVICE MODE
mode_is() {
	shows " mode $2 " ip -n vm -d link show "$1"
}

no_ipv6
lan_setup
ns vm
vnic b1 vm
vnic b2 vm mode bridge
vnic e1 vm mode vepa
vnic e2 vm mode vepa
vnic p1 vm mode private
vnic p2 vm mode private
# of the group's address
batch_in vm "address add 239.1.2.3/32 dev "{b2,e1,e2,p2}" autojoin"
b1=${vnic_mac[b1]} b2=${vnic_mac[b2]} e1=${vnic_mac[e1]} e2=${vnic_mac[e2]}
p1=${vnic_mac[p1]} p2=${vnic_mac[p2]} host=$(mac host eth0)

t "a vNIC is in bridge mode unless told otherwise" mode_is b1 bridge

# The wire sends nothing back.
reaches "bridge reaches bridge in memory" vm/b2 vm/b1 "$b2"
reaches "and the host" host/eth0 vm/b1 "$host"
reaches "but vepa not without the wire's help" lan/eth0 vm/b1 "$e1"
reaches "nor private" lan/eth0 vm/b1 "$p1"
reaches "all that vepa sends goes to the wire" lan/eth0 vm/e1 "$b1"
reaches "also what is for another vepa" lan/eth0 vm/e1 "$e2"
reaches "or for the host" lan/eth0 vm/e1 "$host"
reaches "likewise private" lan/eth0 vm/p1 "$b1"
reaches "for another private" lan/eth0 vm/p1 "$p2"
reaches "and for the host" lan/eth0 vm/p1 "$host"
reaches "the host reaches bridge in memory" vm/b1 host/eth0 "$b1"
reaches "but vepa not" lan/eth0 host/eth0 "$e1"
reaches "nor private" lan/eth0 host/eth0 "$p1"
reaches "the wire reaches bridge" vm/b1 lan/eth0 "$b1"
reaches "and vepa" vm/e1 lan/eth0 "$e1"
reaches "and private" vm/p1 lan/eth0 "$p1"

reaches "a broadcast from bridge is for bridge, the host and the wire" \
	"host/eth0 lan/eth0 vm/b2" vm/b1 $everyone
reaches "likewise a multicast" "host/eth0 lan/eth0 vm/b2" vm/b1 $group
reaches "a broadcast from vepa is for the wire alone" lan/eth0 vm/e1 $everyone
reaches "likewise a multicast from private" lan/eth0 vm/p1 $group
reaches "a broadcast of the host is for bridge and the wire" "lan/eth0 vm/b1 vm/b2" \
	host/eth0 $everyone
reaches "one from the wire is for everybody" \
	"host/eth0 vm/b1 vm/b2 vm/e1 vm/e2 vm/p1 vm/p2" lan/eth0 $everyone
reaches "likewise a multicast, for whoever joined" \
	"host/eth0 vm/b2 vm/e1 vm/e2 vm/p2" lan/eth0 $group

lan_reflects
reaches "by a wire that sends back, vepa reaches vepa" "lan/eth0 vm/e2" vm/e1 "$e2"
reaches "and bridge" "lan/eth0 vm/b1" vm/e1 "$b1"
reaches "and the host" "host/eth0 lan/eth0" vm/e1 "$host"
reaches "many arrive in order" "lan/eth0 vm/e2" vm/e1 "$e2" -n 100
reaches "and bridge reaches vepa" "lan/eth0 vm/e1" vm/b1 "$e1"
reaches "the host reaches vepa" "lan/eth0 vm/e1" host/eth0 "$e1"
reaches "and private" "lan/eth0 vm/p1" host/eth0 "$p1"
reaches "bridge still reaches bridge in memory" vm/b2 vm/b1 "$b2"
reaches "private does not reach private" lan/eth0 vm/p1 "$p2"
reaches "nor bridge" lan/eth0 vm/p1 "$b1"
reaches "nor vepa" lan/eth0 vm/p1 "$e1"
reaches "and is not reached by bridge" lan/eth0 vm/b1 "$p1"
reaches "nor by vepa" lan/eth0 vm/e1 "$p1"
reaches "a broadcast from vepa comes back to all but itself and private" \
	"host/eth0 lan/eth0 vm/b1 vm/b2 vm/e2" vm/e1 $everyone
reaches "likewise a multicast" "host/eth0 lan/eth0 vm/b2 vm/e2" vm/e1 $group
reaches "one from private comes back to no other vNIC" "host/eth0 lan/eth0 vm/p1" \
	vm/p1 $everyone
reaches "likewise a multicast" "host/eth0 lan/eth0 vm/p2" vm/p2 $group
reaches "one of the host comes to bridge once, to vepa and private by the wire" \
	"host/eth0 lan/eth0 vm/b1 vm/b2 vm/e1 vm/e2 vm/p1 vm/p2" host/eth0 $everyone
lan_absorbs

t "bridge can become vepa" mode b2 vepa
t "which is shown" mode_is b2 vepa
reaches "at once it is not reached in memory" lan/eth0 vm/b1 "$b2"
reaches "nor by a broadcast" "host/eth0 lan/eth0" vm/b1 $everyone
reaches "and sends to the wire" lan/eth0 vm/b2 "$b1"
t "vepa can become private" mode b2 private
reaches "which sends to the wire" lan/eth0 vm/b2 "$b1"
lan_reflects
reaches "and is not reached by it" lan/eth0 vm/e1 "$b2"
t "private can become vepa" mode b2 vepa
reaches "and is reached by the wire" "lan/eth0 vm/b2" vm/e1 "$b2"
lan_absorbs
t "and bridge again" mode b2 bridge
reaches "which is reached in memory" vm/b2 vm/b1 "$b2"

t_fails "passthru cannot be entered" "passthru mode can be neither entered nor left" mode b2 passthru
t "the vNIC stays what it was" mode_is b2 bridge
t_fails "an option that does not fit the mode is refused" \
	"only a vNIC in source mode has a list of sources" \
	ip -n vm link set b2 type vnicx mode vepa macaddr flush
t "and the mode with it" mode_is b2 bridge
