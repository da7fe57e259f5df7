#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Frames as in the row switch, to a device with an XDP program: of the driver (native), or of
# the core (generic), which is all that macvlan has. The program drops them; sends them
# back, to where tc drops them; or redirects them to another device of its namespace, which
# sends them to a third namespace, where tc drops them. pktgen's frames have less room in
# front than programs are promised, so they are copied, as most of a stack's are.
#
# title: 60-byte frames, one by one, to XDP programs
# case: drop instructions/frame dropped
# case: tx instructions/frame sent back
# case: redirect instructions/frame redirected to another device, which sends it
# kernel: 6.1
# measure: counted
# shellcheck source-path=SCRIPTDIR
. "$VNICX_STAGE/tests/bench/lib.sh"

contestants vnicx veth macvlan
frames=20000
programs=/tmp/xdp-programs

# third KIND: a device z in KIND-b, and one in KIND-c to which it sends
third() {
	local kind=$1 options end
	options=$(mode "$kind")
	spaces "$kind-c"
	case $kind in
	veth) ip link add z netns "$kind-b" type veth peer name z netns "$kind-c" ;;
	*)
		for end in b c; do
			# shellcheck disable=SC2086 # words
			ip link add link "$kind-low" name z netns "$kind-$end" type "$kind" $options
		done
		;;
	esac
	ip -n "$kind-b" link set z up
	ip -n "$kind-c" link set z up
}

# program CASE KIND: its receiver has it from here on
program() {
	local how=xdpdrv name=$1
	[ "$2" != macvlan ] || how=xdpgeneric
	[ "$1" != redirect ] || name=redirect-$2
	ip -force -n "$2-b" link set x $how pinned "$programs/$name"
}

quiet
have pktgen
mkdir $programs
mount -t bpf bpf $programs
xdp-pin $programs/drop return 1
xdp-pin $programs/tx reflect 0x0800
xdp-pin $programs/pass return 2
adapter floor
declare -A to=()
for kind in "${kinds[@]}"; do
	pair "$kind"
	third "$kind"
	drops "$kind-a" x
	drops "$kind-c" z
	to[$kind]=$(mac "$kind-b" x)
	# a veth takes frames from programs if it receives by NAPI, and 6.1's what its peer sends
	# back only if it has a program itself
	if [ "$kind" = veth ]; then
		inside veth-c ethtool -K z gro on
		ip -n veth-a link set x xdpdrv pinned $programs/pass
	fi
	index=$(inside "$kind-b" cat /sys/class/net/z/ifindex)
	xdp-pin "$programs/redirect-$kind" forward "$index" "$(mac "$kind-c" z)" "$(mac "$kind-b" z)" 0x0800
done

declare -A at=([tx]=a/x [redirect]=c/z)
for case in drop tx redirect; do
	wants $case || continue
	for kind in "${kinds[@]}"; do
		program $case "$kind"
	done
	for _ in $(rounds 3); do
		measured $case floor "$(generate here floor-low 02:00:00:00:00:01 $frames)"
		for kind in "${kinds[@]}"; do
			# nothing but the program counts what it drops
			how=()
			[ $case = drop ] || how=(arrive "$kind-${at[$case]}" "$frames")
			measured $case "$kind" "$("${how[@]}" generate "$kind-a" x "${to[$kind]}" $frames)"
		done
	done
done
umount $programs
