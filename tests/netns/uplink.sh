#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# kernels: uml 6.1
#
# Between a vNIC and the wire: each vNIC is a station of its own there, and the
# lower device's own stack keeps what is its own.
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"

nobody=02:00:00:00:00:99

lan_with vm1 vm2
ip -n host address add 192.0.2.2/24 dev eth0
v1=${vnic_mac[v1]} v2=${vnic_mac[v2]}
host=$(mac host eth0) lan=$(mac lan eth0)

reaches "a frame to a station on the wire leaves by the lower device" lan/eth0 vm1/v1 "$lan"
reaches "a frame to an unknown address leaves by the lower device" lan/eth0 vm1/v1 $nobody
reaches "a frame from the wire to v1 reaches v1 only" vm1/v1 lan/eth0 "$v1"
reaches "a frame from the wire to v2 reaches v2 only" vm2/v2 lan/eth0 "$v2"
reaches "200 frames from the wire arrive in order" vm2/v2 lan/eth0 "$v2" -n 200
reaches "a frame from the wire to the lower device's address reaches the host" host/eth0 lan/eth0 "$host"
reaches "a frame from the wire to an unknown address reaches the host" host/eth0 lan/eth0 $nobody

t "a vNIC pings the wire over IPv4" pings vm1 192.0.2.1
t "a vNIC pings the wire over IPv6" pings vm1 2001:db8::1
t "the wire pings a vNIC over IPv4" pings lan "$(ip4 v2)"
t "the wire pings a vNIC over IPv6" pings lan "$(ip6 v2)"
t "the wire pings the host" pings lan 192.0.2.2
t "the wire knows a vNIC by the vNIC's address" \
	shows "lladdr $v1" ip -n lan neighbour get "$(ip4 v1)" dev eth0
t "the wire knows the host by the lower device's address" \
	shows "lladdr $host" ip -n lan neighbour get 192.0.2.2 dev eth0

t "TCP to the wire over IPv4 is left to the lower device to segment" streams_in 1515-70000 vm1 lan 192.0.2.1
t "TCP to the wire over IPv6 is left to the lower device to segment" streams_in 1535-70000 vm1 lan 2001:db8::1
t "TCP from the wire over IPv4 arrives in super-frames" streams_in 1515-70000 lan vm1 "$(ip4 v1)"
t "TCP from the wire over IPv6 arrives in super-frames" streams_in 1535-70000 lan vm1 "$(ip6 v1)"
t "TCP between wire and host is whole" stream lan host 192.0.2.2

# sums: whether the wire's end sees a datagram of vm1's stack with its checksum
sums() {
	local capture
	ip netns exec lan tcpdump -Z root -i eth0 -n -vv -U -c 1 "udp port 9" >/tmp/sums 2>/tmp/capture &
	capture=$!
	until_ok 10 grep -q listening /tmp/capture
	inside vm1 bash -c 'echo >/dev/udp/192.0.2.1/9'
	wait "$capture"
	shows "udp sum ok" cat /tmp/sums
}
inside host ethtool -K eth0 tx off >/dev/null
t "TCP to the wire is segmented for a lower device without offloads" streams_in 60-1514 vm1 lan 192.0.2.1
t "UDP to the wire is whole by a lower device without offloads" stream -u -w 1400 -n 100000 vm1 lan 192.0.2.1
t "a checksum is stored for a lower device without offloads" sums
inside host ethtool -K eth0 tx on >/dev/null

# The lower device's owner filters by marks; those of another namespace are not his.
# Not before this: a host with two ways to the wire announces itself by either.
vnic v0 host
inside host nft -f - <<'EON'
table netdev marks {
	chain out {
		type filter hook egress device eth0 priority 0
		meta mark 7 drop
	}
}
EON
t_fails "a mark set in the lower device's namespace meets its filters" "100% packet loss" \
	inside host ping -q -c 1 -W 1 -I v0 -m 7 192.0.2.1
t "a mark set in a vNIC's own namespace does not meet the lower device's filters" \
	inside vm1 ping -q -c 1 -W 2 -m 7 192.0.2.1
