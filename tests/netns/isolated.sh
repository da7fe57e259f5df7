#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# kernels: uml
#
# Isolated vNICs do not reach each other: by memory, by a flood that the sender or the
# worker makes, or by a physical switch that sends frames back.
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"
# shellcheck source=helpers/vlans.sh
. "${0%/*}/helpers/vlans.sh"
# shellcheck source=helpers/taps.sh
. "${0%/*}/helpers/taps.sh"

no_ipv6
lan_setup
ns c1 c2 c3
vnic i1 c1 isolated on
vnic i2 c2 isolated on
vnic u1 c3
I1=${vnic_mac[i1]} I2=${vnic_mac[i2]} U1=${vnic_mac[u1]} LAN=$(mac lan eth0) HOST=$(mac host eth0)

reaches "an isolated vNIC reaches one that is not" c3/u1 c1/i1 "$U1"
reaches "an isolated vNIC is reached by one that is not" c1/i1 c3/u1 "$I1"
reaches "an isolated vNIC reaches the host" host/eth0 c1/i1 "$HOST"
reaches "the host reaches an isolated vNIC" c1/i1 host/eth0 "$I1"
reaches "an isolated vNIC reaches the wire" lan/eth0 c1/i1 "$LAN"
reaches "the wire reaches an isolated vNIC" c1/i1 lan/eth0 "$I1"
reaches "a broadcast of an isolated vNIC reaches all others" "c3/u1 host/eth0 lan/eth0" c1/i1 $everyone
reaches "a broadcast of the wire reaches isolated vNICs" "c1/i1 c2/i2 c3/u1 host/eth0" lan/eth0 $everyone
loses "an isolated vNIC does not reach another" "" c1/i1 tx_isolated c1/i1 "$I2"
loses "an isolated vNIC does not reach another past the queue" "" c1/i1 tx_isolated -b c1/i1 "$I2"
loses "an isolated vNIC does not reach another in a VLAN" "" c1/i1 tx_isolated -v 7 c1/i1 "$I2"
t "TCP from an isolated vNIC to another one is whole" stream c1 c3 "$(ip4 u1)"
t_fails "an isolated vNIC has no answer from another" '' pings c1 "$(ip4 i2)"

hairpin() {
	lan_reflects
	reaches "an isolated vNIC's broadcast that comes back $1 reaches no other" "$2" c1/i1 $everyone
	lan_absorbs
}
for name in c1/i1 c2/i2 c3/u1; do
	ip -n "${name%/*}" link set "${name#*/}" type vnicx mode vepa
done
hairpin "in vepa mode" "c3/u1 host/eth0 lan/eth0"
lan_reflects
before=$(cause c1/i1 tx_isolated)
reaches "an isolated vNIC's frame that comes back reaches no other" lan/eth0 c1/i1 "$I2"
t_is "tx_isolated counts a frame that came back" $((before + 1)) cause c1/i1 tx_isolated
reaches "an isolated vNIC's frame that comes back reaches one that is not" "c3/u1 lan/eth0" c1/i1 "$U1"
ip -n c2 link set i2 type vnicx trust on
ip -n c2 link set i2 promisc on
reaches "a promiscuous isolated vNIC hears nothing that comes back" "host/eth0 lan/eth0" c1/i1 02:00:00:00:00:77
ip -n c2 link set i2 type vnicx mode source macaddr set "$I1"
reaches "an isolated vNIC in source mode hears nothing of another" "c3/u1 host/eth0 lan/eth0" c1/i1 $everyone
lan_absorbs
ip -n c2 link set i2 type vnicx mode bridge
for name in c1/i1 c3/u1; do
	ip -n "${name%/*}" link set "${name#*/}" type vnicx mode bridge
done

ns crowd
crowd=()
for ((i = 0; i < 20; i++)); do
	crowd+=("link add link eth0 name x$i netns crowd type vnicx isolated $([ $((i % 2)) = 0 ] && echo on || echo off)")
done
batch_in host "${crowd[@]}"
for ((i = 0; i < 20; i++)); do
	printf 'link set x%d addrgenmode none\nlink set x%d up\n' $i $i
done | ip -n crowd -batch -
odd=""
for i in 1 11 13 15 17 19 3 5 7 9; do
	odd+=" crowd/x$i"
done
reaches "the worker's copies of an isolated vNIC's broadcast reach no isolated one" \
	"c3/u1${odd} host/eth0 lan/eth0" c1/i1 $everyone
batch_in c1 "link set i1 down" "link set i1 name j1" "link set j1 netns c2"
up c2 j1 >/dev/null
loses "an isolated vNIC with another name in another namespace does not reach another" "" c2/j1 tx_isolated \
	c2/j1 "$(mac crowd x0)"
ip -n c2 link set j1 type vnicx isolated off
reaches "a vNIC that is no longer isolated reaches an isolated one" crowd/x0 c2/j1 "$(mac crowd x0)"

taps_setup
ip -n host link set ta type vnicxtap isolated on
ip -n host link set tb type vnicxtap isolated on
taps "an isolated machine does not reach another" "0, 0, 70, EAGAIN" \
	open a ta open b tb send a $B $A 88b6 60 recv b
