// SPDX-License-Identifier: GPL-2.0
/*
 * The leases of a port: IP addresses that it may use for some time.
 *
 * A server gives them by DHCP, in reply to a message of the port's own; client.c
 * and ../snoop.c find them. An IPv6 link-local address belongs to the first port that asks
 * whether it is free (RFC 6620), if nobody else has it.
 *
 * Frames read them without a lock. A place is filled again after a grace period
 * only, because the switch's index of holders may still be read.
 */
#include <linux/netdevice.h>
#include <kunit/visibility.h>
#include <net/ipv6.h>

#include "../internal.h"
#include "lease.h"

/* Seconds after which nobody waits for a reply any more: clients ask again after
 * 64 (RFC 2131) and 120 seconds at most (RFC 8415).
 */
#define VNICX_LEASE_PATIENCE	120

/* Seconds for which somebody else may say that a claimed address is in use: one,
 * RetransTimer of RFC 4861, and what is left of another
 */
#define VNICX_LEASE_CONTEST	2

/**
 * vnicx_lease_clear() - end a lease
 * @leases: the port's leases
 * @lease: the lease
 *
 * Context: the lock of @leases is held.
 */
void vnicx_lease_clear(struct vnicx_leases *leases, struct vnicx_lease *lease)
{
	write_seqcount_begin(&leases->seq);
	lease->until = 0;
	write_seqcount_end(&leases->seq);
	if (lease->indexed)
		vnicx_holder_del(leases->port->sw, &lease->holder);
	lease->indexed = false;
	lease->gone = get_state_synchronize_rcu();
}

/* Tell whether a lease has an address. */
static bool vnicx_lease_has(const struct vnicx_lease *lease,
			    const struct in6_addr *addr, s64 now)
{
	return READ_ONCE(lease->until) > now &&
	       ipv6_prefix_equal(&lease->holder.addr, addr, lease->len);
}

/* Tell whether an address is the link-local one that follows from the address of
 * the port, which it may have without a question: it had it maybe before it had
 * a policy.
 */
static bool vnicx_lease_is_own(const struct vnicx_port *port,
			       const struct in6_addr *addr)
{
	const u8 *mac = port->dev->dev_addr;
	struct in6_addr own = {};

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

/**
 * vnicx_leases_have6() - tell whether a port may use an IPv6 address
 * @leases: its leases, or NULL for none
 * @addr: the address; an IPv4 address as an IPv4-mapped one
 *
 * Takes at most as many steps as leases are allowed.
 *
 * Context: RCU read side.
 * Return: whether it may
 */
bool vnicx_leases_have6(const struct vnicx_leases *leases,
			const struct in6_addr *addr)
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
			have = vnicx_lease_has(&leases->lease[i], addr, now);
	} while (read_seqcount_retry(&leases->seq, seq));
	return have || vnicx_lease_is_own(leases->port, addr);
}
EXPORT_SYMBOL_IF_KUNIT(vnicx_leases_have6);

/**
 * vnicx_leases_have4() - tell whether a port may use an IPv4 address
 * @leases: its leases, or NULL for none
 * @addr: the address
 *
 * Context: RCU read side.
 * Return: whether it may
 */
bool vnicx_leases_have4(const struct vnicx_leases *leases, __be32 addr)
{
	struct in6_addr mapped;

	if (!leases)
		return false;
	ipv6_addr_set_v4mapped(addr, &mapped);
	return vnicx_leases_have6(leases, &mapped);
}
EXPORT_SYMBOL_IF_KUNIT(vnicx_leases_have4);

/**
 * vnicx_lease_ask() - note that a port asks DHCP servers for addresses
 * @leases: the port's leases
 * @v6: whether by DHCPv6
 * @xid: the transaction
 * @wanted: of DHCPv4: the address that it asks for, 0 for none
 *
 * Takes the place of the oldest, if there is no other.
 *
 * Context: bottom halves disabled.
 */
