#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# kernels: uml 6.1
#
# Whoever may ask for a vNIC, in namespaces of its own, too, has the kernel load
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

# stranger KIND: asks for what it cannot have; prints what it has then
stranger() {
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
t_is "a stranger's request for a vNIC over lo is refused" \
	"Error: lower device lo is a loopback device." stranger vnicx
t "a stranger's request loads the module" loaded_vnicx
t_is "a module that is loaded without lower= makes no vNIC" "" names

configure "options vnicx lower=eth0,later count=2"
t_is "a stranger whose request loads a module with lower= gets none of its vNICs" \
	"Error: lower device lo is a loopback device." stranger vnicx
t_is "the configured vNICs are over the configured adapter, in the initial namespace" \
	"vnic0@eth0 vnic1@eth0" names
t_is "a stranger's adapter of the awaited name is not the awaited one" "later" unshare -Urn bash -c \
	"ip link add later type dummy; ip -brief link show type dummy | sed 's/ .*//'"
t_is "so there are still two" "vnic0@eth0 vnic1@eth0" names

configure "options vnicx lower=eth0"
t_is "a stranger's request for a vnicxtap is refused" \
	"Error: lower device lo is a loopback device." stranger vnicxtap
t_is "it loads vnicx with what is configured" "vnic0@eth0" names

configure "options vnicx lower=eth0" "alias rtnl-link-vnicx off" "alias rtnl-link-vnicxtap off"
t_is "without the aliases, a stranger's request finds no such kind" "Error: Unknown device type." stranger vnicx
t_is "without the aliases, nor one for a vnicxtap" "Error: Unknown device type." stranger vnicxtap
t_fails "without the aliases, no stranger loads the module" "^$" loaded_vnicx
t "without the aliases, the administrator loads it by its name" "$root/modprobe" vnicx
t_is "without the aliases, it does what is configured" "vnic0@eth0" names

echo "$modprobe" >/proc/sys/kernel/modprobe
unload
