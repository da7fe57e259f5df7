# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# For the two demonstrations: words for who watches, leases, and a lower device whose
# counters stand still.

# a client of DHCP, for -i DEVICE -s SCRIPT
# shellcheck disable=SC2034 # for those who source this
dhcp_client=(busybox udhcpc -f -n -q -t 5 -T 2 -A 1)

tell() {
	echo "# $*"
}

# still: what counters, which the caller has, prints is the same two seconds later
still() {
	local before
	before=$(counters)
	sleep 2
	[ "$before" = "$(counters)" ]
}

# listening COMMAND...: iperf3 waits for a client where the command runs programs
listening() {
	"$@" ss -Hltn 'sport = 5201' | grep -q LISTEN
}
