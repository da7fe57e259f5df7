#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# kernels: uml uml-smp 6.1 6.12
#
# XDP programs have a vNIC send frames: its own program (TX), and another device's
# (REDIRECT). They leave by the vNIC's policy.
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"
# shellcheck source=helpers/xdp.sh
. "${0%/*}/helpers/xdp.sh"

# A program redirects within its namespace.
ip -n c3 link set v3 netns c2
ip -n c2 link set v3 up
ip -n c1 link add link v1 name v1.10 up type vlan id 10

# TX: the vNIC sends it, by its policy
xdp-pin $fs/reflect reflect 0x88b5
program reflect
counts 5 xdp_tx "a frame that a program sends back is counted" \
	reaches "a program sends frames back to a vNIC" c1/v1 -n 5 c1/v1 "$V2"
reaches "a program sends frames back to the host" host/eth0 -n 5 host/eth0 "$V2"
reaches "a program sends frames back to the wire" lan/eth0 -n 5 lan/eth0 "$V2"
xdp-pin $fs/reflect-tagged reflect 0x8100
program reflect-tagged
reaches "a program sends frames back with their VLAN tag" c1/v1.10 -n 5 -v 10 c1/v1 "$V2"
program reflect
# A frame to all is from nobody's address when it is sent back.
counts 5 tx_spoofed "a frame that a program forges is the policy's to drop" \
	reaches "a program cannot send from a foreign address" "c2/v3 host/eth0 lan/eth0" -n 5 c1/v1 $ALL
t_is "a frame that the policy keeps a program from sending is counted" 5 own_counter c2 v2 xdp_tx_errors
ip -n c2 link set v2 type vnicx isolated on
ip -n c1 link set v1 type vnicx isolated on
reaches "the policy decides before a program sees a frame" "" -n 5 c1/v1 "$V2"
ip -n c2 link set v2 type vnicx isolated off
ip -n c1 link set v1 type vnicx isolated off

# REDIRECT: another vNIC sends it, by its policy
v3=$(inside c2 cat /sys/class/net/v3/ifindex)
xdp-pin $fs/forge forward "$v3" "$LAN" "$V1" 0x88b5
program forge
spoofed=$(own_counter c2 v3 tx_spoofed)
reaches "a redirected frame is the policy's to drop where it leaves" "" -n 5 c1/v1 "$V2"
t_is "a redirected frame is counted by the cause" $((spoofed + 5)) own_counter c2 v3 tx_spoofed
xdp-pin $fs/route forward "$v3" "$LAN" "$V3" 0x88b5
program route
counts 5 xdp_redirect "a redirected frame is counted" \
	reaches "a program redirects frames to another vNIC, which sends them" lan/eth0 -n 5 c1/v1 "$V2"
t_is "a frame that a vNIC sends for a program is counted there" 5 own_counter c2 v3 xdp_xmit
xdp-pin $fs/route-ip forward "$v3" "$LAN" "$V3" 0x0800
program route-ip
ip -n c1 neigh replace 192.0.2.1 lladdr "$V2" dev v1
t "TCP passes a program that redirects, its checksums complete" \
	streams_in 1000-1514 -n 300000 c1 lan 192.0.2.1
program route
ip -n c2 link set v3 down
reaches "a program loses frames that it redirects to a vNIC that is down" "" -n 5 c1/v1 "$V2"
ip -n c2 link set v3 up
xdp-pin $fs/nowhere forward 9999 "$LAN" "$V3" 0x88b5
program nowhere
counts 5 xdp_redirect_errors "a frame that is redirected nowhere is counted" \
	reaches "a program loses frames that it redirects nowhere" "" -n 5 c1/v1 "$V2"
# a program of the lower device, in its driver: the core wants no program on top of it, when it is
# given, changed or taken
program off
ip -n host link add link eth0 name v5 up type vnicx
xdp-pin $fs/lower forward "$(inside host cat /sys/class/net/v5/ifindex)" "$V1" "$(mac host v5)" 0x88b5
ip -n host link set eth0 xdpdrv pinned $fs/lower
reaches "the program of the lower device redirects frames to a vNIC, which sends them" c1/v1 -n 5 lan/eth0 "$V3"
ip -n host link set eth0 xdpdrv off
ip -n host link delete v5
ip -n host link set eth0 xdpdrv pinned $fs/pass
program reflect
reaches "a vNIC and its lower device have a program each, and both decide" lan/eth0 -n 5 lan/eth0 "$V2"
t_fails "the program of a lower device cannot be taken while its vNIC has one" . ip -n host link set eth0 xdpdrv off
program off
ip -n host link set eth0 xdpdrv off
program pass
t_fails "a lower device gets no program while its vNIC has one" . ip -n host link set eth0 xdpdrv pinned $fs/pass
program off

# A vNIC without a carrier transmits nothing, for its stack or for a program. v1 and v2 have one always.
carrier() {
	inside "$1" cat "/sys/class/net/$2/carrier"
}
ip -n c1 link set v1 type vnicx state enable
ip -n c2 link set v2 type vnicx state enable
xdp-pin $fs/route-back forward "$v3" "$V1" "$V3" 0x88b5
program route-back
ip -n lan link set eth0 down
until_ok 5 is_now 0 carrier c2 v3
received=$(counter c1 v1 rx_packets)
counts 5 xdp_redirect "a program redirects frames to a vNIC without a carrier" frames -q -n 5 c1/v1 "$V2"
t_is "a vNIC without a carrier transmits nothing for a program" "$received" counter c1 v1 rx_packets
ip -n lan link set eth0 up
until_ok 5 is_now 1 carrier c2 v3
reaches "a vNIC that has its carrier again transmits for a program" c1/v1 -n 5 c1/v1 "$V2"
program off
# A long frame lies in several buffers before the program of a veth. The core of 6.1
# redirects no such frames.
if [ "$VNICX_KERNEL" != 6.1 ]; then
	ip -n host link set eth0 mtu 9000
	ip -n lan link set eth0 mtu 9000
	ip -n c2 link set v3 mtu 9000
	ip -n c2 link add x0 mtu 9000 up type veth peer name x1 mtu 9000 netns c3
	ip -n c3 link set x1 up
	xdp-pin -f $fs/long forward "$v3" "$LAN" "$V3" 0x88b5
	ip -n c2 link set x0 xdpdrv pinned $fs/long
	reaches "frames in several buffers that the program of a veth redirects to a vNIC are sent whole" \
		lan/eth0 -n 5 -l 9014 c3/x1 "$V1"
fi

umount $fs
