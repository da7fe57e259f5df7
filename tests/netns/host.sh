#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The lower device's own stack, the host, is a port of the switch: it and the vNICs
# reach each other in memory, unless it is taken off the switch.
# kernels: uml 6.1 6.12
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"

everyone=ff:ff:ff:ff:ff:ff group=01:00:5e:01:02:03

lan_with vm1 vm2
up host eth0 2 >/dev/null
batch_in vm2 "address add 239.1.2.3/32 dev v2 autojoin"
heed vm2 v2
v1=${vnic_mac[v1]} host=$(mac host eth0)
host4=192.0.2.2 host6=2001:db8::2

# host on|off: by way of one vNIC, for all of them
host() {
	ip -n vm1 link set v1 type vnicx host "$1"
}

host_is() {
	shows " host $1 " ip -n vm2 -d link show v2
}

# stays_in_memory STREAM-ARGUMENT...: who watches the wire's other end sees none
stays_in_memory() {
	shows " 0" stream -x lan "$@"
}

t "the host is on the switch unless told otherwise" host_is on
reaches "a frame to the lower device's address reaches the host only" \
	host/eth0 vm1/v1 "$host"
reaches "a frame of the host to a vNIC reaches that vNIC only" vm1/v1 host/eth0 "$v1"
reaches "200 frames to the host arrive once each and in order" host/eth0 vm1/v1 "$host" -n 200
reaches "200 frames from the host arrive once each and in order" vm1/v1 host/eth0 "$v1" -n 200
reaches "a frame of the host to an unknown address goes to the wire" lan/eth0 \
	host/eth0 02:00:00:00:00:99
reaches "the host's broadcast reaches every vNIC and the wire once" \
	"lan/eth0 vm1/v1 vm2/v2" host/eth0 $everyone
reaches "100 broadcasts of the host arrive in order" "lan/eth0 vm1/v1 vm2/v2" host/eth0 $everyone -n 100
reaches "the host's multicast reaches its members and the wire" "lan/eth0 vm2/v2" host/eth0 $group
reaches "a vNIC's broadcast reaches the host, vNICs and the wire once" \
	"host/eth0 lan/eth0 vm2/v2" vm1/v1 $everyone
reaches "a vNIC's multicast reaches the host, its members and the wire once" \
	"host/eth0 lan/eth0 vm2/v2" vm1/v1 $group

t "a vNIC pings the host" pings vm1 $host4
t "the host pings a vNIC" pings host "$(ip4 v2)"
t "a vNIC finds the host by IPv6 neighbour discovery" pings vm1 $host6
t "the host finds a vNIC by IPv6 neighbour discovery" pings host "$(ip6 v2)"
t "the host answers a vNIC's ARP request" inside vm1 arping -q -f -w 3 -I v1 $host4
t "a vNIC answers the host's ARP request" inside host arping -q -f -w 3 -I eth0 "$(ip4 v1)"
t "the host knows a vNIC by the vNIC's address" \
	shows "lladdr $v1" ip -n host neighbour get "$(ip4 v1)" dev eth0

t "TCP to the host over IPv4 stays in memory" stays_in_memory vm1 host $host4
t "TCP from the host over IPv4 stays in memory" stays_in_memory host vm1 "$(ip4 v1)"
t "TCP to the host over IPv6 stays in memory" stays_in_memory vm1 host $host6
t "TCP from the host over IPv6 stays in memory" stays_in_memory host vm1 "$(ip6 v1)"
t "UDP to the host stays in memory" stays_in_memory -u -w 1400 -n 70000 vm1 host $host4
t "UDP from the host stays in memory" stays_in_memory -u -w 1400 -n 70000 host vm1 "$(ip4 v1)"
t "TCP arrives in super-frames at the host" streams_in 1515-70000 vm1 host $host4
t "TCP from the host arrives in super-frames at a vNIC" streams_in 1515-70000 host vm1 "$(ip4 v1)"
inside host ethtool -K eth0 tso off gso off tx off sg off >/dev/null
t "TCP from the host stays in memory without the lower device's offloads" stays_in_memory host vm1 "$(ip4 v1)"
t "TCP to the host stays in memory without the lower device's offloads" stays_in_memory vm1 host $host4
for to in $(ip4 v1) $(ip6 v1); do
	t "UDP super-frames to $to are whole without the lower device's checksums" \
		stays_in_memory -u -w 1200 -c 20 -n 70000 host vm1 "$to"
