#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# ipguard dhcp: a vNIC speaks as the addresses that DHCP servers give it, from where
# servers may be, for as long as they say; and as link-local addresses that are free.
# kernels: uml
# timeout: 300
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"
# shellcheck source=helpers/guarded.sh
. "${0%/*}/helpers/guarded.sh"
# shellcheck source=helpers/dad.sh
. "${0%/*}/helpers/dad.sh"
# shellcheck source=helpers/dhcp.sh
. "${0%/*}/helpers/dhcp.sh"

no_ipv6
lan_setup
ns c1 c2
vnic v1 c1 ipguard dhcp
vnic v2 c2 spoofchk off
all="c2/v2 host/eth0 lan/eth0"
OWN=${vnic_mac[v1]} B=192.0.2.12 ANY=255.255.255.255 M6=ff02::1
LL=fe80::1:2 SERVER=fe80::99

# ack_gives LEASES XID IP
ack_gives() {
	ack lan/eth0 "$2" "$3" 600
	leases_are "$1"
}

from_device c1/v1
drops "without a lease, an address is dropped" tx_ip_spoofed ip4 192.0.2.50 $B 253
discover a1
changes "an offer gives no lease" 0 0 reply lan/eth0 2 a1 192.0.2.50 60
changes "a server on the wire gives a lease" 1 0 ack lan/eth0 a1 192.0.2.50 600
t_is "a lease is shown" 192.0.2.50 leases
t "a lease is shown with its time" eval "ip -n c1 -d -o link show v1 | grep -qE ' leases 192.0.2.50 (600|59[0-9])sec '"
passes "with a lease, the address passes" "$all" ip4 192.0.2.50 $B 253
passes "with a lease, ARP passes" "$all" type 806 arp 1 "$OWN" 192.0.2.50 00:00:00:00:00:00 $B
passes "with a lease, a probe for the address passes" "$all" \
	type 806 arp 1 "$OWN" 0.0.0.0 00:00:00:00:00:00 192.0.2.50
drops "with a lease, the address one above is dropped" tx_ip_spoofed ip4 192.0.2.51 $B 253
request a2 192.0.2.50
changes "a server renews a lease" 1 0 ack lan/eth0 a2 192.0.2.50 7200 192.0.2.50
t_is "a renewed lease is one lease" 192.0.2.50 leases

# Senders that are no servers, and messages that are no replies
discover b1
changes "a neighbour gives no lease" 0 0 ack c2/v2 b1 192.0.2.60 600
changes "the vNIC gives itself no lease" 0 0 eval "craft -e lan/eth0 c1/v1 ip4 192.0.2.50 $ANY 17 udp 68 dhcp 2 5 b1 192.0.2.60 600 $OWN >/dev/null"
changes "another transaction gives no lease" 0 0 ack lan/eth0 b2 192.0.2.60 600
changes "another client's reply gives no lease" 0 0 ack lan/eth0 b1 192.0.2.60 600 $ANY "${vnic_mac[v2]}"
changes "a neighbour's frame that the wire brings back gives no lease" 0 0 \
	eval "craft -e c1/v1 lan/eth0 from ${vnic_mac[v2]} ip4 192.0.2.1 $ANY 17 udp 68 dhcp 2 5 b1 192.0.2.60 600 $OWN >/dev/null"
changes "a reply that a router could pass on gives no lease" 0 1 ack lan/eth0 b1 192.0.2.60 600 192.0.2.50
changes "a reply to a neighbour's address and MAC gives no lease" 0 1 \
	eval "craft -e c2/v2 lan/eth0 to ${vnic_mac[v2]} ip4 192.0.2.1 $B 17 udp 68 dhcp 2 5 b1 $B 600 $OWN >/dev/null"
changes "a reply of a user, by another source port, gives no lease" 0 0 \
	eval "craft -e c1/v1 host/eth0 ip4 192.0.2.2 $ANY 17 udp 68 sport 1024 dhcp 2 5 b1 192.0.2.60 600 $OWN >/dev/null"
changes "a lease without a time is refused" 0 1 ack lan/eth0 b1 192.0.2.60 0
changes "a multicast address is refused" 0 1 ack lan/eth0 b1 224.0.0.1 600
changes "a fragment gives no lease" 0 0 eval "craft -e c1/v1 lan/eth0 frag4 192.0.2.1 $ANY 17 2000 udp 68 dhcp 2 5 b1 192.0.2.60 600 $OWN >/dev/null"
t_is "no reply of these gave a lease" 192.0.2.50 leases

# The host, and a vNIC that may be a server
changes "a server on the host gives a lease" 1 0 ack host/eth0 b1 192.0.2.61 600
ip -n c2 link set v2 type vnicx dhcp-trust on
changes "a vNIC with dhcp-trust gives a lease" 1 0 ack c2/v2 b1 192.0.2.62 600
ip -n c2 link set v2 type vnicx dhcp-trust off
t_is "several leases hold at once" "192.0.2.50 192.0.2.61 192.0.2.62" leases

