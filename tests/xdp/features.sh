#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 300
#
# The kernel's own test of what drivers announce of XDP, xdp_features: a vNIC does it, and says
# that it does. Of aborted frames it counts those of which the tracepoint xdp_exception tells.
# shellcheck source-path=SCRIPTDIR/../netns
. "${0%/*}/../netns/lib.sh"

no_ipv6
lan_setup
ns dut tester
vnic v1 dut
vnic v2 tester
DUT=::ffff:$(ip4 v1) TESTER=::ffff:$(ip4 v2)
pings tester "$(ip4 v1)" >/dev/null

# 12345
listens() {
	inside dut grep -q :3039 /proc/net/tcp6
}

# finds FEATURE: of v1, as the tester at v2 sees it
finds() {
	local dut
	ip netns exec dut xdp_features -f "$1" -D "$DUT" -T "$TESTER" v1 >/tmp/dut 2>&1 &
	dut=$!
	until_ok 60 listens || cat /tmp/dut
	inside tester timeout 60 xdp_features -t -f "$1" -D "$DUT" -C "$DUT" -T "$TESTER" v2 >/tmp/found 2>&1 ||
		cat /tmp/dut /tmp/found
	sed -n 's/\x1b\[[0-9;]*m//g; s/^Feature //p' /tmp/found
	# Without a tester that ends in order, it waits for a frame more, for good, and hears no
	# milder signal.
	kill -KILL $dut 2>/dev/null || :
	wait $dut 2>/dev/null || :
	ip -n dut link set v1 xdpdrv off
	ip -n tester link set v2 xdpdrv off
}

for feature in XDP_PASS XDP_DROP XDP_ABORTED XDP_TX XDP_REDIRECT XDP_NDO_XMIT; do
	t_is "xdp_features detects $feature of a vNIC, which announces it" "$feature: [DETECTED][ADVERTISED]" finds $feature
done
