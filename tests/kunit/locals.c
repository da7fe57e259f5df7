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
#include "vlan.h"

#define PORTS	(VNICX_HOLDERS_WALK + 1)

/* Puts a vNIC, with its leases, into a private VLAN: by its secondary VLAN, which is the
 * primary one for a promiscuous port, with 101 to 103. Without a primary VLAN, into an access VLAN;
 * without any, into none.
 */
static void put_into(struct kunit *test, struct vnicx_leases *leases,
		     unsigned int i, u16 primary, u16 vid, bool isolated)
{
	DECLARE_BITMAP(vids, VLAN_N_VID) = {};
	const struct vnicx_policy policy = {
		.leases = leases,
		.vlan.on = vid,
		.vlan.proto = htons(Q),
		.vlan.primary = primary,
		.vlan.vid = vid,
		.vlan.vids = primary ? vids : NULL,
	};

	__set_bit(primary, vids);
	if (!isolated)
		__set_bit(vid, vids);
	if (primary == vid)
		bitmap_set(vids, 101, 3);
	vnicx_test_policy(test, i, &policy);
}

static void contest(struct vnicx_leases *leases, u8 n, u32 vlan)
{
	struct in6_addr addr = { .s6_addr = { 0xfe, 0x80, [15] = n } };

	rcu_read_lock_bh();
	rcu_read_lock();
	vnicx_lease_contest(leases, &addr, vlan);
	rcu_read_unlock();
	rcu_read_unlock_bh();
}

/* A server gives a port fe80::N. */
static bool give_for(struct vnicx_leases *leases, u8 n, u32 vlan, u32 seconds)
{
	struct in6_addr addr = { .s6_addr = { 0xfe, 0x80, [15] = n } };
	bool given;

	rcu_read_lock_bh();
	rcu_read_lock();
	given = vnicx_lease_give(leases, &addr, 128, seconds, vlan);
	rcu_read_unlock();
	rcu_read_unlock_bh();
	return given;
}

