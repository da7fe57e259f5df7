#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Everything at once, for two processors and for races. What goes wrong is in
# the kernel's log, which whoever runs this reads.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"

seconds=6

# forever COMMAND-OF-IP...: again and again. Many fail, for want of a vNIC that
# another one just deleted or moved; none may hang.
forever() {
	local i lines=("$@")
	for i in {1..20}; do
		printf '%s\n' "${lines[@]}"
	done >"/tmp/churn.$BASHPID"
	while :; do
		ip -force -batch "/tmp/churn.$BASHPID"
	done
}

workers=()

# churn COMMAND...: in the background, in a group of its own
churn() {
	set -m
	"$@" >/dev/null 2>&1 &
	set +m
	workers+=("$!")
}

rest() {
	local worker
	for worker in "${workers[@]}"; do
		kill -KILL -- "-$worker" 2>/dev/null || :
	done
	wait "${workers[@]}" 2>/dev/null || :
	workers=()
}

traffic() {
	churn ping -q -n -i 0.01 192.0.2.11
	churn ping -q -n -i 0.01 -b 192.0.2.255
	churn ping -q -n -i 0.01 -I wire 239.1.2.3
	churn ip netns exec vm1 ping -q -n -i 0.01 -s 5000 192.0.2.12
	churn ip netns exec vm2 ping -q -n -i 0.01 -b 192.0.2.255
	churn ip netns exec vm2 ping -q -n -i 0.01 192.0.2.13
}

ns vm1 vm2
batch "link add eth0 address 02:00:00:00:00:e0 type veth peer name wire" \
	"link set wire up" "link set eth0 up" "address add 192.0.2.1/24 dev wire" \
	"link add link eth0 name v1 netns vm1 address 02:00:00:00:00:01 type vnicx" \
	"link add link eth0 name v2 netns vm2 address 02:00:00:00:00:02 type vnicx" \
	"link add link eth0 name v3 netns vm1 address 02:00:00:00:00:03 type vnicx"
batch_in vm1 "link set v1 up" "address add 192.0.2.11/24 dev v1" \
	"link set v3 up" "address add 192.0.2.13/24 dev v3"
batch_in vm2 "link set v2 up" "address add 192.0.2.12/24 dev v2"
traffic

churn forever "link add link eth0 name c1 up type vnicx" "link add link eth0 name c2 up type vnicx" \
	"link add link eth0 name c3 netns vm2 up type vnicx" "link delete c1" "link delete c2"
churn forever "link add link eth0 name m up type vnicx" "link set m netns vm1" "link delete m"
churn forever "link set v1 promisc on" "link set v1 allmulticast on" "link set v1 promisc off" \
	"link set v1 down" "link set v1 allmulticast off" "link set v1 up"
