# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Allocations can fail from here on, of a general size only: those of vnicx are among
# them. The objects that the kernel has caches of its own for are the kernel's
# business, and many.
failslab=/sys/kernel/debug/failslab
echo 0 >$failslab/verbose
echo N >$failslab/ignore-gfp-wait
echo Y >$failslab/cache-filter
for cache in /sys/kernel/slab/kmalloc-*; do
	echo 1 >"$cache/failslab"
done

# lower_and_bridge: a lower device, eth0, and a bridge that can have it while vnicx has not
lower_and_bridge() {
	batch "link add eth0 type dummy" "link add bridge type bridge"
}

bridge_takes_lower() {
	batch "link set eth0 master bridge" "link set eth0 nomaster"
}
