#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# kernels: uml 6.1
#
# The character device answers a virtual machine monitor as macvtap does, but
# for addresses, which follow the rules of the switch.
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"
# shellcheck source=helpers/taps.sh
. "${0%/*}/helpers/taps.sh"

NEW=02:00:00:00:00:0c HOST=02:00:00:00:00:01

asked=(
	"ioctl a TUNGETFEATURES" "ioctl a TUNGETIFF"
	"ioctl a TUNSETIFF 0x1002" "ioctl a TUNGETIFF" "ioctl a TUNSETIFF 0x5102" "ioctl a TUNGETIFF"
	"ioctl a TUNSETIFF 0x1001" "ioctl a TUNSETIFF 0x0002" "ioctl a TUNSETIFF 0x3002"
	"ioctl a TUNSETIFF 0x5102"
	"ioctl a TUNSETQUEUE 0x400" "ioctl a TUNSETQUEUE 0x400" "ioctl a TUNSETQUEUE 0x200"
	"ioctl a TUNSETQUEUE 0x200" "ioctl a TUNSETQUEUE 0"
	"ioctl a TUNSETSNDBUF 100000" "ioctl a TUNSETSNDBUF 0" "ioctl a TUNSETSNDBUF -1"
	"ioctl a TUNGETVNETHDRSZ" "ioctl a TUNSETVNETHDRSZ 9" "ioctl a TUNSETVNETHDRSZ 12"
	"ioctl a TUNGETVNETHDRSZ" "ioctl a TUNSETVNETHDRSZ -5" "ioctl a TUNSETVNETHDRSZ 10"
	"ioctl a TUNGETVNETLE" "ioctl a TUNSETVNETLE 1" "ioctl a TUNGETVNETLE" "ioctl a TUNSETVNETLE 0"
	"ioctl a TUNGETVNETBE" "ioctl a TUNSETVNETBE 1" "ioctl a TUNGETVNETBE" "ioctl a TUNSETVNETBE 0"
	"ioctl a TUNSETOFFLOAD 0" "ioctl a TUNSETOFFLOAD 1" "ioctl a TUNSETOFFLOAD 15"
	"ioctl a TUNSETOFFLOAD 97" "ioctl a TUNSETOFFLOAD 0x80"
	"ioctl a TUNSETPERSIST 1" "ioctl a TUNSETGROUP 0"
	"ioctl a SIOCGIFHWADDR" "ioctl a SIOCSIFHWADDR $NEW" "ioctl a SIOCGIFHWADDR"
	"ioctl a SIOCSIFHWADDR 03:00:00:00:00:01" "ioctl a SIOCSIFHWADDR $A"
)

# answers: to all of that
answers() {
	local -a words
	read -ra words <<<"open a ta ${asked[*]}"
	paste -d ' ' <(printf '%s\n' "open" "${asked[@]#ioctl a }") <(inside host tap "${words[@]}")
}

without_net_admin() {
	local out
	out=$(inside host setpriv --bounding-set=-net_admin --inh-caps=-net_admin tap "$@")
	echo "${out//$'\n'/, }"
}

no_ipv6
lan_setup
inside host ip link set eth0 address $HOST
taps_of macvtap mode bridge
expected=$(answers)
batch_in host "link del ta" "link del tb"
taps_setup
t_is "every ioctl is answered as by macvtap" "$expected" answers
t "macvtap accepts more than 25 of the ioctls" test "$(grep -cv 'E[A-Z]*$' <<<"$expected")" -gt 25
t_is "a process with the descriptor and without CAP_NET_ADMIN cannot change the address" "0, EPERM, $A" \
	without_net_admin open a ta ioctl a SIOCSIFHWADDR $NEW ioctl a SIOCGIFHWADDR
taps "SIOCSIFHWADDR refuses the address of another vNIC and of the lower device" \
	"0, EADDRINUSE, EADDRINUSE, $A" \
	open a ta ioctl a SIOCSIFHWADDR $B ioctl a SIOCSIFHWADDR $HOST ioctl a SIOCGIFHWADDR
taps "SIOCSIFHWADDR changes the vNIC's address" "0, 0, 0, 70, 60 to $NEW 88b5" \
	open a ta open b tb ioctl a SIOCSIFHWADDR $NEW send b $NEW $B 88b5 60 recv a
for size in 12 20 24; do
	taps "a tap with a header of $size bytes reaches one with 10 in both directions" \
		"0, 0, 0, $((60 + size)), 60 to $B 88b6 intact, 70, 60 to $NEW 88b6 intact" \
		open a ta open b tb ioctl a TUNSETVNETHDRSZ $size \
		send a $B $NEW 88b6 60 recv b send b $NEW $B 88b6 60 recv a
done
