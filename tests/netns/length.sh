#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# One rule for unicast, groups and broadcast: what the lower device has let in from the
# wire reaches a vNIC with a smaller MTU; between vNICs that MTU holds.
# kernels: uml 6.1
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"

no_ipv6
lan_with c1 c2
ip -n c2 link set v2 mtu 1000
group=01:00:5e:11:22:33
ip -n c2 maddress add $group dev v2
everyone=ff:ff:ff:ff:ff:ff
long="-l 1400"
# shellcheck disable=SC2086
{
	reaches "a long frame of the wire to one vNIC reaches it" c2/v2 $long lan/eth0 "${vnic_mac[v2]}"
	reaches "a long frame of the wire for a group reaches its member" "c2/v2 host/eth0" $long lan/eth0 $group
	reaches "a long broadcast of the wire reaches every vNIC" "c1/v1 c2/v2 host/eth0" $long lan/eth0 $everyone
	reaches "a long frame between vNICs is dropped" "" $long c1/v1 "${vnic_mac[v2]}"
	reaches "a long frame of a vNIC for a group passes the member by" "host/eth0 lan/eth0" $long c1/v1 $group
	reaches "a long broadcast of a vNIC passes a vNIC by that has no room" \
		"host/eth0 lan/eth0" $long c1/v1 $everyone
	reaches "a long frame of the host for a vNIC is dropped" "" $long host/eth0 "${vnic_mac[v2]}"
	reaches "a long broadcast of the host passes a vNIC by that has no room" \
		"c1/v1 lan/eth0" $long host/eth0 $everyone
}

# datagrams SIZE COUNT: a super-frame of so many of that size to the wire
datagrams() {
	exec timeout 10 stream -u -n 60000 -w "$1" -c "$2" c1 lan 192.0.2.1 >/dev/null
}
# drops_more_than COUNT
drops_more_than() {
	[ "$(counter c1 v1 tx_dropped)" -gt "$1" ]
}
ip -n c1 route add 192.0.2.1 dev v1 mtu 60000
pings c1 192.0.2.1 >/dev/null
t "a container's super-frame whose segments fit the wire leaves by it" datagrams 1400 40
left=$(counter lan eth0 rx_bytes) dropped=$(counter c1 v1 tx_dropped)
datagrams 30000 2 2>/dev/null &
sender=$!
t "a container's super-frame whose segments, by its route's MTU, do not fit the wire is dropped" \
	until_ok 10 drops_more_than "$dropped"
kill "$sender" 2>/dev/null || :
wait "$sender" || :
t "no super-frame whose segments do not fit the wire leaves by it" \
	[ "$(counter lan eth0 rx_bytes)" -lt $((left + 50000)) ]