done
for to in 239.1.2.3 ff05::123; do
	t_is "multicast super-frames to $to are whole without the lower device's checksums" \
		"lan/eth0 vm1/v1 vm2/v2" \
		mcast -c -n 20 -l 1200 host/eth0 $to lan/eth0 vm1/v1 vm2/v2
done
inside host ethtool -K eth0 tx on sg on tso on gso on >/dev/null
t "TCP from the host to the wire is whole" stream host lan 192.0.2.1
t "TCP from the wire to the host is whole" stream lan host $host4

batch_in host "link add link eth0 name eth0.5 type vlan id 5" "link set eth0.5 up"
batch_in vm1 "link add link v1 name v1.5 type vlan id 5" "link set v1.5 up"
reaches "the host reaches a vNIC in a VLAN" vm1/v1.5 host/eth0.5 "$v1"
reaches "a vNIC reaches the host in a VLAN" host/eth0.5 vm1/v1.5 "$host"

ip -n host link set eth0 address 02:00:00:00:00:e9
reaches "the host receives frames to the lower device's new address at once" host/eth0 vm1/v1 02:00:00:00:00:e9
reaches "frames to the lower device's old address go to the wire" lan/eth0 vm1/v1 "$host"
ip -n host link set eth0 address "$host"

t_fails "a vNIC that joins others does not take the host off their switch" \
	"host is on for the vNICs of eth0: change it at one of them" \
	ip -n host link add link eth0 name v3 type vnicx host off
ip -n host link add eth1 type dummy
t_fails "rtnetlink gives a new vNIC up when lo does not take it as a port" "not supported" \
	ip -n host link add link eth0 name v3 master lo type vnicx host on
t_fails "rtnetlink gives the first vNIC of a lower device up when lo does not take it as a port" \
	"not supported" \
	ip -n host link add link eth1 name w1 master lo type vnicx host off
t "a vNIC that is not created leaves the host on the switch" host_is on
ip -n host link add link eth1 name w1 type vnicx
t "the host is on the next switch after one with the host off" \
	shows " host on " ip -n host -d link show w1
ip -n host link delete w1

t "the host can be taken off the switch" host off
t "every vNIC shows that the host is off the switch" host_is off
reaches "a frame to the host goes to the wire when the host is off the switch" lan/eth0 vm1/v1 "$host"
reaches "a frame of the host to a vNIC goes to the wire when the host is off the switch" \
	lan/eth0 host/eth0 "$v1"
reaches "the host's broadcast reaches the wire only when the host is off the switch" \
	lan/eth0 host/eth0 $everyone
reaches "a vNIC's broadcast does not reach the host off the switch" "lan/eth0 vm2/v2" vm1/v1 $everyone
reaches "the wire's broadcast reaches the host off the switch" "host/eth0 vm1/v1 vm2/v2" lan/eth0 $everyone
t_fails "a vNIC does not ping the host off the switch" "100% packet loss" inside vm1 ping -q -c 1 -W 1 $host4
lan_reflects
reaches "a frame to the host off the switch comes by a wire that sends back" "host/eth0 lan/eth0" \
	vm1/v1 "$host"
lan_absorbs
t_fails "a vNIC that joins others does not put the host on their switch" \
	"host is off for the vNICs of eth0: change it at one of them" \
	ip -n host link add link eth0 name v3 type vnicx host on
t "a vNIC that joins others can repeat the setting of the host" \
	batch_in host "link add link eth0 name v3 type vnicx host off" "link delete v3"
t "the host can be put on the switch again" host on
t "every vNIC shows that the host is on the switch again" host_is on
reaches "a frame to the host on the switch again stays in memory" host/eth0 vm1/v1 "$host"
t "a vNIC pings the host that is on the switch again" pings vm1 $host4
