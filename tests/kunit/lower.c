// SPDX-License-Identifier: GPL-2.0
/*
 * A vNIC takes its geometry over from its lower device, which may have any.
 */
#include <kunit/test.h>
#include <linux/etherdevice.h>
#include <linux/rtnetlink.h>

#include "../../vnic/vnic.h"

struct geometry {
	const char *desc;
	unsigned int mtu;
	u16 header;
	u16 headroom;
	u16 tailroom;
	u16 vnic_headroom;
	u16 vnic_tailroom;
	unsigned int vnic_min_mtu;
	unsigned int vnic_max_mtu;
};

static const struct geometry geometries[] = {
	{ "plain Ethernet", 1500, ETH_HLEN, 0, 0, 0, 0, 68, 1500 },
	{ "a VLAN device over it", 1500, ETH_HLEN + VLAN_HLEN, 0, 0, 4, 0,
	  68, 1500 },
	{ "room on both sides", 1500, ETH_HLEN, 50, 16, 50, 16, 68, 1500 },
	{ "a longer header and room", 1500, 30, 100, 1, 116, 1, 68, 1500 },
	{ "no header", 1500, 0, 0, 0, 0, 0, 68, 1500 },
	{ "no header, but room", 1500, 0, 32, 0, 32, 0, 68, 1500 },
	{ "as much room as is passed on", 1500, ETH_HLEN, 512, 512, 512, 512,
	  68, 1500 },
	{ "more room than that", 1500, ETH_HLEN, 513, 513, 512, 512, 68, 1500 },
	{ "room that wraps with the header", 1500, ETH_HLEN + 16, U16_MAX - 15,
	  U16_MAX, 512, 512, 68, 1500 },
	{ "all of it", 1500, U16_MAX, U16_MAX, U16_MAX, 512, 512, 68, 1500 },
	{ "no MTU", 0, ETH_HLEN, 0, 0, 0, 0, 0, 0 },
	{ "an MTU below Ethernet's", 60, ETH_HLEN, 0, 0, 0, 0, 60, 60 },
	{ "the largest MTU", ETH_MAX_MTU, ETH_HLEN, 0, 0, 0, 0, 68,
	  ETH_MAX_MTU },
	{ "an MTU above that", INT_MAX, ETH_HLEN, 0, 0, 0, 0, 68, ETH_MAX_MTU },
};

KUNIT_ARRAY_PARAM_DESC(geometry, geometries, desc);

static void free_device(void *dev)
{
	free_netdev(dev);
}

static struct net_device *device(struct kunit *test)
{
	struct net_device *dev = alloc_etherdev(sizeof(struct vnicx_vnic));

	KUNIT_ASSERT_NOT_NULL(test, dev);
	KUNIT_ASSERT_EQ(test, 0,
			kunit_add_action_or_reset(test, free_device, dev));
	return dev;
}

/* The vNIC of a pair: its lower device is the other one. */
static struct net_device *vnic_over(struct kunit *test,
				    struct net_device *lower)
{
	struct net_device *dev = device(test);
	struct vnicx_vnic *vnic = netdev_priv(dev);

	vnic->lower = lower;
	return dev;
}

static void test_geometry(struct kunit *test)
{
	const struct geometry *g = test->param_value;
	struct net_device *lower = device(test);
	struct net_device *dev = vnic_over(test, lower);

	lower->mtu = g->mtu;
	lower->hard_header_len = g->header;
	lower->needed_headroom = g->headroom;
	lower->needed_tailroom = g->tailroom;
	rtnl_lock();
	vnicx_follow_lower(dev);
	rtnl_unlock();

	KUNIT_EXPECT_EQ(test, dev->hard_header_len, ETH_HLEN);
	KUNIT_EXPECT_EQ(test, dev->needed_headroom, g->vnic_headroom);
	KUNIT_EXPECT_EQ(test, dev->needed_tailroom, g->vnic_tailroom);
	KUNIT_EXPECT_EQ(test, dev->min_mtu, g->vnic_min_mtu);
	KUNIT_EXPECT_EQ(test, dev->max_mtu, g->vnic_max_mtu);
}

/* Each of a pile of devices adds to what the one below it needs. */
static void test_pile(struct kunit *test)
{
	struct net_device *dev, *lower = device(test);
	unsigned int i;

	for (i = 0; i < 100; i++) {
		dev = vnic_over(test, lower);
		rtnl_lock();
		vnicx_follow_lower(dev);
		rtnl_unlock();
		KUNIT_EXPECT_LE(test, dev->needed_headroom, 512);
		/* as a tunnel's device would, over this vNIC */
		dev->needed_headroom += 50;
		lower = dev;
	}
	KUNIT_EXPECT_EQ(test, lower->needed_headroom, 562);
}

static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(test_geometry, geometry_gen_params),
	KUNIT_CASE(test_pile),
	{}
};

static struct kunit_suite suite = {
	.name = "vnicx_lower",
	.test_cases = cases,
};

kunit_test_suite(suite);
