// SPDX-License-Identifier: GPL-2.0
/*
 * The leases of a port, as far as its owner sees to them.
 */
#include <linux/if_vlan.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>
#include <kunit/visibility.h>

#include "../internal.h"
#include "lease.h"
#include "vlan.h"

DEFINE_STATIC_KEY_FALSE(vnicx_leases_used);

/**
 * vnicx_leases_make() - make the leases of a port, of which there are none yet
 * @port: the port
 *
 * Context: may sleep. RTNL.
 * Return: the leases, with one user, or NULL when there is no memory
 */
struct vnicx_leases *vnicx_leases_make(struct vnicx_port *port)
{
	struct vnicx_leases *leases;

	leases = kvzalloc_obj(*leases, GFP_KERNEL_ACCOUNT);
	if (!leases)
		return NULL;
	spin_lock_init(&leases->lock);
	seqcount_spinlock_init(&leases->seq, &leases->lock);
	leases->port = port;
	leases->users = 1;
	leases->max = VNICX_LEASES_DEFAULT;
	static_branch_inc(&vnicx_leases_used);
	return leases;
}
EXPORT_SYMBOL_IF_KUNIT(vnicx_leases_make);

/* Tell whether leases of a port hold in a VLAN. One that does not count for others must not
 * come back.
 */
static bool vnicx_leases_hold_in(const struct vnicx_vlan *vlan, u32 key)
{
	return !vlan->on || key == vlan->key ||
	       (vlan->tagged && vnicx_vlan_has(vlan, key));
}

static void vnicx_leases_clear_others(struct vnicx_leases *leases,
				      const struct vnicx_vlan *vlan)
{
	struct vnicx_asked *asked;
	u32 i, v6;

	for (i = 0; i < leases->nr; i++) {
		if (leases->lease[i].until &&
		    !vnicx_leases_hold_in(vlan, leases->lease[i].vlan))
			vnicx_lease_clear(leases, &leases->lease[i]);
	}
	for (v6 = 0; v6 < ARRAY_SIZE(leases->asked); v6++) {
		for (i = 0; i < VNICX_LEASE_ASKED; i++) {
			asked = &leases->asked[v6][i];
			if (!vnicx_leases_hold_in(vlan, asked->vlan))
				asked->at = 0;
		}
	}
}

static void vnicx_leases_clear(struct vnicx_leases *leases)
{
	u32 i;

	for (i = 0; i < leases->nr; i++) {
		if (leases->lease[i].until)
			vnicx_lease_clear(leases, &leases->lease[i]);
	}
	memset(leases->asked, 0, sizeof(leases->asked));
	leases->nr_heard = 0;
}

/**
 * vnicx_leases_forget() - end all leases of a port
 * @leases: the leases or NULL
 *
 * Context: RTNL.
 */
void vnicx_leases_forget(struct vnicx_leases *leases)
{
	if (!leases)
		return;
	spin_lock_bh(&leases->lock);
	vnicx_leases_clear(leases);
	spin_unlock_bh(&leases->lock);
}
EXPORT_SYMBOL_IF_KUNIT(vnicx_leases_forget);

/**
 * vnicx_leases_keep() - end all leases of a port but those in its VLANs
 * @leases: the leases or NULL
 * @vlan: the VLANs. Of a port whose frames are all in one network, the one that it sends
 *	in counts alone
 *
 * Context: RTNL.
 */
void vnicx_leases_keep(struct vnicx_leases *leases,
		       const struct vnicx_vlan *vlan)
{
	if (!leases)
		return;
	spin_lock_bh(&leases->lock);
	vnicx_leases_clear_others(leases, vlan);
	spin_unlock_bh(&leases->lock);
}

/**
 * vnicx_lease_may_hold() - tell whether a port's leases may hold in a VLAN
 * @leases: the port's leases
 * @vlan: the key of the VLAN in which it has asked
 *
 * Context: RCU read side. The lock of @leases is held, so that vnicx_leases_keep() has
 * not come by, or the port's policy is the new one.
 * Return: false if the port has left it for another one since
 */
bool vnicx_lease_may_hold(const struct vnicx_leases *leases, u32 vlan)
{
	const struct vnicx_policy *policy = rcu_dereference(leases->port->policy);

	return !policy || vnicx_leases_hold_in(&policy->vlan, vlan);
}

/**
 * vnicx_leases_get() - become one more user of a port's leases
 * @leases: the leases or NULL
 *
 * Context: RTNL.
 * Return: @leases
 */
struct vnicx_leases *vnicx_leases_get(struct vnicx_leases *leases)
{
	ASSERT_RTNL();

	if (leases)
		leases->users++;
	return leases;
}

/**
 * vnicx_leases_put() - stop being a user of a port's leases
 * @leases: the leases or NULL. Their readers may go on until the end of their
 *	grace period
 *
 * Context: may sleep. RTNL. The port is still one of its switch.
 */
void vnicx_leases_put(struct vnicx_leases *leases)
{
	ASSERT_RTNL();

	if (!leases || --leases->users)
		return;
	spin_lock_bh(&leases->lock);
	leases->over = true;
	vnicx_leases_clear(leases);
	spin_unlock_bh(&leases->lock);
	static_branch_dec(&vnicx_leases_used);
	kvfree_rcu(leases, rcu);
}
EXPORT_SYMBOL_IF_KUNIT(vnicx_leases_put);

/**
 * vnicx_leases_set_max() - set how many leases servers may give a port
 * @leases: the leases; those that there are stay
 * @max: how many, at most VNICX_LEASES_MAX
 *
 * Context: RTNL.
 */
void vnicx_leases_set_max(struct vnicx_leases *leases, u32 max)
{
	spin_lock_bh(&leases->lock);
	leases->max = max;
	spin_unlock_bh(&leases->lock);
}
EXPORT_SYMBOL_IF_KUNIT(vnicx_leases_set_max);

/**
 * vnicx_leases_places() - get how many leases a port can have
 * @leases: its leases or NULL
 *
 * Return: their number at most
 */
u32 vnicx_leases_places(const struct vnicx_leases *leases)
{
	return leases ? ARRAY_SIZE(leases->lease) : 0;
}

/**
 * vnicx_leases_show() - get a lease, to be shown
 * @leases: the leases
 * @i: which place, below vnicx_leases_places()
 * @shown: what to show
 *
 * Context: any but hard interrupts.
 * Return: whether there is a lease
 */
bool vnicx_leases_show(struct vnicx_leases *leases, u32 i,
		       struct vnicx_lease_shown *shown)
{
	const struct vnicx_lease *lease = &leases->lease[i];
	s64 now = vnicx_lease_now();
	bool there;

	spin_lock_bh(&leases->lock);
	there = lease->until > now;
	if (there) {
		shown->addr = lease->holder[0].key.addr;
		shown->len = lease->len;
		shown->left = lease->until == VNICX_LEASE_NEVER ?
			      VNICX_LEASE_FOREVER : lease->until - now;
		shown->proto = htons(lease->vlan >> 16);
		shown->vid = lease->vlan & VLAN_VID_MASK;
	}
	spin_unlock_bh(&leases->lock);
	return there;
}
EXPORT_SYMBOL_IF_KUNIT(vnicx_leases_show);
