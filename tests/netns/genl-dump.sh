#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# kernels: uml 6.1 6.12
#
# A dump of more ports than a buffer holds: it is whole, or marked as interrupted.
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"

add_vnics() {
	local n
	for ((n = $1; n < $2; n++)); do
		echo "link add link eth0 name v$n type vnicx"
	done | ip -batch -
}

no_ipv6
batch "netns add host" "netns add other" "link add eth0 netns host type dummy"
t_is "a namespace without vNICs has no ports" "0 ports, at once, whole" inside host genl-dump
batch_in host "link add link eth0 name a type vnicx"
t_is "a dump of one vNIC, the wire and the host has three ports" "3 ports, at once, whole" inside host genl-dump
inside host bash -c "$(declare -f add_vnics); add_vnics 0 40"
t_is "a dump of 41 vNICs in buffers of 4 kB has them all" "43 ports, parts, whole" inside host genl-dump
t_is "a device that changes leaves a dump whole" "43 ports, parts, whole" \
	inside host genl-dump ip link set v1 up
t_is "a vNIC of another switch, in another namespace, leaves a dump whole" "43 ports, parts, whole" \
	inside host genl-dump ip -n other link add name d0 type dummy
# not before the one that comes next
t_is "a dump is marked when a vNIC joins meanwhile" "44 ports, parts, interrupted" \
	inside host genl-dump ip link add link eth0 name late type vnicx
t_is "a dump is marked when a vNIC leaves meanwhile" "43 ports, parts, interrupted" \
	inside host genl-dump ip link delete v39
t_is "a dump is marked when its vNICs go with their switch" "interrupted" \
	eval 'inside host genl-dump ip link delete eth0 | grep -o "[^ ]*$"'

# A tenant's dump is of its own vNICs.
batch "link add eth1 type dummy" "link add link eth1 name x0 type vnicx"
for n in {0..19}; do
	echo "link add link eth1 name t$n netns other type vnicx"
done | ip -batch -
t_is "a dump of 20 vNICs whose switch is elsewhere has them all" "20 ports, parts, whole" inside other genl-dump
t_is "a tenant's dump is marked when one of its vNICs goes" "19 ports, parts, interrupted" \
	inside other genl-dump ip link delete t19
t_is "a vNIC of the switch that is not the tenant's leaves its dump whole" "19 ports, parts, whole" \
	inside other genl-dump nsenter --net=/proc/$$/ns/net ip link add link eth1 name x1 type vnicx
