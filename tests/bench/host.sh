#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Between the host's own stack and a device in a namespace. pktgen hands its frames
# to the core as a stack does, because the core's egress hook is where vnicx takes
# the host's; tc drops them on arrival, at the adapter's receive path on the way to
# the host. macvlan and ipvlan cannot do this at all.
#
# pktgen keeps a reference to the frame that it sends, so a vNIC gets a clone; a veth passes on
# what is shared. A stack has no such reference: "socket" sends from a UDP socket, one
# datagram in each system call, which is in the floor as well.
#
# title: between the host and a namespace
# case: to instructions/frame from the host to a namespace
# case: socket instructions/frame from a socket of the host to a namespace
# case: from instructions/frame from a namespace to the host
# kernel: 6.1
# measure: counted
# needs: ovs
# shellcheck source-path=SCRIPTDIR
. "$VNICX_STAGE/tests/bench/lib.sh"

contestants vnicx veth veth+bridge veth+ovs
frames=20000
declare -A end to from subnet

# connect KIND: x in KIND-a, and the device that is the host's end of it
connect() {
	local kind=$1 a=$1-a
	spaces "$a"
	case $kind in
	veth)
		ip link add x netns "$a" type veth peer name host-veth
		end[$kind]=host-veth
		;;
	veth+bridge)
		batch "link add bridge0 type bridge mcast_snooping 0" "link add x netns $a type veth peer name port" \
			"link set port master bridge0 up"
		end[$kind]=bridge0
		;;
	veth+ovs)
		batch "link add x netns $a type veth peer name ovs-a" "link set ovs-a up"
		ovs ovs-vsctl add-port ovs0 ovs-a 2>/dev/null
		end[$kind]=ovs0
		;;
	*)
		adapter "$kind"
		ip link add link "$kind-low" name x netns "$a" type "$kind"
		end[$kind]=$kind-low
		;;
	esac
	ip link set "${end[$kind]}" up
	ip -n "$a" link set x up
	reaches_by "${end[$kind]}" "$(mac "$a" x)"
	subnet[$kind]=$last
	drops "$a" x
	drops here "${end[$kind]}"
	to[$kind]=$(mac "$a" x)
	from[$kind]=$(mac here "${end[$kind]}")
}

# reaches_by DEVICE MAC: the host has a subnet of its own by the device, and sets last to its
# number; all it sends to .42 has that destination address
last=0
reaches_by() {
	: $((++last))
	batch "address add 198.18.$last.1/24 dev $1"
	batch "neighbour add 198.18.$last.42 lladdr $2 dev $1 nud permanent"
}

# send NAMESPACE DEVICE MAC COUNT
send() {
	generate "$@" "xmit_mode queue_xmit"
}

quiet
have pktgen
ovs_start
adapter floor
reaches_by floor-low 02:00:00:00:00:01
subnet[floor]=$last
for kind in "${kinds[@]}"; do
	connect "$kind"
done

for _ in $(rounds 3); do
	measured socket floor "$(inside here burst "198.18.${subnet[floor]}.42" $frames 1)"
	value=$(send here floor-low 02:00:00:00:00:01 $frames)
	measured to floor "$value"
	measured from floor "$value"
	for kind in "${kinds[@]}"; do
		send "$kind-a" x "${from[$kind]}" 32 >/dev/null
		send here "${end[$kind]}" "${to[$kind]}" 32 >/dev/null
		[ "$kind" != veth+ovs ] || sleep 0.2
		measured to "$kind" "$(arrive "$kind-a/x" $frames send here "${end[$kind]}" "${to[$kind]}" $frames)"
		measured socket "$kind" "$(arrive "$kind-a/x" $frames inside here burst "198.18.${subnet[$kind]}.42" $frames 1)"
		measured from "$kind" "$(arrive "here/${end[$kind]}" $frames send "$kind-a" x "${from[$kind]}" $frames)"
	done
done
