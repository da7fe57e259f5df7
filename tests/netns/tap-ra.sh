#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# kernels: uml 6.1
#
# Router advertisements are for the virtual machine, also while it does not run:
# the host must not send by the machine's vNIC what is for its own network.
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"

# learnt DEVICE: what the host was told by a router
learnt() {
	ip -n host -6 route show dev "$1" proto ra | wc -l
}

lan_setup
inside lan sysctl -qw net.ipv6.conf.all.forwarding=1
inside host sysctl -qw net.ipv6.conf.eth0.accept_ra=1
batch_in host "link add link eth0 name v0 type vnicx" "link add link eth0 name t0 type vnicxtap" \
	"link set v0 up" "link set t0 up"
inside lan dnsmasq --conf-file=/dev/null --port=0 --interface=eth0 --bind-interfaces \
	--user=root --pid-file=/tmp/dnsmasq.pid --leasefile-ro --log-facility=/tmp/dnsmasq.log \
	--enable-ra --dhcp-range=2001:db8::,ra-only,64,1h
told() {
	[ "$(learnt eth0)" -gt 0 ] && [ "$(learnt v0)" -gt 0 ]
}
t "the host learns a router by the lower device and by an ordinary vNIC" until_ok 20 told
t_is "the host learns no router by a virtual machine's vNIC" 0 learnt t0
