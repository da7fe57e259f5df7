#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Frames as in the row switch, and to an address on the wire, through policies: those of a
# vNIC, one by one and as a container would have them, and what others need for the
# same. Both ends have the policy. "checked" is what a vNIC in a container has
# without a word; "guard" has what libvirt calls clean-traffic, but for leases.
#
# The bridge's rules and Open vSwitch's flows let a port send from its address
# and IPv4 address only, ARP as well, and no answers of a DHCP server.
#
# title: 60-byte frames, one by one, past policies
# case: memory instructions/frame from namespace to namespace
# case: out instructions/frame to the wire
# kernel: 6.1
# measure: counted
# needs: ovs
# timeout: 600
# shellcheck source-path=SCRIPTDIR
. "$VNICX_STAGE/tests/bench/lib.sh"

declare -A policy=(
	[vnicx]="spoofchk on"
	[vnicx+off]="spoofchk off"
	[vnicx+vlan]="vlan 10"
	[vnicx+rate]="max_tx_rate 100gbit"
	[vnicx+guard]="restricted on raguard on dhcpguard on ipguard static allowed-ips set 198.18.0.0/24"
	[vnicx+all]="vlan 10 max_tx_rate 100gbit restricted on raguard on dhcpguard on ipguard static allowed-ips set 198.18.0.0/24"
)
contestants vnicx vnicx+off vnicx+vlan vnicx+rate vnicx+guard vnicx+all \
	veth veth+bridge bridge+police bridge+vlan bridge+rules veth+ovs
frames=20000
wire=02:00:00:00:00:01
declare -A to

# guard_bridge N KIND: as libvirt's clean-traffic does by ebtables
guard_bridge() {
	local n=$1 kind=$2 end
	{
		echo "table bridge guard$n {"
		for end in a b; do
			cat <<-RULES
				chain $end {
					ether saddr != $(mac "$kind-$end" x) drop
					ether type arp arp saddr ether != $(mac "$kind-$end" x) drop
					ether type arp arp saddr ip != 198.18.0.0/24 drop
					ether type arp accept
					ether type != ip drop
					udp sport 67 drop
					ip saddr != 198.18.0.0/24 drop
				}
			RULES
		done
		echo "chain in { type filter hook prerouting priority -300;"
		echo "iifname bridge$n-a jump a"
		echo "iifname bridge$n-b jump b"
		printf "}\n}\n"
	} | nft -f -
}

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

# polices N: what comes by a bridge's port, far below the rate
polices() {
	tc qdisc add dev "bridge$1-a" clsact
	tc filter add dev "bridge$1-a" ingress matchall \
		action police rate 10gbit burst 1m conform-exceed drop/continue
}

silence
have pktgen nf_tables act_police
ovs_start
adapter floor
for kind in "${kinds[@]}"; do
	n=$bridges
	pair "$kind"
	case $kind in
	vnicx*)
		for end in a b; do
			# shellcheck disable=SC2086 # words
			ip -n "$kind-$end" link set x type vnicx ${policy[$kind]}
		done
		;;
	*+police) polices "$n" ;;
	bridge+vlan)
		ip link set "bridge$n" type bridge vlan_filtering 1 vlan_default_pvid 0
		for end in a b; do
			bridge vlan add vid 10 pvid untagged dev "bridge$n-$end"
		done
		;;
	bridge+rules) guard_bridge "$n" "$kind" ;;
	*+ovs) guard_ovs "$kind" ;;
	esac
	drops "$kind-b" x
	to[$kind]=$(mac "$kind-b" x)
done

for _ in $(rounds 3); do
	value=$(generate here floor-low 02:00:00:00:00:01 $frames)
	measured memory floor "$value"
	measured out floor "$value"
	for kind in "${kinds[@]}"; do
		acquaint "$kind"
		measured memory "$kind" "$(arrive "$kind-b/x" $frames generate "$kind-a" x "${to[$kind]}" $frames)"
		case $kind in
		vnicx*) measured out "$kind" "$(generate "$kind-a" x $wire $frames)" ;;
		esac
	done
done
