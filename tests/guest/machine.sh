# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Virtual machines inside a guest: started, spoken to and ended.

declare -A machine_in machine_out machine_pid

# run_machine NAME VNIC QUEUES [OPTION...]: in place of the shell that calls it
run_machine() {
	local name=$1 vnic=$2 queues=$3 dir=/tmp/$1 node fds='' fd
	node=/dev/tap$(<"/sys/class/net/$vnic/ifindex")
	for ((; queues > 0; queues--)); do
		exec {fd}<>"$node"
		fds+=${fds:+:}$fd
	done
	queues=$3
	# One processor for both, and for the host of the two: no need for threads. On a busy
	# one, a kernel that checks its timer while booting finds that it does not work.
	exec qemu-system-x86_64 -accel tcg,thread=single -smp "$queues" -m 256M -nodefaults -display none -no-reboot \
		-kernel "$VNICX_STAGE/bin/vm-kernel" -initrd "$VNICX_STAGE/bin/vm-initrd" \
		-append "console=ttyS0 panic=-1 no_timer_check mitigations=off norandmaps net.ifnames=0 rdinit=/bin/bash -- /tests/guest/agent.sh" \
		-serial "file:$dir/console" -serial "pipe:$dir/line" -netdev "tap,id=n0,fds=$fds${4:+,$4}" \
		-device "virtio-net-pci,netdev=n0,mac=$(<"/sys/class/net/$vnic/address"),mq=on,vectors=$((2 * queues + 2))"
}

# start_machine NAME VNIC QUEUES [OPTION]: by the character device of the vNIC,
# opened for each queue, with a further option for QEMU's side of it
start_machine() {
	local name=$1 dir=/tmp/$1
	rm -rf "$dir"
	mkdir "$dir"
	mkfifo "$dir/line.in" "$dir/line.out"
	run_machine "$@" >"$dir/qemu" 2>&1 &
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