void vnicx_lease_ask(struct vnicx_leases *leases, bool v6, u32 xid,
		     __be32 wanted)
{
	struct vnicx_asked *asked = leases->asked[v6], *place = asked;
	int i;

	spin_lock(&leases->lock);
	for (i = 0; i < VNICX_LEASE_ASKED; i++) {
		if (asked[i].at && asked[i].xid == xid) {
			place = &asked[i];
			break;
		}
		if (asked[i].at < place->at)
			place = &asked[i];
	}
	*place = (struct vnicx_asked) {
		.at = vnicx_lease_now(),
		.xid = xid,
		.wanted = wanted,
	};
	spin_unlock(&leases->lock);
}
EXPORT_SYMBOL_IF_KUNIT(vnicx_lease_ask);

/**
 * vnicx_lease_asked() - tell whether a server replies to a port
 * @leases: the port's leases
 * @v6: whether by DHCPv6
 * @xid: the transaction of the reply
 * @wanted: of DHCPv4: the address that the port asked for, 0 for none
 *
 * Context: bottom halves disabled.
 * Return: whether the port asked lately
 */
bool vnicx_lease_asked(struct vnicx_leases *leases, bool v6, u32 xid,
		       __be32 *wanted)
{
	const struct vnicx_asked *asked = leases->asked[v6];
	s64 now = vnicx_lease_now();
	bool found = false;
	int i;

	spin_lock(&leases->lock);
	for (i = 0; i < VNICX_LEASE_ASKED && !found; i++) {
		found = asked[i].at && asked[i].xid == xid &&
			asked[i].at + VNICX_LEASE_PATIENCE >= now;
		if (found)
			*wanted = asked[i].wanted;
	}
	spin_unlock(&leases->lock);
	return found;
}
EXPORT_SYMBOL_IF_KUNIT(vnicx_lease_asked);

/* Find the lease of an address or a prefix. @lock is held. */
static struct vnicx_lease *vnicx_lease_find(struct vnicx_leases *leases,
					    const struct in6_addr *addr, u8 len)
{
	struct vnicx_lease *lease;
	u32 i;

	for (i = 0; i < leases->nr; i++) {
		lease = &leases->lease[i];
		if (lease->until && lease->len == len &&
		    ipv6_addr_equal(&lease->holder.addr, addr))
			return lease;
	}
	return NULL;
}

/* Count the leases of one sort, and clear those that have ended. @lock is held. */
static u32 vnicx_lease_count(struct vnicx_leases *leases, bool local, s64 now)
{
	struct vnicx_lease *lease;
	u32 i, nr = 0;

	for (i = 0; i < leases->nr; i++) {
		lease = &leases->lease[i];
		if (lease->until && lease->until <= now)
			vnicx_lease_clear(leases, lease);
		nr += lease->until && lease->local == local;
	}
	return nr;
}

/* Find a place that can be filled, or NULL. @lock is held. */
static struct vnicx_lease *vnicx_lease_place(struct vnicx_leases *leases)
{
	struct vnicx_lease *lease;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(leases->lease); i++) {
		lease = &leases->lease[i];
		if (lease->until ||
		    (i < leases->nr &&
		     !poll_state_synchronize_rcu(lease->gone)))
			continue;
		return lease;
	}
	return NULL;
}

/* Fill a place. @lock is held. */
static void vnicx_lease_fill(struct vnicx_leases *leases,
			     struct vnicx_lease *lease,
			     const struct in6_addr *addr, u8 len)
{
	u32 i = lease - leases->lease;

	lease->holder.addr = *addr;
	lease->holder.port = leases->port;
	lease->len = len;
	lease->since = vnicx_lease_now();
	leases->nr = max(leases->nr, i + 1);
}

static void vnicx_lease_set_until(struct vnicx_leases *leases,
				  struct vnicx_lease *lease, s64 until)
{
	write_seqcount_begin(&leases->seq);
	lease->until = until;
	write_seqcount_end(&leases->seq);
}

/**
 * vnicx_lease_give() - give a port an address or a prefix for some time
 * @leases: the port's leases
 * @addr: the address; an IPv4 address as an IPv4-mapped one
 * @len: its bits that count
 * @seconds: for how long from now on, VNICX_LEASE_FOREVER for ever
 *
 * Context: RCU read side, bottom halves disabled.
 * Return: false when there are too many
 */
