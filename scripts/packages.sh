#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Installs, through apt, what building and testing need on Debian 12. Does
# nothing, and asks the network nothing, when everything is there.
#
#   packages.sh [PURPOSE...]    for these alone; for all of them if none is named
set -euo pipefail

# The kernels that are packaged are purposes, too: their headers. autopkgtest, debug, docs, efi, picture, plot and podman are not among
# those that are meant if none is named.
purposes=(build 6.1 6.12 6.12-rt source static deb cni guest host)
declare -A packages=(
	[build]="gcc libc6-dev make xz-utils kmod cpio rsync"
	[6.1]="linux-headers-amd64"
	[6.12]="linux-headers-6.12-amd64"
	[6.12-rt]="linux-headers-6.12-rt-amd64"
	[source]="patch flex bison bc perl libelf-dev libssl-dev dpkg-dev debian-archive-keyring"
	[static]="clang sparse shellcheck codespell coccinelle lowdown mandoc python3 python3-yaml python3-jsonschema"
	[deb]="mmdebstrap debian-archive-keyring"
	[autopkgtest]="autopkgtest mmdebstrap debian-archive-keyring"
	[cni]="golang-go golang-github-containernetworking-plugins-dev containernetworking-plugins"
	[guest]="qemu-system-x86 busybox-static udhcpc iperf3 iproute2 ethtool tcpdump
		iputils-ping iputils-arping keepalived nftables socat jq xxd procps mawk dnsmasq-base udev python3-yaml
		isc-dhcp-client"
	[host]="ca-certificates util-linux"
	[debug]="gdb"
	[efi]="ovmf mokutil openssl"
	[docs]="lowdown mandoc"
	[picture]="graphviz"
	[podman]="podman crun conmon"
	[plot]="gnuplot-nox"
)

missing() {
	local have package
	# dpkg-query fails when it knows nothing of a package, which is the point
	have=$(dpkg-query -W -f '${Package} ${db:Status-Status}\n' "$@" 2>/dev/null || true)
	for package; do
		grep -qx "$package installed" <<<"$have" || echo "$package"
	done
}

main() {
	local purpose names=() wanted as_root=()
	[ $# -gt 0 ] || set -- "${purposes[@]}"
	for purpose; do
		read -ra wanted -d '' <<<"${packages[$purpose]:?}" || :
		names+=("${wanted[@]}")
	done
	mapfile -t wanted < <(missing "${names[@]}")
	[ "${#wanted[@]}" -gt 0 ] || return 0

	[ "$(id -u)" -eq 0 ] || as_root=(sudo)
	echo "installing: ${wanted[*]}" >&2
	"${as_root[@]}" apt-get -qq update >&2
	"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq -y \
		-o Dpkg::Use-Pty=0 install --no-install-recommends "${wanted[@]}" >&2 </dev/null
}

main "$@"
