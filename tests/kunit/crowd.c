// SPDX-License-Identifier: GPL-2.0
/*
 * Floods of the wire, to any number of ports.
 */
#include <linux/etherdevice.h>

#include "net.h"

/* One more than the flood worker serves before it lets others run */
#define VNICS	65

static int init(struct kunit *test)
{
	test->priv = vnicx_test_net(test, VNICS);
	return 0;
}

static void test_each_once(struct kunit *test)
{
	static const u8 broadcast[ETH_ALEN] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };
	struct vnicx_test_net *net = test->priv;
	unsigned int up, i;

	for (up = VNICS; up; up--) {
		struct sk_buff *skb = vnicx_test_frame(test, broadcast,
						       VNICX_TEST_NOBODY, 100);
		struct sk_buff *witness = vnicx_test_witness(test, skb);

		vnicx_test_receive(net, skb);
		for (i = 0; i < VNICS; i++)
			KUNIT_EXPECT_EQ_MSG(test, i < up,
					    skb_queue_len(&net->vnic[i]->rx),
					    "port %u of %u", i, up);
		vnicx_test_purge(net);
		KUNIT_EXPECT_FALSE_MSG(test, skb_cloned(witness), "%u ports", up);
		vnicx_test_down(net, up - 1);
	}
}

static struct kunit_case cases[] = {
	KUNIT_CASE_SLOW(test_each_once),
	{}
};

static struct kunit_suite suite = {
	.name = "vnicx_crowd",
	.init = init,
	.test_cases = cases,
};

kunit_test_suite(suite);
