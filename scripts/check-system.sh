#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The recipes of docs/deploy.md, in a Debian that systemd has booted, with vnicx' packages and
# what they are for: each file and each command of the document, in its order.
#
#   check-system.sh [SUITE]
#   check-system.sh --inside KERNEL BASE WORK    the same, in namespaces of its own
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=in-root.sh
. "$top/scripts/in-root.sh"

work='' root='' kernel=''

# in_project LINES: a user's, in the tree, with apt's question answered. None needs a network.
in_project() {
	printf '%s\n' 'APT::Sandbox::User "root";' 'APT::Get::Assume-Yes "true";' 'APT::Install-Recommends "false";' \
		>"$root/etc/apt/apt.conf.d/system"
	in_root sh -e -c "cd /usr/src/vnicx; $1"
}

# The lines of README.md by which the packages are built, for the release that the root has
build_by_the_page() {
	copy_project "$root/usr/src/vnicx"
	in_project "$(commands_of README.md Install | sed '/vnicx_/,$d')"
}

# The lines of docs/install.md by which they are built and installed, as on a machine that runs the root's kernel
install_by_the_page() {
	copy_project "$root/usr/src/vnicx"
	runs "$(ls "$root/lib/modules")"
	in_project "$(commands_of docs/install.md "Debian packages" | sed '/^modprobe/,$d')"
	mv "$root/usr/bin/uname.real" "$root/usr/bin/uname"
}

# The modules for uml, which has no package
install_modules() {
	# shellcheck disable=SC2034 # kernels.sh assigns them all
	local release arch image kdir modules dir
	eval "$(bash "$top/scripts/kernels.sh" uml)"
	dir=$root/lib/modules/$release
	mkdir -p "$dir/updates/dkms"
	cp "$kdir"/modules.{builtin,builtin.modinfo,order} "$dir/"
	cp "$(bash "$top/scripts/build.sh" uml)"/vnicx{,_tap}.ko "$dir/updates/dkms/"
	in_root depmod "$release"
}

prepare_root() {
	if [ "$kernel" = own ]; then
		install_by_the_page
	else
		build_by_the_page
		in_project "apt install ./deb/vnicx_*.deb"
		install_modules
	fi
	in_project "apt install ./deb/vnicx-cni_*.deb"
	umount -l "$root/dev" "$root/proc"
	# they manage all that they find; a recipe's test starts the one that it is for
	in_root systemctl -q disable NetworkManager libvirtd libvirt-guests networking lxc-net lxc
	# where each program takes its time
	[ "$kernel" = uml ] || in_root systemctl -q disable docker docker.socket containerd incus incus.socket incus-user.socket \
		incus-startup prometheus-node-exporter netavark-dhcp-proxy.socket netavark-dhcp-proxy lxc-monitord \
		{apt-daily,apt-daily-upgrade,dpkg-db-backup,fstrim,logrotate,man-db}.timer
	echo system >"$root/etc/hostname"
	# this is not the first boot, after which all services would be as they are preset
	in_root systemd-machine-id-setup
	touch "$root"/{etc,var}/.updated
}

# boot SCRIPT...: in a guest of its own; the root remembers
boot() {
	bash "$top/scripts/vm.sh" --kernel "$kernel" --root "$root" --memory 1536M --smp 1 --log "$cache/log/system-$kernel-$1.log" \
		--timeout 2400 --set "section=${SECTION:-}" "${@/#/system/}"
}

# left: the files of vnicx in the root, but for the copy of the tree and the guest's own
left() {
	(cd "$root" && find . -xdev \( -path ./usr/src/vnicx -o -path ./proc -o -path ./dev \) -prune -o \
		-name '*vnicx*' -not -name 'vnicx-guest*' -print | sort)
}

# The booted root has what docs/deploy.md has copied, and modules that no package brought; Debian 13's
# guest had a copy of the root on a disk.
purges() {
	local own=''
	[ "$kernel" != uml ] || own=$(cd "$root" && printf '%s\n' ./etc/mod{probe,ules-load}.d/vnicx.conf \
		./usr/lib/modules/*/updates/dkms/vnicx{,_tap}.ko)
	mount_system
	# shellcheck disable=SC2016 # these are the page's
	in_project "$(sed -n 's/^\*\*Removal\.\*\* `\([^`]*\)`.*/\1/p' "$top/docs/install.md")"
	umount -l "$root/dev" "$root/proc"
	diff <([ -z "$own" ] || echo "$own") <(left) || die "other files are left"
	! in_root dpkg-query -W 'vnicx*' || die "dpkg remembers the packages"
}

inside() {
	local status=0 more=()
	kernel=$1 work=$3
	root=$work/root
	mount_root "$2"
	logged "$cache/log/system-packages.log" prepare_root
	if [ "$kernel" = own ]; then
		boot recipes.sh observe.sh || status=1
	else
		[[ ! libvirt =~ ^(${SECTION:-libvirt})$ ]] || more=(libvirt.sh)
		boot recipes.sh "${more[@]}" || status=1
	fi
	# it has what that section prepares
	[[ ! "vNICs on every boot" =~ ${SECTION:-} ]] || boot boot.sh || status=1
	ktap_begin
	echo 1..1
	ktap_check "apt purges the packages by the page on installing, and leaves nothing of them" purges
	return "$status"
}

# The mounts are gone with the last process in it.
main() {
	local base
	if [ "${1:-}" = --inside ]; then
		inside "$2" "$3" "$4"
		return
	fi
	[ "$(id -u)" -eq 0 ] || die "mounts and chroots need root"
	kernel=uml
	# Debian 12's root has no kernel: uml has more to say, and is faster
	[ "${1:-}" != trixie ] || kernel=own
	base=$(bash "$top/scripts/deb-root.sh" system "${1:-bookworm}")
	mkdir -p "$cache/run"
	work=$(mktemp -d "$cache/run/XXXXXX")
	# shellcheck disable=SC2064 # this one
	trap "rm -rf --one-file-system '$work'" EXIT
	chmod 755 "$work"
	unshare --mount --pid --fork --kill-child --mount-proc bash "${BASH_SOURCE[0]}" --inside "$kernel" "$base" "$work"
}

main "$@"
