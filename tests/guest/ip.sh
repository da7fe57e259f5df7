# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# For tests and for rows of the bench: commands in network namespaces.

# where ip finds the options of vnicx
export IP_LIB_DIR=${VNICX_IP_LIB_DIR:-$VNICX_STAGE/bin}

# inside NAMESPACE COMMAND...: by "ip netns exec", or by a program that starts sooner
inside() {
	"${inside[@]}" "$@"
}
inside=(ip netns exec)
[ ! -x "$VNICX_STAGE/bin/netns-exec" ] || inside=("$VNICX_STAGE/bin/netns-exec")

# batch COMMAND...: commands of ip, all by one program, until one fails
batch() {
	printf '%s\n' "$@" | ip -batch -
}

# batch_in NAMESPACE COMMAND...
batch_in() {
	local where=$1
	shift
	printf '%s\n' "$@" | ip -n "$where" -batch -
}

# mac NAMESPACE DEVICE
mac() {
	inside "$1" cat "/sys/class/net/$2/address"
}

# batch_tc NAMESPACE COMMAND...: commands of tc
batch_tc() {
	local where=$1
	shift
	printf '%s\n' "$@" | tc -n "$where" -batch -
}

# silence NAMESPACE...: what is made there from here on speaks no IPv6, so that no
# report of a group is a frame that the switch learns from
silence() {
	local where
	for where; do
		inside "$where" sh -c "echo 1 >/proc/sys/net/ipv6/conf/default/disable_ipv6"
	done
}
