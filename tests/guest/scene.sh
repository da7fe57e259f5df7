# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Two vNICs in namespaces of their own, a lower device, and the other end of its wire.
set -euo pipefail
# shellcheck source=../netns/lib.sh
. "$VNICX_STAGE/tests/netns/lib.sh"
trap - EXIT

scene() {
	lan_with vm1 vm2
	ip -n host address add 192.0.2.2/24 dev eth0
}
