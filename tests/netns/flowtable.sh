#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A flow table at the lower device's ingress, by which the host forwards what vNICs
# send it: frames of the switch and of the wire take its short way.
# kernels: uml 6.1
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"

no_ipv6
lan_setup
ns vm1 out
vnic v1 vm1
up host eth0 2 >/dev/null
batch_in host "link add out0 type veth peer name eth0 netns out" \
	"address add 198.51.100.1/24 dev out0" "link set out0 up"
batch_in out "address add 198.51.100.2/24 dev eth0" "link set eth0 up" \
	"route add default via 198.51.100.1"
ip -n vm1 route add default via 192.0.2.2
ip -n lan route add default via 192.0.2.2
inside host bash -c "echo 1 >/proc/sys/net/ipv4/ip_forward"
inside host nft -f - <<'EON'
table inet fast {
	flowtable short {
		hook ingress priority 0
		devices = { eth0, out0 }
		counter
	}
	chain forward {
		type filter hook forward priority 0
		ct state established counter flow add @short
	}
}
EON

# long_way: packets that the forward chain has seen of established connections
long_way() {
	nft_packets host chain inet fast forward
}

# takes_short_way COMMAND...: of thousands of packets, few take the long way
takes_short_way() {
	local before
	before=$(long_way)
	"$@"
	[ $(($(long_way) - before)) -gt 0 ] || return 1
	[ $(($(long_way) - before)) -lt 500 ]
}

for vm in vm1 lan; do
	t "TCP from $vm through the flow table is whole" \
		takes_short_way stream -n 3000000 $vm out 198.51.100.2
done
t "TCP to vm1 through the flow table is whole" \
	takes_short_way stream -n 3000000 out vm1 "$(ip4 v1)"
t "the switch ends while the flow table still knows its frames" ip -n vm1 link del v1
t "the module goes with the marks that the flow table overwrote" unload
