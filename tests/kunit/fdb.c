// SPDX-License-Identifier: GPL-2.0
/*
 * The forwarding database: who owns an address in a VLAN.
 */
#include <linux/delay.h>
#include <linux/etherdevice.h>
#include <linux/rhashtable.h>
#include <linux/rtnetlink.h>

#include "fixture.h"

#define ANY	VNICX_VID_ANY

static const u8 addr[ETH_ALEN] = VNICX_TEST_ADDR(0xf0);
static const u8 other_addr[ETH_ALEN] = VNICX_TEST_ADDR(0xf1);

static int init(struct kunit *test)
{
	test->priv = vnicx_test_tables(test, 4);
	return 0;
}

static int fdb_del(struct vnicx_port *port, const u8 *of, u16 vid)
{
	int err;

	rtnl_lock();
	err = vnicx_fdb_del(port, of, vid, VNICX_FDB_ADMIN);
	rtnl_unlock();
	return err;
}

static void test_owners_from_the_start(struct kunit *test)
{
	struct vnicx_test_tables *t = test->priv;

	KUNIT_EXPECT_PTR_EQ(test, vnicx_test_lookup(t->sw, t->sw->lower->dev_addr, 0),
			    &t->sw->host);
	KUNIT_EXPECT_PTR_EQ(test, vnicx_test_lookup(t->sw, t->port[1].dev->dev_addr, 0),
			    &t->port[1]);
	KUNIT_EXPECT_NULL(test, vnicx_test_lookup(t->sw, addr, 0));
}

static void test_add_lookup_delete(struct kunit *test)
{
	struct vnicx_test_tables *t = test->priv;

	KUNIT_ASSERT_EQ(test, vnicx_test_fdb_add(test, &t->port[0], addr, ANY), 0);
	KUNIT_EXPECT_PTR_EQ(test, vnicx_test_lookup(t->sw, addr, 0), &t->port[0]);
	KUNIT_EXPECT_NULL(test, vnicx_test_lookup(t->sw, other_addr, 0));

	KUNIT_EXPECT_EQ(test, fdb_del(&t->port[0], addr, ANY), 0);
	KUNIT_EXPECT_NULL(test, vnicx_test_lookup(t->sw, addr, 0));
	KUNIT_EXPECT_EQ(test, fdb_del(&t->port[0], addr, ANY), -ENOENT);
}

static void test_any_vlan(struct kunit *test)
{
	static const u16 vids[] = { 0, 1, 5, 4095, ANY };
	struct vnicx_test_tables *t = test->priv;
	unsigned int i;

	KUNIT_ASSERT_EQ(test, vnicx_test_fdb_add(test, &t->port[0], addr, ANY), 0);
	for (i = 0; i < ARRAY_SIZE(vids); i++)
		KUNIT_EXPECT_PTR_EQ(test, vnicx_test_lookup(t->sw, addr, vids[i]),
				    &t->port[0]);
}

static void test_one_vlan(struct kunit *test)
{
	static const u16 others[] = { 0, 4, 6, 4095, ANY };
	struct vnicx_test_tables *t = test->priv;
	unsigned int i;

	KUNIT_ASSERT_EQ(test, vnicx_test_fdb_add(test, &t->port[0], addr, 5), 0);
	KUNIT_EXPECT_PTR_EQ(test, vnicx_test_lookup(t->sw, addr, 5), &t->port[0]);
	for (i = 0; i < ARRAY_SIZE(others); i++)
		KUNIT_EXPECT_NULL(test, vnicx_test_lookup(t->sw, addr, others[i]));
}

/* One station may have its address on two ports in two VLANs. */
static void test_one_address_in_many_vlans(struct kunit *test)
{
	struct vnicx_test_tables *t = test->priv;
	u16 vid;

	for (vid = 0; vid < 100; vid++)
		KUNIT_ASSERT_EQ(test, 0, vnicx_test_fdb_add(test, &t->port[vid % 4],
							    addr, vid));
	for (vid = 0; vid < 100; vid++)
		KUNIT_EXPECT_PTR_EQ(test, vnicx_test_lookup(t->sw, addr, vid),
				    &t->port[vid % 4]);
	KUNIT_EXPECT_NULL(test, vnicx_test_lookup(t->sw, addr, 100));

	KUNIT_EXPECT_EQ(test, fdb_del(&t->port[2], addr, 50), 0);
	KUNIT_EXPECT_NULL(test, vnicx_test_lookup(t->sw, addr, 50));
	KUNIT_EXPECT_PTR_EQ(test, vnicx_test_lookup(t->sw, addr, 49), &t->port[1]);
	KUNIT_EXPECT_PTR_EQ(test, vnicx_test_lookup(t->sw, addr, 51), &t->port[3]);
}

