#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# kernels: uml 6.1
#
# Frames of every size and shape: short, full, jumbo, super-frames, scattered
# over pages, without a checksum yet, in fragments.
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"

everyone=ff:ff:ff:ff:ff:ff

lan_setup
batch_in host "link set eth0 mtu 9000"
batch_in lan "link set eth0 mtu 9000"
ns vm1 vm2
vnic v1 vm1
vnic v2 vm2
v1=${vnic_mac[v1]} v2=${vnic_mac[v2]} lan=$(mac lan eth0)

for length in 14 15 17 18 33 59 60; do
	reaches "a frame of $length bytes passes between vNICs" vm2/v2 vm1/v1 "$v2" -l $length
done
reaches "an empty broadcast reaches everybody" "host/eth0 lan/eth0 vm2/v2" vm1/v1 $everyone -l 14
reaches "an empty frame passes to the wire" lan/eth0 vm1/v1 "$lan" -l 14
reaches "an empty frame passes from the wire" vm1/v1 lan/eth0 "$v1" -l 14
reaches "a frame of 1514 bytes passes between vNICs" vm2/v2 vm1/v1 "$v2" -l 1514
reaches "a jumbo frame passes between vNICs" vm2/v2 vm1/v1 "$v2" -l 9014 -n 20
reaches "a jumbo broadcast reaches everybody" "host/eth0 lan/eth0 vm2/v2" vm1/v1 $everyone -l 9014
reaches "a jumbo frame passes from the wire" vm1/v1 lan/eth0 "$v1" -l 9014

t "TCP between vNICs over IPv4 is not segmented" streams_in 9015-70000 vm1 vm2 "$(ip4 v2)"
t "TCP between vNICs over IPv6 is not segmented" streams_in 9015-70000 vm1 vm2 "$(ip6 v2)"
t "TCP from a file is whole" streams_in 9015-70000 -f vm1 vm2 "$(ip4 v2)"
t "TCP from a process' own pages is whole" streams_in 9015-70000 -z vm1 vm2 "$(ip4 v2)"
t "TCP that is received without a copy is whole" streams_in 9015-70000 -r -f vm1 vm2 "$(ip4 v2)"
t "TCP in small pieces is whole" streams_in 60-9014 -w 100 -n 20000 vm1 vm2 "$(ip4 v2)"
t "a datagram in fragments between vNICs over IPv4 is whole" \
	streams_in 60-9014 -u -w 60000 -n 120000 vm1 vm2 "$(ip4 v2)"
t "a datagram in fragments to the wire is whole" streams_in 60-9014 -u -w 60000 -n 120000 vm1 lan 192.0.2.1
t "a datagram in fragments between vNICs over IPv6 is whole" \
	streams_in 60-9014 -u -w 60000 -n 120000 vm1 vm2 "$(ip6 v2)"

ip -n vm2 link set v2 mtu 1500
reaches "a receiver with a smaller MTU receives a frame that fits" vm2/v2 vm1/v1 "$v2" -l 1514
reaches "a receiver with a smaller MTU receives no frame above it" "" vm1/v1 "$v2" -l 1600
t "TCP to a receiver with a smaller MTU is not segmented" streams_in 1515-70000 vm1 vm2 "$(ip4 v2)"
t "TCP from a vNIC with a smaller MTU is not segmented" streams_in 1515-70000 vm2 vm1 "$(ip4 v1)"
ip -n vm2 link set v2 mtu 9000

# A lower device that can do nothing for its frames
inside host ethtool -K eth0 tso off gso off tx off sg off >/dev/null 2>&1
t "TCP to the wire over IPv4 is segmented for a lower device without TSO" streams_in 1000-9014 vm1 lan 192.0.2.1
t "TCP to the wire over IPv6 is segmented for a lower device without TSO" \
	streams_in 1000-9014 vm1 lan 2001:db8::1
t "TCP from a file to the wire is whole without offloads" streams_in 1000-9014 -f vm1 lan 192.0.2.1
t "TCP from a process' own pages to the wire is whole without offloads" \
	streams_in 1000-9014 -z vm1 lan 192.0.2.1
t "UDP to the wire is whole without offloads" streams_in 60-9014 -u -w 1400 -n 70000 vm1 lan 192.0.2.1
t "TCP between vNICs is not segmented for a lower device without TSO" streams_in 9015-70000 vm1 vm2 "$(ip4 v2)"
inside host ethtool -K eth0 tso on gso on tx on sg on >/dev/null 2>&1

# Super-frames beyond what the length field of IP can say
ip -n vm1 link set v1 gso_max_size 200000
ip -n vm2 link set v2 gro_max_size 200000
# TCP sends no more at once than half of what the receiver had room for, and less to one
# that is far away by its round trips: neither is for a slow guest to say
inside vm2 sysctl -qw net.ipv4.tcp_rmem="4096 6000000 6000000"
inside vm1 sysctl -qw net.ipv4.tcp_tso_rtt_log=20
t "TCP in frames of more than 64 KB is whole" streams_in 65600-210000 \
	-f -w 1000000 -n 8000000 vm1 vm2 "$(ip6 v2)"
dropped=$(counter vm1 v1 tx_dropped)
t "TCP in frames of more than 64 KB is segmented for a lower device that takes none" streams_in 1000-70000 \
	-f -w 1000000 -n 8000000 vm1 lan 2001:db8::1
t_is "no frame of more than 64 KB is dropped before the wire" "$dropped" counter vm1 v1 tx_dropped
