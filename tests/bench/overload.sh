#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A receiver slower than its sender: how many of 1,000 frames are lost, and where they are
# counted. pktgen sends, which nothing holds back, or UDP sockets, which wait while their send
# buffers are full; fifty rules of tc make the receiving stack slow, and the
# last of them counts. A second processor receives by RPS, or by a thread for each NAPI
# instance. A socket's reader and a virtual machine take half of what is sent to them.
# veth+fifo is veth+gro with a qdisc at the sender: the newest kernel stops it while the
# ring is full.
#
# title: a receiver slower than its sender
# case: one lost/1,000 to a stack on the sender's processor
# case: many lost/1,000 two processors send, to one stack on both
# case: two lost/1,000 to a stack on another processor (RPS)
# case: two-1 lost/1,000 the same, one UDP socket sends
# case: two-8 lost/1,000 the same, eight UDP sockets send
# case: two-8-long lost/1,000 the same, netdev_max_backlog is 10,000
# case: thread lost/1,000 to a stack in a thread
# case: thread-1 lost/1,000 the same, one UDP socket sends
# case: thread-8 lost/1,000 the same, eight UDP sockets send
# case: thread-8-long lost/1,000 the same, netdev_max_backlog is 10,000
# case: socket lost/1,000 to a UDP socket whose reader takes half
# case: vhost lost/1,000 to a virtual machine, by vhost-net, that takes half
# kernel: 6.1
# measure: clock
# smp: 2
# timeout: 600
# shellcheck source-path=SCRIPTDIR
. "$VNICX_STAGE/tests/bench/lib.sh"

frames=10000

# slow NAMESPACE DEVICE: what it receives, it drops after long thought
slow() {
	local n
	{
		echo "qdisc add dev $2 clsact"
		for n in {1..50}; do
			echo "filter add dev $2 ingress pref $n matchall action continue"
		done
		echo "filter add dev $2 ingress pref 51 matchall action drop"
	} | tc -n "$1" -batch -
}

# arrived NAMESPACE DEVICE: when no more come
arrived() {
	local n before=none
	while n=$(dropped "$1" "$2" | tail -n 1) && [ "$n" != "$before" ]; do
		before=$n
		sleep 0.3
	done
	echo "$n"
}

# places NAMESPACE...: all that counts drops, and how many
places() {
	local space hex n=0
	for space; do
		# shellcheck disable=SC2016 # awk's
		inside "$space" bash -c 'cd /sys/class/net && grep . */statistics/[rt]x_dropped
			ethtool -S x 2>/dev/null | sed -n "s, *\(.*drop.*\|.*overflow\): ,x/\1:,p"
			awk "/^Udp: [0-9]/ { print \"RcvbufErrors:\" \$6 }" /proc/net/snmp' |
			sed "s,statistics/,,; s,.*,$space/&,; s/:/ /"
	done
	while read -r _ hex _; do
		n=$((n + 0x$hex))
	done </proc/net/softnet_stat
	echo "softnet_stat $n"
}

# overload CASE KIND NAMESPACES COMMAND...: prints what the command does, and which of the
# places counted it
overload() {
	local value
	read -ra spaces <<<"$3"
	places "${spaces[@]}" >/tmp/before
	value=$("${@:4}")
	places "${spaces[@]}" >/tmp/after
	measured "$1" "$2" "$value"
	awk -v what="$1 $2" 'FNR == NR { n[$1] = $2; next }
		$2 > n[$1] { where = where " " $1 " " $2 - n[$1] }
		END { print "counted: " what ":" (where ? where : " nothing") }' /tmp/before /tmp/after
}

# flood KIND CPU...: by pktgen on these; prints how many of 1,000 did not arrive
flood() {
	local kind=$1 before sent
	before=$(dropped "$kind-b" x | tail -n 1)
	# shellcheck disable=SC2016 # the shell inside expands them
	sent=$(inside "$kind-a" bash -c '
		cd /proc/net/pktgen
		for n in 0 1; do
			echo rem_device_all >kpktgend_$n
		done
		for n in "${@:3}"; do
			echo "add_device x@$n" >kpktgend_$n
			for word in "count $2" "pkt_size 60" "delay 0" "clone_skb 0" "dst_mac $1" "dst 198.18.0.42"; do
				echo "$word" >"x@$n"
			done
		done
		echo start >pgctrl
		for n in "${@:3}"; do
			cat "x@$n"
		done' bash "$(mac "$kind-b" x)" $frames "${@:2}" |
		awk '$1 == "pkts-sofar:" { n += $2 + $4 } END { print n }')
	awk "BEGIN { printf \"%.1f\n\", 1000 - 1000 * ($(arrived "$kind-b" x) - $before) / $sent }"
}

