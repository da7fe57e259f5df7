// SPDX-License-Identifier: GPL-2.0
/*
 * The IPv6 link-local addresses of ports: who has one, and for how long.
 */
#include <kunit/test.h>
#include <linux/if_vlan.h>
#include <linux/rtnetlink.h>
#include <net/ipv6.h>

#include "../../switch/policy/holder.h"
#include "leases.h"

#define PORTS	(VNICX_HOLDERS_WALK + 1)

static void contest(struct vnicx_leases *leases, u8 n, u32 vlan)
{
	struct in6_addr addr = { .s6_addr = { 0xfe, 0x80, [15] = n } };

	rcu_read_lock_bh();
	rcu_read_lock();
	vnicx_lease_contest(leases, &addr, vlan);
	rcu_read_unlock();
	rcu_read_unlock_bh();
}

/* A link-local address is the first port's. The oldest of too many goes. */
static void test_first(struct kunit *test)
{
	struct vnicx_leases *first = make_leases(test, 0);
	struct vnicx_leases *second = make_leases(test, 1);
	u8 i;

	KUNIT_EXPECT_FALSE(test, has_local(first, 1));
	KUNIT_EXPECT_TRUE(test, claim(first, 1));
	KUNIT_EXPECT_TRUE(test, has_local(first, 1));
	KUNIT_EXPECT_FALSE(test, claim(second, 1));
	KUNIT_EXPECT_FALSE(test, has_local(second, 1));
	/* The first question is the one that counts, in whatever VLAN. */
	KUNIT_EXPECT_FALSE(test, claim_in(first, 1, 5));
	KUNIT_EXPECT_TRUE(test, claim(first, 9));
	contest(first, 9, 0);
	KUNIT_EXPECT_FALSE(test, has_local(first, 9));
	KUNIT_EXPECT_TRUE(test, has_local(first, 1));
	/* Later than a second or two, nobody takes an address away. */
	for (i = 0; i < first->nr; i++)
		first->lease[i].since -= 3;
	contest(first, 1, 0);
	KUNIT_EXPECT_TRUE(test, has_local(first, 1));
	for (i = 2; i < 6; i++)
		KUNIT_EXPECT_TRUE(test, claim(first, i));
	KUNIT_EXPECT_FALSE(test, has_local(first, 1));
	for (i = 2; i < 6; i++)
		KUNIT_EXPECT_TRUE(test, has_local(first, i));
	KUNIT_EXPECT_TRUE(test, claim(second, 1));
	put_leases(first);
	KUNIT_EXPECT_TRUE(test, claim(second, 2));
	put_leases(second);
}

/* A link-local address is a port's in the VLAN of its question. Nobody in another VLAN
 * bars others from it, nor keeps its owner from an objection.
 */
static void test_of_vlans(struct kunit *test)
{
	struct in6_addr addr = { .s6_addr = { 0xfe, 0x80, [15] = 1 } };
	const u32 ten = ETH_P_8021Q << 16 | 10, other = ETH_P_8021Q << 16 | 3001;
	struct vnicx_leases *first = make_leases(test, 0);
	struct vnicx_leases *second = make_leases(test, 1);
	struct vnicx_switch *sw = first->port->sw;

	KUNIT_EXPECT_TRUE(test, claim_in(first, 1, ten));
	KUNIT_EXPECT_FALSE(test, claim_in(second, 1, ten));
	KUNIT_EXPECT_TRUE(test, claim_in(second, 1, other));
	rcu_read_lock();
	KUNIT_EXPECT_PTR_EQ(test, vnicx_holder_only(sw, &addr, ten), first->port);
	KUNIT_EXPECT_PTR_EQ(test, vnicx_holder_only(sw, &addr, other), second->port);
	KUNIT_EXPECT_NULL(test, vnicx_holder_only(sw, &addr, 0));
	rcu_read_unlock();
	contest(first, 1, other);
	KUNIT_EXPECT_TRUE(test, vnicx_leases_have6(first, &addr, ten));
	contest(first, 1, ten);
	KUNIT_EXPECT_FALSE(test, vnicx_leases_have6(first, &addr, ten));
	KUNIT_EXPECT_TRUE(test, vnicx_leases_have6(second, &addr, other));
	put_leases(first);
	put_leases(second);
}

/* Tenants that are each in a VLAN of their own have what link-local address they like,
 * as many as there are.
 */
static void test_of_many(struct kunit *test)
{
	struct vnicx_leases *leases[PORTS];
	u32 i, first = ETH_P_8021Q << 16 | 100;

	for (i = 0; i < PORTS; i++) {
		leases[i] = make_leases(test, i);
		KUNIT_EXPECT_FALSE(test, i && claim_in(leases[i], 1, first));
		KUNIT_EXPECT_TRUE(test, claim_in(leases[i], 1, first + i));
	}
	for (i = 0; i < PORTS; i++)
		put_leases(leases[i]);
}

static int init(struct kunit *test)
{
	test->priv = vnicx_test_net(test, PORTS);
	return 0;
}

static struct kunit_case locals_cases[] = {
	KUNIT_CASE(test_first),
	KUNIT_CASE(test_of_vlans),
	KUNIT_CASE(test_of_many),
	{}
};

static struct kunit_suite locals_suite = {
	.name = "vnicx_locals",
	.init = init,
	.test_cases = locals_cases,
};

kunit_test_suite(locals_suite);
