#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# kernels: uml
#
# A private VLAN (RFC 5517): primary 100, isolated 101, communities 102 and 103.
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"
# shellcheck source=helpers/vlans.sh
. "${0%/*}/helpers/vlans.sh"
# shellcheck source=helpers/dad.sh
. "${0%/*}/helpers/dad.sh"

no_ipv6
lan_setup
for vid in 100 101 102 103; do
	station $vid
done
ns c
vnic p c pvlan promiscuous 100 101-103
vnic i1 c pvlan isolated 100 101
vnic i2 c pvlan isolated 100 101
vnic m1 c pvlan community 100 102
vnic m2 c pvlan community 100 102
vnic n1 c pvlan community 100 103
ports=(p i1 i2 m1 m2 n1)

# A port reaches some of the others, and sends in one VLAN.
declare -A reached=([p]="i1 i2 m1 m2 n1" [i1]=p [i2]=p [m1]="m2 p" [m2]="m1 p" [n1]=p)
declare -A vlan=([p]=100 [i1]=101 [i2]=101 [m1]=102 [m2]=102 [n1]=103)

for from in "${ports[@]}"; do
	receivers=()
	for to in ${reached[$from]}; do
		receivers+=("c/$to")
		reaches "$from reaches $to" "c/$to" "c/$from" "${vnic_mac[$to]}"
	done
	reaches "a broadcast of $from reaches ${reached[$from]}" \
		"${receivers[*]} host/eth0 lan/eth0.${vlan[$from]}" "c/$from" $everyone
done
loses "an isolated port does not reach another one" lan/eth0.101 c/i2 rx_vlan c/i1 "${vnic_mac[i2]}"
loses "an isolated port does not reach a community" lan/eth0.101 c/m1 rx_vlan c/i1 "${vnic_mac[m1]}"
loses "a community does not reach another one" lan/eth0.102 c/n1 rx_vlan c/m1 "${vnic_mac[n1]}"
loses "a community does not reach an isolated port" lan/eth0.102 c/i1 rx_vlan c/m1 "${vnic_mac[i1]}"
loses "a port of a private VLAN drops tags" "" c/i1 tx_vlan -v 100 c/i1 "${vnic_mac[i2]}"
reaches "a router on the wire, in the primary VLAN, reaches all" \
	"c/i1 c/i2 c/m1 c/m2 c/n1 c/p host/eth0" lan/eth0.100 $everyone
reaches "an isolated port on the wire reaches promiscuous ones" "c/p host/eth0" lan/eth0.101 $everyone
reaches "a community on the wire reaches its own and promiscuous ones" "c/m1 c/m2 c/p host/eth0" lan/eth0.102 $everyone

ip -n c link set i1 type vnicx mode vepa
lan_reflects
reaches "an isolated port does not reach another one by a switch that sends frames back" \
	"c/p host/eth0 lan/eth0.101" c/i1 $everyone
lan_absorbs

# Both send to one gateway, which hears neither from the other.
ip -n c link set i1 type vnicx mode bridge ipguard dhcp
ip -n c link set i2 type vnicx vlan off
ip -n c link set i2 type vnicx pvlan isolated 100 103 ipguard dhcp
heard=host/eth0
asks c/i1 0 5
asks c/i2 0 5
t_is "an isolated port has the link-local address that it asks for first" fe80::5 link_locals c i1
t_is "an isolated port in another secondary VLAN does not get that address" "" link_locals c i2
asks c/i2 0 6
t_is "an isolated port in another secondary VLAN gets another address" fe80::6 link_locals c i2
ip -n c link set i1 type vnicx pvlan isolated 104 101
t_is "an isolated port of another private VLAN has to ask for its address again" "" link_locals c i1
asks c/i2 0 5
t_is "an address is free when its port has gone to another private VLAN" "fe80::6 fe80::5" link_locals c i2
ip -n c link set i1 type vnicx pvlan isolated 100 101 ipguard off
ip -n c link set i2 type vnicx pvlan isolated 100 101 ipguard off

refuses "a private VLAN with one VLAN" 'pvlan needs a primary and a secondary VLAN that differ' c i1 \
	pvlan isolated 100 100
refuses "an isolated port with two secondary VLANs" 'only a promiscuous port has several secondary VLANs' c i1 \
	pvlan isolated 100 101,102
refuses "a private VLAN without a number" 'the primary VLAN, and is missing' c i1 pvlan isolated
refuses "a private VLAN 4095" 'VLAN 4095 is not 1 to 4094' c i1 pvlan promiscuous 4095 101
