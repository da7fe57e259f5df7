# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Virtual machines inside a guest: started, spoken to and ended.

declare -A machine_in machine_out machine_pid

# start_machine NAME VNIC
start_machine() {
	local name=$1 vnic=$2 dir=/tmp/$1
	mkdir "$dir"
	mkfifo "$dir/line.in" "$dir/line.out"
	# one processor for both, and for the host of the two: no need for threads
	qemu-system-x86_64 -accel tcg,thread=single -m 256M -nodefaults -display none -no-reboot \
		-kernel "$VNICX_STAGE/bin/vm-kernel" -initrd "$VNICX_STAGE/bin/vm-initrd" \
		-append "console=ttyS0 panic=-1 mitigations=off net.ifnames=0 rdinit=/bin/bash -- /tests/guest/agent.sh" \
		-serial "file:$dir/console" -serial "pipe:$dir/line" \
		-netdev tap,id=n0,fd=3 -device "virtio-net-pci,netdev=n0,mac=$(<"/sys/class/net/$vnic/address")" \
		3<>"/dev/tap$(<"/sys/class/net/$vnic/ifindex")" >"$dir/qemu" 2>&1 &
	machine_pid[$name]=$!
	# shellcheck disable=SC1083,SC2086 # a name for each descriptor
	exec {machine_in[$name]}>"$dir/line.in" {machine_out[$name]}<"$dir/line.out"
}

# answer NAME: prints what the machine's line says, and has its status
answer() {
	local status output
	read -r -t 120 -u "${machine_out[$1]}" status output || {
		echo "$1 does not answer; the end of its console:"
		tail -n 20 "/tmp/$1/console" "/tmp/$1/qemu"
		return 1
	}
	base64 -d <<<"$output"
	return "$status"
}

# await_machine NAME: until it speaks; prints the release of its kernel
await_machine() {
	answer "$1"
}

# machine NAME COMMANDLINE: runs it there
machine() {
	base64 -w 0 <<<"$2" >&"${machine_in[$1]}"
	echo >&"${machine_in[$1]}"
	answer "$1"
}

stop_machines() {
	local name
	for name in "${!machine_pid[@]}"; do
		kill "${machine_pid[$name]}"
		wait "${machine_pid[$name]}" || :
	done
}
