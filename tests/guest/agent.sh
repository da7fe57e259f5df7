#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The first process of a virtual machine of vms.sh. Runs the commands that come
# by its serial line, one a line in base64, and answers each by a line: exit
# status, and output in base64.
set -u
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs devtmpfs /dev 2>/dev/null
mount -t tmpfs tmpfs /tmp
[ -e /dev/fd ] || ln -s /proc/self/fd /dev/fd
export PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/tmp LC_ALL=C

modprobe virtio_pci
modprobe virtio_net
ip link set lo up
exec 3<>/dev/ttyS1
stty -F /dev/ttyS1 raw -echo
echo "0 $(uname -r | base64 -w 0)" >&3
while read -r line <&3; do
	output=$(eval "$(base64 -d <<<"$line")" 2>&1 </dev/null 3>&-)
	echo "$? $(base64 -w 0 <<<"$output")" >&3
done