# The end of leases
craft -e lan/eth0 c1/v1 ip4 192.0.2.61 192.0.2.1 17 udp 67 dhcp 1 7 c1 192.0.2.61 0 "$OWN" >/dev/null
t_is "a release ends a lease" "192.0.2.50 192.0.2.62" leases
craft -e lan/eth0 c1/v1 ip4 0.0.0.0 $ANY 17 udp 67 dhcp 1 4 c2 192.0.2.62 0 "$OWN" >/dev/null
t_is "a decline ends a lease" 192.0.2.50 leases
request c3 192.0.2.50
reply lan/eth0 6 c3 0.0.0.0 0
t_is "a NAK ends a lease" "" leases
discover c5
ack lan/eth0 c5 192.0.2.64 600
craft -e lan/eth0 c1/v1 ip4 192.0.2.64 $ANY 17 udp 67 dhcp 1 1 c6 192.0.2.64 0 "$OWN" >/dev/null
reply lan/eth0 6 c6 0.0.0.0 0
t_is "a NAK ends the lease of the address that the client says is its own" "" leases
discover c7
ack lan/eth0 c7 192.0.2.65 600
ip -n c1 link set v1 type vnicx neigh_suppress on
from_device host/eth0
passes "a request for a leased address goes to its vNIC alone" c1/v1 \
	type 806 arp 1 "$(mac host eth0)" 192.0.2.2 00:00:00:00:00:00 192.0.2.65
from_device c1/v1
craft -e lan/eth0 c1/v1 ip4 192.0.2.65 192.0.2.1 17 udp 67 dhcp 1 7 c8 192.0.2.65 0 "$OWN" >/dev/null
from_device host/eth0
passes "a request for an address that was released goes to all" "c1/v1 c2/v2 lan/eth0" \
	type 806 arp 1 "$(mac host eth0)" 192.0.2.2 00:00:00:00:00:00 192.0.2.65
from_device c1/v1
ip -n c1 link set v1 type vnicx neigh_suppress off
discover c4
ack lan/eth0 c4 192.0.2.63 1
t "a lease ends with its time" until_ok 10 leases_are ""
ip -n c1 link set v1 type vnicx neigh_suppress on
from_device host/eth0
passes "a request for an address whose lease has ended goes to all" "c1/v1 c2/v2 lan/eth0" \
	type 806 arp 1 "$(mac host eth0)" 192.0.2.2 00:00:00:00:00:00 192.0.2.63
from_device c1/v1
ip -n c1 link set v1 type vnicx neigh_suppress off
drops "after its time, the address is dropped" tx_ip_spoofed ip4 192.0.2.63 $B 253

# Bounds
ip -n c1 link set v1 type vnicx max-leases 2
discover d1
ack lan/eth0 d1 192.0.2.71 600
ack lan/eth0 d1 192.0.2.72 600
changes "a lease beyond max-leases is refused" 0 1 ack lan/eth0 d1 192.0.2.73 600
ack lan/eth0 d1 192.0.2.71 1
t "a lease that ends makes room" until_ok 10 ack_gives "192.0.2.72 192.0.2.74" d1 192.0.2.74
t_is "max-leases is shown" 2 eval "ip -n c1 -d -j link show v1 | jq .[0].linkinfo.info_data.max_leases"

# Events
ip -n c1 link set v1 down
ip -n c1 link set v1 up
t_is "leases outlast down and up" "192.0.2.72 192.0.2.74" leases
ip -n c1 link set v1 type vnicx storm 100000
t_is "leases outlast a change of other options" "192.0.2.72 192.0.2.74" leases
ip -n c1 link set v1 type vnicx ipguard static
t_is "leases end with ipguard dhcp" "" leases
ip -n c1 link set v1 type vnicx ipguard dhcp allowed-ips set 192.0.2.80
passes "the addresses of allowed-ips pass beside leases" "$all" ip4 192.0.2.80 $B 253
discover e1
ack lan/eth0 e1 192.0.2.81 600
ip -n c1 link set v1 type vnicx ipguard-in on
from_device lan/eth0
passes "ipguard-in lets what is for a lease pass" c1/v1 -w c1/v1 -- to "$OWN" ip4 $B 192.0.2.81 253
drops "ipguard-in drops what is for no lease" rx_ip -w c1/v1 -- to "$OWN" ip4 $B 192.0.2.82 253
from_device c1/v1
ip -n c1 link set v1 type vnicx ipguard-in off
ip -n c1 link set v1 netns c2
ip -n c2 link set v1 netns c1
ip -n c1 link set v1 up
t_is "leases end with a move to another namespace" "" leases
discover e2
ack lan/eth0 e2 192.0.2.81 600
ip -n c1 link set v1 type vnicx trust on
ip -n c1 link set v1 address 02:00:00:00:00:81
t_is "leases end with a new address" "" leases
ip -n c1 link set v1 address "$OWN"

