// SPDX-License-Identifier: GPL-2.0
/*
 * The IP addresses that a port holds by the prefixes of its policy.
 */
#include <linux/rtnetlink.h>
#include <linux/slab.h>
#include <net/ipv6.h>
#include <vnicx/policy.h>

#include "../internal.h"
#include "held.h"
#include "holder.h"

/**
 * struct vnicx_held - the addresses that a port holds by prefixes of its policy
 * @rcu: frees it after its last reader
 * @nr: number of entries in @holder
 * @holder: a holder for each
 */
struct vnicx_held {
	struct rcu_head rcu;
	u32 nr;
	struct vnicx_holder holder[];
};

/* Tell whether a prefix is an address. */
static bool vnicx_held_is_address(const struct vnicx_prefix *p)
{
	return p->len == (p->v6 ? 128 : 32);
}

/* Get the VLAN in which the switch's index has the addresses: that of a port which is in
 * one alone, so that networks with the same addresses do not meet.
 */
static u32 vnicx_held_index_vlan(const struct vnicx_policy *policy)
{
	return policy->vlan.on && !policy->vlan.vids ?
	       policy->vlan.key : VNICX_HOLDER_EVERY_VLAN;
}

static void vnicx_held_fill(struct vnicx_held *held, struct vnicx_port *port,
			    const struct vnicx_policy *policy)
{
	const struct vnicx_ips *ips = policy->ips;
	const struct vnicx_prefix *p;
	struct vnicx_holder *holder;

	for (p = ips->prefix; p < ips->prefix + ips->nr; p++) {
		if (!vnicx_held_is_address(p))
			continue;
		holder = &held->holder[held->nr++];
		holder->port = port;
		holder->key.vlan = vnicx_held_index_vlan(policy);
		if (p->v6)
			holder->key.addr = p->addr;
		else
			ipv6_addr_set_v4mapped(p->addr.s6_addr32[0],
					       &holder->key.addr);
	}
}

/* Get the addresses of a policy, not in the index yet. A list that does not
 * restrict the port makes it hold none.
 */
static struct vnicx_held *vnicx_held_make(struct vnicx_port *port,
					  const struct vnicx_policy *policy)
{
	const struct vnicx_ips *ips = policy ? policy->ips : NULL;
	const struct vnicx_prefix *p;
	struct vnicx_held *held;
	u32 nr = 0;

	if (!ips || !(policy->guards & VNICX_GUARD_IP))
		return NULL;
	for (p = ips->prefix; p < ips->prefix + ips->nr; p++)
		nr += vnicx_held_is_address(p);
	if (!nr)
		return NULL;
	held = kvzalloc(struct_size(held, holder, nr), GFP_KERNEL_ACCOUNT);
	if (!held)
		return ERR_PTR(-ENOMEM);
	vnicx_held_fill(held, port, policy);
	return held;
}

static void vnicx_held_del(struct vnicx_switch *sw, struct vnicx_held *held,
			   u32 nr)
{
	while (nr--)
		vnicx_holder_del(sw, &held->holder[nr]);
}

static int vnicx_held_add(struct vnicx_switch *sw, struct vnicx_held *held)
{
	u32 i;
	int err;

	for (i = 0; i < held->nr; i++) {
		err = vnicx_holder_add(sw, &held->holder[i]);
		if (err) {
			vnicx_held_del(sw, held, i);
			return err;
		}
	}
	return 0;
}

/* Tell whether a port holds the same addresses in the same VLAN by two policies, of which
 * each may be NULL.
 */
static bool vnicx_held_is_same(const struct vnicx_policy *old,
			       const struct vnicx_policy *new)
{
	return old && new && old->ips == new->ips &&
	       !((old->guards ^ new->guards) & VNICX_GUARD_IP) &&
	       vnicx_held_index_vlan(old) == vnicx_held_index_vlan(new);
}

/**
 * vnicx_held_get() - get the addresses that a port is to hold
 * @port: the port
 * @old: its policy, or NULL
 * @new: the policy to come, or NULL
 *
 * They are in the index of the port's switch, if it has one, in addition to those
 * that it holds until vnicx_held_set().
 *
 * Context: may sleep. RTNL.
 * Return: the addresses, NULL for none, or ERR_PTR(-ENOMEM)
 */
struct vnicx_held *vnicx_held_get(struct vnicx_port *port,
				  const struct vnicx_policy *old,
				  const struct vnicx_policy *new)
{
	struct vnicx_held *held;
	int err;

	ASSERT_RTNL();

	if (vnicx_held_is_same(old, new))
		return port->held;
	held = vnicx_held_make(port, new);
	if (IS_ERR_OR_NULL(held) || !port->sw)
		return held;
	err = vnicx_held_add(port->sw, held);
	if (!err)
		return held;
	kvfree_rcu(held, rcu);
	return ERR_PTR(err);
}

/**
 * vnicx_held_set() - let a port hold other addresses
 * @port: the port
 * @held: what vnicx_held_get() returned
 *
 * Context: RTNL.
 */
void vnicx_held_set(struct vnicx_port *port, struct vnicx_held *held)
{
	struct vnicx_held *old = port->held;

	ASSERT_RTNL();

	if (held == old)
		return;
	port->held = held;
	if (!old)
		return;
	vnicx_held_leave(port->sw, old);
	kvfree_rcu(old, rcu);
}

/**
 * vnicx_held_join() - put a port's addresses into the index of its switch
 * @sw: the switch, which the port joins
 * @held: the addresses, NULL for none
 *
 * Context: RTNL.
 * Return: 0 or -ENOMEM
 */
int vnicx_held_join(struct vnicx_switch *sw, struct vnicx_held *held)
{
	return held ? vnicx_held_add(sw, held) : 0;
}

/**
 * vnicx_held_leave() - undo vnicx_held_join()
 * @sw: the switch, NULL for none
 * @held: the addresses, NULL for none
 *
 * Context: RTNL.
 */
void vnicx_held_leave(struct vnicx_switch *sw, struct vnicx_held *held)
{
	if (sw && held)
		vnicx_held_del(sw, held, held->nr);
}
