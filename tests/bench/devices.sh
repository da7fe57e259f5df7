# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# For the rows that make many devices over one adapter.

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
	[ -n "${again:-}" ] || each memory "$kind" "$number" "$(used_kb) - $before"
	rm /tmp/commands
}
