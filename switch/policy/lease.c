// SPDX-License-Identifier: GPL-2.0
/*
 * The leases of a port: IP addresses that it may use for some time.
 *
 * A server gives them by DHCP, in reply to a message of the port's own; client.c
 * and ../snoop.c find them. An IPv6 link-local address belongs to the first port
 * that asks whether it is free (RFC 6620), if nobody else has it.
 *
 * Frames read them without a lock. A place is filled again after a grace period
 * only, because the switch's index of holders may still be read.
 */
#include <linux/netdevice.h>
#include <kunit/visibility.h>
#include <net/ipv6.h>

#include "../internal.h"
#include "lease.h"
#include "vlan.h"

/* Forget which addresses the port remembers to have. @lock is held. */
static void vnicx_lease_forget_recent(struct vnicx_leases *leases)
{
	u32 i;

	for (i = 0; i < VNICX_LEASE_RECENT; i++)
		atomic64_set(&leases->recent[i], 0);
}

/**
 * vnicx_lease_clear() - end a lease
 * @leases: the port's leases
 * @lease: the lease
 *
 * Context: the lock of @leases is held.
 */
void vnicx_lease_clear(struct vnicx_leases *leases, struct vnicx_lease *lease)
{
	u32 i;

	write_seqcount_begin(&leases->seq);
	WRITE_ONCE(lease->until, 0);
	write_seqcount_end(&leases->seq);
	vnicx_lease_forget_recent(leases);
	lease->question = 0;
	for (i = 0; i < lease->nr; i++)
		vnicx_holder_del(leases->port->sw, &lease->holder[i]);
	lease->gone = get_state_synchronize_rcu();
}

/* Tell whether a lease holds in a VLAN, or in any. */
static bool vnicx_lease_is_in(const struct vnicx_lease *lease, u32 vlan)
{
	return lease->vlan == vlan || vlan == VNICX_LEASE_ANY_VLAN;
}

/* Tell whether a lease has an address in a VLAN. */
static bool vnicx_lease_has(const struct vnicx_lease *lease,
			    const struct in6_addr *addr, u32 vlan, s64 now)
{
	return READ_ONCE(lease->until) > now &&
	       ipv6_prefix_equal(&lease->holder[0].key.addr, addr, lease->len) &&
	       vnicx_lease_is_in(lease, vlan);
}

/**
 * vnicx_leases_have6() - tell whether a port may use an IPv6 address
 * @leases: its leases, or NULL for none
 * @addr: the address; an IPv4 address as an IPv4-mapped one
 * @vlan: the key of the VLAN, or VNICX_LEASE_ANY_VLAN. In another VLAN than that of a
 *	lease, somebody else may have the address
 *
 * Takes at most as many steps as there are places.
 *
 * Context: RCU read side.
 * Return: whether it may
 */
bool vnicx_leases_have6(const struct vnicx_leases *leases,
			const struct in6_addr *addr, u32 vlan)
{
	unsigned int seq;
	bool have;
	s64 now;
	u32 i;

	if (!leases)
		return false;
	now = vnicx_lease_now();
	do {
		seq = read_seqcount_begin(&leases->seq);
		have = false;
		for (i = 0; i < READ_ONCE(leases->nr) && !have; i++)
			have = vnicx_lease_has(&leases->lease[i], addr, vlan, now);
	} while (read_seqcount_retry(&leases->seq, seq));
	return have || vnicx_lease_is_own(leases->port, addr);
}
EXPORT_SYMBOL_IF_KUNIT(vnicx_leases_have6);

/* Tell whether a lease has an IPv4 address. */
static bool vnicx_lease_has4(const struct vnicx_lease *lease, __be32 addr,
			     u32 vlan, s64 now)
{
	return READ_ONCE(lease->until) > now &&
	       lease->holder[0].key.addr.s6_addr32[3] == addr && lease->len == 128 &&
	       vnicx_lease_is_in(lease, vlan) &&
	       ipv6_addr_v4mapped(&lease->holder[0].key.addr);
}

/**
 * vnicx_leases_have4() - tell whether a port may use an IPv4 address
 * @leases: its leases, or NULL for none
 * @addr: the address
 * @vlan: as for vnicx_leases_have6()
 *
 * Takes at most as many steps as there are places.
 *
 * Context: RCU read side.
 * Return: whether it may
 */
bool vnicx_leases_have4(const struct vnicx_leases *leases, __be32 addr,
			u32 vlan)
{
	unsigned int seq;
	bool have;
	s64 now;
	u32 i;

	if (!leases)
		return false;
	now = vnicx_lease_now();
	do {
		seq = read_seqcount_begin(&leases->seq);
		have = false;
		for (i = 0; i < READ_ONCE(leases->nr) && !have; i++)
			have = vnicx_lease_has4(&leases->lease[i], addr, vlan, now);
	} while (read_seqcount_retry(&leases->seq, seq));
	return have;
}
EXPORT_SYMBOL_IF_KUNIT(vnicx_leases_have4);

