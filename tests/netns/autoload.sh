#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# kernels: uml
#
# A user who may ask for a vNIC, if only in namespaces of its own, has the kernel load
# vnicx. It then does what the administrator configured, and nothing else.
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"

root=/tmp/autoload

# The kernel's modprobe: sees vnicx and its configuration, then the host's modules.
make_modprobe() {
	local dir
	dir=$root/lib/modules/$(uname -r)
	mkdir -p "$dir" "$root/modprobe.d"
	cp "$VNICX_STAGE"/modules/vnicx{,_tap}.ko "$dir"
	touch "$dir"/modules.{builtin,builtin.modinfo,order}
	depmod -b "$root" "$(uname -r)"
	cat >"$root/modprobe" <<-END
		#!/bin/bash
		PATH=/sbin:/usr/sbin:/bin:/usr/bin
		modprobe -C $root/modprobe.d -d $root "\$@" || exec modprobe "\$@"
	END
	chmod +x "$root/modprobe"
}

# configure LINE...: /etc/modprobe.d, with the module not loaded
configure() {
	unload
	printf '%s\n' "$@" >"$root/modprobe.d/vnicx.conf"
}

# user KIND: an unprivileged one asks for a vNIC that it cannot have; prints its vNICs
user() {
	unshare -Urn bash -c "ip link add link lo name v0 type $1; ip -o link show type $1"
}

names() {
	ip -brief link show type vnicx | sed 's/ .*//' | paste -sd' '
}

loaded_vnicx() {
	[ -e /sys/module/vnicx ]
}

load_needs vnicx_tap
make_modprobe
read -r modprobe </proc/sys/kernel/modprobe
echo "$root/modprobe" >/proc/sys/kernel/modprobe
batch "link add eth0 type dummy" "link add eth1 type dummy"

configure
t_is "an unprivileged user's request for a vNIC over lo is refused" \
	"Error: lower device lo is a loopback device." user vnicx
t "an unprivileged user's request loads the module" loaded_vnicx
t_is "a module that is loaded without lower= makes no vNIC" "" names

configure "options vnicx lower=eth0,later count=2"
t_is "an unprivileged user whose request loads a module with lower= gets none of its vNICs" \
	"Error: lower device lo is a loopback device." user vnicx
t_is "the configured vNICs are over the configured lower device, in the initial namespace" \
	"vnic0@eth0 vnic1@eth0" names
t_is "an unprivileged user can make a device of the awaited name" "later" unshare -Urn bash -c \
	"ip link add later type dummy; ip -brief link show type dummy | sed 's/ .*//'"
t_is "no vNIC is made over an unprivileged user's device of the awaited name" "vnic0@eth0 vnic1@eth0" names

configure "options vnicx lower=eth0"
t_is "an unprivileged user's request for a vnicxtap is refused" \
	"Error: lower device lo is a loopback device." user vnicxtap
t_is "a request for a vnicxtap loads vnicx with its configured options" "vnic0@eth0" names

configure "options vnicx lower=eth0" "alias rtnl-link-vnicx off" "alias rtnl-link-vnicxtap off"
t_is "without the aliases, an unprivileged user's request finds no kind vnicx" \
	"Error: Unknown device type." user vnicx
t_is "without the aliases, an unprivileged user's request finds no kind vnicxtap" \
	"Error: Unknown device type." user vnicxtap
t_fails "without the aliases, no unprivileged user loads the module" "^$" loaded_vnicx
t "without the aliases, the administrator loads the module by its name" "$root/modprobe" vnicx
t_is "without the aliases, the module makes the configured vNIC" "vnic0@eth0" names

echo "$modprobe" >/proc/sys/kernel/modprobe
unload
