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
t "udev listens for events" until_ok 30 test -e /run/udev/control

no_ipv6
ip link add eth0 type dummy
batch "link add link eth0 name vm-a type vnicxtap" "link add link eth0 name other type vnicxtap"
for name in vm-a other; do
	t "vNIC $name has a link" until_ok 30 is_now "$(node_of "$name")" link_of "$name"
done
t_is "a user's rule applies to the vNIC that it names" "root:kvm 660" stat -c "%U:%G %a" "$(node_of vm-a)"
t_is "a user's rule does not apply to another vNIC" "root:root 600" stat -c "%U:%G %a" "$(node_of other)"
ip link set vm-a name vm-b
t "a renamed vNIC's link has its new name" until_ok 30 is_now "$(node_of vm-b)" link_of vm-b
t "a renamed vNIC's old link is gone" until_ok 30 test ! -e "$links/vm-a"
ns red
ip link set vm-b netns red
t "a vNIC that moves away has no link" until_ok 30 test ! -e "$links/vm-b"
ip link delete other
t "a deleted vNIC has no link" until_ok 30 test ! -e "$links/other"

# open_device NAME PATH: as docs/virtual-machines.md has it
open_device() {
	exec 3<>"$2"
	[ "$(stat -Lc %Hr:%Lr /dev/fd/3)" = "$(cat "/sys/class/net/$1/"tap*/dev)" ] || {
		echo "$2 is not the device of $1"
		return 1
	}
}
# A node is there first, by another user's device of the same number.
ns blue
batch_in blue "link add eth0 type dummy" "link add link eth0 name squat index 777 type macvtap"
t "a macvtap in another namespace has /dev/tap777" test -c /dev/tap777
batch "link add link eth0 name vm-c index 777 type vnicxtap" "link add link eth0 name vm-d type vnicxtap"
t "a vNIC beside the taken node has a link" until_ok 30 is_now "$(node_of vm-d)" link_of vm-d
t "udev has handled all events" udevadm settle --timeout=30
t "a vNIC whose node is another device's has no link" test ! -e "$links/vm-c"
t_fails "a program that opens the taken node sees that it is not the vNIC's" \
	"/dev/tap777 is not the device of vm-c" \
	open_device vm-c /dev/tap777
t "a program that opens a vNIC's link sees that it is the vNIC's" open_device vm-d "$links/vm-d"
batch "link delete vm-c" "link delete vm-d"
kill $!
wait $! || :
rm -rf /run/udev "$links"
