// SPDX-License-Identifier: GPL-2.0
/*
 * The forwarding database: which port has a MAC address in a VLAN.
 *
 * It is hashed by address alone. The entries of one address hang together, so
 * that one lookup finds the one for the frame's VLAN or else the one that
 * holds in every VLAN; nearly always there is a single entry.
 *
 * Several ports may have a title to one address. The ranks of the entries decide
 * between them, see &enum vnicx_fdb_rank, whenever a frame looks them up: an
 * entry never changes its state, and when the one of the highest rank goes, the
 * next one has the address. Of the ranks that a port is refused, no two entries
 * overlap. Of claims, the oldest has the address until one is learnt.
 *
 * Entries are added and removed by those who configure ports. Nothing is learnt
 * from frames but the place of claimed addresses, see learn.c: a vNIC cannot draw
 * another's traffic by forging its own address.
 */
#include <linux/etherdevice.h>
#include <linux/rhashtable.h>
#include <linux/slab.h>
#include <kunit/visibility.h>

#include "fdb.h"

/**
 * vnicx_fdb_init() - make a switch's empty database
 * @sw: the switch
 *
 * Return: 0 or -ENOMEM
 */
int vnicx_fdb_init(struct vnicx_switch *sw)
{
	return rhltable_init(&sw->fdb, &vnicx_fdb_params);
}

/**
 * vnicx_fdb_destroy() - free a switch's database
 * @sw: the switch, all its entries removed
 */
void vnicx_fdb_destroy(struct vnicx_switch *sw)
{
	rhltable_destroy(&sw->fdb);
}

static bool vnicx_fdb_overlaps(const struct vnicx_fdb_entry *entry, u16 vid)
{
	return entry->vid == vid || entry->vid == VNICX_VID_ANY ||
	       vid == VNICX_VID_ANY;
}

/**
 * vnicx_fdb_clash() - find the port that keeps others from having an address
 * @sw: the switch
 * @addr: the address
 * @vid: the VLAN, or VNICX_VID_ANY: then a port that has it in any of them
 * @rank: the title of the port that wants it, above VNICX_FDB_LEARNT, which may be
 *	the wire's; lower ones are in nobody's way
 *
 * Context: RCU read side.
 * Return: the port, good until the end of the RCU section, or NULL
 */
struct vnicx_port *vnicx_fdb_clash(struct vnicx_switch *sw, const u8 *addr,
				   u16 vid, enum vnicx_fdb_rank rank)
{
	struct vnicx_fdb_entry *entry;
	struct rhlist_head *list, *pos;

	/* What the host will have is the host's. */
	if (rank == VNICX_FDB_ADMIN)
		rank = VNICX_FDB_HEIR;

	list = rhltable_lookup(&sw->fdb, addr, vnicx_fdb_params);
	rhl_for_each_entry_rcu(entry, pos, list, node)
		if (entry->rank >= rank && vnicx_fdb_overlaps(entry, vid))
			return READ_ONCE(entry->port);
	return NULL;
}
EXPORT_SYMBOL_IF_KUNIT(vnicx_fdb_clash);

static bool vnicx_fdb_may_be_refused(enum vnicx_fdb_rank rank)
{
	return rank == VNICX_FDB_TENANT || rank == VNICX_FDB_ADMIN;
}

/* Whether a port may claim an address: once, as learn.c counts where a port has
 * lost it, and unless many do, as a lookup walks all claims.
 */
static int vnicx_fdb_check_claim(const struct vnicx_port *port, const u8 *addr)
{
	struct vnicx_fdb_entry *entry;
	struct rhlist_head *list, *pos;
	unsigned int claims = 0;

	list = rhltable_lookup(&port->sw->fdb, addr, vnicx_fdb_params);
	rhl_for_each_entry_rcu(entry, pos, list, node) {
		if (entry->rank != VNICX_FDB_CLAIM)
			continue;
		if (entry->port == port)
			return -EEXIST;
		claims++;
	}
	return claims < VNICX_CLAIMANTS_MAX ? 0 : -ENOSPC;
}

/**
 * vnicx_fdb_add() - give a port a title to an address
 * @port: the port
 * @addr: a unicast address
 * @vid: the VLAN in which it holds, or VNICX_VID_ANY
 * @rank: the title; not VNICX_FDB_LEARNT
 * @gfp: how memory may be allocated
 *
 * Context: RTNL or the addr_list_lock of the port's device.
 * Return: 0, -EADDRINUSE when a port has the same or a better title already,
 * this one included, to what may be refused, -EEXIST or -ENOSPC when the port or
 * VNICX_CLAIMANTS_MAX others claim it already, or -ENOMEM
 */
