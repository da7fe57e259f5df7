// SPDX-License-Identifier: GPL-2.0
/*
 * Answers of the FDB that each CPU remembers.
 *
 * The slot of an address is found without a secret. A sender that takes the slot
 * of another's address costs that one a lookup, and no more.
 */
#include <linux/atomic.h>
#include <kunit/visibility.h>

#include "cache.h"
#include "fdb.h"
#include "watch.h"

struct vnicx_cache __percpu *vnicx_caches;
EXPORT_SYMBOL_IF_KUNIT(vnicx_caches);

/* The last generation of any switch */
static atomic64_t vnicx_cache_generation;

/**
 * vnicx_cache_ask() - ask the FDB, and remember the answer
 * @sw: the switch
 * @addr: the address, in an Ethernet header
 * @vid: the VLAN, 0 for none
 * @slot: where to remember it
 *
 * Context: RCU read side, bottom halves disabled.
 * Return: see vnicx_cache_lookup()
 */
noinline struct vnicx_port *vnicx_cache_ask(struct vnicx_switch *sw,
					    const u8 *addr, u16 vid,
					    struct vnicx_cached *slot)
{
	u64 generation = READ_ONCE(sw->generation);

	/* Pairs with vnicx_cache_expire(): an answer is at least as new as its
	 * generation.
	 */
	smp_rmb();
	slot->port = vnicx_fdb_lookup(sw, addr, vid);
	slot->key = vnicx_cache_key(addr, vid);
	slot->generation = generation;
	return slot->port;
}
EXPORT_SYMBOL_IF_KUNIT(vnicx_cache_ask);

/**
 * vnicx_cache_expire() - begin a new generation of a switch's FDB
 * @sw: the switch, its FDB just created or changed
 *
 * Context: the switch's lock is held, or nobody else has the switch yet.
 */
void vnicx_cache_expire(struct vnicx_switch *sw)
{
	/* Pairs with vnicx_cache_ask(). */
	smp_wmb();
	WRITE_ONCE(sw->generation,
		   atomic64_inc_return(&vnicx_cache_generation));
	vnicx_watch_tell(sw);
}

/**
 * vnicx_cache_init() - allocate the CPUs' memories
 *
 * Context: may sleep.
 * Return: 0 or -ENOMEM
 */
int vnicx_cache_init(void)
{
	int cpu;

	vnicx_caches = alloc_percpu(struct vnicx_cache);
	if (!vnicx_caches)
		return -ENOMEM;
	for_each_possible_cpu(cpu)
		local_lock_init(&per_cpu_ptr(vnicx_caches, cpu)->bh_lock);
	return 0;
}

/**
 * vnicx_cache_exit() - undo vnicx_cache_init() when no switch is left
 */
void vnicx_cache_exit(void)
{
	free_percpu(vnicx_caches);
}
