#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# dhclient calls this with a lease in its environment: takes the address, if it is one and
# no prefix.
set -euo pipefail

case ${reason:?} in
BOUND) ip address add "${new_ip_address:?}/24" dev "${interface:?}" ;;
BOUND6)
	[ -z "${new_ip6_address-}" ] ||
		ip address add "$new_ip6_address/64" dev "${interface:?}" nodad
	;;
esac
