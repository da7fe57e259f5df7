#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# GRO on a vNIC takes frames whose sender still has them: in TCP's retransmit
# queue, in the account of a socket, in a capture. Every byte arrives.
# kernels: uml 6.1
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"
# shellcheck source=helpers/taps.sh
. "${0%/*}/helpers/taps.sh"

no_ipv6
lan_setup
ns c1 c2 r
vnic v1 c1
vnic v2 c2
vnic r1 r
vnic r2 r
for where in "c1 v1" "c2 v2" "r r1" "r r2"; do
	read -r name device <<<"$where"
	inside "$name" ethtool -K "$device" gro on tso off gso off
done

# One frame in eight is lost between GRO and the stack.
batch_tc c2 "qdisc add dev v2 clsact" \
	"filter add dev v2 ingress matchall action pass random determ drop 8"
t "TCP in small pieces over a GRO vNIC survives loss" stream -n 400000 -w 700 -e -s c1 c2 "$(ip4 v2)"
t "TCP of MTU-sized frames over a GRO vNIC survives loss" stream -n 4000000 c1 c2 "$(ip4 v2)"
t "TCP from a file over a GRO vNIC survives loss" stream -n 2000000 -f c1 c2 "$(ip4 v2)"
inside c1 ethtool -K v1 tso on gso on
t "TCP in super-frames over a GRO vNIC survives loss" stream -n 4000000 c1 c2 "$(ip4 v2)"
inside c1 ethtool -K v1 tso off gso off
tc -n c2 qdisc delete dev v2 clsact

# Frames that waited together are received together.
tc -n c1 qdisc add dev v1 root netem delay 2ms limit 10000
udp=(-u -w 1400 -n 1400000)
t "a UDP socket gets datagrams that GRO merged, and its sender does not stall" \
	streams_in 1443-70000 "${udp[@]}" -g c1 c2 "$(ip4 v2)"
t "two sockets that send in one flow do not stall" \
	stream "${udp[@]}" -p 2 -g c1 c2 "$(ip4 v2)"

# A virtual machine's super-frame that is cut on its way: its last piece alone is in
# the account of the character device, and with what all of them take.
taps_setup
inside host ethtool -K ta tso off
taps "a character device whose frames are cut, and merged by GRO, gets the room for them back" \
	"0, 0, 8064, 1000" open a ta ioctl a TUNSETSNDBUF 4000000 \
	tcp a "${vnic_mac[v2]}" $A 8000 1000 again a 1000

# Forwarded: by r, from the network of c1 to that of c2
inside r sysctl -qw net.ipv4.ip_forward=1
batch_in r "address add 198.51.100.1/24 dev r2"
batch_in c1 "route add 198.51.100.0/24 via $(ip4 r1)"
batch_in c2 "address add 198.51.100.2/24 dev v2" \
	"route add $(ip4 v1)/32 via 198.51.100.1 src 198.51.100.2"
# Packets that wait for an address to be resolved have little room.
pings c1 198.51.100.2 >/dev/null
udp=(-u -w 1400 -n 560000)
for mode in rx-udp-gro-forwarding rx-gro-list; do
	inside r ethtool -K r1 "$mode" on
	inside c2 ethtool -K v2 "$mode" on
	t "UDP by a router with GRO on both sides arrives whole, with $mode" \
		stream "${udp[@]}" c1 c2 198.51.100.2
	t "UDP from two sockets by a router that is watched arrives whole, with $mode" \
		stream "${udp[@]}" -p 2 -x r c1 c2 198.51.100.2
	inside c2 ethtool -K v2 "$mode" off
	inside r ethtool -K r1 "$mode" off
done
tc -n c1 qdisc delete dev v1 root
batch_tc r "qdisc add dev r1 clsact" \
	"filter add dev r1 ingress matchall action pass random determ drop 8"
t "TCP by a router with GRO on both sides survives loss" \
	stream -n 400000 -w 700 -e -x r c1 c2 198.51.100.2
