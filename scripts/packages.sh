#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Installs, through apt, what building and testing need on Debian 12. Does
# nothing, and asks the network nothing, when everything is there.
set -euo pipefail

build=(gcc libc6-dev make patch flex bison bc perl libelf-dev libssl-dev dpkg-dev
	xz-utils kmod cpio rsync linux-headers-amd64 linux-headers-6.12-amd64)
check=(clang sparse shellcheck)
guest=(qemu-system-x86 busybox-static udhcpc iperf3 iproute2 ethtool tcpdump
	iputils-ping iputils-arping nftables socat jq xxd procps mawk dnsmasq-base udev)
host=(ca-certificates debian-archive-keyring util-linux)

missing() {
	local have package
	# dpkg-query fails when it knows nothing of a package, which is the point
	have=$(dpkg-query -W -f '${Package} ${db:Status-Status}\n' "$@" 2>/dev/null || true)
	for package; do
		grep -qx "$package installed" <<<"$have" || echo "$package"
	done
}

main() {
	local wanted as_root=()
	mapfile -t wanted < <(missing "${build[@]}" "${check[@]}" "${guest[@]}" "${host[@]}")
	[ "${#wanted[@]}" -gt 0 ] || return 0

	[ "$(id -u)" -eq 0 ] || as_root=(sudo)
	echo "installing: ${wanted[*]}" >&2
	"${as_root[@]}" apt-get -qq update >&2
	"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq -y \
		-o Dpkg::Use-Pty=0 install --no-install-recommends "${wanted[@]}" >&2 </dev/null
}

main "$@"
