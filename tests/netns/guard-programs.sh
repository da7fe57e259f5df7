#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Real programs behind guards: a DHCP server and a router in a container that nobody
# asked for, which their neighbours do not get.
# kernels: uml 6.1
# timeout: 300
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"

lease() {
	inside c3 busybox udhcpc -f -n -q -t "$1" -T 1 -A 1 -i v4 -s "$VNICX_STAGE/tests/guest/lease.sh"
}

# How many routes the neighbour has by router advertisements
routes() {
	ip -n c3 -6 route show dev v4 proto ra | wc -l
}

# differ_from VALUE COMMAND...
differ_from() {
	differ "$1" "$("${@:2}")"
}

lan_setup
ns c1 c3
vnic v1 c1 raguard on dhcpguard on
ip -n host link add link eth0 name v4 netns c3 type vnicx
ip -n c3 link set v4 up
inside c1 sysctl -qw net.ipv6.conf.all.forwarding=1
inside c1 dnsmasq --conf-file=/dev/null --port=0 --interface=v1 --bind-interfaces --user=root \
	--pid-file=/tmp/rogue.pid --leasefile-ro --log-facility=/tmp/rogue.log --no-ping \
	--dhcp-range=192.0.2.100,192.0.2.150,1h --enable-ra --dhcp-range=2001:db8::,ra-only,64,1h
t_fails "a neighbour gets no lease of a DHCP server behind dhcpguard" "no lease" lease 2
t "the offers of a DHCP server behind dhcpguard are counted" differ 0 "$(own_counter c1 v1 tx_guarded_dhcp)"
t "the advertisements of a router behind raguard are counted" \
	until_ok 10 differ_from 0 own_counter c1 v1 tx_guarded_ra
t_is "a neighbour learns nothing of a router behind raguard" 0 routes
ip -n c1 link set v1 type vnicx raguard off dhcpguard off
t "a neighbour gets a lease without dhcpguard" lease 5
batch_in c3 "link set v4 down" "link set v4 up"
t "a neighbour learns a router without raguard" until_ok 20 differ_from 0 routes
