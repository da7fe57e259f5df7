// SPDX-License-Identifier: GPL-2.0
/*
 * The receivers of broadcast and multicast frames: exact membership, by group
 * address.
 *
 * A group is in the hash table as long as a port is a member. Its members are
 * an array, because a flood walks them and does nothing else. Three more arrays
 * hold the vNICs that are up (broadcast), those that receive every group
 * (allmulti) and those that receive every unknown address (promisc). These
 * three have room reserved for every port of the switch, so that a port that
 * comes up or changes its filter cannot fail for want of memory.
 */
#include <linux/etherdevice.h>
#include <linux/rhashtable.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>
#include <kunit/visibility.h>

#include "addr.h"
#include "internal.h"

#define MEMBERS_MIN	4

/**
 * struct vnicx_group - a multicast address that ports have joined
 * @node: in the switch's table
 * @addr: the address
 * @members: the ports
 * @rcu: frees the group after its last reader
 */
struct vnicx_group {
	struct rhash_head node;
	u8 addr[ETH_ALEN];
	struct vnicx_members __rcu *members;
	struct rcu_head rcu;
};

static inline int vnicx_group_compare(struct rhashtable_compare_arg *arg,
				      const void *data)
{
	const struct vnicx_group *group = data;

	return !ether_addr_equal(group->addr, arg->key);
}

static const struct rhashtable_params group_params = {
	.head_offset = offsetof(struct vnicx_group, node),
	.key_offset = offsetof(struct vnicx_group, addr),
	.key_len = ETH_ALEN,
	.hashfn = vnicx_addr_hash,
	.obj_cmpfn = vnicx_group_compare,
	.automatic_shrinking = true,
};

static struct vnicx_members *
vnicx_members_locked(struct vnicx_switch *sw,
		     struct vnicx_members __rcu **members)
{
	return rcu_dereference_protected(*members, lockdep_is_held(&sw->lock));
}

static struct vnicx_members *vnicx_members_alloc(u32 size, gfp_t gfp)
{
	struct vnicx_members *m;

	m = kvzalloc(struct_size(m, slot, size), gfp | __GFP_NOWARN);
	if (m)
		m->size = size;
	return m;
}

/* Replace @members by the larger @new; each port keeps its slot. */
static void vnicx_members_replace(struct vnicx_switch *sw,
				  struct vnicx_members __rcu **members,
				  struct vnicx_members *new)
{
	struct vnicx_members *old = vnicx_members_locked(sw, members);
	u32 i;

	if (old) {
		new->used = old->used;
		new->live = old->live;
		for (i = 0; i < old->used; i++)
			RCU_INIT_POINTER(new->slot[i],
					 rcu_access_pointer(old->slot[i]));
	}
	rcu_assign_pointer(*members, new);
	if (old)
		kvfree_rcu(old, rcu);
}

/**
 * vnicx_members_add() - add a port to the members
 * @sw: the switch
 * @members: the members, NULL when there are none yet
 * @port: a port that is not among them
 *
 * Context: the switch's lock is held.
 * Return: 0 or -ENOMEM; it cannot fail as long as reserved room is left
 */
int vnicx_members_add(struct vnicx_switch *sw,
		      struct vnicx_members __rcu **members,
		      struct vnicx_port *port)
{
	struct vnicx_members *m = vnicx_members_locked(sw, members);
	u32 i;

	if (!m || m->live == m->size) {
		m = vnicx_members_alloc(m ? m->size * 2 : MEMBERS_MIN,
					GFP_ATOMIC);
		if (!m)
			return -ENOMEM;
		vnicx_members_replace(sw, members, m);
	}

	/* Search for a hole only if there is one. */
	i = m->used;
	if (m->live < m->used)
		for (i = 0; rcu_access_pointer(m->slot[i]); i++)
			;
	rcu_assign_pointer(m->slot[i], port);
	if (i == m->used) {
		/* Fill the slot first. Pairs with vnicx_flood_choose(), vnicx_flood_receivers(). */
		smp_store_release(&m->used, i + 1);
	}
	WRITE_ONCE(m->live, m->live + 1);
	return 0;
}

/**
 * vnicx_members_del() - remove a port from the members
 * @sw: the switch
 * @members: the members
 * @port: the port
 *
 * A frame that is on its way may still find the port.
 *
 * Context: the switch's lock is held.
 * Return: whether it was a member
 */
bool vnicx_members_del(struct vnicx_switch *sw,
		       struct vnicx_members __rcu **members,
		       struct vnicx_port *port)
{
	struct vnicx_members *m = vnicx_members_locked(sw, members);
	u32 i;

	for (i = 0; m && i < m->used; i++) {
		if (rcu_access_pointer(m->slot[i]) != port)
			continue;
		RCU_INIT_POINTER(m->slot[i], NULL);
		WRITE_ONCE(m->live, m->live - 1);
		return true;
	}
	return false;
}

