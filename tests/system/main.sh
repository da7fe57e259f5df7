#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A service of a guest that systemd has booted: what init.sh is in other guests.
# shellcheck disable=SC2154 # channel, scripts, script_timeout: from guest.conf
set -euo pipefail

# This machine has an eth0, which is a veth, and a LAN with a DHCP server behind it.
lan() {
	ip netns add lan
	ip link add eth0 address 02:00:00:00:00:e0 type veth peer name eth0 netns lan
	ip -n lan address add 192.0.2.1/24 dev eth0
	ip -n lan link set eth0 up
	ip address add 192.0.2.2/24 dev eth0
	ip link set eth0 up
	ip netns exec lan dnsmasq --conf-file=/dev/null --port=0 --interface=eth0 --bind-interfaces \
		--dhcp-range=192.0.2.100,192.0.2.199 --pid-file=/run/lan.pid --dhcp-leasefile=/run/lan.leases \
		--log-facility=/run/lan.log
}

number=0
passed=0

# report TITLE COMMAND...: what it prints
report() {
	local title=$1 word='not ok' status=0
	shift
	number=$((number + 1))
	"$@" >&3 2>&1 || status=$?
	if [ "$status" -eq 0 ]; then
		word=ok
		passed=$((passed + 1))
	fi
	echo "$word $number $title" >&3
}

# The state is "starting" as long as this service does.
is_up() {
	local end=$((SECONDS + 300))
	until [[ $(systemctl is-system-running) =~ ^(running|degraded)$ || $SECONDS -gt $end ]]; do
		sleep 0.5
	done
	systemctl --no-legend --failed list-units | sed 's/^/# /'
	lan
}

run_script() {
	local limit
	limit=$(sed -n 's/^# timeout: //p' "/mnt/tests/$1")
	printf '  %s\n' "KTAP version 1" "# Subtest: $1"
	timeout -k 5 "${limit:-$script_timeout}" bash "/mnt/tests/$1" </dev/null 2>&1 3>&- | sed -u 's/^/  /'
}

unloads() {
	modprobe -r vnicx_tap vnicx 2>&1 | sed 's/^/# /'
	[ -z "$(vnicx show 2>/dev/null)" ]
}

main() {
	local script
	# shellcheck source=/dev/null
	. /mnt/guest.conf
	export HOME=/root LC_ALL=C VNICX_STAGE=/mnt
	# as root's shell has it: Debian 13's systemd has neither /bin nor /sbin in its own, where a container's busybox is
	export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
	exec 3>"/dev/$channel"
	stty -F "/dev/$channel" raw -echo
	printf '%s\n' "KTAP version 1" "1..$((${#scripts[@]} + 3))" >&3
	report "the system is up" is_up
	for script in "${scripts[@]}"; do
		report "$script" run_script "$script"
	done
	report "the modules are unloaded" unloads
	echo "# vnicx-guest: end, $passed passed, $((number - passed)) failed" >&3
	stty -F "/dev/$channel" >/dev/null
	exec 3>&-
	systemctl --no-block poweroff
}

main
