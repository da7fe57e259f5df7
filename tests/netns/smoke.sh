#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# vNICs come, reach each other and the wire, and go.
# also: 6.12-rt
# shellcheck source=lib.sh
. "${0%/*}/lib.sh"

lan_with vm1 vm2

t "a vNIC reaches its neighbour over IPv4" pings vm1 "$(ip4 v2)"
t "a vNIC reaches its neighbour over IPv6" pings vm1 "$(ip6 v2)"
t "a vNIC reaches the wire over IPv4" pings vm1 192.0.2.1
t "a vNIC reaches the wire over IPv6" pings vm1 2001:db8::1
t "the wire reaches a vNIC" pings lan "$(ip4 v2)"
t "a vNIC can be deleted" ip -n vm1 link delete v1
t_fails "a deleted vNIC is gone" "Cannot find device|does not exist" ip -n vm1 link show v1
t "the lower device can go before its vNICs" ip -n host link delete eth0
t_fails "a vNIC goes with its lower device" "Cannot find device|does not exist" ip -n vm2 link show v2
