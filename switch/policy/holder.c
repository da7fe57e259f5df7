// SPDX-License-Identifier: GPL-2.0
/*
 * An index of a switch for its frames: which ports hold an IP address.
 *
 * A port holds an address if its policy lets it send from that address alone, by
 * a prefix as long as an address or by a lease. Several ports may hold one
 * address, in one VLAN or in several. The table's hash has a secret seed, and the
 * number of entries is bounded by that of ports, of prefixes and of leases.
 */
#include <linux/rhashtable.h>
#include <kunit/visibility.h>

#include "../internal.h"
#include "holder.h"
#include "lease.h"
#include "vlan.h"

static const struct rhashtable_params vnicx_holder_params = {
	.head_offset = offsetof(struct vnicx_holder, node),
	.key_offset = offsetof(struct vnicx_holder, addr),
	.key_len = sizeof(struct in6_addr),
	.automatic_shrinking = true,
};

/**
 * vnicx_holders_init() - create a switch's empty index
 * @sw: the switch
 *
 * Return: 0 or -ENOMEM
 */
int vnicx_holders_init(struct vnicx_switch *sw)
{
	return rhltable_init(&sw->holders, &vnicx_holder_params);
}

/**
 * vnicx_holders_destroy() - free a switch's index
 * @sw: the switch, all its holders removed
 */
void vnicx_holders_destroy(struct vnicx_switch *sw)
{
	rhltable_destroy(&sw->holders);
}

static struct rhlist_head *vnicx_holder_list(struct vnicx_switch *sw,
					     const struct in6_addr *addr)
{
	return rhltable_lookup(&sw->holders, addr, vnicx_holder_params);
}

/**
 * vnicx_holder_add() - note that a port holds an address
 * @sw: the port's switch
 * @holder: the address and the port
 *
 * Context: any but hard interrupts.
 * Return: 0 or -ENOMEM, when the table has no memory to grow
 */
int vnicx_holder_add(struct vnicx_switch *sw, struct vnicx_holder *holder)
{
	int err;

	spin_lock_bh(&sw->lock);
	err = rhltable_insert(&sw->holders, &holder->node, vnicx_holder_params);
	spin_unlock_bh(&sw->lock);
	return err ? -ENOMEM : 0;
}
EXPORT_SYMBOL_IF_KUNIT(vnicx_holder_add);

/**
 * vnicx_holder_claim() - note that a port holds an address, unless another does
 * @sw: the port's switch
 * @holder: the address and the port
 * @vlan: the key of the VLAN in which the port wants it
 *
 * Of several ports that call this for one address, one gets it.
 *
 * Context: any but hard interrupts.
 * Return: 0; -EADDRINUSE when another port in the VLAN holds the address; or
 * -ENOMEM
 */
int vnicx_holder_claim(struct vnicx_switch *sw, struct vnicx_holder *holder,
		       u32 vlan)
{
	int err = -EADDRINUSE;

	rcu_read_lock();
	spin_lock_bh(&sw->lock);
	if (!vnicx_holder_another(sw, &holder->addr, vlan, holder->port))
		err = rhltable_insert(&sw->holders, &holder->node,
				      vnicx_holder_params) ? -ENOMEM : 0;
	spin_unlock_bh(&sw->lock);
	rcu_read_unlock();
	return err;
}
EXPORT_SYMBOL_IF_KUNIT(vnicx_holder_claim);

/**
 * vnicx_holder_del() - undo vnicx_holder_add() or vnicx_holder_claim()
 * @sw: the port's switch
 * @holder: the address and the port; frames may read it until a grace period has
 *	passed
 *
 * Context: any but hard interrupts.
 */
void vnicx_holder_del(struct vnicx_switch *sw, struct vnicx_holder *holder)
{
	spin_lock_bh(&sw->lock);
	WARN_ON_ONCE(rhltable_remove(&sw->holders, &holder->node,
				     vnicx_holder_params));
	spin_unlock_bh(&sw->lock);
}
EXPORT_SYMBOL_IF_KUNIT(vnicx_holder_del);

/* Tell whether a holder has its address still, and in a VLAN. */
static bool vnicx_holder_counts(const struct vnicx_holder *holder, u32 vlan)
{
	return (!holder->until ||
		READ_ONCE(*holder->until) > vnicx_lease_now()) &&
	       vnicx_vlan_is_member(holder->port, vlan) &&
	       (!holder->one_vlan || holder->vlan == vlan ||
		vnicx_vlan_is_one(holder->port));
}

/**
 * vnicx_holder_only() - find the only port that holds an address in a VLAN
 * @sw: the switch
 * @addr: the address; an IPv4 address as an IPv4-mapped one
 * @vlan: the key of the VLAN. Ports that are not in it do not count
 *
 * Looks at no more than VNICX_HOLDERS_WALK holders.
 *
 * Context: RCU read side.
 * Return: the port, which may be down, good until the end of the RCU section; or
 * NULL when there is none, or not one only
 */
struct vnicx_port *vnicx_holder_only(struct vnicx_switch *sw,
				     const struct in6_addr *addr, u32 vlan)
{
	struct vnicx_port *only = NULL;
	struct vnicx_holder *holder;
	struct rhlist_head *list, *pos;
	unsigned int n = 0;

	list = vnicx_holder_list(sw, addr);
	rhl_for_each_entry_rcu(holder, pos, list, node) {
		if (n++ == VNICX_HOLDERS_WALK)
			return NULL;
		if (holder->port == only || !vnicx_holder_counts(holder, vlan))
			continue;
		if (only)
			return NULL;
		only = holder->port;
	}
	return only;
}
EXPORT_SYMBOL_IF_KUNIT(vnicx_holder_only);

/**
 * vnicx_holder_another() - tell whether another port holds an address in a VLAN
 * @sw: the switch
 * @addr: the address; an IPv4 address as an IPv4-mapped one
 * @vlan: the key of the VLAN. Ports that are not in it do not count
 * @port: the port that does not count, either
 *
 * Context: RCU read side.
 * Return: whether one does, or VNICX_HOLDERS_WALK hold it in any VLAN
 */
bool vnicx_holder_another(struct vnicx_switch *sw, const struct in6_addr *addr,
			  u32 vlan, const struct vnicx_port *port)
{
	struct vnicx_holder *holder;
	struct rhlist_head *list, *pos;
	unsigned int n = 0;

	list = vnicx_holder_list(sw, addr);
	rhl_for_each_entry_rcu(holder, pos, list, node) {
		/* With one more, vnicx_holder_only() would find no end of them. */
		if (++n == VNICX_HOLDERS_WALK ||
		    (holder->port != port && vnicx_holder_counts(holder, vlan)))
			return true;
	}
	return false;
}
EXPORT_SYMBOL_IF_KUNIT(vnicx_holder_another);
