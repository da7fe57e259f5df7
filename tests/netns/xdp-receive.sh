#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# kernels: uml uml-smp 6.1
# timeout: 60
#
# AF_XDP sockets receive by a native XDP program of their vNIC.
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"

no_ipv6
lan_setup
ns c1 c2
vnic v1 c1
ip -n host link add link eth0 name q netns c1 numtxqueues 2 numrxqueues 2 type vnicx
up c1 q 13 >/dev/null
ip -n host link add link eth0 name v2 netns c2 numtxqueues 2 numrxqueues 2 type vnicx
up c2 v2 12 >/dev/null

# gets TITLE OPTION...: the socket gets every frame whole and in order
gets() {
	local title=$1
	shift
	t_is "$title" 300 xsk-pair -n 300 "$@"
}
for way in copying zero-copy; do
	z=''
	[ "$way" = copying ] || z=-z
	gets "a $way AF_XDP socket receives from a vNIC" $z c1/v1 c2/v2
	gets "a $way AF_XDP socket receives from the host" $z host/eth0 c2/v2
	gets "a $way AF_XDP socket receives from the wire" $z lan/eth0 c2/v2
	gets "a $way AF_XDP socket receives full frames" $z -l 1514 c1/v1 c2/v2
	gets "a $way AF_XDP socket receives from one of its kind" $z -x c1/v1 c2/v2
	gets "a $way AF_XDP socket receives full frames from one of its kind" $z -x -l 1514 c1/v1 c2/v2
	gets "a $way AF_XDP socket receives by a generic program" $z -g c1/v1 c2/v2
	gets "a $way AF_XDP socket transmits what is behind bad descriptors" $z -x -w c1/v1 c2/v2
	gets "a $way AF_XDP socket may prefer busy polling" $z -x -b c1/v1 c2/v2
	gets "a $way AF_XDP socket transmits with busy polling after a frame was lost" $z -x -b -e c1/v1 c2/v2
	gets "a $way AF_XDP socket has frames at any place of its memory" $z -x -u -l 1514 c1/v1 c2/v2
	gets "a $way AF_XDP socket transmits from the memory of one with a small ring" $z -x -m c1/v1 c2/v2
	gets "a $way AF_XDP socket receives in the queue in which one of its kind transmits" $z -x -q 1 c1/q c2/v2
	t_is "a $way AF_XDP socket transmits no more than it has room for completions" \
		"$(printf '%s\n' 300 'the sender had to take what was completed after 256')" \
		xsk-pair -x -c -n 300 $z c1/v1 c2/v2
	t_is "a $way AF_XDP socket that takes nothing keeps what it has room for" 256 xsk-pair -s -n 600 $z c1/v1 c2/v2
	t_is "a $way AF_XDP socket transmits to one that takes nothing" 256 xsk-pair -s -x -n 600 $z c1/v1 c2/v2
done

# A tunnel, and what captures the frame there, ask where the network header is.
ip -n host address add 192.0.2.2/24 dev eth0
ip -n host link add g0 type gretap local 192.0.2.2 remote 192.0.2.1
ip -n lan link add g0 type gretap local 192.0.2.1 remote 192.0.2.2
up host g0 >/dev/null
up lan g0 >/dev/null
ns c3
ip -n host link add link g0 name v3 netns c3 type vnicx
up c3 v3 >/dev/null
gets "a copying AF_XDP socket transmits by a tunnel" -x -g c3/v3 lan/g0
