#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A sender that keeps its frame and sends it again while it waits in a queue: the
# kernel's packet generator, by a lower device that lets it.
# kernels: uml-smp 6.1
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"

modprobe -qa pktgen dummy || :
no_ipv6
ns host c1 c2
ip -n host link add eth0 type dummy
up host eth0 2 >/dev/null
vnic v1 c1
vnic v2 c2
sent=500

# generate NAMESPACE DEVICE ADDRESS COMMAND...: frames to the address
generate() {
	local where=$1 device=$2 dst=$3
	shift 3
	# shellcheck disable=SC2016 # the other shell's
	inside "$where" bash -euc '
		cd /proc/net/pktgen
		echo rem_device_all >kpktgend_0
		echo "add_device $1" >kpktgend_0
		for command in "${@:2}"; do
			echo "$command" >"$1"
		done
		echo start >pgctrl
		echo rem_device_all >kpktgend_0
	' - "$device" "count $sent" "dst_mac $dst" "dst 192.0.2.77" "xmit_mode queue_xmit" "$@"
}

# received: frames that have come out of the queue
received() {
	local shown
	shown=$(tc -n c1 -s filter show dev v1 ingress)
	[[ $shown =~ ([0-9]+)\ pkt ]]
	echo "${BASH_REMATCH[1]}"
}

each_ends() {
	local before
	before=$(received)
	generate "$@"
	until_ok 5 is_now $((before + sent)) received
}

V1=${vnic_mac[v1]}
batch_tc c1 "qdisc add dev v1 clsact" "filter add dev v1 ingress matchall action drop"
t "each frame that the host sends a hundred times ends once" each_ends host eth0 "$V1" "clone_skb 100"
t "each frame that the host makes anew ends once" each_ends host eth0 "$V1" "clone_skb 0"
t "each frame that a vNIC's sender holds ends once" each_ends c2 v2 "$V1" "clone_skb 0"
t "frames to everybody that the host sends again end once" each_ends host eth0 ff:ff:ff:ff:ff:ff "clone_skb 100"
inside c1 ethtool -K v1 gro on
t "each frame that a sender holds ends once at a GRO vNIC" each_ends c2 v2 "$V1" "clone_skb 0"
