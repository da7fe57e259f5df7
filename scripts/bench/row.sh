# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154 # lib.sh comes before it; its user sets bin
#
# Sourced by bench.sh and profile.sh: the rows, what their guests need, and one run of a row.

# The order in which results are shown
rows=(switch policy xdp bursts flood group lookup uplink uplink-over host latency netkit wire-rr wire-gro stream stream-file
	gro tap tap-gso tap-stack vhost afxdp overload create memory cpus cpus-host rate)

# row_header ROW WORD: what its head says of that
row_header() {
	header "$top/tests/bench/$1.sh" "$2"
}

# row_kernel ROW: the one that its head says, or bench.sh
row_kernel() {
	echo "${kernel_of_rows:-$(row_header "$1" kernel)}"
}

list_rows() {
	local row
	for row in "${rows[@]}"; do
		printf '%-12s  %s\n' "$row" "$(row_header "$row" title)"
	done
}

is_row() {
	[[ " ${rows[*]} " = *" $1 "* ]]
}

# Small programs that rows need, static: the guest may have other libraries.
build_helpers() {
	local source
	for source in "$top"/tests/bench/*.c "$top"/tests/netns/helpers/{craft,xdp-pin}.c; do
		gcc -static -O2 -Wall -Wextra -Werror -o "$bin/$(basename "$source" .c)" "$source"
	done
}

# fill_bin ovs|no-ovs: all that a guest has on its PATH for rows, with Open vSwitch or without
fill_bin() {
	bash "$top/scripts/plugin.sh" "$bin"
	build_helpers
	[ "$1" = no-ovs ] || cp -r "$(bash "$top/scripts/ovs.sh")" "$bin/ovs"
}

# run_row ROW OPTION...: its guest, with further options of vm.sh
run_row() {
	local row=$1 kernel modules options=() word value limit
	kernel=$(row_kernel "$row")
	modules=$(bash "$top/scripts/build.sh" "$kernel")
	[ "$(row_header "$row" measure)" != counted ] || options+=(--count)
	# what two processors get through, if neither waits for the other to have its turn
	[[ $(row_header "$row" measure) != clock || $kernel = uml* ]] || options+=(--at-once)
	[[ " $(row_header "$row" needs) " != *" netkit "* ]] || cp -ru "$(bash "$top/scripts/iproute2.sh")/." "$bin/"
	for word in smp memory append; do
		value=$(row_header "$row" $word)
		[ -z "$value" ] || options+=("--$word" "$value")
	done
	limit=$(row_header "$row" timeout)
	limit=${limit:-300}
	bash "$top/scripts/vm.sh" --kernel "$kernel" --modules "$modules" --load "vnicx vnicx_tap" --bin "$bin" \
		"${options[@]}" "${@:2}" --timeout $((limit + 900)) --script-timeout "$limit" \
		-c ". /mnt/tests/bench/$row.sh"
}
