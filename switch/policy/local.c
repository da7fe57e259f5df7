// SPDX-License-Identifier: GPL-2.0
/*
 * The IPv6 link-local addresses of a port. One belongs to the first port in its network
 * that asks whether it is free (RFC 6620), if nobody says that it is not; dad.c finds
 * the question.
 */
#include <linux/netdevice.h>
#include <kunit/visibility.h>
#include <net/ipv6.h>

#include "../internal.h"
#include "lease.h"
#include "vlan.h"

/* Seconds for which somebody else may say that a claimed address is in use: one,
 * RetransTimer of RFC 4861, and what is left of another
 */
#define VNICX_LEASE_CONTEST	2

/**
 * vnicx_lease_is_own() - tell whether an address is the link-local one that
 *	follows from a port's address
 * @port: the port
 * @addr: the address
 *
 * The port may have it without a question: it had it maybe before it had a policy.
 * Only the address that the administrator gave counts. A tenant chooses what is in
 * dev->dev_addr, because drivers on top of a vNIC (a bond, PRP) write it without asking.
 *
 * Return: whether it is
 */
bool vnicx_lease_is_own(const struct vnicx_port *port,
			const struct in6_addr *addr)
{
	struct in6_addr own = {};
	const u8 *mac;
	u64 self;

	/* Pairs with vnicx_policy_set_self(): without the check, the address is there. */
	if (smp_load_acquire(&port->tx_checks) & VNICX_CHECK_FDB)
		return false;
	self = READ_ONCE(port->self);
	mac = (const u8 *)&self;
	own.s6_addr32[0] = htonl(0xfe800000);
	own.s6_addr[8] = mac[0] ^ 2;
	own.s6_addr[9] = mac[1];
	own.s6_addr[10] = mac[2];
	own.s6_addr[11] = 0xff;
	own.s6_addr[12] = 0xfe;
	own.s6_addr[13] = mac[3];
	own.s6_addr[14] = mac[4];
	own.s6_addr[15] = mac[5];
	return ipv6_addr_equal(&own, addr);
}

/* Make room for a link-local address: of too many, the oldest goes, because hosts change
 * theirs. @lock is held.
 */
static void vnicx_lease_drop_local(struct vnicx_leases *leases)
{
	struct vnicx_lease *lease, *oldest = NULL;
	u32 i, nr = 0;

	for (i = 0; i < leases->nr; i++) {
		lease = &leases->lease[i];
		if (!lease->local || lease->until != VNICX_LEASE_NEVER)
			continue;
		nr++;
		if (!oldest || lease->since < oldest->since)
			oldest = lease;
	}
	if (nr >= VNICX_LEASES_LOCAL)
		vnicx_lease_clear(leases, oldest);
}

/* Number the questions of all ports together: none of a port's is taken for one of leases
 * that it had before.
 */
static u32 vnicx_lease_number(void)
{
	static atomic_t last;

	return atomic_inc_return(&last) ?: atomic_inc_return(&last);
}

/* Tell whether a port may have one more question that is not settled. While such questions
 * wait, they bar others from as many addresses as settled ones.
 */
static bool vnicx_lease_may_ask(const struct vnicx_leases *leases)
{
	u32 i, nr = 0;

	for (i = 0; i < leases->nr; i++)
		nr += !!leases->lease[i].question;
	return nr < VNICX_LEASES_LOCAL;
}

/* Keep a link-local address for a port until vnicx_lease_settle(), if no other port in its
 * network has it. @lock is held. Returns the lease or NULL.
 */
static struct vnicx_lease *vnicx_lease_fill_local(struct vnicx_leases *leases,
						  const struct in6_addr *addr,
						  u32 vlan, s64 now)
{
	struct vnicx_lease *lease;
	int err;

	if (!vnicx_lease_may_ask(leases))
		return NULL;
	/* for the places of those that have ended */
	vnicx_lease_count(leases, now);
	lease = vnicx_lease_place(leases);
	if (!lease)
		return NULL;
	/* It has no end, and counts for others from when it is in the index. */
	vnicx_lease_fill(leases, lease, addr, 128, vlan, 0);
	lease->local = true;
	err = vnicx_holder_claim(leases->port->sw, lease->holder, lease->nr, vlan);
	/* Without memory, some may have been in the index. */
	if (err == -ENOMEM)
		lease->gone = get_state_synchronize_rcu();
	if (err)
		return NULL;
	lease->question = vnicx_lease_number();
	lease->parts = 1;
	/* It has ended until vnicx_lease_settle(). */
	vnicx_lease_set_until(leases, lease, now);
	return lease;
}

