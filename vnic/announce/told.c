// SPDX-License-Identifier: GPL-2.0
/*
 * The record of what the bridge behind a lower device has been told.
 *
 * Told are the addresses that the FDB gives to a vNIC, or to the host: vNICs' own
 * ones, those that userspace added, and those that devices on top of a vNIC
 * claim, in the VLANs of the vNIC. A vNIC that is down, disabled or without a
 * carrier has none.
 *
 * A round compares the FDB with what the bridge was told, and tells the
 * difference. An address that comes and goes between two rounds is not told at
 * all, and in a round each vNIC has at most TOLD_PORTION new addresses told. So a
 * tenant cannot flood the bridge and those who listen to it. hear.c says when
 * there is a round.
 *
 * A vNIC's own address, one that was added, and a claimed one that a frame has
 * shown to be here (learn.c), are taken from another port of the bridge when
 * they are told first: the vNIC has come from there. From then on they are left
 * where they go, because they follow the last to move. A claimed address that has
 * sent nothing is told only while the bridge does not have it: its user may be
 * a virtual router's backup.
 *
 * The bridge tells of entries that it lost (a flush, a move). Then the entries
 * are looked at, at most once in TOLD_VERIFY, and those that are nowhere are told
 * anew.
 */
#include <linux/etherdevice.h>
#include <linux/rbtree.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>

#include "announce.h"

/* Between two looks at all entries, in jiffies */
#define TOLD_VERIFY	HZ

/* New addresses of a vNIC told in a round */
#define TOLD_PORTION	64

/**
 * struct vnicx_told_addr - an address that the bridge was told
 * @node: in the tree
 * @key: address and VLAN
 * @round: the last round in which it was here
 * @takes: it may have been taken from another port
 */
struct vnicx_told_addr {
	struct rb_node node;
	u64 key;
	u32 round;
	bool takes;
};

/**
 * struct vnicx_told_round - a round of the work item over one lower device
 * @told: what was told
 * @bridge: the bridge
 * @verify: look at each entry
 * @again: something is left for the next round
 */
struct vnicx_told_round {
	struct vnicx_told *told;
	struct vnicx_bridge bridge;
	bool verify;
	bool again;
};

/* Tell whether frames to a port's addresses arrive. */
static bool vnicx_told_receives(const struct vnicx_lower *lower,
				const struct vnicx_port *port)
{
	/* The lower device's address is also that of a passthru vNIC. */
	if (port->kind == VNICX_PORT_HOST)
		port = vnicx_switch_passthru(lower->sw);
	return !port || (READ_ONCE(port->role) && netif_carrier_ok(port->dev));
}

/* Tell whether one more new address of a port may be told in this round. */
static bool vnicx_told_admits(const struct vnicx_told *told,
			      const struct vnicx_port *port)
{
	struct vnicx_vnic *vnic;

	if (port->kind != VNICX_PORT_VNIC)
		return true;
	vnic = netdev_priv(port->dev);
	if (vnic->told_round != told->round) {
		vnic->told_round = told->round;
		vnic->told_new = 0;
	}
	return vnic->told_new++ < TOLD_PORTION;
}

/* Find an address in the tree. Returns NULL, and where it belongs, when it is not
 * there.
 */
static struct vnicx_told_addr *vnicx_told_find(struct vnicx_told *told, u64 key,
					       struct rb_node **parent,
					       struct rb_node ***link)
{
	struct vnicx_told_addr *addr;

	*parent = NULL;
	*link = &told->addrs.rb_node;
	while (**link) {
		*parent = **link;
		addr = rb_entry(*parent, struct vnicx_told_addr, node);
		if (key == addr->key)
			return addr;
		*link = key < addr->key ? &(*parent)->rb_left :
					  &(*parent)->rb_right;
	}
	return NULL;
}

/**
 * vnicx_told_alloc() - allocate a record of what a bridge is told
 * @lower: the lower device that the bridge is behind
 *
 * Context: may sleep.
 * Return: the record, of nothing, or NULL
 */
struct vnicx_told *vnicx_told_alloc(struct vnicx_lower *lower)
{
	struct vnicx_told *told = kzalloc_obj(*told, GFP_KERNEL);

	if (!told)
		return NULL;
	told->skb = nlmsg_new(NLMSG_GOODSIZE, GFP_KERNEL);
	if (!told->skb) {
		kfree(told);
		return NULL;
	}
	told->lower = lower;
	told->addrs = RB_ROOT;
	told->verified = jiffies - TOLD_VERIFY;
	return told;
}

/**
 * vnicx_told_free() - free a record after its last reader
 * @told: the record, of nothing
 */
void vnicx_told_free(struct vnicx_told *told)
{
	nlmsg_free(told->skb);
	kfree_rcu(told, rcu);
}

/**
 * vnicx_told_count() - count what the bridge behind a lower device has been told
 * @lower: the lower device
 *
 * Context: RTNL.
 * Return: number of addresses, in each VLAN
 */
u32 vnicx_told_count(const struct vnicx_lower *lower)
{
	return lower->told ? lower->told->nr_addrs : 0;
}

static void vnicx_told_drop(struct vnicx_told *told,
			    struct vnicx_told_addr *addr)
{
	rb_erase(&addr->node, &told->addrs);
	told->nr_addrs--;
	kfree(addr);
}

