#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# kernels: uml 6.1
#
# mirror DEV: somebody else gets a copy of each frame of a vNIC that passed: a vNIC, a
# tunnel to elsewhere (ERSPAN), or the wire in a VLAN of its own (RSPAN).
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"

no_ipv6
lan_setup
up host eth0 2 >/dev/null
ns c1 c2 x
silence host x
vnic v1 c1
vnic v2 c2
# A vNIC that watches, beside the lower device, as a mirror's device must be
vnic w host
V1=${vnic_mac[v1]} V2=${vnic_mac[v2]}

where=c1
mirror() {
	ip -n "$where" link set v1 type vnicx mirror "$@"
}

mirror w
t "the mirror is shown, in another namespace by its index" \
	shows " mirror if$(inside host cat /sys/class/net/w/ifindex) both " ip -n c1 -d -o link show v1
reaches "a vNIC that watches gets frames to another vNIC" "c2/v2 host/w" -n 5 c1/v1 "$V2"
reaches "a vNIC that watches gets frames from another vNIC" "c1/v1 host/w" -n 5 c2/v2 "$V1"
reaches "a vNIC that watches gets frames from the wire" "c1/v1 host/w" -n 5 lan/eth0 "$V1"
reaches "a vNIC that watches gets frames from the host" "c1/v1 host/w" -n 5 host/eth0 "$V1"
reaches "a vNIC that watches gets frames to the wire" "host/w lan/eth0" -n 5 c1/v1 "$(mac lan eth0)"
reaches "a vNIC that watches gets nothing of others" c2/v2 -n 5 host/eth0 "$V2"
reaches "a vNIC that watches gets long frames" "c2/v2 host/w" -l 1514 -n 5 c1/v1 "$V2"
reaches "a vNIC that watches gets tagged frames" "c2/v2 host/w" -v 5 -n 5 c1/v1 "$V2"
t "TCP of a vNIC that is watched arrives whole" streams_in 1000-65549 -n 2000000 c1 c2 "$(ip4 v2)"
t "pings of a vNIC that is watched arrive" pings c1 "$(ip4 v2)"
mirror w tx
reaches "with tx, a vNIC that watches gets what is sent" "c2/v2 host/w" -n 5 c1/v1 "$V2"
reaches "with tx, a vNIC that watches does not get what is received" c1/v1 -n 5 c2/v2 "$V1"
mirror w rx
reaches "with rx, a vNIC that watches does not get what is sent" c2/v2 -n 5 c1/v1 "$V2"
reaches "with rx, a vNIC that watches gets what is received" "c1/v1 host/w" -n 5 c2/v2 "$V1"

# Copies are for the watcher alone, and are not copied again.
mirror w
vnic w2 host
ip -n host link set w type vnicx mirror w2
reaches "copies for a vNIC that is watched itself are not copied" "c2/v2 host/w" -n 5 c1/v1 "$V2"
ip -n host link set w type vnicx mirror off
# Frames that the policy drops are not copied.
ip -n c1 link set v1 type vnicx max_tx_rate 8kbit
# one and a half seconds have one of these
before=$(counter host w rx_packets)
frames -q -l 1514 -n 6 c1/v1 "$V2" >/dev/null
t_is "of six frames of which the policy dropped five, one is copied" $((before + 1)) counter host w rx_packets
ip -n c1 link set v1 type vnicx max_tx_rate off

# RSPAN
mirror eth0 vlan 100
heard=$(mktemp)
inside lan tcpdump -Z root -lnei eth0 vlan 100 >"$heard" 2>/dev/null &
dump=$!
sleep_until_heard() {
	frames -n 3 -e c2/v2 c1/v1 "$V2" >/dev/null
	grep -q "$V1 > $V2.*vlan 100" "$heard"
}
t "copies with a VLAN go to the wire" until_ok 10 sleep_until_heard
kill "$dump"
t_is "copies to the wire are not switched" 0 own_counter c1 v1 mirror_failed
t "TCP arrives whole beside copies to the wire" streams_in 1000-65549 -n 2000000 c1 c2 "$(ip4 v2)"

# A VLAN device that takes a tag that a frame has for its own
batch_in host "link add d0 type dummy" "link set d0 up" "link add link d0 name d0.9 type vlan id 9 reorder_hdr off" \
	"link set d0.9 up"
mirror d0.9
reaches "tagged frames pass beside a mirror without reorder_hdr" c2/v2 -v 7 -n 5 c1/v1 "$V2"
t_is "copies with tags leave by no VLAN device without reorder_hdr" 5 own_counter c1 v1 mirror_failed
frames -n 5 -e c2/v2 c1/v1 "$V2" >/dev/null
t_is "copies without tags leave by a VLAN device without reorder_hdr" 5 own_counter c1 v1 mirror_failed
mirror off
batch_in host "link delete d0"

