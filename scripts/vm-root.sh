# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034,SC2154 # variables of vm.sh
#
# Of vm.sh: guests with a Debian of their own, in which systemd is the first process and
# runs the scripts when it has started all else.

# Assigns what kernels.sh prints: of the newest kernel that the root has installed
own_kernel() {
	release=$(cd "$root/lib/modules" && printf '%s\n' * | sort -V | tail -n 1)
	arch=x86_64 image=$root/boot/vmlinuz-$release modules=''
}

# start_scripts OPTIONS-OF-MOUNT: the stage comes by that
start_scripts() {
	local units=$root/etc/systemd/system
	cat >"$units/vnicx-guest.service" <<-END
		[Service]
		ExecStartPre=/bin/mount $1 /mnt
		ExecStart=/bin/bash /mnt/tests/system/main.sh
		TimeoutStartSec=infinity
	END
	ln -sf ../vnicx-guest.service "$units/multi-user.target.wants/"
}

# disk FILE DIRECTORY SIZE: with what the directory has
disk() {
	rm -f "$1"
	mke2fs -q -t ext4 -O ^has_journal -d "$2" "$1" "$3" >/dev/null
}

# The root's disk is beside it, and remembers: it is made for the first boot only.
start_qemu_root() {
	[ -e "$root.disk" ] || {
		start_scripts /dev/vdb
		disk "$root.disk" "$root" 8G
	}
	disk "$stage/disk" "$stage/mnt" 64M
	start qemu-system-x86_64 -accel tcg,thread=single -smp "${smp:-2}" -m "${memory:-1536M}" -nodefaults -display none -no-reboot \
		-kernel "$image" -initrd "$root/boot/initrd.img-$release" \
		-drive "file=$root.disk,if=virtio,format=raw,cache=unsafe" \
		-drive "file=$stage/disk,if=virtio,format=raw,cache=unsafe" \
		-append "root=/dev/vda rw console=ttyS0 loglevel=8 log_buf_len=4M panic=-1 mitigations=off apparmor=0 net.ifnames=0 \
			no_timer_check rcupdate.rcu_cpu_stall_suppress_at_boot=1 ${words_of_kernel[*]}" \
		-serial "file:$log" -serial "file:$stage/results" -monitor none </dev/null >/dev/null
}
