#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# kernels: uml
# timeout: 240
#
# Debian's Podman gives containers vNICs by the CNI plugin. Its programs are those of this
# machine, whose file system the guest sees. The kernel has neither POSIX message queues nor
# IPC namespaces: containers have none.
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/../netns/lib.sh"

work=$(mktemp -d)
plugins=$VNICX_STAGE/bin/cni

# A machine with an eth0 on a LAN, where engines may write, and a root file system
machine() {
	ns lan
	ip link add eth0 type veth peer name eth0 netns lan
	up lan eth0 1 >/dev/null
	batch "link set eth0 up" "address add 192.0.2.2/24 dev eth0"
	mount -t tmpfs tmpfs /var/lib
	mkdir -p "$work"/{net,root/{bin,proc,sys,dev,etc,tmp,run}}
	cp "$(type -P busybox)" "$work/root/bin/"
	ln -s busybox "$work/root/bin/sleep"
	ln -s busybox "$work/root/bin/ping"
	cat >"$work/net/lan.conflist" <<-END
		{ "cniVersion": "0.4.0", "name": "lan", "plugins": [{ "type": "vnicx", "master": "eth0", "raguard": true,
			"capabilities": { "mac": true, "ips": true }, "ipam": { "type": "host-local", "dataDir": "$work/ipam",
			"ranges": [[{ "subnet": "192.0.2.0/24", "rangeStart": "192.0.2.100", "rangeEnd": "192.0.2.110" }]],
			"routes": [{ "dst": "0.0.0.0/0", "gw": "192.0.2.1" }] } }] }
	END
	mount -t cgroup2 cgroup2 /sys/fs/cgroup
	cat >"$work/crun" <<-'END'
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
	chmod +x "$work/crun"
	cat >"$work/containers.conf" <<-END
		[network]
		network_backend = "cni"
		cni_plugin_dirs = ["$plugins"]
		network_config_dir = "$work/net"
		[engine]
		cgroup_manager = "cgroupfs"
		events_logger = "none"
		runtime = "crun"
		static_dir = "$work/storage/libpod"
		tmp_dir = "$work/run/libpod"
		no_pivot_root = true
		[engine.runtimes]
		crun = ["$work/crun"]
	END
	export CONTAINERS_CONF=$work/containers.conf
}

engine() {
	podman --root "$work/storage" --runroot "$work/run" --storage-driver vfs "$@"
}

# start NAME [OPTION...]
start() {
	engine run --detach --network lan --cgroups=disabled --ipc=host --security-opt seccomp=unconfined \
		--name "$1" "${@:2}" --rootfs "$work/root" /bin/sleep 1000
}

# in_container NAME COMMAND...: with this machine's programs
in_container() {
	local pid
	pid=$(engine inspect --format '{{.State.Pid}}' "$1")
	nsenter --net="/proc/$pid/ns/net" "${@:2}"
}

# shown NAME FIELD: of what Podman shows
shown() {
	engine inspect "$1" | jq -r ".[0].NetworkSettings.Networks.lan.$2"
}

address() {
	in_container "$1" ip -json link show eth0 | jq -r '.[0].address'
}

machine

t "Podman lists the network with the driver vnicx" shows " vnicx" engine network ls --filter name=lan
t "Podman starts a container on the LAN" start web
t_is "Podman shows the container's IP address" 192.0.2.100 shown web IPAddress
t "the container's device is a vNIC with the network's policy" shows " raguard on " in_container web ip -d link show eth0
mac=$(address web)
t_is "Podman shows the container's MAC address" "$mac" shown web MacAddress
t "the container reaches the LAN" engine exec web /bin/ping -c 1 192.0.2.1
t "the machine reaches the container" until_ok 5 ping -n -q -c 1 -W 2 192.0.2.100
t "the LAN reaches the container" until_ok 5 pings lan 192.0.2.100
t "Podman starts a second container" start db --mac-address 02:00:00:00:00:77 --ip 192.0.2.109
t_is "the second container has the MAC address of the command line" 02:00:00:00:00:77 address db
t "the containers reach each other" engine exec web /bin/ping -c 1 192.0.2.109
t "Podman disconnects a container from the network" engine network disconnect lan web
t_is "a container that is disconnected has no vNIC" "" in_container web ip -brief link show type vnicx
t "Podman connects the container again" engine network connect lan web
t_is "a container that is connected again has its MAC address" "$mac" address web
t "Podman removes the container" engine rm --force --time 0 web
t "Podman starts a container of the same name" start web
t_is "a container has the MAC address of the one of its name before it" "$mac" address web
t "Podman removes both containers" engine rm --force --time 0 web db
t_is "IPAM has all addresses back" "" find "$work/ipam" -name '192.*'

umount /var/lib /sys/fs/cgroup
rm -r "$work"
