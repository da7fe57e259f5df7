#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The Debian packages as a user meets them: built by make deb, read by lintian, and in a
# throwaway copy of a root file system installed by apt, upgraded and purged, while DKMS builds
# for the kernels whose headers are there. Then the modules load in a guest. None of these
# steps has a network: the root has all that apt asks for.
#
#   check-packages.sh
#   check-packages.sh --inside BASE WORK MODULES    the same, in namespaces of its own,
#                                                  with the modules for 6.12
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=in-root.sh
. "$top/scripts/in-root.sh"
# shellcheck source=package-files.sh
. "$top/scripts/package-files.sh"

work='' root='' now='' before='' built_before=''
# the kernels that have headers in the root: 6.1 and 6.12
releases=()
# one that has none, and one that is too old
headless=6.1.0-1-amd64
ancient=5.10.0-9-amd64

as_user() {
	chroot --userspec=65534:65534 "$root" /usr/bin/env -i PATH=/usr/bin:/bin HOME=/tmp LC_ALL=C.UTF-8 "$@"
}

apt() {
	in_root KCFLAGS="${KCFLAGS:-}" apt-get -y -q -o Dpkg::Use-Pty=0 -o APT::Sandbox::User=root "$@" 2>&1
}

# has WORDS...: standard input has each of them; else it is shown
has() {
	local input words
	input=$(cat)
	for words; do
		[[ $input = *"$words"* ]] || {
			printf '%s\n' "$input" "not there: $words"
			exit 1
		}
	done
}

# expect WHAT EXPECTED: standard input has it
expect() {
	diff <([ -z "$2" ] || echo "$2") - || die "$1"
}

# modules VERSION RELEASE: both are installed for that kernel, from that version, stripped,
# with the signature of DKMS's key, and modprobe finds them
modules() {
	local name file
	for name in vnicx vnicx_tap; do
		file=$(in_root modinfo -k "$2" -n "$name")
		[[ $file = "/lib/modules/$2/updates/dkms/$name.ko"* ]] || die "$2 has $name in $file"
		in_root modinfo -k "$2" -F version "$name" | expect "$name for $2 is of another version" "$1"
		in_root modinfo -k "$2" -F signer "$name" | expect "$name for $2 is not signed" "DKMS module signing key"
		in_root modinfo -k "$2" -F vermagic "$name" | has "$2 "
	done
}

# Of another version, DKMS has nothing.
status() {
	in_root dkms status | grep '^vnicx' || :
}

# mount_cache: what Go has compiled of its own library, in the run before
mount_cache() {
	mkdir -p "$cache/packages/go" "$root/var/cache/go"
	chown 65534:65534 "$cache/packages/go"
	mount --bind "$cache/packages/go" "$root/var/cache/go"
}

prepare_root() {
	local release
	mapfile -t releases < <(cd "$root/lib/modules" && printf '%s\n' * | sort -V)
	runs "${releases[0]}"
	# whoever calls depmod first makes files that stay
	for release in "${releases[@]}"; do
		touch "$root/lib/modules/$release"/modules.{order,builtin,builtin.modinfo}
		in_root depmod "$release"
	done
}

# The project, and once more as the version before
copy_trees() {
	copy_project "$root/src"
	cp -r "$root/src" "$root/old"
	make_old
	chown -R 65534:65534 "$root/src" "$root/old"
}

# The version before is the last released one. The version of the packages and of the modules
# follows from vnic.h and from the section of CHANGELOG.md, which are all that says it is
# another one; its modules are stubs, which compile at once.
make_old() {
	local dir=$root/old
	sed -i "s/\(define VNICX_VERSION\t\).*/\1\"$before\"/" "$dir/vnic/vnic.h"
	sed -n -i "/^## ${before//./\\.} - /,\$p" "$dir/CHANGELOG.md"
	cat >"$dir/Kbuild" <<-'END'
		obj-m := vnicx.o vnicx_tap.o
		vnicx-y := vnic/stub.o
		vnicx_tap-y := vnic/stub.o
	END
	{
		echo '#include <linux/module.h>'
		grep 'define VNICX_VERSION' "$dir/vnic/vnic.h"
		printf '%s\n' 'MODULE_VERSION(VNICX_VERSION);' 'MODULE_LICENSE("GPL");' \
			'MODULE_DESCRIPTION("stands for the version before");'
	} >"$dir/vnic/stub.c"
}

