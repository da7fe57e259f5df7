// SPDX-License-Identifier: GPL-2.0
/*
 * The leases of a port: how many, until when, and what it asked for.
 */
#include <kunit/test.h>
#include <linux/delay.h>
#include <linux/rtnetlink.h>
#include <net/ipv6.h>

#include "leases.h"

static bool give(struct vnicx_leases *leases, u32 n, u32 seconds)
{
	struct in6_addr addr;
	bool given;

	ipv6_addr_set_v4mapped(htonl(0xc0000200 + n), &addr);
	rcu_read_lock_bh();
	rcu_read_lock();
	given = vnicx_lease_give(leases, &addr, 128, seconds, 0);
	rcu_read_unlock();
	rcu_read_unlock_bh();
	return given;
}

static bool has(struct vnicx_leases *leases, u32 n)
{
	return vnicx_leases_have4(leases, htonl(0xc0000200 + n), 0);
}

static void test_full(struct kunit *test)
{
	struct vnicx_leases *leases = make_leases(test, 0);
	u32 i;

	for (i = 0; i < VNICX_LEASES_DEFAULT; i++)
		KUNIT_EXPECT_TRUE(test, give(leases, i, 1000));
	KUNIT_EXPECT_FALSE(test, give(leases, i, 1000));
	KUNIT_EXPECT_FALSE(test, has(leases, i));
	KUNIT_EXPECT_TRUE(test, give(leases, 0, 2000));
	/* Link-local addresses do not take their places. */
	KUNIT_EXPECT_TRUE(test, claim(leases, 1));
	rtnl_lock();
	vnicx_leases_set_max(leases, VNICX_LEASES_MAX);
	rtnl_unlock();
	for (; i < VNICX_LEASES_MAX; i++)
		KUNIT_EXPECT_TRUE(test, give(leases, i, VNICX_LEASE_FOREVER));
	KUNIT_EXPECT_FALSE(test, give(leases, i, 1000));
	for (i = 0; i < VNICX_LEASES_MAX; i++)
		KUNIT_EXPECT_TRUE(test, has(leases, i));
	rtnl_lock();
	vnicx_leases_forget(leases);
	rtnl_unlock();
	for (i = 0; i < VNICX_LEASES_MAX; i++)
		KUNIT_EXPECT_FALSE(test, has(leases, i));
	put_leases(leases);
}

static void test_expiry(struct kunit *test)
{
	struct vnicx_leases *leases = make_leases(test, 0);
	struct vnicx_leases *second = make_leases(test, 1);

	/* Seconds are counted from full ones on: of two, more than one is left. */
	KUNIT_EXPECT_TRUE(test, give(leases, 1, 2));
	KUNIT_EXPECT_TRUE(test, give(leases, 2, 1000));
	KUNIT_EXPECT_TRUE(test, has(leases, 1));
	msleep(2100);
	KUNIT_EXPECT_FALSE(test, has(leases, 1));
	KUNIT_EXPECT_TRUE(test, has(leases, 2));
	/* Another port has the address now. */
	KUNIT_EXPECT_TRUE(test, give(second, 1, 1000));
	KUNIT_EXPECT_FALSE(test, give(leases, 1, 1000));
	KUNIT_EXPECT_FALSE(test, has(leases, 1));
	KUNIT_EXPECT_TRUE(test, has(second, 1));
	put_leases(second);
	KUNIT_EXPECT_TRUE(test, give(leases, 1, 1000));
	put_leases(leases);
}

static bool find(struct vnicx_leases *leases, u32 n)
{
	bool found;

	rcu_read_lock_bh();
	found = vnicx_leases_find4(leases, htonl(0xc0000200 + n), 0);
	rcu_read_unlock_bh();
	return found;
}

static bool recalls(struct vnicx_leases *leases, u32 n)
{
	return vnicx_leases_recall4(leases, htonl(0xc0000200 + n));
}

/* Tell whether a lease is remembered. It was if it is, however near the epoch's end. */
static bool remembers(struct vnicx_leases *leases, u32 n)
{
	int i;

	for (i = 0; i < 3; i++) {
		if (find(leases, n) && recalls(leases, n))
			return true;
	}
	return false;
}

