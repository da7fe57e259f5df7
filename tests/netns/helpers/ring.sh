# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Frames that go round for ever.

# ring NAMESPACE STATEMENT: frames that ring0 of a pair of veth sends go round between
# both ends, on the processor where they began, as long as that is not processor 0. A
# statement of nft sees each of them once a round.
ring() {
	ip -n "$1" link add ring0 type veth peer name ring1
	up "$1" ring0 1 >/dev/null
	up "$1" ring1 >/dev/null
	inside "$1" nft -f - <<-EON
		table netdev ring {
			chain a {
				type filter hook ingress device ring0 priority 0
				meta cpu 0 drop
				fwd to ring0
			}
			chain b {
				type filter hook ingress device ring1 priority 0
				meta cpu 0 drop
				$2
				fwd to ring1
			}
		}
	EON
}
