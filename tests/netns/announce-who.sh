#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# kernels: uml
# timeout: 300
#
# announce: whose addresses a bridge is told, and which ones a tenant can take by it;
# shared addresses, VLANs, ports that are locked, passthru.
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"
# shellcheck source=helpers/container.sh
. "${0%/*}/helpers/container.sh"
# shellcheck source=helpers/told.sh
. "${0%/*}/helpers/told.sh"

gateway=02:00:00:00:00:fe
virtual=00:00:5e:00:01:07
everybody=ff:ff:ff:ff:ff:ff
untrusted="vNIC is not trusted: its addresses are the administrator's"
V1=02:00:00:00:00:01 V2=02:00:00:00:00:02 HOST=02:00:00:00:00:e0

# elsewhere ADDRESS [WORD...]: the bridge has it at q1
elsewhere() {
	bridge fdb replace "$1" dev q1 master "${@:2}"
}

start_container
ip netns attach init 1
ns lan
silence guest lan
bridge_in=init
batch "link add br0 type bridge vlan_default_pvid 0" "link set br0 up" \
	"link add q1 type veth peer name r1 netns lan" "link set q1 master br0 up" \
	"link add eth0 address $HOST type veth peer name p1" "link set eth0 up" "link set p1 master br0 up" \
	"link add link eth0 name v1 netns guest address $V1 type vnicx announce on" \
	"link add link eth0 name v2 address $V2 type vnicx" "link set v2 up"
ip -n lan link set r1 up
ip -n guest link set v1 up
tells "a switch whose first vNIC has announce on tells its addresses" $HOST $V1 $V2

# A tenant
elsewhere $gateway extern_learn
t_fails "the tenant cannot take the gateway's address" "^Error: $untrusted\.$" guest ip link set v1 address $gateway
guest ip link add link v1 name upper address $gateway type macvlan
guest ip link set upper up
nap
t_is "an untrusted vNIC's upper device has no address told" "$(printf '%s\n' $HOST $V1 $V2 | sort | paste -sd' ')" told
t_is "the gateway's entry stays where it was" $gateway told q1
guest ip link delete upper
ip -n guest link set v1 type vnicx trust on
guest ip link set v1 address $gateway
tells "a trusted tenant's vNIC takes an address that was learnt elsewhere" $HOST $V2 $gateway
guest ip link set v1 address $V1
tells "the old address is told when the tenant takes it again" $HOST $V1 $V2
elsewhere $gateway static sticky
guest ip link set v1 address $gateway
tells "a trusted tenant's vNIC does not take a static address" $HOST $V2
t "a static entry stays where it was" shows "dev q1 sticky" bridge fdb get $gateway br br0
P1=$(mac init p1)
guest ip link set v1 address "$P1"
tells "a trusted tenant's vNIC does not take an address of the bridge" $HOST $V2
t "an address of the bridge stays the bridge's" shows permanent bridge fdb get "$P1" br br0
guest ip link set v1 address $V1
tells "a vNIC with a plain address is told" $HOST $V1 $V2

# Shared addresses
elsewhere $virtual extern_learn
guest ip link add link v1 name plain address 02:00:00:00:00:31 type macvlan
guest ip link add link v1 name vr address $virtual type macvlan mode private
guest ip link set plain up
guest ip link set vr up
tells "an upper device's address is told if the bridge has it nowhere" $HOST $V1 $V2 02:00:00:00:00:31
t_is "a silent upper device does not take an address from elsewhere" $virtual told q1
bridge link set dev p1 learning off
frames -q guest/vr $everybody
tells "an address is taken by the upper device that broadcasts from it" $HOST $V1 $V2 02:00:00:00:00:31 $virtual
batch_in lan "link add link r1 name vr2 address $virtual type macvlan mode private" "link set vr2 up"
frames -q lan/vr2 $everybody
tells "an address that another station broadcasts from is withdrawn" $HOST $V1 $V2 02:00:00:00:00:31
t "an address that another station broadcasts from is where that is" shows "dev q1" bridge fdb get $virtual br br0
ip -n lan link delete vr2
guest ip link delete vr
guest ip link delete plain
tells "the addresses of upper devices go with them" $HOST $V1 $V2

