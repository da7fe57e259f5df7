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
 */
#include <linux/etherdevice.h>
#include <linux/rhashtable.h>
#include <linux/slab.h>
#include <kunit/visibility.h>

#include "internal.h"

/**
 * struct vnicx_fdb_entry - an address and its port
 * @node: in the switch's table
 * @addr: the address
 * @vid: the VLAN in which it holds, or VNICX_VID_ANY
 * @port: the port; alive for readers as long as the entry is
 * @rcu: frees the entry after its last reader
 */
struct vnicx_fdb_entry {
	struct rhlist_head node;
	u8 addr[ETH_ALEN];
	u16 vid;
	struct vnicx_port *port;
	struct rcu_head rcu;
};

static const struct rhashtable_params fdb_params = {
	.head_offset = offsetof(struct vnicx_fdb_entry, node),
	.key_offset = offsetof(struct vnicx_fdb_entry, addr),
	.key_len = ETH_ALEN,
	.automatic_shrinking = true,
};

/**
 * vnicx_fdb_init() - make a switch's empty database
 * @sw: the switch
 *
 * Return: 0 or -ENOMEM
 */
int vnicx_fdb_init(struct vnicx_switch *sw)
{
	return rhltable_init(&sw->fdb, &fdb_params);
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
 * vnicx_fdb_lookup() - find the port that owns an address
 * @sw: the switch
 * @addr: the address
 * @vid: the VLAN, 0 for none
 *
 * Context: RCU read side.
 * Return: the port, good until the end of the RCU section, or NULL
 */
struct vnicx_port *vnicx_fdb_lookup(struct vnicx_switch *sw, const u8 *addr,
				    u16 vid)
{
	struct vnicx_port *any = NULL;
	struct vnicx_fdb_entry *entry;
	struct rhlist_head *list, *pos;

	list = rhltable_lookup(&sw->fdb, addr, fdb_params);
	rhl_for_each_entry_rcu(entry, pos, list, node) {
		if (entry->vid == vid)
			return entry->port;
		if (entry->vid == VNICX_VID_ANY)
			any = entry->port;
	}
	return any;
}
EXPORT_SYMBOL_IF_KUNIT(vnicx_fdb_lookup);

/* The entry that @addr has or would clash with in @vid. */
static struct vnicx_fdb_entry *fdb_find(struct vnicx_switch *sw, const u8 *addr,
					u16 vid)
{
	struct vnicx_fdb_entry *entry;
	struct rhlist_head *list, *pos;

	lockdep_assert_held(&sw->lock);

	list = rhltable_lookup(&sw->fdb, addr, fdb_params);
	rhl_for_each_entry_rcu(entry, pos, list, node) {
		if (entry->vid == vid || entry->vid == VNICX_VID_ANY ||
		    vid == VNICX_VID_ANY)
			return entry;
	}
	return NULL;
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
	struct vnicx_switch *sw = port->sw;
	struct vnicx_fdb_entry *entry;
	int err = -EADDRINUSE;

	entry = kzalloc_obj(*entry, gfp);
	if (!entry)
		return -ENOMEM;

	ether_addr_copy(entry->addr, addr);
	entry->vid = vid;
	entry->port = port;

	rcu_read_lock();
	spin_lock_bh(&sw->lock);
	if (!fdb_find(sw, addr, vid))
		err = rhltable_insert(&sw->fdb, &entry->node, fdb_params);
	spin_unlock_bh(&sw->lock);
	rcu_read_unlock();

	if (err)
		kfree(entry);
	return err;
}
EXPORT_SYMBOL_IF_KUNIT(vnicx_fdb_add);

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
	entry = fdb_find(sw, addr, vid);
	if (entry && entry->port == port && entry->vid == vid)
		err = rhltable_remove(&sw->fdb, &entry->node, fdb_params);
	spin_unlock_bh(&sw->lock);
	rcu_read_unlock();

	if (!err)
		kfree_rcu(entry, rcu);
	return err;
}
EXPORT_SYMBOL_IF_KUNIT(vnicx_fdb_del);
