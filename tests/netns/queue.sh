#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# kernels: uml uml-smp 6.1
#
# Flooded frames wait in a queue for their copies: each vNIC says how many it wants
# to wait, the switch uses the largest number, and frames without room are counted.
# also: 6.12-rt
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"

# A few times the burst fits into the CPU's queue, should softirq come late.
everyone=ff:ff:ff:ff:ff:ff burst=100 few=8 many=20

# want LENGTH of v1
want() {
	ip -n vm link set v1 type vnicx bcqueuelen "$1"
}

# lengths: what v1 wants, and what is used
lengths() {
	local line
	line=$(ip -n vm -d -o link show v1)
	[[ $line =~ \ bcqueuelen\ ([0-9]+)\ .*\ usedbcqueuelen\ ([0-9]+)\  ]]
	echo "${BASH_REMATCH[1]} ${BASH_REMATCH[2]}"
}

# flooded WHICH: v1's flood_queued or flood_overflow
flooded() {
	own_counter vm v1 "flood_$1"
}

# add FIRST LAST: vNICs that listen
add() {
	local commands=() n
	for ((n = $1; n <= $2; n++)); do
		commands+=("link add link eth0 name c$n netns crowd type vnicx bcqueuelen 3")
	done
	batch_in host "${commands[@]}"
	batch_in crowd "link set group default up"
}

# received: how much each listener did, and how many did so, as "200x12 3x8"
received() {
	# shellcheck disable=SC2016 # awk expands them
	inside crowd awk '$1 ~ /^c/ { print $3 }' /proc/net/dev | sort -rn | uniq -c |
		awk '{ printf "%s%sx%s", (NR == 1 ? "" : " "), $2, $1 }'
}

# at_once: v1 sends the burst before the worker makes a copy of any: both may run on one
# processor only, and the sender keeps it
at_once() {
	local mask=/sys/devices/virtual/workqueue/cpumask everywhere
	read -r everywhere <$mask
	echo 1 >$mask
	taskset -c 0 frames -q -n $burst -t 0806 vm/v1 $everyone
	echo "$everywhere" >$mask
}

no_ipv6
lan_setup
ns vm crowd
inside crowd bash -c "echo 1 >/proc/sys/net/ipv6/conf/default/disable_ipv6"
vnic v1 vm spoofchk off
t_is "a vNIC wants a queue of 1000 unless told otherwise" "1000 1000" lengths
t "a vNIC can want a queue of 10" want 10
t_is "the queue has the 10 that the only vNIC wants" "10 10" lengths
vnic v2 vm bcqueuelen 500
t_is "the queue has 500 when two vNICs want 10 and 500" "10 500" lengths
want 600
t_is "the queue has 600 when two vNICs want 600 and 500" "600 600" lengths
want 20
t_is "the queue has 500 when two vNICs want 20 and 500" "20 500" lengths
ip -n vm link delete v2
t_is "the queue has 20 when the vNIC that wants 500 is gone" "20 20" lengths
t "the machine's administrator may have a queue of 100000" want 100000
t_is "the queue has the 100000 that the administrator wants" "100000 100000" lengths
t "the machine's administrator may have a queue of 4294967295" want 4294967295
t_is "the queue has the 4294967295 that the administrator wants" "4294967295 4294967295" lengths
t_fails "a queue of 4294967296 is refused" "0 to 4294967295" want 4294967296
t_fails "a namespace's administrator may not have a queue of 1001" \
	"above 1000 needs CAP_NET_ADMIN over the machine" \
	unshare -Urn sh -c "ip link add own type dummy && ip link add link own type vnicx bcqueuelen 1001"
t "a namespace's administrator may have a queue of 1000" \
	unshare -Urn sh -c "ip link add own type dummy && ip link add link own type vnicx bcqueuelen 1000"

# A frame to a handful is copied at once, so it needs no queue.
want 0
add 1 $((few - 1))
frames -q -n $burst -t 0806 vm/v1 $everyone
t "a few vNICs receive a burst without any queue" \
	until_ok 10 is_now "${burst}x$((few - 1))" received
t_is "no frame for a few vNICs is queued" 0 flooded queued

add $few $many
before=$(counter lan eth0 rx_packets)
at_once
queued=$(flooded queued) overflow=$(flooded overflow)
t "most of a burst to many finds no room in a queue of 3" [ "$overflow" -gt $((burst / 2)) ]
t_is "queued and lost frames of a burst add up to its length" $burst echo $((queued + overflow))
t_is "the wire gets all of a burst that overflows the queue" $((before + burst)) counter lan eth0 rx_packets
t "every listener gets the queued part of a burst" until_ok 10 is_now \
	"$((burst + queued))x$((few - 1)) ${queued}x$((many - few + 1))" received
want $burst
frames -q -n $burst -t 0806 vm/v1 $everyone
t_is "a queue as long as the burst has room for all" $((queued + burst)) flooded queued
t_is "a queue as long as the burst loses no frame" "$overflow" flooded overflow