# ERSPAN: the tunnel's packets go by the wire, or by the very vNIC that is watched.
batch_in host "link add g0 type gretap local 192.0.2.2 remote 192.0.2.1 nopmtudisc" "link set g0 up"
batch_in lan "link add g0 type gretap local 192.0.2.1 remote 192.0.2.2" "link set g0 up"
mirror g0
reaches "a tunnel takes copies elsewhere" "c2/v2 lan/g0" -n 5 c1/v1 "$V2"
reaches "a tunnel takes copies of what is received" "c1/v1 lan/g0" -n 5 c2/v2 "$V1"
reaches "a tunnel takes copies that are longer than its MTU" "c2/v2 lan/g0" -l 1514 -n 5 c1/v1 "$V2"
# A tunnel makes fragments of a long copy, but a packet of IP has no more than 65,535 bytes.
batch_in host "link add g1 type gretap local 192.0.2.2 remote 192.0.2.1 nopmtudisc key 1" "link set g1 up" \
	"link add link eth0 name t1 netns c1 type vnicxtap"
batch_in lan "link add g1 type gretap local 192.0.2.1 remote 192.0.2.2 nopmtudisc key 1" "link set g1 up"
batch_in c1 "link set t1 addrgenmode none" "link set t1 up" "link set t1 type vnicxtap mirror g1 tx"
# to_tunnel LENGTH: how many copies of a machine's frame arrive at the other end, and fail
to_tunnel() {
	local arrived failed
	arrived=$(counter lan g1 rx_packets) failed=$(own_counter c1 t1 mirror_failed)
	inside c1 tap open a t1 send a "$V2" "$(mac c1 t1)" 88b5 "$1" >/dev/null
	echo $(($(counter lan g1 rx_packets) - arrived)) $(($(own_counter c1 t1 mirror_failed) - failed))
}
t_is "a tunnel takes the copy of a machine's frame of 60,000 bytes" "1 0" to_tunnel 60000
t_is "a tunnel takes no copy of a machine's frame of 66,000 bytes" "0 1" to_tunnel 66000
ip -n c1 link delete t1
ip -n host link delete g1
ip -n lan link delete g1
batch_in host "link delete g0" "link add g0 type gretap local 192.0.2.2 remote $(ip4 v1)" "link set g0 up"
t "a mirror ends with its device" eval "! shows ' mirror ' ip -n c1 -d -o link show v1"
pings host "$(ip4 v1)" >/dev/null
mirror g0 rx
before=$(counter c1 v1 rx_packets)
frames -n 5 -e c1/v1 c2/v2 "$V1" >/dev/null
t "a tunnel to the vNIC that is watched does not copy its own packets" \
	eval "[ \$((\$(counter c1 v1 rx_packets) - $before)) -le 12 ]"
mirror off

# Another card's VLAN, on which no driver would check the length
batch_in host "link add d1 mtu 1000 type dummy" "link add link d1 name d1.9 type vlan id 9" "link set d1 up" "link set d1.9 up"
mirror d1.9 tx
# copies LENGTH: how many of five frames so long leave by the card, and fail
copies() {
	local sent failed
	sent=$(counter host d1 tx_packets) failed=$(own_counter c1 v1 mirror_failed)
	frames -n 5 -l "$1" -e c2/v2 c1/v1 "$V2" >/dev/null
	echo $(($(counter host d1 tx_packets) - sent)) $(($(own_counter c1 v1 mirror_failed) - failed))
}
t_is "a VLAN device takes copies that fit its MTU" "5 0" copies 1014
t_is "a VLAN device takes no copies that are longer than its MTU" "0 5" copies 1019
bytes=$(counter host d1 tx_bytes)
t "TCP arrives whole beside copies to a device with a smaller MTU" streams_in 1000-65549 -n 2000000 c1 c2 "$(ip4 v2)"
t "a VLAN device takes no super-frames whose segments are longer than its MTU" \
	[ $(($(counter host d1 tx_bytes) - bytes)) -lt 1000000 ]
ip -n host link set d1.9 down
t_is "a device that is down takes no copies, which are counted" "0 5" copies 1014
mirror off

# The worker floods a broadcast to this many, and mirrors none of a copy's.
for i in {1..16}; do
	echo "link add link eth0 name m$i netns x type vnicx"
done | ip -n host -batch -
for i in {1..16}; do
	echo "link set m$i addrgenmode none"
	echo "link set m$i allmulticast on up"
