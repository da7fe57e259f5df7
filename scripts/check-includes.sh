#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The direction of includes: uapi <- include/vnicx <- switch <- vnic; in the switch,
# exits know nothing of decisions. Prints every arrow that runs back; with a
# directory, looks at that tree instead.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# Headers that the switch must not include: the faces of the control side.
control='net/rtnetlink.h|linux/ethtool.h|linux/ethtool_netlink.h|linux/moduleparam.h'

# includes FOLDER: lines of "file:line header", the header relative to the
# tree's top when it was found beside the file that includes it
includes() {
	local where header file
	[ -d "$tree/$1" ] || return 0
	grep -rnE '^[[:space:]]*#[[:space:]]*include(_next)?\b' --include='*.[ch]' "$tree/$1" |
		sed -E 's|^([^:]+:[0-9]+):[^<"]*[<"]([^>"]+)[>"].*|\1 \2|' |
		while read -r where header; do
			file=${where%:*}
			if [ -e "${file%/*}/$header" ]; then
				header=$(realpath "${file%/*}/$header")
				header=${header#"$tree/"}
			fi
			echo "${where#"$tree/"} ${header#include/uapi/}"
		done
}

# forbid FOLDER REGEX REASON
forbid() {
	local where header
	while read -r where header; do
		if [[ $header =~ $2 ]]; then
			echo "$where: $header: $3"
			wrong=1
		fi
	done < <(includes "$1")
}

tree=$(realpath "${1:-$top}")
wrong=0
forbid include/uapi '^(\.\./|vnicx/|switch/|vnic/|tests/|net/|include/(vnicx|compat)/)' "userspace has no such header"
forbid include/uapi '^linux/(netdevice|skbuff|etherdevice|kernel|module|slab)\.h$' "userspace has no such header"
forbid include/vnicx '(^|/)(switch|vnic|tests)/' "what is offered does not know who offers it, nor who uses it"
forbid include/vnicx "^($control)\$" "the switch's interface knows no control side"
forbid switch '(^|/)(vnic|tests)/' "the switch does not know its users"
forbid switch "^($control)\$" "the switch knows no control side"
forbid switch/out '^switch/(frame|scope|fdb|classify)\.h$' "an exit decides nothing"
forbid switch/policy '^switch/(frame|scope|mark)\.h$' "a policy does not decide where a frame goes"
forbid vnic '(^|/)(switch|tests)/' "the switch is reached through include/vnicx"
exit "$wrong"
