#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 240
#
# The recipes of docs/observability.md for programs that other guests do not have:
# node_exporter, and the kernel's sampling.
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"

# metric NAME: of v0, which node_exporter shows
metric() {
	busybox wget -q -O - http://127.0.0.1:9100/metrics | sed -n "s/^$1{device=\"v0\"} //p"
}

# samples: how many frames that v0 received the action has seen
samples() {
	tc -s -j filter show dev v0 ingress | jq '[.. | .sample?, .stats? | objects | .packets // empty] | add'
}

# or eth0 answers for v0
sysctl -q -w net.ipv4.conf.all.arp_ignore=1
ip netns add tenant
ip link add link eth0 name v0 address 02:00:00:00:00:01 type vnicx trust off spoofchk on
ip link add link eth0 name v1 netns tenant type vnicx
batch "link set v0 up" "address add 192.0.2.20/24 dev v0"
batch_in tenant "link set v1 up" "address add 192.0.2.21/24 dev v1"

recipe observability.md "Samples: psample"
sends() {
	ip netns exec tenant ping -q -c 3 -i 0.2 192.0.2.20
}
t "v1 reaches v0, whose frames are sampled" until_ok 10 sends
t "tc's action has seen what v0 receives" [ "$(samples)" -ge 3 ]

exporter=$(blocks observability.md Prometheus | sed -n 's/^run node_exporter/prometheus-node-exporter/p')
bash -c "exec $exporter" 2>/run/exporter.log &
# shows_more N: frames that v0 has spoofed
shows_more() {
	[ "$(metric node_ethtool_transmitted_spoofed)" -gt "$1" ]
}
t "node_exporter with the options of the page shows v0's counter of spoofed frames" until_ok 60 shows_more -1
# its own messages of IPv6 come from an address that is not v0's
ip link add link v0 name other type macvlan
ip link set other up
t "node_exporter shows that v0 has spoofed" until_ok 60 shows_more 0
kill $!
ip link del v0
ip netns del tenant
