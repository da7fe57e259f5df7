#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# With the host on the switch, what its owner does with the lower device works as
# before: rules for what leaves it, routing, DHCP, a second lower device, a move to
# another namespace.
# kernels: uml 6.1
# also: 6.12-rt
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"

everyone=ff:ff:ff:ff:ff:ff
no_ipv6
lan_setup
ns vm1 vm2 away
vnic v1 vm1
vnic v2 vm2
up host eth0 2 >/dev/null
v1=${vnic_mac[v1]} v2=${vnic_mac[v2]} host=$(mac host eth0) lan=$(mac lan eth0)

# Frames of type 88b6 may not leave, nor what the kernel takes for type 88b7, nor packets
# to one address; those of type 88b5 are counted.
inside host nft -f - <<'EON'
table netdev rules {
	chain out {
		type filter hook egress device eth0 priority 0
		ether type 0x88b6 drop
		meta protocol 0x88b7 drop
		ip daddr 192.0.2.66 drop
		ether type 0x88b5 counter
	}
}
EON

# met: how many frames have met the rules so far
met() {
	nft_packets host table netdev rules
}

t "a vNIC pings the host" pings vm1 192.0.2.2
t "the lower device's counters stand still for TCP to the host" \
	beside_lower stream vm1 host 192.0.2.2
t "the lower device's counters stand still for TCP from the host" beside_lower stream host vm1 "$(ip4 v1)"

reaches "an egress rule drops a frame of the host to a vNIC" "" host/eth0 "$v1" -t 88b6
reaches "an egress rule drops a broadcast of the host" "" host/eth0 $everyone -t 88b6
reaches "an egress rule drops a frame of the host to the wire" "" host/eth0 "$lan" -t 88b6
reaches "an egress rule drops a frame of a vNIC to the wire" "" vm1/v1 "$lan" -t 88b6
reaches "an egress rule drops the wire's copy of a vNIC's broadcast only" "host/eth0 vm2/v2" \
	vm1/v1 $everyone -t 88b6
t_is "an egress rule drops a frame whose packet socket says another EtherType" ", nothing dropped" \
	craft -t 88b5 vm1/v1 to "$lan" type 88b7 pad 46
for type in 800 8100 88a8; do
	t_is "an egress rule drops a packet by its address from a packet socket of EtherType $type" ", nothing dropped" \
		craft -t $type vm1/v1 to "$lan" ip4 192.0.2.11 192.0.2.66 17 udp 9
done
reaches "an egress rule does not meet a frame between vNICs" vm2/v2 vm1/v1 "$v2" -t 88b6
reaches "an egress rule does not meet a frame of a vNIC to the host" host/eth0 vm1/v1 "$host" -t 88b6
reaches "a broadcast that no rule drops reaches everybody once" "host/eth0 lan/eth0 vm2/v2" vm1/v1 $everyone
# Of each, another number of frames
before=$(met)
frames -n 1 host/eth0 "$v1" >/dev/null
frames -n 2 host/eth0 $everyone >/dev/null
frames -n 4 vm1/v1 "$lan" >/dev/null
frames -n 8 vm1/v1 $everyone >/dev/null
after=$(met)
t_is "an egress rule counts each frame that leaves once" $((1 + 2 + 4 + 8)) echo $((after - before))
frames -n 1 lan/eth0 "$v1" >/dev/null
frames -n 2 lan/eth0 $everyone >/dev/null
frames -n 4 vm1/v1 "$host" >/dev/null
frames -n 8 vm1/v1 "$v2" >/dev/null
t_is "an egress rule counts no frame that arrives or stays in memory" "$after" met

# The host routes between its vNICs and a network on the wire, and back by the
# same lower device: what came in by the switch goes out by it.
ip -n lan address add 198.51.100.1/24 dev eth0
inside host bash -c "echo 1 >/proc/sys/net/ipv4/ip_forward
	echo 0 >/proc/sys/net/ipv4/conf/all/send_redirects
	echo 0 >/proc/sys/net/ipv4/conf/eth0/send_redirects"
ip -n host route add 198.51.100.0/24 dev eth0
ip -n vm1 route add 198.51.100.0/24 via 192.0.2.2
ip -n lan route add "$(ip4 v1)/32" via 192.0.2.2
t "the host routes between a vNIC and the wire" pings vm1 198.51.100.1
t "TCP that the host routes to the wire is whole" stream vm1 lan 198.51.100.1
t "TCP that the host routes from the wire is whole" stream lan vm1 "$(ip4 v1)"

batch_in vm2 "address flush dev v2"
cat >/tmp/udhcpd.conf <<'EOC'
start 192.0.2.50
end 192.0.2.50
interface eth0
lease_file /tmp/leases
pidfile /tmp/udhcpd.pid
option subnet 255.255.255.0
EOC
: >/tmp/leases
inside host busybox udhcpd -f /tmp/udhcpd.conf >/tmp/udhcpd.log 2>&1 &
t "a vNIC has its address from a DHCP server on the host" \
	inside vm2 busybox udhcpc -q -n -f -t 5 -T 2 -i v2 -s "$VNICX_STAGE/tests/guest/lease.sh"
t "the host pings a vNIC by its address from DHCP" pings host 192.0.2.50
kill "$!"

# A second lower device makes a second switch.
batch_in host "link add eth1 type dummy" "link set eth1 up" \
	"link add link eth1 name w1 netns vm2 type vnicx"
w1=$(mac vm2 w1) host1=$(mac host eth1)
ip -n vm2 link set w1 up
reaches "a vNIC of another lower device reaches the host by that" host/eth1 vm2/w1 "$host1"
reaches "the host reaches a vNIC of another lower device" vm2/w1 host/eth1 "$w1"
reaches "the host does not reach a vNIC of another lower device by the first" lan/eth0 host/eth0 "$w1"
t "the host is taken off the second switch" ip -n vm2 link set w1 type vnicx host off
reaches "a vNIC of the second switch does not reach the host" "" vm2/w1 "$host1"
reaches "a vNIC of the first switch reaches the host when it is off the second" host/eth0 vm1/v1 "$host"
ip -n host link delete eth1

# Rules do not move along with a lower device; the host on the switch does.
batch_in host "link set eth0 netns away"
ip -n away link set eth0 up
reaches "a lower device that moved to another namespace is the host there" away/eth0 vm1/v1 "$host"
reaches "a lower device that moved to another namespace reaches a vNIC" vm1/v1 away/eth0 "$v1" -t 88b6
ip -n away link set eth0 netns host
ip -n host link set eth0 up
reaches "a lower device that moved back is the host again" host/eth0 vm1/v1 "$host"
reaches "a lower device that moved back reaches a vNIC" vm1/v1 host/eth0 "$v1"
ip -n vm1 link delete v1
ip -n vm2 link delete v2
reaches "the host sends to the wire when the last vNIC has gone" lan/eth0 host/eth0 "$v1"
