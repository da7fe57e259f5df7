#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# With the host on the switch, what its owner does with the adapter works as
# before: rules for what leaves it, routing, DHCP, a second adapter, a move to
# another namespace.
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

# Frames of type 88b6 may not leave; those of type 88b5 are counted.
inside host nft -f - <<'EON'
table netdev rules {
	chain out {
		type filter hook egress device eth0 priority 0
		ether type 0x88b6 drop
		ether type 0x88b5 counter
	}
}
EON

# met: how many frames have met the rules so far
met() {
	local rules
	rules=$(inside host nft list table netdev rules)
	rules=${rules##*packets }
	echo "${rules%% *}"
}

t "a vNIC pings the host" pings vm1 192.0.2.2
t "the adapter's counters stand still for TCP with the host" \
	beside_adapter stream vm1 host 192.0.2.2
t "in both directions" beside_adapter stream host vm1 "$(ip4 v1)"

reaches "the owner's rules hold for what the host sends to a vNIC" "" host/eth0 "$v1" -t 88b6
reaches "to everybody" "" host/eth0 $everyone -t 88b6
reaches "and to the wire" "" host/eth0 "$lan" -t 88b6
reaches "for what a vNIC sends to the wire" "" vm1/v1 "$lan" -t 88b6
reaches "a vNIC's broadcast is kept from the wire alone" "host/eth0 vm2/v2" \
	vm1/v1 $everyone -t 88b6
reaches "what does not leave does not meet them: to a vNIC" vm2/v2 vm1/v1 "$v2" -t 88b6
reaches "and to the host" host/eth0 vm1/v1 "$host" -t 88b6
reaches "a broadcast that may leave reaches everybody once" "host/eth0 lan/eth0 vm2/v2" vm1/v1 $everyone
# Of each, another number of frames
before=$(met)
frames -n 1 host/eth0 "$v1" >/dev/null
frames -n 2 host/eth0 $everyone >/dev/null
frames -n 4 vm1/v1 "$lan" >/dev/null
frames -n 8 vm1/v1 $everyone >/dev/null
after=$(met)
t_is "what leaves meets them once" $((1 + 2 + 4 + 8)) echo $((after - before))
frames -n 1 lan/eth0 "$v1" >/dev/null
frames -n 2 lan/eth0 $everyone >/dev/null
frames -n 4 vm1/v1 "$host" >/dev/null
frames -n 8 vm1/v1 "$v2" >/dev/null
t_is "what comes, or stays, does not" "$after" met

# The host routes between its vNICs and a network on the wire, and back by the
# same adapter: what came in by the switch goes out by it.
ip -n lan address add 198.51.100.1/24 dev eth0
inside host bash -c "echo 1 >/proc/sys/net/ipv4/ip_forward
	echo 0 >/proc/sys/net/ipv4/conf/all/send_redirects
	echo 0 >/proc/sys/net/ipv4/conf/eth0/send_redirects"
ip -n host route add 198.51.100.0/24 dev eth0
ip -n vm1 route add 198.51.100.0/24 via 192.0.2.2
ip -n lan route add "$(ip4 v1)/32" via 192.0.2.2
t "the host routes between a vNIC and the wire" pings vm1 198.51.100.1
t "TCP that it routes is whole" stream vm1 lan 198.51.100.1
t "in both directions" stream lan vm1 "$(ip4 v1)"

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
t "and works with it" pings host 192.0.2.50
kill "$!"

# A second adapter makes a second switch.
batch_in host "link add eth1 type dummy" "link set eth1 up" \
	"link add link eth1 name w1 netns vm2 type vnicx"
w1=$(mac vm2 w1) host1=$(mac host eth1)
ip -n vm2 link set w1 up
reaches "a vNIC of another adapter reaches the host by that" host/eth1 vm2/w1 "$host1"
reaches "and is reached by it" vm2/w1 host/eth1 "$w1"
reaches "not by the first" lan/eth0 host/eth0 "$w1"
t "the host is taken off one switch" ip -n vm2 link set w1 type vnicx host off
reaches "and is no longer reached there" "" vm2/w1 "$host1"
reaches "but by the other" host/eth0 vm1/v1 "$host"
ip -n host link delete eth1

# Rules do not move along with an adapter; the host on the switch does.
batch_in host "link set eth0 netns away"
ip -n away link set eth0 up
reaches "an adapter in another namespace takes the host with it" away/eth0 vm1/v1 "$host"
reaches "in both directions" vm1/v1 away/eth0 "$v1" -t 88b6
ip -n away link set eth0 netns host
ip -n host link set eth0 up
reaches "and back" host/eth0 vm1/v1 "$host"
reaches "in both directions" vm1/v1 host/eth0 "$v1"
ip -n vm1 link delete v1
ip -n vm2 link delete v2
reaches "when the last vNIC has gone, the host sends to the wire" lan/eth0 host/eth0 "$v1"
