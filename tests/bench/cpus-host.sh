#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Two senders on two processors, a namespace that sends to the host and the host that sends to a
# namespace, over the same adapter: how much of what each gets through alone, added up, by the
# clock. 2 if neither is in the other's way. veth's two pairs have nothing in common.
#
# title: to the host and from it at once, on two processors
# case: cpus-host times frames of both at once against each alone
# kernel: 6.1
# measure: clock
# smp: 2
# shellcheck source-path=SCRIPTDIR
. "$VNICX_STAGE/tests/bench/lib.sh"

contestants vnicx veth veth+bridge
frames=100000
declare -A end0 end1

# load NAMESPACE PROCESSOR DEVICE MAC: what pktgen is to send there
load() {
	# shellcheck disable=SC2016 # the shell inside expands them
	inside "$1" bash -c '
		cd /proc/net/pktgen
		echo "add_device $2" >kpktgend_$1
		for word in "count $4" "pkt_size 60" "delay 0" "dst_mac $3" "dst 198.18.0.42" "xmit_mode queue_xmit"; do
			echo "$word" >"$2"
		done' bash "$2" "$3" "$4" $frames
}

# rate NAMESPACE DEVICE: pktgen sends, and prints frames per microsecond
rate() {
	# shellcheck disable=SC2016
	inside "$1" bash -c 'cd /proc/net/pktgen; echo start >pgctrl; cat "$1"' bash "$2" |
		awk '/^Result: OK: / { sub(/\(.*/, "", $3); printf "%.6f\n", $5 / $3 }'
}

# both KIND: how much of their frames alone they get through at once
both() {
	local kind=$1 from=${end1[$1]} out in sum
	out=$(rate "$kind-a" x0)
	in=$(rate here "$from")
	rate "$kind-a" x0 >/tmp/out &
	sum=$(rate here "$from")
	wait $!
	awk "BEGIN { printf \"%.3f\n\", $(</tmp/out) / $out + $sum / $in }"
}

# connect KIND: x0 and x1 in KIND-a, and the devices that are the host's ends of them
connect() {
	local kind=$1 a=$1-a n
	spaces "$a"
	end0[$kind]=host0 end1[$kind]=host1
	case $kind in
	veth) batch "link add x0 netns $a type veth peer name host0" "link add x1 netns $a type veth peer name host1" ;;
	veth+bridge)
		batch "link add bridge0 type bridge mcast_snooping 0"
		for n in 0 1; do
			batch "link add x$n netns $a type veth peer name port$n" "link set port$n master bridge0 up"
		done
		end0[$kind]=bridge0 end1[$kind]=bridge0
		;;
	*)
		adapter "$kind"
		batch "link add link $kind-low name x0 netns $a type $kind" "link add link $kind-low name x1 netns $a type $kind"
		end0[$kind]=$kind-low end1[$kind]=$kind-low
		;;
	esac
	batch "link set ${end0[$kind]} up" "link set ${end1[$kind]} up"
	batch_in "$a" "link set x0 up" "link set x1 up"
	drops "$a" x1
	drops here "${end0[$kind]}"
	# a bridge learns where both are
	load "$a" 0 x0 "$(mac here "${end0[$kind]}")"
	load "$a" 1 x1 "$(mac here "${end1[$kind]}")"
	inside "$a" bash -c 'cd /proc/net/pktgen; echo "count 32" >x1; echo start >pgctrl; echo rem_device_all >kpktgend_1'
}

quiet
have pktgen
for kind in "${kinds[@]}"; do
	connect "$kind"
done

for round in $(rounds 5); do
	for kind in $(turns "$round"); do
		inside here bash -c 'echo rem_device_all >/proc/net/pktgen/kpktgend_1'
		load here 1 "${end1[$kind]}" "$(mac "$kind-a" x1)"
		measured cpus-host "$kind" "$(both "$kind")"
	done
done
