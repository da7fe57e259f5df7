#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Builds the Debian packages vnicx-dkms and vnicx in a copy of the tree, and prints their
# paths. Needs no root, and these packages: build-essential debhelper dh-dkms iproute2.
# With golang-go and golang-github-containernetworking-plugins-dev, also vnicx-cni.
#
#   deb.sh [DIRECTORY]      where to put them (deb/)
#
# The version is that of vnic/vnic.h. As long as CHANGELOG.md has no section for it, the
# packages are older than it: 0.2~git202611271200.8cade39, or 0.2~dev outside git.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

in_git() {
	[ -e "$top/.git" ] && TZ=UTC git -C "$top" "$@" 2>/dev/null
}

# The files of the project, and not what was built among them
copy_tree() {
	(
		cd "$top"
		in_git ls-files -z --cached --others --exclude-standard ||
			find . -type f -not -path './deb/*' -not -path './.git/*' -not -name '*.o' -not -name '*.so' \
				-not -name '*.ko' -not -name '*.mod' -not -name '*.mod.c' -not -name '.*.cmd' -not -path ./tools/vnicx/vnicx \
				-not -path ./tools/cni/vnicx -not -path ./tools/cni/engine -print0
	) | while IFS= read -r -d '' file; do
		[ ! -e "$top/$file" ] || printf '%s\0' "$file"
	done | tar -c -C "$top" --null -T - | tar -x -C "$1" --no-same-owner
}

# version_of TREE: of the packages
version_of() {
	local version section stamp
	version=$(make -s -C "$1" --no-print-directory version)
	section=$(sed -n 's/^## //p' "$1/CHANGELOG.md" | head -n 1)
	[ -n "$version" ] || die "vnic/vnic.h has no version"
	if [ "${section%% *}" = "$version" ]; then
		echo "$version"
	elif grep -q "^## ${version//./\\.} - " "$1/CHANGELOG.md"; then
		die "VNICX_VERSION in vnic/vnic.h is $version, which was released before \"$section\" of CHANGELOG.md"
	elif stamp=$(in_git log -1 --date=format-local:%Y%m%d%H%M --format=%cd.%h); then
		echo "$version~git$stamp"
	else
		echo "$version~dev"
	fi
}

# The time of the last change, so that the same tree makes the same packages
epoch() {
	echo "${SOURCE_DATE_EPOCH:-$(in_git log -1 --format=%ct || date +%s)}"
}

# The names that apt knows them by: dpkg-buildpackage names what they provide
check_packages() {
	local name missing=()
	for name in build-essential debhelper dh-dkms iproute2; do
		[ "$(dpkg-query -W -f '${db:Status-Status}' "$name" 2>/dev/null)" = installed ] || missing+=("$name")
	done
	[ "${#missing[@]}" -eq 0 ] || die "not there: apt install ${missing[*]}"
}

main() {
	local to work tree version maintainer deb
	to=$(realpath -m "${1:-$top/deb}")
	check_packages
	dpkg-query -W golang-go golang-github-containernetworking-plugins-dev >/dev/null 2>&1 || {
		say "without vnicx-cni: for that, install golang-go golang-github-containernetworking-plugins-dev"
		export DEB_BUILD_PROFILES="${DEB_BUILD_PROFILES:-} pkg.vnicx.nocni"
	}
	work=$(mktemp -d)
	# shellcheck disable=SC2064 # this one
	trap "rm -rf '$work'" EXIT
	tree=$work/vnicx
	mkdir "$tree"
	copy_tree "$tree"
	cp -r "$tree/packaging/debian" "$tree/debian"
	version=$(version_of "$tree")
	maintainer=$(sed -n 's/^Maintainer: //p' "$tree/debian/control")
	awk -v version="$version" -v date="$(date -Ru -d "@$(epoch)")" -v maintainer="$maintainer" \
		-f "$top/scripts/deb-changelog.awk" "$tree/CHANGELOG.md" >"$tree/debian/changelog"
	say "building vnicx $version"
	(cd "$tree" && dpkg-buildpackage -b -uc -us) >"$work/log" 2>&1 || {
		tail -n 40 "$work/log" >&2
		die "the packages do not build"
	}
	mkdir -p "$to"
	for deb in "$work"/*.{deb,changes,buildinfo}; do
		cp "$deb" "$to/"
		echo "$to/${deb##*/}"
	done
}

main "$@"