# names TREE: of the packages that it made, without those for debuggers
names() {
	in_root sh -c "ls $1/deb" | sed -n 's/_.*\.deb$//p' | grep -v -- -dbgsym | sort
}

# The version before is built without Go, by the profile for that.
builds() {
	as_user DEB_BUILD_PROFILES=pkg.vnicx.nocni make -s -C /old deb DEBDIR=/old/deb
	as_user GOCACHE=/var/cache/go make -s -C /src deb DEBDIR=/src/deb
	names /old | expect "other packages without Go" $'vnicx\nvnicx-dkms'
	names /src | expect "other packages" $'vnicx\nvnicx-cni\nvnicx-dkms'
}

# version_of FILE: of a package
version_of() {
	in_root sh -c "dpkg-deb -f $1 Version"
}

# The module's own version, and what tells packages before its release apart
versions() {
	local version
	version=$(make -s -C "$top" --no-print-directory version)
	case $now in
	"$version") ;;
	"$version~"*) in_root dpkg --compare-versions "$now" lt "$version" ;;
	*) die "the packages are $now, the module is $version" ;;
	esac
	in_root dpkg --compare-versions "$now" gt "$before"
	version_of "/src/deb/vnicx_*.deb" | expect "the packages differ" "$now"
	version_of "/old/deb/vnicx-dkms_*.deb" | expect "the version before is another one" "$before"
	in_root sh -c 'dpkg-deb --fsys-tarfile /src/deb/vnicx-dkms_*.deb | tar -xO --wildcards "*/dkms.conf"' |
		has "PACKAGE_VERSION=\"$now\""
}

# Findings that are meant have their reasons in debian/*.lintian-overrides.
lintian_is_silent() {
	local found
	found=$(as_user sh -c 'lintian --display-info --fail-on error,warning,info /src/deb/*.changes' 2>&1 || echo failed)
	[ -z "$found" ] || { echo "$found" && exit 1; }
}

# The plugin for engines says its version when no engine calls it.
installs_cni() {
	local files
	mapfile -t files < <(cd "$root" && printf '/%s\n' src/deb/vnicx-cni_*.deb)
	apt --no-install-recommends install "${files[@]}"
	in_root /usr/lib/cni/vnicx 2>&1 | has "CNI plugin vnicx ${now%%~*}" "1.1.0"
	in_root /usr/lib/netavark/vnicx info | has '"api_version":"1.0.0"'
	# what its driver for Docker remembers goes with it
	mkdir -p "$root/var/lib/vnicx/docker"
	: >"$root/var/lib/vnicx/docker/0123456789abcdef.json"
}

# The examples say what they are to do: modprobe reads them as it reads those of /etc.
examples() {
	local dir=/usr/share/doc/vnicx/examples
	in_root modprobe -C "$dir/modprobe.d" --showconfig | grep vnicx |
		expect "modprobe reads another configuration" "options vnicx lower=eth0 count=4"
	in_root grep -v '^#' "$dir/modules-load.d/vnicx.conf" | expect "another module is loaded" vnicx
}

# debs TREE: both packages of it, as apt wants files
debs() {
	(cd "$root" && printf '/%s\n' "$1"/deb/vnicx_*.deb "$1"/deb/vnicx-dkms_*.deb)
}

# A system that has nothing but essential packages gets all others from apt.
dependencies() {
	local files
	mapfile -t files < <(debs src)
	apt -s -o Dir::State::status=/var/lib/dpkg/status-new install "${files[@]}" |
		has "Inst vnicx-dkms " "Inst dkms " "Inst iproute2 " "Inst gcc " "Inst make " "Inst openssl " \
		"Inst linux-headers-amd64 "
}

# install TREE: both packages of it
install() {
	local files
	mapfile -t files < <(debs "$1")
	apt install "${files[@]}"
}

