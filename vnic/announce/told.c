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
 * looked at, and those that are nowhere are told anew. They are looked at, too,
 * when the bridge has refused an entry, because it has as many as it may learn, or
 * no memory.
 */
#include <linux/etherdevice.h>
#include <linux/rbtree.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>

#include "announce.h"

/**
 * struct vnicx_told_addr - an address that the bridge was told
 * @node: in the tree
 * @key: address and VLAN
 * @round: the last round in which it was here
 * @takes: it may have been taken from another port
 * @told: the bridge had it as it was told when it was last looked at
 */
struct vnicx_told_addr {
	struct rb_node node;
	u64 key;
	u32 round;
	bool takes;
	bool told;
};

/**
 * struct vnicx_told_round - a round of the work item over one lower device
 * @told: what was told
 * @bridge: the bridge
 * @nr_new: new addresses of vNICs told in it, beyond the first of each
 * @verify: look at each entry
 * @refused: the bridge refused an entry
 * @again: something is left for the next round
 */
struct vnicx_told_round {
	struct vnicx_told *told;
	struct vnicx_bridge bridge;
	u32 nr_new;
	bool verify;
	bool refused;
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

static bool vnicx_told_admits_of(struct vnicx_told_round *round,
				 const struct vnicx_port *port)
{
	struct vnicx_vnic *vnic;

	if (port->kind != VNICX_PORT_VNIC)
		return true;
	vnic = netdev_priv(port->dev);
	if (vnic->told_round != round->told->round) {
		vnic->told_round = round->told->round;
		vnic->told_new = 0;
	}
	return vnicx_told_admits(&vnic->told_new, &round->nr_new);
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
	told->due = jiffies;
	told->verified = jiffies - VNICX_TOLD_VERIFY;
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

static void vnicx_told_set(struct vnicx_told *told, struct vnicx_told_addr *addr,
			   bool has)
{
	told->nr_told += has - addr->told;
	addr->told = has;
}

static void vnicx_told_drop(struct vnicx_told *told,
			    struct vnicx_told_addr *addr)
{
	rb_erase(&addr->node, &told->addrs);
	vnicx_told_set(told, addr, false);
	kfree(addr);
}

/* Tell the bridge an address unless it has it, or somebody else is to have it. */
static void vnicx_told_add(struct vnicx_told_round *round,
			   struct vnicx_told_addr *addr, bool takes)
{
	const struct vnicx_bridge *bridge = &round->bridge;
	struct vnicx_bridge_entry entry;
	u16 vid = addr->key & 0xffff;
	u8 mac[ETH_ALEN];
	bool has;

	u64_to_ether_addr(addr->key >> 16, mac);
	if (vnicx_bridge_ask(bridge, mac, vid, &entry)) {
		has = vnicx_bridge_is_told(&entry, bridge->port->ifindex);
		if (has || !vnicx_bridge_may_tell(&entry, bridge->port->ifindex,
						  takes)) {
			vnicx_told_set(round->told, addr, has);
			return;
		}
	}
	/* No memory, or the bridge has as many as it may learn: looked at again,
	 * with all others.
	 */
	has = !vnicx_bridge_tell(bridge, mac, vid, true);
	if (!has)
		round->refused = true;
	vnicx_told_set(round->told, addr, has);
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
		if (vnicx_told_admits_of(round, at->port))
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
	if (takes && !addr->takes) {
		addr->takes = true;
		is_new = true;
	}
	if (is_new || round->verify)
		vnicx_told_add(round, addr, is_new && takes);
}

/* Tell whether an address is gone. The walk has not shown it, but a walk may miss
 * an address beside one that is removed meanwhile.
 */
static bool vnicx_told_is_gone(struct vnicx_told_round *round,
			       const struct vnicx_told_addr *addr)
{
	struct vnicx_told *told = round->told;
	u8 mac[ETH_ALEN];

	if (addr->round == told->round)
		return false;
	u64_to_ether_addr(addr->key >> 16, mac);
	vnicx_fdb_look(told->lower->sw, mac, vnicx_told_show, round);
	return addr->round != told->round;
}

/* Withdraw the addresses that are no longer here, or all. */
static void vnicx_told_sweep(struct vnicx_told_round *round, bool all)
{
	struct vnicx_told *told = round->told;
	struct rb_node *node, *next;

	for (node = rb_first(&told->addrs); node; node = next) {
		struct vnicx_told_addr *addr;

		next = rb_next(node);
		addr = rb_entry(node, struct vnicx_told_addr, node);
		if (!all && !vnicx_told_is_gone(round, addr))
			continue;
		vnicx_told_del(&round->bridge, addr->key);
		vnicx_told_drop(told, addr);
		cond_resched();
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
	told->nr_told = 0;
	WRITE_ONCE(told->bridge, 0);
	if (told->port)
		netdev_put(told->port, &told->port_tracker);
	WRITE_ONCE(told->port, NULL);
}

/**
 * vnicx_told_withdraw() - withdraw all that a bridge was told
 * @told: what it was told
 *
 * Context: RTNL.
 */
void vnicx_told_withdraw(struct vnicx_told *told)
{
	struct vnicx_told_round round = { .told = told };

	if (told->port && vnicx_bridge_of(told->port)) {
		vnicx_bridge_open(&round.bridge, told->port, told->skb);
		vnicx_told_sweep(&round, true);
		vnicx_bridge_close(&round.bridge);
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
	WRITE_ONCE(told->port, port);
	netdev_hold(port, &told->port_tracker, GFP_KERNEL);
	WRITE_ONCE(told->bridge, vnicx_bridge_of(port)->ifindex);
	return true;
}

static void vnicx_told_compare(struct vnicx_told_round *round)
{
	struct vnicx_told *told = round->told;

	told->round++;
	vnicx_bridge_open(&round->bridge, told->port, told->skb);
	if (vnicx_fdb_walk(told->lower->sw, vnicx_told_show, round))
		round->again = true;
	else
		vnicx_told_sweep(round, false);
	vnicx_bridge_close(&round->bridge);
}

/**
 * vnicx_told_run() - tell a bridge what has changed
 * @told: what it was told
 *
 * Context: may sleep. RTNL.
 * Return: after how many jiffies another round is wanted, VNICX_TOLD_NEVER if
 * none is
 */
unsigned long vnicx_told_run(struct vnicx_told *told)
{
	unsigned long wait = vnicx_told_until_look(told);
	unsigned long start = jiffies, rest;
	struct vnicx_told_round round = {
		.told = told,
		.verify = !wait,
	};

	if (wait && !READ_ONCE(told->changed))
		return wait;
	rest = vnicx_told_until_due(told->due, start);
	if (rest)
		return rest;

	if (round.verify) {
		WRITE_ONCE(told->lost, false);
		told->verified = start;
	}
	/* A change from here on is for the next round. */
	(void)xchg(&told->changed, 0);
	if (vnicx_told_settle(told)) {
		vnicx_told_compare(&round);
		if (round.verify || (round.refused && !told->retry))
			told->retry = vnicx_told_retry(told->retry, round.refused);
	} else {
		told->retry = 0;
	}
	rest = vnicx_told_rest(jiffies - start);
	told->due = jiffies + rest;
	if (!round.again)
		return vnicx_told_until_look(told);
	WRITE_ONCE(told->changed, 1);
	return rest;
}
