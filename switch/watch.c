// SPDX-License-Identifier: GPL-2.0
/*
 * The control side's view of the FDB: that it has changed, and which addresses
 * are here. The bridge behind the lower device is told of these, see
 * vnic/announce/.
 *
 * Frames pay nothing: only a change of the FDB or of a port tells the watch, and
 * of those that frames cause there are few, see learn.c.
 */
#include <linux/etherdevice.h>
#include <linux/rhashtable.h>
#include <kunit/visibility.h>

#include "fdb.h"
#include "policy/vlan.h"
#include "watch.h"

/* Entries between two moments at which other tasks may run */
#define WATCH_PORTION	64

/* Resizing the FDB restarts the walk. The restarts are bounded, because tenants
 * can add and remove addresses for ever.
 */
#define WATCH_RESTARTS	4

/* Bound on the VLANs of a port in which its addresses are shown. A trunk may
 * have 4,094.
 */
#define WATCH_VLANS	64

/**
 * vnicx_switch_watch() - have changes of a switch told, or no longer
 * @sw: the switch
 * @watch: is told that the FDB, or the role or the policy of a port, has
 *	changed; NULL for nobody
 *
 * The function runs with the switch's lock held, or RTNL, and must not sleep. It
 * runs no more when this has returned.
 *
 * Context: RTNL.
 */
void vnicx_switch_watch(struct vnicx_switch *sw, struct vnicx_watch *watch)
{
	ASSERT_RTNL();
	spin_lock_bh(&sw->lock);
	WRITE_ONCE(sw->watch, watch);
	spin_unlock_bh(&sw->lock);
}
EXPORT_SYMBOL_IF_KUNIT(vnicx_switch_watch);

/**
 * vnicx_switch_is_watched() - tell whether somebody is told of changes
 * @sw: the switch
 *
 * Context: any.
 * Return: whether somebody is
 */
bool vnicx_switch_is_watched(const struct vnicx_switch *sw)
{
	return READ_ONCE(sw->watch);
}

/**
 * vnicx_fdb_has() - tell whether a port has a title to an address
 * @sw: the switch
 * @addr: the address
 *
 * Context: RCU read side.
 * Return: whether one has, in any VLAN
 */
bool vnicx_fdb_has(struct vnicx_switch *sw, const u8 *addr)
{
	return rhltable_lookup(&sw->fdb, addr, vnicx_fdb_params);
}

/* Show an address in a VLAN if a vNIC or the host has it there. */
static void vnicx_watch_show(struct vnicx_switch *sw, const u8 *addr, u16 vid,
			     __be16 proto, vnicx_fdb_show_t *show, void *arg)
{
	struct vnicx_fdb_entry *entry = vnicx_fdb_find(sw, addr, vid);
	struct vnicx_fdb_at at = {
		.addr = addr,
		.vid = vid,
		.proto = proto,
	};

	if (!entry)
		return;
	at.port = READ_ONCE(entry->port);
	at.rank = entry->rank;
	if (!at.port || at.port->kind == VNICX_PORT_UPLINK ||
	    (at.port->kind == VNICX_PORT_VNIC && !READ_ONCE(at.port->role)))
		return;
	show(&at, arg);
}

static void vnicx_watch_entry(struct vnicx_switch *sw,
			      const struct vnicx_fdb_entry *entry,
			      vnicx_fdb_show_t *show, void *arg)
{
	const struct vnicx_port *port = READ_ONCE(entry->port);
	const struct vnicx_policy *policy;
	const struct vnicx_vlan *vlan = NULL;
	__be16 proto = htons(ETH_P_8021Q);
	unsigned int n = 0, vid;

	/* On the wire: the claims of the address are entries of their own. */
	if (!port)
		return;
	policy = rcu_dereference(port->policy);
	if (policy && policy->vlan.on)
		vlan = &policy->vlan;

	if (entry->vid != VNICX_VID_ANY || !vlan) {
		vid = entry->vid == VNICX_VID_ANY ? VNICX_VID_NONE : entry->vid;
		if (!vlan || vnicx_vlan_has(vlan, vid ? vnicx_vlan_tag(proto, vid) : 0))
			vnicx_watch_show(sw, entry->addr, vid, proto, show, arg);
	} else if (!vlan->vids) {
		vnicx_watch_show(sw, entry->addr, vlan->key & VLAN_VID_MASK,
				 htons(vlan->key >> 16), show, arg);
	} else {
		for_each_set_bit(vid, vlan->vids, VLAN_N_VID) {
			if (n++ == WATCH_VLANS)
				break;
			vnicx_watch_show(sw, entry->addr, vid, proto, show, arg);
		}
	}
}

/**
 * vnicx_fdb_walk() - show the addresses that vNICs and the host have
 * @sw: the switch
 * @show: gets each address in each VLAN, some more than once; must not sleep
 * @arg: passed on to @show
 *
 * A vNIC that is down or disabled has none, nor has a vNIC an address that was
 * last seen elsewhere. An address may be missing if the one in front of it in the
 * table is removed meanwhile: vnicx_fdb_look() knows.
 *
 * Context: may sleep. RTNL.
 * Return: 0, or -EAGAIN when the FDB was resized too often: some may be missing
 */
int vnicx_fdb_walk(struct vnicx_switch *sw, vnicx_fdb_show_t *show, void *arg)
{
	unsigned int n = 0, restarts = 0;
	struct vnicx_fdb_entry *entry;
	struct rhashtable_iter walk;

	rhltable_walk_enter(&sw->fdb, &walk);
	rhashtable_walk_start(&walk);
	while ((entry = rhashtable_walk_next(&walk))) {
		if (!IS_ERR(entry))
			vnicx_watch_entry(sw, entry, show, arg);
		else if (restarts++ == WATCH_RESTARTS)
			break;
		if (++n % WATCH_PORTION)
			continue;
		rhashtable_walk_stop(&walk);
		cond_resched();
		rhashtable_walk_start(&walk);
	}
	rhashtable_walk_stop(&walk);
	rhashtable_walk_exit(&walk);
	return restarts > WATCH_RESTARTS ? -EAGAIN : 0;
}
EXPORT_SYMBOL_IF_KUNIT(vnicx_fdb_walk);

/**
 * vnicx_fdb_look() - show an address if a vNIC or the host has it
 * @sw: the switch
 * @addr: the address
 * @show: gets the address in each VLAN in which one has it, maybe more than once;
 *	must not sleep
 * @arg: passed on to @show
 *
 * Context: RTNL.
 */
void vnicx_fdb_look(struct vnicx_switch *sw, const u8 *addr,
		    vnicx_fdb_show_t *show, void *arg)
{
	struct vnicx_fdb_entry *entry;
	struct rhlist_head *list, *pos;

	rcu_read_lock();
	list = rhltable_lookup(&sw->fdb, addr, vnicx_fdb_params);
	rhl_for_each_entry_rcu(entry, pos, list, node)
		vnicx_watch_entry(sw, entry, show, arg);
	rcu_read_unlock();
}
EXPORT_SYMBOL_IF_KUNIT(vnicx_fdb_look);
