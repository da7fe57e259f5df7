#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A processor goes while frames wait in its queue. Another one receives them, and
# the processor does not come back before that is done: both would use the queue.
# kernels: 6.12
# cpus: 2
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"
# shellcheck source=helpers/ring.sh
. "${0%/*}/helpers/ring.sh"

# with the sender, as many as are given their copies at once
vnics=14

processor_1() {
	echo "$1" >/sys/devices/system/cpu/cpu1/online
}

# Counts what the stacks of c2 receive, in all and on processor 0.
count() {
	inside c2 nft -f - <<-'EON'
	table inet count {
		counter sum { }
		counter other { }
		chain in {
			type filter hook prerouting priority 0
			counter name sum
			meta cpu 0 counter name other
		}
	}
	EON
}

# received sum|other
received() {
	local shown
	shown=$(inside c2 nft list counter inet count "$1")
	[[ $shown =~ packets\ ([0-9]+) ]]
	echo "${BASH_REMATCH[1]}"
}

# queued: how many copies were ever put into a queue for c2
queued() {
	local sum=0 count
	while read -r count; do
		sum=$((sum + count))
	done < <(inside c2 sh -c 'cat /sys/class/net/w*/statistics/rx_packets')
	echo "$sum"
}

# more_than NUMBER COMMAND...
more_than() {
	local number=$1
	shift
	[ "$("$@")" -gt "$number" ]
}

# busy: processor 1 queues more than it can receive
busy() {
	local before
	before=$(queued)
	inside c1 taskset -c 1 ping -n -q -b -I ring0 -c 8 -l 8 -W 1 192.0.2.255 >/dev/null 2>&1 || :
	until_ok 10 more_than $((before + 10000)) queued
}

# So many wait that there is time to switch the processor on again meanwhile. In
# between, the processor that receives them has time for that.
was=$(sysctl net.core.netdev_max_backlog net.core.netdev_budget | tr -d ' ')
sysctl -qw net.core.netdev_max_backlog=50000 net.core.netdev_budget=64
no_ipv6
ns host c1 c2
ip link add eth0 netns host type dummy
up host eth0 >/dev/null
ip -n host link add link eth0 name v1 netns c1 type vnicx spoofchk off
up c1 v1 >/dev/null
for ((i = 0; i < vnics; i++)); do
	vnic "w$i" c2
done
# each round, v1 sends a copy
ring c1 "dup to v1"
count

for time in first second third; do
	busy
	other=$(received other)
	processor_1 0
	processor_1 1
	all=$(received sum)
	t "frames that wait for a processor that goes are received by another one, the $time time" \
		more_than "$other" received other
	t_is "a processor comes back when all that waited for it have been received, the $time time" \
		"$(queued)" echo "$all"
done

busy
processor_1 0
t "a vNIC is deleted that frames wait for on a processor that is away" ip -n c2 link delete w0
t "a processor comes back after a vNIC was deleted that frames waited for" processor_1 1
busy
processor_1 0
ip netns delete c2
processor_1 1

ns c3
vnic x1 c3
batch_in c1 "link delete ring0" "address add 192.0.2.2/24 dev v1"
t "traffic passes from a processor that came back" \
	inside c3 taskset -c 1 ping -n -q -c 1 -W 2 192.0.2.2
# shellcheck disable=SC2086 # two words
sysctl -qw $was