/* A lease that ends is no longer remembered, at once. */
static void test_recent(struct kunit *test)
{
	struct vnicx_leases *leases = make_leases(test, 0);
	struct in6_addr addr;

	KUNIT_EXPECT_FALSE(test, remembers(leases, 1));
	KUNIT_EXPECT_TRUE(test, give(leases, 1, 1000));
	KUNIT_EXPECT_FALSE(test, recalls(leases, 1));
	KUNIT_EXPECT_TRUE(test, remembers(leases, 1));
	/* These have the same place and another. */
	KUNIT_EXPECT_FALSE(test, recalls(leases, 1 + VNICX_LEASE_RECENT));
	KUNIT_EXPECT_FALSE(test, remembers(leases, 1 + VNICX_LEASE_RECENT));
	KUNIT_EXPECT_FALSE(test, recalls(leases, 2));

	ipv6_addr_set_v4mapped(htonl(0xc0000201), &addr);
	KUNIT_EXPECT_TRUE(test, remembers(leases, 1));
	local_bh_disable();
	vnicx_lease_end(leases, &addr, 128, 0);
	local_bh_enable();
	KUNIT_EXPECT_FALSE(test, recalls(leases, 1));
	KUNIT_EXPECT_FALSE(test, find(leases, 1));

	KUNIT_EXPECT_TRUE(test, give(leases, 3, 1000));
	KUNIT_EXPECT_TRUE(test, remembers(leases, 3));
	KUNIT_EXPECT_TRUE(test, give(leases, 3, 1));
	KUNIT_EXPECT_FALSE(test, recalls(leases, 3));
	KUNIT_EXPECT_TRUE(test, give(leases, 3, 1000));
	KUNIT_EXPECT_TRUE(test, remembers(leases, 3));
	rtnl_lock();
	vnicx_leases_forget(leases);
	rtnl_unlock();
	KUNIT_EXPECT_FALSE(test, recalls(leases, 3));
	put_leases(leases);
}

/* A lease holds in one VLAN. */
static void test_vlan(struct kunit *test)
{
	u32 vlan = ETH_P_8021Q << 16 | 5, other = ETH_P_8021Q << 16 | 6;
	struct vnicx_leases *leases = make_leases(test, 0);
	__be32 ip = htonl(0xc0000201);
	struct in6_addr addr;

	ipv6_addr_set_v4mapped(ip, &addr);
	rcu_read_lock_bh();
	rcu_read_lock();
	KUNIT_EXPECT_TRUE(test, vnicx_lease_give(leases, &addr, 128, 1000, vlan));
	KUNIT_EXPECT_TRUE(test, vnicx_leases_find4(leases, ip, vlan));
	KUNIT_EXPECT_FALSE(test, vnicx_leases_find4(leases, ip, other));
	KUNIT_EXPECT_FALSE(test, vnicx_leases_find4(leases, ip, 0));
	KUNIT_EXPECT_FALSE(test, vnicx_leases_recall4(leases, ip));
	KUNIT_EXPECT_TRUE(test, vnicx_leases_have4(leases, ip, VNICX_LEASE_ANY_VLAN));
	KUNIT_EXPECT_FALSE(test, vnicx_leases_have6(leases, &addr, other));
	vnicx_lease_end(leases, &addr, 128, other);
	KUNIT_EXPECT_TRUE(test, vnicx_leases_have6(leases, &addr, vlan));
	vnicx_lease_end(leases, &addr, 128, vlan);
	KUNIT_EXPECT_FALSE(test, vnicx_leases_have6(leases, &addr, vlan));
	rcu_read_unlock();
	rcu_read_unlock_bh();
	put_leases(leases);
}

/* Nothing is remembered beyond the end of a lease. */
static void test_recent_expiry(struct kunit *test)
{
	struct vnicx_leases *leases = make_leases(test, 0);
	unsigned long until = jiffies + 4 * HZ;
	unsigned int recalled = 0, after = 0;
	bool there;

	KUNIT_EXPECT_TRUE(test, give(leases, 1, 3));
	while (time_before(jiffies, until)) {
		there = find(leases, 1);
		if (recalls(leases, 1))
			*(there ? &recalled : &after) += 1;
		usleep_range(1000, 2000);
	}
	KUNIT_EXPECT_GT(test, recalled, 0);
	KUNIT_EXPECT_EQ(test, after, 0);
	KUNIT_EXPECT_FALSE(test, has(leases, 1));
	put_leases(leases);
}

/* A server may give a client the address of another, which said so first. */
static void test_of_another(struct kunit *test)
{
	struct vnicx_leases *first = make_leases(test, 0);
	struct vnicx_leases *second = make_leases(test, 1);

	KUNIT_EXPECT_TRUE(test, give(first, 1, 1000));
	KUNIT_EXPECT_FALSE(test, give(second, 1, 1000));
	KUNIT_EXPECT_FALSE(test, has(second, 1));
	KUNIT_EXPECT_TRUE(test, give(first, 1, 2000));
	KUNIT_EXPECT_TRUE(test, give(second, 2, 1000));
	rtnl_lock();
	vnicx_leases_forget(first);
	rtnl_unlock();
	KUNIT_EXPECT_TRUE(test, give(second, 1, 1000));
	put_leases(first);
	put_leases(second);
}

static bool give_prefix(struct vnicx_leases *leases, u8 len)
{
	const struct in6_addr addr = { .s6_addr = { 0x20, 1, 0xd, 0xb8, 0, 5 } };
	bool given;

	rcu_read_lock_bh();
	rcu_read_lock();
	given = vnicx_lease_give(leases, &addr, len, 1000, 0);
	rcu_read_unlock();
	rcu_read_unlock_bh();
	return given;
}

