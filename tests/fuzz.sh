#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Runs the fuzzer, tests/fuzz/, for fuzz_seconds from fuzz_seed, with the options
# fuzz_options. Faults show in the kernel's log, which the runner reads.
# shellcheck source-path=SCRIPTDIR
. "${0%/*}/netns/lib.sh"

modules=(veth dummy bridge bonding team 8021q macvlan macvtap ipvlan vxlan geneve ip_gre ip6_gre
	macsec ifb vrf netkit tun tap vhost_net sch_netem sch_fq sch_fq_codel sch_ingress sctp
	nf_tables nft_limit nft_fwd_netdev nft_dup_netdev netconsole)

# Allocations of a general size and of frames may fail, but not every inode and page
# table. Their failures are not worth a trace.
may_fail() {
	local failslab=/sys/kernel/debug/failslab cache
	[ -d "$failslab" ] || return 0
	echo 0 >$failslab/verbose
	echo N >$failslab/ignore-gfp-wait
	echo Y >$failslab/cache-filter
	echo Y >$failslab/task-filter
	echo 40 >$failslab/probability
	# vmalloc() complains, and is what kvmalloc() resorts to
	echo 6 >$failslab/interval
	echo -1 >$failslab/times
	for cache in /sys/kernel/slab/kmalloc-* /sys/kernel/slab/skbuff*; do
		echo 1 >"$cache/failslab"
	done
}

# A module that is not there is not looked for: names of devices are asked for all
# the time.
for module in "${modules[@]}"; do
	modprobe -q "$module" || :
done
mountpoint -q /sys/kernel/config || mount -t configfs configfs /sys/kernel/config 2>/dev/null || :
modprobe=$(cat /proc/sys/kernel/modprobe)
echo >/proc/sys/kernel/modprobe
echo on >/proc/sys/kernel/printk_devkmsg
# what drivers say of their own accord would fill the log
dmesg -n 5
# an unprivileged user gets as far as that on any machine
chmod 666 /dev/net/tun
chmod a+x / 2>/dev/null || :
may_fail

seconds=${fuzz_seconds:-60} seed=${fuzz_seed:-1}
read -ra options <<<"${fuzz_options:-}"
echo "# seed $seed, $seconds seconds"
status=0
fuzz "${options[@]}" "$seconds" "$seed" || status=$?
t "the kernel accepts each operation, and for $seconds seconds of seed $seed none hangs" [ "$status" -eq 0 ]
# what the role admin may have left
rmdir /sys/kernel/config/netconsole/fuzz 2>/dev/null || :
for cpu in /sys/devices/system/cpu/cpu*/online; do
	[ ! -w "$cpu" ] || echo 1 >"$cpu"
done
echo "$modprobe" >/proc/sys/kernel/modprobe