/* Remember for the rest of this epoch that a port has an IPv4 address in no VLAN, if a
 * lease lasts that long. No frame waits for the lock.
 */
static void vnicx_lease_remember4(struct vnicx_leases *leases, __be32 addr)
{
	u64 word = vnicx_lease_word(addr);
	s64 after = vnicx_lease_now() + 1;
	u32 i;

	if (!spin_trylock(&leases->lock))
		return;
	for (i = 0; i < leases->nr; i++) {
		if (vnicx_lease_has4(&leases->lease[i], addr, 0, after)) {
			atomic64_set(&leases->recent[ntohl(addr) % VNICX_LEASE_RECENT],
				     word);
			break;
		}
	}
	spin_unlock(&leases->lock);
}

/**
 * vnicx_leases_find4() - tell whether a port has leased an IPv4 address that it sends
 *	from, and remember it
 * @leases: its leases, or NULL for none
 * @addr: the address
 * @vlan: the key of the VLAN
 *
 * Context: RCU read side, bottom halves disabled.
 * Return: whether it has
 */
bool vnicx_leases_find4(struct vnicx_leases *leases, __be32 addr, u32 vlan)
{
	if (!vnicx_leases_have4(leases, addr, vlan))
		return false;
	if (!vlan)
		vnicx_lease_remember4(leases, addr);
	return true;
}
EXPORT_SYMBOL_IF_KUNIT(vnicx_leases_find4);

/**
 * vnicx_lease_find() - find the lease of an address or a prefix
 * @leases: the port's leases
 * @addr: the address; an IPv4 address as an IPv4-mapped one
 * @len: its bits that count
 * @vlan: the key of the VLAN, or VNICX_LEASE_ANY_VLAN
 *
 * Context: the lock of @leases is held.
 * Return: the lease, which may have ended, or NULL
 */
struct vnicx_lease *vnicx_lease_find(struct vnicx_leases *leases,
				     const struct in6_addr *addr, u8 len,
				     u32 vlan)
{
	struct vnicx_lease *lease;
	u32 i;

	for (i = 0; i < leases->nr; i++) {
		lease = &leases->lease[i];
		if (lease->until && lease->len == len &&
		    vnicx_lease_is_in(lease, vlan) &&
		    ipv6_addr_equal(&lease->holder[0].key.addr, addr))
			return lease;
	}
	return NULL;
}

/**
 * vnicx_lease_count() - count the leases that servers gave, and clear those that have ended
 * @leases: the port's leases
 * @now: the time
 *
 * Context: the lock of @leases is held.
 * Return: their number
 */
u32 vnicx_lease_count(struct vnicx_leases *leases, s64 now)
{
	struct vnicx_lease *lease;
	u32 i, nr = 0;

	for (i = 0; i < leases->nr; i++) {
		lease = &leases->lease[i];
		if (!lease->until || lease->local)
			continue;
		if (lease->until > now)
			nr++;
		else
			vnicx_lease_clear(leases, lease);
	}
	return nr;
}

/**
 * vnicx_lease_place() - find a place that can be filled
 * @leases: the port's leases
 *
 * Context: the lock of @leases is held.
 * Return: the place or NULL
 */
struct vnicx_lease *vnicx_lease_place(struct vnicx_leases *leases)
{
	struct vnicx_lease *lease;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(leases->lease); i++) {
		lease = &leases->lease[i];
		if (lease->until ||
		    (i < leases->nr && !poll_state_synchronize_rcu(lease->gone)))
			continue;
		return lease;
	}
	return NULL;
}

/* Find another VLAN in which the switch's index has a lease, or @vlan. All ports of a private
 * VLAN receive from its primary one; a promiscuous port is in others, too. The policy may
 * change in between: when a port's private VLAN changes, its leases end afterwards.
 */
static u32 vnicx_lease_find_also(const struct vnicx_port *port, u32 vlan)
{
	const struct vnicx_policy *policy = rcu_dereference(port->policy);
	u32 primary = vnicx_vlan_primary(port, vlan);

	if (primary != vlan || !policy || !vnicx_vlan_private(&policy->vlan))
		return primary;
	return VNICX_HOLDER_EVERY_VLAN;
}

/**
 * vnicx_lease_fill() - fill a place, for vnicx_lease_set_until()
 * @leases: the port's leases
 * @lease: the place
 * @addr: the address; an IPv4 address as an IPv4-mapped one
 * @len: its bits that count
 * @vlan: the key of the VLAN that it holds in
 * @until: when it ends for others, once it is in the switch's index; 0 for never
 *
 * Context: RCU read side. The lock of @leases is held.
 */
