// SPDX-License-Identifier: GPL-2.0
/*
 * The forwarding database (FDB): which port has a MAC address in a VLAN.
 *
 * It is hashed by address alone. The entries of one address form a list, so
 * that one lookup finds both those for the frame's VLAN and those that hold in
 * every VLAN. Nearly always there is a single entry.
 *
 * Several ports may have a title to one address. Each lookup decides between
 * them by the ranks of the entries, see &enum vnicx_fdb_rank. An entry never
 * changes its rank: when the entry of the highest rank is removed, the next one
 * has the address. vnicx_fdb_add() refuses a second entry of the rank
 * VNICX_FDB_TENANT or VNICX_FDB_ADMIN that overlaps with one of the same rank.
 * Among claims, the oldest has the address until it is learnt where it is.
 *
 * Entries are added and removed by those who configure ports. The switch learns
 * nothing from frames but the place of claimed addresses, see learn.c: a vNIC
 * cannot draw another's traffic by forging its own address.
 */
#include <linux/etherdevice.h>
#include <linux/rhashtable.h>
#include <linux/slab.h>
#include <kunit/visibility.h>

#include "cache.h"
#include "fdb.h"

/**
 * vnicx_fdb_init() - create a switch's empty database
 * @sw: the switch
 *
 * Return: 0 or -ENOMEM
 */
int vnicx_fdb_init(struct vnicx_switch *sw)
{
	vnicx_cache_expire(sw);
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
 * vnicx_fdb_clash() - find a port whose title bars others from an address
 * @sw: the switch
 * @addr: the address
 * @vid: the VLAN, or VNICX_VID_ANY to find a port that has it in any VLAN
 * @rank: the title that another port wants, above VNICX_FDB_LEARNT, whose
 *	entries may be the wire's; lower titles bar nobody
 *
 * Context: RCU read side.
 * Return: the port, good until the end of the RCU section, or NULL
 */
struct vnicx_port *vnicx_fdb_clash(struct vnicx_switch *sw, const u8 *addr,
				   u16 vid, enum vnicx_fdb_rank rank)
{
	struct vnicx_fdb_entry *entry;
	struct rhlist_head *list, *pos;

	/* VNICX_FDB_HEIR bars others, too: the host will have the address. */
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

/* Tell whether a port may claim an address: only once, because learn.c counts
 * where a port has lost it, and only if few others do, because a lookup walks
 * all claims.
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

/* Tell whether tenants have an address in as many VLANs as a lookup may walk. */
static bool vnicx_fdb_is_full(struct vnicx_switch *sw, const u8 *addr)
{
	struct vnicx_fdb_entry *entry;
	struct rhlist_head *list, *pos;
	unsigned int n = 0;

	list = rhltable_lookup(&sw->fdb, addr, vnicx_fdb_params);
	rhl_for_each_entry_rcu(entry, pos, list, node)
		n += entry->rank == VNICX_FDB_TENANT;
	return n >= VNICX_TENANT_VLANS_MAX;
}

/**
 * vnicx_fdb_add() - give a port a title to an address
 * @port: the port
 * @addr: a unicast address
 * @vid: the VLAN in which the title holds, or VNICX_VID_ANY
 * @rank: the title; not VNICX_FDB_LEARNT
 * @gfp: how memory may be allocated
 *
 * Context: RTNL or the addr_list_lock of the port's device.
 * Return: 0; for the ranks VNICX_FDB_TENANT and VNICX_FDB_ADMIN, -EADDRINUSE
 * when a port, maybe this one, has the same or a better title already; for a
 * claim, -EEXIST when the port has one already, or -ENOSPC when
 * VNICX_CLAIMANTS_MAX others have; for VNICX_FDB_TENANT, -ENOSPC when tenants
 * have it in VNICX_TENANT_VLANS_MAX VLANs; or -ENOMEM
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
	else if (rank == VNICX_FDB_TENANT && vnicx_fdb_is_full(sw, addr))
		err = -ENOSPC;
	if (!err)
		err = rhltable_insert(&sw->fdb, &entry->node, vnicx_fdb_params);
	if (!err)
		vnicx_cache_expire(sw);
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
 * vnicx_fdb_claim() - claim an address for a port
 * @port: the port
 * @addr: a unicast address, to hold in every VLAN
 * @gfp: how memory may be allocated
 *
 * The port has the address unless it was given to a port. Of several ports that
 * claim it, the last one to use it has it. vnicx_fdb_del() ends the claim.
 *
 * Context: RTNL or the addr_list_lock of the port's device.
 * Return: 0; 1 when the address was given to a port, which keeps it; -EEXIST or
 * -ENOSPC when the port or VNICX_CLAIMANTS_MAX others claim it already; or
 * -ENOMEM
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
 * vnicx_fdb_claims() - tell whether a port claims an address
 * @port: the port
 * @addr: the address
 *
 * Context: RTNL or the addr_list_lock of the port's device.
 * Return: whether it does
 */
bool vnicx_fdb_claims(const struct vnicx_port *port, const u8 *addr)
{
	struct vnicx_switch *sw = port->sw;
	bool claims;

	rcu_read_lock();
	spin_lock_bh(&sw->lock);
	claims = vnicx_fdb_own(port, addr, VNICX_VID_ANY, VNICX_FDB_CLAIM);
	spin_unlock_bh(&sw->lock);
	rcu_read_unlock();
	return claims;
}

/**
 * vnicx_fdb_del() - undo vnicx_fdb_add()
 * @port: the port
 * @addr: the address
 * @vid: the VLAN that vnicx_fdb_add() was called with
 * @rank: the title that vnicx_fdb_add() was called with
 *
 * A frame that is on its way may still find the port, so the port must outlive
 * a grace period.
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
	if (!err)
		vnicx_cache_expire(sw);
	spin_unlock_bh(&sw->lock);
	rcu_read_unlock();

	if (!err)
		kfree_rcu(entry, rcu);
	return err;
}
EXPORT_SYMBOL_IF_KUNIT(vnicx_fdb_del);
