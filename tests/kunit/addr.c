// SPDX-License-Identifier: GPL-2.0
/*
 * The addresses that vNICs get when they are given none.
 */
#include <linux/etherdevice.h>

#include "../../vnic/addr/addr.h"
#include "fixture.h"

static const u8 lower_addr[ETH_ALEN] = { 0x00, 0x1b, 0x21, 1, 2, 3 };

struct vector {
	const char *desc;
	u8 lower[ETH_ALEN];
	const char *name;
	u32 attempt;
	u8 addr[ETH_ALEN];
	u64 vlans;
};

/* A vNIC's address must survive new kernels and new versions of the module.
 * These were computed by another implementation of SipHash-2-4.
 */
static const struct vector vectors[] = {
	{ "first vNIC", { 0x00, 0x1b, 0x21, 1, 2, 3 }, "vnic0", 0,
	  { 0xfa, 0xec, 0x8f, 0x73, 0x70, 0xbb } },
	{ "second attempt", { 0x00, 0x1b, 0x21, 1, 2, 3 }, "vnic0", 1,
	  { 0x72, 0x72, 0x8f, 0x8d, 0x31, 0x30 } },
	{ "second vNIC", { 0x00, 0x1b, 0x21, 1, 2, 3 }, "vnic1", 0,
	  { 0x22, 0xc7, 0x3b, 0xdb, 0xd7, 0x7c } },
	{ "another lower device", { 0x52, 0x54, 0, 0x12, 0x34, 0x56 }, "vnic0", 0,
	  { 0x36, 0x76, 0x80, 0xb0, 0x0d, 0xa3 } },
	{ "longest name", { 0x52, 0x54, 0, 0x12, 0x34, 0x56 },
	  "abcdefghijklmno", 63, { 0x62, 0x57, 0x1f, 0xba, 0x69, 0x76 } },
	{ "all zero", { 0 }, "", 0, { 0x0e, 0xc7, 0xfb, 0x89, 0x0e, 0x76 } },
	{ "nearly all ones", { 0xff, 0xff, 0xff, 0xff, 0xff, 0xfe }, "v",
	  U32_MAX - 1, { 0x2e, 0x14, 0xc2, 0xa3, 0x5a, 0xd4 } },
	{ "over VLAN 5", { 0x00, 0x1b, 0x21, 1, 2, 3 }, "vnic0", 0,
	  { 0xe2, 0xdd, 0xd4, 0x4f, 0xd0, 0xa9 }, 5 },
	{ "over VLAN 5, second attempt", { 0x00, 0x1b, 0x21, 1, 2, 3 },
	  "vnic0", 1, { 0xe2, 0xbd, 0x59, 0xf6, 0x25, 0xe4 }, 5 },
	{ "over S-VLAN 5", { 0x00, 0x1b, 0x21, 1, 2, 3 }, "vnic0", 0,
	  { 0x52, 0x02, 0x35, 0x14, 0x28, 0x93 }, BIT(12) | 5 },
	{ "over VLAN 6 in S-VLAN 5", { 0x00, 0x1b, 0x21, 1, 2, 3 }, "vnic0", 0,
	  { 0xae, 0xc1, 0xcc, 0xf3, 0x3c, 0x05 }, 6 << 13 | BIT(12) | 5 },
};

KUNIT_ARRAY_PARAM_DESC(vector, vectors, desc);

static void test_vector(struct kunit *test)
{
	const struct vector *v = test->param_value;
	u8 addr[ETH_ALEN] = {};

	KUNIT_EXPECT_EQ(test, 0,
			vnicx_addr_derive(v->lower, v->vlans, v->name,
					  v->attempt, addr));
	KUNIT_EXPECT_MEMEQ(test, addr, v->addr, ETH_ALEN);
}

#define MANY	256

static void test_many_names(struct kunit *test)
{
	u8 (*addr)[ETH_ALEN] = kunit_kcalloc(test, MANY, ETH_ALEN, GFP_KERNEL);
	char name[IFNAMSIZ];
	unsigned int i, j;

	KUNIT_ASSERT_NOT_NULL(test, addr);
	for (i = 0; i < MANY; i++) {
		snprintf(name, sizeof(name), "vnic%u", i);
		KUNIT_ASSERT_EQ(test, 0,
				vnicx_addr_derive(lower_addr, 0, name, 0,
						  addr[i]));
		KUNIT_EXPECT_TRUE(test, is_valid_ether_addr(addr[i]));
		KUNIT_EXPECT_TRUE(test, is_local_ether_addr(addr[i]));
		for (j = 0; j < i; j++)
			if (ether_addr_equal_unaligned(addr[i], addr[j]))
				KUNIT_FAIL(test, "vNICs %u and %u have %pM",
					   i, j, addr[i]);
	}
}

