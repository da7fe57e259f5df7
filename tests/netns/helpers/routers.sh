# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# For the tests of virtual routers, upon vNICs and on the LAN: three containers, and
# the address that a router has.
# shellcheck disable=SC2034 # for the tests
virtual=00:00:5e:00:01:33 address=192.0.2.254

routers_setup() {
	no_ipv6
	lan_setup
	ns c1 c2 c3
	ip -n host address add 192.0.2.2/24 dev eth0
	vnic v1 c1 trust on
	vnic v2 c2 trust on
	vnic v3 c3
}