bool vnicx_lease_give(struct vnicx_leases *leases, const struct in6_addr *addr,
		      u8 len, u32 seconds)
{
	s64 now = vnicx_lease_now(), until = now + seconds;
	struct vnicx_lease *lease;

	if (seconds == VNICX_LEASE_FOREVER)
		until = VNICX_LEASE_NEVER;
	spin_lock(&leases->lock);
	lease = vnicx_lease_find(leases, addr, len);
	if (!lease && !leases->over &&
	    vnicx_lease_count(leases, false, now) < leases->max) {
		lease = vnicx_lease_place(leases);
		if (lease) {
			vnicx_lease_fill(leases, lease, addr, len);
			lease->local = false;
			/* Without memory, the address is not in the index. */
			lease->indexed = len == 128 &&
				!vnicx_holder_add(leases->port->sw,
						  &lease->holder);
		}
	}
	if (lease)
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
 *
 * Context: bottom halves disabled.
 */
void vnicx_lease_end(struct vnicx_leases *leases, const struct in6_addr *addr,
		     u8 len)
{
	struct vnicx_lease *lease;

	spin_lock(&leases->lock);
	lease = vnicx_lease_find(leases, addr, len);
	if (lease)
		vnicx_lease_clear(leases, lease);
	spin_unlock(&leases->lock);
}
EXPORT_SYMBOL_IF_KUNIT(vnicx_lease_end);

/* Make room for a link-local address: the oldest goes, because hosts change
 * theirs. @lock is held.
 */
static void vnicx_lease_drop_local(struct vnicx_leases *leases)
{
	struct vnicx_lease *lease, *oldest = NULL;
	u32 i;

	for (i = 0; i < leases->nr; i++) {
		lease = &leases->lease[i];
		if (lease->until && lease->local &&
		    (!oldest || lease->since < oldest->since))
			oldest = lease;
	}
	if (oldest)
		vnicx_lease_clear(leases, oldest);
}

/**
 * vnicx_lease_claim() - let a port have a link-local address that it asks for
 * @leases: the port's leases
 * @addr: the address
 * @vlan: the key of the VLAN in which it asks
 *
 * Context: RCU read side, bottom halves disabled.
 * Return: whether the port has the address now
 */
bool vnicx_lease_claim(struct vnicx_leases *leases,
		       const struct in6_addr *addr, u32 vlan)
{
	s64 now = vnicx_lease_now();
	struct vnicx_lease *lease;

	spin_lock(&leases->lock);
	lease = vnicx_lease_find(leases, addr, 128);
	if (lease)
		lease->since = now;
	if (lease || leases->over)
		goto unlock;
	if (vnicx_lease_count(leases, true, now) >= VNICX_LEASE_LOCALS)
		vnicx_lease_drop_local(leases);
	lease = vnicx_lease_place(leases);
	if (!lease)
		goto unlock;
	vnicx_lease_fill(leases, lease, addr, 128);
	lease->local = true;
	lease->indexed = !vnicx_holder_claim(leases->port->sw, &lease->holder,
					     vlan);
	if (lease->indexed)
		vnicx_lease_set_until(leases, lease, VNICX_LEASE_NEVER);
	else
		lease = NULL;
unlock:
	spin_unlock(&leases->lock);
	return lease;
}
EXPORT_SYMBOL_IF_KUNIT(vnicx_lease_claim);

/**
 * vnicx_lease_contest() - take a link-local address from a port that has asked
 *	for it just now, because somebody else has it
 * @leases: the port's leases
 * @addr: the address
 *
 * Context: bottom halves disabled.
 */
void vnicx_lease_contest(struct vnicx_leases *leases,
			 const struct in6_addr *addr)
{
	struct vnicx_lease *lease;

	spin_lock(&leases->lock);
	lease = vnicx_lease_find(leases, addr, 128);
	if (lease && lease->local &&
	    lease->since + VNICX_LEASE_CONTEST >= vnicx_lease_now())
		vnicx_lease_clear(leases, lease);
	spin_unlock(&leases->lock);
}
EXPORT_SYMBOL_IF_KUNIT(vnicx_lease_contest);

