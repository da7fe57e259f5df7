#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# make install and make uninstall, in a copy of the tree, by a user who can write
# nowhere but below DESTDIR; and the refusal to build for another kernel unasked.
# Packages (check-packages.sh) are what compiles in a tree that was never built.
# CONFIG_KUNIT=y makes believe that the kernel has KUnit, for which users get no module.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# who can write in the copy and nowhere else
plain_user() {
	if [ "$(id -u)" -eq 0 ]; then
		setpriv --reuid=65534 --regid=65534 --clear-groups "$@"
	else
		"$@"
	fi
}

# run_make TARGET...: with DESTDIR, a relative one
run_make() {
	plain_user make -s W=1 -C "$copy" KDIR="$kdir" DESTDIR=image CONFIG_KUNIT=y "$@" >"$work/log" 2>&1 ||
		{ cat "$work/log" && die "make $* failed"; }
}

# files: below DESTDIR
files() {
	(cd "$copy/image" && find . ! -type d | sort)
}

# expect WHAT EXPECTED: standard input has it
expect() {
	diff <(echo "$2") - || die "$1"
}

installs() {
	local updates=./lib/modules/$release/updates ip_dir sections
	ip_dir=$(make -s -C "$copy/tools/ip" help | sed -n 's/^IPLIBDIR=.*now //p')
	run_make -j2 modules
	run_make install
	files | expect "other files than these are installed" "$(
		sort <<-END
			.$ip_dir/link_vnicx.so
			.$ip_dir/link_vnicxtap.so
			./etc/bash_completion.d/vnicx
			$updates/vnicx.ko
			$updates/vnicx_tap.ko
			./usr/local/lib/udev/rules.d/60-vnicx.rules
			./usr/local/sbin/vnicx
			./usr/local/share/bash-completion/completions/vnicx
			./usr/local/share/man/man4/vnicx.4
			./usr/local/share/man/man8/ip-link-vnicx.8
			./usr/local/share/man/man8/vnicx.8
		END
	)"
	for name in vnicx vnicx_tap; do
		sections=$(readelf -SW "$copy/image/$updates/$name.ko")
		[[ $sections != *.debug_* ]] || die "$name.ko is not stripped"
		[ "$(modinfo -F license "$copy/image/$updates/$name.ko")" = GPL ] || die "$name.ko is no module"
	done
}

# also what another kernel compresses, and nothing of others
uninstalls() {
	local updates=$copy/image/lib/modules/$release/updates
	plain_user xz "$updates/vnicx.ko"
	plain_user touch "$updates/vnic.ko"
	run_make uninstall
	files | expect "uninstall leaves other files than these" "./lib/modules/$release/updates/vnic.ko"
}

# uninstalls_all: what Kbuild may make, whatever it was asked for
uninstalls_all() {
	local names updates=$copy/image/lib/modules/$release/updates
	mapfile -t names < <(grep '^obj-' "$copy/Kbuild" | grep -o '[a-z_]*\.o')
	names=("${names[@]/#/$updates/}")
	plain_user touch "${names[@]/%.o/.ko.xz}"
	run_make uninstall
	files | expect "uninstall leaves modules of the tests" "./lib/modules/$release/updates/vnic.ko"
}

# depmod is for the system that runs, not for a DESTDIR
runs_depmod() {
	local target
	for target in modules_install uninstall; do
		make -n -C "$copy" KDIR="$kdir" DEPMOD=the-depmod "$target" >"$work/log" 2>&1
		grep -qx "the-depmod -a $release" "$work/log" || die "make $target runs no depmod"
		make -n -C "$copy" KDIR="$kdir" DEPMOD=the-depmod DESTDIR=image "$target" >"$work/log" 2>&1
		! grep "the-depmod -a" "$work/log" || die "make $target DESTDIR=... runs depmod"
	done
}

# refused MESSAGE ARGUMENT...
refused() {
	local message=$1
	shift
	! make -C "$copy" "$@" >"$work/log" 2>&1 || die "make $* builds"
	grep -q "$message" "$work/log" || { cat "$work/log" && die "make $* does not say: $message"; }
}

# Without headers of the running kernel, none other's are taken instead.
refuses() {
	local target
	mkdir "$work/bin"
	printf '#!/bin/sh\n[ "$*" = -r ] && echo 0.1-none\n' >"$work/bin/uname"
	chmod +x "$work/bin/uname"
	local PATH=$work/bin:$PATH
	for target in modules install; do
		refused "install linux-headers-0.1-none, or say KDIR=" "$target"
	done
	refused "no kernel headers in KDIR=/none" KDIR=/none
	make -n -C "$copy" KDIR="$kdir" modules >"$work/log" 2>&1 || die "KDIR= does not build for another kernel"
	make -s -C "$copy" help >"$work/log" || die "make help needs a kernel"
}

# take_objects TREE: whether it compiles is no question here, and build.sh has done that. Kbuild
# compiles again what is older than its source, or was made by another command: by W=1, too.
take_objects() {
	local different
	different=$(rsync -rcni --include='*/' --include='*.[ch]' --exclude='*' "$copy"/{include,switch,vnic} "$1/")
	[ -z "$different" ] || die "another checkout has been built there since: $different"
	find "$copy" -type f -exec touch -d 2000-01-01 {} +
	rsync -rt --include='*/' --include='*.o' --include='.*.cmd' --exclude='*' "$1/" "$copy/"
	find "$copy" -name '.*.cmd' -exec sed -i "s,$1/,$copy/,g; s,$1\b,$copy,g" {} +
}

main() {
	# shellcheck disable=SC2034 # kernels.sh assigns them all
	local release arch image kdir modules work copy
	eval "$(bash "$top/scripts/kernels.sh" 6.1)"
	work=$(mktemp -d)
	copy=$work/tree
	# shellcheck disable=SC2064 # this one
	trap "rm -rf '$work'" EXIT
	chmod 755 "$work"
	mkdir "$copy"
	(cd "$top" && cp -r Kbuild Makefile docs include switch tests tools vnic "$copy")
	find "$copy" \( -name '*.o' -o -name '*.ko' -o -name '*.so' -o -name '*.mod' -o -name '.*.cmd' \) -delete
	bash "$top/scripts/build.sh" 6.1 >/dev/null
	with_lock build-6.1-gcc take_objects "$cache/build/6.1-gcc/tree"
	[ "$(id -u)" -ne 0 ] || chown -R 65534:65534 "$copy"
	installs
	uninstalls
	uninstalls_all
	runs_depmod
	refuses
}

main "$@"
