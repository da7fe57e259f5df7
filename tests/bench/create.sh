#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Devices over one adapter: making each, by one `ip -batch`, the memory it takes, and
# deleting all of them by deleting the lower device. A dummy, which is over no lower device,
# shows what any device costs; a veth's other end becomes a port of the bridge that
# it has instead of a lower device. Open vSwitch's ports are its daemon's work.
#
# title: making and deleting 1,000 and 10,000
# case: make-1000 instructions/device making 1,000
# case: make-10000 instructions/device making 10,000
# case: memory-1000 kB/device memory, of 1,000
# case: memory-10000 kB/device memory, of 10,000
# case: delete-1000 instructions/device deleting 1,000
# case: delete-10000 instructions/device deleting 10,000
# kernel: 6.1
# measure: counted
# memory: 3G
# timeout: 900
# shellcheck source-path=SCRIPTDIR
. "$VNICX_STAGE/tests/bench/lib.sh"

contestants vnicx macvlan ipvlan

# Memory that the kernel's allocators gave out; free pages depend on what was done before
used_kb() {
	sleep 1
	echo 3 >/proc/sys/vm/drop_caches
	awk '$1 == "Slab:" || $1 == "Percpu:" { kb += $2 } END { print kb }' /proc/meminfo
}

# each CASE KIND NUMBER TOTAL
each() {
	measured "$1-$3" "$2" "$(awk "BEGIN { printf \"%.1f\", ($4) / $3 }")"
}

# make KIND NUMBER: in a namespace KIND-NUMBER
make() {
	local kind=$1 number=$2 where=$1-$2 n begin end before options
	options=$(mode "$kind")
	spaces "$where"
	case $kind in
	veth+bridge) batch_in "$where" "link add lower type bridge" "link set lower up" ;;
	*) batch_in "$where" "link add lower type dummy" "link set lower up" ;;
	esac
	for ((n = 1; n <= number; n++)); do
		case $kind in
		dummy) echo "link add c$n type dummy" ;;
		veth+bridge) printf '%s\n' "link add c$n type veth peer name p$n" "link set p$n master lower" ;;
		*) echo "link add link lower name c$n type $kind $options" ;;
		esac
	done >/tmp/commands
	before=$(used_kb)
	begin=$(now begin)
	ip -n "$where" -batch /tmp/commands
	end=$(now end)
	each make "$kind" "$number" "$end - $begin"
	# freed objects stay with their caches, and would be had for nothing
	[ -n "$again" ] || each memory "$kind" "$number" "$(used_kb) - $before"
	rm /tmp/commands
}

delete() {
	local kind=$1 number=$2 where=$1-$2 begin end
	begin=$(now begin)
	ip -n "$where" link delete lower
	end=$(now end)
	each delete "$kind" "$number" "$end - $begin"
	ip netns delete "$where"
}

numbers=(1000 10000)
[ -z "${bench_kinds:-}" ] || numbers=(1000)
silence
again=
if [ -z "${bench_kinds:-}" ]; then
	make dummy 1000
	make veth+bridge 1000
fi
for number in "${numbers[@]}"; do
	for kind in "${kinds[@]}"; do
		make "$kind" "$number"
	done
done
for number in "${numbers[@]}"; do
	for kind in "${kinds[@]}"; do
		delete "$kind" "$number"
	done
done
[ -z "${bench_kinds:-}" ] || exit 0
again=yes
for _ in 2 3; do
	for kind in "${kinds[@]}"; do
		make "$kind" 1000
		delete "$kind" 1000
	done
done