# All files of the system: apt's and dpkg's own records, logs and DKMS's key do not count.
system() {
	(cd "$root" && find . -xdev \( -path ./proc -o -path ./dev -o -path ./src -o -path ./old -o -path ./tmp \
		-o -path ./var/cache -o -path ./var/lib/apt -o -path ./var/log -o -path './var/lib/dkms/mok.*' \
		-o -path './var/lib/dpkg/*-old' -o -path './var/lib/dpkg/lock*' -o -path ./var/lib/dpkg/triggers \) \
		-prune -o -print | sort)
}

# A kernel without headers, and no others
without_headers() {
	mv "$root/lib/modules" "$root/lib/modules-away"
	mkdir -p "$root/lib/modules/$headless"
	runs "$headless"
	install old | has "no vnicx for the running kernel $headless: its headers are missing" \
		"apt install linux-headers-$headless"
	in_root dpkg-query -W vnicx-dkms | expect "the package is not installed" "vnicx-dkms"$'\t'"$before"
	status | expect "DKMS has built" "vnicx/$before: added"
}

# That kernel has headers, for which DKMS could try.
too_old() {
	local dir=$root/lib/modules/$ancient
	mkdir "$dir"
	cp -P "$root/lib/modules-away/${releases[0]}/build" "$dir/build"
	runs "$ancient"
	in_root dpkg-reconfigure vnicx-dkms 2>&1 | has "no vnicx for the running kernel $ancient: it is older than 6.1."
	{ in_root dkms install "vnicx/$before" -k "$ancient" 2>&1 || :; } | has BUILD_EXCLUSIVE
	status | expect "DKMS has built" "vnicx/$before: added"
	find "$dir" -name '*.ko*' | expect "modules are left" ""
	find "$root/var/lib/dkms/vnicx" -path "*$ancient*" | expect "DKMS has left files" ""
}

# The headers come, and with them an error in the source.
fails_to_build() {
	local source=$root/usr/src/vnicx-$before/vnic/stub.c
	rm -r "$root/lib/modules"
	mv "$root/lib/modules-away" "$root/lib/modules"
	runs "${releases[0]}"
	cp "$source" "$work/stub.c"
	echo '#error "as it might be"' >>"$source"
	{ in_root dkms install "vnicx/$before" -k "${releases[0]}" 2>&1 || echo failed; } |
		has "Error! Bad return status for module build on kernel: ${releases[0]}" "/var/lib/dkms/vnicx/$before/build/make.log" failed
	grep -q 'as it might be' "$root/var/lib/dkms/vnicx/$before/build/make.log"
	cp "$work/stub.c" "$source"
	status | expect "DKMS has built" "vnicx/$before: added"
	find "$root/lib/modules" -name 'vnicx*' | expect "modules are left" ""
}

# The headers' package calls this hook when it is installed.
builds_later() {
	local release
	for release in "${releases[@]}"; do
		in_root run-parts --arg="$release" --exit-on-error /etc/kernel/header_postinst.d
		modules "$before" "$release"
	done
	built "$before"
}

# built VERSION: for all kernels, and no other version for any
built() {
	local built=("${releases[@]/#/vnicx/$1, }")
	status | expect "DKMS has other modules" "$(printf '%s\n' "${built[@]/%/, x86_64: installed}")"
}

# with_modules RELEASE COMMAND...: the modules for that kernel are those that the part "build" has
# compiled from the same source: its headers have a makefile that hands them to DKMS meanwhile.
with_modules() {
	local makefile=$root/usr/src/linux-headers-$1/Makefile
	mkdir -p "$root/src/built"
	cp "$built_before"/vnicx{,_tap}.ko "$root/src/built/"
	cp "$makefile" "$work/Makefile"
	printf '%s\n' 'all:' $'\tcp /src/built/*.ko $(M)/' 'clean:' >"$makefile"
	"${@:2}"
	cp "$work/Makefile" "$makefile"
}

# DKMS strips what it builds for 6.1, so the compiler need not write for debuggers first:
# without a vmlinux, which 6.12's headers have and 6.1's have not, nobody makes BTF of that.
upgrades() {
	local release
	KCFLAGS=-g0 with_modules "${releases[1]}" install src
	for release in "${releases[@]}"; do
		modules "${now%%~*}" "$release"
	done
	built "$now"
	[ ! -e "$root/usr/src/vnicx-$before" ] || die "the source of $before is still there"
}