/* One more attempt always is another address. */
static void test_attempts(struct kunit *test)
{
	u8 addr[ETH_ALEN], before[ETH_ALEN] = {};
	u32 attempt;

	for (attempt = 0; attempt < 64; attempt++) {
		KUNIT_ASSERT_EQ(test, 0, vnicx_addr_derive(lower_addr, 0, "vnic0",
							   attempt, addr));
		KUNIT_EXPECT_MEMNEQ(test, addr, before, ETH_ALEN);
		KUNIT_EXPECT_TRUE(test, is_valid_ether_addr(addr));
		ether_addr_copy(before, addr);
	}
}

static void test_too_long_a_name(struct kunit *test)
{
	u8 addr[ETH_ALEN];

	KUNIT_EXPECT_EQ(test, -EINVAL, vnicx_addr_derive(lower_addr, 0,
							 "abcdefghijklmnop",
							 0, addr));
}

/* Memory behind a name has no part in the address. */
static void test_behind_the_name(struct kunit *test)
{
	static const char name[IFNAMSIZ] = "vnic0\0garbage";
	u8 addr[ETH_ALEN];

	KUNIT_ASSERT_EQ(test, 0, vnicx_addr_derive(lower_addr, 0, name, 0, addr));
	KUNIT_EXPECT_MEMEQ(test, addr, vectors[0].addr, ETH_ALEN);
}

static void free_device(void *dev)
{
	free_netdev(dev);
}

/* A switch over a device with the address of the vectors, and a vNIC to be. */
static struct net_device *device_to_be(struct kunit *test,
				       struct vnicx_switch *sw)
{
	struct net_device *dev = alloc_etherdev(0);

	KUNIT_ASSERT_NOT_NULL(test, dev);
	KUNIT_ASSERT_EQ(test, 0,
			kunit_add_action_or_reset(test, free_device, dev));
	strscpy(dev->name, "vnic0");
	ether_addr_copy(sw->lower->perm_addr, lower_addr);
	return dev;
}

static int assign(struct vnicx_switch *sw, struct net_device *dev)
{
	struct vnicx_lower lower = { .dev = sw->lower, .sw = sw };
	int err;

	rtnl_lock();
	err = vnicx_addr_assign(&lower, dev);
	rtnl_unlock();
	return err;
}

static void test_assign(struct kunit *test)
{
	struct vnicx_switch *sw = vnicx_test_switch(test);
	struct net_device *dev = device_to_be(test, sw);

	KUNIT_EXPECT_EQ(test, assign(sw, dev), 0);
	KUNIT_EXPECT_MEMEQ(test, dev->dev_addr, vectors[0].addr, ETH_ALEN);
	/* or user space would give the vNIC a random one */
	KUNIT_EXPECT_EQ(test, dev->addr_assign_type, NET_ADDR_SET);
}

static void test_assign_next_when_taken(struct kunit *test)
{
	struct vnicx_switch *sw = vnicx_test_switch(test);
	struct net_device *dev = device_to_be(test, sw);
	struct vnicx_port *other = vnicx_test_ports(test, sw, 1);

	KUNIT_ASSERT_EQ(test, 0, vnicx_test_fdb_add(test, other, vectors[0].addr,
						    VNICX_VID_ANY));
	KUNIT_EXPECT_EQ(test, assign(sw, dev), 0);
	KUNIT_EXPECT_MEMEQ(test, dev->dev_addr, vectors[1].addr, ETH_ALEN);
}

static void test_assign_without_permanent_address(struct kunit *test)
{
	struct vnicx_switch *sw = vnicx_test_switch(test);
	struct net_device *dev = device_to_be(test, sw);

	eth_zero_addr(sw->lower->perm_addr);
	eth_hw_addr_set(sw->lower, vectors[3].lower);
	KUNIT_EXPECT_EQ(test, assign(sw, dev), 0);
	KUNIT_EXPECT_MEMEQ(test, dev->dev_addr, vectors[3].addr, ETH_ALEN);
}

