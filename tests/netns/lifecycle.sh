#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# vNICs follow their lower device in all that happens to it: v0 and v2 in its own
# namespace, v1 in another.
# also: 6.12-rt
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"

# feature DEVICE NAME: on or off
feature() {
	local out
	out=$(ethtool -k "$1")
	out=${out##*"$2: "}
	echo "${out%%[[:space:]]*}"
}

# The kernel passes carrier on from a worker.
soon_is() {
	local what=$1
	shift
	t "$what" until_ok 5 is_now "$@"
}

ns lan vm away
batch "link add eth0 address 02:00:00:00:00:e0 type veth peer name wire netns lan" \
	"link set eth0 up" \
	"address add 192.0.2.2/24 dev eth0" \
	"link add link eth0 name v0 type vnicx" \
	"link add link eth0 name v1 address 02:00:00:00:00:01 netns vm type vnicx" \
	"link add link eth0 name v2 mtu 1200 type vnicx" \
	"link set v0 up"
batch_in lan "link set wire up" "address add 192.0.2.1/24 dev wire"
batch_in vm "link set v1 up" "address add 192.0.2.11/24 dev v1"

soon_is "a vNIC has carrier when the lower device has" up attribute v0 operstate
ip -n lan link set wire down
soon_is "a vNIC loses carrier with the lower device" lowerlayerdown attribute v0 operstate
t_is "a vNIC without carrier shows carrier 0" 0 attribute v0 carrier
ip -n lan link set wire up
soon_is "a vNIC gets carrier back with the lower device" up attribute v0 operstate
ip link set eth0 down
soon_is "a vNIC has no carrier while the lower device is down" lowerlayerdown attribute v0 operstate
t_fails "a vNIC reaches nobody while the lower device is down" "." pings vm 192.0.2.1
ip link set eth0 up
soon_is "a vNIC has carrier when the lower device is up again" up attribute v0 operstate
t "a vNIC reaches the wire when the lower device is up again" until_ok 5 pings vm 192.0.2.1

ip link set eth0 mtu 1300
t_is "a lowered MTU of the lower device lowers a vNIC's" 1300 attribute v0 mtu
t_is "a lowered MTU of the lower device leaves a lower one of a vNIC" 1200 attribute v2 mtu
t "a vNIC's largest MTU is the lower device's" shows "maxmtu 1300 " ip -d link show v0
ip link set eth0 mtu 1600
t_is "a raised MTU of the lower device does not raise a vNIC's" 1300 attribute v0 mtu
t "a vNIC's MTU can be raised to the lower device's" ip link set v0 mtu 1600
ip link set eth0 mtu 1500

t_is "a vNIC has the lower device's RX checksumming" on feature v0 rx-checksumming
ethtool -K eth0 rx off tso off sg off >/dev/null
t_is "a vNIC loses the lower device's RX checksumming" off feature v0 rx-checksumming
t_is "a vNIC has TSO without the lower device's" on feature v0 tcp-segmentation-offload
ethtool -K eth0 rx on
t_is "a vNIC gets RX checksumming back with the lower device" on feature v0 rx-checksumming

ip link set eth0 address 02:00:00:00:00:e9
ip -n lan neigh flush all
t "the host is reached by the lower device's new address" pings lan 192.0.2.2
t "a vNIC can have the lower device's old address" \
	batch "link set v0 address 02:00:00:00:00:e0" "link delete v0"
batch "link set eth0 down" "link set eth0 name adapter" "link set adapter up"
t "a vNIC shows the lower device's new name" shows "v2@adapter: " ip -o link show v2
t "a vNIC reaches the wire when the lower device has a new name" until_ok 5 pings vm 192.0.2.1

t_fails "no bridge takes the lower device while it has vNICs" "busy" \
	batch "link add bridge type bridge" "link set adapter master bridge"
t_fails "no macvlan is made over the lower device while it has vNICs" \
	"busy" ip link add link adapter name mv type macvlan

ip link set adapter netns away
ip -n away link set adapter up
t "a vNIC stays when the lower device moves to another namespace" shows "v2@if*link-netns away" \
	ip -o link show v2
t "a vNIC in a third namespace shows where the lower device is" \
	shows "v1@if*link-netns away" ip -n vm -o link show v1
t "a vNIC reaches the wire when the lower device has moved" until_ok 5 pings vm 192.0.2.1
t "the filter has a vNIC's address when the lower device has moved" shows "02:00:00:00:00:01 " \
	bridge -n away fdb show dev adapter
t "a vNIC can be added when the lower device has moved" \
	ip -n away link add link adapter name v3 netns lan type vnicx
batch_in vm "link delete v1"
ip link delete v2
ip -n lan link delete v3
t "a bridge takes the lower device when its vNICs are gone" \
	batch_in away "link add bridge type bridge" "link set adapter master bridge" \
	"link set adapter nomaster"

batch_in away "link add link adapter name v1 netns vm up type vnicx" \
	"link add link adapter name v2 up type vnicx" \
	"link add link adapter name v3 netns lan type vnicx"
t "a lower device with vNICs can be removed" ip -n away link delete adapter
t_fails "a vNIC in the lower device's namespace goes with it" \
	"does not exist|Cannot find device" ip -n away link show v2
t_fails "a vNIC in another namespace goes with the lower device" \
	"does not exist|Cannot find device" ip -n vm link show v1
t_fails "a vNIC that is down goes with the lower device" \
	"does not exist|Cannot find device" ip -n lan link show v3
