// SPDX-License-Identifier: GPL-2.0
/*
 * An index of a switch for its frames: which ports hold an IP address.
 *
 * A port holds an address if its policy lets it send from that address alone: by a
 * prefix as long as an address, in every VLAN that it is in, or by a lease, in one.
 * Several ports may hold one address, in one VLAN or in several. An address has a list
 * for each VLAN, so holders in other VLANs neither make a lookup longer nor bar anybody.
 * The table's hash has a secret seed, and the number of entries is bounded by that of
 * ports, of prefixes and of leases.
 */
#include <linux/rhashtable.h>
#include <kunit/visibility.h>

#include "../internal.h"
#include "holder.h"
#include "lease.h"
#include "vlan.h"

static const struct rhashtable_params vnicx_holder_params = {
	.head_offset = offsetof(struct vnicx_holder, node),
	.key_offset = offsetof(struct vnicx_holder, key),
	.key_len = sizeof(struct vnicx_holder_key),
	.automatic_shrinking = true,
};

/* Keys are compared as bytes, of which none may be padding. */
static_assert(sizeof(struct vnicx_holder_key) ==
	      sizeof(struct in6_addr) + sizeof(u32));

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

/* Tell whether a holder has its address no more. */
static bool vnicx_holder_has_ended(const struct vnicx_holder *holder)
{
	s64 until = READ_ONCE(holder->until);

	return until && until <= vnicx_lease_now();
}

/* Tell whether a holder has its address still, and is in a VLAN. An isolated port is in the
 * one that it sends in, too: two of them that send to one gateway must not be one station.
 */
static bool vnicx_holder_counts(const struct vnicx_holder *holder, u32 vlan)
{
	return !vnicx_holder_has_ended(holder) &&
	       (vnicx_vlan_is_member(holder->port, vlan) ||
		vnicx_vlan_sends_in(holder->port, vlan));
}

/* Look for the only port that holds an address in a VLAN, among the first @max holders of
 * one list. @only has the port that the lists before have, or NULL. Return false when
 * there is another one, or when there are more holders.
 */
static bool vnicx_holder_look(struct vnicx_switch *sw,
			      const struct vnicx_holder_key *key, u32 vlan,
			      unsigned int max, const struct vnicx_port *except,
			      struct vnicx_port **only)
{
	struct vnicx_holder *holder;
	struct rhlist_head *list, *pos;
	unsigned int n = 0;

	list = rhltable_lookup(&sw->holders, key, vnicx_holder_params);
	rhl_for_each_entry_rcu(holder, pos, list, node) {
		if (n++ == max)
			return false;
		if (holder->port == *only || holder->port == except ||
		    !vnicx_holder_counts(holder, vlan))
			continue;
		if (*only)
			return false;
		*only = holder->port;
	}
	return true;
}

/* The same among the holders in the VLAN and those in every VLAN */
static bool vnicx_holder_find(struct vnicx_switch *sw,
			      const struct in6_addr *addr, u32 vlan,
			      unsigned int max, const struct vnicx_port *except,
			      struct vnicx_port **only)
{
	struct vnicx_holder_key key = { .addr = *addr, .vlan = vlan };

	*only = NULL;
	if (!vnicx_holder_look(sw, &key, vlan, max, except, only))
		return false;
	key.vlan = VNICX_HOLDER_EVERY_VLAN;
	return vnicx_holder_look(sw, &key, vlan, max, except, only);
}

/**
 * vnicx_holder_only() - find the only port that holds an address in a VLAN
 * @sw: the switch
 * @addr: the address; an IPv4 address as an IPv4-mapped one
 * @vlan: the key of the VLAN. Ports that are not in it do not count
 *
 * Looks at no more than VNICX_HOLDERS_WALK holders in the VLAN, and in every VLAN.
 *
 * Context: RCU read side.
 * Return: the port, which may be down, good until the end of the RCU section; or
 * NULL when there is none, or not one only
 */
struct vnicx_port *vnicx_holder_only(struct vnicx_switch *sw,
				     const struct in6_addr *addr, u32 vlan)
{
	struct vnicx_port *only;

	return vnicx_holder_find(sw, addr, vlan, VNICX_HOLDERS_WALK, NULL, &only) ?
	       only : NULL;
}
EXPORT_SYMBOL_IF_KUNIT(vnicx_holder_only);

static bool vnicx_holder_another_in(struct vnicx_switch *sw,
				    const struct in6_addr *addr, u32 vlan,
				    const struct vnicx_port *port)
{
	struct vnicx_port *only;

	/* With one more, vnicx_holder_only() would find no end of them. */
	return !vnicx_holder_find(sw, addr, vlan, VNICX_HOLDERS_WALK - 1, port,
				  &only) || only;
}

/**
 * vnicx_holder_another() - tell whether another port of a port's network holds an address
 * @sw: the switch
 * @addr: the address; an IPv4 address as an IPv4-mapped one
 * @vlan: the key of the VLAN in which the port asks. Ports that are not in it do not
 *	count, unless they are of the same private VLAN
 * @port: the port, which does not count, either
 *
 * Context: RCU read side.
 * Return: whether one does, or VNICX_HOLDERS_WALK hold it in the VLAN, or in every VLAN
 * of theirs
 */
