# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154 # the row's kinds
#
# For the rows that stream.

# mtu BYTES: of all devices
mtu() {
	local kind device
	for device in vnicx-low macvlan-low ipvlan-low bridge-a bridge-b ovs-a ovs-b; do
		ip link set "$device" mtu "$1"
	done
	for kind in "${kinds[@]}"; do
		ip -n "$kind-a" link set x mtu "$1"
		ip -n "$kind-b" link set x mtu "$1"
	done
}
