// SPDX-License-Identifier: GPL-2.0
/*
 * Learn where a claimed address is.
 *
 * A virtual router's address belongs to the router that uses it (RFC 5798), and
 * both of its routers have the address on their lists: two vNICs, or a vNIC and
 * a station on the wire. Therefore the switch learns such addresses, and no
 * others, from frames, as a physical switch does. Of the ports that claim the
 * address, the host and the wire, the last one to send a broadcast or multicast
 * frame from it has it, in the frame's VLAN. A vNIC that does not claim an
 * address never draws it here.
 *
 * A frame that the wire sends back tells nothing. A reflecting switch, or a
 * loop, returns a frame at most once for each time it was sent, and soon.
 * Therefore the switch ignores as many frames of the address from the wire as
 * the port has just sent.
 *
 * A frame that finds the address where it was takes no lock. A change takes the
 * switch's lock, and allocates memory only for the first frame in a VLAN. The
 * number of VLANs remembered for one address is bounded, because a frame may
 * have any tag. At the bound, a new VLAN replaces the oldest, at most once in a
 * tick for each sender. In a VLAN that was forgotten, the oldest claim has the
 * address until the next broadcast or multicast frame.
 *
 * A unicast frame moves an address only as a last resort: the last port may
 * have forged the address, and an owner that does nothing but answer must not
 * wait until it sends a broadcast. Only a frame of a port that lost a claimed
 * address is looked at, and it moves the address only when the last port has
 * sent no broadcast or multicast frame from it for SILENCE_TIME. So a backup
 * router, which may answer ARP requests from the address, does not draw it from
 * a master that advertises.
 */
#include <linux/atomic.h>
#include <linux/etherdevice.h>
#include <linux/jiffies.h>
#include <linux/rhashtable.h>
#include <linux/slab.h>

#include "cache.h"
#include "fdb.h"

/* VLANs in which one address may be learnt */
#define LEARN_VIDS_MAX	128

/* The wire sends a frame back within this time, in jiffies. */
#define ECHO_TIME	(HZ / 10)

/* Frames that the wire may send back, more than a port sends in a burst */
#define ECHOES_MAX	64

/* A port that has an address sends broadcast or multicast frames more often
 * than this, in jiffies, or may lose the address to a unicast frame.
 */
#define SILENCE_TIME	(10 * HZ)

/**
 * vnicx_learn_note() - note a broadcast or multicast frame from an address
 * @entry: the learnt entry of the address
 * @port: the port that has the address and sent the frame, NULL for the wire
 *
 * The wire may send back a frame that a port sent.
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

/* Tell whether a frame must not move @entry's address. */
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

/* Tell whether an address may be learnt to be at @from, NULL for the wire. */
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

/* Add @change to the number of VLANs in which a port has lost a claimed
 * address, for every port that claims @addr but @except.
 */
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

static void vnicx_learn_move(struct vnicx_switch *sw,
			     struct vnicx_fdb_entry *entry,
			     struct vnicx_port *to)
{
	struct vnicx_port *from = entry->port;

	if (from && from->kind == VNICX_PORT_VNIC)
		WRITE_ONCE(from->nr_lost, from->nr_lost + 1);
	if (to && to->kind == VNICX_PORT_VNIC)
		WRITE_ONCE(to->nr_lost, to->nr_lost - 1);
	WRITE_ONCE(entry->port, to);
	vnicx_cache_expire(sw);
}

static void vnicx_learn_forget(struct vnicx_switch *sw,
			       struct vnicx_fdb_entry *entry)
{
	vnicx_learn_count(sw, entry->addr, entry->port, -1);
	if (!WARN_ON_ONCE(rhltable_remove(&sw->fdb, &entry->node,
					  vnicx_fdb_params)))
		kfree_rcu(entry, rcu);
	vnicx_cache_expire(sw);
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
	vnicx_cache_expire(sw);
	vnicx_learn_count(sw, addr, at, 1);
	return entry;
}

/* Find or create the entry that says where @addr is in a VLAN. Each port, and
 * the wire, makes the switch forget old entries at a rate of its own, so that a
 * tenant who goes through VLANs keeps no other port from being learnt.
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
		if (!oldest || time_before(READ_ONCE(entry->seen),
					   READ_ONCE(oldest->seen)))
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
 * @entry: the entry of a frame's source address, a claim or learnt
 * @vid: the frame's VLAN
 * @from: the port that sent the frame, NULL for the wire
 * @to_many: whether it is a broadcast or multicast frame; true for the wire
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
	/* Test again, because the claim may have ended meanwhile. */
	entry = vnicx_learn_may_be_at(sw, addr, from) ?
		vnicx_learn_entry(sw, addr, vid, from) : NULL;
	if (entry) {
		if (entry->port != from)
			vnicx_learn_move(sw, entry, from);
		vnicx_learn_note(entry, from);
		port = from;
	}
	spin_unlock_bh(&sw->lock);
	return port;
}

/**
 * vnicx_learn_claim() - note that a port claims an address
 * @port: the port, whose entry has been added
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
 * @port: the port, whose entry has been removed
 * @addr: the address
 *
 * The switch forgets that it learnt the address to be at the port. When no
 * other port claims the address, the switch forgets all that it learnt about
 * it.
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
