# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# For tests and for rows of the bench: commands in network namespaces.

# inside NAMESPACE COMMAND...
inside() {
	ip netns exec "$@"
}

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
