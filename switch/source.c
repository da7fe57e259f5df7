// SPDX-License-Identifier: GPL-2.0
/*
 * Source mode: a vNIC receives every frame from the stations on its list,
 * whatever its destination. An address may be on the lists of several vNICs.
 */
#include <linux/etherdevice.h>
#include <linux/rhashtable.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>
#include <kunit/visibility.h>

#include "classify.h"
#include "exit.h"
#include "fdb.h"
#include "policy/policy.h"
#include "scope.h"

/**
 * struct vnicx_source - an address on a port's list
 * @node: in the switch's table
 * @addr: the address
 * @port: the port, which readers may use as long as they may use the entry
 * @list: in the port's list; writers under RTNL, readers RCU
 * @rcu: frees the entry after its last reader
 */
struct vnicx_source {
	struct rhlist_head node;
	u8 addr[ETH_ALEN];
	struct vnicx_port *port;
	struct list_head list;
	struct rcu_head rcu;
};

static const struct rhashtable_params source_params = {
	.head_offset = offsetof(struct vnicx_source, node),
	.key_offset = offsetof(struct vnicx_source, addr),
	.key_len = ETH_ALEN,
	.automatic_shrinking = true,
};

/**
 * vnicx_sources_init() - create a switch's empty table of sources
 * @sw: the switch
 *
 * Return: 0 or -ENOMEM
 */
int vnicx_sources_init(struct vnicx_switch *sw)
{
	return rhltable_init(&sw->sources, &source_params);
}

/**
 * vnicx_sources_destroy() - free a switch's table of sources
 * @sw: the switch, all lists flushed
 */
void vnicx_sources_destroy(struct vnicx_switch *sw)
{
	rhltable_destroy(&sw->sources);
}

static struct vnicx_source *vnicx_source_find(const struct vnicx_port *port,
					      const u8 *addr)
{
	struct vnicx_source *source;

	list_for_each_entry_rcu(source, &port->sources, list,
				lockdep_rtnl_is_held())
		if (ether_addr_equal(source->addr, addr))
			return source;
	return NULL;
}

static void vnicx_source_free(struct vnicx_source *source)
{
	struct vnicx_port *port = source->port;
	struct vnicx_switch *sw = port->sw;

	rhltable_remove(&sw->sources, &source->node, source_params);
	list_del_rcu(&source->list);
	port->nr_sources--;
	WRITE_ONCE(sw->nr_sources, sw->nr_sources - 1);
	kfree_rcu(source, rcu);
}

/**
 * vnicx_source_add() - add an address to a port's list
 * @port: the port
 * @addr: the address
 *
 * Context: may sleep. RTNL.
 * Return: 0, -EEXIST, -ENOSPC when the list is full, or -ENOMEM
 */
int vnicx_source_add(struct vnicx_port *port, const u8 *addr)
{
	struct vnicx_switch *sw = port->sw;
	struct vnicx_source *source;
	int err;

	ASSERT_RTNL();

	if (vnicx_source_find(port, addr))
		return -EEXIST;
	if (port->nr_sources >= VNICX_SOURCES_MAX)
		return -ENOSPC;

	source = kzalloc_obj(*source, GFP_KERNEL_ACCOUNT);
	if (!source)
		return -ENOMEM;

	ether_addr_copy(source->addr, addr);
	source->port = port;
	err = rhltable_insert(&sw->sources, &source->node, source_params);
	if (err) {
		kfree(source);
		return err;
	}
	list_add_tail_rcu(&source->list, &port->sources);
	port->nr_sources++;
	WRITE_ONCE(sw->nr_sources, sw->nr_sources + 1);
	return 0;
}
EXPORT_SYMBOL_IF_KUNIT(vnicx_source_add);

/**
 * vnicx_source_listed() - tell whether an address is on a port's list
 * @port: the port
 * @addr: the address
 *
 * Context: RTNL.
 * Return: whether it is
 */
bool vnicx_source_listed(const struct vnicx_port *port, const u8 *addr)
{
	return vnicx_source_find(port, addr);
}

/**
 * vnicx_source_del() - remove an address from a port's list
 * @port: the port
 * @addr: the address
 *
 * Context: RTNL.
 * Return: 0 or -ENOENT
 */
int vnicx_source_del(struct vnicx_port *port, const u8 *addr)
{
	struct vnicx_source *source;

	ASSERT_RTNL();

	source = vnicx_source_find(port, addr);
	if (!source)
		return -ENOENT;
	vnicx_source_free(source);
	return 0;
}

/**
 * vnicx_source_flush() - empty a port's list
 * @port: the port
 *
 * Context: RTNL.
 */
void vnicx_source_flush(struct vnicx_port *port)
{
	struct vnicx_source *source, *next;

	ASSERT_RTNL();

	list_for_each_entry_safe(source, next, &port->sources, list)
		vnicx_source_free(source);
}

/**
 * vnicx_source_walk() - walk a port's list in the order of its creation
 * @port: the port
 * @fn: called for each address until it returns nonzero
 * @arg: passed to @fn
 *
 * Context: RTNL or RCU read side.
 * Return: the last value that @fn returned, or 0
 */
