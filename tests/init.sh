#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The first process of every guest. Runs the scripts that the host chose, one
# by one, and writes KTAP to a channel of its own: a serial line that is not the
# console, so that results and the kernel's log never mix.
#
# Should it fail, the kernel panics for want of an init, and the host sees that.
# shellcheck disable=SC2154 # kernel, channel, scripts, net, results: from guest.conf
set -euo pipefail

# The host's staging directory, under one name in both kinds of guest: User
# Mode Linux sees it in the host's file system, which is about to be covered.
enter_stage() {
	# unconditionally: what looks like one there is the host's
	mount -t proc proc /proc
	if [ "${vnicx_stage:?}" != /mnt ]; then
		mount --bind "$vnicx_stage" /mnt
	fi
	# shellcheck source=/dev/null
	. /mnt/guest.conf
	# shellcheck source=splats.sh
	. /mnt/tests/splats.sh
	# shellcheck source=guest/modules.sh
	. /mnt/tests/guest/modules.sh
	# shellcheck source=guest/nap.sh
	. /mnt/tests/guest/nap.sh
	# shellcheck source=guest/tidy.sh
	. /mnt/tests/guest/tidy.sh
}

mount_all() {
	mount -t sysfs sysfs /sys
	grep -q ' /dev devtmpfs ' /proc/mounts || mount -t devtmpfs devtmpfs /dev
	mkdir -p /dev/pts /dev/shm
	mount -t devpts devpts /dev/pts
	local dir
	for dir in /dev/shm /run /tmp; do
		mount -t tmpfs tmpfs "$dir"
	done
	mount -t debugfs debugfs /sys/kernel/debug
	mount -t configfs configfs /sys/kernel/config 2>/dev/null || :
	mkfifo /tmp/pipe /tmp/nap
	[ -e /dev/fd ] || ln -s /proc/self/fd /dev/fd
}

set_environment() {
	export PATH=/mnt/bin:/usr/local/sbin:/usr/sbin:/sbin:/usr/local/bin:/usr/bin:/bin
	export HOME=/tmp LC_ALL=C VNICX_STAGE=/mnt VNICX_KERNEL=$kernel
	unset vnicx_stage TERM
	ulimit -c 0
	ip link set lo up
	# a kernel with tunnels built in would put one of each kind into every namespace
	echo 1 >/proc/sys/net/core/fb_tunnels_only_for_init_net
}

# A mark in the kernel's log tells its reader which script a message belongs to.
mark() {
	echo "vnicx-guest: $*" >/dev/kmsg
}

# Prints forbidden lines of the kernel's log since the last call.
new_splats() {
	dmesg --read-clear >/tmp/dmesg
	splats </tmp/dmesg | sed 's/^/kernel: /'
}

number=0
passed=0
failed=0

# verdict ok|"not ok" NAME
verdict() {
	number=$((number + 1))
	if [ "$1" = ok ]; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
	fi
	[ "$results$1" = plainok ] || echo "$1 $number $2" >&3
}

# header FILE NAME: the value of a line "# NAME: VALUE" in the file's head
header() {
	local line
	while IFS= read -r line && [[ $line = \#* ]]; do
		[[ $line != "# $2: "* ]] || echo "${line#"# $2: "}"
	done <"$1"
}

# Runs one script under its time limit. A process that outlives its script is
# killed: it would hold the pipe, and a device, for ever.
run_limited() {
	local path=$1 limit=$2 reader status=0
	sed -u -e 'w /tmp/output' -e "s/^/$indent/" </tmp/pipe >&3 &
	reader=$!
	timeout -k 5 "$limit" bash "$path" </dev/null >/tmp/pipe 2>&1 3>&- || status=$?
	kill_all_but "$reader"
	wait "$reader" || :
	return "$status"
}

kill_all_but() {
	local process pid
	for process in /proc/[0-9]*; do
		pid=${process#/proc/}
		[ "$pid" = 1 ] || [ "$pid" = "$1" ] || kill -KILL "$pid" 2>/dev/null || :
	done
}

# faults STATUS LIMIT: what was wrong with the script that just ended
faults() {
	case $1 in
	0) ;;
	124 | 137) echo "no end after $2 s" ;;
	*) echo "exit status $1" ;;
	esac
	local output nl=$'\n'
	output=$nl$(tr -d '\0' </tmp/output)
	if [ "$results" = ktap ]; then
		[[ $output =~ $nl\ *(not )?ok\ [0-9] ]] || echo "no result reported"
		[[ $1 -ne 0 || ! $output =~ $nl\ *not\ ok\ [0-9] ]] || echo "exit status 0 in spite of failures"
	fi
	tidy_up
	new_splats
}

# How many processes there have been: starting them is most of what a script costs.
processes() {
	local word count
	while read -r word count; do
		[ "$word" != processes ] || echo "$count"
	done </proc/stat
}

run_script() {
	local name=$1 path=/mnt/tests/$1 limit status=0 wrong start=$SECONDS before
	limit=$(header "$path" timeout)
	limit=${limit:-$script_timeout}
	mark "begin $name"
	[ "$results" = plain ] || printf "$indent%s\n" "KTAP version 1" "# Subtest: $name" >&3
	network_up
	before=$(processes)
	run_limited "$path" "$limit" || status=$?
	before=$(($(processes) - before))
	wrong=$(faults "$status" "$limit")
	mark "end $name"
	[ "$results" = plain ] || echo "# $((SECONDS - start)) s, $before processes" >&3
	report "$name" "$wrong"
}

# report NAME FAULTS
report() {
	if [ -z "$2" ]; then
		verdict ok "$1"
	else
		echo "# ${2//$'\n'/$'\n# '}" >&3
		verdict "not ok" "$1"
	fi
}

network_up() {
	[ "$net" = lan ] || return 0
	modprobe e1000e
	ip netns add lan
	ip link set eth1 netns lan
}

begin() {
	exec 3>"/dev/$channel"
	stty -F "/dev/$channel" raw -echo
	indent=
	[ "$results" = ktap ] || return 0
	indent='  '
	# one line each for loading, the end here, and the host's own verdict
	printf '%s\n' "KTAP version 1" "1..$((${#scripts[@]} + 3))" >&3
}

finish() {
	mark "begin end"
	report "nothing is left at the end" "$(
		unload_modules
		tidy_up
		lost_memory
		new_splats
	)"
	echo "# vnicx-guest: end, $passed passed, $failed failed" >&3
}

main() {
	enter_stage
	mount_all
	set_environment
	begin
	remember_devices
	dmesg --clear
	forget_lost_memory
	report "modules load" "$(load_modules)"
	local script
	for script in "${scripts[@]}"; do
		# a script may have unloaded them
		[ "$number" -eq 1 ] || load_modules >/dev/null
		run_script "$script"
	done
	finish
	# the serial line has no more to say when its buffer is empty
	stty -F "/dev/$channel" >/dev/null
	exec 3>&-
	busybox poweroff -f
	read -r <> <(:)
}

main
