#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A broadcast reaches every other vNIC, the host's own stack and the wire, each
# once and in order, whether the copies are made at once or by the worker.
# also: 6.12-rt
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"

everyone=ff:ff:ff:ff:ff:ff
lldp=01:80:c2:00:00:0e
pause=01:80:c2:00:00:01

no_ipv6
lan_setup
ns vm1 vm2 crowd
vnic v1 vm1
vnic v2 vm2

reaches "a vNIC's broadcast reaches the others, the host and the wire once" \
	"host/eth0 lan/eth0 vm2/v2" vm1/v1 $everyone
reaches "a broadcast from the wire reaches the host and every vNIC once" \
	"host/eth0 vm1/v1 vm2/v2" lan/eth0 $everyone
reaches "the host's broadcast reaches the wire and every vNIC once" "lan/eth0 vm1/v1 vm2/v2" host/eth0 $everyone
reaches "300 broadcasts from a vNIC arrive in order" "host/eth0 lan/eth0 vm2/v2" vm1/v1 $everyone -n 300
reaches "300 broadcasts from the wire arrive in order" "host/eth0 vm1/v1 vm2/v2" lan/eth0 $everyone -n 300

t "a vNIC answers another vNIC's ARP request" \
	inside vm1 arping -q -f -w 3 -I v1 "$(ip4 v2)"
t "a vNIC answers an ARP request from the wire" inside lan arping -q -f -w 3 -I eth0 "$(ip4 v1)"

# A DHCP client's request before it has an address; to spoofchk it is none
ip -n vm1 link set v1 type vnicx spoofchk off
inside lan socat -u -T 10 UDP4-RECVFROM:67,broadcast CREATE:/tmp/heard &
until_ok 5 shows :67 inside lan ss -Hlun
inside vm1 socat -u - UDP4-DATAGRAM:255.255.255.255:67,broadcast,so-bindtodevice=v1 <<<discover
t "a DHCP server on the wire hears a vNIC" until_ok 5 grep -q discover /tmp/heard
ip -n vm1 link set v1 type vnicx spoofchk auto

reaches "a frame for the next bridge goes to the wire and to no vNIC" lan/eth0 vm1/v1 $lldp
ip -n vm2 maddress add $lldp dev v2
reaches "a frame for the next bridge does not reach a vNIC that listens for it" lan/eth0 vm1/v1 $lldp
reaches "a frame for the next bridge from the wire reaches the host and a vNIC that listens" \
	"host/eth0 vm2/v2" lan/eth0 $lldp
reaches "a PAUSE from a vNIC to its group goes nowhere" "" vm1/v1 $pause -t 8808
reaches "a PAUSE to a vNIC goes nowhere" "" vm1/v1 "${vnic_mac[v2]}" -t 8808
reaches "a broadcast PAUSE goes nowhere" "" vm1/v1 $everyone -t 8808
reaches "a PAUSE behind a priority tag goes nowhere" "" vm1/v1 $pause -t 8808 -v 0
# A vNIC receives what is behind two tags by devices that take them off.
batch_in vm2 "link add link v2 name v2.5 up type vlan protocol 802.1ad id 5" \
	"link add link v2.5 name v2.5.6 up type vlan id 6"
reaches "a broadcast behind two tags is received behind them" vm2/v2.5.6 vm1/v1 $everyone -v 5 -v 6 -l 68
reaches "a PAUSE behind two tags goes nowhere" "" vm1/v1 $everyone -t 8808 -v 5 -v 6 -l 68
ip -n vm2 link delete v2.5
reaches "the group of PAUSE goes nowhere with another protocol" "" vm1/v1 $pause
reaches "a PAUSE from the wire reaches the host only" host/eth0 lan/eth0 $pause -t 8808

# More receivers than are served at once
crowd=()
for n in {10..29}; do
	crowd+=("link add link eth0 name c$n netns crowd type vnicx")
done
silence crowd
batch_in host "${crowd[@]}"
batch_in crowd "link set group default up"
all=$(printf 'crowd/c%d ' {10..29})
reaches "a broadcast reaches many vNICs once each" \
	"${all}host/eth0 lan/eth0 vm2/v2" vm1/v1 $everyone
reaches "100 broadcasts to many vNICs arrive in order" \
	"${all}host/eth0 lan/eth0 vm2/v2" vm1/v1 $everyone -n 100
reaches "100 broadcasts from the wire to many vNICs arrive in order" \
	"${all}host/eth0 vm1/v1 vm2/v2" lan/eth0 $everyone -n 100
reaches "a sender among many vNICs does not receive its own broadcast" \
	"${all#crowd/c10 }host/eth0 lan/eth0 vm1/v1 vm2/v2" crowd/c10 $everyone
ip -n crowd link set c29 down
reaches "a vNIC that is down does not receive a broadcast to many" \
	"${all%crowd/c29 }host/eth0 lan/eth0 vm2/v2" vm1/v1 $everyone
