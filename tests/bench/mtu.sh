# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154 # the row's kinds
#
# For the rows that stream.

# mtu BYTES: of all devices
mtu() {
	local kind
	for kind in "${kinds[@]}"; do
		case $kind in
		veth) ;;
		veth+bridge) batch "link set bridge0-a mtu $1" "link set bridge0-b mtu $1" ;;
		veth+ovs) batch "link set ovs-a mtu $1" "link set ovs-b mtu $1" ;;
		*) ip link set "$kind-low" mtu "$1" ;;
		esac
		ip -n "$kind-a" link set x mtu "$1"
		ip -n "$kind-b" link set x mtu "$1"
	done
}