struct conflict {
	const char *desc;
	u16 first_vid;
	unsigned int second_port;
	u16 second_vid;
	int err;
};

static const struct conflict conflicts[] = {
	{ "same port, same VLAN", 5, 0, 5, -EADDRINUSE },
	{ "other port, same VLAN", 5, 1, 5, -EADDRINUSE },
	{ "same port, other VLAN", 5, 0, 6, 0 },
	{ "other port, other VLAN", 5, 1, 6, 0 },
	{ "other port, no VLAN", 5, 1, 0, 0 },
	{ "same port, every VLAN twice", ANY, 0, ANY, -EADDRINUSE },
	{ "other port, every VLAN twice", ANY, 1, ANY, -EADDRINUSE },
	{ "other port, one VLAN after every VLAN", ANY, 1, 5, -EADDRINUSE },
	{ "other port, no VLAN after every VLAN", ANY, 1, 0, -EADDRINUSE },
	{ "other port, every VLAN after one VLAN", 5, 1, ANY, -EADDRINUSE },
	{ "other port, every VLAN after no VLAN", 0, 1, ANY, -EADDRINUSE },
};

KUNIT_ARRAY_PARAM_DESC(conflict, conflicts, desc);

static void test_conflict(struct kunit *test)
{
	const struct conflict *c = test->param_value;
	struct vnicx_test_tables *t = test->priv;
	struct vnicx_port *second = &t->port[c->second_port];

	KUNIT_ASSERT_EQ(test, 0, vnicx_test_fdb_add(test, &t->port[0], addr,
						    c->first_vid));
	KUNIT_EXPECT_EQ(test, vnicx_test_fdb_add(test, second, addr, c->second_vid),
			c->err);
	KUNIT_EXPECT_PTR_EQ(test, vnicx_test_lookup(t->sw, addr, c->first_vid),
			    &t->port[0]);
	if (!c->err)
		KUNIT_EXPECT_PTR_EQ(test, second,
				    vnicx_test_lookup(t->sw, addr, c->second_vid));

	/* A refused entry can be added when the first is gone. */
	KUNIT_EXPECT_EQ(test, fdb_del(&t->port[0], addr, c->first_vid), 0);
	if (c->err)
		KUNIT_EXPECT_EQ(test, 0, vnicx_test_fdb_add(test, second, addr,
							    c->second_vid));
}

static void test_conflict_with_own_addresses(struct kunit *test)
{
	struct vnicx_test_tables *t = test->priv;

	KUNIT_EXPECT_EQ(test, vnicx_test_fdb_add(test, &t->port[0],
						 t->port[1].dev->dev_addr, 5),
			-EADDRINUSE);
	KUNIT_EXPECT_EQ(test, vnicx_test_fdb_add(test, &t->port[0],
						 t->sw->lower->dev_addr, ANY),
			-EADDRINUSE);
}

static void test_delete_what_is_not_there(struct kunit *test)
{
	struct vnicx_test_tables *t = test->priv;

	KUNIT_ASSERT_EQ(test, vnicx_test_fdb_add(test, &t->port[0], addr, 5), 0);
	KUNIT_ASSERT_EQ(test, 0,
			vnicx_test_fdb_add(test, &t->port[0], other_addr, ANY));

	KUNIT_EXPECT_EQ(test, fdb_del(&t->port[1], addr, 5), -ENOENT);
	KUNIT_EXPECT_EQ(test, fdb_del(&t->port[0], addr, 6), -ENOENT);
	KUNIT_EXPECT_EQ(test, fdb_del(&t->port[0], addr, ANY), -ENOENT);
	KUNIT_EXPECT_EQ(test, fdb_del(&t->port[1], other_addr, ANY), -ENOENT);
	KUNIT_EXPECT_EQ(test, fdb_del(&t->port[0], other_addr, 5), -ENOENT);

	KUNIT_EXPECT_PTR_EQ(test, vnicx_test_lookup(t->sw, addr, 5), &t->port[0]);
	KUNIT_EXPECT_PTR_EQ(test, vnicx_test_lookup(t->sw, other_addr, 5),
			    &t->port[0]);
}

