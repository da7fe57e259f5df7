#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Open vSwitch as the bridge of two hosts, one in each namespace: it has the VXLAN tunnel,
# and learns where addresses are.
# timeout: 200
# shellcheck source=fabric.sh
. "${0%/*}/fabric.sh"

hosts=(h1 h2)
programs=$VNICX_STAGE/bin/ovs

# by_ovs HOST COMMAND...: one of its programs
by_ovs() {
	local host=$1 run=$work/$1
	shift
	inside "$host" env LD_LIBRARY_PATH="$programs/lib" OVS_RUNDIR="$run" OVS_LOGDIR="$run" OVS_DBDIR="$run" \
		"$programs/$1" "${@:2}"
}

start_ovs() {
	local host=$1 run=$work/$1 socket=unix:$work/$1/db.sock uptime
	mkdir -p "$run"
	by_ovs "$host" ovsdb-tool create "$run/conf.db" "$programs/vswitch.ovsschema"
	by_ovs "$host" ovsdb-server "$run/conf.db" --remote="p$socket" --detach --pidfile="$work/db-$host.pid" -vconsole:off
	by_ovs "$host" ovs-vsctl --db="$socket" --no-wait init
	# it counts no processors in the first ten seconds after booting
	while read -r uptime _ </proc/uptime && [ "${uptime%.*}" -lt 10 ]; do
		nap
	done
	by_ovs "$host" ovs-vswitchd "$socket" --detach --pidfile="$work/switch-$host.pid" -vconsole:off
}

# segment_of_ovs HOST OTHER-HOST: its bridge has the tunnel and the other end of up100
segment_of_ovs() {
	batch_in "$1" "link add up100 mtu 1450 type veth peer name p100 mtu 1450" "link set p100 addrgenmode none up" \
		"link set up100 addrgenmode none up"
	by_ovs "$1" ovs-vsctl --db="unix:$work/$1/db.sock" add-br br-int -- add-port br-int p100 -- add-port br-int vx \
		-- set interface vx type=vxlan "options:remote_ip=$(underlay_of "$2")" options:key=100
}

[[ $VNICX_KERNEL = uml* ]] || modprobe openvswitch
fabric 1500
for host in "${hosts[@]}"; do
	start_ovs "$host"
done
segment_of_ovs h1 h2
segment_of_ovs h2 h1
station a1 h1 100 11
station b1 h2 100 21
machine gb h2 100 22
t "a vNIC reaches another host by Open vSwitch" until_ok 20 pings a1 192.0.2.21
t "a vNIC reaches a virtual machine on another host by Open vSwitch" until_ok 20 pings a1 192.0.2.22
reaches "a broadcast reaches both hosts by Open vSwitch" "b1/v0 gb/tun0 h1/up100 h2/up100" a1/v0 ff:ff:ff:ff:ff:ff
reaches "a frame for a vNIC of the other host reaches it alone by Open vSwitch" b1/v0 a1/v0 "$(mac_of 21)"
# Its daemon has the first frames of a flow, which the next ones overtake.
t "traffic between hosts by Open vSwitch is whole" whole a1/v0/11 b1/v0/21 -x neighbours -o
t "announce warns that Open vSwitch is not told" \
	shows "Warning: nothing to announce to yet: peer is no port of a bridge" \
	eval "ip -n a1 link set v0 type vnicx announce on 2>&1"
