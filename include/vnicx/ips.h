/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A set of IP addresses, as prefixes of both versions. It never changes.
 */
#ifndef _VNICX_IPS_H
#define _VNICX_IPS_H

#include <linux/in6.h>
#include <linux/types.h>

/* Prefixes in a set. The administrator gives them. */
#define VNICX_IPS_MAX	256

/**
 * struct vnicx_prefix - an IP prefix
 * @addr: the address; of IPv4 the first four bytes, and the others are 0
 * @len: its bits that count
 * @v6: it is of IPv6, else of IPv4
 */
struct vnicx_prefix {
	struct in6_addr addr;
	u8 len;
	bool v6;
};

/**
 * struct vnicx_range4 - the addresses of an IPv4 prefix, in host byte order
 * @first: the lowest
 * @last: the highest
 */
struct vnicx_range4 {
	u32 first;
	u32 last;
};

/**
 * struct vnicx_range6 - the addresses of an IPv6 prefix, in host byte order, the
 *	upper half first
 * @first: the lowest
 * @last: the highest
 */
struct vnicx_range6 {
	u64 first[2];
	u64 last[2];
};

/**
 * struct vnicx_ips - a set of IP addresses
 * @rcu: frees it after its last reader
 * @users: who has it; under RTNL
 * @nr4: number of entries in @range4
 * @nr6: number of entries in @range6
 * @nr: number of entries in @prefix
 * @range4: the IPv4 addresses, in order, without overlaps
 * @range6: the IPv6 addresses, in order, without overlaps
 * @prefix: the prefixes that were given, in order, IPv4 first
 */
struct vnicx_ips {
	struct rcu_head rcu;
	u32 users;
	u32 nr4;
	u32 nr6;
	u32 nr;
	struct vnicx_range4 *range4;
	struct vnicx_range6 *range6;
	struct vnicx_prefix prefix[];
};

struct vnicx_ips *vnicx_ips_make(const struct vnicx_prefix *prefix, u32 nr);
struct vnicx_ips *vnicx_ips_get(struct vnicx_ips *ips);
void vnicx_ips_put(struct vnicx_ips *ips);
bool vnicx_ips_have6(const struct vnicx_ips *ips, const struct in6_addr *addr);

/**
 * vnicx_ips_have4() - tell whether a set has an IPv4 address
 * @ips: the set, or NULL for one without addresses
 * @addr: the address
 *
 * Takes at most nine steps.
 *
 * Context: RCU read side or RTNL.
 * Return: whether it has
 */
static inline bool vnicx_ips_have4(const struct vnicx_ips *ips, __be32 addr)
{
	u32 low = 0, high = ips ? ips->nr4 : 0;
	const struct vnicx_range4 *range;
	u32 key = ntohl(addr), mid;

	while (low < high) {
		mid = (low + high) / 2;
		range = &ips->range4[mid];
		if (key < range->first)
			high = mid;
		else if (key > range->last)
			low = mid + 1;
		else
			return true;
	}
	return false;
}

#endif /* _VNICX_IPS_H */
