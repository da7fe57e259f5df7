#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# ipguard dhcp and IPv6 link-local addresses: a vNIC gets one by a question that
# its holder must hear, and by no other.
# kernels: uml
# timeout: 300
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"
# shellcheck source=helpers/guarded.sh
. "${0%/*}/helpers/guarded.sh"
# shellcheck source=helpers/dad.sh
. "${0%/*}/helpers/dad.sh"

options=()
# gets_nothing TITLE WORD...: by such a packet, v1 gets no address beside the one that it
# has. The sound question that follows shows that the packet was seen.
gets_nothing() {
	craft -e '' "${options[@]}" c1/v1 "${@:2}" >/dev/null
	asks c1/v1 0 5
	t_is "$1" "fe80::5" link_locals c1 v1
}

# drop_question LOW: v1 asks, but has sent too much already
drop_question() {
	local other="type 88b5 pad 40"
	ip -n c1 link set v1 type vnicx storm 1
	# at once: a second later it may send again
	# shellcheck disable=SC2046,SC2086 # they are words
	craft c1/v1 $other , $other , $other , $(question 0 "$1") >/dev/null
	t_is "a question that is dropped for its rate gives no address" fe80::5 link_locals c1 v1
	ip -n c1 link set v1 type vnicx storm off
}

unsound() {
	local hop_limit=fe
	# shellcheck disable=SC2046 # they are words
	gets_nothing "a question with a hop limit of 254 gives no address" $(question 0 11)
	hop_limit=ff
	local sum=1234
	# shellcheck disable=SC2046
	gets_nothing "a question with a wrong checksum gives no address" $(question 0 12)
	unset sum
	local code=01
	# shellcheck disable=SC2046
	gets_nothing "a question with a code gives no address" $(question 0 17)
	unset code
	# Sound as it is seen, and no longer so on the wire
	options=(-c 54.2)
	# shellcheck disable=SC2046
	gets_nothing "a question with a checksum that is yet to be made gives no address" $(question 0 18)
	# Longer than the wire takes, and than any of the neighbours
	options=(-y)
	# shellcheck disable=SC2046
	gets_nothing "a question in a frame that is too long for the wire gives no address" $(question 0 19) pad 1700
	options=()
	# shellcheck disable=SC2046
	gets_nothing "a question in a frame that is longer than it gives no address" $(question 0 20) pad 2
	# shellcheck disable=SC2046
	gets_nothing "a question to another station gives no address" $(question 0 13) to 02:00:00:00:00:77
	# shellcheck disable=SC2046
	gets_nothing "a question to another group gives no address" $(question 0 14) to 33:33:ff:00:00:08
	gets_nothing "a question to all hosts gives no address" ip6 :: $M1 58 icmp 135 addr fe80::15
	# shellcheck disable=SC2046
	gets_nothing "a question behind two tags gives no address" $(question 0 16 tag 5 tag 6)
	# shellcheck disable=SC2046
	gets_nothing "a question behind a priority tag gives no address" $(question 0 21 tag 0)
	# shellcheck disable=SC2046
	gets_nothing "a question behind an S-tag with VID 0 gives no address" $(question 0 22 type 88a8 hex 0000)
}

# unheard: a question that does not reach the wire. The lower device has no queue.
unheard() {
	batch_tc host "qdisc add dev eth0 clsact" "filter add dev eth0 egress matchall action drop"
	# shellcheck disable=SC2046
	craft -e '' c1/v1 $(question 0 23) >/dev/null
	batch_tc host "qdisc del dev eth0 clsact"
	asks c1/v1 0 5
	t_is "a question that a rule at the lower device drops gives no address" fe80::5 link_locals c1 v1
	ip -n lan link set eth0 down
	until_ok 5 eval "! ip -n host link show dev eth0 up | grep -q LOWER_UP"
	# shellcheck disable=SC2046
	craft -e '' c1/v1 $(question 0 24) >/dev/null
	ip -n lan link set eth0 up
	until_ok 5 eval "ip -n host link show dev eth0 up | grep -q LOWER_UP"
	asks c1/v1 0 5
	t_is "a question while the lower device has no carrier gives no address" fe80::5 link_locals c1 v1
}

in_vlans() {
	drops "a packet from an address of no VLAN is dropped in a VLAN" tx_ip_spoofed tag 5 ip6 fe80::5 $M1 59
	asks c1/v1 0 a tag 5
	t_is "a vNIC gets an address in a VLAN by a question there" "fe80::5 fe80::a" link_locals c1 v1
	passes "a packet from an address in its VLAN passes" "$ALL" tag 5 ip6 fe80::a $M1 59
	drops "a packet outside the VLAN of its address is dropped" tx_ip_spoofed ip6 fe80::a $M1 59
	drops "a packet from an address of no VLAN is dropped behind a priority tag and a tag" \
		tx_ip_spoofed tag 0 tag 5 ip6 fe80::5 $M1 59
	drops "a packet from an address in a VLAN is dropped behind a second tag" tx_ip_spoofed tag 5 tag 6 ip6 fe80::a $M1 59
	passes "a packet from an address of no VLAN passes behind a priority tag" "$ALL" tag 0 ip6 fe80::5 $M1 59
}