done | ip -n x -batch -
batch_in host "link add x0 type vxlan id 9 group 239.1.1.1 dev eth0 dstport 4789" "link set x0 addrgenmode none" "link set x0 up"
ip -n c1 link set v1 allmulticast on
mirror x0 rx
before=$(counter host x0 tx_packets)
frames -q -n 1 c2/v2 ff:ff:ff:ff:ff:ff >/dev/null
sleep 1
t "copies that the worker floods are not copied again" \
	eval "[ \$((\$(counter host x0 tx_packets) - $before)) -le 3 ]"
mirror off
ip -n c1 link set v1 allmulticast off
ip -n host link delete x0
for i in {1..16}; do
	echo "link delete m$i"
done | ip -n x -batch -

# A mirror ends with its device.
gone() {
	t "$1" until_ok 5 eval "! shows ' mirror ' ip -n $where -d -o link show v1"
	reaches "frames pass when $2" c2/v2 -n 5 "$where/v1" "$V2"
}
mirror w2
ip -n host link delete w2
gone "a mirror ends with its vNIC" "the mirror's vNIC was deleted"
mirror w
ip -n host link set w netns x
gone "a mirror ends when its vNIC moves away" "the mirror's vNIC has moved"
ip -n x link set w netns host
ip -n host link set w up
mirror w
# Else one may ask the other just now whether its address is still right, in frames that are copied, too.
ip -n c1 neigh flush all
ip -n c2 neigh flush all
failed=$(own_counter c1 v1 mirror_failed)
ip -n host link set w down
reaches "frames pass when the watcher is down" c2/v2 -n 5 c1/v1 "$V2"
t_is "copies for a watcher that is down are counted as failed" $((failed + 5)) own_counter c1 v1 mirror_failed
ip -n host link set w up
ip -n c1 link set v1 netns x
where=x
ip -n x link set v1 up
reaches "the mirror stays when the vNIC moves" "c2/v2 host/w" -n 5 x/v1 "$V2"
ip -n x link set v1 type vnicx storm 1000
reaches "the mirror stays when other options change" "c2/v2 host/w" -n 5 x/v1 "$V2"
ip -n host link set w down
ip -n host link set w name watcher up
t "a new name of the watcher is shown" eval "ip -n x link set v1 netns host; ip -n host link set v1 up; shows ' mirror watcher both ' ip -n host -d -o link show v1"
where=host
reaches "the mirror stays when its device has another name" "c2/v2 host/watcher" -n 5 host/v1 "$V2"

refused() {
	local before what=$1 regex=$2
	shift 2
	before=$(ip -n host -d -o link show v1)
	t_fails "$what is refused" "$regex" mirror "$@"
	t_is "$what changes nothing" "$before" ip -n host -d -o link show v1
}
refused "a mirror to the vNIC itself" "mirror device is v1 itself" v1
refused "a mirror to a device that is not there" "mirror device g9 does not exist in the namespace of eth0" g9
batch_in host "link add link eth0 name eth0.9 type vlan id 9" "link add br0 type bridge"
refused "a mirror to a VLAN device on the lower device" \
	"mirror device eth0.9 is on top of lower device eth0" eth0.9
ip -n host link set watcher master br0
refused "a mirror to a bridge on a vNIC" "mirror device br0 is on top of lower device eth0" br0
ip -n host link set watcher nomaster
mirror br0
ip -n host link set watcher master br0
t "a mirror ends when its device is put on the lower device" eval "! shows ' mirror ' ip -n host -d -o link show v1"
batch_in host "link set watcher nomaster" "link add d2 type dummy" "link add link br0 name br0.9 type vlan id 9"
mirror br0.9
batch_in host "link set d2 master br0" "link set d2 nomaster"
t "a mirror stays when its device is put on another device" shows " mirror br0.9 both " ip -n host -d -o link show v1
ip -n host link set watcher master br0
t "a mirror ends when a device below its own is put on the lower device" eval "! shows ' mirror ' ip -n host -d -o link show v1"
batch_in host "link delete d2" "link delete eth0.9" "link delete br0"
refused "a mirror to a tenant's vNIC" "mirror device v2 does not exist in the namespace of eth0" v2
refused "a mirror to the lower device without a VLAN" "mirror to lower device eth0 needs a VLAN" eth0
refused "a mirror to the loopback device" "mirror device lo is not an Ethernet device" lo
refused "a mirror in VLAN 4095" 'must be 1 to 4094, not "4095"' watcher vlan 4095
refused "a mirror without a device" "missing"
mirror off
ip -n host link delete v1
ip -n host link add link eth0 name v1 type vnicx mirror watcher vlan 7 tx
t "a new vNIC has its mirror at once" shows " mirror watcher vlan 7 tx " ip -n host -d -o link show v1