# speak KIND SOCKETS: prints how many of 1,000 did not arrive
speak() {
	local before
	before=$(dropped "$1-b" x | tail -n 1)
	taskset -c 0 udp-flood "$1-a" 198.18.0.42 "$2" $frames
	awk "BEGIN { printf \"%.1f\n\", 1000 - 1000 * ($(arrived "$1-b" x) - $before) / $frames }"
}

# sockets CASE KIND: UDP sockets send
sockets() {
	local n
	# nobody answers the question for it
	ip -n "$2-a" neigh replace 198.18.0.42 lladdr "$(mac "$2-b" x)" dev x nud permanent
	for n in 1 8; do
		overload "$1-$n" "$2" "here $2-a $2-b" speak "$2" $n
	done
	sysctl -q net.core.netdev_max_backlog=10000
	overload "$1-8-long" "$2" "here $2-a $2-b" speak "$2" 8
	sysctl -q net.core.netdev_max_backlog=1000
}

# receive_by KIND MASK: by RPS to these processors; macvlan hands frames to the lower device's
# receive path
receive_by() {
	local where=$1-b device=x
	[ "$1" != macvlan ] || where=here device=macvlan-low
	inside "$where" tee "/sys/class/net/$device/queues/rx-0/rps_cpus" <<<"$2" >/dev/null
}

quiet
have pktgen vhost_net act_gact cls_matchall

# prepare KIND
prepare() {
	pair "$1"
	case $1 in
	veth+gro | veth+fifo)
		# NAPI, which may be a thread, is for a peer whose frames come one by one
		inside "$1-b" ethtool -K x gro on
		inside "$1-a" ethtool -K x tso off
		;;
	esac
	acquaint "$1"
	[ "$1" != veth+fifo ] || tc -n "$1-a" qdisc add dev x root pfifo limit 1000
}

contestants vnicx veth veth+gro veth+fifo macvlan veth+bridge
for kind in "${kinds[@]}"; do
	prepare "$kind"
done
for _ in $(rounds 3); do
	for kind in "${kinds[@]}"; do
		overload socket "$kind" "here $kind-a $kind-b" udp-lost "$kind-a" "$kind-b" 198.18.0.42 $frames
	done
done
for kind in "${kinds[@]}"; do
	slow "$kind-b" x
done
for _ in $(rounds 3); do
	for kind in "${kinds[@]}"; do
		overload one "$kind" "here $kind-a $kind-b" flood "$kind" 0
		overload many "$kind" "here $kind-a $kind-b" flood "$kind" 0 1
		receive_by "$kind" 2
		overload two "$kind" "here $kind-a $kind-b" flood "$kind" 0
		sockets two "$kind"
		receive_by "$kind" 0
	done
done

ip link delete bridge0
# shellcheck source-path=SCRIPTDIR
. "$VNICX_STAGE/tests/bench/taps.sh"
for _ in $(rounds 3); do
	for kind in "${kinds[@]}"; do
		overload vhost "$kind" here vhost-rate "${from_path[$kind]}" "${to_path[$kind]}" $to $frames lost
	done
done

# Threads are a parameter of the module's.
for kind in vnicx-low vnicxtap-low; do
	ip link delete $kind
done
ip netns delete vnicx-a
ip netns delete vnicx-b
until rmmod vnicx_tap vnicx; do sleep 0.1; done
insmod "$VNICX_STAGE/modules/vnicx.ko" threaded=1
contestants vnicx veth+gro veth+fifo
for kind in "${kinds[@]}"; do
	case $kind in
	veth+*) inside "$kind-b" bash -c 'echo 1 >/sys/class/net/x/threaded' ;;
	*) prepare "$kind" && slow "$kind-b" x ;;
	esac
done
for _ in $(rounds 3); do
	for kind in "${kinds[@]}"; do
		overload thread "$kind" "here $kind-a $kind-b" flood "$kind" 0
		sockets thread "$kind"
	done
done
