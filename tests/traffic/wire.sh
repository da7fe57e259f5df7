# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154 # F: traffic.sh; MTUs: topology.sh
#
# The lower device of a case, and its wire. With path=overlay, lan is another host with a
# lower device of its own, and VXLAN joins the bridges behind the two.

# bridge_of NAMESPACE NAME MTU PORT...
bridge_of() {
	local port
	at "$1" "link add $2 type bridge mcast_snooping 0"
	for port in "${@:4}"; do
		at "$1" "link set $port master $2 up"
	done
	at "$1" "link set $2 mtu $3 up"
}

# The lower device is a veth, or a bond of two whose other ends are ports of one switch.
adapter() {
	local i where=lan switch=eth0
	[ "${F[path]}" != overlay ] || where=host switch=br0
	if [ "${F[event]}" = failover ]; then
		for i in 0 1; do
			echo "link add s$i netns host mtu $wire_mtu type veth peer name p$i netns $where mtu $wire_mtu"
		done | ip -batch -
		at host "link add eth0 type bond mode active-backup miimon 20" \
			"link set s0 master eth0" "link set s1 master eth0" "link set eth0 mtu $adapter_mtu"
		bridge_of $where $switch "$lan_mtu" p0 p1
	elif [ "${F[path]}" = overlay ]; then
		ip link add eth0 netns host mtu "$adapter_mtu" type veth peer name p0 netns host mtu "$lan_mtu"
		bridge_of host br0 "$lan_mtu" p0
	else
		ip link add eth0 netns host mtu "$adapter_mtu" type veth peer name eth0 netns lan mtu "$lan_mtu"
	fi
	[ "${F[path]}" != overlay ] || overlay
	at host "link set eth0 up"
	at lan "link set eth0 up"
}

# The other host, and what joins the bridges of both. Two tags fit besides the MTU.
overlay() {
	local where underlay_mtu=$((wire_mtu + 58)) own=1 other=2
	ip link add u0 netns host mtu $underlay_mtu type veth peer name u0 netns lan mtu $underlay_mtu
	ip link add eth0 netns lan mtu "$wire_mtu" type veth peer name p0 netns lan mtu "$wire_mtu"
	bridge_of lan br0 "$wire_mtu" p0
	for where in host lan; do
		at $where "link set u0 up" "address add 198.18.0.$own/24 dev u0" \
			"link add vx0 mtu $wire_mtu type vxlan id 100 local 198.18.0.$own remote 198.18.0.$other dstport 4789" \
			"link set vx0 master br0 up"
		own=2 other=1
	done
}
