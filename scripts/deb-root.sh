#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Makes a root file system of Debian in the cache, once for each list of packages, and
# prints its path. It has lists of apt, so that nobody needs the network later. Needs root.
#
#   deb-root.sh              this machine's release, with what packages of vnicx are built
#                            from, DKMS and the headers of Debian's kernels
#   deb-root.sh system SUITE that release with systemd and what manages networks, containers
#                            and virtual machines
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source-path=SCRIPTDIR source=kernels/source.sh
. "$top/scripts/kernels/source.sh"

headers=(linux-headers-amd64 linux-headers-6.12-amd64)
debs=(build-essential debhelper dh-dkms iproute2 kmod golang-go golang-github-containernetworking-plugins-dev)
packages=(lintian dkms openssl "${headers[@]}")
system=(systemd-sysv dbus udev libpam-systemd ethtool iputils-ping procps busybox-static dnsmasq-base jq
	netplan.io ifupdown isc-dhcp-client network-manager systemd-container lxc podman crun conmon containernetworking-plugins
	libvirt-daemon-system libvirt-clients qemu-system-x86 ipxe-qemu)

# The mirrors of a release and of the updates of it: those of this machine's release
sources() {
	local own suffix uri
	own=$(release_name)
	for suffix in "" -updates -security; do
		uri=$(mirror_of "$own$suffix")
		# shellcheck disable=SC2154 # from kernels/source.sh
		[ -z "$uri" ] || echo "deb [signed-by=$keyring] $uri $1$suffix main"
	done
}

# make_root ROOT SUITE PACKAGE...
#
# The state of dpkg before anything is in the root but essential packages is kept: with it,
# apt can be asked what a new system would have to install.
make_root() {
	local root=$1 suite=$2 included
	[ ! -e "$root/.complete" ] || return 0
	shift 2
	say "making a root file system: ${root##*/}"
	rm -rf --one-file-system "$root"
	mkdir -p "${root%/*}"
	sources "$suite" >"$root.list"
	included=$(IFS=,; echo "$*")
	# shellcheck disable=SC2016 # mmdebstrap's shell expands it
	logged "$cache/log/deb-root.log" mmdebstrap --mode=root --variant=minbase --format=directory \
		--include="$included" --aptopt='Acquire::Languages "none"' --skip=cleanup/apt/lists \
		--dpkgopt='path-exclude=/usr/share/locale/*' --dpkgopt=force-unsafe-io \
		--essential-hook='cp "$1/var/lib/dpkg/status" "$1/var/lib/dpkg/status-new"' \
		"$suite" "$root" "$root.list"
	rm "$root.list"
	: >"$root/.complete"
}

main() {
	local name=root suite=${2:-} included=("${debs[@]}" "${packages[@]}") key
	suite=${suite:-$(release_name)}
	[ "${1:-}" != system ] || name=system included=("${debs[@]}" "${system[@]}")
	[ "$suite" != trixie ] || included+=(docker.io docker-cli netavark aardvark-dns incus-base prometheus-node-exporter dkms
		openssl mokutil linux-image-amd64 linux-headers-amd64)
	key=$({
		declare -f make_root
		echo "${included[*]}"
		[ "$name" = system ] || dpkg-query -W "${headers[@]}"
	} | digest)
	local root=$cache/packages/$name-$suite-$key
	with_lock "packages-$name-$suite" make_root "$root" "$suite" "${included[@]}" >&2
	echo "$root"
}

main "$@"
