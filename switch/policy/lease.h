/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The addresses that ports have by DHCP and by Duplicate Address Detection, and
 * the frames that say so.
 */
#ifndef _VNICX_POLICY_LEASE_H
#define _VNICX_POLICY_LEASE_H

#include <linux/atomic.h>
#include <linux/in6.h>
#include <linux/jiffies.h>
#include <linux/jump_label.h>
#include <linux/log2.h>
#include <linux/rcupdate.h>
#include <linux/seqlock.h>
#include <linux/timekeeping.h>
#include <vnicx/lease.h>

#include "holder.h"
#include "parse.h"

/* Transactions of each version of DHCP that a port may have open */
#define VNICX_LEASE_ASKED	8

/* Addresses of DHCPv4 servers that a port may have heard, two for each */
#define VNICX_LEASE_SERVERS	8

/* IPv4 addresses that a port remembers to have, a power of two; see below */
#define VNICX_LEASE_RECENT	8

/* How many jiffies an epoch has, as a power of two: no more than a second */
#define VNICX_LEASE_EPOCH	ilog2(HZ)

/* A key of no VLAN in which a lease may hold: that of a frame with more tags than one. The
 * second one leads to a network of its own.
 */
#define VNICX_LEASE_NO_VLAN	(U32_MAX - 1)

/* An end that is none, in seconds */
#define VNICX_LEASE_NEVER	S64_MAX

/**
 * struct vnicx_asked - a message of the port's own that a server may reply to
 * @at: when it was sent, in seconds; 0 for none
 * @xid: its transaction
 * @wanted: of DHCPv4: the address that it asks for
 * @vlan: the key of the VLAN in which it was sent
 */
struct vnicx_asked {
	s64 at;
	u32 xid;
	__be32 wanted;
	u32 vlan;
};

/**
 * struct vnicx_lease - one lease
 * @holder: the address, or the first one of a prefix, as the switch's index has it: in
 *	@vlan, and for a port of a private VLAN elsewhere, too
 * @until: when it ends, in seconds since boot; 0 while the place is free
 * @since: when it began; of link-local addresses: when the port last asked for it
 * @gone: the grace period after which the place may be filled
 * @question: of a link-local address that is not settled: the question by which the port
 *	gets it; else 0
 * @parts: how many have yet to tell that they have heard @question
 * @vlan: the key of the VLAN that it holds in: the one in which the port asked
 * @len: bits of the address that count
 * @local: it is a link-local address
 * @nr: how many of @holder it has
 */
struct vnicx_lease {
	struct vnicx_holder holder[2];
	s64 until;
	s64 since;
	unsigned long gone;
	u32 question;
	u32 vlan;
	u8 parts;
	u8 len;
	bool local;
	u8 nr;
};

/**
 * struct vnicx_leases - the leases of a port
 * @rcu: frees them after their last reader
 * @recent: IPv4 addresses that the port has in no VLAN for the rest of an epoch, as
 *	vnicx_lease_word() makes them; written under @lock
 * @port: the port
 * @users: policies that have them; under RTNL
 * @lock: guards all the rest; taken outside the switch's lock
 * @seq: keeps readers from seeing half a lease; written under @lock
 * @over: the port has them no more, and gets no other
 * @max: leases that servers may give
 * @nr: places in use, and below it maybe free ones
 * @asked: what the port asked servers, by IPv4 and by IPv6
 * @server: DHCPv4 servers on the port's LANs: the address, and the key of the VLAN
 * @nr_heard: how many were ever put there, the oldest first
 * @lease: the places
 */
struct vnicx_leases {
	struct rcu_head rcu;
	atomic64_t recent[VNICX_LEASE_RECENT];
	struct vnicx_port *port;
	u32 users;
	spinlock_t lock; /* all below */
	seqcount_spinlock_t seq;
	bool over;
	u32 max;
	u32 nr;
	struct vnicx_asked asked[2][VNICX_LEASE_ASKED];
	struct {
		__be32 addr;
		u32 vlan;
	} server[VNICX_LEASE_SERVERS];
	u32 nr_heard;
	struct vnicx_lease lease[VNICX_LEASES_MAX + VNICX_LEASES_LOCAL];
};

