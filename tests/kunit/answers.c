// SPDX-License-Identifier: GPL-2.0
/*
 * Explanations by themselves: what they say of a frame, and what they leave out.
 */
#include <linux/etherdevice.h>
#include <linux/rtnetlink.h>

#include "../../switch/trace.h"
#include "explain.h"
#include "vlan.h"

#define FEW	4
#define MANY	(VNICX_EXPLAIN_PORTS + 8)

static const u8 vnic1[ETH_ALEN] = VNICX_TEST_ADDR(1);
static const u8 nobody[ETH_ALEN] = VNICX_TEST_ADDR(VNICX_TEST_NOBODY);
static const u8 broadcast[ETH_ALEN] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };

static int init_few(struct kunit *test)
{
	test->priv = vnicx_test_net(test, FEW);
	return 0;
}

static int init_many(struct kunit *test)
{
	test->priv = vnicx_test_net(test, MANY);
	return 0;
}

/**
 * vnicx_test_explain() - ask what becomes of a frame of vNIC 0
 * @test: the test, whose priv is a struct vnicx_test_net
 * @q: the question
 * @a: gets the answer
 */
void vnicx_test_explain(struct kunit *test, const struct vnicx_question *q,
			struct vnicx_answer *a)
{
	struct vnicx_test_net *net = test->priv;
	int err;

	rtnl_lock();
	err = vnicx_explain(&net->vnic[0]->port, q, a);
	rtnl_unlock();
	KUNIT_ASSERT_EQ(test, err, 0);
}

/* Ask about a frame without a tag from a vNIC's own address. */
static void explain_to(struct kunit *test, const u8 *dest, struct vnicx_answer *a)
{
	struct vnicx_question q = { .source = VNICX_TEST_ADDR(0) };

	ether_addr_copy(q.dest, dest);
	vnicx_test_explain(test, &q, a);
}

static void test_a_sender_that_is_down(struct kunit *test)
{
	struct vnicx_test_net *net = test->priv;
	struct vnicx_answer a;

	vnicx_test_down(net, 0);
	explain_to(test, vnic1, &a);
	KUNIT_EXPECT_EQ(test, a.decision, VNICX_DECIDE_DROP);
	KUNIT_EXPECT_EQ(test, a.reason, VNICX_REASON_TX_DOWN);
}

static void test_classes(struct kunit *test)
{
	static const struct {
		u8 dest[ETH_ALEN];
		u8 class;
		bool owned;
	} frames[] = {
		{ VNICX_TEST_ADDR(0), VNICX_UNICAST, true },
		{ VNICX_TEST_ADDR(1), VNICX_UNICAST, true },
		{ VNICX_TEST_ADDR(VNICX_TEST_LOWER), VNICX_UNICAST, true },
		{ VNICX_TEST_ADDR(VNICX_TEST_NOBODY), VNICX_UNICAST },
		{ VNICX_TEST_GROUP(1), VNICX_MULTICAST },
		{ VNICX_TEST_GROUP(2), VNICX_MULTICAST },
		{ { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff }, VNICX_BROADCAST },
		{ { 0x01, 0x80, 0xc2, 0, 0, 0x00 }, VNICX_MULTICAST },
		{ { 0x01, 0x80, 0xc2, 0, 0, 0x01 }, VNICX_MAC_CONTROL },
		{ { 0x01, 0x80, 0xc2, 0, 0, 0x0e }, VNICX_LINK_LOCAL },
	};
	struct vnicx_answer a;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(frames); i++) {
		explain_to(test, frames[i].dest, &a);
		KUNIT_EXPECT_EQ_MSG(test, a.class, frames[i].class, "%pM", frames[i].dest);
		KUNIT_EXPECT_EQ(test, a.owned, frames[i].owned);
	}
}

/* Policies that look at the payload or the time are not asked, and are told of. */
static void test_unasked(struct kunit *test)
{
	const struct vnicx_policy guarded = { .guards = VNICX_GUARD_RA };
	const struct vnicx_policy guarded_in = { .guards = VNICX_GUARD_IP_IN };
	struct vnicx_test_net *net = test->priv;
	struct vnicx_answer a;

	explain_to(test, vnic1, &a);
	KUNIT_EXPECT_EQ(test, a.unasked, 0);
	vnicx_test_policy(test, 1, &guarded_in);
	explain_to(test, vnic1, &a);
	KUNIT_EXPECT_EQ(test, a.unasked, VNICX_UNASKED_RX);
	explain_to(test, nobody, &a);
	KUNIT_EXPECT_EQ(test, a.unasked, 0);
	vnicx_test_policy(test, 0, &guarded);
	explain_to(test, nobody, &a);
	KUNIT_EXPECT_EQ(test, a.unasked, VNICX_UNASKED_TX);
	rtnl_lock();
	vnicx_switch_suppress(net->sw, true);
	rtnl_unlock();
	explain_to(test, broadcast, &a);
	KUNIT_EXPECT_EQ(test, a.unasked, VNICX_UNASKED_TX | VNICX_UNASKED_RX |
		       VNICX_UNASKED_NEIGH_SUPPRESS);
}

/* The wire, the host, and all vNICs but the sender get a broadcast frame. */
static void test_more_than_are_named(struct kunit *test)
{
	struct vnicx_answer a;

	explain_to(test, broadcast, &a);
	KUNIT_EXPECT_EQ(test, a.nr, MANY + 1);
	KUNIT_EXPECT_EQ(test, a.port[0], 0);
	KUNIT_EXPECT_EQ(test, a.port[VNICX_EXPLAIN_PORTS - 1], VNICX_EXPLAIN_PORTS);
}

static struct kunit_case cases_of_few[] = {
	KUNIT_CASE(test_a_sender_that_is_down),
	KUNIT_CASE(test_classes),
	KUNIT_CASE(test_unasked),
	{}
};

static struct kunit_case cases_of_many[] = {
	KUNIT_CASE(test_more_than_are_named),
	{}
};

static struct kunit_suite few = {
	.name = "vnicx_answers",
	.init = init_few,
	.test_cases = cases_of_few,
};

static struct kunit_suite many = {
	.name = "vnicx_answers_many",
	.init = init_many,
	.test_cases = cases_of_many,
};

kunit_test_suites(&few, &many);
