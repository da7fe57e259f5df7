// SPDX-License-Identifier: GPL-2.0
/*
 * The forwarding database: which of several titles to an address holds.
 */
#include <linux/etherdevice.h>
#include <linux/rtnetlink.h>

#include "fixture.h"

#define ANY	VNICX_VID_ANY

static const u8 addr[ETH_ALEN] = VNICX_TEST_ADDR(0xf0);

static int init(struct kunit *test)
{
	test->priv = vnicx_test_tables(test, 4);
	return 0;
}

static int add(struct vnicx_port *port, u16 vid, enum vnicx_fdb_rank rank)
{
	int err;

	rtnl_lock();
	err = vnicx_fdb_add(port, addr, vid, rank, GFP_KERNEL);
	rtnl_unlock();
	return err;
}

static int del(struct vnicx_port *port, u16 vid, enum vnicx_fdb_rank rank)
{
	int err;

	rtnl_lock();
	err = vnicx_fdb_del(port, addr, vid, rank);
	rtnl_unlock();
	return err;
}

static int claim(struct vnicx_port *port)
{
	int waits;

	rtnl_lock();
	waits = vnicx_fdb_claim(port, addr, GFP_KERNEL);
	rtnl_unlock();
	return waits;
}

static int unclaim(struct vnicx_port *port)
{
	return del(port, ANY, VNICX_FDB_CLAIM);
}

/* Of claims, the oldest has the address. */
static void test_claims(struct kunit *test)
{
	struct vnicx_test_tables *t = test->priv;
	struct vnicx_port *port = t->port;

	KUNIT_ASSERT_EQ(test, claim(&port[0]), 0);
	KUNIT_ASSERT_EQ(test, claim(&port[1]), 0);
	KUNIT_EXPECT_EQ(test, claim(&port[1]), -EEXIST);
	KUNIT_ASSERT_EQ(test, claim(&port[2]), 0);
	KUNIT_ASSERT_EQ(test, claim(&port[3]), 0);
	KUNIT_EXPECT_PTR_EQ(test, vnicx_test_lookup(t->sw, addr, 5), &port[0]);
	KUNIT_EXPECT_EQ(test, t->sw->nr_claims, 4);

	KUNIT_EXPECT_EQ(test, unclaim(&port[2]), 0);
	KUNIT_EXPECT_PTR_EQ(test, vnicx_test_lookup(t->sw, addr, 5), &port[0]);
	KUNIT_EXPECT_EQ(test, unclaim(&port[0]), 0);
	KUNIT_EXPECT_PTR_EQ(test, vnicx_test_lookup(t->sw, addr, 5), &port[1]);
	KUNIT_EXPECT_EQ(test, unclaim(&port[1]), 0);
	KUNIT_EXPECT_PTR_EQ(test, vnicx_test_lookup(t->sw, addr, 5), &port[3]);
	KUNIT_EXPECT_EQ(test, unclaim(&port[3]), 0);
	KUNIT_EXPECT_NULL(test, vnicx_test_lookup(t->sw, addr, 5));
	KUNIT_EXPECT_EQ(test, unclaim(&port[3]), -ENOENT);
	KUNIT_EXPECT_EQ(test, t->sw->nr_claims, 0);
}

/* An address that was given in one VLAN leaves a claim the others. */
static void test_claim_beside_vlans(struct kunit *test)
{
	struct vnicx_test_tables *t = test->priv;

	KUNIT_ASSERT_EQ(test, vnicx_test_fdb_add(test, &t->port[0], addr, 5), 0);
	KUNIT_ASSERT_EQ(test, claim(&t->port[2]), 1);
	KUNIT_ASSERT_EQ(test, vnicx_test_fdb_add(test, &t->port[1], addr, 6), 0);
	KUNIT_EXPECT_PTR_EQ(test, vnicx_test_lookup(t->sw, addr, 5), &t->port[0]);
	KUNIT_EXPECT_PTR_EQ(test, vnicx_test_lookup(t->sw, addr, 6), &t->port[1]);
	KUNIT_EXPECT_PTR_EQ(test, vnicx_test_lookup(t->sw, addr, 7), &t->port[2]);
	KUNIT_EXPECT_EQ(test, del(&t->port[0], 5, VNICX_FDB_ADMIN), 0);
	KUNIT_EXPECT_PTR_EQ(test, vnicx_test_lookup(t->sw, addr, 5), &t->port[2]);
	KUNIT_EXPECT_EQ(test, unclaim(&t->port[2]), 0);
}

