#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# vNICs and their lower device among namespaces: moves, and namespaces that go in any
# order, with traffic running. The lower device is eth0 in host, the other end of its
# wire is here, v1 is in vm1 and v2 in vm2.
# kernels: uml uml-smp 6.1
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"

v1="name v1 address 02:00:00:00:00:01 type vnicx"
v2="name v2 address 02:00:00:00:00:02 type vnicx"
talkers=()

# talk COMMAND...: in the background
talk() {
	"$@" >/dev/null 2>&1 &
	talkers+=("$!")
}

hush() {
	kill -KILL "${talkers[@]}" 2>/dev/null || :
	wait "${talkers[@]}" 2>/dev/null || :
	talkers=()
}

set_up() {
	batch "netns add host" "netns add vm1" "netns add vm2" \
		"link add eth0 index 77 netns host type veth peer name wire" \
		"link set wire up" "address add 192.0.2.1/24 dev wire"
	batch_in host "link set eth0 up" "link add link eth0 netns vm1 $v1" \
		"link add link eth0 netns vm2 $v2"
	batch_in vm1 "link set v1 up" "address add 192.0.2.11/24 dev v1"
	batch_in vm2 "link set v2 up" "address add 192.0.2.12/24 dev v2"
	until_ok 10 reached
	# from here: a process in a namespace would keep it
	talk ping -i 0.02 -q -n 192.0.2.11
	talk ping -i 0.02 -q -n 192.0.2.12
	talk ping -i 0.02 -q -n -b 192.0.2.255
}

# reached: v1 answers, wherever it is
reached() {
	ping -q -n -c 1 -W 1 192.0.2.11
}

# The wire goes with the lower device, and that with its vNICs.
is_gone() {
	t "$1" until_ok 10 [ ! -e /sys/class/net/wire ]
	hush
}

set_up
t "a vNIC that is up moves to another namespace" ip -n vm1 link set v1 netns vm2
t "a vNIC that moved keeps its address and its lower device" \
	shows "v1@if*link/ether 02:00:00:00:00:01 *link-netns host" \
	ip -n vm2 -o link show v1
batch_in vm2 "link set v1 up" "address add 192.0.2.11/24 dev v1"
t "a vNIC that moved while it was up is reached" until_ok 5 reached
t "a vNIC that is down moves to its lower device's namespace" \
	batch_in vm2 "link set v1 down" "link set v1 netns host"
t "a vNIC in its lower device's namespace shows it by name" shows "v1@eth0: " ip -n host -o link show v1
t "a vNIC that is down moves back" ip -n host link set v1 netns vm1
batch_in vm1 "link set v1 up" "address add 192.0.2.11/24 dev v1"
t "a vNIC that moved back is reached" until_ok 5 reached

t "a deleted vNIC's name and address are free at once" \
	batch_in vm2 "link delete v2" "link add link-netns host link if77 $v2"
talk ip netns exec vm1 ping -A -q -n 192.0.2.12
nap
nap
ip netns delete vm1
{ kill "${talkers[-1]}" && wait "${talkers[-1]}"; } 2>/dev/null || :
t "a vNIC's name and address are free soon after its namespace" \
	until_ok 10 batch_in host "link add link eth0 netns vm2 $v1"
batch_in vm2 "link set v1 up" "address add 192.0.2.11/24 dev v1"
t "a vNIC with the name and address of one whose namespace went is reached" until_ok 5 reached
ip netns delete host
is_gone "the lower device's namespace goes with vNICs elsewhere"
t_fails "a vNIC elsewhere goes with the lower device's namespace" \
	"does not exist|Cannot find device" ip -n vm2 link show v1
ip netns delete vm2

set_up
batch "netns delete vm1" "netns delete host" "netns delete vm2"
is_gone "namespaces go one by one, a vNIC's first"
set_up
batch "netns delete host" "netns delete vm2" "netns delete vm1"
is_gone "namespaces go one by one, the lower device's first"
set_up
ip -all netns delete
is_gone "namespaces go all in one"
set_up
batch_in host "link set eth0 netns vm1"
ip netns delete vm1
is_gone "a vNIC's namespace goes with the lower device in it"
