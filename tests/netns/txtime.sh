#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A tenant's wish when its frames are to leave (SO_TXTIME) holds up no queue of the
# lower device's owner, neither on the way to the wire nor when the host forwards them.
# kernels: uml 6.1
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"

modprobe -qa sch_fq || :
no_ipv6
lan_setup
ns c1 away
vnic v1 c1
up host eth0 2 >/dev/null
ip -n host link add eth1 type veth peer name eth1 netns away
batch_in away "link set eth1 up" "address add 203.0.113.2/24 dev eth1"
batch_in host "link set eth1 up" "address add 203.0.113.1/24 dev eth1"
ip -n c1 route add 203.0.113.0/24 via 192.0.2.2
inside host sysctl -qw net.ipv4.ip_forward=1
tc -n host qdisc add dev eth0 root fq
tc -n host qdisc add dev eth1 root fq
# Neighbours are known before frames are counted.
pings c1 192.0.2.1 >/dev/null
pings c1 203.0.113.2 >/dev/null || :
pings host 203.0.113.2 >/dev/null

# waiting DEVICE: how many frames wait in its queue
waiting() {
	local shown
	shown=$(tc -n host -s qdisc show dev "$1")
	[[ $shown =~ backlog\ [0-9]+b\ ([0-9]+)p ]]
	echo "${BASH_REMATCH[1]}"
}

# datagrams NAMESPACE: how many came there, all for a port that nobody has
datagrams() {
	# shellcheck disable=SC2016 # awk's
	inside "$1" awk '/^Udp: [0-9]/ { print $3 }' /proc/net/snmp
}

# leaves NAMESPACE ADDRESS: a tenant's datagram to the address arrives there long
# before the time that it asks for
leaves() {
	local before
	before=$(datagrams "$1")
	txtime c1 "$2" 9
	until_ok 4 is_now $((before + 1)) datagrams "$1"
}

t "a tenant's frame to the LAN leaves at once, whatever time it asks for" leaves lan 192.0.2.1
t "a tenant's frame that the host forwards leaves at once" leaves away 203.0.113.2
txtime host 203.0.113.2 9
t "the host's own frame waits for the time it asks for" until_ok 4 is_now 1 waiting eth1
