#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Makes a root file system of this machine's release of Debian in the cache, once for each
# version of the kernels' headers, and prints its path. The root has what packages of vnicx
# are built from, DKMS, the headers of Debian's kernels, and lists of apt, so that nobody
# needs the network later. Needs root.
#
#   deb-root.sh
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source-path=SCRIPTDIR source=kernels/source.sh
. "$top/scripts/kernels/source.sh"

headers=(linux-headers-amd64 linux-headers-6.12-amd64)
included=(build-essential debhelper dh-dkms lintian dkms iproute2 kmod openssl golang-go
	golang-github-containernetworking-plugins-dev "${headers[@]}")

# The system's mirrors for its release and the updates of it
sources() {
	local suite uri
	for suite in "$1" "$1-updates" "$1-security"; do
		uri=$(mirror_of "$suite")
		# shellcheck disable=SC2154 # from kernels/source.sh
		[ -z "$uri" ] || echo "deb [signed-by=$keyring] $uri $suite main"
	done
}

# The state of dpkg before anything is in the root but essential packages is kept: with it,
# apt can be asked what a new system would have to install.
make_root() {
	local root=$1 suite included_list
	[ ! -e "$root/.complete" ] || return 0
	say "making a root file system for the packages"
	suite=$(release_name)
	rm -rf --one-file-system "$root"
	mkdir -p "${root%/*}"
	sources "$suite" >"$root.list"
	included_list=$(IFS=,; echo "${included[*]}")
	# shellcheck disable=SC2016 # mmdebstrap's shell expands it
	logged "$cache/log/deb-root.log" mmdebstrap --mode=root --variant=minbase --format=directory \
		--include="$included_list" --aptopt='Acquire::Languages "none"' --skip=cleanup/apt/lists \
		--dpkgopt='path-exclude=/usr/share/locale/*' --dpkgopt=force-unsafe-io \
		--essential-hook='cp "$1/var/lib/dpkg/status" "$1/var/lib/dpkg/status-new"' \
		"$suite" "$root" "$root.list"
	rm "$root.list"
	: >"$root/.complete"
}

main() {
	local key
	key=$({
		cat "${BASH_SOURCE[0]}"
		dpkg-query -W "${headers[@]}"
	} | digest)
	local root=$cache/packages/root-$key
	with_lock packages-root make_root "$root" >&2
	echo "$root"
}

main "$@"
