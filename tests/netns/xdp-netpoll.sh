#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# kernels: uml-smp
# cpus: 2
# timeout: 60
#
# netpoll, which polls a vNIC on one processor, and AF_XDP sockets, which send to it on
# another. A vNIC whose queue is never free again would hold RTNL for good.
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"

no_ipv6
ns host c2
ip -n host link add eth0 type dummy
ip -n host link set eth0 up
ip -n host link add link eth0 name v1 up type vnicx
ip -n host link add link eth0 name v2 netns c2 up type vnicx spoofchk off
insmod "$VNICX_STAGE/modules/vnicx_test_poller.ko"

polls() {
	inside c2 sh -c "echo '$1' >/sys/module/vnicx_test_poller/parameters/device"
}
polls v2
t_is "a vNIC that netpoll polls meanwhile gets 30000 frames" 30000 \
	taskset 1 xsk-cross -n 30000 host/v1 c2/v2
t "a vNIC that netpoll has polled goes down" timeout -s KILL 20 ip -n c2 link set v2 down
polls ''
rmmod vnicx_test_poller
