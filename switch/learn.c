// SPDX-License-Identifier: GPL-2.0
/*
 * Where a claimed address is. A virtual router's address belongs to the router
 * that uses it (RFC 5798), and both have it on their lists: two vNICs, or a vNIC
 * and a station on the wire. So such an address, and no other, is learnt from
 * frames, as a switch does: among the ports that claim it, the host and the wire,
 * the last one that sent a frame to many from it has it, in the frame's VLAN.
 * A vNIC that does not claim an address never draws it here.
 *
 * A frame that the wire sends back is no news. A reflecting switch, or a loop, returns a
 * frame at most once for each time it was sent, and soon: as many frames as a port
 * has just sent are let pass when they come from the wire.
 *
 * Frames learn without a lock when they find the address where it was. A change
 * takes the switch's lock, and memory only for the first frame in a VLAN. How many
 * VLANs are remembered for one address is bounded, because a frame may have any
 * tag; beyond that, the oldest is forgotten for a new one, at most once in a tick
 * for each sender. In a VLAN that was forgotten, the oldest claim has the address until the next
 * frame to many.
 *
 * A frame to one station tells of an address when nothing better does: the last
 * port may have forged it, and an owner that does nothing but answer must not wait
 * until it sends to many. Only a port that lost a claimed address is asked, and
 * only when the last one has sent nothing to many for a while. A router's backup,
 * which may answer ARP requests from the address, does not draw it from a master
 * that advertises.
 */
#include <linux/atomic.h>
#include <linux/etherdevice.h>
#include <linux/jiffies.h>
#include <linux/rhashtable.h>
#include <linux/slab.h>

#include "fdb.h"

/* VLANs for which one address is learnt */
#define LEARN_VIDS_MAX	128

/* A frame that comes back comes back within this time, in jiffies */
#define ECHO_TIME	(HZ / 10)

/* Frames that may come back, more than are sent in a burst */
#define ECHOES_MAX	64

/* Who has an address sends to many more often than this, in jiffies, or may lose
 * it to a frame to one
 */
#define SILENCE_TIME	(10 * HZ)

/**
 * vnicx_learn_note() - note that a frame to many was sent from an address
 * @entry: the entry that was learnt for it
 * @port: the port that has the address and sent the frame, NULL for the wire
 *
 * A frame that the wire did not bring may come back by the wire.
 *
 * Context: RCU read side.
 */
void vnicx_learn_note(struct vnicx_fdb_entry *entry,
		      const struct vnicx_port *port)
{
	unsigned long now = jiffies;
	unsigned long seen = READ_ONCE(entry->seen);

	if (port && time_after(now, seen + ECHO_TIME))
		atomic_set(&entry->echoes, 1);
	else if (port && atomic_read(&entry->echoes) < ECHOES_MAX)
		atomic_inc(&entry->echoes);
	if (seen != now)
		WRITE_ONCE(entry->seen, now);
}

/* Whether a frame says nothing of where @entry's address is. */
static bool vnicx_learn_is_idle(const struct vnicx_fdb_entry *entry,
				bool to_many)
{
	return !to_many &&
	       (entry->rank != VNICX_FDB_LEARNT ||
		time_before_eq(jiffies, READ_ONCE(entry->seen) + SILENCE_TIME));
}

static bool vnicx_learn_is_echo(struct vnicx_fdb_entry *entry)
{
	return time_before_eq(jiffies, READ_ONCE(entry->seen) + ECHO_TIME) &&
	       atomic_dec_if_positive(&entry->echoes) >= 0;
}

static struct rhlist_head *vnicx_learn_list(struct vnicx_switch *sw,
					    const u8 *addr)
{
	return rhltable_lookup(&sw->fdb, addr, vnicx_fdb_params);
}

/* Whether an address may be learnt to be at @from, NULL for the wire. */
static bool vnicx_learn_may_be_at(struct vnicx_switch *sw, const u8 *addr,
				  const struct vnicx_port *from)
{
	struct vnicx_fdb_entry *entry;
	struct rhlist_head *list, *pos;

	list = vnicx_learn_list(sw, addr);
	rhl_for_each_entry_rcu(entry, pos, list, node)
		if (entry->rank == VNICX_FDB_CLAIM &&
		    (!from || from->kind == VNICX_PORT_HOST ||
		     entry->port == from))
			return true;
	return false;
}

/* Counts a VLAN in which all that claim @addr but @except have lost it. */
static void vnicx_learn_count(struct vnicx_switch *sw, const u8 *addr,
			      const struct vnicx_port *except, int change)
{
	struct vnicx_fdb_entry *entry;
	struct rhlist_head *list, *pos;

	list = vnicx_learn_list(sw, addr);
	rhl_for_each_entry_rcu(entry, pos, list, node) {
		struct vnicx_port *port = entry->port;

		if (entry->rank == VNICX_FDB_CLAIM && port != except)
			WRITE_ONCE(port->nr_lost, port->nr_lost + change);
	}
}

static void vnicx_learn_move(struct vnicx_fdb_entry *entry,
			     struct vnicx_port *to)
{
	struct vnicx_port *from = entry->port;

	if (from && from->kind == VNICX_PORT_VNIC)
		WRITE_ONCE(from->nr_lost, from->nr_lost + 1);
	if (to && to->kind == VNICX_PORT_VNIC)
		WRITE_ONCE(to->nr_lost, to->nr_lost - 1);
	WRITE_ONCE(entry->port, to);
}

static void vnicx_learn_forget(struct vnicx_switch *sw,
			       struct vnicx_fdb_entry *entry)
{
	vnicx_learn_count(sw, entry->addr, entry->port, -1);
	if (!WARN_ON_ONCE(rhltable_remove(&sw->fdb, &entry->node,
					  vnicx_fdb_params)))
		kfree_rcu(entry, rcu);
}

