#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# kernels: uml
#
# A user who repeats requests, maybe in namespaces of his own, does not fill the
# kernel's log, and others who fill the log do not silence vnicx. Nor do tenants what an
# administrator is told.
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

# More lines of a tenant than are printed, and one about a switch of the machine's own
ns tenant
batch "link add d0 type dummy" "link add d1 type dummy" "link add link d0 name v1 netns tenant type vnicx" \
	"link add link d0 name watched type vnicx mirror d1"
toggled=()
for ((n = 0; n < 30; n++)); do
	toggled+=("link set v1 promisc on" "link set v1 promisc off")
done
batch_in tenant "${toggled[@]}"
ip link delete d1
t "the log says that a mirror is gone, whatever a tenant has it say" shows "watched: its mirror is gone" dmesg
# The script that comes next in this guest may look for a line of a tenant's.
sleep 5
