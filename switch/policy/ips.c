// SPDX-License-Identifier: GPL-2.0
/*
 * A set of IP addresses, for ipguard: made once, read by frames.
 */
#include <linux/rtnetlink.h>
#include <linux/slab.h>
#include <linux/sort.h>
#include <kunit/visibility.h>
#include <vnicx/ips.h>

/* IPv4 first, then by address, and of those with one address the longest range
 * first: a prefix that is part of another comes behind it.
 */
static int vnicx_ips_compare(const void *a, const void *b)
{
	const struct vnicx_prefix *left = a, *right = b;
	int diff = left->v6 - right->v6;

	if (!diff)
		diff = memcmp(&left->addr, &right->addr, sizeof(left->addr));
	return diff ?: left->len - right->len;
}

static int vnicx_ips_order(const u64 *a, const u64 *b)
{
	if (a[0] != b[0])
		return a[0] < b[0] ? -1 : 1;
	return a[1] == b[1] ? 0 : a[1] < b[1] ? -1 : 1;
}

static void vnicx_ips_add4(struct vnicx_ips *ips, const struct vnicx_prefix *p)
{
	struct vnicx_range4 *range = &ips->range4[ips->nr4];
	u32 rest = p->len ? (u32)(BIT_ULL(32 - p->len) - 1) : U32_MAX;

	range->first = ntohl(p->addr.s6_addr32[0]);
	range->last = range->first | rest;
	if (!ips->nr4 || range->first > range[-1].last)
		ips->nr4++;
}

/* The lowest @bits of a number are ones, at most 64. */
static u64 vnicx_ips_ones(int bits)
{
	return bits <= 0 ? 0 : bits >= 64 ? U64_MAX : BIT_ULL(bits) - 1;
}

static void vnicx_ips_halves(u64 half[2], const struct in6_addr *addr)
{
	__be64 be[2];

	memcpy(be, addr, sizeof(be));
	half[0] = be64_to_cpu(be[0]);
	half[1] = be64_to_cpu(be[1]);
}

static void vnicx_ips_add6(struct vnicx_ips *ips, const struct vnicx_prefix *p)
{
	struct vnicx_range6 *range = &ips->range6[ips->nr6];

	vnicx_ips_halves(range->first, &p->addr);
	range->last[0] = range->first[0] | vnicx_ips_ones(64 - p->len);
	range->last[1] = range->first[1] | vnicx_ips_ones(128 - p->len);
	if (!ips->nr6 || vnicx_ips_order(range->first, range[-1].last) > 0)
		ips->nr6++;
}

/**
 * vnicx_ips_make() - make a set
 * @prefix: the prefixes, without bits beyond them
 * @nr: number of prefixes
 *
 * Context: may sleep. RTNL.
 * Return: the set, with one user, or NULL when there is no memory
 */
struct vnicx_ips *vnicx_ips_make(const struct vnicx_prefix *prefix, u32 nr)
{
	size_t prefixes = nr * sizeof(*prefix);
	size_t ranges6 = nr * sizeof(struct vnicx_range6);
	size_t ranges4 = nr * sizeof(struct vnicx_range4);
	struct vnicx_ips *ips;
	u32 i;

	BUILD_BUG_ON(sizeof(struct vnicx_prefix) % __alignof__(u32));

	prefixes = ALIGN(prefixes, sizeof(u64));
	ips = kvzalloc(sizeof(*ips) + prefixes + ranges6 + ranges4, GFP_KERNEL_ACCOUNT);
	if (!ips)
		return NULL;
	ips->users = 1;
	ips->nr = nr;
	ips->range6 = PTR_ALIGN((void *)ips->prefix + nr * sizeof(*prefix),
				sizeof(u64));
	ips->range4 = (void *)ips->range6 + ranges6;
	memcpy(ips->prefix, prefix, nr * sizeof(*prefix));
	sort(ips->prefix, nr, sizeof(*prefix), vnicx_ips_compare, NULL);
	for (i = 0; i < nr; i++) {
		if (ips->prefix[i].v6)
			vnicx_ips_add6(ips, &ips->prefix[i]);
		else
			vnicx_ips_add4(ips, &ips->prefix[i]);
	}
	return ips;
}
EXPORT_SYMBOL_IF_KUNIT(vnicx_ips_make);

/**
 * vnicx_ips_get() - become one more user of a set
 * @ips: the set or NULL
 *
 * Context: RTNL.
 * Return: @ips
 */
struct vnicx_ips *vnicx_ips_get(struct vnicx_ips *ips)
{
	ASSERT_RTNL();

	if (ips)
		ips->users++;
	return ips;
}

/**
 * vnicx_ips_put() - stop being a user of a set
 * @ips: the set or NULL. Its readers may go on until the end of their grace
 *	period
 *
 * Context: RTNL.
 */
void vnicx_ips_put(struct vnicx_ips *ips)
{
	ASSERT_RTNL();

	if (ips && !--ips->users)
		kvfree_rcu(ips, rcu);
}
EXPORT_SYMBOL_IF_KUNIT(vnicx_ips_put);

/**
 * vnicx_ips_have6() - tell whether a set has an IPv6 address
 * @ips: the set, or NULL for one without addresses
 * @addr: the address
 *
 * Takes at most nine steps.
 *
 * Context: RCU read side or RTNL.
 * Return: whether it has
 */
bool vnicx_ips_have6(const struct vnicx_ips *ips, const struct in6_addr *addr)
{
	u32 low = 0, high = ips ? ips->nr6 : 0, mid;
	const struct vnicx_range6 *range;
	u64 key[2];

	vnicx_ips_halves(key, addr);
	while (low < high) {
		mid = (low + high) / 2;
		range = &ips->range6[mid];
		if (vnicx_ips_order(key, range->first) < 0)
			high = mid;
		else if (vnicx_ips_order(key, range->last) > 0)
			low = mid + 1;
		else
			return true;
	}
	return false;
}
EXPORT_SYMBOL_IF_KUNIT(vnicx_ips_have6);
