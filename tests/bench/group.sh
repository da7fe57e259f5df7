#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A multicast frame for three members, alone on the adapter and among 1,000, as in
# the row flood. The bridge snoops, and is told who the members are; Open vSwitch
# does, and hears it from their reports.
#
# title: multicast to three members, alone and among 1,000
# case: alone instructions/frame 3 members
# case: crowd instructions/frame 3 members among 1,000
# kernel: 6.1
# measure: counted
# memory: 2G
# timeout: 900
# needs: ovs
# shellcheck source-path=SCRIPTDIR
. "$VNICX_STAGE/tests/bench/lib.sh"
# shellcheck source-path=SCRIPTDIR
. "$VNICX_STAGE/tests/bench/crowd.sh"

group=01:00:5e:7f:00:01 group_ip=239.127.0.1
frames=500

# each CASE KIND: the cost of one frame
each() {
	local value got
	crowd_acquaint "$2" $group
	read -r value got <<<"$(crowd_flood "$2" $group $frames)"
	[ "$got" -ge $((3 * frames)) ] || value=lost
	measured "$1" "$2" "$value"
	[ "$got" -le $((3 * frames)) ] || echo "$2: $((got / frames)) copies of each frame" >&2
}

# contest KIND...
contest() {
	local kind n where
	wanted "$@" || return 0
	set -- "${kinds[@]}"
	crowd_pairs "$@"
	crowds 1 3 "$@"
	for kind; do
		[ "$kind" != veth+bridge ] ||
			ip link set bridge0 type bridge mcast_snooping 1 mcast_querier 1 mcast_query_response_interval 100
		# a batch of these would make c1 the member three times
		for n in 1 2 3; do
			case $kind in
			# as a program would, with a report
			veth+ovs) ip -n "$kind-c" address add $group_ip/32 dev c$n autojoin ;;
			veth+bridge)
				ip -n "$kind-c" maddr add $group dev c$n
				bridge mdb add dev bridge0 port bridge0-$n grp $group_ip permanent
				;;
			*) ip -n "$kind-c" maddr add $group dev c$n ;;
			esac
		done
	done
	# a bridge trusts its knowledge only once its querier has asked
	sleep 15
	for where in alone crowd; do
		wants $where || continue
		[ $where = alone ] || crowds 4 1000 "$@"
		for _ in $(rounds 3); do
			measured $where floor "$(inside floor-a flood x $group $frames)"
			for kind; do
				each $where "$kind"
			done
		done
	done
}

quiet
contest vnicx macvlan ipvlan veth+bridge
# last, as with it connection tracking looks at all that any stack receives
if wanted veth+ovs; then
	ovs_start
	ovs ovs-vsctl set bridge ovs0 mcast_snooping_enable=true \
		other_config:mcast-snooping-disable-flood-unregistered=true other_config:mcast-snooping-aging-time=3600
	contest veth+ovs
fi
