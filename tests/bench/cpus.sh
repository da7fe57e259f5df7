#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Two senders on two processors, each to a receiver of its own over the same adapter,
# against one: how many times the frames of one they get through, by the clock.
# The processors are emulated, each by a thread, so this wants an idle machine
# with two of them. veth's pairs have nothing in common: they show what it can do. With
# vnicx+rate, senders have rates that they stay below.
#
# title: two senders on two processors
# case: cpus times frames of two senders against one
# kernel: 6.1
# measure: clock
# smp: 2
# needs: ovs
# shellcheck source-path=SCRIPTDIR
. "$VNICX_STAGE/tests/bench/lib.sh"

contestants vnicx vnicx+rate veth macvlan ipvlan veth+bridge veth+ovs
frames=100000
declare -A to

# senders KIND NUMBER: frames per second of that many, together
senders() {
	# shellcheck disable=SC2016 # the shell inside expands them
	inside "$1-a" bash -c '
		cd /proc/net/pktgen
		for n in 0 1; do
			echo rem_device_all >kpktgend_$n
		done
		for ((n = 0; n < $1; n++)); do
			echo "add_device x$n" >kpktgend_$n
			to=to$n
			for word in "count $2" "pkt_size 60" "delay 0" "dst_mac ${!to}" "dst 198.18.0.$((42 + n))"; do
				echo "$word" >x$n
			done
		done
		echo start >pgctrl
		for ((n = 0; n < $1; n++)); do
			cat x$n
		done' bash "$2" $frames |
		awk '/^Result: OK: / { sub(/\(.*/, "", $3); rate += $5 / $3 } END { printf "%.6f\n", rate }'
}

# two KIND: two pairs, x0 and x1 in KIND-a and in KIND-b
two() {
	local kind=$1 a=$1-a b=$1-b n options
	options=$(mode "$kind")
	spaces "$a" "$b"
	case $kind in
	veth | veth+ovs) ;;
	veth+bridge) batch "link add bridge0 type bridge mcast_snooping 0" "link set bridge0 up" ;;
	*) adapter "$kind" ;;
	esac
	for n in 0 1; do
		case $kind in
		veth) ip link add x$n netns "$a" type veth peer name x$n netns "$b" ;;
		veth+bridge | veth+ovs)
			batch "link add x$n netns $a type veth peer name $kind-a$n" \
				"link add x$n netns $b type veth peer name $kind-b$n" \
				"link set $kind-a$n up" "link set $kind-b$n up"
			;;&
		veth+bridge) batch "link set $kind-a$n master bridge0" "link set $kind-b$n master bridge0" ;;
		veth+ovs) ovs ovs-vsctl add-port ovs0 "$kind-a$n" -- add-port ovs0 "$kind-b$n" 2>/dev/null ;;
		vnicx* | macvlan | ipvlan)
			batch "link add link $kind-low name x$n netns $a type ${kind%+*} $options" \
				"link add link $kind-low name x$n netns $b type ${kind%+*} $options"
			;;
		esac
		[ "$kind" != vnicx+rate ] || ip -n "$a" link set x$n type vnicx max_tx_rate 100gbit
		ip -n "$a" link set x$n up
		ip -n "$b" link set x$n up
		# ipvlan delivers by this
		ip -n "$b" address add 198.18.0.$((42 + n))/32 dev x$n
		drops "$b" x$n
		to[$kind$n]=$(mac "$b" x$n)
	done
	# bridges learn where both are, and a daemon what to do
	for n in 0 1; do
		generate "$b" x$n "$(mac "$a" x$n)" 32 "dst 198.18.0.77" >/dev/null
		generate "$a" x$n "${to[$kind$n]}" 32 "dst 198.18.0.$((42 + n))" >/dev/null
	done
}

quiet
have pktgen
ovs_start
for kind in "${kinds[@]}"; do
	two "$kind"
done

for round in $(rounds 5); do
	for kind in $(turns "$round"); do
		export to0=${to[${kind}0]} to1=${to[${kind}1]}
		one=$(senders "$kind" 1)
		two=$(senders "$kind" 2)
		measured cpus "$kind" "$(awk "BEGIN { printf \"%.3f\", $two / $one }")"
	done
done