bool vnicx_holder_another(struct vnicx_switch *sw, const struct in6_addr *addr,
			  u32 vlan, const struct vnicx_port *port)
{
	u32 primary = vnicx_vlan_primary(port, vlan);

	return vnicx_holder_another_in(sw, addr, vlan, port) ||
	       (primary != vlan &&
		vnicx_holder_another_in(sw, addr, primary, port));
}
EXPORT_SYMBOL_IF_KUNIT(vnicx_holder_another);

/* Put a holder into the index. The switch's lock is held. */
static int vnicx_holder_insert(struct vnicx_switch *sw,
			       struct vnicx_holder *holder)
{
	if (rhltable_insert(&sw->holders, &holder->node, vnicx_holder_params))
		return -ENOMEM;
	holder->there = true;
	return 0;
}

/* Take a holder out of the index, if it is there. The switch's lock is held. */
static void vnicx_holder_remove(struct vnicx_switch *sw,
				struct vnicx_holder *holder)
{
	if (!holder->there)
		return;
	WARN_ON_ONCE(rhltable_remove(&sw->holders, &holder->node,
				     vnicx_holder_params));
	holder->there = false;
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
	err = vnicx_holder_insert(sw, holder);
	spin_unlock_bh(&sw->lock);
	return err;
}
EXPORT_SYMBOL_IF_KUNIT(vnicx_holder_add);

/* Take those out of a list that hold the address no more, as far as a claim looks: nobody
 * else does it before their ports get other leases. The switch's lock is held. The walk goes
 * on behind one that it has removed, which keeps its pointer to the next for a grace period.
 */
static void vnicx_holder_reap(struct vnicx_switch *sw,
			      const struct vnicx_holder_key *key)
{
	struct vnicx_holder *holder;
	struct rhlist_head *list, *pos;
	unsigned int n = 0;

	list = rhltable_lookup(&sw->holders, key, vnicx_holder_params);
	rhl_for_each_entry_rcu(holder, pos, list, node) {
		if (vnicx_holder_has_ended(holder))
			vnicx_holder_remove(sw, holder);
		else if (++n == VNICX_HOLDERS_WALK)
			break;
	}
}

/* Put a port's holders into the index, or none. The switch's lock is held. */
static int vnicx_holder_insert_all(struct vnicx_switch *sw,
				   struct vnicx_holder *holder, unsigned int nr)
{
	unsigned int i;
	int err;

	for (i = 0; i < nr; i++) {
		err = vnicx_holder_insert(sw, &holder[i]);
		if (err) {
			while (i--)
				vnicx_holder_remove(sw, &holder[i]);
			return err;
		}
	}
	return 0;
}

/**
 * vnicx_holder_claim() - note that a port holds an address, unless another does
 * @sw: the port's switch
 * @holder: the address and the port, for each key that others may look for
 * @nr: how many there are
 * @vlan: the key of the VLAN in which the port wants it
 *
 * Of several ports that call this for one address, one gets it.
 *
 * Context: any but hard interrupts.
 * Return: 0; -EADDRINUSE when vnicx_holder_another() holds the address; or
 * -ENOMEM
 */
int vnicx_holder_claim(struct vnicx_switch *sw, struct vnicx_holder *holder,
		       unsigned int nr, u32 vlan)
{
	struct vnicx_holder_key key = { .vlan = VNICX_HOLDER_EVERY_VLAN };
	int err = -EADDRINUSE;
	unsigned int i;

	key.addr = holder->key.addr;
	rcu_read_lock();
	spin_lock_bh(&sw->lock);
	vnicx_holder_reap(sw, &key);
	for (i = 0; i < nr; i++)
		vnicx_holder_reap(sw, &holder[i].key);
	if (!vnicx_holder_another(sw, &holder->key.addr, vlan, holder->port))
		err = vnicx_holder_insert_all(sw, holder, nr);
	spin_unlock_bh(&sw->lock);
	rcu_read_unlock();
	return err;
}
EXPORT_SYMBOL_IF_KUNIT(vnicx_holder_claim);

/**
 * vnicx_holder_prolong() - let a port hold an address until another time
 * @sw: the port's switch
 * @holder: what vnicx_holder_claim() got
 * @nr: how many there are
 * @until: when it ends, by vnicx_lease_now()
 *
 * Context: any but hard interrupts.
 * Return: false when the port holds it no more; others may
 */
bool vnicx_holder_prolong(struct vnicx_switch *sw, struct vnicx_holder *holder,
			  unsigned int nr, s64 until)
{
	bool held;
	unsigned int i;

	spin_lock_bh(&sw->lock);
	held = !vnicx_holder_has_ended(holder);
	for (i = 0; held && i < nr; i++)
		WRITE_ONCE(holder[i].until, until);
	spin_unlock_bh(&sw->lock);
	return held;
}
EXPORT_SYMBOL_IF_KUNIT(vnicx_holder_prolong);

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
	vnicx_holder_remove(sw, holder);
	spin_unlock_bh(&sw->lock);
}
EXPORT_SYMBOL_IF_KUNIT(vnicx_holder_del);
