#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# kernels: uml-smp
# timeout: 300
#
# Rates: the average of what passes is that of the rate, to 2 %, for TCP and UDP, short
# frames and super-frames, on all paths. Streams run at once, each over a vNIC of its own, and
# are measured by the guest's clock.
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"

# shellcheck source=helpers/average.sh
. "${0%/*}/helpers/average.sh"

# stream_is DESCRIPTION RATE NAMESPACE DEVICE DIRECTION [HEADER SEGMENT]: one that runs
description=() expected=() measuring=() senders=() streams=0
stream_is() {
	streams=$((streams + 1))
	description[streams]=$1
	expected[streams]=$2
	measured_in "$3" "$2" bits "${@:4}" >"/tmp/rate.$streams" 2>&1 &
	measuring+=("$!")
}

# in_background NAMESPACE COMMAND...: until the streams were measured
in_background() {
	inside "$@" >/dev/null 2>&1 &
	senders+=("$!")
}

# measured: waits for the streams, and ends them
measured() {
	local n
	wait "${measuring[@]}"
	kill "${senders[@]}" 2>/dev/null || :
	for n in "${!description[@]}"; do
		t "${description[n]}" within 20 "${expected[n]}" "$(cat "/tmp/rate.$n")"
	done
	description=() measuring=() senders=()
}

# server NAMESPACE PORT: leaves itself to the background before it listens
server() {
	inside "$1" iperf3 -s -p "$2" -D >/dev/null
	until_ok 10 shows LISTEN inside "$1" ss -Hltn "sport = $2"
}

no_ipv6
lan_setup
up host eth0 2 >/dev/null
ns c1 c2 c3 c4 c5 c6 c7 c8 c9
for n in {1..9}; do
	vnic "v$n" "c$n"
done
set_rate() {
	ip -n "$1" link set "$2" type vnicx "${@:3}"
}

# Two that stay below their rates
set_rate c1 v1 max_tx_rate 40gbit
set_rate c2 v2 max_rx_rate 40gbit
t "TCP between vNICs below their rates arrives whole" \
	streams_in 1000-65549 -n 20000000 c1 c2 "$(ip4 v2)"
t "UDP between vNICs below their rates arrives whole" \
	streams_in 1042-1042 -u -w 1000 -n 1000000 c1 c2 "$(ip4 v2)"
t_is "a sender below its rate loses no frame" 0 own_counter c1 v1 tx_rate
t_is "a receiver below its rate loses no frame" 0 own_counter c2 v2 rx_rate

set_rate c1 v1 max_tx_rate 10mbit
set_rate c2 v2 max_rx_rate off
set_rate c3 v3 max_tx_rate 1mbit
set_rate c4 v4 max_rx_rate 5mbit
set_rate c5 v5 max_rx_rate 1mbit
set_rate c6 v6 max_tx_rate 5mbit
set_rate c7 v7 max_tx_rate 500kbit
set_rate c9 v9 max_rx_rate 5mbit
batch_in host "link add link eth0 name ta address 02:00:00:00:00:0a type vnicxtap max_tx_rate 20mbit" \
	"link set ta up"

server c2 1
in_background c1 iperf3 -c "$(ip4 v2)" -p 1 -t 60
stream_is "TCP from a vNIC to another has the sender's rate of 10 Mbit/s" 10000000 c1 v1 tx 66 1448

server lan 1
in_background c3 iperf3 -c 192.0.2.1 -p 1 -t 60 -u -b 3m -l 1000
stream_is "UDP from a vNIC to the wire has the sender's rate of 1 Mbit/s" 1000000 c3 v3 tx

server c4 1
in_background lan iperf3 -c "$(ip4 v4)" -p 1 -t 60 -P 3
stream_is "TCP from the wire has the receiver's rate of 5 Mbit/s" 5000000 c4 v4 rx 66 1448

server c5 1
in_background host iperf3 -c "$(ip4 v5)" -p 1 -t 60 -u -b 3m -l 1400
stream_is "UDP from the host has the receiver's rate of 1 Mbit/s" 1000000 c5 v5 rx

server host 1
in_background c6 iperf3 -c 192.0.2.2 -p 1 -t 60
stream_is "TCP from a vNIC to the host has the sender's rate of 5 Mbit/s" 5000000 c6 v6 tx 66 1448

# Two processors share a bucket.
server c8 1
server c8 2
in_background c7 taskset 1 iperf3 -c "$(ip4 v8)" -p 1 -t 60 -u -b 300k -l 18
in_background c7 taskset "$(nproc)" iperf3 -c "$(ip4 v8)" -p 2 -t 60 -u -b 600k -l 1000
stream_is "frames of two lengths on $(nproc) processors have the sender's rate of 500 kbit/s" 500000 c7 v7 tx

server c9 1
in_background c8 iperf3 -c "$(ip4 v9)" -p 1 -t 60 -P 3
stream_is "TCP from a vNIC has the receiver's rate of 5 Mbit/s" 5000000 c9 v9 rx 66 1448

measured
# A virtual machine sends without a break, and leaves others no time.
in_background host tap open q ta tcp q "${vnic_mac[v8]}" 02:00:00:00:00:0a 60000 1000 again q 100000000
stream_is "super-frames of a virtual machine have the sender's rate of 20 Mbit/s" 20000000 host ta tx 54 1000
measured