/* Tell the bridge an address unless it has it, or somebody else is to have it. */
static void vnicx_told_add(struct vnicx_told_round *round, u64 key, bool takes)
{
	const struct vnicx_bridge *bridge = &round->bridge;
	struct vnicx_bridge_entry entry;
	u16 vid = key & 0xffff;
	u8 mac[ETH_ALEN];

	u64_to_ether_addr(key >> 16, mac);
	if (vnicx_bridge_ask(bridge, mac, vid, &entry) &&
	    (vnicx_bridge_is_told(&entry, bridge->port->ifindex) ||
	     !vnicx_bridge_may_tell(&entry, bridge->port->ifindex, takes)))
		return;
	/* No memory, or the bridge has as many as it may learn: looked at once more,
	 * with all others.
	 */
	if (vnicx_bridge_tell(bridge, mac, vid, true))
		WRITE_ONCE(round->told->lost, true);
}

/* Withdraw an address unless the bridge has it elsewhere by now. */
static void vnicx_told_del(const struct vnicx_bridge *bridge, u64 key)
{
	struct vnicx_bridge_entry entry;
	u16 vid = key & 0xffff;
	u8 mac[ETH_ALEN];

	u64_to_ether_addr(key >> 16, mac);
	if (vnicx_bridge_ask(bridge, mac, vid, &entry) &&
	    vnicx_bridge_is_told(&entry, bridge->port->ifindex))
		vnicx_bridge_tell(bridge, mac, vid, false);
}

/* Note that an address is here, and tell it if that is new. */
static void vnicx_told_show(const struct vnicx_fdb_at *at, void *arg)
{
	bool takes = at->rank != VNICX_FDB_CLAIM;
	struct vnicx_told_round *round = arg;
	struct vnicx_told *told = round->told;
	struct vnicx_told_addr *addr;
	struct rb_node *parent, **link;
	bool is_new = false;
	int vid;
	u64 key;

	if (!vnicx_told_receives(told->lower, at->port))
		return;
	vid = vnicx_bridge_vid(&round->bridge, at->vid, at->proto);
	if (vid < 0)
		return;
	key = ether_addr_to_u64(at->addr) << 16 | vid;

	addr = vnicx_told_find(told, key, &parent, &link);
	if (!addr) {
		if (vnicx_told_admits(told, at->port))
			addr = kzalloc_obj(*addr, GFP_ATOMIC);
		if (!addr) {
			round->again = true;
			return;
		}
		addr->key = key;
		rb_link_node(&addr->node, parent, link);
		rb_insert_color(&addr->node, &told->addrs);
		told->nr_addrs++;
		is_new = true;
	}
	addr->round = told->round;
	if (takes && !addr->takes) {
		addr->takes = true;
		is_new = true;
	}
	if (is_new || round->verify)
		vnicx_told_add(round, key, is_new && takes);
}

/* Withdraw the addresses that are no longer here, or all. */
static void vnicx_told_sweep(struct vnicx_told *told,
			     const struct vnicx_bridge *bridge, bool all)
{
	struct rb_node *node, *next;

	for (node = rb_first(&told->addrs); node; node = next) {
		struct vnicx_told_addr *addr;

		next = rb_next(node);
		addr = rb_entry(node, struct vnicx_told_addr, node);
		if (!all && addr->round == told->round)
			continue;
		vnicx_told_del(bridge, addr->key);
		vnicx_told_drop(told, addr);
	}
}

/**
 * vnicx_told_forget() - forget what a bridge was told, because it forgot it, too
 * @told: what it was told
 *
 * Context: RTNL.
 */
void vnicx_told_forget(struct vnicx_told *told)
{
	struct vnicx_told_addr *addr, *next;

	rbtree_postorder_for_each_entry_safe(addr, next, &told->addrs, node)
		kfree(addr);
	told->addrs = RB_ROOT;
	told->nr_addrs = 0;
	WRITE_ONCE(told->bridge, 0);
	if (told->port)
		netdev_put(told->port, &told->port_tracker);
	told->port = NULL;
}

/**
 * vnicx_told_withdraw() - withdraw all that a bridge was told
 * @told: what it was told
 *
 * Context: RTNL.
 */
void vnicx_told_withdraw(struct vnicx_told *told)
{
	struct vnicx_bridge bridge;

	if (told->port && vnicx_bridge_of(told->port)) {
		vnicx_bridge_open(&bridge, told->port, told->skb);
		vnicx_told_sweep(told, &bridge, true);
		vnicx_bridge_close(&bridge);
	}
	vnicx_told_forget(told);
}

/* Be at the port of the bridge that is there now. Returns whether there is one. */
static bool vnicx_told_settle(struct vnicx_told *told)
{
	struct net_device *port = vnicx_bridge_port(told->lower->dev);

	if (port == told->port)
		return port;
	vnicx_told_withdraw(told);
	if (!port)
		return false;
	told->port = port;
	netdev_hold(port, &told->port_tracker, GFP_KERNEL);
	WRITE_ONCE(told->bridge, vnicx_bridge_of(port)->ifindex);
	return true;
}

/**
 * vnicx_told_run() - tell a bridge what has changed
 * @told: what it was told
 *
 * Context: may sleep. RTNL.
 * Return: whether something is left for another round
 */
bool vnicx_told_run(struct vnicx_told *told)
{
	struct vnicx_told_round round = { .told = told };

	if (READ_ONCE(told->lost) &&
	    time_after_eq(jiffies, told->verified + TOLD_VERIFY)) {
		WRITE_ONCE(told->lost, false);
		told->verified = jiffies;
		round.verify = true;
	}
	if (!xchg(&told->changed, false) && !round.verify)
		return READ_ONCE(told->lost);
	if (!vnicx_told_settle(told))
		return false;

	told->round++;
	vnicx_bridge_open(&round.bridge, told->port, told->skb);
	if (vnicx_fdb_walk(told->lower->sw, vnicx_told_show, &round))
		round.again = true;
	else
		vnicx_told_sweep(told, &round.bridge, false);
	vnicx_bridge_close(&round.bridge);
	if (round.again)
		WRITE_ONCE(told->changed, true);
	return round.again || READ_ONCE(told->lost);
}
