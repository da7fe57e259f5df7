#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A frame from one vNIC to another stays in memory: the lower device never sees it.
# also: 6.12-rt
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"

no_ipv6
lan_setup
ns vm1 vm2 vm3
vnic v1 vm1
vnic v2 vm2
vnic v3 vm3 trust on
v1=${vnic_mac[v1]} v2=${vnic_mac[v2]} v3=${vnic_mac[v3]}
nobody=02:00:00:00:00:99

# stays_in_memory STREAM-ARGUMENT...: a watcher on the lower device sees none of it
stays_in_memory() {
	shows " 0" stream -x host "$@"
}

reaches "a frame from v1 to v2 reaches v2 only" vm2/v2 vm1/v1 "$v2"
reaches "a frame from v2 to v1 reaches v1 only" vm1/v1 vm2/v2 "$v1"
reaches "a frame from v1 to v3 reaches v3 only" vm3/v3 vm1/v1 "$v3"
reaches "200 frames arrive once each and in order" vm2/v2 vm1/v1 "$v2" -n 200
reaches "a frame to oneself goes nowhere" "" vm1/v1 "$v1"

# Pinging makes neighbours known: asking for them would be a broadcast.
t "two vNICs ping each other over IPv4" pings vm1 "$(ip4 v2)"
t "the lower device's counters stand still for TCP between vNICs" beside_lower stream vm1 vm2 "$(ip4 v2)"
t "TCP from v2 to v1 stays in memory" stays_in_memory vm2 vm1 "$(ip4 v1)"
t "UDP between vNICs stays in memory beside the lower device's counters" \
	beside_lower stays_in_memory -u -w 1400 -n 70000 vm1 vm2 "$(ip4 v2)"

for n in 1 2; do
	ip -n "vm$n" address add "$(ip6 "v$n")/64" dev "v$n" nodad
done
t "TCP over IPv6 between vNICs stays in memory" stays_in_memory vm1 vm2 "$(ip6 v2)"

ip -n vm2 link set v2 address 02:00:00:00:00:22
reaches "a vNIC's new address is received at once" vm2/v2 vm1/v1 02:00:00:00:00:22
reaches "frames to a vNIC's old address go to the wire" lan/eth0 vm1/v1 "$v2"
t "a vNIC with a new address pings another one" pings vm2 "$(ip4 v1)"

ip -n vm3 link set v3 down
reaches "frames to a vNIC that is down go to the wire" lan/eth0 vm1/v1 "$v3"
ip -n vm3 link set v3 up
reaches "a vNIC that is up again receives its frames" vm3/v3 vm1/v1 "$v3"

# A device upon the vNIC makes it receive one more address.
ip -n vm3 link add link v3 name upper address 02:00:00:00:00:33 type macvlan mode bridge
ip -n vm3 link set upper up
reaches "a further address of a vNIC is received from another vNIC" vm3/upper vm1/v1 02:00:00:00:00:33
reaches "a further address of a vNIC is received from the wire" vm3/upper lan/eth0 02:00:00:00:00:33
ip -n vm3 link delete upper
reaches "frames to a further address that is gone go to the wire" lan/eth0 vm1/v1 02:00:00:00:00:33

# Stations on the LAN have addresses that the switch does not know.
ip -n vm3 link set v3 promisc on
reaches "a promiscuous vNIC does not see what another sends to the LAN" lan/eth0 vm1/v1 "$nobody"
reaches "a promiscuous vNIC does not see what the host sends to the LAN" lan/eth0 host/eth0 "$nobody"
reaches "a promiscuous vNIC sees what the wire brings for nobody here" "host/eth0 vm3/v3" lan/eth0 "$nobody"
ip -n host link add link eth0 name v4 netns vm1 type vnicx flood on trust on
batch_in vm1 "link set v4 addrgenmode none" "link set v4 up"
reaches "flood on alone does not make a vNIC see unknown addresses" lan/eth0 vm2/v2 "$nobody"
ip -n vm1 link set v4 promisc on
reaches "a promiscuous vNIC with flood on sees what another sends to nobody here" \
	"lan/eth0 vm1/v4" vm2/v2 "$nobody"
reaches "a promiscuous vNIC with flood on sees what the host sends to nobody here" \
	"lan/eth0 vm1/v4" host/eth0 "$nobody"
reaches "flood on does not show what is for another vNIC" vm1/v1 vm2/v2 "$v1"
ip -n vm1 link set v4 type vnicx flood off
reaches "flood off ends what flood on shows" lan/eth0 vm2/v2 "$nobody"
batch_in vm1 "link set v4 type vnicx flood on" "link set v4 promisc off"
reaches "a vNIC with flood on that is no longer promiscuous sees nothing" lan/eth0 vm2/v2 "$nobody"
batch_in vm1 "link set v4 promisc on" "link delete v4"
reaches "nothing is flooded when the vNIC with flood on is gone" lan/eth0 vm2/v2 "$nobody"
