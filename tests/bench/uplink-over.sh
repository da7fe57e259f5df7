#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# To the wire as in the row uplink, over lower devices that cost more than a bare dummy:
# one with fq_codel, as most have, a bond and a VLAN. The floor is what pktgen needs for a
# dummy, so the lower device's own cost is part of all of them.
#
# title: to the wire over fq_codel, a bond and a VLAN
# case: fq_codel instructions/frame over a lower device with fq_codel
# case: bond instructions/frame over a bond (active-backup)
# case: vlan instructions/frame over a VLAN
# kernel: 6.1
# measure: counted
# shellcheck source-path=SCRIPTDIR
. "$VNICX_STAGE/tests/bench/lib.sh"
# shellcheck source-path=SCRIPTDIR
. "$VNICX_STAGE/tests/bench/wires.sh"

contestants vnicx macvlan ipvlan veth+bridge
frames=20000 number=0
declare -A low
wire=02:00:00:00:00:01

# lower NAME CASE: a lower device of that name; it, or what is below it, is a dummy
lower() {
	local name=$1
	batch "link add $name-d type dummy" "link set $name-d txqueuelen 1000"
	case $2 in
	fq_codel)
		batch "link set $name-d name $name" "link set $name up"
		tc qdisc add dev "$name" root fq_codel
		;;
	bond)
		batch "link add $name type bond mode active-backup" "link set $name-d master $name" "link set $name up"
		;;
	vlan)
		batch "link set $name-d up" "link add link $name-d name $name type vlan id 10" "link set $name up"
		;;
	esac
}

quiet
have pktgen sch_fq_codel bonding 8021q
adapter floor
for kind in "${kinds[@]}"; do
	spaces "$kind-b"
	for case in fq_codel bond vlan; do
		low[$kind,$case]=$case$((number++))
		lower "${low[$kind,$case]}" $case
		over "$kind" "${low[$kind,$case]}" "$case"
		ip -n "$kind-b" address add 198.18.0.1/24 dev "$case"
	done
done

for _ in $(rounds 3); do
	for case in fq_codel bond vlan; do
		measured $case floor "$(generate here floor-low $wire $frames)"
		for kind in "${kinds[@]}"; do
			generate "$kind-b" "$case" $wire 32 >/dev/null
			sent=/sys/class/net/${low[$kind,$case]}/statistics/tx_packets
			before=$(<"$sent")
			value=$(generate "$kind-b" "$case" $wire $frames)
			[ $(($(<"$sent") - before)) -ge $frames ] || value=lost
			measured $case "$kind" "$value"
		done
	done
done