/* However many of its name there are, a vNIC gets an address. */
static void test_assign_when_all_are_taken(struct kunit *test)
{
	struct vnicx_switch *sw = vnicx_test_switch(test);
	struct net_device *dev = device_to_be(test, sw);
	struct vnicx_port *other = vnicx_test_ports(test, sw, 1);
	u8 addr[ETH_ALEN];
	u32 attempt;

	for (attempt = 0; attempt < 64; attempt++) {
		vnicx_addr_derive(lower_addr, 0, "vnic0", attempt, addr);
		KUNIT_ASSERT_EQ(test, 0, vnicx_test_fdb_add(test, other, addr,
							    VNICX_VID_ANY));
	}
	KUNIT_EXPECT_EQ(test, assign(sw, dev), 0);
	KUNIT_EXPECT_TRUE(test, is_valid_ether_addr(dev->dev_addr));
	KUNIT_EXPECT_TRUE(test, is_local_ether_addr(dev->dev_addr));
	KUNIT_EXPECT_NULL(test, vnicx_test_lookup(sw, dev->dev_addr, 0));
}

static void test_check(struct kunit *test)
{
	struct vnicx_switch *sw = vnicx_test_switch(test);
	struct vnicx_lower lower = { .dev = sw->lower, .sw = sw };
	struct vnicx_port *port = vnicx_test_ports(test, sw, 2);
	const u8 *addr = port[0].dev->dev_addr;
	struct netlink_ext_ack extack = {};
	const u16 any = VNICX_VID_ANY;

	rtnl_lock();
	KUNIT_EXPECT_EQ(test, 0, vnicx_addr_check(&lower, vectors[0].addr, any,
						  VNICX_FDB_TENANT, NULL,
						  &extack));
	KUNIT_EXPECT_EQ(test, 0, vnicx_addr_check(&lower, addr, any, VNICX_FDB_ADMIN,
						  &port[0], &extack));
	KUNIT_EXPECT_NULL(test, extack._msg);
	KUNIT_EXPECT_EQ(test, -EADDRINUSE,
			vnicx_addr_check(&lower, addr, any, VNICX_FDB_ADMIN,
					 &port[1], &extack));
	KUNIT_EXPECT_NOT_NULL(test, extack._msg);
	KUNIT_EXPECT_EQ(test, -EADDRINUSE,
			vnicx_addr_check(&lower, addr, any, VNICX_FDB_ADMIN, NULL,
					 NULL));
	KUNIT_EXPECT_EQ(test, -EADDRINUSE,
			vnicx_addr_check(&lower, addr, 5, VNICX_FDB_TENANT, NULL,
					 NULL));
	KUNIT_EXPECT_EQ(test, -EADDRINUSE,
			vnicx_addr_check(&lower, sw->host_addr, any,
					 VNICX_FDB_ADMIN, NULL, &extack));
	rtnl_unlock();
}

static void test_check_vlan(struct kunit *test)
{
	struct vnicx_switch *sw = vnicx_test_switch(test);
	struct vnicx_lower lower = { .dev = sw->lower, .sw = sw };
	struct vnicx_port *port = vnicx_test_ports(test, sw, 2);
	const u8 *addr = vectors[0].addr;

	KUNIT_ASSERT_EQ(test, 0, vnicx_test_fdb_add(test, &port[0], addr, 5));
	rtnl_lock();
	KUNIT_EXPECT_EQ(test, 0, vnicx_addr_check(&lower, addr, 6, VNICX_FDB_ADMIN,
						  NULL, NULL));
	KUNIT_EXPECT_EQ(test, -EADDRINUSE,
			vnicx_addr_check(&lower, addr, 5, VNICX_FDB_ADMIN, NULL,
					 NULL));
	KUNIT_EXPECT_EQ(test, -EADDRINUSE,
			vnicx_addr_check(&lower, addr, VNICX_VID_ANY,
					 VNICX_FDB_ADMIN, NULL, NULL));
	/* not its device's address, so it cannot become that either */
	KUNIT_EXPECT_EQ(test, -EADDRINUSE,
			vnicx_addr_check(&lower, addr, VNICX_VID_ANY,
					 VNICX_FDB_ADMIN, &port[0], NULL));
	rtnl_unlock();
}

static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(test_vector, vector_gen_params),
	KUNIT_CASE(test_many_names),
	KUNIT_CASE(test_attempts),
	KUNIT_CASE(test_too_long_a_name),
	KUNIT_CASE(test_behind_the_name),
	KUNIT_CASE(test_assign),
	KUNIT_CASE(test_assign_next_when_taken),
	KUNIT_CASE(test_assign_without_permanent_address),
	KUNIT_CASE(test_assign_when_all_are_taken),
	KUNIT_CASE(test_check),
	KUNIT_CASE(test_check_vlan),
	{}
};

static struct kunit_suite suite = {
	.name = "vnicx_addr",
	.test_cases = cases,
};

kunit_test_suite(suite);
