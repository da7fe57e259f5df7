/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The lookup of the forwarding database (FDB), inline for the data path, and
 * the entries that it reads. fdb.c and learn.c write them.
 */
#ifndef _VNICX_FDB_H
#define _VNICX_FDB_H

#include <linux/etherdevice.h>
#include <linux/rhashtable.h>

#include "addr.h"
#include "internal.h"

/**
 * struct vnicx_fdb_entry - a port's title to an address
 * @node: entry in the switch's table
 * @addr: the address
 * @vid: the VLAN in which the title holds, or VNICX_VID_ANY
 * @rank: enum vnicx_fdb_rank: the entry of the highest rank has the address
 * @port: the port, which readers may use as long as they may use the entry. In
 *	a learnt entry, NULL stands for the wire, and the member is written
 *	under the switch's lock and read locklessly
 * @seen: in a learnt entry: when the port, or the wire, last sent a broadcast
 *	or multicast frame from the address, in jiffies; written without a lock
 * @echoes: how many of these frames the wire may still send back
 * @rcu: frees the entry after its last reader
 */
struct vnicx_fdb_entry {
	struct rhlist_head node;
	u8 addr[ETH_ALEN];
	u16 vid;
	u8 rank;
	atomic_t echoes;
	struct vnicx_port *port;
	unsigned long seen;
	struct rcu_head rcu;
};

static inline u32 vnicx_fdb_hash_entry(const void *data, u32 len, u32 seed)
{
	const struct vnicx_fdb_entry *entry = data;

	return vnicx_addr_hash(entry->addr, len, seed);
}

static inline int vnicx_fdb_compare(struct rhashtable_compare_arg *arg,
				    const void *data)
{
	const struct vnicx_fdb_entry *entry = data;

	return !ether_addr_equal(entry->addr, arg->key);
}

static const struct rhashtable_params vnicx_fdb_params = {
	.head_offset = offsetof(struct vnicx_fdb_entry, node),
	.key_offset = offsetof(struct vnicx_fdb_entry, addr),
	.key_len = ETH_ALEN,
	.hashfn = vnicx_addr_hash,
	.obj_hashfn = vnicx_fdb_hash_entry,
	.obj_cmpfn = vnicx_fdb_compare,
	.automatic_shrinking = true,
};

/**
 * vnicx_fdb_find() - find the entry that has an address
 * @sw: the switch
 * @addr: the address
 * @vid: the VLAN, 0 for none
 *
 * Among entries of one rank, the oldest has the address. It is the last one in
 * the list.
 *
 * Context: RCU read side.
 * Return: the entry, good until the end of the RCU section, or NULL
 */
static __always_inline struct vnicx_fdb_entry *
vnicx_fdb_find(struct vnicx_switch *sw, const u8 *addr, u16 vid)
{
	struct vnicx_fdb_entry *entry, *best = NULL;
	struct rhlist_head *list, *pos;

	list = rhltable_lookup(&sw->fdb, addr, vnicx_fdb_params);
	rhl_for_each_entry_rcu(entry, pos, list, node) {
		if (entry->vid != VNICX_VID_ANY && entry->vid != vid)
			continue;
		/* No second entry of this rank matches. */
		if (likely(entry->rank == VNICX_FDB_ADMIN))
			return entry;
		if (!best || entry->rank >= best->rank)
			best = entry;
	}
	return best;
}

/**
 * vnicx_fdb_lookup() - find the port that has an address
 * @sw: the switch
 * @addr: the address
 * @vid: the VLAN, 0 for none
 *
 * Context: RCU read side.
 * Return: the port, good until the end of the RCU section, or NULL when no port
 * has the address or when it was last seen on the wire
 */
static __always_inline struct vnicx_port *
vnicx_fdb_lookup(struct vnicx_switch *sw, const u8 *addr, u16 vid)
{
	struct vnicx_fdb_entry *entry = vnicx_fdb_find(sw, addr, vid);

	return entry ? READ_ONCE(entry->port) : NULL;
}

/* learn.c */
struct vnicx_port *vnicx_learn(struct vnicx_switch *sw,
			       struct vnicx_fdb_entry *entry, u16 vid,
			       struct vnicx_port *from, bool to_many);
void vnicx_learn_note(struct vnicx_fdb_entry *entry,
		      const struct vnicx_port *port);
void vnicx_learn_claim(struct vnicx_port *port, const u8 *addr);
void vnicx_learn_unclaim(struct vnicx_port *port, const u8 *addr);

#endif /* _VNICX_FDB_H */
