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
