#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Frames as in the row switch, and to an address on the wire, through policies: those of a
# vNIC, one by one and as a container would have them, and what others need for the
# same. Both ends have the policy. "checked" is what a vNIC in a container has
# without a word; "guard" has what libvirt calls clean-traffic with a list of addresses,
# "lease" the same with an address by DHCP, and "arp" is guard with neigh_suppress.
# "other" has no policy, while another vNIC of the machine has a lease; "free" is checked, and
# has an address that its container chose.
#
# The bridge's rules and Open vSwitch's flows let a port send from its address
# and IPv4 address only, ARP as well, and no answers of a DHCP server.
#
# title: 60-byte frames, one by one, past policies
# case: memory instructions/frame from namespace to namespace
# case: memory6 instructions/frame from namespace to namespace, 78 bytes of IPv6
# case: out instructions/frame to the wire
# kernel: 6.1
# measure: counted
# needs: ovs
# timeout: 600
# shellcheck source-path=SCRIPTDIR
. "$VNICX_STAGE/tests/bench/lib.sh"

guard="restricted on raguard on dhcpguard on ipguard static allowed-ips set 198.18.0.0/24,2001:db8::/64"
declare -A policy=(
	[vnicx]="spoofchk on"
	[vnicx+off]="spoofchk off"
	[vnicx+other]="spoofchk off"
	[vnicx+free]="trust on spoofchk on"
	[vnicx+vlan]="vlan 10"
	[vnicx+rate]="max_tx_rate 100gbit"
	[vnicx+guard]=$guard
	[vnicx+lease]="restricted on raguard on dhcpguard on ipguard dhcp"
	[vnicx+arp]="$guard neigh_suppress on"
	[vnicx+all]="vlan 10 max_tx_rate 100gbit $guard"
)
contestants vnicx vnicx+off vnicx+free vnicx+vlan vnicx+rate vnicx+guard vnicx+arp vnicx+all \
	veth veth+bridge bridge+police bridge+vlan bridge+rules veth+ovs
frames=20000
wire=02:00:00:00:00:01
v6=("src6 2001:db8::1" "dst6 2001:db8::42")
declare -A to

# guard_ovs KIND: likewise, as flows
guard_ovs() {
	local end port m
	ovs ovs-ofctl del-flows ovs0
	ovs ovs-ofctl add-flow ovs0 "table=1,actions=normal"
	for end in a b; do
		port=ovs-$end m=$(mac "$1-$end" x)
		ovs ovs-ofctl add-flow ovs0 "priority=30,udp,in_port=$port,tp_src=67,actions=drop"
		ovs ovs-ofctl add-flow ovs0 "priority=20,ip,in_port=$port,dl_src=$m,nw_src=198.18.0.0/24,actions=resubmit(,1)"
		ovs ovs-ofctl add-flow ovs0 "priority=20,arp,in_port=$port,dl_src=$m,arp_sha=$m,arp_spa=198.18.0.0/24,actions=resubmit(,1)"
	done
}

# leases KIND: its second vNIC, which may be a server, leases the first one's address to it
leases() {
	local client server=198.18.0.42 all=255.255.255.255
	client=$(mac "$1-a" x)
	ip -n "$1-b" link set x type vnicx dhcpguard off ipguard off dhcp-trust on
	craft -e "$1-b/x" "$1-a/x" ip4 0.0.0.0 $all 17 udp 67 dhcp 1 1 77 0.0.0.0 0 "$client"
	craft -e "$1-a/x" "$1-b/x" ip4 $server $all 17 udp 68 dhcp 2 5 77 198.18.0.1 86400 "$client"
} >/dev/null

# chooses KIND: addresses, as a container's root can, who has no right over the lower device
chooses() {
	local end
	for end in a b; do
		inside "$1-$end" setpriv --bounding-set -sys_admin --inh-caps -sys_admin \
			ip link set x address "02:00:00:00:00:c$end"
	done
}

# polices N: what comes by a bridge's port, far below the rate
polices() {
	tc qdisc add dev "bridge$1-a" clsact
	tc filter add dev "bridge$1-a" ingress matchall \
		action police rate 10gbit burst 1m conform-exceed drop/continue
}

# ready KIND: its pair, with its policy
ready() {
	local kind=$1 n=$bridges end
	pair "$kind"
	case $kind in
	vnicx*)
		for end in a b; do
			# shellcheck disable=SC2086 # words
			ip -n "$kind-$end" link set x type vnicx ${policy[$kind]}
		done
		[ "$kind" != vnicx+free ] || chooses "$kind"
		;;
	*+police) polices "$n" ;;
	bridge+vlan)
		access_bridge "bridge$n" "bridge$n-a" "bridge$n-b"
		;;
	*+ovs) guard_ovs "$kind" ;;
	esac
	[ "$kind" != vnicx+lease ] || leases "$kind"
	drops "$kind-b" x
	to[$kind]=$(mac "$kind-b" x)
}

# contest [floor]: rounds of all kinds
contest() {
	local kind value
	for _ in $(rounds 3); do
		if [ $# -gt 0 ]; then
			value=$(generate here floor-low $wire $frames)
			measured memory floor "$value"
			measured out floor "$value"
			measured memory6 floor "$(generate here floor-low $wire $frames "${v6[@]}")"
		fi
		for kind in "${kinds[@]}"; do
			acquaint "$kind"
			[ "$kind" != bridge+rules ] ||
				guard_bridge "${bridge_of[$kind]}" "$(mac "$kind-a" x)" "$(mac "$kind-b" x)"
			measured memory "$kind" "$(arrive "$kind-b/x" $frames generate "$kind-a" x "${to[$kind]}" $frames)"
			case $kind in
			vnicx | vnicx+off | vnicx+guard | veth)
				measured memory6 "$kind" \
					"$(arrive "$kind-b/x" $frames generate "$kind-a" x "${to[$kind]}" $frames "${v6[@]}")"
				;;&
			vnicx*) measured out "$kind" "$(generate "$kind-a" x $wire $frames)" ;;
			bridge+rules) unguard ;;
			esac
		done
	done
}

quiet
have pktgen nf_tables act_police
ovs_start
adapter floor
for kind in "${kinds[@]}"; do
	ready "$kind"
done
contest floor
# From the first lease on, every frame is looked at for DHCP.
if wanted vnicx+lease vnicx+other; then
	for kind in "${kinds[@]}"; do
		ready "$kind"
	done
	contest
fi
