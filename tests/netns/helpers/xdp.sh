# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# For the tests of XDP programs: three vNICs in a namespace each. v2, in c2, has the
# programs, which are pinned under $fs.

no_ipv6
lan_setup
ns c1 c2 c3
vnic v1 c1
vnic v2 c2
vnic v3 c3
# shellcheck disable=SC2034,SC2154 # for the tests; of lib.sh
V1=${vnic_mac[v1]} V2=${vnic_mac[v2]} V3=${vnic_mac[v3]}
# shellcheck disable=SC2034
LAN=$(mac lan eth0) ALL=ff:ff:ff:ff:ff:ff

fs=/tmp/xdp-programs
mkdir -p $fs
mount -t bpf bpf $fs
xdp-pin $fs/pass return 2

# program [MODE] NAME: v2 has it, or none ("off")
program() {
	local mode=xdpdrv
	[ $# -eq 1 ] || { mode=$1 && shift; }
	if [ "$1" = off ]; then
		ip -n c2 link set v2 "$mode" off
	else
		ip -force -n c2 link set v2 "$mode" pinned "$fs/$1"
	fi
}

# mode: of v2's program, by the number in netlink: 1 native, 2 generic
mode() {
	ip -n c2 -j link show v2 | jq '.[0].xdp.mode // 0'
}

# counts N NAME TITLE COMMAND...: v2's counter has grown by so many by the command
counts() {
	local n=$1 name=$2 title=$3 before
	shift 3
	before=$(own_counter c2 v2 "$name")
	"$@"
	t_is "$title" $((before + n)) own_counter c2 v2 "$name"
}
