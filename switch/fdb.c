// SPDX-License-Identifier: GPL-2.0
/*
 * The forwarding database: which port owns a MAC address in a VLAN.
 *
 * It is hashed by address alone. The entries of one address hang together, so
 * that one lookup finds the one for the frame's VLAN or else the one that
 * holds in every VLAN; nearly always there is a single entry.
 *
 * Entries are added and removed by those who configure ports, never learnt
 * from frames: a vNIC cannot draw another's traffic by forging its address.
 *
 * An address has one port in a VLAN, the first that asked. Who may not be
 * refused waits for it in the same list: the oldest who waits has the address
 * as soon as no other has it.
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

/**
 * vnicx_fdb_clash() - find the port that keeps others from having an address
 * @sw: the switch
 * @addr: the address
 * @vid: the VLAN, or VNICX_VID_ANY: then a port that has it in any of them
 *
 * Context: RCU read side.
 * Return: the port, good until the end of the RCU section, or NULL
 */
struct vnicx_port *vnicx_fdb_clash(struct vnicx_switch *sw, const u8 *addr,
				   u16 vid)
{
	struct vnicx_fdb_entry *entry;
	struct rhlist_head *list, *pos;

	list = rhltable_lookup(&sw->fdb, addr, vnicx_fdb_params);
	rhl_for_each_entry_rcu(entry, pos, list, node) {
		if (!READ_ONCE(entry->waiting) &&
		    (entry->vid == vid || entry->vid == VNICX_VID_ANY ||
		     vid == VNICX_VID_ANY))
			return entry->port;
	}
	return NULL;
}
EXPORT_SYMBOL_IF_KUNIT(vnicx_fdb_clash);

static int fdb_insert(struct vnicx_port *port, const u8 *addr, u16 vid,
		      gfp_t gfp, bool may_wait)
{
	struct vnicx_switch *sw = port->sw;
	struct vnicx_fdb_entry *entry;
	int err = -EADDRINUSE;
	bool taken;

	entry = kzalloc_obj(*entry, gfp);
	if (!entry)
		return -ENOMEM;

	ether_addr_copy(entry->addr, addr);
	entry->vid = vid;
	entry->port = port;

	rcu_read_lock();
	spin_lock_bh(&sw->lock);
	taken = vnicx_fdb_clash(sw, addr, vid);
	entry->waiting = taken;
	if (!taken || may_wait)
		err = rhltable_insert(&sw->fdb, &entry->node, vnicx_fdb_params);
	spin_unlock_bh(&sw->lock);
	rcu_read_unlock();

	if (err) {
		kfree(entry);
		return err;
	}
	return taken;
}

/**
 * vnicx_fdb_add() - give an address to a port
 * @port: the port
 * @addr: a unicast address
 * @vid: the VLAN in which it holds, or VNICX_VID_ANY
 * @gfp: how memory may be allocated
 *
 * Context: RTNL or the addr_list_lock of the port's device.
 * Return: 0, -EADDRINUSE when a port has it already, this one included, or
 * -ENOMEM
 */
int vnicx_fdb_add(struct vnicx_port *port, const u8 *addr, u16 vid, gfp_t gfp)
{
	return fdb_insert(port, addr, vid, gfp, false);
}
EXPORT_SYMBOL_IF_KUNIT(vnicx_fdb_add);

/**
 * vnicx_fdb_claim() - give an address to a port, now or when it is free
 * @port: the port
 * @addr: a unicast address, to hold in every VLAN
 * @gfp: how memory may be allocated
 *
 * Either way vnicx_fdb_del() ends it.
 *
 * Context: RTNL or the addr_list_lock of the port's device.
 * Return: 0, 1 when the port has to wait for it, or -ENOMEM
 */
int vnicx_fdb_claim(struct vnicx_port *port, const u8 *addr, gfp_t gfp)
{
	return fdb_insert(port, addr, VNICX_VID_ANY, gfp, true);
}
EXPORT_SYMBOL_IF_KUNIT(vnicx_fdb_claim);

/* A port may have an address and wait for it as well: the latter ends first. */
static struct vnicx_fdb_entry *fdb_find(const struct vnicx_port *port,
					const u8 *addr, u16 vid)
{
	struct vnicx_fdb_entry *entry, *found = NULL;
	struct vnicx_switch *sw = port->sw;
	struct rhlist_head *list, *pos;

	lockdep_assert_held(&sw->lock);

	list = rhltable_lookup(&sw->fdb, addr, vnicx_fdb_params);
	rhl_for_each_entry_rcu(entry, pos, list, node) {
		if (entry->port != port || entry->vid != vid)
			continue;
		found = entry;
		if (entry->waiting)
			break;
	}
	return found;
}

/* Hands an address that was given up to the port that waits the longest. */
static void fdb_hand_on(struct vnicx_switch *sw, const u8 *addr)
{
	struct vnicx_fdb_entry *entry, *oldest = NULL;
	struct rhlist_head *list, *pos;

	lockdep_assert_held(&sw->lock);

	/* The newest is the first in the list. */
	list = rhltable_lookup(&sw->fdb, addr, vnicx_fdb_params);
	rhl_for_each_entry_rcu(entry, pos, list, node) {
		if (!entry->waiting)
			return;
		oldest = entry;
	}
	if (oldest)
		WRITE_ONCE(oldest->waiting, false);
}

/**
 * vnicx_fdb_del() - take an address from a port
 * @port: the port
 * @addr: the address
 * @vid: the VLAN that it was added with
 *
 * A frame that is on its way may still find the port: the port must outlive a
 * grace period.
 *
 * Context: RTNL or the addr_list_lock of the port's device.
 * Return: 0 or -ENOENT when it is not this port's
 */
int vnicx_fdb_del(struct vnicx_port *port, const u8 *addr, u16 vid)
{
	struct vnicx_switch *sw = port->sw;
	struct vnicx_fdb_entry *entry;
	int err = -ENOENT;

	rcu_read_lock();
	spin_lock_bh(&sw->lock);
	entry = fdb_find(port, addr, vid);
	if (entry)
		err = rhltable_remove(&sw->fdb, &entry->node, vnicx_fdb_params);
	if (!err)
		fdb_hand_on(sw, addr);
	spin_unlock_bh(&sw->lock);
	rcu_read_unlock();

	if (!err)
		kfree_rcu(entry, rcu);
	return err;
}
EXPORT_SYMBOL_IF_KUNIT(vnicx_fdb_del);
