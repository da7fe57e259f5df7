#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The modules as DKMS built and signed them, and the plugin as it is packaged
# (packaging/debian/tests/guest).
# shellcheck source=netns/lib.sh
. "$VNICX_STAGE/tests/netns/lib.sh"

flood_shown() {
	ip -n vm1 -d link show "$1" | grep -q 'vnicx mode bridge .*flood on'
}

lan_setup
ns vm1 vm2

# O (4096): it is not of the kernel's tree. E (8192): the kernel does not know the key
t_is "the kernel says that the modules are not its own, and that it does not know their key" 12288 \
	cat /proc/sys/kernel/tainted
for name in vnicx vnicx_tap; do
	t_is "$name carries the signature of DKMS's key" "DKMS module signing key" \
		modinfo -F signer "$VNICX_STAGE/modules/$name.ko"
done
t "the packaged plugin sets an option" ip -n host link add link eth0 name v1 netns vm1 type vnicx flood on
t "a vNIC with a character device is made" ip -n host link add link eth0 name v2 netns vm2 type vnicxtap
t "the packaged plugin shows an option" flood_shown v1
ip -n vm1 address add 192.0.2.11/24 dev v1
ip -n vm2 address add 192.0.2.12/24 dev v2
ip -n vm1 link set v1 up
ip -n vm2 link set v2 up
t "two vNICs of the packaged modules reach each other" pings vm1 192.0.2.12
