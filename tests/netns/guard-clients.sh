#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# ISC's dhclient in a vNIC with clean-traffic: DHCP and DHCPv6 of dnsmasq on the wire, another
# vNIC whose client says that it is the first one's, and a prefix that ISC's dhcpd delegates.
# kernels: uml
# timeout: 300
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"

work=/tmp/guard-clients

# client VERSION [-P]: starts dhclient
client() {
	inside c1 dhclient "-$1" ${2+"$2"} -d -cf $work/conf -lf $work/leases"$1${2-}" -pf $work/pid"$1${2-}" \
		-sf "$VNICX_STAGE/tests/guest/dhclient.sh" v1 &>$work/log"$1${2-}" &
	clients+=($!)
}

# has ADDRESS: v1 has one that begins so
has() {
	[[ $(ip -n c1 -o address show dev v1 scope global) = *" $1"* ]]
}

# leased ADDRESS: the policy knows one that begins so
leased() {
	[[ $(ip -n c1 -d link show dev v1) = *\ leases\ *"$1"* ]]
}

# again [-r]: starts dhclient in v2, by the identifier of v1's; or has v1's release its address
again() {
	local where=c2 device=v2 files=2
	[ $# -eq 0 ] || where=c1 device=v1 files=
	inside $where dhclient -4 "${1--d}" -cf $work/conf -lf $work/leases4$files -pf $work/pid4$files \
		-sf "$VNICX_STAGE/tests/guest/dhclient.sh" $device &>$work/log4$files
}

# lease_of NAMESPACE DEVICE: the IPv4 address that the policy knows
lease_of() {
	ip -n "$1" -d -j link show "$2" |
		jq -r '[.[0].linkinfo.info_data.leases[]?.address | select(startswith("192"))] | join(" ")'
}

# taken: v2's client asks for the address that v1's has
taken() {
	local address
	address=$(lease_of c1 v1)
	ns c2
	up host eth0 2 >/dev/null
	ip -n host link add link eth0 name v2 netns c2 type vnicx clean-traffic
	ip -n c2 link set v2 up
	again &
	t "a server gives a second client the address of the first, whose identifier it says" \
		until_ok 30 eval "ip -n c2 -4 -o address show dev v2 | grep -q ' $address/'"
	t "the policy refuses the second client the address" [ "$(own_counter c2 v2 dhcp_refused)" -gt 0 ]
	t_is "the second client's vNIC has no lease" "" lease_of c2 v2
	t_is "the first client's vNIC keeps its lease" "$address" lease_of c1 v1
	t "the first client's vNIC reaches others while a second client has its address" pings c1 192.0.2.2
	t_fails "the second client's vNIC reaches nobody as an address that it was refused" "100% packet loss" \
		pings c2 192.0.2.1
	# dnsmasq has told the kernel of the server that the address is the second one's.
	t "the first client's vNIC reaches the server when that has asked who has the address" \
		until_ok 40 pings c1 192.0.2.1
	kill "$(cat $work/pid42)"
	wait "$!" || :
	again -r
	clients=()
	t_is "the first client's lease ends when it releases the address" "" lease_of c1 v1
	ip -n c2 address flush dev v2
	again &
	t "the second client's vNIC gets the lease when the first has released it" \
		until_ok 30 is_now "$address" lease_of c2 v2
	t "the second client's vNIC reaches others as the released address" until_ok 10 pings c2 192.0.2.1
	kill "$(cat $work/pid42)"
	wait "$!" || :
}

# others TITLE PEER ADDRESS [nodad]: the peer cannot be reached as an address that was not leased
others() {
	ip -n c1 address add "$3" dev v1 "${@:4}"
	t_fails "$1" "." inside c1 ping -q -c 1 -W 1 -I "${3%/*}" "$2"
	ip -n c1 address delete "$3" dev v1
}

mkdir -p $work
touch $work/leases{4,42,6,6-P,-server}
echo 'send dhcp-client-identifier "the same";' >$work/conf
lan_setup
ns c1
ip -n host link add link eth0 name v1 netns c1 type vnicx clean-traffic
ip -n c1 link set v1 up
inside lan dnsmasq --conf-file=/dev/null --port=0 --interface=eth0 --bind-interfaces --user=root \
	--pid-file=$work/server.pid --leasefile-ro --log-facility=$work/server.log --no-ping \
	--dhcp-range=192.0.2.160,192.0.2.190,1h --dhcp-range=2001:db8::160,2001:db8::190,64,1h
clients=()

client 4
t "dhclient gets an IPv4 address under clean-traffic" until_ok 30 has 192.0.2.1
t "the policy has learned dhclient's IPv4 address" leased 192.0.2.1
t "a vNIC reaches others as the IPv4 address that dhclient got" pings c1 192.0.2.1
others "a vNIC reaches nobody as another IPv4 address" 192.0.2.1 192.0.2.99/24
taken

t "a vNIC under clean-traffic has its link-local address" \
	until_ok 20 eval "ip -n c1 -6 -o address show dev v1 scope link -tentative | grep -q fe80"
client 6
t "dhclient gets an IPv6 address under clean-traffic" until_ok 30 has 2001:db8::1
t "the policy has learned dhclient's IPv6 address" leased 2001:db8::1
t "a vNIC reaches others as the IPv6 address that dhclient got" pings c1 2001:db8::1
others "a vNIC reaches nobody as another IPv6 address" 2001:db8::1 2001:db8::99/64 nodad

# A prefix: dnsmasq has none to delegate
kill "$(cat $work/server.pid)"
until_ok 10 [ ! -e $work/server.pid ]
echo "subnet6 2001:db8::/64 { prefix6 2001:db8:100:: 2001:db8:ff00:: /56; }" >$work/conf-server
inside lan dhcpd -6 -f -cf $work/conf-server -lf $work/leases-server --no-pid eth0 &>$work/log-server &
clients+=($!)
client 6 -P
t "the policy has learned the prefix that a server delegated" until_ok 30 leased /56
prefix=$(ip -n c1 -d link show dev v1 | grep -o '2001:db8:[0-9a-f]*::/56')
t_is "the delegated prefix is one of the server's" "iaprefix $prefix {" \
	grep -o -m 1 'iaprefix [^ ]* {' $work/leases6-P
ip -n c1 address add "${prefix%/*}1/128" dev v1 nodad
ip -n lan route add "$prefix" dev eth0
t "a vNIC reaches others as an address of its prefix" \
	until_ok 10 inside c1 ping -q -c 1 -W 1 -I "${prefix%/*}1" 2001:db8::1
others "a vNIC reaches nobody as an address beside its prefix" 2001:db8::1 2001:db7::1/128 nodad

kill "${clients[@]}"
wait "${clients[@]}" || :
rm -r $work