#define MANY	4000

static bool table_is_large(struct vnicx_switch *sw)
{
	bool large;

	rcu_read_lock();
	large = rcu_dereference(sw->fdb.ht.tbl)->size >= MANY;
	rcu_read_unlock();
	return large;
}

/* The table grows and shrinks by itself, some time after there is a cause. */
static void expect_large(struct kunit *test, bool large)
{
	struct vnicx_test_tables *t = test->priv;
	unsigned int tries = 500;

	while (table_is_large(t->sw) != large && --tries)
		msleep(20);
	KUNIT_EXPECT_GT(test, tries, 0);
}

static void expect_many(struct kunit *test, unsigned int from)
{
	struct vnicx_test_tables *t = test->priv;
	struct vnicx_port *expected;
	unsigned int i, wrong = 0;
	u8 nth[ETH_ALEN];

	for (i = 0; i < MANY; i++) {
		vnicx_test_addr(nth, 0x200 + i);
		expected = i < from ? NULL : &t->port[i % 4];
		wrong += vnicx_test_lookup(t->sw, nth, i % 8) != expected;
	}
	KUNIT_EXPECT_EQ(test, wrong, 0);
}

static void test_thousands(struct kunit *test)
{
	struct vnicx_test_tables *t = test->priv;
	u8 nth[ETH_ALEN];
	unsigned int i;

	KUNIT_ASSERT_FALSE(test, table_is_large(t->sw));
	for (i = 0; i < MANY; i++) {
		vnicx_test_addr(nth, 0x200 + i);
		KUNIT_ASSERT_EQ(test, 0, vnicx_test_fdb_add(test, &t->port[i % 4],
							    nth, ANY));
	}
	expect_many(test, 0);
	expect_large(test, true);
	expect_many(test, 0);

	for (i = 0; i < MANY; i++) {
		vnicx_test_addr(nth, 0x200 + i);
		KUNIT_EXPECT_EQ(test, fdb_del(&t->port[i % 4], nth, ANY), 0);
		if (i == MANY / 2)
			expect_many(test, i + 1);
	}
	expect_many(test, MANY);
	expect_large(test, false);
}

static void test_host_changes_address(struct kunit *test)
{
	struct vnicx_test_tables *t = test->priv;
	const u8 *old = t->sw->lower->dev_addr;

	KUNIT_EXPECT_EQ(test, vnicx_test_set_host_addr(t->sw, addr), 0);
	KUNIT_EXPECT_PTR_EQ(test, vnicx_test_lookup(t->sw, addr, 0), &t->sw->host);
	KUNIT_EXPECT_NULL(test, vnicx_test_lookup(t->sw, old, 0));
	/* to what it is already */
	KUNIT_EXPECT_EQ(test, vnicx_test_set_host_addr(t->sw, addr), 0);
	KUNIT_EXPECT_PTR_EQ(test, vnicx_test_lookup(t->sw, addr, 0), &t->sw->host);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(test_owners_from_the_start),
	KUNIT_CASE(test_add_lookup_delete),
	KUNIT_CASE(test_any_vlan),
	KUNIT_CASE(test_one_vlan),
	KUNIT_CASE(test_one_address_in_many_vlans),
	KUNIT_CASE_PARAM(test_conflict, conflict_gen_params),
	KUNIT_CASE(test_conflict_with_own_addresses),
	KUNIT_CASE(test_delete_what_is_not_there),
	KUNIT_CASE_SLOW(test_thousands),
	KUNIT_CASE(test_host_changes_address),
	{}
};

static struct kunit_suite suite = {
	.name = "vnicx_fdb",
	.init = init,
	.test_cases = cases,
};

kunit_test_suite(suite);
