# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154 # variables of vm.sh
#
# Of vm.sh: guests that UEFI firmware starts, with Secure Boot as on a new machine: it knows the keys
# of Microsoft, with which Debian's shim is signed, and shim knows Debian's, with which GRUB and the
# kernel are. The firmware keeps its variables from one guest to the next, so it remembers other keys.

# efi_files DIRECTORY: shim, its MokManager and GRUB, out of Debian's packages, which are not
# installed, because they would be this host's boot loader
efi_files() {
	local dir=$1 root=$1.root name
	[ ! -e "$dir/.complete" ] || return 0
	rm -rf "$dir" "$root"
	mkdir -p "$dir" "$root"
	say "fetching shim and GRUB"
	for name in shim-signed shim-helpers-amd64-signed grub-efi-amd64-signed; do
		(cd "$root" && apt-get -q -o APT::Sandbox::User=root download "$name") >&2
		dpkg-deb -x "$root/$name"_*.deb "$root"
	done
	cp "$root/usr/lib/shim/shimx64.efi.signed" "$dir/bootx64.efi"
	cp "$root/usr/lib/shim/mmx64.efi.signed" "$dir/mmx64.efi"
	cp "$root/usr/lib/grub/x86_64-efi-signed/grubx64.efi.signed" "$dir/grubx64.efi"
	rm -rf "$root"
	: >"$dir/.complete"
}

# efi_partition DIRECTORY PARAMETERS: what the firmware finds, with the kernel's parameters
efi_partition() {
	local files=$cache/shim name
	bash "$top/scripts/packages.sh" efi
	with_lock shim efi_files "$files" >&2
	mkdir -p "$1/EFI/BOOT" "$1/EFI/debian"
	for name in bootx64 mmx64 grubx64; do
		cp "$files/$name.efi" "$1/EFI/BOOT/"
	done
	cp "$image" "$1/vmlinuz"
	ln "$stage/initrd" "$1/initrd"
	printf '%s\n' "linux /vmlinuz $2" "initrd /initrd" boot >"$1/EFI/debian/grub.cfg"
}

# efi_options DIRECTORY PARAMETERS: sets "efi_line", QEMU's options for such a guest. The
# variables can be changed by the firmware alone (system management mode).
efi_options() {
	local vars=$1/vars.fd firmware=/usr/share/OVMF
	efi_partition "$stage/efi" "$2"
	[ -e "$vars" ] || cp "$firmware/OVMF_VARS_4M.ms.fd" "$vars"
	# shellcheck disable=SC2034,SC2054 # of vm.sh; QEMU's commas
	efi_line=(-machine q35,smm=on -global driver=cfi.pflash01,property=secure,value=on
		-drive "if=pflash,unit=0,format=raw,readonly=on,file=$firmware/OVMF_CODE_4M.secboot.fd"
		-drive "if=pflash,unit=1,format=raw,file=$vars"
		-drive "if=virtio,format=vvfat,file=fat:$stage/efi,readonly=on")
}

# types FILE: a line "KEYS TEXT" has keys to press when the text is on the first serial line,
# behind that of the line before
types() {
	local keys text key seen=0 at
	while read -r keys text; do
		until at=$(tail -c "+$((seen + 1))" "$log" | grep -a -b -o -m 1 -F -e "$text" | head -n 1) && [ -n "$at" ]; do
			kill -0 "$guest" 2>/dev/null || return 0
			sleep 0.2
		done
		seen=$((seen + ${at%%:*} + ${#text}))
		sleep 0.5
		for key in ${keys//,/ }; do
			echo "sendkey $key" >&"$monitor"
			sleep 0.3
		done
	done <"$1"
}
