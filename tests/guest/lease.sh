#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# udhcpc calls this with a lease in its environment: takes the address.
set -euo pipefail

if [ "$1" = bound ]; then
	# shellcheck disable=SC2154 # from udhcpc
	ip address add "$ip/$mask" dev "$interface"
fi
