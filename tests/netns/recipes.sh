#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# kernels: uml
#
# Each line of the recipes in docs/policies.md, and what the recipes promise.
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"
# shellcheck source=helpers/guarded.sh
. "${0%/*}/helpers/guarded.sh"

# recipe_lines FROM TO: commands between two headings, or to the end for a TO that is none
recipe_lines() {
	sed -n "/^#* $1\$/,/^#* $2\$/s/^    //p" "$VNICX_STAGE/docs/policies.md"
}

# runs LINE
runs() {
	local line
	read -ra line <<<"$1"
	"${line[@]}"
}

cannot_ping() {
	! pings "$@"
}

# apart "NAMESPACE ADDRESS"...: none of these pings is answered
apart() {
	local pair pid pids=()
	for pair; do
		# shellcheck disable=SC2086 # two words
		pings $pair &
		pids+=($!)
	done
	for pid in "${pids[@]}"; do
		! wait "$pid" || return 1
	done
}

batch "link add eth0 type veth peer name wire" "link set wire up" "link set eth0 up" "address add 192.0.2.1/24 dev eth0" \
	"link add link wire name wire.10 type vlan id 10" "link set wire.10 up"
ip netns attach init $$
nr=0
while read -r line; do
	t "the recipe's line is accepted: $line" runs "$line"
	nr=$((nr + 1))
done < <(recipe_lines Recipes "Take it back")
t "the recipes have lines" [ "$nr" -gt 30 ]

from_device init/vm-a
WIRE=$(attribute wire address) A=192.0.2.7 LL=fe80::ff:fe00:101 ALL=255.255.255.255
passes "the virtual machine sends IPv4 from its address in VLAN 10" init/wire.10 \
	to "$WIRE" ip4 $A 192.0.2.1 17 udp 53 pad 20
passes "the virtual machine sends IPv6 from its link-local address in VLAN 10" init/wire.10 \
	to "$WIRE" ip6 $LL ff02::1 17 udp 53 pad 20
drops "the virtual machine's IPv4 address is checked" tx_ip_spoofed ip4 192.0.2.8 192.0.2.1 17 udp 53 pad 20
drops "the virtual machine's link-local address is checked" tx_ip_spoofed ip6 fe80::1 ff02::1 17 udp 53 pad 20
drops "the virtual machine's MAC address is checked" tx_spoofed \
	from 02:00:00:00:01:02 ip4 $A 192.0.2.1 17 udp 53 pad 20
drops "the virtual machine cannot leave its VLAN" tx_vlan tag 20 ip4 $A 192.0.2.1 17 udp 53 pad 20
drops "the virtual machine cannot be a router" tx_guarded_ra ip6 $LL ff02::1 58 icmp 134 pad 8
drops "the virtual machine cannot be a DHCP server" tx_guarded_dhcp ip4 $A $ALL 17 udp 68 bootp 2 02:00:00:00:00:09 pad 202
drops "the virtual machine sends no LLDP" tx_restricted to 01:80:c2:00:00:0e type 88cc pad 40
# It was cut off by the recipe's last line.
ip link set vm-b type vnicxtap state auto
from_device init/vm-b
drops "the virtual machine without a lease cannot send from an address" tx_ip_spoofed \
	ip4 $A 192.0.2.1 17 udp 53 pad 20
t "the container host's container reaches the host" until_ok 5 pings web 192.0.2.1
t "the container host's containers do not reach each other" cannot_ping web 192.0.2.22
for from in a b c d; do
	t "the private VLAN's port $from reaches the router" until_ok 5 pings $from 203.0.113.1
done
t "the private VLAN's community reaches its own port" until_ok 5 pings c 203.0.113.5
t "the private VLAN's isolated ports reach nobody but the router" apart "a 203.0.113.3" "b 203.0.113.4" "c 203.0.113.2"
t "the lab's hosts reach each other by the router" until_ok 5 pings h1 198.51.100.130
# Each packet is on its way twice, before and behind the router.
copied() {
	local before
	before=$(attribute watch0 statistics/rx_packets)
	inside h1 ping -n -q -c 10 -i 0.1 198.51.100.130
	[ $(($(attribute watch0 statistics/rx_packets) - before)) -ge 40 ]
}
t "the lab's mirror gets copies of all that the router sends and receives" copied

# words DEVICE: its options, as shown
words() {
	ip -d -o link show "$1" | sed 's/.* vnicxtap //; s/ holds .*//'
}

# same_words DEVICE OTHER: how many options of both are the same, of those that are one
# vNIC's policy
same_words() {
	local one two i same=0
	read -ra one < <(words "$1")
	read -ra two < <(words "$2")
	for ((i = 6; i < ${#one[@]}; i += 2)); do
		[[ " ${two[*]:6} " != *" ${one[*]:i:2} "* ]] || same=$((same + 1))
	done
	echo $same
}

mkdir /tmp/recipes-bpf
mount -t bpf bpf /tmp/recipes-bpf
bpf-pin /tmp/recipes-bpf/pass return 0
ip link add link eth0 name fresh type vnicxtap
expected=$(words fresh)
ip link set vm-a type vnicxtap trust on spoofchk on state enable max-groups 10 flood on neigh_suppress on \
	max_tx_rate 1gbit max_rx_rate 1gbit storm 10 class 1:10 restricted on raguard on dhcpguard on dhcp-block on \
	ipguard dhcp ipguard-in on allowed-ips set 192.0.2.7 dhcp-trust on max-leases 9 trunk 10,20 isolated on \
	mirror watch bpf tx pinned /tmp/recipes-bpf/pass bpf rx pinned /tmp/recipes-bpf/pass
# neigh_suppress and announce are the same, being for all vNICs of the lower device.
t_is "no option of a vNIC with every policy is that of a new one" 2 same_words fresh vm-a
while read -r line; do
	t "the line that takes back is accepted: $line" runs "$line"
done < <(recipe_lines "Take it back" "-")
t_is "a vNIC whose policies are taken back has the options of a new one" "$expected" words vm-a