/* A prefix is one port's, and so is its first address. */
static void test_prefix_of_another(struct kunit *test)
{
	struct vnicx_leases *first = make_leases(test, 0);
	struct vnicx_leases *second = make_leases(test, 1);

	KUNIT_EXPECT_TRUE(test, give_prefix(first, 56));
	KUNIT_EXPECT_FALSE(test, give_prefix(second, 56));
	KUNIT_EXPECT_FALSE(test, give_prefix(second, 128));
	KUNIT_EXPECT_TRUE(test, give_prefix(first, 128));
	put_leases(first);
	KUNIT_EXPECT_TRUE(test, give_prefix(second, 56));
	put_leases(second);
}

/* A port that gets an address for some time has it from its claim on, and not after another. */
static void test_until(struct kunit *test)
{
	struct vnicx_test_net *net = test->priv;
	s64 now = vnicx_lease_now(), later = now + 1000;
	struct vnicx_holder first = {
		.key.addr.s6_addr = { 0xfe, 0x80, [15] = 1 },
		.port = &net->vnic[0]->port,
		.until = later,
	};
	struct vnicx_holder second = first;

	second.port = &net->vnic[1]->port;
	KUNIT_ASSERT_EQ(test, vnicx_holder_claim(net->sw, &first, 1, 0), 0);
	KUNIT_EXPECT_EQ(test, vnicx_holder_claim(net->sw, &second, 1, 0),
			-EADDRINUSE);
	KUNIT_EXPECT_TRUE(test, vnicx_holder_prolong(net->sw, &first, 1, now));
	KUNIT_EXPECT_EQ(test, vnicx_holder_claim(net->sw, &second, 1, 0), 0);
	KUNIT_EXPECT_FALSE(test, vnicx_holder_prolong(net->sw, &first, 1, later));
	/* It is not in the index any more. */
	vnicx_holder_del(net->sw, &first);
	KUNIT_EXPECT_TRUE(test, vnicx_holder_prolong(net->sw, &second, 1, later));
	vnicx_holder_del(net->sw, &second);
	synchronize_net();
}

static bool asked(struct vnicx_leases *leases, bool v6, u32 xid, u32 wanted)
{
	struct vnicx_asked question;
	bool found;

	local_bh_disable();
	found = vnicx_lease_asked(leases, v6, xid, &question);
	local_bh_enable();
	return found && ntohl(question.wanted) == wanted;
}

static void ask(struct vnicx_leases *leases, bool v6, u32 xid, u32 wanted)
{
	local_bh_disable();
	vnicx_lease_ask(leases, v6, xid, htonl(wanted), 0);
	local_bh_enable();
}

static void test_asked(struct kunit *test)
{
	struct vnicx_leases *leases = make_leases(test, 0);
	struct vnicx_asked *first = leases->asked[false];
	u32 i;

	KUNIT_EXPECT_FALSE(test, asked(leases, false, 0, 0));
	ask(leases, false, 7, 5);
	KUNIT_EXPECT_TRUE(test, asked(leases, false, 7, 5));
	KUNIT_EXPECT_FALSE(test, asked(leases, true, 7, 5));
	ask(leases, true, 7, 0);
	KUNIT_EXPECT_TRUE(test, asked(leases, true, 7, 0));

	/* Nobody waits longer than two minutes. */
	first->at -= 120;
	KUNIT_EXPECT_TRUE(test, asked(leases, false, 7, 5));
	first->at--;
	KUNIT_EXPECT_FALSE(test, asked(leases, false, 7, 5));

	rtnl_lock();
	vnicx_leases_forget(leases);
	rtnl_unlock();
	KUNIT_EXPECT_FALSE(test, asked(leases, true, 7, 0));

	/* The oldest goes when there are too many; one asked again takes no room. */
	for (i = 0; i < VNICX_LEASE_ASKED; i++) {
		ask(leases, false, i, i);
		ask(leases, false, i, i + 1);
	}
	first[3].at--;
	ask(leases, false, 100, 0);
	for (i = 0; i < VNICX_LEASE_ASKED; i++)
		KUNIT_EXPECT_EQ(test, i != 3, asked(leases, false, i, i + 1));
	KUNIT_EXPECT_TRUE(test, asked(leases, false, 100, 0));
	put_leases(leases);
}

static int init(struct kunit *test)
{
	test->priv = vnicx_test_net(test, 2);
	return 0;
}

static struct kunit_case leases_cases[] = {
	KUNIT_CASE(test_full),
	KUNIT_CASE(test_expiry),
	KUNIT_CASE(test_recent),
	KUNIT_CASE(test_recent_expiry),
	KUNIT_CASE(test_vlan),
	KUNIT_CASE(test_of_another),
	KUNIT_CASE(test_prefix_of_another),
	KUNIT_CASE(test_until),
	KUNIT_CASE(test_asked),
	{}
};

static struct kunit_suite leases_suite = {
	.name = "vnicx_leases",
	.init = init,
	.test_cases = leases_cases,
};

kunit_test_suite(leases_suite);
