#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Four vNICs of one lower device, each in a namespace as a virtual machine would have
# it: leases from the network's DHCP server, traffic with another host on the
# network, and traffic between two of them that the lower device does not see.
# timeout: 150
# shellcheck source=netns/lib.sh
. "$VNICX_STAGE/tests/netns/lib.sh"
# shellcheck source=guest/show.sh
. "$VNICX_STAGE/tests/guest/show.sh"

vms=(vm1 vm2 vm3 vm4)
declare -A address mac device

# IPv6 has much to say to nobody in particular, and a counter that moves for
# reasons of its own proves nothing.
# Before a device is there: an address of its own would start the talk.
mute() {
	# shellcheck disable=SC2016 # the shell inside expands it
	inside "$1" bash -c 'for knob in /proc/sys/net/ipv6/conf/*/disable_ipv6; do echo 1 >$knob; done'
}

network() {
	echo 1 >/proc/sys/net/ipv6/conf/all/disable_ipv6
	mute lan
	ip link set eth0 up
	ip -n lan link set lo up
	ip -n lan link set eth1 up
	until_ok 20 grep -q 1 /sys/class/net/eth0/carrier
	until_ok 20 inside lan grep -q 1 /sys/class/net/eth1/carrier
}

# lease NAMESPACE DEVICE
lease() {
	inside "$1" "${dhcp_client[@]}" -i "$2" -s "$VNICX_STAGE/tests/guest/lease.sh"
}

address_of() {
	ip -n "$1" -4 -j address show dev "$2" | jq -re '.[].addr_info[0].local'
}

start_vms() {
	local i vm
	for i in "${!vms[@]}"; do
		vm=${vms[i]}
		device[$vm]=vnic$i
		ns "$vm"
		mute "$vm"
		ip link set "vnic$i" netns "$vm" up
	done
}

get_leases() {
	local vm
	for vm in lan "${vms[@]}"; do
		t "$vm has a lease for its ${device[$vm]:=eth1}" lease "$vm" "${device[$vm]}"
		address[$vm]=$(address_of "$vm" "${device[$vm]}")
		mac[$vm]=$(mac "$vm" "${device[$vm]}")
		tell "$(printf '%-4s %-6s %s  %s' "$vm" "${device[$vm]}" "${mac[$vm]}" "${address[$vm]}")"
	done
}

all_differ() {
	[ "$(printf '%s\n' "$@" | sort | uniq -d)" = "" ]
}

# Everybody knows everybody, for good: no ARP while counters are compared.
introduce() {
	local here there
	for here in lan "${vms[@]}"; do
		for there in lan "${vms[@]}"; do
			[ "$here" = "$there" ] ||
				echo "neigh replace ${address[$there]} lladdr ${mac[$there]} dev ${device[$here]} nud permanent"
		done | ip -n "$here" -batch -
	done
}

# The lower device's own statistics, which ethtool has the driver read from the
# hardware, and its net_device's: lines of "where name value".
counters() {
	ethtool -S eth0 | awk 'NF == 2 && sub(/:$/, "", $1) { print "driver", $1, $2 }'
	local file
	for file in /sys/class/net/eth0/statistics/*; do
		echo "netdevice ${file##*/} $(<"$file")"
	done
}

moved() {
	[ "$(counter_of "$1" "$2" "$before")" != "$(counter_of "$1" "$2" "$after")" ]
}

# counter_of WHERE NAME COUNTERS
counter_of() {
	awk -v where="$1" -v name="$2" '$1 == where && $2 == name { print $3 }' <<<"$3"
}

table() {
	local name where
	tell "$(printf '%-14s %12s %12s %14s %14s' eth0 driver driver net_device net_device)"
	tell "$(printf '%-14s %12s %12s %14s %14s' '' before after before after)"
	for name in rx_packets tx_packets rx_bytes tx_bytes rx_broadcast tx_broadcast rx_multicast tx_multicast; do
		tell "$(printf '%-14s %12s %12s %14s %14s' "$name" \
			"$(counter_of driver "$name" "$before")" "$(counter_of driver "$name" "$after")" \
			"$(counter_of netdevice "$name" "$before")" "$(counter_of netdevice "$name" "$after")")"
	done
}

# throughput FILTER OPTION...: from vm1 to vm2
throughput() {
	local filter=$1 server out
	shift
	inside vm2 iperf3 -s -1 >/dev/null 2>&1 &
	server=$!
	until_ok 10 listening inside vm2
	out=$(inside vm1 iperf3 -c "${address[vm2]}" -J "$@")
	wait "$server"
	jq -re "$filter" <<<"$out"
}

megabits() {
	printf '%d.%d Mbit/s' "$(($1 / 1000000))" "$(($1 / 100000 % 10))"
}

tell "one lower device, $(ethtool -i eth0 | awk '/^driver/ { print $2 }'), on a network with a DHCP server"
network
tell "lan is another machine there; vm1 to vm4 are namespaces, each with a vNIC"
tell "insmod vnicx.ko lower=eth0 count=4"
t "the module makes four vNICs of eth0" reload lower=eth0 count=4
start_vms
get_leases
t "every vNIC has an address of its own" all_differ "${address[@]}"
t "every vNIC has a MAC of its own" all_differ "${mac[@]}"

before=$(counters)
for vm in "${vms[@]}"; do
	t "the host on the network reaches $vm" inside lan ping -n -q -c 2 -i 0.2 -W 2 "${address[$vm]}"
done
after=$(counters)
t "the lower device counts frames that it receives" moved driver rx_packets
t "the lower device counts frames that it transmits" moved driver tx_packets

introduce
t "the network becomes quiet" until_ok 30 still
before=$(counters)
t "vm1 reaches vm2" inside vm1 ping -n -q -c 5 -i 0.2 -W 2 "${address[vm2]}"
t "vm2 reaches vm1" inside vm2 ping -n -q -c 5 -i 0.2 -W 2 "${address[vm1]}"
tcp=$(throughput .end.sum_received.bits_per_second -t 5)
t "TCP flows between vm1 and vm2" test "${tcp%.*}" -gt 0
tell "TCP: $(megabits "${tcp%.*}") on an emulated processor"
udp=$(throughput '.end.sum | select(.packets > .lost_packets) | .bits_per_second' -u -b 50M -t 3)
t "UDP flows between vm1 and vm2" test "${udp%.*}" -gt 0
tell "UDP: $(megabits "${udp%.*}") of 50 asked for"
after=$(counters)

table
tell "as long as these stand still, what vm1 and vm2 exchange stays in memory"
t "the lower device's $(wc -l <<<"$before") counters stand still" diff <(echo "$before") <(echo "$after")
