#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# How exact a rate is: by how much the bytes of a vNIC with max_tx_rate differ from it over
# ten seconds of the guest's clock, as a wire has them. More than that is sent, from one
# processor, or from both at once, which share a bucket. Bursts are of two seconds or more:
# what a sender misses while its emulated processor waits, it may send afterwards.
#
# title: how far off a rate is in 10 seconds
# case: tcp-1 % 5 Mbit/s of TCP in frames of MTU size, one processor
# case: tcp-2 % 5 Mbit/s of TCP in frames of MTU size, two processors
# case: udp-1 % 5 Mbit/s of UDP, 1,000 bytes each, one processor
# case: udp-2 % 5 Mbit/s of UDP, 1,000 bytes each, two processors
# case: gso-1 % 200 Mbit/s of a virtual machine's super-frames, 64 kB each, one processor
# case: gso-2 % 200 Mbit/s of a virtual machine's super-frames, 64 kB each, two processors
# kernel: 6.1
# measure: clock
# smp: 2
# timeout: 600
# shellcheck source-path=SCRIPTDIR
. "$VNICX_STAGE/tests/bench/lib.sh"
# shellcheck source=../netns/helpers/average.sh
. "$VNICX_STAGE/tests/netns/helpers/average.sh"

contestants vnicx
# shellcheck disable=SC2034 # read in average.sh
window=10000000
senders=()

# sends PROCESSOR NAMESPACE COMMAND...: in the background, on that one, from 1 on
sends() {
	ip netns exec "$2" taskset "$1" "${@:3}" >/dev/null 2>&1 &
	senders+=("$!")
}

# deviation NAMESPACE DEVICE BITS [HEADER SEGMENT]: of the average, in per cent; the last words
# as for measure() of average.sh
deviation() {
	# shellcheck disable=SC2016 # the shell inside expands them
	inside "$1" bash -c "$(declare -f next_drop counted); window=$window"'
		counted "$1" tx || exit
		bytes=$((bytes + ${3:-0} * (bytes - packets * ${3:-0}) / ${4:-1} - packets * ${3:-0}))
		echo "$bytes bytes in $microseconds us" >&2
		awk -v rate="$((bytes * 8000000 / microseconds))" -v wanted="$2" \
			"BEGIN { off = (rate / wanted - 1) * 100; printf \"%.2f\n\", off < 0 ? -off : off }"' \
		bash "${@:2}"
}

# ends CASE NAMESPACE DEVICE BITS [HEADER SEGMENT]: measures what is sent, and ends the senders
ends() {
	local value
	sleep 1
	value=$(deviation "${@:2}")
	measured "$1" vnicx "$value"
	kill "${senders[@]}" 2>/dev/null || :
	wait "${senders[@]}" 2>/dev/null || :
	senders=()
}

quiet
pair vnicx
ip -n vnicx-a link set x type vnicx max_tx_rate 5mbit burst 2m
inside vnicx-a ethtool -K x tso off gso off >/dev/null
for port in 1 2; do
	inside vnicx-b iperf3 -s -p $port -D >/dev/null
done
batch "link add link vnicx-low name vm address 02:00:00:00:00:99 type vnicxtap max_tx_rate 200mbit burst 50m" "link set vm up"
tap=/dev/tap$(</sys/class/net/vm/ifindex)

for _ in $(rounds 3); do
	for cpus in 1 2; do
		for ((cpu = 1; cpu <= cpus; cpu++)); do
			sends $cpu vnicx-a iperf3 -c 198.18.0.42 -p $cpu -t 60
		done
		ends tcp-$cpus vnicx-a x 5000000
		for ((cpu = 1; cpu <= cpus; cpu++)); do
			sends $cpu vnicx-a iperf3 -c 198.18.0.42 -p $cpu -t 60 -u -b 7m -l 1000
		done
		ends udp-$cpus vnicx-a x 5000000
		for ((cpu = 1; cpu <= cpus; cpu++)); do
			sends $cpu here tap-rate "$tap" - 02:00:00:00:00:01 1000000000 gso
		done
		ends gso-$cpus here vm 200000000 54 1448
	done
done