/* A port that has an address twice loses it when both are gone. */
static void test_claim_own_address(struct kunit *test)
{
	struct vnicx_test_tables *t = test->priv;

	KUNIT_ASSERT_EQ(test, vnicx_test_fdb_add(test, &t->port[0], addr, ANY), 0);
	KUNIT_ASSERT_EQ(test, claim(&t->port[0]), 1);
	KUNIT_ASSERT_EQ(test, claim(&t->port[1]), 1);
	KUNIT_EXPECT_EQ(test, del(&t->port[0], ANY, VNICX_FDB_ADMIN), 0);
	KUNIT_EXPECT_PTR_EQ(test, vnicx_test_lookup(t->sw, addr, 0), &t->port[0]);
	KUNIT_EXPECT_EQ(test, unclaim(&t->port[0]), 0);
	KUNIT_EXPECT_PTR_EQ(test, vnicx_test_lookup(t->sw, addr, 0), &t->port[1]);
	KUNIT_EXPECT_EQ(test, unclaim(&t->port[1]), 0);
}

/* Each title is above those before it, whatever came first. */
static void test_ranks(struct kunit *test)
{
	struct vnicx_test_tables *t = test->priv;
	struct vnicx_port *port = t->port;

	KUNIT_ASSERT_EQ(test, claim(&port[0]), 0);
	KUNIT_ASSERT_EQ(test, add(&port[1], ANY, VNICX_FDB_TENANT), 0);
	KUNIT_EXPECT_PTR_EQ(test, vnicx_test_lookup(t->sw, addr, 5), &port[1]);
	KUNIT_EXPECT_EQ(test, add(&port[2], ANY, VNICX_FDB_TENANT), -EADDRINUSE);
	KUNIT_EXPECT_EQ(test, add(&port[2], 5, VNICX_FDB_TENANT), -EADDRINUSE);
	KUNIT_ASSERT_EQ(test, add(&port[3], ANY, VNICX_FDB_ADMIN), 0);
	KUNIT_EXPECT_PTR_EQ(test, vnicx_test_lookup(t->sw, addr, 5), &port[3]);
	KUNIT_EXPECT_EQ(test, add(&port[2], 5, VNICX_FDB_TENANT), -EADDRINUSE);
	KUNIT_EXPECT_EQ(test, add(&port[2], 5, VNICX_FDB_ADMIN), -EADDRINUSE);
	KUNIT_EXPECT_EQ(test, claim(&port[2]), 1);

	KUNIT_EXPECT_EQ(test, del(&port[3], ANY, VNICX_FDB_TENANT), -ENOENT);
	KUNIT_EXPECT_EQ(test, del(&port[3], ANY, VNICX_FDB_ADMIN), 0);
	KUNIT_EXPECT_PTR_EQ(test, vnicx_test_lookup(t->sw, addr, 5), &port[1]);
	KUNIT_EXPECT_EQ(test, del(&port[1], ANY, VNICX_FDB_TENANT), 0);
	KUNIT_EXPECT_PTR_EQ(test, vnicx_test_lookup(t->sw, addr, 5), &port[0]);
	KUNIT_EXPECT_EQ(test, unclaim(&port[0]), 0);
	KUNIT_EXPECT_EQ(test, unclaim(&port[2]), 0);
}

/* A tenant's address in one VLAN gives way to an administrator's in all of them,
 * and an administrator's in one VLAN takes no more than that one.
 */
static void test_ranks_and_vlans(struct kunit *test)
{
	struct vnicx_test_tables *t = test->priv;
	struct vnicx_port *port = t->port;

	KUNIT_ASSERT_EQ(test, add(&port[0], 5, VNICX_FDB_TENANT), 0);
	KUNIT_ASSERT_EQ(test, add(&port[1], ANY, VNICX_FDB_ADMIN), 0);
	KUNIT_EXPECT_PTR_EQ(test, vnicx_test_lookup(t->sw, addr, 5), &port[1]);
	KUNIT_EXPECT_EQ(test, del(&port[0], 5, VNICX_FDB_TENANT), 0);
	KUNIT_EXPECT_EQ(test, del(&port[1], ANY, VNICX_FDB_ADMIN), 0);

	KUNIT_ASSERT_EQ(test, add(&port[0], ANY, VNICX_FDB_TENANT), 0);
	KUNIT_ASSERT_EQ(test, add(&port[1], 5, VNICX_FDB_ADMIN), 0);
	KUNIT_EXPECT_PTR_EQ(test, vnicx_test_lookup(t->sw, addr, 5), &port[1]);
	KUNIT_EXPECT_PTR_EQ(test, vnicx_test_lookup(t->sw, addr, 6), &port[0]);
	KUNIT_EXPECT_EQ(test, del(&port[0], ANY, VNICX_FDB_TENANT), 0);
	KUNIT_EXPECT_EQ(test, del(&port[1], 5, VNICX_FDB_ADMIN), 0);
}

