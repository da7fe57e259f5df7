#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Not a test: vm.sh --shell runs this for a shell on a serial line of its own, in a
# guest with two vNICs over a lower device whose wire ends in a third namespace.
# timeout: 86400
# shellcheck source-path=SCRIPTDIR disable=SC2154 # shell_*: from vm.sh
. "${0%/*}/guest/scene.sh"

# gdb needs to know where the module's parts are.
sections() {
	local file address
	for file in /sys/module/vnicx*/sections/.*; do
		[ -f "$file" ] || continue
		read -r address <"$file"
		file=${file#/sys/module/}
		case $file in
		*/.text | */.text.unlikely | */.data | */.bss | */.rodata)
			echo "# shell: section ${file%%/*} ${file##*/} $address"
			;;
		esac
	done
}

cat >/tmp/shellrc <<-'END'
	PS1='guest# ' HISTFILE= TERMINFO=/mnt/terminfo
	[ ! -e /sys/kernel/tracing/events ] || T=/sys/kernel/tracing

	# run NAME...: tests of tests/netns/, each in namespaces of its own
	run() {
		local name
		for name; do
			ip -all netns delete
			bash "/mnt/tests/netns/$name.sh"
		done
		ip -all netns delete
		bash -c '. /mnt/tests/guest/scene.sh; scene'
	}

	# the tests' word: "in" is a reserved one, which as an alias is an error in "$()"
	inside() {
		ip netns exec "$@"
	}
	cat <<-TEXT
		Namespaces: host (eth0, the lower device), lan (eth0, the other end of the wire, 192.0.2.1),
		vm1 (v1, 192.0.2.11), vm2 (v2, 192.0.2.12). "inside vm1 ping 192.0.2.12" runs a command
		in one, "run unicast" a test, \$T is tracefs where the kernel has it, "exit" ends the guest.
	TEXT
END

scene
mount -t tracefs tracefs /sys/kernel/tracing 2>/dev/null || :
exec {tty}<>"/dev/$shell_device"
stty sane -F "/dev/$shell_device"
[ -z "$shell_size" ] || stty -F "/dev/$shell_device" rows "${shell_size% *}" cols "${shell_size#* }"
sections
echo "# shell: ready"
TERM=$shell_term setsid -c -w bash --rcfile /tmp/shellrc -i <&"$tty" >&"$tty" 2>&1 || :
