#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The firmware has been told the key, by shim's screens, before this boot.
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"

t_fails "insmod says that a module without a signature is refused" "Key was rejected by service" insmod "$unsigned"
recipe install.md "With the key"
ip link add d0 type dummy
t "a vNIC is made by the module that is signed" ip link add link d0 name v0 type vnicx
t_is "the taint is that of a module that is not of the kernel's tree" 4096 cat /proc/sys/kernel/tainted
t_fails "the kernel's log has no complaint of the signature" "" in_log "module verification failed"
ip link del d0
same_version() {
	[ "$(</sys/module/vnicx/srcversion)" = "$(modinfo -F srcversion vnicx)" ]
}
t "the module that is loaded has the version of its file" same_version
rm "$own"/*
depmod
rmmod vnicx
t_fails "modprobe says that there is no module for this kernel" \
	'^modprobe: FATAL: Module vnicx not found in directory /lib/modules/' modprobe vnicx