/* A lookup walks all entries of an address, so tenants have one in few VLANs. */
static void test_tenant_vlans(struct kunit *test)
{
	struct vnicx_test_tables *t = test->priv;
	struct vnicx_port *port = t->port;
	u16 vid;

	for (vid = 1; vid <= VNICX_TENANT_VLANS_MAX; vid++)
		KUNIT_ASSERT_EQ(test, add(&port[vid % 2], vid, VNICX_FDB_TENANT), 0);
	KUNIT_EXPECT_EQ(test, add(&port[0], vid, VNICX_FDB_TENANT), -ENOSPC);
	KUNIT_EXPECT_EQ(test, add(&port[2], vid, VNICX_FDB_TENANT), -ENOSPC);
	KUNIT_EXPECT_EQ(test, add(&port[2], 1, VNICX_FDB_TENANT), -EADDRINUSE);
	KUNIT_EXPECT_EQ(test, add(&port[2], vid, VNICX_FDB_ADMIN), 0);
	KUNIT_EXPECT_EQ(test, add(&port[2], vid + 1, VNICX_FDB_ADMIN), 0);

	KUNIT_EXPECT_EQ(test, del(&port[1], 1, VNICX_FDB_TENANT), 0);
	KUNIT_EXPECT_EQ(test, add(&port[3], 100, VNICX_FDB_TENANT), 0);
	KUNIT_EXPECT_EQ(test, del(&port[3], 100, VNICX_FDB_TENANT), 0);
	KUNIT_EXPECT_EQ(test, del(&port[2], vid, VNICX_FDB_ADMIN), 0);
	KUNIT_EXPECT_EQ(test, del(&port[2], vid + 1, VNICX_FDB_ADMIN), 0);
	for (vid = 2; vid <= VNICX_TENANT_VLANS_MAX; vid++)
		KUNIT_EXPECT_EQ(test, del(&port[vid % 2], vid, VNICX_FDB_TENANT), 0);
}

/* The vNIC keeps it, and the host has it afterwards. */
static void test_host_takes_vnics_address(struct kunit *test)
{
	struct vnicx_test_tables *t = test->priv;
	const u8 *old = t->sw->lower->dev_addr;
	const u8 *taken = t->port[1].dev->dev_addr;

	KUNIT_EXPECT_EQ(test, vnicx_test_set_host_addr(t->sw, taken), 1);
	KUNIT_EXPECT_PTR_EQ(test, vnicx_test_lookup(t->sw, taken, 0), &t->port[1]);
	KUNIT_EXPECT_NULL(test, vnicx_test_lookup(t->sw, old, 0));
	/* and back */
	KUNIT_EXPECT_EQ(test, vnicx_test_set_host_addr(t->sw, old), 0);
	KUNIT_EXPECT_PTR_EQ(test, vnicx_test_lookup(t->sw, old, 0), &t->sw->host);
	KUNIT_EXPECT_PTR_EQ(test, vnicx_test_lookup(t->sw, taken, 0), &t->port[1]);

	KUNIT_ASSERT_EQ(test, add(&t->port[0], ANY, VNICX_FDB_ADMIN), 0);
	KUNIT_EXPECT_EQ(test, vnicx_test_set_host_addr(t->sw, addr), 1);
	KUNIT_EXPECT_EQ(test, add(&t->port[2], 5, VNICX_FDB_TENANT), -EADDRINUSE);
	KUNIT_EXPECT_EQ(test, del(&t->port[0], ANY, VNICX_FDB_ADMIN), 0);
	KUNIT_EXPECT_PTR_EQ(test, vnicx_test_lookup(t->sw, addr, 0), &t->sw->host);
	KUNIT_EXPECT_EQ(test, add(&t->port[0], ANY, VNICX_FDB_ADMIN), -EADDRINUSE);
	KUNIT_EXPECT_EQ(test, vnicx_test_set_host_addr(t->sw, old), 0);
	KUNIT_EXPECT_NULL(test, vnicx_test_lookup(t->sw, addr, 0));
}

/* An address that a tenant gave a vNIC is the host's at once. */
static void test_host_takes_tenants_address(struct kunit *test)
{
	struct vnicx_test_tables *t = test->priv;

	KUNIT_ASSERT_EQ(test, add(&t->port[0], ANY, VNICX_FDB_TENANT), 0);
	KUNIT_EXPECT_EQ(test, vnicx_test_set_host_addr(t->sw, addr), 0);
	KUNIT_EXPECT_PTR_EQ(test, vnicx_test_lookup(t->sw, addr, 0), &t->sw->host);
	KUNIT_EXPECT_EQ(test, del(&t->port[0], ANY, VNICX_FDB_TENANT), 0);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(test_claims),
	KUNIT_CASE(test_claim_beside_vlans),
	KUNIT_CASE(test_claim_own_address),
	KUNIT_CASE(test_ranks),
	KUNIT_CASE(test_ranks_and_vlans),
	KUNIT_CASE(test_tenant_vlans),
	KUNIT_CASE(test_host_takes_vnics_address),
	KUNIT_CASE(test_host_takes_tenants_address),
	{}
};

static struct kunit_suite suite = {
	.name = "vnicx_rank",
	.init = init,
	.test_cases = cases,
};

kunit_test_suite(suite);
