#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 400
#
# Each section of docs/deploy.md, up to the next boot, leaves nothing behind.
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/lib.sh"

# The programs whose sections these are run for as long as that.
declare -A service=([systemd-networkd]=systemd-networkd [netplan]=systemd-networkd
	[NetworkManager]=NetworkManager [libvirt]=libvirtd)

# This kernel has no IPC namespaces, message queues or overlays.
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

# A root file system that is a busybox
machine() {
	local root=/var/lib/machines/web name
	mkdir -p "$root"/{bin,usr,etc,proc,sys,dev,run,tmp,root}
	cp /bin/busybox "$root/bin/"
	for name in sh ip sleep; do
		ln -s busybox "$root/bin/$name"
	done
	echo ID=busybox >"$root/etc/os-release"
}

lacking
machine
# Sections are for one release of Debian or for all.
read -r release </etc/debian_version
declare -A only=(["Podman 4"]=12 ["Podman 5"]=13)
while read -r name <&5; do
	[ "${only[$name]-${release%%.*}}" = "${release%%.*}" ] || continue
	[[ -z ${section-} || $name =~ ^(A unit of systemd|$section)$ ]] || continue
	[ -z "${service[$name]-}" ] || systemctl start "${service[$name]}"
	[ "$name" != NetworkManager ] || until_ok 30 nmcli general >/dev/null
	recipe deploy.md "$name"
	t_is "$name: no vNIC is left" "" vnicx show
	[ -z "${service[$name]-}" ] || systemctl -q stop "${service[$name]}"
done 5< <(sections deploy.md | sed '/^After the next boot/,$d')