static bool give_in(struct vnicx_leases *leases, u8 n, u32 vlan)
{
	return give_for(leases, n, vlan, 1000);
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

/* Ports whose frames reach one gateway, by the same private VLAN or by its primary one,
 * have an address once, in whatever VLANs they send; also by a server.
 */
static void test_of_private(struct kunit *test)
{
	static const struct {
		u16 primary;
		u16 vid;
		bool isolated;
	} vlans[] = {
		{ 100, 101, true }, { 100, 101, true }, { 100, 102, true },
		{ 100, 103 }, { 100, 100 }, { .vid = 100 },
		/* another one */
		{ 200, 201, true },
	};
	const u32 q = Q << 16, last = ARRAY_SIZE(vlans) - 1;
	struct vnicx_leases *leases[ARRAY_SIZE(vlans)];
	unsigned int i, j;

	for (i = 0; i <= last; i++) {
		leases[i] = make_leases(test, i);
		put_into(test, leases[i], i, vlans[i].primary, vlans[i].vid,
			 vlans[i].isolated);
	}
	for (i = 0; i < last; i++) {
		KUNIT_EXPECT_TRUE(test, claim_in(leases[i], 1, q | vlans[i].vid));
		for (j = 0; j <= last; j++) {
			KUNIT_EXPECT_EQ_MSG(test, j == i || j == last,
					    claim_in(leases[j], 1, q | vlans[j].vid),
					    "%u after %u", j, i);
			KUNIT_EXPECT_EQ_MSG(test, j == i || j == last,
					    give_in(leases[j], 1, q | vlans[j].vid),
					    "a server to %u after %u", j, i);
		}
		rtnl_lock();
		vnicx_leases_forget(leases[i]);
		rtnl_unlock();
	}
	for (i = 0; i <= last; i++) {
		vnicx_test_policy(test, i, NULL);
		put_leases(leases[i]);
	}
}

/* The leases of a port end when all of its frames come to be in another VLAN, or in another
 * private VLAN, by which the switch's index has them. There it gets the same address.
 */
static void test_of_moves(struct kunit *test)
{
	static const struct {
		u16 primary;
		u16 vid;
	} vlans[] = {
		{ .vid = 10 }, { 100, 101 }, { 100, 102 }, { 200, 102 }, { .vid = 10 },
		{ .vid = 20 },
	};
	struct in6_addr addr = { .s6_addr = { 0xfe, 0x80, [15] = 1 } };
	struct vnicx_leases *leases = make_leases(test, 0);
	u32 before = 0, now;
	unsigned int i;

	put_into(test, leases, 0, 100, 101, true);
	KUNIT_EXPECT_TRUE(test, claim_in(leases, 1, Q << 16 | 101));
	for (i = 0; i < ARRAY_SIZE(vlans); i++) {
		put_into(test, leases, 0, vlans[i].primary, vlans[i].vid, true);
		now = Q << 16 | vlans[i].vid;
		KUNIT_EXPECT_FALSE_MSG(test,
				       vnicx_leases_have6(leases, &addr, VNICX_LEASE_ANY_VLAN),
				       "%u", i);
		KUNIT_EXPECT_TRUE_MSG(test, claim_in(leases, 1, now), "%u", i);
		KUNIT_EXPECT_TRUE(test, vnicx_leases_have6(leases, &addr, now));
		KUNIT_EXPECT_EQ(test, before == now,
				vnicx_leases_have6(leases, &addr, before));
		before = now;
	}
	/* A question on its way from the VLAN before gives nothing, and takes nothing. */
	KUNIT_EXPECT_FALSE(test, claim_in(leases, 1, Q << 16 | 10));
	KUNIT_EXPECT_FALSE(test, give_in(leases, 2, Q << 16 | 10));
	/* The same VLANs again end nothing. */
	put_into(test, leases, 0, 0, 20, false);
	KUNIT_EXPECT_TRUE(test, vnicx_leases_have6(leases, &addr, before));
	vnicx_test_policy(test, 0, NULL);
	put_leases(leases);
}

/* Private VLANs whose tenants have the same address bar nobody from it. */
static void test_of_many_private(struct kunit *test)
{
	struct vnicx_leases *leases[PORTS];
	u32 i, last = PORTS - 1;

	for (i = 0; i < PORTS; i++) {
		leases[i] = make_leases(test, i);
		put_into(test, leases[i], i, i == last ? 0 : 100 + i, 200 + i, i % 2);
		KUNIT_EXPECT_TRUE_MSG(test, give_in(leases[i], 1, Q << 16 | (200 + i)),
				      "%u", i);
	}
	for (i = 0; i < PORTS; i++) {
		vnicx_test_policy(test, i, NULL);
		put_leases(leases[i]);
	}
}

/* Leases that have ended bar nobody, although their ports ask for nothing any more. */
static void test_of_many_ended(struct kunit *test)
{
	const u32 ten = Q << 16 | 10;
	struct vnicx_leases *leases[PORTS];
	u32 i;

	for (i = 0; i < PORTS; i++) {
		leases[i] = make_leases(test, i);
		KUNIT_EXPECT_TRUE_MSG(test, give_for(leases[i], 1, ten, 0), "%u", i);
	}
	KUNIT_EXPECT_TRUE(test, give_in(leases[0], 1, ten));
	KUNIT_EXPECT_FALSE(test, give_in(leases[1], 1, ten));
	for (i = 0; i < PORTS; i++)
		put_leases(leases[i]);
}

/* An address that a port has asked for is one lease, whatever a server gives it. A server's
 * lease that has ended is none.
 */
static void test_of_servers(struct kunit *test)
{
	struct in6_addr addr = { .s6_addr = { 0xfe, 0x80, [15] = 2 } };
	struct vnicx_leases *leases = make_leases(test, 0);
	u32 question;

	KUNIT_EXPECT_TRUE(test, give_for(leases, 1, 0, 0));
	KUNIT_EXPECT_TRUE(test, claim(leases, 1));
	KUNIT_EXPECT_TRUE(test, has_local(leases, 1));

	rcu_read_lock_bh();
	rcu_read_lock();
	KUNIT_EXPECT_TRUE(test, vnicx_lease_claim(leases, &addr, 0, &question));
	KUNIT_EXPECT_TRUE(test, give_in(leases, 2, 0));
	KUNIT_EXPECT_FALSE(test, has_local(leases, 2));
	vnicx_lease_settle(leases, question, true);
	rcu_read_unlock();
	rcu_read_unlock_bh();
	KUNIT_EXPECT_TRUE(test, has_local(leases, 2));
	contest(leases, 2, 0);
	KUNIT_EXPECT_FALSE(test, has_local(leases, 2));
	put_leases(leases);
}

static void put_into_trunk(struct kunit *test, struct vnicx_leases *leases,
			   unsigned int i, u16 vid)
{
	DECLARE_BITMAP(vids, VLAN_N_VID) = {};
	const struct vnicx_policy policy = {
		.leases = leases,
		.vlan.on = true,
		.vlan.tagged = true,
		.vlan.proto = htons(Q),
		.vlan.vid = VNICX_VID_NONE,
		.vlan.vids = vids,
	};

	__set_bit(vid, vids);
	vnicx_test_policy(test, i, &policy);
}

/* A lease does not come back with a VLAN that its port had left. */
static void test_of_return(struct kunit *test)
{
	struct in6_addr addr = { .s6_addr = { 0xfe, 0x80, [15] = 1 } };
	struct vnicx_leases *first = make_leases(test, 0);
	struct vnicx_leases *second = make_leases(test, 1);
	const u32 ten = Q << 16 | 10;

	put_into(test, first, 0, 0, 10, false);
	put_into(test, second, 1, 0, 10, false);
	KUNIT_EXPECT_TRUE(test, give_in(first, 1, ten));
	/* in a trunk with the VLAN, it stays */
	put_into_trunk(test, first, 0, 10);
	KUNIT_EXPECT_TRUE(test, vnicx_leases_have6(first, &addr, ten));
	KUNIT_EXPECT_FALSE(test, give_in(second, 1, ten));
	put_into_trunk(test, first, 0, 20);
	KUNIT_EXPECT_FALSE(test, give_in(first, 2, ten));
	KUNIT_EXPECT_TRUE(test, give_in(second, 1, ten));
	put_into(test, first, 0, 0, 10, false);
	KUNIT_EXPECT_FALSE(test, vnicx_leases_have6(first, &addr, ten));
	KUNIT_EXPECT_TRUE(test, vnicx_leases_have6(second, &addr, ten));
	vnicx_test_policy(test, 0, NULL);
	vnicx_test_policy(test, 1, NULL);
	put_leases(first);
	put_leases(second);
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
	KUNIT_CASE(test_of_private),
	KUNIT_CASE(test_of_moves),
	KUNIT_CASE(test_of_many_private),
	KUNIT_CASE(test_of_many_ended),
	KUNIT_CASE(test_of_return),
	KUNIT_CASE(test_of_servers),
	{}
};

static struct kunit_suite locals_suite = {
	.name = "vnicx_locals",
	.init = init,
	.test_cases = locals_cases,
};

kunit_test_suite(locals_suite);
