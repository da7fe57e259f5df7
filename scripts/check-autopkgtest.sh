#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Debian's program autopkgtest runs the packages' own test (packaging/debian/tests), in a
# throwaway copy of a root file system, where it has apt install the packages and what the
# test asks for. Needs the network.
#
#   check-autopkgtest.sh
#   check-autopkgtest.sh --inside BASE WORK    the same, in namespaces of its own
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=in-root.sh
. "$top/scripts/in-root.sh"

work='' root=''

# The root has apt's settings of this machine, and of the kernels that have headers the
# one that the test boots: DKMS compiles for no other.
prepare_root() {
	local newer
	apt-config dump | grep -iE '^Acquire::https?' >"$root/etc/apt/apt.conf.d/mirror" || :
	cp -L /etc/resolv.conf "$root/etc/"
	newer=$(cd "$root/lib/modules" && printf '%s\n' * | sort -V | tail -n 1)
	in_root apt-get -y -q purge "linux-headers-$newer" "linux-image-$newer" linux-headers-6.12-amd64
	rm -rf "$root/lib/modules/$newer"
	runs "$(ls "$root/lib/modules")"
}

# The packages, and the tree as their source
build() {
	copy_project "$root/src"
	in_root make -s -C /src deb
	copy_project "$work/tree"
	cp -r "$top/tests" "$work/tree/"
	cp -r "$top/packaging/debian" "$work/tree/debian"
	printf '%s\n' "vnicx ($(in_root sh -c 'dpkg-deb -f /src/deb/vnicx_*.deb Version')) unstable; urgency=medium" \
		"" "  * See CHANGELOG.md." "" " -- Nobody <nobody@localhost>  $(date -R)" >"$work/tree/debian/changelog"
}

passes() {
	logged "$cache/log/autopkgtest.log" autopkgtest --no-built-binaries --output-dir "$work/out" \
		"$root"/src/deb/vnicx_*.deb "$root"/src/deb/vnicx-dkms_*.deb "$work/tree/" -- chroot "$root"
	cat "$work/out/summary"
	grep -qx 'guest *PASS' "$work/out/summary"
}

inside() {
	work=$2 root=$2/root
	mount_root "$1"
	logged "$cache/log/autopkgtest-root.log" prepare_root
	logged "$cache/log/autopkgtest-root.log" build
	ktap_begin
	echo 1..1
	ktap_check "autopkgtest passes the packages' own test" passes
}

# The mounts are gone with the last process in it.
main() {
	local base
	if [ "${1:-}" = --inside ]; then
		inside "$2" "$3"
		return
	fi
	[ "$(id -u)" -eq 0 ] || die "mounts and chroots need root"
	bash "$top/scripts/packages.sh" autopkgtest
	base=$(bash "$top/scripts/deb-root.sh")
	mkdir -p "$cache/run"
	work=$(mktemp -d "$cache/run/XXXXXX")
	# shellcheck disable=SC2064 # this one
	trap "rm -rf --one-file-system '$work'" EXIT
	chmod 755 "$work"
	unshare --mount --pid --fork --kill-child --mount-proc bash "${BASH_SOURCE[0]}" --inside "$base" "$work"
}

main "$@"
