# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154 # of lib.sh, and root and work of those that source this
#
# Sourced by scripts that try packages in a throwaway copy of a root file system (deb-root.sh),
# in namespaces of their own: the mounts are gone with the last process in it.

# in_root COMMAND...: with nothing of this environment
in_root() {
	chroot "$root" /usr/bin/env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 \
		DEBIAN_FRONTEND=noninteractive "$@"
}

# mount_root BASE: a copy of it that costs nothing, where the kernel has overlays
mount_root() {
	mkdir "$root" "$work/upper" "$work/work"
	mount -t overlay overlay -o "lowerdir=$1,upperdir=$work/upper,workdir=$work/work" "$root" 2>/dev/null ||
		cp -a "$1/." "$root/"
	mount_system
}

# mount_system: what programs in the root want
mount_system() {
	mount -t proc proc "$root/proc"
	mount --rbind /dev "$root/dev"
}

# copy_project DIRECTORY: as it is unpacked, not as it is cloned
copy_project() {
	mkdir "$1"
	(cd "$top" && cp -r ./*.md COPYING MAINTAINERS Kbuild Makefile docs include packaging scripts switch tools vnic "$1")
}

# commands_of FILE SECTION: of that section of a document
commands_of() {
	awk -v section="$2" -f "$top/tests/docs.awk" "$top/$1" | sed -n 's/^run //p'
}

# runs RELEASE: the kernel that runs, as far as packages can see
runs() {
	local uname=$root/usr/bin/uname
	[ -e "$uname.real" ] || mv "$uname" "$uname.real"
	printf '%s\n' '#!/bin/sh' "[ \"\$*\" != -r ] || exec echo $1" 'exec /usr/bin/uname.real "$@"' >"$uname"
	chmod 755 "$uname"
}
