#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# kernels: uml uml-smp
#
# With the rule for udev, a character device is found by its vNIC's name.
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"

links=/dev/net/vnicx

# link_of NAME: where it leads
link_of() {
	readlink -e "$links/$1"
}

node_of() {
	echo "/dev/tap$(attribute "$1" ifindex)"
}

mkdir -p /run/udev/rules.d
cp "$VNICX_STAGE/60-vnicx.rules" /run/udev/rules.d/
# a user's own, as the documentation has it
cat >/run/udev/rules.d/70-own.rules <<-END
	SUBSYSTEM=="vnicxtap", SUBSYSTEMS=="net", KERNELS=="vm-*", GROUP="kvm", MODE="0660"
END
# the host's rules are for the host's devices
unshare -m bash -c "mount -t tmpfs tmpfs /usr/lib/udev/rules.d && exec /usr/lib/systemd/systemd-udevd" &
t "udev listens" until_ok 30 test -e /run/udev/control

no_ipv6
ip link add eth0 type dummy
batch "link add link eth0 name vm-a type vnicxtap" "link add link eth0 name other type vnicxtap"
for name in vm-a other; do
	t "$name has a link" until_ok 30 is_now "$(node_of "$name")" link_of "$name"
done
t_is "one's own rule applies to one of them" "root:kvm 660" stat -c "%U:%G %a" "$(node_of vm-a)"
t_is "and not to the other" "root:root 600" stat -c "%U:%G %a" "$(node_of other)"
ip link set vm-a name vm-b
t "a vNIC is renamed, and the link has its new name" until_ok 30 is_now "$(node_of vm-b)" link_of vm-b
t "the old one is gone" until_ok 30 test ! -e "$links/vm-a"
ns red
ip link set vm-b netns red
t "a vNIC that moves away has no link" until_ok 30 test ! -e "$links/vm-b"
ip link delete other
t "nor has one that is deleted" until_ok 30 test ! -e "$links/other"
kill $!
wait $! || :
rm -rf /run/udev "$links"
