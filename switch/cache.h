/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The lookup of a frame's destination, inline for the data path: each CPU
 * remembers what the FDB said last of some addresses, so that most lookups are
 * one comparison.
 *
 * An answer holds for one generation of the FDB. Generations are numbers that no
 * other switch has, nor the same switch after a change. A writer begins a new one
 * after each change, before the grace period that ends a port.
 */
#ifndef _VNICX_CACHE_H
#define _VNICX_CACHE_H

#include <linux/hardirq.h>
#include <linux/hash.h>
#include <linux/local_lock.h>
#include <linux/percpu.h>
#include <linux/unaligned.h>

#include "internal.h"

#define VNICX_CACHE_BITS	8

/**
 * struct vnicx_cached - an answer of the FDB
 * @key: the address and the VLAN, see vnicx_cache_key()
 * @generation: that of the FDB when it was asked; none is 0
 * @port: the port that has the address, or NULL
 */
struct vnicx_cached {
	u64 key;
	u64 generation;
	struct vnicx_port *port;
};

/**
 * struct vnicx_cache - the answers that one CPU remembers
 * @answers: by the hash of their keys
 * @bh_lock: excludes other bottom halves of the CPU; only PREEMPT_RT needs it
 */
struct vnicx_cache {
	struct vnicx_cached answers[1 << VNICX_CACHE_BITS];
	local_lock_t bh_lock;
};

extern struct vnicx_cache __percpu *vnicx_caches;

int vnicx_cache_init(void);
void vnicx_cache_exit(void);
void vnicx_cache_expire(struct vnicx_switch *sw);
struct vnicx_port *vnicx_cache_ask(struct vnicx_switch *sw, const u8 *addr,
				   u16 vid, struct vnicx_cached *slot);

/**
 * vnicx_cache_key() - put an address and a VLAN into one word
 * @addr: the address, in an Ethernet header: two more bytes are read
 * @vid: the VLAN
 *
 * Return: the word
 */
static __always_inline u64 vnicx_cache_key(const u8 *addr, u32 vid)
{
	return (get_unaligned_be64(addr) & ~(u64)U16_MAX) | vid;
}

/* Find where a CPU remembers the answer about an address. */
static __always_inline struct vnicx_cached *vnicx_cache_slot(u64 key)
{
	return this_cpu_ptr(vnicx_caches->answers) +
	       hash_64(key, VNICX_CACHE_BITS);
}

/* Tell whether a slot has the answer about an address and a VLAN. */
static __always_inline bool vnicx_cache_has(const struct vnicx_cached *slot,
					    const struct vnicx_switch *sw, u64 key)
{
	return slot->key == key && slot->generation == READ_ONCE(sw->generation);
}

/**
 * vnicx_cache_lookup() - find the port that has an address
 * @sw: the switch
 * @addr: the address, in an Ethernet header
 * @vid: the VLAN, 0 for none
 *
 * Decides as vnicx_fdb_lookup() does.
 *
 * Context: RCU read side, bottom halves disabled.
 * Return: the port, good until the end of the RCU section, or NULL when no port
 * has the address or when it was last seen on the wire
 */
static __always_inline struct vnicx_port *
vnicx_cache_lookup(struct vnicx_switch *sw, const u8 *addr, u32 vid)
{
	u64 key = vnicx_cache_key(addr, vid);
	struct vnicx_cached *slot;
	struct vnicx_port *port;

	local_lock_nested_bh(&vnicx_caches->bh_lock);
	slot = vnicx_cache_slot(key);
	if (likely(vnicx_cache_has(slot, sw, key)))
		port = slot->port;
	else
		port = vnicx_cache_ask(sw, addr, vid, slot);
	local_unlock_nested_bh(&vnicx_caches->bh_lock);
	return port;
}

/**
 * vnicx_cache_recall() - find the port that has an address, if the CPU remembers it
 * @sw: the switch
 * @addr: the address, in an Ethernet header
 * @vid: the VLAN, 0 for none
 *
 * Context: RCU read side, bottom halves disabled.
 * Return: as vnicx_cache_lookup(), or NULL if it does not
 */
static __always_inline struct vnicx_port *
vnicx_cache_recall(const struct vnicx_switch *sw, const u8 *addr, u32 vid)
{
	u64 key = vnicx_cache_key(addr, vid);
	struct vnicx_port *port = NULL;
	const struct vnicx_cached *slot;

	local_lock_nested_bh(&vnicx_caches->bh_lock);
	slot = vnicx_cache_slot(key);
	if (likely(vnicx_cache_has(slot, sw, key)))
		port = slot->port;
	local_unlock_nested_bh(&vnicx_caches->bh_lock);
	return port;
}

#endif /* _VNICX_CACHE_H */
