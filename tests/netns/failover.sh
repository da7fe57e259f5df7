#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# kernels: uml 6.1
#
# Over a bond of two wires to one switch, a vNIC survives the loss of a wire, and
# the switch learns of it at once, without a word from the vNIC's user.
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"

# learned ADDRESS: the port by which the switch reaches it
learned() {
	local line
	line=$(bridge -n lan fdb get "$1" br switch)
	line=${line#*dev }
	echo "${line%% *}"
}

# joined: the ports behind which it believes members of 239.1.2.3
joined() {
	bridge -n lan -j mdb show | jq -r '[.[].mdb[] | select(.grp == "239.1.2.3") | .port] | join(" ")'
}

no_ipv6
ns host lan vm
batch "link add eth0 netns host type veth peer name port0 netns lan" \
	"link add eth1 netns host type veth peer name port1 netns lan"
batch_in lan "link add switch type bridge mcast_snooping 1 mcast_querier 1" \
	"link set port0 master switch up" "link set port1 master switch up" \
	"link set switch up" "address add 192.0.2.1/24 dev switch"
batch_in host "link add bond type bond mode active-backup miimon 50 num_grat_arp 1" \
	"link set eth0 master bond" "link set eth1 master bond" "link set bond up"
ip -n host link set bond type bond active_slave eth0
ip -n host link add link bond name v1 netns vm type vnicx
up vm v1 11 >/dev/null
ip -n vm address add 239.1.2.3/32 dev v1 autojoin
heed vm v1
ip -n host address add 192.0.2.2/24 dev bond
v1=$(mac vm v1)

t "a vNIC over a bond pings the wire" until_ok 5 pings vm 192.0.2.1
t "a vNIC over a bond pings the host" pings vm 192.0.2.2
t_is "the switch knows the vNIC by the first wire" port0 learned "$v1"
t "the switch knows the vNIC's group by the first wire" until_ok 5 is_now port0 joined

ip -n lan link set port0 down
t "the switch knows the vNIC by the second wire when the first is lost" until_ok 5 is_now port1 learned "$v1"
t "the switch knows the vNIC's group by the second wire" until_ok 5 is_now port1 joined
t "the vNIC pings the wire by the second wire" pings vm 192.0.2.1
t "the LAN pings the vNIC by the second wire" pings lan 192.0.2.11
t "the vNIC pings the host after the first wire is lost" pings vm 192.0.2.2
t "TCP from the vNIC by the second wire is whole" stream vm lan 192.0.2.1
t_is "the vNIC keeps its carrier" 1 inside vm cat /sys/class/net/v1/carrier

ip -n lan link set port1 down
t "the vNIC has no carrier without any wire" until_ok 5 is_now 0 inside vm cat /sys/class/net/v1/carrier
ip -n lan link set port0 up
t "the vNIC has carrier when the first wire is back" until_ok 5 is_now 1 inside vm cat /sys/class/net/v1/carrier
t "the vNIC pings the wire by the first wire" until_ok 5 pings vm 192.0.2.1
t_is "the switch knows the vNIC by the first wire that is back" port0 learned "$v1"

ip -n lan link set port1 up
# A bond may use a wire before the switch does.
until_ok 5 is_now 3 inside lan cat /sys/class/net/port1/brport/state
t "the bond's owner can choose the second wire" until_ok 5 ip -n host link set bond type bond active_slave eth1
t "the switch knows the vNIC by the chosen wire" until_ok 5 is_now port1 learned "$v1"
t "a wire can be taken out of the bond" ip -n host link set eth1 nomaster
t "the vNIC pings the wire when a wire was taken out" until_ok 5 pings vm 192.0.2.1

[ -e /dev/net/tun ] || modprobe tun
batch_in host "link set eth0 nomaster" "tuntap add tun0 mode tun"
t_fails "a bond with a vNIC becomes nothing else than Ethernet" "busy" \
	ip -n host link set tun0 master bond
ip -n host link delete tun0
t "a bond with a vNIC takes a wire again" batch_in host "link set eth0 down" "link set eth0 master bond"
t "the vNIC pings the wire by the wire that was taken again" until_ok 5 pings vm 192.0.2.1
ip -n host link delete bond
t_fails "a deleted bond takes its vNIC along" "does not exist|Cannot find device" ip -n vm link show v1