/**
 * vnicx_members_reserve() - reserve room for future members
 * @sw: the switch
 * @members: the members
 * @size: the number of members that there must be room for
 *
 * Context: may sleep. RTNL.
 * Return: 0 or -ENOMEM
 */
int vnicx_members_reserve(struct vnicx_switch *sw,
			  struct vnicx_members __rcu **members, u32 size)
{
	struct vnicx_members *m = rtnl_dereference(*members);

	/* RTNL is enough: the only other function that replaces arrays,
	 * vnicx_members_add(), leaves an array alone that has room.
	 */
	if (m && m->size >= size)
		return 0;

	m = vnicx_members_alloc(max_t(u32, size, m ? m->size * 2 : MEMBERS_MIN),
				GFP_KERNEL_ACCOUNT);
	if (!m)
		return -ENOMEM;

	spin_lock_bh(&sw->lock);
	vnicx_members_replace(sw, members, m);
	spin_unlock_bh(&sw->lock);
	return 0;
}

/**
 * vnicx_group_lookup() - find the members of a group
 * @sw: the switch
 * @addr: the group's address
 *
 * Context: RCU read side.
 * Return: the members, good until the end of the RCU section, or NULL
 */
struct vnicx_members *vnicx_group_lookup(struct vnicx_switch *sw,
					 const u8 *addr)
{
	struct vnicx_group *group;

	group = rhashtable_lookup(&sw->groups, addr, group_params);
	return group ? rcu_dereference(group->members) : NULL;
}
EXPORT_SYMBOL_IF_KUNIT(vnicx_group_lookup);

static void vnicx_group_free(struct vnicx_switch *sw, struct vnicx_group *group)
{
	struct vnicx_members *m = vnicx_members_locked(sw, &group->members);

	if (m)
		kvfree_rcu(m, rcu);
	kfree_rcu(group, rcu);
}

static int vnicx_group_join_locked(struct vnicx_switch *sw,
				   struct vnicx_port *port, const u8 *addr)
{
	struct vnicx_group *group;
	int err;

	group = rhashtable_lookup(&sw->groups, addr, group_params);
	if (group)
		return vnicx_members_add(sw, &group->members, port);

	group = kzalloc_obj(*group, GFP_ATOMIC);
	if (!group)
		return -ENOMEM;

	ether_addr_copy(group->addr, addr);
	err = vnicx_members_add(sw, &group->members, port);
	if (!err)
		err = rhashtable_insert_fast(&sw->groups, &group->node,
					     group_params);
	if (err)
		vnicx_group_free(sw, group);
	return err;
}

/**
 * vnicx_group_join() - make a port a member of a group
 * @port: a port that is not a member
 * @addr: the group's address, not the broadcast address
 *
 * Context: any. The caller must not let a port join a group twice; for vNICs,
 * the addr_list_lock of the device ensures that.
 * Return: 0 or -ENOMEM
 */
int vnicx_group_join(struct vnicx_port *port, const u8 *addr)
{
	struct vnicx_switch *sw = port->sw;
	int err;

	rcu_read_lock();
	spin_lock_bh(&sw->lock);
	err = vnicx_group_join_locked(sw, port, addr);
	spin_unlock_bh(&sw->lock);
	rcu_read_unlock();
	return err;
}
EXPORT_SYMBOL_IF_KUNIT(vnicx_group_join);

/**
 * vnicx_group_leave() - end a port's membership of a group
 * @port: the port
 * @addr: the group's address
 *
 * Context: as vnicx_group_join().
 * Return: 0 or -ENOENT when it was not a member
 */
int vnicx_group_leave(struct vnicx_port *port, const u8 *addr)
{
	struct vnicx_switch *sw = port->sw;
	struct vnicx_group *group;
	int err = -ENOENT;

	rcu_read_lock();
	spin_lock_bh(&sw->lock);
	group = rhashtable_lookup(&sw->groups, addr, group_params);
	if (group && vnicx_members_del(sw, &group->members, port)) {
		err = 0;
		if (!vnicx_members_locked(sw, &group->members)->live) {
			rhashtable_remove_fast(&sw->groups, &group->node,
					       group_params);
			vnicx_group_free(sw, group);
		}
	}
	spin_unlock_bh(&sw->lock);
	rcu_read_unlock();
	return err;
}
EXPORT_SYMBOL_IF_KUNIT(vnicx_group_leave);

/**
 * vnicx_groups_init() - create a switch's empty table of groups
 * @sw: the switch
 *
 * Return: 0 or -ENOMEM
 */
int vnicx_groups_init(struct vnicx_switch *sw)
{
	return rhashtable_init(&sw->groups, &group_params);
}

/**
 * vnicx_groups_destroy() - free a switch's table of groups
 * @sw: the switch, without ports; no reader can reach it
 */
void vnicx_groups_destroy(struct vnicx_switch *sw)
{
	rhashtable_destroy(&sw->groups);
	kvfree(rcu_access_pointer(sw->broadcast));
	kvfree(rcu_access_pointer(sw->allmulti));
	kvfree(rcu_access_pointer(sw->promisc));
}
