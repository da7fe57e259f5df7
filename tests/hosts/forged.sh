#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A container on the overlay that forges addresses of other hosts and of the gateway, with
# and without learning on the bridge's port; ARP and neighbour discovery that stay in the
# host, from the addresses that its vNICs may use.
# timeout: 300
# shellcheck source=fabric.sh
. "${0%/*}/fabric.sh"

gateway=$(mac_of 1) victim=$(mac_of 21)
untrusted="vNIC is not trusted: its addresses are the administrator's"

# forges ADDRESS: a frame of the container's for all, from that address
forges() {
	frames -q -s "$1" m/v0 ff:ff:ff:ff:ff:ff
}

# marker: the last frame of the container's has passed, from its own address
marker() {
	frames -e "$everybody" m/v0 ff:ff:ff:ff:ff:ff
}
everybody="b1/v0 d1/v0 gw/v0 h1/br100 h1/up100 h2/br100 h2/up100 h3/br100 h3/up100"

# in_place: both addresses are where they were
in_place() {
	leads h2 100 "$gateway" h1 && leads h3 100 "$gateway" h1 &&
		leads h1 100 "$victim" h2 && leads h3 100 "$victim" h2
}

# stands_after ADDRESS: in spite of a forged frame
stands_after() {
	forges "$1"
	marker >/dev/null
	in_place
}

# speak: the gateway and the victim, so that their addresses are where they are
speak() {
	pings b1 192.0.2.1 || :
	pings gw 192.0.2.21 || :
}

told() {
	speak >/dev/null
	in_place
}

port() {
	bridge -n h3 link set dev p100 "$@"
}

evpn
station gw h1 100 1
station b1 h2 100 21
station m h3 100 31
station d1 h2 100 22 ipguard dhcp
ip -n d1 address flush dev v0
t "the hosts learn where gateway and victim are" until_ok 30 told

for learning in on off; do
	port learning $learning
	t "the gateway's address stays with h1 after a forged frame, learning $learning" stands_after "$gateway"
	t "the victim's address stays with h2 after a forged frame, learning $learning" stands_after "$victim"
done
t_is "the vNIC counts its four forged frames" 4 own_counter m v0 tx_spoofed
# as the root of a container that was given CAP_NET_ADMIN and CAP_NET_RAW
container() {
	inside m setpriv --bounding-set -all,+net_admin,+net_raw --inh-caps -all,+net_admin,+net_raw "$@"
}
t_fails "the container cannot take the gateway's address" "$untrusted" container ip link set v0 address "$gateway"
t_fails "the container cannot add the victim's address" "$untrusted" container bridge fdb add "$victim" dev v0

# The same attack without spoofchk: the bridge's port is the next to decide. An address that
# is not learned there has to be told to the bridge, and EVPN takes the entry up.
ip -n m link set v0 type vnicx spoofchk off
port learning on
forges "$victim"
t "with spoofchk off and learning on, a forged frame takes the victim's address" until_ok 20 leads h1 100 "$victim" h3
t "the victim's next frame takes its address back" until_ok 20 told
bridge -n h3 fdb add "$(mac_of 51)" dev p100 master permanent
bridge -n h3 fdb replace "$(mac_of 31)" dev p100 master static
port learning off
t "with spoofchk off and learning off, the victim's address stays with h2" stands_after "$victim"
t "an entry by hand is advertised, learning off" until_ok 10 leads h1 100 "$(mac_of 31)" h3
t "a permanent entry, older than that, is not advertised" leads h1 100 "$(mac_of 51)"
port learning on locked on
t "with spoofchk off and the port locked, the victim's address stays with h2" stands_after "$victim"
ip -n m link set v0 type vnicx spoofchk auto
port locked off

# Suppression: the addresses that vNICs of h2 may use become neighbours of its bridge by
# the document's script, and EVPN takes them to all hosts.
ip -n b1 link set v0 type vnicx ipguard static allowed-ips 192.0.2.21,2001:db8::21,198.18.0.0/24
batch_in b1 "address replace 2001:db8::21/64 dev v0 nodad"
batch_in gw "address replace 2001:db8::1/64 dev v0 nodad"
asked() {
	ip -n gw neigh flush all
	pings gw "$1"
}

# across ADDRESS: how many frames of the overlay reach h3 while gw asks for that address
across() {
	local before
	before=$(counter h3 vxlan100 rx_packets)
	asked "$1" >/dev/null
	marker >/dev/null
	echo $(($(counter h3 vxlan100 rx_packets) - before))
}

document "    #!.bin.bash" "Run as" >"$work/fill-neighbours"
fill() {
	inside h2 bash -euo pipefail "$work/fill-neighbours" up100 br100
}

knows() {
	shows "lladdr $2" ip -n "$1" neigh show dev br100 "$3"
}

# neighbours: those that the script made
neighbours() {
	ip -n h2 neigh show dev br100 nud permanent | cut -d' ' -f1 | sort | paste -sd' '
}

t "an ARP request reaches all hosts while the bridge knows no neighbour" [ "$(across 192.0.2.21)" -gt 0 ]
fill
t_is "the addresses of allowed-ips are neighbours, and no prefix" "192.0.2.21 2001:db8::21" neighbours
t "h1 learns the victim's IPv4 address by EVPN" until_ok 20 knows h1 "$victim" 192.0.2.21
t "h1 learns the victim's IPv6 address by EVPN" until_ok 20 knows h1 "$victim" 2001:db8::21
t "an ARP request for a known neighbour stays in the host" until_ok 10 is_now 0 across 192.0.2.21
t "a neighbour solicitation for a known neighbour stays in the host" until_ok 10 is_now 0 across 2001:db8::21

# A lease, of a server on another host
inside gw dnsmasq --conf-file=/dev/null --port=0 --interface=v0 --bind-interfaces --user=root --no-ping \
	--pid-file="$work/dnsmasq.pid" --leasefile-ro --log-facility="$work/dnsmasq.log" --dhcp-range=192.0.2.50,192.0.2.50,1h
t "a vNIC on h2 gets its lease from a server on h1" \
	inside d1 busybox udhcpc -q -n -f -t 5 -T 2 -i v0 -s "$VNICX_STAGE/tests/guest/lease.sh"
fill
t_is "the address of the lease is a neighbour, too" "192.0.2.21 192.0.2.50 2001:db8::21" neighbours
t "h1 learns the leased address by EVPN" until_ok 20 knows h1 "$(mac_of 22)" 192.0.2.50
t "an ARP request for the leased address stays in the host" until_ok 10 is_now 0 across 192.0.2.50
ip -n b1 link set v0 type vnicx allowed-ips 192.0.2.50
fill
t_is "an address that two vNICs may use is no neighbour any more" "" neighbours
t "h1 forgets the victim's IPv4 address" until_ok 20 is_now "" ip -n h1 neigh show dev br100 192.0.2.21
