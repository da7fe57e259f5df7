#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# QEMU's own live migration of a running machine from one host to another, each with a
# tap of its own: QEMU's events STOP and RESUME move the machine's address, as a service beside
# libvirt does. Prints for how long the machine was out of each host's reach. For uml.
# timeout: 600
# shellcheck source=fabric.sh
. "${0%/*}/fabric.sh"
# shellcheck source=../guest/machine.sh
. "$VNICX_STAGE/tests/guest/machine.sh"

# Two emulators and three hosts share a processor.
most=20000 interval=0.1

# start_qemu HOST [OPTION...]: on the character device of the host's tap, whose number
# sysfs knows in the host's namespace
start_qemu() {
	local host=$1 name=m-$1 dir=/tmp/m-$1
	shift
	mkdir "$dir"
	mkfifo "$dir/line.in" "$dir/line.out"
	# shellcheck disable=SC2016 # the inner shell's
	nsenter --net="/run/netns/$host" unshare -m bash -euc '
		mount -t sysfs sysfs /sys
		IFS=: read -r major minor </sys/class/net/t-m/tap*/dev
		mknod "$0/tap" c "$major" "$minor"
		exec 3<>"$0/tap"
		exec qemu-system-x86_64 -accel tcg,thread=single -m 256M -nodefaults -display none -no-reboot \
			-kernel "$1/vm-kernel" -initrd "$1/vm-initrd" \
			-append "console=ttyS0 panic=-1 no_timer_check mitigations=off norandmaps net.ifnames=0 rdinit=/bin/bash -- /tests/guest/agent.sh" \
			-serial "file:$0/console" -serial "pipe:$0/line" -netdev tap,id=n0,fd=3 \
			-device "virtio-net-pci,netdev=n0,mac=$2" -qmp "unix:$0/qmp,server=on,wait=off" \
			-monitor "unix:$0/monitor,server=on,wait=off" "${@:3}"' "$dir" "$VNICX_STAGE/bin" "$M" "$@" >"$dir/qemu" 2>&1 &
	echo $! >"$work/$name.pid"
	# shellcheck disable=SC1083,SC2086 # a name for each descriptor
	exec {machine_in[$name]}<>"$dir/line.in" {machine_out[$name]}<>"$dir/line.out"
	until_ok 20 [ -S "$dir/monitor" ]
}

# monitor HOST COMMAND...: what its QEMU answers
monitor() {
	local host=$1
	shift
	socat -t 3 - "UNIX-CONNECT:/tmp/m-$host/monitor" <<<"$*"
}

# follow HOST: the service beside its QEMU, which moves the machine's address
follow() {
	local host=$1
	mkfifo "/tmp/m-$host/ask"
	socat - "UNIX-CONNECT:/tmp/m-$host/qmp" <"/tmp/m-$host/ask" >"/tmp/m-$host/events" &
	echo $! >"$work/events-$host.pid"
	exec {ask}>"/tmp/m-$host/ask"
	echo '{"execute":"qmp_capabilities"}' >&"$ask"
	until_ok 10 grep -q '"return"' "/tmp/m-$host/events"
	tail -n +1 -s 0.05 -f "/tmp/m-$host/events" | while read -r line; do
		case $line in
		*'"event": "STOP"'*) bridge -n "$host" fdb del "$M" dev t-m ;;
		*'"event": "RESUME"'*) bridge -n "$host" fdb add "$M" dev t-m ;;
		esac
	done &
	echo $! >"$work/service-$host.pid"
}

status_is() {
	[[ $(monitor "$1" "$2") = *"$3"* ]]
}

evpn
for host in h1 h2; do
	batch_in "$host" "link add link up100 name t-m address $(mac_of "4${host#h}") type vnicxtap clean-traffic ipguard off announce on" \
		"link set t-m up"
done
station a1 h1 100 11
station b1 h2 100 21
station c1 h3 100 31
t "h3 floods to h1 and h2" until_ok 30 floods h3 100 h1 h2
start_qemu h1
bridge -n h1 fdb add "$M" dev t-m
tell "the machine boots"
t "the machine on h1 runs Linux 6.1" shows 6.1 await_machine m-h1
machine m-h1 "ip link set eth0 up; ip address add $address/24 dev eth0; echo here >/tmp/mark" >/dev/null
t "the destination's own vNIC reaches the machine on h1" until_ok 20 pings b1 "$address"
t "all hosts know the machine on h1" until_ok 20 everywhere h1
tell "booted after $SECONDS s"

start_qemu h2 -incoming unix:/tmp/m-h2/incoming
until_ok 20 [ -S /tmp/m-h2/incoming ]
follow h1
follow h2
watch a1 b1 c1
monitor h1 "migrate -d unix:/tmp/m-h2/incoming" >/dev/null
t "QEMU on h1 says that the migration is completed" until_ok 200 status_is h1 "info migrate" "Migration status: completed"
t "QEMU on h2 says that the machine runs" until_ok 20 status_is h2 "info status" "VM status: running"
t_is "the machine that runs on h2 is the one that ran on h1" here machine m-h2 "cat /tmp/mark"
for where in a1 b1 c1; do
	t "$where reaches the machine on h2" until_ok 30 answered "$where"
done
t "all hosts follow the machine to h2" until_ok 30 everywhere h2
unwatch a1 b1 c1
for where in a1 b1 c1; do
	t "$where lost the machine for less than $most ms" [ "$(gap "$where")" -lt $most ]
done
tell "QEMU: $(monitor h1 "info migrate" | tr -d '\r' | grep -E 'total time|downtime:|transferred ram' | tr '\n' ',')"
tell "longest time without an answer: a1 $(gap a1) ms, b1 $(gap b1) ms, c1 $(gap c1) ms"
t_is "clean-traffic drops nothing that QEMU announces for the machine" 0 own_counter h2 t-m tx_restricted
t "the source's own vNIC reaches the machine on h2, with the stale device up" pings a1 "$address"
tell "ended after $SECONDS s"
rm -r /tmp/m-h1 /tmp/m-h2
