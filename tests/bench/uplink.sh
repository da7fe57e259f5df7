#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Frames to and from the lower device: what they cost above what the lower device costs
# without anything over it. Out: pktgen on the device, for an address on the wire;
# the lower device is a dummy, which drops. In: a socket at the other end of the wire, 32
# datagrams in one piece as in the row bursts, because pktgen keeps a reference
# to its frames, for which they would have to be cloned; the lower device is a veth. tc drops
# them where they arrive, at the lower device for the floor, in the device's namespace
# for the others.
#
# Also past policies: in a VLAN, to the wire; and "clean", which is guarded as in the row
# policy, with ipguard-in.
#
# title: to the wire and from it
# case: out instructions/frame to the wire
# case: in instructions/frame from the wire
# kernel: 6.1
# measure: counted
# needs: ovs
# shellcheck source-path=SCRIPTDIR
. "$VNICX_STAGE/tests/bench/lib.sh"
# shellcheck source-path=SCRIPTDIR
. "$VNICX_STAGE/tests/bench/wires.sh"

contestants vnicx vnicx+vlan vnicx+clean macvlan ipvlan veth+bridge bridge+vlan bridge+rules veth+ovs
frames=19200
# an address on the wire
wire=02:00:00:00:00:01

# known KIND MAC: where the wire finds 198.18.0.42; and no frame in more pieces
known() {
	ip -n "$1-w" link set w gso_max_segs 1
	ip -n "$1-w" neighbour add 198.18.0.42 lladdr "$2" dev w nud permanent
}

# with_policy KIND
with_policy() {
	local kind=$1 dev out=${bridge_of[$1-out]:-}
	case $kind in
	vnicx+vlan) ip -n "$kind-b" link set out type vnicx vlan 10 ;;
	vnicx+clean)
		for dev in out in; do
			ip -n "$kind-b" link set $dev type vnicx restricted on raguard on dhcpguard on ipguard static \
				ipguard-in on allowed-ips set 198.18.0.0/24
		done
		;;
	bridge+vlan)
		access_bridge "$out" "$out-a"
		bridge vlan add vid 10 dev "$(low "$kind")"
		;;
	esac
}

# rules: those of bridge+rules
rules() {
	local kind=bridge+rules
	guard_bridge "${bridge_of[$kind-out]}" "$(mac $kind-b out)" $wire
	guard_bridge "${bridge_of[$kind-in]}" "$(mac $kind-b in)" "$(mac $kind-w w)"
}

# low KIND: its lower device for frames to the wire
low() {
	echo "${1/#bridge+/b-}-low"
}

# wire_acquaint KIND: bridges learn where both are, and a daemon what to do.
wire_acquaint() {
	local kind=$1
	generate "$kind-b" in "$(mac "$kind-w" w)" 32 >/dev/null
	generate "$kind-w" w "$(mac "$kind-b" in)" 32 >/dev/null
	generate "$kind-b" out $wire 32 >/dev/null
	[ "$kind" != veth+ovs ] || sleep 0.2
}

quiet
have pktgen nf_tables
ovs_start
spaces floor-b
wired floor
drops here floor-in
known floor "$(mac here floor-in)"
adapter floor
for kind in "${kinds[@]}"; do
	spaces "$kind-b"
	adapter "${kind/#bridge+/b-}"
	wired "$kind"
	over "$kind" "$(low "$kind")" out
	over "$kind" "$kind-in" in
	batch_in "$kind-b" "address add 198.18.0.1/24 dev out" "address add 198.18.0.42/24 dev in"
	drops "$kind-b" in
	known "$kind" "$(mac "$kind-b" in)"
	with_policy "$kind"
done
# nothing comes from a dummy to learn from
[[ " ${kinds[*]} " != *" veth+ovs "* ]] || ovs ovs-appctl fdb/add ovs-out veth+ovs-low 0 $wire

for _ in $(rounds 3); do
	measured out floor "$(generate here floor-low $wire $frames)"
	measured in floor "$(arrive here/floor-in $frames inside floor-w burst 198.18.0.42 $frames)"
	for kind in "${kinds[@]}"; do
		wire_acquaint "$kind"
		[ "$kind" != bridge+rules ] || rules
		sent=/sys/class/net/$(low "$kind")/statistics/tx_packets
		before=$(<"$sent")
		value=$(generate "$kind-b" out $wire $frames)
		[ $(($(<"$sent") - before)) -ge $frames ] || value=lost
		measured out "$kind" "$value"
		# what the wire sends has no tag
		[[ $kind = *+vlan ]] ||
			measured in "$kind" "$(arrive "$kind-b/in" $frames inside "$kind-w" burst 198.18.0.42 $frames)"
		[ "$kind" != bridge+rules ] || unguard
	done
done
