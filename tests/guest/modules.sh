# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Part of init.sh: loading and unloading the modules under test.

loaded() {
	[ -e "/sys/module/${1//-/_}/refcnt" ]
}

# load_needs NAME: what it needs, of its own siblings or of the kernel's modules
load_needs() {
	local need
	for need in $(modinfo -F depends "/mnt/modules/$1.ko" | tr , ' '); do
		if [ -e "/mnt/modules/$need.ko" ]; then
			load_module "$need"
		elif ! loaded "$need"; then
			modprobe -q "$need" || echo "$1 needs $need, which is not there"
		fi
	done
}

load_module() {
	! loaded "$1" || return 0
	load_needs "$1"
	insmod "/mnt/modules/$1.ko" 2>&1 || :
	loaded "$1" || echo "$1 did not load"
}

# Prints what went wrong.
load_modules() {
	local name
	# shellcheck disable=SC2154 # from guest.conf
	for name in "${modules[@]}"; do
		load_module "$name"
	done
}

# Also those that a script loaded for itself. In the order of need: /proc/modules
# has the newest first.
unload_modules() {
	local name rest
	while read -r name rest; do
		[ -e "/mnt/modules/$name.ko" ] || continue
		timeout -k 1 20 rmmod "$name" 2>&1 || echo "$name does not unload: $rest"
	done < <(cat /proc/modules)
}

kmemleak=/sys/kernel/debug/kmemleak

# The file is there, but takes nothing, when it was switched off on booting.
kmemleak_on() {
	{ echo scan=off >"$kmemleak"; } 2>/dev/null
}

# Memory that the kernel itself lost while it booted is not ours.
forget_lost_memory() {
	kmemleak_on || return 0
	echo scan >"$kmemleak"
	echo clear >"$kmemleak"
}

# An object is suspected only when it is five seconds old, and only when two
# scans found it unchanged.
lost_memory() {
	kmemleak_on || return 0
	sleep 5
	echo scan >"$kmemleak"
	sleep 1
	echo scan >"$kmemleak"
	sed 's/^/kmemleak: /' "$kmemleak"
}
