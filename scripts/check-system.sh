#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The recipes of docs/deploy.md, in a Debian that systemd has booted, with vnicx' packages and
# what they are for: each file and each command of the document, in its order.
#
#   check-system.sh [SUITE]
#   check-system.sh --inside BASE WORK    the same, in namespaces of its own
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

work='' root=''

# in_root COMMAND...: with nothing of this environment
in_root() {
	chroot "$root" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 \
		DEBIAN_FRONTEND=noninteractive "$@"
}

# mount_root BASE: a copy of it that costs nothing, where the kernel has overlays
mount_root() {
	mkdir "$root" "$work/upper" "$work/work"
	mount -t overlay overlay -o "lowerdir=$1,upperdir=$work/upper,workdir=$work/work" "$root" 2>/dev/null ||
		cp -a "$1/." "$root/"
	mount -t proc proc "$root/proc"
	mount --rbind /dev "$root/dev"
}

# The packages of the tools, for the release that the root has. Nothing of it needs a network.
install_packages() {
	local dir=$root/usr/src/vnicx
	mkdir "$dir"
	(cd "$top" && cp -r ./*.md COPYING MAINTAINERS Kbuild Makefile docs include packaging scripts switch tools \
		vnic "$dir")
	in_root make -s -C /usr/src/vnicx deb
	in_root sh -c 'apt-get -y -q -o APT::Sandbox::User=root --no-install-recommends install \
		/usr/src/vnicx/deb/vnicx_*.deb /usr/src/vnicx/deb/vnicx-cni_*.deb'
}

# The modules for the guest's kernel, which has no package
install_modules() {
	# shellcheck disable=SC2034 # kernels.sh assigns them all
	local release arch image kdir modules dir
	eval "$(bash "$top/scripts/kernels.sh" uml)"
	dir=$root/lib/modules/$release
	mkdir -p "$dir/updates/dkms"
	cp "$kdir"/modules.{builtin,builtin.modinfo,order} "$dir/"
	cp "$(bash "$top/scripts/build.sh" uml)"/*.ko "$dir/updates/dkms/"
	in_root depmod "$release"
}

prepare_root() {
	install_packages
	install_modules
	umount -l "$root/dev" "$root/proc"
	# they manage all that they find; a recipe's test starts the one that it is for
	in_root systemctl -q disable NetworkManager libvirtd libvirt-guests networking lxc-net lxc
	echo system >"$root/etc/hostname"
}

# boot SCRIPT...: in a guest of its own; the root remembers
boot() {
	bash "$top/scripts/vm.sh" --kernel uml --root "$root" --memory 1536M --log "$cache/log/system-$1.log" \
		--set "section=${SECTION:-}" "${@/#/system/}"
}

inside() {
	local status=0
	work=$2
	root=$work/root
	mount_root "$1"
	logged "$cache/log/system-packages.log" prepare_root
	boot recipes.sh || status=1
	boot boot.sh || status=1
	return "$status"
}

# The mounts are gone with the last process in it.
main() {
	local base
	if [ "${1:-}" = --inside ]; then
		inside "$2" "$3"
		return
	fi
	[ "$(id -u)" -eq 0 ] || die "mounts and chroots need root"
	base=$(bash "$top/scripts/deb-root.sh" system "${1:-bookworm}")
	mkdir -p "$cache/run"
	work=$(mktemp -d "$cache/run/XXXXXX")
	# shellcheck disable=SC2064 # this one
	trap "rm -rf --one-file-system '$work'" EXIT
	chmod 755 "$work"
	unshare --mount --pid --fork --kill-child --mount-proc bash "${BASH_SOURCE[0]}" --inside "$base" "$work"
}

main "$@"
