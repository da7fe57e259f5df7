#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# kernels: uml
#
# A user who repeats requests, maybe in namespaces of his own, does not fill the
# kernel's log, and others who fill the log do not silence vnicx.
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"

log_lines() {
	dmesg | grep -c "is a vNIC's, which keeps it" || :
}

no_ipv6
ns host
# A bridge that loses a port takes the address of another, and asks nobody.
batch_in host "link add br0 type bridge" \
	"link add p0 address 02:00:00:00:00:0f type dummy" "link set p0 master br0" \
	"link add p1 address 02:00:00:00:00:01 type dummy" "link set p1 master br0" \
	"link add link br0 name v0 address 02:00:00:00:00:0f type vnicx"
changed=()
for ((n = 0; n < 100; n++)); do
	changed+=("link set p1 nomaster" "link set p1 master br0")
done
# as if others had said all that may be said
burst=$(sysctl -n net.core.message_burst)
sysctl -qw net.core.message_burst=0
before=$(log_lines) start=$SECONDS
batch_in host "${changed[@]}"
sysctl -qw net.core.message_burst="$burst"
t "the log says that the lower device took a vNIC's address, whatever others have logged" \
	[ "$(log_lines)" -gt "$before" ]
# a hundred times. The limit: 10 lines in 5 seconds
t "the log has few lines about addresses that the lower device took" \
	[ $(($(log_lines) - before)) -le $((10 * ((SECONDS - start) / 5 + 2))) ]
