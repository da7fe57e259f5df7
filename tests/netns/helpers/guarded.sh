# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Sourced by the tests of guards: packets of one device, and what becomes of them.

# from_device NAMESPACE/DEVICE: who sends from here on
from_device() {
	sender=$1
}

# passes DESCRIPTION RECEIVERS [OPTION... --] WORD...: who gets a packet, see
# helpers/craft.c, when no counter of the sender's policy rises
passes() {
	crafted "$1" "$2" "nothing dropped" "${@:3}"
}

# drops DESCRIPTION COUNTER [OPTION... --] WORD...: nobody gets a packet, and this
# counter of the sender rises by one
drops() {
	crafted "$1" '' "$2 1" "${@:3}"
}

# crafted DESCRIPTION RECEIVERS COUNTERS [OPTION... --] WORD...
crafted() {
	local what=$1 receivers=$2 counters=$3 options=()
	shift 3
	if [[ " $* " = *' -- '* ]]; then
		while [ "$1" != -- ]; do
			options+=("$1")
			shift
		done
		shift
	fi
	t_is "$what" "$receivers, $counters" craft "${options[@]}" -e "$receivers" "$sender" "$@"
}
