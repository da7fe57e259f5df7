#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# kernels: uml 6.1
#
# A vNIC's mode says whom it reaches and by what way: in memory (bridge), by a
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
heed vm b2 e1 e2 p2
b1=${vnic_mac[b1]} b2=${vnic_mac[b2]} e1=${vnic_mac[e1]} e2=${vnic_mac[e2]}
p1=${vnic_mac[p1]} p2=${vnic_mac[p2]} host=$(mac host eth0)

t "a vNIC is in bridge mode unless told otherwise" mode_is b1 bridge

# The wire sends nothing back.
reaches "bridge reaches bridge in memory while the wire absorbs" vm/b2 vm/b1 "$b2"
reaches "bridge reaches the host in memory" host/eth0 vm/b1 "$host"
reaches "bridge's frame to vepa goes to the wire" lan/eth0 vm/b1 "$e1"
reaches "bridge's frame to private goes to the wire" lan/eth0 vm/b1 "$p1"
reaches "vepa's frame to bridge goes to the wire" lan/eth0 vm/e1 "$b1"
reaches "vepa's frame to vepa goes to the wire" lan/eth0 vm/e1 "$e2"
reaches "vepa's frame to the host goes to the wire" lan/eth0 vm/e1 "$host"
reaches "private's frame to bridge goes to the wire" lan/eth0 vm/p1 "$b1"
reaches "private's frame to private goes to the wire" lan/eth0 vm/p1 "$p2"
reaches "private's frame to the host goes to the wire" lan/eth0 vm/p1 "$host"
reaches "the host reaches bridge in memory" vm/b1 host/eth0 "$b1"
reaches "the host's frame to vepa goes to the wire" lan/eth0 host/eth0 "$e1"
reaches "the host's frame to private goes to the wire" lan/eth0 host/eth0 "$p1"
reaches "the wire reaches bridge" vm/b1 lan/eth0 "$b1"
reaches "the wire reaches vepa" vm/e1 lan/eth0 "$e1"
reaches "the wire reaches private" vm/p1 lan/eth0 "$p1"

reaches "bridge's broadcast reaches bridge, the host and the wire" \
	"host/eth0 lan/eth0 vm/b2" vm/b1 $everyone
reaches "bridge's multicast reaches bridge, the host and the wire" "host/eth0 lan/eth0 vm/b2" vm/b1 $group
reaches "vepa's broadcast reaches the wire only" lan/eth0 vm/e1 $everyone
reaches "private's multicast reaches the wire only" lan/eth0 vm/p1 $group
reaches "the host's broadcast reaches bridge and the wire" "lan/eth0 vm/b1 vm/b2" \
	host/eth0 $everyone
reaches "the wire's broadcast reaches everybody" \
	"host/eth0 vm/b1 vm/b2 vm/e1 vm/e2 vm/p1 vm/p2" lan/eth0 $everyone
reaches "the wire's multicast reaches its members in every mode" \
	"host/eth0 vm/b2 vm/e1 vm/e2 vm/p2" lan/eth0 $group

lan_reflects
reaches "vepa reaches vepa by a wire that sends back" "lan/eth0 vm/e2" vm/e1 "$e2"
reaches "vepa reaches bridge by a wire that sends back" "lan/eth0 vm/b1" vm/e1 "$b1"
reaches "vepa reaches the host by a wire that sends back" "host/eth0 lan/eth0" vm/e1 "$host"
reaches "100 frames of vepa arrive in order by a wire that sends back" "lan/eth0 vm/e2" vm/e1 "$e2" -n 100
reaches "bridge reaches vepa by a wire that sends back" "lan/eth0 vm/e1" vm/b1 "$e1"
reaches "the host reaches vepa by a wire that sends back" "lan/eth0 vm/e1" host/eth0 "$e1"
reaches "the host reaches private by a wire that sends back" "lan/eth0 vm/p1" host/eth0 "$p1"
reaches "bridge reaches bridge in memory while the wire sends back" vm/b2 vm/b1 "$b2"
reaches "private does not reach private by a wire that sends back" lan/eth0 vm/p1 "$p2"
reaches "private does not reach bridge by a wire that sends back" lan/eth0 vm/p1 "$b1"
reaches "private does not reach vepa by a wire that sends back" lan/eth0 vm/p1 "$e1"
reaches "bridge does not reach private by a wire that sends back" lan/eth0 vm/b1 "$p1"
reaches "vepa does not reach private by a wire that sends back" lan/eth0 vm/e1 "$p1"
reaches "vepa's broadcast comes back to all but itself and private" \
	"host/eth0 lan/eth0 vm/b1 vm/b2 vm/e2" vm/e1 $everyone
reaches "vepa's multicast comes back to its members but private" "host/eth0 lan/eth0 vm/b2 vm/e2" vm/e1 $group
reaches "private's broadcast comes back to no other vNIC" "host/eth0 lan/eth0 vm/p1" \
	vm/p1 $everyone
reaches "private's multicast comes back to no other vNIC" "host/eth0 lan/eth0 vm/p2" vm/p2 $group
reaches "the host's broadcast reaches bridge once, vepa and private by the wire" \
	"host/eth0 lan/eth0 vm/b1 vm/b2 vm/e1 vm/e2 vm/p1 vm/p2" host/eth0 $everyone
lan_absorbs

t "bridge can become vepa" mode b2 vepa
t "a vNIC that became vepa is shown in vepa mode" mode_is b2 vepa
reaches "bridge does not reach a vNIC that became vepa in memory" lan/eth0 vm/b1 "$b2"
reaches "bridge's broadcast does not reach a vNIC that became vepa" "host/eth0 lan/eth0" vm/b1 $everyone
reaches "a vNIC that became vepa sends to the wire" lan/eth0 vm/b2 "$b1"
t "vepa can become private" mode b2 private
reaches "a vNIC that became private sends to the wire" lan/eth0 vm/b2 "$b1"
lan_reflects
reaches "vepa does not reach a vNIC that became private" lan/eth0 vm/e1 "$b2"
t "private can become vepa" mode b2 vepa
reaches "vepa reaches a vNIC that became vepa again" "lan/eth0 vm/b2" vm/e1 "$b2"
lan_absorbs
t "vepa can become bridge" mode b2 bridge
reaches "bridge reaches a vNIC that became bridge again in memory" vm/b2 vm/b1 "$b2"

t_fails "passthru cannot be entered" "passthru mode can be neither entered nor left" mode b2 passthru
t "a vNIC that cannot enter passthru stays in bridge mode" mode_is b2 bridge
t_fails "an option that does not fit the mode is refused" \
	"only a vNIC in source mode has a list of sources" \
	ip -n vm link set b2 type vnicx mode vepa macaddr flush
t "a refused option leaves the vNIC in bridge mode" mode_is b2 bridge
t_fails "nodst is refused in bridge mode" "nodst is for source mode only" ip -n vm link set b2 type vnicx nodst on
t_fails "nopromisc is refused in bridge mode" "nopromisc is for passthru mode only" ip -n vm link set b2 type vnicx nopromisc on
