#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# kernels: uml-smp 6.1
#
# insmod vnicx.ko threaded=1: threads receive what vNICs send each other.
# also: 6.12-rt
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"

# threads: how many there are
threads() {
	local file name count=0
	for file in /proc/[0-9]*/comm; do
		{ read -r name <"$file"; } 2>/dev/null || continue
		[[ $name != napi/vnicx-* ]] || count=$((count + 1))
	done
	echo "$count"
}

# switches: how often they came to run
switches() {
	local file line name='' sum=0
	for file in /proc/[0-9]*/status; do
		while read -ra line; do
			[ "${line[0]:-}" != Name: ] || name=${line[1]}
			[[ $name != napi/vnicx-* || ${line[0]:-} != voluntary_ctxt_switches: ]] ||
				sum=$((sum + line[1]))
		done 2>/dev/null <"$file" || :
	done
	echo "$sum"
}

# by_threads COMMAND...: they come to run for it
by_threads() {
	local before
	before=$(switches)
	"$@"
	[ "$(switches)" -gt "$before" ]
}

# from_everywhere COUNT: so many frames from each processor to v2, as fast as they go
from_everywhere() {
	local cpu to senders=()
	to=$(mac vm2 v2)
	for ((cpu = 0; cpu < $(nproc); cpu++)); do
		taskset -c "$cpu" frames -q -n "$1" -t 0806 vm1/v1 "$to" &
		senders+=($!)
	done
	wait "${senders[@]}"
}

# accounted: how many frames v2 has received, or counted as dropped
accounted() {
	echo "$(($(counter vm2 v2 rx_packets) + $(counter vm2 v2 rx_dropped)))"
}

t_is "no thread receives without threaded=1" 0 threads
reload threaded=1
t_is "each processor has a thread with threaded=1" "$(nproc --all)" threads
lan_setup
ip -n host address add 192.0.2.2/24 dev eth0
ns vm1 vm2
vnic v1 vm1 spoofchk off
vnic v2 vm2 spoofchk off
t "vNICs ping each other by threads" by_threads pings vm1 "$(ip4 v2)"
t "the host pings a vNIC by threads" by_threads pings host "$(ip4 v1)"
t "TCP by threads is whole" stream vm1 vm2 "$(ip4 v2)"
inside vm1 ethtool -K v1 tso off gso off
inside vm2 ethtool -K v2 gro on
t "TCP by threads to a GRO vNIC is merged" streams_in 1515-70000 -n 4000000 vm1 vm2 "$(ip4 v2)"
inside vm2 ethtool -K v2 gro off
# nobody is asked whether it is still there
ip -n vm1 address flush dev v1
ip -n vm2 address flush dev v2
before=$(accounted)
t "each processor sends, and none waits for its thread" from_everywhere 50000
t "every frame is received or counted as dropped" \
	until_ok 10 is_now $((before + 50000 * $(nproc))) accounted
unload
t_is "the threads go with the module" 0 threads
