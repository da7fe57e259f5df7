#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Two senders on two processors, each to a receiver of its own over the same adapter,
# against one: how many times the frames of one they get through, by the clock.
# The processors are emulated, each by a thread, so this wants an idle machine
# with two of them. veth's pairs have nothing in common: they show what it can do.
#
# title: two senders on two processors
# case: cpus times frames of two senders against one
# kernel: 6.1
# measure: clock
# smp: 2
# shellcheck source-path=SCRIPTDIR
. "$VNICX_STAGE/tests/bench/lib.sh"

kinds=(vnicx veth macvlan)
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
			for word in "count $2" "pkt_size 60" "delay 0" "dst_mac ${!to}" "dst 198.18.0.42"; do
				echo "$word" >x$n
			done
		done
		echo start >pgctrl
		for ((n = 0; n < $1; n++)); do
			cat x$n
		done' bash "$2" $frames |
		awk '/^Result: OK: / { sub(/\(.*/, "", $3); rate += $5 / $3 } END { printf "%.6f\n", rate }'
}

silence
have pktgen
for kind in "${kinds[@]}"; do
	spaces "$kind-a" "$kind-b"
	[ "$kind" = veth ] || adapter "$kind"
	options=$(mode "$kind")
	for n in 0 1; do
		case $kind in
		veth) ip link add x$n netns veth-a type veth peer name x$n netns veth-b ;;
		*)
			batch "link add link $kind-low name x$n netns $kind-a type $kind $options" \
				"link add link $kind-low name x$n netns $kind-b type $kind $options"
			;;
		esac
		ip -n "$kind-a" link set x$n up
		ip -n "$kind-b" link set x$n up
		drops "$kind-b" x$n
		to[$kind$n]=$(mac "$kind-b" x$n)
	done
done

for _ in 1 2 3 4 5; do
	for kind in "${kinds[@]}"; do
		export to0=${to[${kind}0]} to1=${to[${kind}1]}
		one=$(senders "$kind" 1)
		two=$(senders "$kind" 2)
		measured cpus "$kind" "$(awk "BEGIN { printf \"%.3f\", $two / $one }")"
	done
done
