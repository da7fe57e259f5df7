#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# kernels: uml uml-smp 6.1
#
# AF_XDP sockets receive by a native XDP program of their vNIC.
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"

no_ipv6
lan_setup
ns c1 c2
vnic v1 c1
ip -n host link add link eth0 name v2 netns c2 numtxqueues 2 numrxqueues 2 type vnicx
up c2 v2 12 >/dev/null

# gets TITLE OPTION...: the socket gets every frame whole and in order
gets() {
	local title=$1
	shift
	t_is "$title" 300 xsk-pair -n 300 "$@"
}
gets "an AF_XDP socket receives from a vNIC" c1/v1 c2/v2
gets "an AF_XDP socket receives from the host" host/eth0 c2/v2
gets "an AF_XDP socket receives from the wire" lan/eth0 c2/v2
gets "an AF_XDP socket receives full frames" -l 1514 c1/v1 c2/v2
gets "an AF_XDP socket receives from an AF_XDP socket" -x c1/v1 c2/v2
gets "an AF_XDP socket receives full frames from an AF_XDP socket" -x -l 1514 c1/v1 c2/v2
gets "an AF_XDP socket receives by a generic program" -g c1/v1 c2/v2
