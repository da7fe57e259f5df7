# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# A socket's claims to groups and addresses, see claim.c.

# claims NAMESPACE DEVICE GROUPS ADDRESSES [allmulti]: until released
claims() {
	local line
	coproc claim "$@"
	read -r line <&"${COPROC[0]}"
	claimant=$COPROC_PID
	[ "$line" = ready ]
}

release() {
	kill "$claimant"
	wait "$claimant" 2>/dev/null || :
}