# nodes [NAMESPACE]: how many users of the lower device there want what is said to all nodes
nodes() {
	# shellcheck disable=SC2016 # awk's
	inside "${1:-host}" awk '$2 == "eth0" && $5 == "333300000001" { n = $3 } END { print n + 0 }' /proc/net/dev_mcast
}

# nodes_moved: how many of them are of ipguard dhcp when the lower device has moved
nodes_moved() {
	local all others
	ip -n host link set eth0 netns elsewhere
	ip -n elsewhere link set eth0 up
	all=$(nodes elsewhere)
	ip -n c1 link set v1 type vnicx ipguard off
	ip -n c2 link set v2 type vnicx ipguard off
	others=$(nodes elsewhere)
	ip -n elsewhere link set eth0 netns host
	echo $((all - others))
}

# The owner of an address says so to all nodes. A lower device filters groups, and no stack
# here may want that one.
listens() {
	local others
	ns elsewhere
	ip -n c1 link set v1 type vnicx ipguard off
	ip -n c2 link set v2 type vnicx ipguard off
	others=$(nodes)
	ip -n c1 link set v1 type vnicx ipguard dhcp
	t_is "the lower device receives what is said to all nodes for a vNIC with ipguard dhcp" $((others + 1)) nodes
	ip -n c1 link set v1 type vnicx ipguard dhcp max-leases 9
	ip -n c2 link set v2 type vnicx ipguard dhcp
	t_is "each vNIC with ipguard dhcp has the lower device receive what is said to all nodes" $((others + 2)) nodes
	ip -n c2 link set v2 type vnicx ipguard off
	ip -n c1 link set v1 type vnicx ipguard off
	t_is "without ipguard dhcp, the lower device need not receive what is said to all nodes" "$others" nodes
	ip -n c1 link set v1 type vnicx ipguard dhcp
	ip -n c2 link set v2 type vnicx ipguard dhcp
	t_is "a lower device that has moved goes on receiving for each of them" 2 nodes_moved
}

# other_vlan: an access port that changes its VLAN
other_vlan() {
	local heard=''
	ns c4
	vnic v4 c4 ipguard dhcp vlan 7
	asks c4/v4 0 44
	t_is "a vNIC in a VLAN of its own gets an address there" "fe80::44" link_locals c4 v4
	ip -n c4 link set v4 type vnicx vlan 8
	t_is "a link-local address ends when the vNIC is put into another VLAN" "" link_locals c4 v4
	asks c4/v4 0 44
	t_is "a vNIC gets an address again in the VLAN that it was put into" "fe80::44" link_locals c4 v4
}

# The first one has it, and must hear the question of the second one.
first_come() {
	from_device c2/v2
	# shellcheck disable=SC2046 # they are words
	passes "a question for an address of a neighbour passes" "host/eth0 lan/eth0" $(question 0 5)
	t_is "a vNIC gets no address that a neighbour has" '' link_locals c2 v2
}

stacks() {
	ns c3
	inside lan sysctl -qw net.ipv6.conf.eth0.disable_ipv6=0
	ip -n lan address add fe80::1/64 dev eth0 nodad
	vnic v3 c3 ipguard dhcp
	inside c3 sysctl -qw net.ipv6.conf.all.accept_dad=1 net.ipv6.conf.v3.accept_dad=1 net.ipv6.conf.v3.disable_ipv6=0
	ip -n c3 address add fe80::33/64 dev v3
	t "a stack gets a link-local address by its question" until_ok 10 is_now fe80::33 link_locals c3 v3
	t "a stack talks as the address that it asked for" \
		until_ok 10 inside c3 ping -n -q -c 1 -W 1 -I fe80::33%v3 fe80::1%v3
	ip -n c3 address add fe80::1/64 dev v3
	t "a stack hears that the router has its address" until_ok 10 shows dadfailed ip -n c3 address show dev v3
	t_is "a vNIC gets no address that a router on the wire defends" fe80::33 link_locals c3 v3
}

no_ipv6
lan_setup
ns c1 c2
vnic v1 c1 ipguard dhcp
vnic v2 c2 ipguard dhcp
from_device c1/v1
ALL="c2/v2 host/eth0 lan/eth0" M1=ff02::1

asks c1/v1 0 5
t_is "a vNIC gets a link-local address by a sound question" fe80::5 link_locals c1 v1
passes "a packet from an address that was asked for passes" "$ALL" ip6 fe80::5 $M1 59
drops "a packet from an address that was not asked for is dropped" tx_ip_spoofed ip6 fe80::6 $M1 59
unsound
unheard
drop_question 9
in_vlans
other_vlan
first_come
stacks
listens