finds_plugin() {
	{ in_root ip link help vnicx 2>&1 || :; } | has "[ mode { bridge |" "clean-traffic"
	{ in_root ip link help vnicxtap 2>&1 || :; } | has "vnicxtap"
}

runs_program() {
	in_root vnicx --help | has "usage: vnicx show"
	{ in_root vnicx show nonesuch 2>&1 || :; } | has "vnicx: no device nonesuch."
}

loads() {
	(cd "$top" && VNICX_ROOT=$root bash packaging/debian/tests/guest)
}

leaves_nothing() {
	local release
	apt purge vnicx-cni vnicx vnicx-dkms
	system | diff "$work/system" - || die "other files than before"
	for release in "${releases[@]}"; do
		! grep -H vnicx "$root/lib/modules/$release"/modules.* || die "depmod did not run"
	done
	! in_root dpkg-query -W 'vnicx*' || die "dpkg remembers the packages"
}

# The commands of docs/install.md for machines without packages, and those to undo them
without_packages() {
	local commands path
	commands=$(commands_of docs/install.md "DKMS without packages")
	runs "${releases[1]}"
	with_modules "${releases[1]}" in_root sh -e -c "cd /src; ${commands%%dkms remove*}"
	modules "${now%%~*}" "${releases[1]}"
	finds_plugin
	runs_program
	in_root sh -e -c "cd /src; dkms remove${commands#*dkms remove}"
	system | grep -vxFf "$work/system" | while read -r path; do
		[ -d "$root/$path" ] || die "$path is left"
	done
}

inside() {
	root=$work/root
	before=$(sed -n 's/^## \([0-9][^ ]*\) - .*/\1/p' "$top/CHANGELOG.md" |
		grep -vxF "$(make -s -C "$top" --no-print-directory version)" | head -n 1)
	mount_root "$1"
	mount_cache
	prepare_root
	copy_trees
	ktap_begin
	ktap_check "make deb builds vnicx-dkms, vnicx and vnicx-cni, without root" builds
	now=$(version_of "/src/deb/vnicx-dkms_*.deb")
	ktap_check "the packages have the version of vnic/vnic.h" versions
	ktap_check "lintian finds nothing in the packages" lintian_is_silent
	ktap_check "the packages have the files that they are for, and no others" files
	ktap_check "a new Debian gets from apt what the packages need" dependencies
	system >"$work/system"
	ktap_check "without headers, the package names those to install" without_headers
	ktap_check "a kernel that is too old gets no modules, and the package says why" too_old
	ktap_check "a build that fails names its log, and leaves no module" fails_to_build
	ktap_check "headers that come later get modules from DKMS, signed" builds_later
	ktap_check "apt upgrades to this version, which DKMS installs for both kernels and signs" upgrades
	ktap_check "ip finds the plugin" finds_plugin
	ktap_check "the program vnicx runs" runs_program
	ktap_check "apt installs the plugin for container engines, which is of this version" installs_cni
	ktap_check "modprobe reads the examples" examples
	ktap_check "the modules of the package load in Debian's 6.1" loads
	ktap_check "apt purges the packages, and leaves nothing" leaves_nothing
	ktap_check "DKMS installs the modules without packages, and leaves nothing" without_packages
	echo "1..$ktap_number"
}

# The network and the mounts are gone with the last process in it.
main() {
	local base
	if [ "${1:-}" = --inside ]; then
		work=$3 built_before=$4
		inside "$2"
		return
	fi
	[ "$(id -u)" -eq 0 ] || die "mounts and chroots need root"
	base=$(bash "$top/scripts/deb-root.sh")
	built_before=$(bash "$top/scripts/build.sh" 6.12)
	mkdir -p "$cache/run"
	work=$(mktemp -d "$cache/run/XXXXXX")
	# shellcheck disable=SC2064 # this one
	trap "rm -rf --one-file-system '$work'" EXIT
	chmod 755 "$work"
	unshare --mount --pid --net --fork --kill-child --mount-proc bash "${BASH_SOURCE[0]}" --inside "$base" "$work" \
		"$built_before"
}

main "$@"
