#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# kernels: uml 6.1 6.12
#
# A vNIC counts to the packet and the byte, and tells about itself.
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"

# Frames are of ARP: a stack counts as dropped what it has no protocol for. They are no
# sound ARP, which spoofchk would look into.
fields=(rx_packets rx_bytes multicast rx_dropped tx_packets tx_bytes tx_dropped)
everyone=ff:ff:ff:ff:ff:ff group=01:00:5e:01:02:03

no_ipv6
lan_setup
ns vm
vnic v1 vm spoofchk off
vnic v2 vm
v1=${vnic_mac[v1]} v2=${vnic_mac[v2]}
ip -n vm maddress add $group dev v2

files=("${fields[@]/#//sys/class/net/v1/statistics/}" "${fields[@]/#//sys/class/net/v2/statistics/}")
mapfile -t counted < <(inside vm cat "${files[@]}")

# counts DESCRIPTION GROWTH FRAMES-ARGUMENT...: what is sent makes the counters
# of both vNICs grow by so much, and no other counter
counts() {
	local what=$1 expected=$2 new i growth=''
	shift 2
	frames -q -t 0806 "$@"
	mapfile -t new < <(inside vm cat "${files[@]}")
	for i in "${!new[@]}"; do
		[ "${new[i]}" = "${counted[i]}" ] ||
			growth+=" v$((1 + i / ${#fields[@]})):${fields[i % ${#fields[@]}]}+$((new[i] - counted[i]))"
	done
	counted=("${new[@]}")
	t_is "$what" "$expected" echo "${growth# }"
}

counts "a frame counts where it is sent and where it is received" \
	"v1:tx_packets+1 v1:tx_bytes+60 v2:rx_packets+1 v2:rx_bytes+60" vm/v1 "$v2"
counts "400 frames count with all their bytes" \
	"v1:tx_packets+400 v1:tx_bytes+400000 v2:rx_packets+400 v2:rx_bytes+400000" \
	vm/v1 "$v2" -n 400 -l 1000
counts "frames to the wire count at the sender" \
	"v1:tx_packets+3 v1:tx_bytes+300" vm/v1 "$(mac lan eth0)" -n 3 -l 100
counts "frames from the wire count at the receiver" "v2:rx_packets+3 v2:rx_bytes+300" lan/eth0 "$v2" -n 3 -l 100
counts "a broadcast counts once where it is sent" \
	"v1:tx_packets+5 v1:tx_bytes+300 v2:rx_packets+5 v2:rx_bytes+300" vm/v1 $everyone -n 5
counts "a multicast counts as multicast where it is received" \
	"v1:tx_packets+5 v1:tx_bytes+300 v2:rx_packets+5 v2:rx_bytes+300 v2:multicast+5" \
	vm/v1 $group -n 5
counts "a broadcast from the wire counts at each receiver" \
	"v1:rx_packets+5 v1:rx_bytes+300 v2:rx_packets+5 v2:rx_bytes+300" lan/eth0 $everyone -n 5
counts "a multicast from the wire counts as multicast at its member" \
	"v2:rx_packets+5 v2:rx_bytes+300 v2:multicast+5" lan/eth0 $group -n 5
counts "a frame to a group that nobody joined counts at the sender only" \
	"v1:tx_packets+5 v1:tx_bytes+300" vm/v1 01:00:5e:01:02:04 -n 5
counts "a frame to oneself is a drop of the sender" "v1:tx_dropped+5" vm/v1 "$v1" -n 5
ip -n vm link set v2 mtu 1000
counts "a frame above the receiver's MTU is a drop of the receiver" \
	"v1:tx_packets+5 v1:tx_bytes+7500 v2:rx_dropped+5" vm/v1 "$v2" -n 5 -l 1500
counts "a broadcast above the receiver's MTU is a drop of the receiver" \
	"v1:tx_packets+5 v1:tx_bytes+7500 v2:rx_dropped+5" vm/v1 $everyone -n 5 -l 1500
ip -n vm link set v2 down
counts "a frame to a vNIC that is down is no drop" "v1:tx_packets+5 v1:tx_bytes+300" vm/v1 "$v2" -n 5

t_is "the counters of ip -s are those of sysfs" "${counted[*]::${#fields[@]}}" inside vm bash -c "
	ip -s -j link show v1 | jq -r '.[0].stats64 | [.rx.packets, .rx.bytes, .rx.multicast,
		.rx.dropped, .tx.packets, .tx.bytes, .tx.dropped] | join(\" \")'"
t "ethtool has counters of what the worker copied, found no room for, and of what policies dropped" \
	shows "NIC statistics:
     flood_queued: 0
     flood_overflow: 0
     rx_overflow: 0
     rx_backlog: 0
     groups_refused: 0
     addresses_refused: 0
     tx_disabled: 0
     tx_spoofed: 0
" inside vm ethtool -S v1
t "ethtool names the driver vnicx" shows "driver: vnicx" inside vm ethtool -i v1
t "ethtool names the lower device" shows "bus-info: eth0" inside vm ethtool -i v1
t_is "ethtool shows the lower device's link" \
	"$(inside host ethtool eth0 | sed 's/eth0/v1/')" inside vm ethtool v1
