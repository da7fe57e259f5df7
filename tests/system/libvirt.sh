#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 400
#
# The hook and the service of docs/across-hosts.md, by which libvirt's daemon makes a machine's
# tap and moves its address. One host has nowhere to migrate to: a machine that is paused goes
# and comes by the same events.
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"

# lines DOCUMENT FROM TO: its indented lines from the one that begins so to the other
lines() {
	sed -n "/^    $2/,/^    $3/s/^    //p" "$VNICX_STAGE/docs/$1"
}

# has_address yes|no: the tap has the machine's address
has_address() {
	local count=1
	[ "$1" = yes ] || count=0
	is_now "$count" eval "bridge fdb show dev vm-a | grep -c 02:00:00:00:00:28 || :"
}

# The service's client is there; what it asks first is to be told of events.
follows() {
	virt-admin -q client-list libvirtd | grep -q unix
}

mkdir -p /etc/libvirt/hooks
lines across-hosts.md "#!.bin.sh" "esac" | sed 's/up100/eth0/' >/etc/libvirt/hooks/qemu
chmod +x /etc/libvirt/hooks/qemu
lines across-hosts.md "stdbuf" "done" >/run/follow
lines deploy.md "<domain" "<.domain" >/run/vm-a.xml
# a daemon looks for hooks when it starts
systemctl restart libvirtd
t "libvirt's daemon answers" until_ok 60 virsh -q list
virsh -q define /run/vm-a.xml
setsid bash /run/follow >/run/followed 2>&1 &
service=$!
t "the service for libvirt's events follows" until_ok 30 follows
t "a machine starts on the tap that libvirt's hook makes" virsh -q start vm-a
t "libvirt's events bring a machine's address when it starts" until_ok 30 has_address yes
t "the hook's tap has an address of its own" differ 02:00:00:00:00:28 "$(</sys/class/net/vm-a/address)"
t "a machine is paused" virsh -q suspend vm-a
t "libvirt's events take a machine's address away when it pauses" until_ok 30 has_address no
t "a machine goes on" virsh -q resume vm-a
t "libvirt's events bring a machine's address when it goes on" until_ok 30 has_address yes
t "a machine ends" virsh -q destroy vm-a
t "libvirt's hook deletes the tap" until_ok 30 is_now "" vnicx show
kill -- "-$service"
virsh -q undefine vm-a
systemctl -q stop libvirtd
rm /etc/libvirt/hooks/qemu /run/{follow,followed,vm-a.xml}