# A locked port: only addresses that were told pass
bridge link set dev p1 locked on
ip -n guest link set v1 type vnicx spoofchk off
reaches "a vNIC whose address is told passes a locked port" lan/r1 guest/v1 02:00:00:00:00:77
reaches "a forged address does not pass a locked port" "" -s 02:00:00:00:00:66 guest/v1 02:00:00:00:00:77
bridge link set dev p1 locked off

# Spanning tree: a port that comes up listens, and learns, for two seconds each
ip link set br0 type bridge stp_state 1 forward_delay 200
batch "link set p1 down" "link set p1 up"
t "spanning tree has the port listen" until_ok 10 eval "bridge link show dev p1 | grep -q 'state l'"
nap
nap
t_is "a port that does not forward yet has no address told" "" told
tells "a port that forwards has its addresses told" $HOST $V1 $V2
ip link set br0 type bridge stp_state 0
ip link set br0 down
tells "a bridge that is down is told no address"
ip link set br0 up
tells "a bridge that is up again is told the addresses" $HOST $V1 $V2

# VLANs
ip link set br0 type bridge vlan_filtering 1
tells "a port without VLANs is told nothing"
printf 'vlan add dev %s vid %s\n' p1 10 p1 20 p1 "1 pvid untagged" q1 10 | bridge -batch -
tells "untagged vNICs are told in the VLAN of untagged frames" $HOST/1 $V1/1 $V2/1
ip link set v2 type vnicx vlan 10
tells "a vNIC in an access VLAN is told in that" $HOST/1 $V1/1 $V2/10
ip link set v2 type vnicx trunk 10,20,30 native none
tells "a trunk is told in its VLANs that the port is in" $HOST/1 $V1/1 $V2/10 $V2/20
bridge vlan del dev p1 vid 20
tells "a VLAN that the port leaves has no address told" $HOST/1 $V1/1 $V2/10
bridge fdb add 02:00:00:00:00:41 dev v2 vlan 10
bridge fdb add 02:00:00:00:00:42 dev v2 vlan 40
tells "an address in a VLAN of the vNIC is told there" $HOST/1 $V1/1 $V2/10 02:00:00:00:00:41/10
bridge fdb flush dev v2
ip link set v2 type vnicx vlan off
ip link set br0 type bridge vlan_filtering 0
tells "a bridge that does not tell VLANs apart has each address once" $HOST $V1 $V2

# Changes that do not matter
heard=$(mktemp)
bridge monitor fdb >>"$heard" &
monitor=$!
until_ok 10 grep -qE "^\S+ +0 +\S+ +0*[1-9a-f]" /proc/net/netlink
bridge fdb add 02:00:00:00:00:51 dev v2
tells "an address that was added is told beside a monitor" $HOST $V1 $V2 02:00:00:00:00:51
t "the monitor has heard of an address" until_ok 10 grep -q "51 dev p1" "$heard"
: >"$heard"
batch "link add link p1 name p1.5 type vlan id 5" "link set p1.5 up" "link delete p1.5" "link set eth0 promisc on" \
	"link set eth0 promisc off" "link set v2 mtu 1400" "link set v2 type vnicx neigh_suppress on" \
	"link set v2 type vnicx mode vepa" "link set v2 type vnicx mode bridge" "link set v2 type vnicx announce on"
bridge fdb del 02:00:00:00:00:51 dev v2
t "the monitor has heard of the address that was deleted" until_ok 10 grep -q "51 dev p1" "$heard"
t_is "changes that do not matter are told to nobody" "" awk '/02:00:00:00:00:(01|02|e0)/' "$heard"
kill "$monitor"
wait "$monitor" || :
rm "$heard"

# One vNIC that has the lower device to itself
batch "link add eth1 address 02:00:00:00:00:e1 type veth peer name p2" "link set eth1 up" "link set p2 master br0 up" \
	"link add link eth1 name x1 type vnicx mode passthru announce on"
t_is "a passthru vNIC that is down is not told" "" told p2
ip link set x1 up
t "a passthru vNIC that is up is told" until_ok 10 is_now 02:00:00:00:00:e1 told p2
ip link delete x1
t_is "a passthru vNIC that is deleted is withdrawn" "" told p2
end_container
