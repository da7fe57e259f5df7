#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Makes the root file system of a QEMU guest out of this host's own programs
# and the kernel's modules, once per kernel, and prints its path.
#
#   initramfs.sh RELEASE MODULES-ROOT
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

programs=(
	bash sh busybox
	awk base64 basename cat chmod cmp cp cut date dd diff dirname env expr false find grep head id kill ln
	ls md5sum mkdir mkfifo mknod mktemp mv nproc od paste printf ps pwd readlink realpath rm rmdir
	sed seq sha256sum sleep sort stat stty sync tail tee test timeout touch tr true tty uname uniq
	wc xargs xxd yes
	dmesg flock getent mount mountpoint nsenter prlimit setpriv setsid taskset umount unshare
	depmod insmod lsmod modinfo modprobe rmmod sysctl
	ip bridge tc ss ethtool tcpdump dnsmasq iperf3 ping arping nft socat jq
)

modules=(
	e1000e virtio_pci virtio_net af_packet
	veth dummy bridge br_netfilter 8021q bonding team team_mode_activebackup
	macvlan macvtap ipvlan ipvtap tap tun vhost_net ifb netconsole pktgen netdevsim
	vxlan geneve ip_gre ip6_gre vrf hsr netkit nlmon openvswitch
	sch_ingress sch_netem sch_fq sch_fq_codel sch_htb sch_tbf sch_prio sch_mqprio sch_clsact
	cls_matchall cls_flower cls_u32 cls_bpf act_gact act_mirred act_csum act_skbedit act_police
	nf_tables nft_ct nft_counter nft_log nft_limit nft_reject_inet nf_conntrack
	nft_meta_bridge nft_fwd_netdev nft_dup_netdev nft_reject_netdev nft_flow_offload nf_flow_table_inet
	ipv6 configfs sctp xfrm_user esp4 esp6 authenc cbc gcm ctr ghash_generic macsec
)

plain_files=(
	/etc/protocols /etc/services /etc/ethertypes
	/usr/lib/tc /usr/share/iproute2 /etc/iproute2
)

program_path() {
	local path
	# the host's own busybox, static, and its scripts' shell need no special case
	path=$(type -P "$1") || die "no $1 on this host"
	echo "$path"
}

copy_programs() {
	local root=$1 name path
	for name in "${programs[@]}"; do
		path=$(program_path "$name")
		cp -L "$path" "$root/usr/bin/$name"
		ldd "$path" 2>/dev/null | grep -oE '/[^ ]+' || :
	done | sort -u | while read -r path; do
		mkdir -p "$root$(dirname "$path")"
		cp -L "$path" "$root$path"
	done
}

# The kernel would decompress them, slowly, when it was built to do so at all.
copy_modules() {
	local root=$1 from=$2 release=$3 name kind path to
	for name in "${modules[@]}"; do
		modprobe -d "$from" -S "$release" --show-depends "$name" 2>/dev/null || :
	done | sort -u | while read -r kind path _; do
		[ "$kind" = insmod ] || continue
		to=$root${path#"$from"}
		mkdir -p "$(dirname "$to")"
		case $path in
		*.xz) xz -dc "$path" >"${to%.xz}" ;;
		*) cp "$path" "$to" ;;
		esac
	done
	cp "$from/lib/modules/$release"/modules.{builtin,builtin.modinfo,order} "$root/lib/modules/$release/"
	depmod -b "$root" "$release"
}

skeleton() {
	local root=$1 dir
	mkdir -p "$root"/{dev,etc,mnt,proc,root,run,sys,tmp,var,usr/bin,usr/sbin,usr/lib/x86_64-linux-gnu,usr/lib64}
	for dir in bin sbin lib lib64; do
		ln -s "usr/$dir" "$root/$dir"
	done
	ln -s /run "$root/var/run"
	ln -s /tmp "$root/var/tmp"
	ln -s ../bin/modprobe "$root/usr/sbin/modprobe"
	ln -s ../bin/ip "$root/usr/sbin/ip"
	echo 'root:x:0:0:root:/root:/bin/bash' >"$root/etc/passwd"
	echo 'nobody:x:65534:65534:nobody:/:/bin/false' >>"$root/etc/passwd"
	echo 'root:x:0:' >"$root/etc/group"
	echo '127.0.0.1 localhost' >"$root/etc/hosts"
}

build() {
	local image=$1 release=$2 from=$3 root path
	[ ! -e "$image" ] || return 0
	say "making the guest's file system for $release"
	root=$(mktemp -d)
	skeleton "$root"
	copy_programs "$root"
	copy_modules "$root" "$from" "$release"
	for path in "${plain_files[@]}"; do
		if [ -e "$path" ]; then
			mkdir -p "$root$(dirname "$path")"
			cp -rL "$path" "$root$path"
		fi
	done
	mkdir -p "${image%/*}"
	(cd "$root" && find . | cpio -o -H newc -R 0:0 --quiet) >"$image.new"
	rm -rf "$root"
	# older ones were made from other programs or another kernel
	rm -f "${image%-*}"-*.cpio
	mv "$image.new" "$image"
}

main() {
	local release=$1 from=$2 key
	key=$({
		cat "${BASH_SOURCE[0]}"
		stat -Lc '%n %s %Y' "$(program_path bash)" "$(program_path ip)" "$(program_path tc)"
		stat -Lc '%n %Y' "$from/.complete"
		dpkg-query -W libc6 | cat
	} | digest)
	local image=$cache/initramfs/$release-$key.cpio
	with_lock "initramfs-$release" build "$image" "$release" "$from" >&2
	echo "$image"
}

main "$@"
