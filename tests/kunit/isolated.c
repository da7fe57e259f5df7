// SPDX-License-Identifier: GPL-2.0
/*
 * Isolated vNICs, which neither reach each other nor are reached.
 */
#include <linux/etherdevice.h>
#include <linux/rtnetlink.h>

#include "vlan.h"

#define MANY	(VNICX_FLOOD_INLINE + 2)

static const u8 broadcast[ETH_ALEN] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };

static int init_few(struct kunit *test)
{
	test->priv = vnicx_test_net(test, 6);
	return 0;
}

static int init_many(struct kunit *test)
{
	test->priv = vnicx_test_net(test, MANY);
	return 0;
}

static void set_isolated(struct kunit *test, unsigned int i)
{
	const struct vnicx_policy policy = { .isolated = true };

	vnicx_test_policy(test, i, &policy);
}

static void test_isolated(struct kunit *test)
{
	struct vnicx_test_net *net = test->priv;

	set_isolated(test, 0);
	set_isolated(test, 1);
	vnicx_test_send_to(test, 0, 1);
	vnicx_test_expect_rx(test, net, 0);
	vnicx_test_expect_out(test, net, 0, 0);
	KUNIT_EXPECT_EQ(test, vnicx_test_cause(test, 0, VNICX_CAUSE_TX_ISOLATED), 1);
	KUNIT_EXPECT_EQ(test, 1, vnicx_test_stat(&net->vnic[0]->port, VNICX_TX_DROPPED));

	vnicx_test_send_to(test, 0, 2);
	vnicx_test_expect_rx(test, net, BIT(2));
	vnicx_test_purge(net);
	vnicx_test_send_to(test, 2, 0);
	vnicx_test_expect_rx(test, net, BIT(0));
	vnicx_test_purge(net);
	vnicx_test_send_to(test, 0, VNICX_TEST_LOWER);
	vnicx_test_expect_out(test, net, 0, 1);
	vnicx_test_purge(net);
	vnicx_test_send_to(test, 0, VNICX_TEST_NOBODY);
	vnicx_test_expect_out(test, net, 1, 0);
	vnicx_test_purge(net);

	vnicx_test_send(net, 0, vnicx_test_frame(test, broadcast, 0, LEN));
	vnicx_test_expect_rx(test, net, GENMASK(net->nr_vnics - 1, 2));
	vnicx_test_purge(net);
	vnicx_test_send(net, 2, vnicx_test_frame(test, broadcast, 2, LEN));
	vnicx_test_expect_rx(test, net, GENMASK(net->nr_vnics - 1, 0) & ~BIT(2));
}

/* A physical switch that sends frames back is no way around. */
static void test_isolated_hairpin(struct kunit *test)
{
	struct vnicx_test_net *net = test->priv;
	unsigned int i;

	set_isolated(test, 0);
	set_isolated(test, 1);
	rtnl_lock();
	for (i = 0; i < 3; i++)
		vnicx_port_set_mode(&net->vnic[i]->port, VNICX_MODE_VEPA);
	rtnl_unlock();

	KUNIT_EXPECT_EQ(test, VNICX_DROPPED,
			vnicx_test_receive(net, vnicx_test_frame_to(test, 1, 0, LEN)));
	KUNIT_EXPECT_EQ(test, vnicx_test_cause(test, 0, VNICX_CAUSE_TX_ISOLATED), 1);
	KUNIT_EXPECT_EQ(test, 1, vnicx_test_stat(&net->vnic[1]->port, VNICX_RX_DROPPED));
	KUNIT_EXPECT_EQ(test, VNICX_ANOTHER,
			vnicx_test_receive(net, vnicx_test_frame_to(test, 2, 0, LEN)));
	KUNIT_EXPECT_EQ(test, VNICX_ANOTHER,
			vnicx_test_receive(net, vnicx_test_frame_to(test, 1, 2, LEN)));
	vnicx_test_purge(net);

	vnicx_test_receive(net, vnicx_test_frame(test, broadcast, 0, LEN));
	vnicx_test_expect_rx(test, net, GENMASK(net->nr_vnics - 1, 2));
	vnicx_test_purge(net);

	for (i = 0; i < 3; i++)
		vnicx_port_set_rx_flags(&net->vnic[i]->port, VNICX_RX_PROMISC);
	vnicx_test_receive(net, vnicx_test_frame_to(test, VNICX_TEST_NOBODY, 0, LEN));
	vnicx_test_expect_rx(test, net, BIT(2));
}

/* The switch looks for isolated senders as long as there are any. */
static void test_isolated_is_counted(struct kunit *test)
{
	struct vnicx_test_net *net = test->priv;

	set_isolated(test, 0);
	set_isolated(test, 1);
	set_isolated(test, 1);
	KUNIT_EXPECT_EQ(test, net->sw->nr_private, 2);
	vnicx_test_access(test, 1, Q, 10);
	KUNIT_EXPECT_EQ(test, net->sw->nr_private, 1);
	vnicx_test_policy(test, 0, NULL);
	KUNIT_EXPECT_EQ(test, net->sw->nr_private, 0);
}

/* Members of a VLAN that are isolated, too */
static void test_isolated_in_a_vlan(struct kunit *test)
{
	struct vnicx_policy policy = {
		.isolated = true,
		.vlan.on = true,
		.vlan.proto = htons(Q),
		.vlan.vid = 10,
	};
	struct vnicx_test_net *net = test->priv;

	vnicx_test_policy(test, 0, &policy);
	vnicx_test_policy(test, 1, &policy);
	vnicx_test_access(test, 2, Q, 10);
	vnicx_test_access(test, 3, Q, 11);
	vnicx_test_send(net, 0, vnicx_test_frame(test, broadcast, 0, LEN));
	vnicx_test_expect_rx(test, net, BIT(2) | BIT(4) | BIT(5));
	vnicx_test_purge(net);
	vnicx_test_send_to(test, 0, 1);
	vnicx_test_send_to(test, 0, 3);
	vnicx_test_expect_rx(test, net, 0);
	vnicx_test_expect_out(test, net, 1, 0);
	KUNIT_EXPECT_EQ(test, vnicx_test_cause(test, 0, VNICX_CAUSE_TX_ISOLATED), 1);
	KUNIT_EXPECT_EQ(test, vnicx_test_cause(test, 3, VNICX_CAUSE_RX_VLAN), 1);
}

static struct kunit_case cases_of_few[] = {
	KUNIT_CASE(test_isolated),
	KUNIT_CASE(test_isolated_hairpin),
	KUNIT_CASE(test_isolated_is_counted),
	KUNIT_CASE(test_isolated_in_a_vlan),
	{}
};

static struct kunit_case cases_of_many[] = {
	KUNIT_CASE(test_isolated),
	{}
};

static struct kunit_suite few = {
	.name = "vnicx_isolated",
	.init = init_few,
	.test_cases = cases_of_few,
};

static struct kunit_suite many = {
	.name = "vnicx_isolated_worker",
	.init = init_many,
	.test_cases = cases_of_many,
};

kunit_test_suites(&few, &many);
