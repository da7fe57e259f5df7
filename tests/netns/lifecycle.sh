#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What happens to the adapter happens, suitably, to its vNICs: v0 and v2 in its
# own namespace, v1 in another.
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

soon_is "a vNIC has carrier when the adapter has" up attribute v0 operstate
ip -n lan link set wire down
soon_is "loses it with the adapter" lowerlayerdown attribute v0 operstate
t_is "as anyone sees" 0 attribute v0 carrier
ip -n lan link set wire up
soon_is "and gets it back" up attribute v0 operstate
ip link set eth0 down
soon_is "a vNIC has no carrier while the adapter is down" lowerlayerdown attribute v0 operstate
t_fails "and reaches nobody" "." pings vm 192.0.2.1
ip link set eth0 up
soon_is "it does when the adapter is up" up attribute v0 operstate
t "and reaches the wire" until_ok 5 pings vm 192.0.2.1

ip link set eth0 mtu 1300
t_is "the adapter's MTU lowers that of a vNIC" 1300 attribute v0 mtu
t_is "unless it is lower" 1200 attribute v2 mtu
t "it bounds it" shows "maxmtu 1300 " ip -d link show v0
ip link set eth0 mtu 1600
t_is "a raised one does not raise it" 1300 attribute v0 mtu
t "but lets it be raised" ip link set v0 mtu 1600
ip link set eth0 mtu 1500

t_is "offloads that are the adapter's are the vNIC's" on feature v0 rx-checksumming
ethtool -K eth0 rx off tso off sg off >/dev/null
t_is "and go with them" off feature v0 rx-checksumming
t_is "what the switch does by itself stays" on feature v0 tcp-segmentation-offload
ethtool -K eth0 rx on
t_is "what went comes back" on feature v0 rx-checksumming

ip link set eth0 address 02:00:00:00:00:e9
ip -n lan neigh flush all
t "the host is reached under the adapter's new address" pings lan 192.0.2.2
t "whose old one a vNIC can have" \
	batch "link set v0 address 02:00:00:00:00:e0" "link delete v0"
batch "link set eth0 down" "link set eth0 name adapter" "link set adapter up"
t "a new name is shown" shows "v2@adapter: " ip -o link show v2
t "and changes nothing else" until_ok 5 pings vm 192.0.2.1

t_fails "no bridge takes the adapter while it has vNICs" "busy" \
	batch "link add bridge type bridge" "link set adapter master bridge"
t_fails "nor does a macvlan" "busy" ip link add link adapter name mv type macvlan

ip link set adapter netns away
ip -n away link set adapter up
t "when the adapter moves to another namespace, vNICs stay" shows "v2@if*link-netns away" \
	ip -o link show v2
t "and know where it is" shows "v1@if*link-netns away" ip -n vm -o link show v1
t "traffic goes on" until_ok 5 pings vm 192.0.2.1
t "its filter has the vNICs' addresses" shows "02:00:00:00:00:01 " \
	bridge -n away fdb show dev adapter
t "vNICs can be added" ip -n away link add link adapter name v3 netns lan type vnicx
batch_in vm "link delete v1"
ip link delete v2
ip -n lan link delete v3
t "a bridge takes the adapter when they are gone" \
	batch_in away "link add bridge type bridge" "link set adapter master bridge" \
	"link set adapter nomaster"

batch_in away "link add link adapter name v1 netns vm up type vnicx" \
	"link add link adapter name v2 up type vnicx" \
	"link add link adapter name v3 netns lan type vnicx"
t "an adapter can be removed" ip -n away link delete adapter
t_fails "with the vNICs" "does not exist|Cannot find device" ip -n away link show v2
t_fails "in every namespace" "does not exist|Cannot find device" ip -n vm link show v1
t_fails "and of every state" "does not exist|Cannot find device" ip -n lan link show v3