static struct vnicx_fdb_entry *vnicx_learn_add(struct vnicx_switch *sw,
					       const u8 *addr, u16 vid,
					       struct vnicx_port *at)
{
	struct vnicx_fdb_entry *entry = kzalloc_obj(*entry, GFP_ATOMIC);

	if (!entry)
		return NULL;
	ether_addr_copy(entry->addr, addr);
	entry->vid = vid;
	entry->rank = VNICX_FDB_LEARNT;
	entry->port = at;
	entry->seen = jiffies;
	if (rhltable_insert(&sw->fdb, &entry->node, vnicx_fdb_params)) {
		kfree(entry);
		return NULL;
	}
	vnicx_learn_count(sw, addr, at, 1);
	return entry;
}

/* Finds the entry in which to note where @addr is, or makes it. Each port, and the
 * wire, has old ones forgotten at its own rate: a tenant that goes through VLANs
 * keeps nobody else from being learnt.
 */
static struct vnicx_fdb_entry *vnicx_learn_entry(struct vnicx_switch *sw,
						 const u8 *addr, u16 vid,
						 struct vnicx_port *at)
{
	struct vnicx_port *sender = at ?: &sw->uplink;
	struct vnicx_fdb_entry *entry, *oldest = NULL;
	struct rhlist_head *list, *pos;
	unsigned long now = jiffies;
	unsigned int n = 0;

	list = vnicx_learn_list(sw, addr);
	rhl_for_each_entry_rcu(entry, pos, list, node) {
		if (entry->rank != VNICX_FDB_LEARNT)
			continue;
		if (entry->vid == vid)
			return entry;
		oldest = entry;
		n++;
	}
	if (n >= LEARN_VIDS_MAX) {
		if (sender->learnt_at == now)
			return NULL;
		sender->learnt_at = now;
		vnicx_learn_forget(sw, oldest);
	}
	return vnicx_learn_add(sw, addr, vid, at);
}

/**
 * vnicx_learn() - learn where a claimed address is
 * @sw: the switch
 * @entry: that of the source of a frame, a claim or learnt already
 * @vid: the frame's VLAN
 * @from: the port that sent the frame, NULL for the wire
 * @to_many: whether the frame is for many; one for one station is not from the
 *	wire
 *
 * Context: RCU read side, bottom halves disabled.
 * Return: the port that has the address now, NULL for the wire
 */
struct vnicx_port *vnicx_learn(struct vnicx_switch *sw,
			       struct vnicx_fdb_entry *entry, u16 vid,
			       struct vnicx_port *from, bool to_many)
{
	struct vnicx_port *port = READ_ONCE(entry->port);
	bool learnt = entry->rank == VNICX_FDB_LEARNT;
	const u8 *addr = entry->addr;

	if (learnt && port == from) {
		if (to_many)
			vnicx_learn_note(entry, from);
		return port;
	}
	if (vnicx_learn_is_idle(entry, to_many))
		return port;
	if (learnt && !from && vnicx_learn_is_echo(entry))
		return port;
	if (!vnicx_learn_may_be_at(sw, addr, from))
		return port;

	spin_lock_bh(&sw->lock);
	/* The claim may have ended meanwhile. */
	entry = vnicx_learn_may_be_at(sw, addr, from) ?
		vnicx_learn_entry(sw, addr, vid, from) : NULL;
	if (entry) {
		if (entry->port != from)
			vnicx_learn_move(entry, from);
		vnicx_learn_note(entry, from);
		port = from;
	}
	spin_unlock_bh(&sw->lock);
	return port;
}

/**
 * vnicx_learn_claim() - note that a port claims an address
 * @port: the port, its entry added
 * @addr: the address
 *
 * Context: RCU read side, the switch's lock is held.
 */
void vnicx_learn_claim(struct vnicx_port *port, const u8 *addr)
{
	struct vnicx_switch *sw = port->sw;
	struct vnicx_fdb_entry *entry;
	struct rhlist_head *list, *pos;
	u32 lost = port->nr_lost;

	lockdep_assert_held(&sw->lock);

	WRITE_ONCE(sw->nr_claims, sw->nr_claims + 1);
	list = vnicx_learn_list(sw, addr);
	rhl_for_each_entry_rcu(entry, pos, list, node)
		lost += entry->rank == VNICX_FDB_LEARNT;
	WRITE_ONCE(port->nr_lost, lost);
}

/**
 * vnicx_learn_unclaim() - note that a port no longer claims an address
 * @port: the port, its entry removed
 * @addr: the address
 *
 * The switch forgets what it learnt of the port, and all that it learnt of the
 * address when nobody claims it any more.
 *
 * Context: RCU read side, the switch's lock is held.
 */
void vnicx_learn_unclaim(struct vnicx_port *port, const u8 *addr)
{
	struct vnicx_switch *sw = port->sw;
	struct vnicx_fdb_entry *entry;
	struct rhlist_head *list, *pos;
	u32 lost = port->nr_lost;
	bool claimed;

	lockdep_assert_held(&sw->lock);

	WRITE_ONCE(sw->nr_claims, sw->nr_claims - 1);
	claimed = vnicx_learn_may_be_at(sw, addr, NULL);
	list = vnicx_learn_list(sw, addr);
	rhl_for_each_entry_rcu(entry, pos, list, node) {
		if (entry->rank != VNICX_FDB_LEARNT)
			continue;
		lost -= entry->port != port;
		if (!claimed || entry->port == port)
			vnicx_learn_forget(sw, entry);
	}
	WRITE_ONCE(port->nr_lost, lost);
}
