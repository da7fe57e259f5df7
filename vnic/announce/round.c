// SPDX-License-Identifier: GPL-2.0
/*
 * A round: the bridge behind a lower device is told of what has changed since the last
 * one.
 *
 * Told are the addresses that the FDB gives to a vNIC, or to the host: vNICs' own
 * ones, those that userspace added, and those that devices on top of a vNIC
 * claim, in the VLANs of the vNIC. A vNIC that is down, disabled or without a
 * carrier has none.
 *
 * A round compares the FDB with what the bridge was told, and tells the
 * difference. An address that comes and goes between two rounds is not told at
 * all. hear.c says when there is a round, and pace.c how much is told in it.
 *
 * A vNIC's own address, one that was added, and a claimed one that a frame has
 * shown to be here (learn.c), are taken from another port of the bridge when
 * they are told first: the vNIC has come from there. From then on they are left
 * where they go, because they follow the last to move. A claimed address that has
 * sent nothing is told only while the bridge does not have it: its user may be
 * a virtual router's backup.
 *
 * The bridge tells of entries that it lost (a flush, a move). Then all entries are
 * looked at, and those that are nowhere are told anew, as many in a round as new
 * ones. They are looked at, too, when the bridge has refused an entry, because it has
 * as many as it may learn, or no memory.
 */
#include <linux/etherdevice.h>
#include <linux/rbtree.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>

#include "announce.h"

/**
 * struct vnicx_round - a round of the work item over one lower device
 * @told: what was told
 * @bridge: the bridge
 * @nr_told: addresses of vNICs told in it, beyond the first of each
 * @verify: look at each entry
 * @refused: the bridge refused an entry
 * @left: entries are left to be looked at
 * @again: something is left for the next round
 */
struct vnicx_round {
	struct vnicx_told *told;
	struct vnicx_bridge bridge;
	u32 nr_told;
	bool verify;
	bool refused;
	bool left;
	bool again;
};

/* The number of the last round, under RTNL */
static u32 vnicx_round_last;

/* Tell whether frames to a port's addresses arrive. */
static bool vnicx_round_receives(const struct vnicx_lower *lower,
				 const struct vnicx_port *port)
{
	/* The lower device's address is also that of a passthru vNIC. */
	if (port->kind == VNICX_PORT_HOST)
		port = vnicx_switch_passthru(lower->sw);
	return !port || (READ_ONCE(port->role) && netif_carrier_ok(port->dev));
}

/* Get the number of a vNIC's addresses that this round was to tell, NULL for the host. */
static u32 *vnicx_round_nr_of(const struct vnicx_round *round,
			      const struct vnicx_port *port)
{
	struct vnicx_vnic *vnic;

	if (port->kind != VNICX_PORT_VNIC)
		return NULL;
	vnic = netdev_priv(port->dev);
	if (vnic->told_round != round->told->round) {
		vnic->told_round = round->told->round;
		vnic->told_nr = 0;
	}
	return &vnic->told_nr;
}

static bool vnicx_round_admits(struct vnicx_round *round,
			       const struct vnicx_port *port)
{
	u32 *nr = vnicx_round_nr_of(round, port);

	return !nr || vnicx_told_admits(nr, &round->nr_told);
}

/* Tell whether a port's other addresses wait for the next round. The bridge is not asked
 * for them in vain.
 */
static bool vnicx_round_is_full(const struct vnicx_round *round,
				const struct vnicx_port *port)
{
	const u32 *nr = vnicx_round_nr_of(round, port);

	return nr && vnicx_told_is_full(*nr, round->nr_told);
}

/* Ask the bridge for an address. Returns whether it is to be told: the bridge has it
 * nowhere, or where it may be taken from.
 */
static bool vnicx_round_lacks(struct vnicx_round *round,
			      struct vnicx_told_addr *addr, bool takes)
{
	const struct vnicx_bridge *bridge = &round->bridge;
	struct vnicx_bridge_entry entry;
	u16 vid = addr->key & 0xffff;
	bool has = false, may = true;
	u8 mac[ETH_ALEN];

	u64_to_ether_addr(addr->key >> 16, mac);
	if (vnicx_bridge_ask(bridge, mac, vid, &entry)) {
		has = vnicx_bridge_is_told(&entry, bridge->port->ifindex);
		may = !has && vnicx_bridge_may_tell(&entry, bridge->port->ifindex, takes);
	}
	vnicx_told_set(round->told, addr, has);
	return may;
}

static void vnicx_round_add(struct vnicx_round *round, struct vnicx_told_addr *addr)
{
	u8 mac[ETH_ALEN];
	bool has;

	u64_to_ether_addr(addr->key >> 16, mac);
	/* No memory, or the bridge has as many as it may learn: looked at again,
	 * with all others.
	 */
	has = !vnicx_bridge_tell(&round->bridge, mac, addr->key & 0xffff, true);
	if (!has)
		round->refused = true;
	vnicx_told_set(round->told, addr, has);
}

/* Note that an address is here, and tell it if that is new or the bridge lost it. One that
 * waits for a later round is not noted as looked at, nor as taken.
 */
