#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Broadcasts to a crowd in another namespace, where tc drops the copies on arrival.
# The sender gives way to whoever makes copies, so that nothing overflows; the
# time for a frame, without what sending one to a dummy device takes, is divided by
# the receivers. Then 500 frames at once, from pktgen, which gives way to nobody:
# how many copies of them are lost.
#
# To 10 and 100 also past policies: in one VLAN; and "clean", whose sender is
# guarded as in the row policy.
#
# title: broadcasts to 10, 100 and 1,000
# case: 10 instructions/copy to 10
# case: 100 instructions/copy to 100
# case: 1000 instructions/copy to 1,000
# case: loss percent 500 frames at once to 1,000, copies lost
# kernel: 6.1
# measure: counted
# memory: 2G
# timeout: 900
# needs: ovs
# shellcheck source-path=SCRIPTDIR
. "$VNICX_STAGE/tests/bench/lib.sh"
# shellcheck source-path=SCRIPTDIR
. "$VNICX_STAGE/tests/bench/crowd.sh"

everyone=ff:ff:ff:ff:ff:ff

# each KIND SIZE FRAMES: the cost of one copy
each() {
	local value got
	crowd_acquaint "$1" $everyone
	[ "$1" != bridge+rules ] || guard_bridge "${bridge_of[$1]}" "$(mac "$1-a" x)" "$(mac "$1-b" x)"
	read -r value got <<<"$(crowd_flood "$1" $everyone "$3")"
	[ "$1" != bridge+rules ] || unguard
	if [ "$got" -lt $(($2 * $3)) ]; then
		measured "$2" "$1" lost
	else
		measured "$2" "$1" "$(awk "BEGIN { printf \"%.1f\", $value / $2 }")"
	fi
}

# with_policy KIND FROM TO: the sender, and a range of the crowd
with_policy() {
	local kind=$1 bridge=${bridge_of[$1]:-} ports=() n
	for ((n = $2; n <= $3; n++)); do
		ports+=("$n")
	done
	case $kind in
	vnicx+vlan)
		ip -n "$kind-a" link set x type vnicx vlan 10
		printf 'link set c%d type vnicx vlan 10\n' "${ports[@]}" | ip -n "$kind-c" -batch -
		;;
	vnicx+clean)
		ip -n "$kind-a" link set x type vnicx restricted on raguard on dhcpguard on ipguard static \
			allowed-ips set 198.18.0.0/24
		;;
	bridge+vlan) access_bridge "$bridge" "$bridge-a" "${ports[@]/#/$bridge-}" ;;
	esac
}

# contest LARGEST KIND...
contest() {
	local kind size=0 next frames value got largest=$1
	shift
	wanted "$@" || return 0
	set -- "${kinds[@]}"
	crowd_pairs "$@"
	for next in 10 100 1000; do
		[ $next -le "$largest" ] && reaches $next || return 0
		crowds $((size + 1)) $next "$@"
		for kind; do
			with_policy "$kind" $((size + 1)) $next
		done
		size=$next
		wants $size || continue
		frames=$((20000 / size))
		[ $frames -le 500 ] || frames=500
		for _ in $(rounds 3); do
			value=$(inside floor-a flood x $everyone 500)
			measured $size floor "$(awk "BEGIN { printf \"%.1f\", $value / $size }")"
			for kind; do
				each "$kind" $size $frames
			done
		done
	done
	# loss is not a matter of instructions
	[ -z "${bench_kinds:-}" ] || return 0
	for kind; do
		crowd_acquaint "$kind" $everyone
		read -r _ got <<<"$(crowd_sees "$kind" generate "$kind-a" x $everyone 500)"
		measured loss "$kind" "$(awk "BEGIN { lost = 100 - $got / 5000; printf \"%.2f\", (lost > 0 ? lost : 0) }")"
	done
}

quiet
have pktgen nf_tables
contest 1000 vnicx macvlan ipvlan veth+bridge
contest 100 vnicx+vlan vnicx+clean bridge+vlan bridge+rules
# last, as with it connection tracking looks at all that any stack receives
contestants veth+ovs
ovs_start
contest 1000 veth+ovs
