#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A bond that balances by replacing source addresses: what leaves by another port than
# the active one does not have the vNIC's address, so the physical switch knows
# the vNIC by the active port, where everything for it arrives.
# kernels: uml 6.1
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"

# knows ADDRESS: the ports by which the switch reaches it
knows() {
	bridge -n lan -j fdb show br switch | jq -r --arg mac "$1" \
		'[.[] | select(.mac == $mac and (.flags | index("self") | not)) | .ifname] | join(" ")'
}

# all_answer: stations enough that both ports are used for some
all_answer() {
	local n
	for n in {1..16}; do
		pings vm "192.0.2.$((100 + n))" || return
	done
}

no_ipv6
ns host lan vm
batch "link add eth0 netns host type veth peer name port0 netns lan" \
	"link add eth1 netns host type veth peer name port1 netns lan"
batch_in lan "link add switch type bridge mcast_snooping 0" "link set port0 master switch up" \
	"link set port1 master switch up" "link set switch up"
for n in 1 {101..116}; do
	echo "address add 192.0.2.$n/24 dev switch"
done | ip -n lan -batch -
for mode in balance-tlb balance-alb; do
	batch_in host "link set eth0 down" "link set eth1 down" \
		"link add bond type bond mode $mode miimon 50" "link set eth0 master bond" \
		"link set eth1 master bond" "link set bond addrgenmode none" "link set bond up" \
		"link add link bond name v1 netns vm type vnicx" \
		"address add 192.0.2.3/24 dev bond"
	ip -n host link set bond type bond active_slave eth0
	for port in port0 port1; do
		until_ok 5 is_now 3 inside lan cat /sys/class/net/$port/brport/state
	done
	up vm v1 11 >/dev/null
	t "a vNIC over $mode reaches the wire" until_ok 5 pings vm 192.0.2.1
	t "every station on the wire answers a vNIC over $mode" all_answer
	t "a vNIC over $mode reaches the host" pings vm 192.0.2.3
	t "TCP from a vNIC over $mode is whole" stream vm lan 192.0.2.1
	t "TCP to a vNIC over $mode is whole" stream lan vm 192.0.2.11
	t_is "the switch knows a vNIC over $mode by the active port" port0 knows "$(mac vm v1)"
	ip -n host link delete bond
done