int vnicx_source_walk(const struct vnicx_port *port,
		      int (*fn)(const u8 *addr, void *arg), void *arg)
{
	struct vnicx_source *source;
	int err = 0;

	list_for_each_entry_rcu(source, &port->sources, list,
				lockdep_rtnl_is_held()) {
		err = fn(source->addr, arg);
		if (err)
			break;
	}
	return err;
}

/* The scope of a frame from the wire among vNICs in source mode. If the frame is
 * one of a vNIC that the wire sent back, the vNIC may be isolated.
 */
static struct vnicx_scope vnicx_source_scope(struct vnicx_switch *sw,
					     const struct sk_buff *skb)
{
	const struct ethhdr *eth = eth_hdr(skb);
	u16 vid = vnicx_frame_vid(skb, eth);
	const struct vnicx_port *src = NULL;

	if (READ_ONCE(sw->nr_private))
		src = vnicx_fdb_lookup(sw, eth->h_source, vid);
	return (struct vnicx_scope) {
		.roles = VNICX_ROLE(SOURCE),
		.vlan = vnicx_vlan_key(skb, vid),
		.isolated = src && vnicx_scope_is_isolated(src),
	};
}

/* Count a frame of a listed station that is not in the vNIC's VLAN. */
static void vnicx_source_refuse(struct vnicx_port *port,
				const struct vnicx_scope *scope)
{
	if (!vnicx_scope_lacks_vlan(scope, port))
		return;
	vnicx_policy_count(port, VNICX_CAUSE_RX_VLAN);
	vnicx_port_inc(port, VNICX_RX_DROPPED);
}

static void vnicx_source_deliver_one(struct vnicx_port *port,
				     const struct sk_buff *skb)
{
	struct sk_buff *copy;

	copy = skb_clone((struct sk_buff *)skb, GFP_ATOMIC);
	if (unlikely(!copy)) {
		vnicx_port_inc(port, VNICX_RX_DROPPED);
		return;
	}
	if (ether_addr_equal(eth_hdr(copy)->h_dest, port->dev->dev_addr))
		copy->pkt_type = PACKET_HOST;
	vnicx_deliver_copy(port, copy, 0, false);
}

/* Give a frame to those vNICs on its source's list that get it in this form.
 * Returns whether any vNIC on the list, also one of another form, wants to be
 * the only one to receive it (nodst).
 */
static bool vnicx_source_deliver_form(struct rhlist_head *list,
				      const struct sk_buff *skb,
				      const struct vnicx_scope *scope,
				      enum vnicx_form form)
{
	struct vnicx_source *source;
	struct rhlist_head *pos;
	bool exclusive = false;

	rhl_for_each_entry_rcu(source, pos, list, node) {
		struct vnicx_port *port = source->port;

		if (!vnicx_scope_admits(scope, port)) {
			vnicx_source_refuse(port, scope);
			continue;
		}
		exclusive |= READ_ONCE(port->nodst);
		if (form == VNICX_FORM_ANY || form == vnicx_form_of(port))
			vnicx_source_deliver_one(port, skb);
	}
	return exclusive;
}

/* Give a fragment to the vNICs that get fragments, and the reassembled packet
 * to the others, as vnicx_flood_fragment() does.
 */
static noinline bool
vnicx_source_deliver_fragment(struct vnicx_switch *sw, struct rhlist_head *list,
			      const struct sk_buff *skb,
			      const struct vnicx_scope *scope)
{
	struct sk_buff *packet;
	u32 payload = 0;
	bool exclusive;

	exclusive = vnicx_source_deliver_form(list, skb, scope,
					      VNICX_FORM_FRAGMENT);
	packet = skb_clone((struct sk_buff *)skb, GFP_ATOMIC);
	if (likely(packet))
		packet = vnicx_reassemble(&sw->uplink, packet, true, &payload);
	if (packet) {
		vnicx_source_deliver_form(list, packet, scope,
					  VNICX_FORM_WHOLE);
		consume_skb(packet);
	}
	return exclusive;
}

/**
 * vnicx_source_deliver() - give a frame from the wire to the vNICs that listed
 *	its source
 * @sw: the switch
 * @skb: the frame, in receive form; left as it is
 *
 * Broadcast and multicast fragments are reassembled, as macvlan does. Unicast
 * fragments are not: most are for one stack, which may forward them as they
 * are.
 *
 * Context: RCU read side, bottom halves disabled.
 * Return: whether no other port may receive it
 */
bool vnicx_source_deliver(struct vnicx_switch *sw, const struct sk_buff *skb)
{
	struct rhlist_head *list;
	struct vnicx_scope scope;

	list = rhltable_lookup(&sw->sources, eth_hdr(skb)->h_source,
			       source_params);
	if (!list)
		return false;
	scope = vnicx_source_scope(sw, skb);
	if (is_multicast_ether_addr(eth_hdr(skb)->h_dest) &&
	    unlikely(vnicx_is_fragment(skb)))
		return vnicx_source_deliver_fragment(sw, list, skb, &scope);
	return vnicx_source_deliver_form(list, skb, &scope, VNICX_FORM_ANY);
}
