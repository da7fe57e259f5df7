# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# For the tests of vNICs with a character device: two of them, ta and tb, over
# eth0 in the namespace host.

A=02:00:00:00:00:0a B=02:00:00:00:00:0b

taps_setup() {
	taps_of vnicxtap
}

# taps_of KIND
taps_of() {
	batch_in host "link add link eth0 name ta address $A type $*" \
		"link add link eth0 name tb address $B type $*" \
		"link set ta up" "link set tb up"
}

# taps DESCRIPTION EXPECTED WORD...: what the helper prints, its lines joined
# by ", ". It runs in the namespace taps_in, or else in host.
taps() {
	local what=$1 expected=$2
	shift 2
	t_is "$what" "$expected" joined_lines "$@"
}

joined_lines() {
	local out
	out=$(inside "${taps_in:-host}" tap "$@")
	echo "${out//$'\n'/, }"
}