# Link-local addresses
drops "a link-local address that nobody asked for is dropped" tx_ip_spoofed ip6 $LL $M6 59
eui64=fe80::$(printf '%02x' $((0x${OWN:0:2} ^ 2)))${OWN:3:2}:${OWN:6:2}ff:fe${OWN:9:2}:${OWN:12:2}${OWN:15:2}
passes "the link-local address that follows from the vNIC's own passes" "$all" ip6 "$eui64" $M6 59
asks c1/v1 1 2
passes "a link-local address that is free passes" "$all" ip6 $LL $M6 59
asks c1/v1 0 1
craft -e c1/v1 lan/eth0 ip6 fe80::1 $M6 58 icmp 136 addr fe80::1 >/dev/null
drops "a link-local address that a station defends is dropped" tx_ip_spoofed ip6 fe80::1 $M6 59
ip -n c2 link set v2 type vnicx spoofchk on ipguard dhcp
asks c2/v2 2 1
asks c1/v1 2 1
drops "a link-local address that a neighbour has is dropped" tx_ip_spoofed ip6 fe80::2:1 $M6 59
ip -n c2 link set v2 type vnicx ipguard off

# DHCPv6
ask6() {
	craft -e lan/eth0 c1/v1 ip6 $LL ff02::1:2 17 udp 547 dhcp6 "$1" "$2" :: 128 0 >/dev/null
}
# reply6 XID IP BITS SECONDS [DESTINATION]
reply6() {
	craft -e c1/v1 lan/eth0 to "$OWN" ip6 $SERVER "${5-$LL}" 17 udp 546 dhcp6 7 "$1" "$2" "$3" "$4" >/dev/null
}
ask6 3 abc
changes "a DHCPv6 server gives a lease" 1 0 reply6 abc 2001:db8::5 128 600
passes "with a DHCPv6 lease, the address passes" "$all" ip6 2001:db8::5 $M6 59
drops "with a DHCPv6 lease, another address is dropped" tx_ip_spoofed ip6 2001:db8::6 $M6 59
changes "another DHCPv6 transaction gives no lease" 0 0 reply6 abd 2001:db8::6 128 600
changes "a DHCPv6 reply that a router could pass on gives no lease" 0 0 reply6 abc 2001:db8::6 128 600 2001:db8::5
changes "a DHCPv6 server delegates a prefix" 1 0 reply6 abc 2001:db8:5:: 48 600
passes "an address of a delegated prefix passes" "$all" ip6 2001:db8:5:1::9 $M6 59
changes "a prefix of everything is refused" 0 1 reply6 abc :: 0 600
changes "a prefix over the IPv4-mapped addresses is refused" 0 1 reply6 abc ::ff00:0:0 88 600
drops "no prefix gives an IPv4 address" tx_ip_spoofed ip4 192.0.2.99 $B 253
changes "a valid lifetime of 0 gives no lease" 0 0 reply6 abc 2001:db8::5 128 0
drops "a valid lifetime of 0 ends a DHCPv6 lease" tx_ip_spoofed ip6 2001:db8::5 $M6 59
craft -e lan/eth0 c1/v1 ip6 $LL ff02::1:2 17 udp 547 dhcp6 8 abe 2001:db8:5:: 48 0 >/dev/null
drops "a release ends a delegated prefix" tx_ip_spoofed ip6 2001:db8:5:1::9 $M6 59
ip -n c1 link set v1 type vnicx max-leases 8
nr=0
for kind in 1:SOLICIT 3:REQUEST 5:RENEW 6:REBIND; do
	nr=$((nr + 1))
	ask6 "${kind%:*}" ac$nr
	changes "a reply to a DHCPv6 ${kind#*:} gives a lease" 1 0 reply6 ac$nr 2001:db8::1$nr 128 600
done
ask6 11 ad1
changes "a reply to a DHCPv6 INFORMATION-REQUEST gives no lease" 0 0 reply6 ad1 2001:db8::20 128 600
craft -e lan/eth0 c1/v1 ip6 $LL ff02::1:2 17 udp 547 dhcp6 9 ad2 2001:db8::11 128 0 >/dev/null
drops "a DHCPv6 decline ends a lease" tx_ip_spoofed ip6 2001:db8::11 $M6 59

# Refusals
t_fails "ipguard dhcp without spoofchk is refused" "ipguard dhcp needs spoofchk" \
	ip -n c1 link set v1 type vnicx spoofchk off
t_fails "65 leases are refused" "max-leases is 1 to 64, not 65" ip -n c1 link set v1 type vnicx max-leases 65
t_fails "no lease at all is refused" "max-leases is 1 to 64, not 0" ip -n c1 link set v1 type vnicx max-leases 0