int vnicx_fdb_add(struct vnicx_port *port, const u8 *addr, u16 vid,
		  enum vnicx_fdb_rank rank, gfp_t gfp)
{
	struct vnicx_switch *sw = port->sw;
	struct vnicx_fdb_entry *entry;
	int err = 0;

	entry = kzalloc_obj(*entry, gfp);
	if (!entry)
		return -ENOMEM;

	ether_addr_copy(entry->addr, addr);
	entry->vid = vid;
	entry->rank = rank;
	entry->port = port;

	rcu_read_lock();
	spin_lock_bh(&sw->lock);
	if (rank == VNICX_FDB_CLAIM)
		err = vnicx_fdb_check_claim(port, addr);
	else if (vnicx_fdb_may_be_refused(rank) &&
		 vnicx_fdb_clash(sw, addr, vid, rank))
		err = -EADDRINUSE;
	if (!err)
		err = rhltable_insert(&sw->fdb, &entry->node, vnicx_fdb_params);
	if (!err && rank == VNICX_FDB_CLAIM)
		vnicx_learn_claim(port, addr);
	spin_unlock_bh(&sw->lock);
	rcu_read_unlock();

	if (err)
		kfree(entry);
	return err;
}
EXPORT_SYMBOL_IF_KUNIT(vnicx_fdb_add);

/**
 * vnicx_fdb_claim() - let a port have an address unless another was given it
 * @port: the port
 * @addr: a unicast address, to hold in every VLAN
 * @gfp: how memory may be allocated
 *
 * vnicx_fdb_del() ends it. Of several ports that claim it, the last to use it has
 * it.
 *
 * Context: RTNL or the addr_list_lock of the port's device.
 * Return: 0, 1 when the address was given to a port, which keeps it, -EEXIST or
 * -ENOSPC when the port or VNICX_CLAIMANTS_MAX others claim it already, or -ENOMEM
 */
int vnicx_fdb_claim(struct vnicx_port *port, const u8 *addr, gfp_t gfp)
{
	int err;

	err = vnicx_fdb_add(port, addr, VNICX_VID_ANY, VNICX_FDB_CLAIM, gfp);
	if (err)
		return err;

	rcu_read_lock();
	err = vnicx_fdb_clash(port->sw, addr, VNICX_VID_ANY,
			      VNICX_FDB_TENANT) ? 1 : 0;
	rcu_read_unlock();
	return err;
}
EXPORT_SYMBOL_IF_KUNIT(vnicx_fdb_claim);

static struct vnicx_fdb_entry *vnicx_fdb_own(const struct vnicx_port *port,
					     const u8 *addr, u16 vid,
					     enum vnicx_fdb_rank rank)
{
	struct vnicx_switch *sw = port->sw;
	struct vnicx_fdb_entry *entry;
	struct rhlist_head *list, *pos;

	lockdep_assert_held(&sw->lock);

	list = rhltable_lookup(&sw->fdb, addr, vnicx_fdb_params);
	rhl_for_each_entry_rcu(entry, pos, list, node)
		if (entry->port == port && entry->vid == vid &&
		    entry->rank == rank)
			return entry;
	return NULL;
}

/**
 * vnicx_fdb_del() - undo vnicx_fdb_add()
 * @port: the port
 * @addr: the address
 * @vid: the VLAN that it was added with
 * @rank: the title that it was added with
 *
 * A frame that is on its way may still find the port: the port must outlive a
 * grace period.
 *
 * Context: RTNL or the addr_list_lock of the port's device.
 * Return: 0 or -ENOENT when the port has no such title
 */
int vnicx_fdb_del(struct vnicx_port *port, const u8 *addr, u16 vid,
		  enum vnicx_fdb_rank rank)
{
	struct vnicx_switch *sw = port->sw;
	struct vnicx_fdb_entry *entry;
	int err = -ENOENT;

	rcu_read_lock();
	spin_lock_bh(&sw->lock);
	entry = vnicx_fdb_own(port, addr, vid, rank);
	if (entry)
		err = rhltable_remove(&sw->fdb, &entry->node, vnicx_fdb_params);
	if (!err && rank == VNICX_FDB_CLAIM)
		vnicx_learn_unclaim(port, addr);
	spin_unlock_bh(&sw->lock);
	rcu_read_unlock();

	if (!err)
		kfree_rcu(entry, rcu);
	return err;
}
EXPORT_SYMBOL_IF_KUNIT(vnicx_fdb_del);
