// SPDX-License-Identifier: GPL-2.0
/*
 * The record of what the bridge behind a lower device has been told. round.c
 * compares it with the FDB.
 */
#include <linux/etherdevice.h>
#include <linux/rbtree.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>

#include "announce.h"

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

/**
 * vnicx_told_find() - find an address in a record
 * @told: the record
 * @key: address and VLAN
 * @parent: gets the node below which the address belongs if it is not there
 * @link: gets the place in that node
 *
 * Context: RTNL.
 * Return: the address, or NULL
 */
struct vnicx_told_addr *vnicx_told_find(struct vnicx_told *told, u64 key,
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
 * vnicx_told_set() - note whether the bridge has an address as it was told
 * @told: the record
 * @addr: the address
 * @has: whether it has
 *
 * Context: RTNL.
 */
void vnicx_told_set(struct vnicx_told *told, struct vnicx_told_addr *addr, bool has)
{
	told->nr_told += has - addr->told;
	addr->told = has;
}

/**
 * vnicx_told_drop() - withdraw an address unless the bridge has it elsewhere by now
 * @told: the record, which it leaves
 * @bridge: the bridge
 * @addr: the address, which is freed
 *
 * Context: RTNL.
 */
void vnicx_told_drop(struct vnicx_told *told, const struct vnicx_bridge *bridge,
		     struct vnicx_told_addr *addr)
{
	struct vnicx_bridge_entry entry;
	u16 vid = addr->key & 0xffff;
	u8 mac[ETH_ALEN];

	u64_to_ether_addr(addr->key >> 16, mac);
	if (vnicx_bridge_ask(bridge, mac, vid, &entry) &&
	    vnicx_bridge_is_told(&entry, bridge->port->ifindex))
		vnicx_bridge_tell(bridge, mac, vid, false);
	rb_erase(&addr->node, &told->addrs);
	vnicx_told_set(told, addr, false);
	kfree(addr);
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
	told->refused = false;
	told->retry = 0;
	told->looking = false;
	WRITE_ONCE(told->lost, false);
	WRITE_ONCE(told->bridge, 0);
	if (told->port)
		netdev_put(told->port, &told->port_tracker);
	WRITE_ONCE(told->port, NULL);
}

/**
 * vnicx_told_withdraw() - withdraw some of what a bridge was told
 * @told: what it was told
 * @most: how many addresses
 *
 * Context: RTNL.
 * Return: whether that was the rest
 */
bool vnicx_told_withdraw(struct vnicx_told *told, u32 most)
{
	struct vnicx_bridge bridge;
	struct rb_node *node;

	if (told->port && vnicx_bridge_of(told->port)) {
		vnicx_bridge_open(&bridge, told->port, told->skb);
		while (most && (node = rb_first(&told->addrs))) {
			vnicx_told_drop(told, &bridge,
					rb_entry(node, struct vnicx_told_addr, node));
			most--;
			cond_resched();
		}
		vnicx_bridge_close(&bridge);
		if (!RB_EMPTY_ROOT(&told->addrs))
			return false;
	}
	vnicx_told_forget(told);
	return true;
}
