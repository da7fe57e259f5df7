#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A machine moves from one host to another and back, in the order of events of a live
# migration: the device of the destination is up beside that of the source, the machine
# stops, its address goes from the one device to the other, the machine goes on and says
# so by RARP, or says nothing. Prints for how long it was out of each host's reach.
# timeout: 300
# shellcheck source=fabric.sh
. "${0%/*}/fabric.sh"

# The machine stands still for two programs, which are slow in a guest.
most=3000

# step LETTER: of the machine, see tests/traffic/relay.c
step() {
	local answer
	printf %s "$1" >&"$to_machine"
	read -r -t 20 -u "$from_machine" answer
	[ "$answer" = "$1" ]
}

# start_machine: its device tun0 in the namespace m, and its vNICs on h1 and h2, of other
# addresses than its own: bgpd takes no route to that of a device beside it
start_machine() {
	local host
	ns m
	for host in h1 h2; do
		batch_in "$host" "link add link up100 name t-m address $(mac_of "4${host#h}") type vnicxtap clean-traffic ipguard off" \
			"link set t-m up"
	done
	[ -e /dev/net/tun ] || modprobe tun
	mkfifo "$work/steps" "$work/answers"
	traffic move m/tun0 "$M" h1/t-m h2/t-m <"$work/steps" >"$work/answers" 2>"$work/machine" &
	echo $! >"$work/machine.pid"
	exec {to_machine}>"$work/steps" {from_machine}<"$work/answers"
	until_ok 10 ip -n m link show dev tun0 >/dev/null
	ip -n m link set tun0 mtu $((underlay_mtu - 50))
	up m tun0 40 >/dev/null
	bridge -n h1 fdb add "$M" dev t-m
	step 0
}

# hand_over FROM TO STEP [LETTER]: the address goes from one host's device to the other's,
# and the machine goes on there
hand_over() {
	step s
	bridge -n "$1" fdb del "$M" dev t-m
	bridge -n "$2" fdb add "$M" dev t-m
	step "$3"
	[ -z "${4:-}" ] || step "$4"
}

# moves DESCRIPTION FROM TO STEP [LETTER]
moves() {
	local what=$1 where gaps=''
	shift
	watch a1 b1 c1
	t "$what: the machine is handed over" hand_over "$@"
	for where in a1 b1 c1; do
		t "$what: $where reaches the machine" until_ok 30 answered "$where"
	done
	t "$what: all hosts follow the machine to $2" until_ok 30 everywhere "$2"
	unwatch a1 b1 c1
	for where in a1 b1 c1; do
		gaps+=" $where $(gap "$where") ms"
		t "$what: $where lost the machine for less than $most ms" [ "$(gap "$where")" -lt $most ]
	done
	tell "$what: longest time without an answer:$gaps"
}

evpn
station a1 h1 100 11
station b1 h2 100 21
station c1 h3 100 31
t "h3 floods to h1 and h2" until_ok 30 floods h3 100 h1 h2
start_machine
t "h1 and h2 reach the machine on h1" until_ok 10 pings b1 "$address"
pings a1 "$address" >/dev/null
t "all hosts know the machine on h1" until_ok 20 everywhere h1
t "the destination's own vNIC reaches the machine on the source, both ends up" pings b1 "$address"

moves "a machine that announces itself" h1 h2 1 r
t_is "the machine's address at h2 has sequence number 1" "1 0" sequence h2
t "the source's own vNIC reaches the machine, with the stale device up" pings a1 "$address"
t_is "restricted lets the machine's RARP request pass" 0 own_counter h2 t-m tx_restricted
moves "a machine that announces itself goes back" h2 h1 0 r
t_is "the machine's address at h1 has sequence number 2" "2 1" sequence h1

# Frames of the machine teach the bridge nothing
for host in h1 h2; do
	bridge -n "$host" link set dev p100 learning off
	ip -n "$host" link set t-m type vnicxtap announce on
done
moves "a machine that announce alone tells of" h1 h2 1
moves "a machine that announce alone tells of goes back" h2 h1 0