static void vnicx_round_show(const struct vnicx_fdb_at *at, void *arg)
{
	bool takes = at->rank != VNICX_FDB_CLAIM;
	struct vnicx_round *round = arg;
	struct vnicx_told *told = round->told;
	struct vnicx_told_addr *addr;
	struct rb_node *parent, **link;
	bool is_new = false;
	int vid;
	u64 key;

	if (!vnicx_round_receives(told->lower, at->port))
		return;
	vid = vnicx_bridge_vid(&round->bridge, at->vid, at->proto);
	if (vid < 0)
		return;
	key = ether_addr_to_u64(at->addr) << 16 | vid;

	addr = vnicx_told_find(told, key, &parent, &link);
	if (!addr) {
		if (vnicx_round_admits(round, at->port))
			addr = kzalloc_obj(*addr, GFP_ATOMIC);
		if (!addr) {
			round->again = true;
			return;
		}
		addr->key = key;
		rb_link_node(&addr->node, parent, link);
		rb_insert_color(&addr->node, &told->addrs);
		is_new = true;
	}
	addr->round = told->round;
	takes = takes && !addr->takes;
	if (!is_new && !takes && (!round->verify || addr->look == told->look))
		return;
	if (!is_new && vnicx_round_is_full(round, at->port)) {
		round->left = true;
		round->again = true;
		return;
	}
	if (vnicx_round_lacks(round, addr, takes)) {
		if (!is_new)
			vnicx_round_admits(round, at->port);
		vnicx_round_add(round, addr);
	}
	addr->takes |= takes;
	addr->look = told->look;
}

/* Tell whether an address is gone. The walk has not shown it, but a walk may miss
 * an address beside one that is removed meanwhile.
 */
static bool vnicx_round_is_gone(struct vnicx_round *round,
				const struct vnicx_told_addr *addr)
{
	struct vnicx_told *told = round->told;
	u8 mac[ETH_ALEN];

	if (addr->round == told->round)
		return false;
	u64_to_ether_addr(addr->key >> 16, mac);
	vnicx_fdb_look(told->lower->sw, mac, vnicx_round_show, round);
	return addr->round != told->round;
}

/* Withdraw the addresses that are no longer here, as many as a round may. */
static void vnicx_round_sweep(struct vnicx_round *round)
{
	struct vnicx_told *told = round->told;
	struct vnicx_told_addr *addr;
	struct rb_node *node, *next;
	u32 n = 0;

	for (node = rb_first(&told->addrs); node; node = next) {
		next = rb_next(node);
		addr = rb_entry(node, struct vnicx_told_addr, node);
		if (!vnicx_round_is_gone(round, addr))
			continue;
		if (n++ == VNICX_TOLD_PORTIONS) {
			/* A look goes on with what the walk may have missed. */
			round->left = true;
			round->again = true;
			return;
		}
		vnicx_told_drop(told, &round->bridge, addr);
		cond_resched();
	}
}

/* Be at the port of the bridge that is there now. Returns whether there is one. */
static bool vnicx_round_settle(struct vnicx_round *round)
{
	struct vnicx_told *told = round->told;
	struct net_device *port = vnicx_bridge_port(told->lower->dev);

	if (port == told->port)
		return port;
	if (!vnicx_told_withdraw(told, VNICX_TOLD_PORTIONS)) {
		round->again = true;
		return false;
	}
	if (!port)
		return false;
	WRITE_ONCE(told->port, port);
	netdev_hold(port, &told->port_tracker, GFP_KERNEL);
	WRITE_ONCE(told->bridge, vnicx_bridge_of(port)->ifindex);
	return true;
}

static void vnicx_round_compare(struct vnicx_round *round)
{
	struct vnicx_told *told = round->told;

	/* No other round of this or another lower device has had the number. */
	told->round = ++vnicx_round_last;
	vnicx_bridge_open(&round->bridge, told->port, told->skb);
	if (vnicx_fdb_walk(told->lower->sw, vnicx_round_show, round)) {
		/* A look goes on with those that the walk has not come to. */
		round->left = true;
		round->again = true;
	} else {
		vnicx_round_sweep(round);
	}
	vnicx_bridge_close(&round->bridge);
}

/* Begin a look at all entries, or go on with one. */
static void vnicx_round_look(struct vnicx_told *told, unsigned long now)
{
	if (!vnicx_told_begins_look(told, now))
		return;
	WRITE_ONCE(told->lost, false);
	told->verified = now;
	told->look++;
	told->looking = true;
	told->refused = false;
}

/**
 * vnicx_round_run() - tell a bridge what has changed
 * @told: what it was told
 *
 * Context: may sleep. RTNL.
 * Return: after how many jiffies another round is wanted, VNICX_TOLD_NEVER if
 * none is
 */
unsigned long vnicx_round_run(struct vnicx_told *told)
{
	unsigned long wait = vnicx_told_until_look(told);
	unsigned long start = jiffies, rest;
	struct vnicx_round round = {
		.told = told,
		.verify = !wait,
	};

	if (wait && !READ_ONCE(told->changed))
		return wait;
	rest = vnicx_told_until_due(told->due, start);
	if (rest)
		return rest;

	/* A change from here on is for the next round. */
	(void)xchg(&told->changed, 0);
	if (vnicx_round_settle(&round)) {
		/* Losses stay noted while there is no port. */
		if (round.verify)
			vnicx_round_look(told, start);
		vnicx_round_compare(&round);
		told->refused |= round.refused;
		told->looking &= round.left;
		if (!told->looking && (round.verify || (told->refused && !told->retry)))
			told->retry = vnicx_told_retry(told->retry, told->refused);
	}
	rest = vnicx_told_rest(jiffies - start);
	told->due = jiffies + rest;
	if (!round.again)
		return vnicx_told_until_look(told);
	WRITE_ONCE(told->changed, 1);
	return rest;
}
