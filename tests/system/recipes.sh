#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 1500
#
# Each section of docs/deploy.md, up to the next boot, leaves nothing behind.
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"

# The programs whose sections these are run for as long as that.
declare -A service=([systemd-networkd]=systemd-networkd [netplan]=systemd-networkd
	[NetworkManager]=NetworkManager [libvirt]=libvirtd [Docker]="docker docker.socket containerd"
	[Incus]="incus incus.socket")

# User Mode Linux has no IPC namespaces, message queues or overlays.
lacking() {
	mkdir -p /usr/share/lxc/config/common.conf.d
	echo "lxc.namespace.clone = mnt pid uts net cgroup" >/usr/share/lxc/config/common.conf.d/ipc.conf
	mkdir -p /etc/containers/containers.conf.d
	printf '%s\n' '[storage]' 'driver = "vfs"' 'runroot = "/run/containers"' 'graphroot = "/var/lib/containers"' \
		>/etc/containers/storage.conf
	cat >/etc/containers/containers.conf <<-END
		[containers]
		cgroups = "disabled"
		ipcns = "host"
		seccomp_profile = "unconfined"
		[engine]
		cgroup_manager = "cgroupfs"
		events_logger = "none"
		no_pivot_root = true
		runtime = "crun"
		[engine.runtimes]
		crun = ["/usr/local/bin/crun"]
	END
	cat >/usr/local/bin/crun <<-'END'
		#!/bin/bash
		previous=
		for word; do
			if [ "$previous" = --bundle ]; then
				jq 'del(.mounts[] | select(.type == "mqueue"))' "$word/config.json" >"$word/new"
				mv "$word/new" "$word/config.json"
			fi
			previous=$word
		done
		exec /usr/bin/crun "$@"
	END
	chmod +x /usr/local/bin/crun
}

# An image of the page's root file system, and a place for containers
incus_image() {
	printf '%s\n' "architecture: $(uname -m)" "creation_date: 1" >/run/metadata.yaml
	tar -c -f /run/busybox.tar -C /run metadata.yaml --transform 's,^\./,rootfs/,' -C /var/lib/machines/web .
	incus storage create default dir
	incus image import /run/busybox.tar --alias busybox
}

[ -e /proc/self/ns/ipc ] || lacking
if is_installed vnicx-dkms; then
	t "DKMS has built vnicx for the kernel that runs" dkms_has_it
	t_is "the module that modprobe finds is signed by DKMS's key" "DKMS module signing key" modinfo -F signer vnicx
	t_fails "mokutil says that this machine has no EFI" '^EFI variables are not supported on this system$' \
		mokutil --import /var/lib/dkms/mok.pub
fi
# Sections are for one release of Debian or for all.
read -r release </etc/debian_version
# systemd-nspawn needs /sys/block, which User Mode Linux has not.
declare -A only=(["Podman 4"]=12 ["Podman 5"]=13 [Docker]=13 [systemd-nspawn]=13 [Incus]=13)
while read -r name <&5; do
	[ "${only[$name]-${release%%.*}}" = "${release%%.*}" ] || continue
	[[ -z ${section-} || $name =~ ^(A unit of systemd|A root file system|$section)$ ]] || continue
	read -ra units <<<"${service[$name]-}"
	[ "${#units[@]}" -eq 0 ] || systemctl start "${units[@]}"
	[ "$name" != NetworkManager ] || until_ok 30 nmcli general >/dev/null
	[ "$name" != Incus ] || t "Incus has an image" incus_image
	recipe deploy.md "$name"
	t_is "$name: no vNIC is left" "" vnicx show
	[ "${#units[@]}" -eq 0 ] || systemctl -q stop "${units[@]}"
done 5< <(sections deploy.md | sed '/^After the next boot/,$d')
