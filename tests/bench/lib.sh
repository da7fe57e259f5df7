# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# For the rows of the bench. Each is a script that makes its contestants, all in
# one boot, and measures them in turn, round after round.
#
# Where the guest counts instructions, one nanosecond of its clock is one.
set -euo pipefail

# measured CONTESTANT VALUE: one round's result, for the host
measured() {
	echo "$ROW $1 $2"
}

inside() {
	ip netns exec "$@"
}

batch() {
	printf '%s\n' "$@" | ip -batch -
}

# batch_in NAMESPACE COMMAND...
batch_in() {
	local where=$1
	shift
	printf '%s\n' "$@" | ip -n "$where" -batch -
}

# Nothing speaks but what is measured.
silence() {
	echo 1 >/proc/sys/net/core/devconf_inherit_init_net
	echo 1 >/proc/sys/net/ipv6/conf/all/disable_ipv6
	echo 1 >/proc/sys/net/ipv6/conf/default/disable_ipv6
}

# drops NAMESPACE DEVICE: all that it receives, at the first opportunity
drops() {
	printf '%s\n' "qdisc add dev $2 clsact" "filter add dev $2 ingress matchall action drop" |
		tc -n "$1" -batch -
}

# generate NAMESPACE DEVICE MAC COUNT [BURST]: 60-byte frames by pktgen; prints
# the nanoseconds for each
generate() {
	# shellcheck disable=SC2016 # the shell inside expands them
	inside "$1" bash -c '
		cd /proc/net/pktgen
		echo rem_device_all >kpktgend_0
		echo "add_device $1" >kpktgend_0
		for word in "count $3" "pkt_size 60" "delay 0" "clone_skb 0" "burst ${4:-1}" "dst_mac $2" "dst 198.18.0.42"; do
			echo "$word" >"$1"
		done
		echo start >pgctrl
		cat "$1"' "$@" |
		awk '/^Result: OK: / { sub(/\(.*/, "", $3); took = $3; frames = $5 } END { printf "%.1f\n", took * 1000 / frames }'
}
