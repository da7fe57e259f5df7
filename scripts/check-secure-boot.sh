#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The section of docs/install.md on Secure Boot, in guests of Debian's 6.1 whose firmware
# enforces it: the module is refused, mokutil asks for the key, which is enrolled at the next
# boot by the keys that the document says, and then the module loads.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# A machine owner's key as DKMS makes it
make_key() {
	mkdir "$work/bin/dkms"
	openssl req -new -x509 -nodes -days 36500 -subj "/CN=DKMS module signing key" -newkey rsa:2048 \
		-keyout "$work/mok.key" -outform DER -out "$work/bin/dkms/mok.pub" >/dev/null 2>&1
}

# The modules, without debugging information, as DKMS installs them; the kernel's own for EFI's variables
make_modules() {
	local name sign
	# shellcheck disable=SC2154 # kernels.sh assigns it
	sign=$(realpath "$kdir")/scripts/sign-file
	[ -x "$sign" ] || sign=/usr/lib/linux-kbuild-6.1/scripts/sign-file
	mkdir "$work/modules" "$work/bin/unsigned"
	for name in vnicx vnicx_tap; do
		objcopy -g "$(bash "$top/scripts/build.sh" 6.1)/$name.ko" "$work/modules/$name.ko"
		cp "$work/modules/$name.ko" "$work/bin/unsigned/"
		"$sign" sha256 "$work/mok.key" "$work/bin/dkms/mok.pub" "$work/modules/$name.ko"
	done
	# shellcheck disable=SC2154 # kernels.sh assigns them
	cp "$modules/lib/modules/$release/kernel/fs/efivarfs/efivarfs.ko" "$work/modules/"
}

# mokutil with its libraries, and what it asks for
take_mokutil() {
	mkdir "$work/bin/mokutil.d"
	cp /usr/bin/mokutil "$work/bin/mokutil.d/"
	ldd /usr/bin/mokutil | awk '$2 == "=>" && $3 !~ /libc.so/ { print $3 }' | xargs cp -Lt "$work/bin/mokutil.d"
	cat >"$work/bin/mokutil" <<-END
		#!/bin/sh
		printf '%s\n' "$password" "$password" | LD_LIBRARY_PATH=/mnt/bin/mokutil.d exec /mnt/bin/mokutil.d/mokutil "\$@"
	END
	chmod +x "$work/bin/mokutil"
}
password=secret

# The keys that install.md names for the screens of shim's MokManager: the first choice is never the one that is wanted
keys() {
	printf '%s\t%s\n' ret "Press any key to perform MOK management" \
		down,ret "Enroll MOK" \
		down,ret "Continue" \
		down,ret "Yes" \
		s,e,c,r,e,t,ret "Password" \
		ret "Reboot"
}

# boot SCRIPT: its results; the machine's firmware remembers
boot() {
	bash "$top/scripts/vm.sh" --kernel 6.1 --efi "$work/efi" --modules "$work/modules" --bin "$work/bin" \
		--log "$cache/log/secure-boot-${1##*/}.log" --timeout 420 "secure-boot/$1.sh"
}

main() {
	# shellcheck disable=SC2034 # kernels.sh assigns them all
	local work release arch image kdir modules status=0
	bash "$top/scripts/packages.sh" efi
	eval "$(bash "$top/scripts/kernels.sh" 6.1)"
	mkdir -p "$cache/run"
	work=$(mktemp -d "$cache/run/XXXXXX")
	# shellcheck disable=SC2064 # this one
	trap "rm -rf '$work'" EXIT
	mkdir "$work/bin" "$work/efi"
	make_key
	make_modules
	take_mokutil
	boot unknown || status=1
	keys >"$work/efi/typed"
	boot enrolled || status=1
	return "$status"
}

main "$@"
