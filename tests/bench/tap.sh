#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# 60-byte frames from one virtual machine's tap to another's, written and read in
# batches of 32 by a program that costs all of them the same. There is no floor. A virtual
# machine's vNIC is checked without a word; "clean" has the guards of clean-traffic with a list of
# addresses, which a bridge needs rules for. Guards read UDP, and nothing of the first frames.
#
# title: 60-byte frames from a virtual machine's tap to another's
# case: tap instructions/frame one frame
# case: udp instructions/frame one frame of UDP, past policies
# kernel: 6.1
# measure: counted
# shellcheck source-path=SCRIPTDIR
. "$VNICX_STAGE/tests/bench/lib.sh"
quiet
# shellcheck source-path=SCRIPTDIR
. "$VNICX_STAGE/tests/bench/taps.sh"

declare -A policy=(
	[vnicxtap+off]="spoofchk off"
	[vnicxtap+vlan]="vlan 10"
	[vnicxtap+clean]="restricted on raguard on dhcpguard on ipguard static allowed-ips set 198.18.0.0/24"
)

# contest CASE [WORD]: rounds of all kinds
contest() {
	local kind
	for _ in $(rounds 3); do
		for kind in "${kinds[@]}"; do
			[ "$kind" != tap+rules ] || guard_bridge "${bridge_of[$kind]}" $from $to
			measured "$1" "$kind" \
				"$(tap-rate "${from_path[$kind]}" "${to_path[$kind]}" $to 20000 "${@:2}" || echo lost)"
			[ "$kind" != tap+rules ] || unguard
		done
	done
}

# ready KIND: with its policy
ready() {
	case $1 in
	vnicxtap+*) over "$1" "${policy[$1]}" ;;
	tap+vlan)
		bridged "$1"
		access_bridge "${bridge_of[$1]}" "${from_path[$1]}" "${to_path[$1]}"
		;;
	tap+rules) bridged "$1" ;;
	esac
}

! wants tap || contest tap
contestants vnicxtap vnicxtap+off vnicxtap+vlan vnicxtap+clean tap+bridge tap+vlan tap+rules
if wants udp; then
	have nf_tables
	for kind in "${kinds[@]}"; do
		ready "$kind"
	done
	contest udp udp
fi
