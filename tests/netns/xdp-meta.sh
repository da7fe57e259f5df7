#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# kernels: 6.12
#
# An XDP program that is bound to its vNIC asks for a frame's hash and timestamp. The
# kernels of UML have no BTF, by which a program calls the kernel's functions, and 6.1 has
# no such functions.
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"

no_ipv6
insmod "$VNICX_STAGE/modules/vnicx_test_adapter.ko" wire_time=1
ns host lan c1 c2
batch "link set adapter0 netns host" "link set adapter1 netns lan"
up host adapter0 >/dev/null
up lan adapter1 1 >/dev/null
batch_in host "link add link adapter0 name v1 netns c1 type vnicx" \
	"link add link adapter0 name v2 netns c2 type vnicx"
up c1 v1 11 >/dev/null
up c2 v2 12 >/dev/null
V2=$(mac c2 v2)
fs=/tmp/xdp-meta-programs
mkdir -p $fs
mount -t bpf bpf $fs
index=$(inside c2 cat /sys/class/net/v2/ifindex)
inside c2 xdp-meta $fs/meta "$index"
t_fails "a program that is bound to a vNIC is refused as a generic one" "device-bound" \
	ip -n c2 link set v2 xdpgeneric pinned $fs/meta
t "a program that asks a vNIC about frames is accepted as a native one" ip -n c2 link set v2 xdpdrv pinned $fs/meta

# told PATTERN COMMAND...: what the program is told of the last of the command's frames
told() {
	local pattern=$1
	shift
	"$@" >/dev/null
	until_ok 5 shows "$pattern" xdp-meta $fs/meta-map
}
# datagram PORT PORT: from v1 to v2, of that flow. By its checksum, the stack is silent about it.
datagram() {
	craft -e c2/v2 c1/v1 to "$V2" ip4 192.0.2.11 192.0.2.12 17 hex "$(printf %04x%04x "$1" "$2")00200001" pad 24
}
# hash_of PORT PORT
hash_of() {
	datagram "$@" >/dev/null
	xdp-meta $fs/meta-map | cut -d ' ' -f 3
}
# 8 is XDP_RSS_L4, 61 ENODATA
t "a program is told a hash of the ports of a datagram between vNICs" \
	told "hash 0 [1-9]* 8 time -61 0" datagram 1000 2000
t "a program is told a hash of a frame without ports, and that it is not of ports" \
	told "hash 0 [1-9]* 0 time -61 0" frames -e c2/v2 c1/v1 "$V2"
t "a program is told the timestamp of a frame from the wire" \
	told "hash 0 [1-9]* 0 time 0 1000000000" frames -e c2/v2 lan/adapter1 "$V2"
one=$(hash_of 1000 2000)
t_is "a program is told the same hash for each frame of a flow" "$one" hash_of 1000 2000
t "a program is told another hash for another flow" differ "$one" "$(hash_of 1001 2000)"
echo Y >/sys/module/vnicx_test_adapter/parameters/own_time
t "a program is not told what a driver has in its own form instead of a timestamp" \
	told "time -61 0" frames -e c2/v2 lan/adapter1 "$V2"
umount $fs