/**
 * vnicx_lease_now() - get the time by which leases end
 *
 * Return: seconds since boot, while the machine sleeps, too; never 0
 */
static inline s64 vnicx_lease_now(void)
{
	return ktime_get_boottime_seconds() + 1;
}

/**
 * vnicx_lease_is_local() - tell whether an address is an IPv6 link-local one
 * @addr: the address
 *
 * Return: whether it is
 */
static inline bool vnicx_lease_is_local(const struct in6_addr *addr)
{
	return addr->s6_addr[0] == 0xfe && (addr->s6_addr[1] & 0xc0) == 0x80;
}

/* Put an IPv4 address and the present epoch into one word. */
static inline u64 vnicx_lease_word(__be32 addr)
{
	u64 now = get_jiffies_64();

	return (u64)(__force u32)addr << 32 | (u32)(now >> VNICX_LEASE_EPOCH);
}

/**
 * vnicx_leases_recall4() - tell whether a port remembers to have an IPv4 address in no
 *	VLAN
 * @leases: its leases
 * @addr: the address, not 0
 *
 * Takes neither a walk over the leases nor a look at the clock. A machine that sleeps
 * has no jiffies meanwhile: a lease that ended in its sleep holds for the rest of an
 * epoch, a second at most.
 *
 * Return: true if it has; false says nothing
 */
static __always_inline bool
vnicx_leases_recall4(const struct vnicx_leases *leases, __be32 addr)
{
	const atomic64_t *slot;

	slot = &leases->recent[ntohl(addr) % VNICX_LEASE_RECENT];
	return atomic64_read(slot) == vnicx_lease_word(addr);
}

/* Some port has leases. */
extern struct static_key_false vnicx_leases_used;

/* lease.c */
void vnicx_lease_clear(struct vnicx_leases *leases, struct vnicx_lease *lease);
bool vnicx_leases_find4(struct vnicx_leases *leases, __be32 addr, u32 vlan);
bool vnicx_lease_give(struct vnicx_leases *leases, const struct in6_addr *addr,
		      u8 len, u32 seconds, u32 vlan);
void vnicx_lease_end(struct vnicx_leases *leases, const struct in6_addr *addr,
		     u8 len, u32 vlan);
struct vnicx_lease *vnicx_lease_find(struct vnicx_leases *leases,
				     const struct in6_addr *addr, u8 len,
				     u32 vlan);
u32 vnicx_lease_count(struct vnicx_leases *leases, s64 now);
struct vnicx_lease *vnicx_lease_place(struct vnicx_leases *leases);
void vnicx_lease_fill(struct vnicx_leases *leases, struct vnicx_lease *lease,
		      const struct in6_addr *addr, u8 len, u32 vlan, s64 until);
void vnicx_lease_set_until(struct vnicx_leases *leases,
			   struct vnicx_lease *lease, s64 until);

/* leases.c */
bool vnicx_lease_may_hold(const struct vnicx_leases *leases, u32 vlan);

/* local.c */
bool vnicx_lease_is_own(const struct vnicx_port *port,
			const struct in6_addr *addr);
bool vnicx_lease_claim(struct vnicx_leases *leases,
		       const struct in6_addr *addr, u32 vlan, u32 *question);
void vnicx_lease_wait(struct vnicx_leases *leases, u32 question);
void vnicx_lease_settle(struct vnicx_leases *leases, u32 question, bool heard);
void vnicx_lease_contest(struct vnicx_leases *leases,
			 const struct in6_addr *addr, u32 vlan);

/* client.c */
void vnicx_lease_ask(struct vnicx_leases *leases, bool v6, u32 xid,
		     __be32 wanted, u32 vlan);
bool vnicx_lease_asked(struct vnicx_leases *leases, bool v6, u32 xid,
		       struct vnicx_asked *asked);
bool vnicx_lease_trusts(struct vnicx_leases *leases, __be32 addr, __be32 id,
			bool near, bool reached, u32 vlan);
void vnicx_client_note(struct vnicx_leases *leases, const struct sk_buff *skb,
		       const struct vnicx_parsed *p);

#endif /* _VNICX_POLICY_LEASE_H */