/**
 * vnicx_lease_claim() - keep a link-local address for the port that asks for it
 * @leases: the port's leases
 * @addr: the address
 * @vlan: the key of the VLAN in which it asks
 * @question: gets what vnicx_lease_settle() knows the question by; 0 when it changes
 *	nothing, because the port has the address, or gets it by an earlier one
 *
 * Context: RCU read side, bottom halves disabled.
 * Return: whether the port has the address, or gets it by vnicx_lease_settle()
 */
bool vnicx_lease_claim(struct vnicx_leases *leases,
		       const struct in6_addr *addr, u32 vlan, u32 *question)
{
	s64 now = vnicx_lease_now();
	struct vnicx_lease *lease;

	*question = 0;
	spin_lock(&leases->lock);
	lease = vnicx_lease_find(leases, addr, 128, VNICX_LEASE_ANY_VLAN);
	if (lease && !lease->local && lease->until <= now) {
		vnicx_lease_clear(leases, lease);
		lease = NULL;
	}
	if (lease && lease->vlan != vlan) {
		lease = NULL;
	} else if (lease) {
		lease->since = now;
	} else if (!leases->over && vnicx_lease_may_hold(leases, vlan)) {
		lease = vnicx_lease_fill_local(leases, addr, vlan, now);
		if (lease)
			*question = lease->question;
	}
	spin_unlock(&leases->lock);
	return lease;
}
EXPORT_SYMBOL_IF_KUNIT(vnicx_lease_claim);

/* Find what a port gets by a question. NULL if there is no such question any more: somebody
 * has objected, or the port has left the VLAN. @lock is held.
 */
static struct vnicx_lease *vnicx_lease_asked_by(struct vnicx_leases *leases,
						u32 question)
{
	u32 i;

	for (i = 0; i < leases->nr; i++) {
		if (leases->lease[i].question == question)
			return &leases->lease[i];
	}
	return NULL;
}

/**
 * vnicx_lease_wait() - note that a question takes one more vnicx_lease_settle()
 * @leases: the port's leases
 * @question: the question, from vnicx_lease_claim()
 *
 * Context: bottom halves disabled.
 */
void vnicx_lease_wait(struct vnicx_leases *leases, u32 question)
{
	struct vnicx_lease *lease;

	spin_lock(&leases->lock);
	lease = vnicx_lease_asked_by(leases, question);
	if (lease)
		lease->parts++;
	spin_unlock(&leases->lock);
}
EXPORT_SYMBOL_IF_KUNIT(vnicx_lease_wait);

/**
 * vnicx_lease_settle() - let a port have an address after vnicx_lease_claim(), or not
 * @leases: the port's leases
 * @question: the question, from vnicx_lease_claim()
 * @heard: nothing kept the question from those that may have the address
 *
 * The port has it after as many calls as vnicx_lease_claim() and vnicx_lease_wait() wait
 * for. The time for objections begins with the last.
 *
 * Context: bottom halves disabled.
 */
void vnicx_lease_settle(struct vnicx_leases *leases, u32 question, bool heard)
{
	struct vnicx_lease *lease;

	spin_lock(&leases->lock);
	lease = vnicx_lease_asked_by(leases, question);
	if (lease && !heard) {
		vnicx_lease_clear(leases, lease);
	} else if (lease && !--lease->parts) {
		lease->question = 0;
		lease->since = vnicx_lease_now();
		vnicx_lease_drop_local(leases);
		vnicx_lease_set_until(leases, lease, VNICX_LEASE_NEVER);
	}
	spin_unlock(&leases->lock);
}
EXPORT_SYMBOL_IF_KUNIT(vnicx_lease_settle);

/**
 * vnicx_lease_contest() - take a link-local address from a port that has asked
 *	for it just now, because somebody else has it
 * @leases: the port's leases
 * @addr: the address
 * @vlan: the key of the VLAN in which somebody has it
 *
 * Context: RCU read side, bottom halves disabled.
 */
void vnicx_lease_contest(struct vnicx_leases *leases,
			 const struct in6_addr *addr, u32 vlan)
{
	struct vnicx_lease *lease;

	if (vnicx_vlan_is_one(leases->port))
		vlan = VNICX_LEASE_ANY_VLAN;
	spin_lock(&leases->lock);
	lease = vnicx_lease_find(leases, addr, 128, vlan);
	if (lease && lease->local &&
	    (lease->question ||
	     lease->since + VNICX_LEASE_CONTEST >= vnicx_lease_now()))
		vnicx_lease_clear(leases, lease);
	spin_unlock(&leases->lock);
}
EXPORT_SYMBOL_IF_KUNIT(vnicx_lease_contest);
