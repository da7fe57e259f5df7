#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# kernels: uml uml-smp 6.1
#
# A burst of 500 broadcasts is received completely by 1,000 vNICs. One that is
# longer than the worker's queue loses copies, and every loss is counted.
# also: 6.12-rt
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"

# A short queue, or a worker on a processor of its own might keep up.
everyone=ff:ff:ff:ff:ff:ff
short=10 long_burst=2000 few=20 burst=500 many=1000
# A debugging kernel takes 0.1 ms for a copy and 50 ms for a vNIC.
case $VNICX_KERNEL in
uml*) many=40 ;;
esac

# crowd NAMESPACE NUMBER: so many vNICs, without a word of their own
crowd() {
	local n commands=()
	ns "$1"
	inside "$1" bash -c "echo 1 >/proc/sys/net/ipv6/conf/default/disable_ipv6"
	for ((n = 1; n <= $2; n++)); do
		commands+=("link add link eth0 name c$n netns $1 type vnicx bcqueuelen $short")
	done
	batch_in host "${commands[@]}"
	batch_in "$1" "link set group default up"
}

# received NAMESPACE: "VNICS x PACKETS" of its vNICs, and what they dropped
received() {
	# shellcheck disable=SC2016 # awk expands them
	inside "$1" awk '$1 ~ /^c/ { n[$3]++; dropped += $5 }
		END { for (i in n) printf "%d x %d, ", n[i], i; print dropped " dropped" }' \
		/proc/net/dev
}

# flood WHICH: the sender's flood_queued or flood_overflow
flood() {
	own_counter vm1 v1 "flood_$1"
}

# send COUNT: broadcasts of a protocol that every stack has, ARP, at once
send() {
	frames -q -n "$1" -t 0806 vm1/v1 $everyone
}

no_ipv6
lan_setup
ns vm1
vnic v1 vm1 bcqueuelen $short spoofchk off

crowd few $few
before=$(counter lan eth0 rx_packets)
t "a burst longer than the queue is sent" send $long_burst
queued=$(flood queued) overflow=$(flood overflow)
t "part of a burst longer than the queue overflows it" [ "$overflow" -gt 0 ]
t "queued and lost frames of a burst add up to its length" [ $((queued + overflow)) -eq $long_burst ]
t_is "all of a burst longer than the queue counts as sent" $long_burst counter vm1 v1 tx_packets
t_is "all of a burst longer than the queue reaches the wire" \
	$((before + long_burst)) counter lan eth0 rx_packets
t "every vNIC receives the queued part of a burst" \
	until_ok 20 is_now "$few x $queued, 0 dropped" received few

# Workers of other switches must not wait until this one has nothing left: 1,024 copies are
# as many as it makes at a stretch. User Mode Linux has no tracing.
trace=/sys/kernel/tracing
if [ "$VNICX_KERNEL" = 6.1 ]; then
	[ -e $trace/trace ] || mount -t tracefs tracefs $trace
	echo hist:keys=function.sym >$trace/events/workqueue/workqueue_execute_start/trigger
fi
# turns: how many times the worker has begun
turns() {
	awk '/vnicx_flood_work/ { print $NF }' $trace/events/workqueue/workqueue_execute_start/hist
}

ip -n vm1 link set v1 type vnicx bcqueuelen 1000
crowd many $many
t "a burst of $burst to $many vNICs is sent" send $burst
t "every one of $many vNICs receives all of the burst" \
	until_ok 30 is_now "$many x $burst, 0 dropped" received many
t_is "nothing of a burst that fits overflows the queue" "$overflow" flood overflow
t_is "all of a burst that fits is queued" $((queued + burst)) flood queued
[ "$VNICX_KERNEL" != 6.1 ] || t "the worker has begun anew for each of the burst's frames" [ "$(turns)" -ge $burst ]
