#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# kernels: uml uml-smp
#
# Everything at once, for two processors and for races. Faults show in
# the kernel's log, which the runner reads.
# also: 6.12-rt
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"
# shellcheck source=helpers/churning.sh
. "${0%/*}/helpers/churning.sh"

ip netns attach init "$$"
ns vm1 vm2
# nobody is to look for a module while there is none; what else is needed is here
modprobe -qa veth bridge || :
modprobe=$(cat /proc/sys/kernel/modprobe)
echo >/proc/sys/kernel/modprobe
batch "link add eth0 address 02:00:00:00:00:e0 type veth peer name wire" \
	"link set wire up" "link set eth0 up" "address add 192.0.2.1/24 dev wire" \
	"link add link eth0 name v1 netns vm1 type vnicx" \
	"link add link eth0 name v2 netns vm2 type vnicx" \
	"link add link eth0 name v3 netns vm1 type vnicx"
batch_in vm1 "link set v1 up" "address add 192.0.2.11/24 dev v1" \
	"link set v3 up" "address add 192.0.2.13/24 dev v3"
batch_in vm2 "link set v2 up" "address add 192.0.2.12/24 dev v2"

talk ping -q -n -i 0.01 192.0.2.11
talk ping -q -n -i 0.01 -b 192.0.2.255
talk ping -q -n -i 0.01 -I wire 239.1.2.3
talk ip netns exec vm1 ping -q -n -i 0.01 -s 5000 192.0.2.12
talk ip netns exec vm2 ping -q -n -i 0.01 192.0.2.13
talk ip netns exec vm2 ping -q -n -i 0.01 -b 192.0.2.255

churn init "link add link eth0 name c1 up type vnicx" "link add link eth0 name c2 up type vnicx" \
	"link add link eth0 name c3 netns vm2 up type vnicx" "link delete c1" "link delete c2"
churn vm2 "link set c3 netns vm1" "link delete c3"
churn vm1 "link set c3 up" "link set c3 netns vm2" "link set v1 promisc on" \
	"link set v1 allmulticast on" "link set v1 down" "link set v1 promisc off" \
	"link set v1 up" "link set v1 allmulticast off"
churn vm2 "link set v2 address 02:00:00:00:00:02" "link set v2 address 02:00:00:00:00:03" \
	"maddress add 01:00:5e:00:00:09 dev v2" "maddress del 01:00:5e:00:00:09 dev v2"
churn vm1 "address add 239.1.2.3/32 dev v3 autojoin" "link set v3 address 02:00:00:00:00:02" \
	"address delete 239.1.2.3/32 dev v3" "link set v3 address 02:00:00:00:00:04"
churn init "link set eth0 mtu 1400" "link set eth0 address 02:00:00:00:00:e1" \
	"link set eth0 down" "link set eth0 mtu 1500" "link set eth0 up" \
	"link set eth0 address 02:00:00:00:00:e0"
for _ in {1..60}; do
	nap
done
# shellcheck disable=SC2086 # a list of words
end $churn

batch_in vm1 "link set v1 promisc off" "link set v1 allmulticast off" "link set v1 up"
ip link set eth0 up
# v1 and v3 answer for each other: a neighbour may know v1 by an address that v3 gave up, and
# would for half a minute
ip neigh flush dev wire
ip -n vm2 neigh flush dev v2
t "the wire reaches a vNIC when the churn has ended" until_ok 10 ping -q -n -c 1 -W 1 192.0.2.11
t "a vNIC reaches another vNIC when the churn has ended" until_ok 10 pings vm2 192.0.2.13
t "the lower device does not take all groups when the churn has ended" shows "allmulti 0 " ip -d link show eth0

churn init "link add link eth0 name c1 up type vnicx" "link delete c1" \
	"link add link eth0 name c2 netns vm2 up type vnicx"
churn vm2 "link delete c2"
t "the module can be removed while vNICs come and go" unload
# shellcheck disable=SC2086 # a list of words
end $churn $traffic
t "a bridge can have the lower device when the module is removed" \
	batch "link add bridge type bridge" "link set eth0 master bridge" "link set eth0 nomaster"
t "the lower device is not promiscuous when the module is removed" \
	shows "promiscuity 0 *allmulti 0 " ip -d link show eth0
t "the module can be loaded again" insmod "$VNICX_STAGE/modules/vnicx.ko"
t "a vNIC can be made when the module is loaded again" ip link add link eth0 name v1 up type vnicx
echo "$modprobe" >/proc/sys/kernel/modprobe