void vnicx_lease_fill(struct vnicx_leases *leases, struct vnicx_lease *lease,
		      const struct in6_addr *addr, u8 len, u32 vlan, s64 until)
{
	u32 i = lease - leases->lease, also = vnicx_lease_find_also(leases->port, vlan);
	const struct vnicx_holder holder = {
		.key.addr = *addr,
		.key.vlan = vlan,
		.until = until,
		.port = leases->port,
	};

	lease->holder[0] = holder;
	lease->holder[1] = holder;
	lease->holder[1].key.vlan = also;
	lease->nr = also == vlan ? 1 : 2;
	lease->vlan = vlan;
	lease->len = len;
	lease->since = vnicx_lease_now();
	WRITE_ONCE(leases->nr, max(leases->nr, i + 1));
}

/**
 * vnicx_lease_set_until() - set when a lease ends
 * @leases: the port's leases
 * @lease: the lease
 * @until: when, by vnicx_lease_now()
 *
 * Context: the lock of @leases is held.
 */
void vnicx_lease_set_until(struct vnicx_leases *leases,
			   struct vnicx_lease *lease, s64 until)
{
	write_seqcount_begin(&leases->seq);
	WRITE_ONCE(lease->until, until);
	write_seqcount_end(&leases->seq);
	vnicx_lease_forget_recent(leases);
}

/* Find or fill a lease of an address for a port that others see end at @until, or NULL. A server
 * that goes by what clients say of themselves (RFC 2132, option 61; the DUID of RFC 8415)
 * gives a client another one's address or prefix. @lock is held.
 */
static struct vnicx_lease *vnicx_lease_obtain(struct vnicx_leases *leases,
					      const struct in6_addr *addr, u8 len,
					      u32 vlan, s64 now, s64 until)
{
	struct vnicx_lease *lease = vnicx_lease_find(leases, addr, len, vlan);
	struct vnicx_switch *sw = leases->port->sw;

	/* That may wait for vnicx_lease_settle(). */
	if (lease && lease->local)
		return lease;
	if (lease && lease->until > now) {
		if (vnicx_holder_prolong(sw, lease->holder, lease->nr, until))
			return lease;
		vnicx_lease_clear(leases, lease);
	}
	/* Somebody else may have the address of a lease that has ended. */
	if (vnicx_lease_count(leases, now) >= leases->max || leases->over ||
	    !vnicx_lease_may_hold(leases, vlan))
		return NULL;
	lease = vnicx_lease_place(leases);
	if (!lease)
		return NULL;
	vnicx_lease_fill(leases, lease, addr, len, vlan, until);
	lease->local = false;
	/* Without memory, the address is not in the index. */
	return vnicx_holder_claim(sw, lease->holder, lease->nr, vlan) == -EADDRINUSE ?
	       NULL : lease;
}

/**
 * vnicx_lease_give() - give a port an address or a prefix for some time
 * @leases: the port's leases
 * @addr: the address; an IPv4 address as an IPv4-mapped one
 * @len: its bits that count
 * @seconds: for how long from now on, VNICX_LEASE_FOREVER for ever
 * @vlan: the key of the VLAN
 *
 * Context: RCU read side, bottom halves disabled.
 * Return: false when there are too many, no place is free yet, or another port has it
 */
bool vnicx_lease_give(struct vnicx_leases *leases, const struct in6_addr *addr,
		      u8 len, u32 seconds, u32 vlan)
{
	s64 now = vnicx_lease_now(), until = now + seconds;
	struct vnicx_lease *lease;

	if (seconds == VNICX_LEASE_FOREVER)
		until = VNICX_LEASE_NEVER;
	spin_lock(&leases->lock);
	lease = vnicx_lease_obtain(leases, addr, len, vlan, now, until);
	/* A link-local address that the port has asked for has no end. */
	if (lease && !lease->local)
		vnicx_lease_set_until(leases, lease, until);
	spin_unlock(&leases->lock);
	return lease;
}
EXPORT_SYMBOL_IF_KUNIT(vnicx_lease_give);

/**
 * vnicx_lease_end() - end a port's lease
 * @leases: the port's leases
 * @addr: the address; an IPv4 address as an IPv4-mapped one
 * @len: its bits that count
 * @vlan: the key of its VLAN
 *
 * Context: bottom halves disabled.
 */
void vnicx_lease_end(struct vnicx_leases *leases, const struct in6_addr *addr,
		     u8 len, u32 vlan)
{
	struct vnicx_lease *lease;

	spin_lock(&leases->lock);
	lease = vnicx_lease_find(leases, addr, len, vlan);
	if (lease)
		vnicx_lease_clear(leases, lease);
	spin_unlock(&leases->lock);
}
EXPORT_SYMBOL_IF_KUNIT(vnicx_lease_end);
