#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A reader of a character device that accepts no offload gets frames that lack
# nothing, whatever the sender's stack left to be done.
# kernels: uml
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"
# shellcheck source=helpers/taps.sh
. "${0%/*}/helpers/taps.sh"

no_ipv6
lan_setup
taps_setup
ns c1
vnic v1 c1
batch_in c1 "neigh add 192.0.2.99 lladdr $A dev v1"
batch_in lan "neigh add 192.0.2.99 lladdr $A dev eth0"
whole() {
	t_is "$1" complete inside host tapsum host ta "${@:2}"
}
whole "SCTP of a vNIC to a reader without offloads has its CRC" 1 c1 sctp 192.0.2.99
whole "SCTP of the LAN to a reader without offloads has its CRC" 1 lan sctp 192.0.2.99
tcpdump_at() {
	ip netns exec host tcpdump -Z root -i ta -w /dev/null 2>/tmp/capture &
	until_ok 10 grep -q listening /tmp/capture
}
tcpdump_at
whole "SCTP to a reader without offloads has its CRC while a capture watches" 1 c1 sctp 192.0.2.99
kill $!
wait $! || :

# Super-frames in a tunnel, whose outer header has a checksum
for udpcsum in noudpcsum udpcsum; do
	batch_in c1 "link add x0 address 02:00:00:00:00:c1 type vxlan id 7 remote 192.0.2.99 dstport 4789 dev v1 $udpcsum" \
		"link set x0 addrgenmode none" "link set x0 up" "address add 198.51.100.1/24 dev x0" \
		"neigh add 198.51.100.2 lladdr 02:00:00:00:00:c2 dev x0"
	whole "UDP super-frames in a tunnel with $udpcsum reach a reader without offloads complete" \
		12 c1 udp 198.51.100.2
	ip -n c1 link del x0
done
