#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The row switch, with more and more devices on the adapter. Frames go to eight of
# them in turn, as a table's chains are not equally long. A bridge has no room for
# 10,000, and for Open vSwitch there would be as many to make and to look after.
#
# title: 60-byte frames among 10, 1,000 and 10,000
# case: 10 instructions/frame among 10
# case: 1000 instructions/frame among 1,000
# case: 10000 instructions/frame among 10,000
# kernel: 6.1
# measure: counted
# memory: 3G
# timeout: 900
# needs: ovs
# shellcheck source-path=SCRIPTDIR
. "$VNICX_STAGE/tests/bench/lib.sh"
# shellcheck source-path=SCRIPTDIR
. "$VNICX_STAGE/tests/bench/crowd.sh"

frames=2000

# eighths KIND SIZE COMMAND...: for each of eight devices of the crowd, with its
# name, its address and its IP address
eighths() {
	local kind=$1 size=$2 n
	shift 2
	for n in {1..8}; do
		n=$((size * n / 8))
		"$@" "$kind" c$n "$(mac "$kind-c" c$n)" "$(crowd_ip $n)"
	done
}

# send KIND DEVICE MAC IP: to that; prints the cost of one, or "lost". A frame that is
# lost once, when softirqs are left to their daemon, is sent again.
send() {
	local before value
	for _ in 1 2 3; do
		before=$(crowd_got "$1")
		value=$(generate "$1-a" x "$3" $frames "dst $4")
		if [ $(($(crowd_got "$1") - before)) -ge $((frames * 998 / 1000)) ]; then
			echo "$value"
			return
		fi
	done
	echo lost
}

# meet KIND DEVICE MAC IP: bridges learn where both are, and a daemon what to do
meet() {
	generate "$1-c" "$2" "$(mac "$1-a" x)" 32 >/dev/null
	generate "$1-a" x "$3" 32 "dst $4" >/dev/null
}

# round KIND SIZE
round() {
	case $1 in
	veth+*)
		eighths "$1" "$2" meet
		sleep 0.2
		;;
	esac
	measured "$2" "$1" "$(eighths "$1" "$2" send |
		awk '/lost/ { lost = 1 } { sum += $1 } END { if (lost) print "lost"; else printf "%.1f\n", sum / NR }')"
}

# contest SIZE FROM KIND...: among SIZE, of which those below FROM are there
contest() {
	local size=$1 from=$2 kind
	wanted "${@:3}" && reaches "$size" || return 0
	crowds "$from" "$size" "${kinds[@]}"
	wants "$size" || return 0
	for _ in $(rounds 3); do
		measured "$size" floor "$(generate here floor-low 02:00:00:00:00:01 $frames)"
		for kind in "${kinds[@]}"; do
			round "$kind" "$size"
		done
	done
}

quiet
have pktgen
adapter floor
contestants vnicx macvlan ipvlan veth+bridge
for kind in "${kinds[@]}"; do
	pair "$kind"
done
contest 10 1 vnicx macvlan ipvlan veth+bridge
contest 1000 11 vnicx macvlan ipvlan veth+bridge
if wanted veth+ovs; then
	ovs_start
	pair veth+ovs
	contest 10 1 veth+ovs
	contest 1000 11 veth+ovs
	ovs_stop
fi
contest 10000 1001 vnicx macvlan ipvlan
