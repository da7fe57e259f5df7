#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Real programs behind guards: a DHCP server and a router in a container that nobody
# asked for, which their neighbours do not get.
# kernels: uml
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

# ipguard dhcp: the vNIC speaks as what a server gives it, wherever servers may be.
serve() {
	inside "$1" dnsmasq --conf-file=/dev/null --port=0 --interface="$2" --bind-interfaces --user=root \
		--pid-file=/tmp/server.pid --leasefile-ro --log-facility=/tmp/server.log --no-ping \
		--dhcp-range=192.0.2.160,192.0.2.190,1h
}

stop_serving() {
	local pid
	pid=$(cat /tmp/server.pid)
	kill "$pid"
	until_ok 5 eval "! kill -0 $pid 2>/dev/null"
}

# leased NAMESPACE/DEVICE WHERE: a guarded vNIC has a lease of the server there
leased() {
	ip -n c3 address flush dev v4 scope global
	batch_in c3 "link set v4 type vnicx ipguard off"
	batch_in c3 "link set v4 type vnicx clean-traffic ipguard-in on"
	serve "${1%/*}" "${1#*/}"
	t "a guarded vNIC gets a lease of a server $2" lease 5
	t "a guarded vNIC reaches others as its lease of a server $2" pings c3 "$(ip4 v2)"
	ip -n c3 address add 192.0.2.99/24 dev v4
	t_fails "a guarded vNIC with a lease of a server $2 reaches nobody as another address" "." \
		inside c3 ping -q -c 1 -W 1 -I 192.0.2.99 "$(ip4 v2)"
	stop_serving
}

kill "$(cat /tmp/rogue.pid)"
ns c2
vnic v2 c2 dhcp-trust on
up host eth0 2 >/dev/null
leased lan/eth0 "on the wire"
leased host/eth0 "on the host"
leased c2/v2 "in a vNIC with dhcp-trust"
ip -n c2 link set v2 type vnicx dhcp-trust off
serve c2 v2
ip -n c3 address flush dev v4 scope global
batch_in c3 "link set v4 type vnicx ipguard off"
batch_in c3 "link set v4 type vnicx ipguard dhcp"
t "a guarded vNIC gets an offer of a server in a vNIC without dhcp-trust, too" lease 5
t_fails "a guarded vNIC may not use what a server without dhcp-trust gives" "." \
	inside c3 ping -q -c 1 -W 1 "$(ip4 v2)"
stop_serving

# Link-local addresses of all sorts
inside c3 sysctl -qw net.ipv6.conf.v4.stable_secret=2001:db8::5:1
for mode in eui64 random stable_secret; do
	batch_in c3 "link set v4 down" "link set v4 addrgenmode $mode" "link set v4 up"
	t "a guarded vNIC reaches the LAN by a link-local address of sort $mode" \
		until_ok 20 inside c3 ping -q -c 1 -W 1 -I v4 ff02::1
done
