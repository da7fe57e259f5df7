// SPDX-License-Identifier: GPL-2.0
/*
 * How ports share the flood worker: the room in its queues, and its turns.
 */
#include <linux/etherdevice.h>
#include <linux/rtnetlink.h>
#include <linux/unaligned.h>
#include <linux/workqueue.h>

#include "net.h"

#define LEN		100
/* One more than are served at once, and the one that sends */
#define VNICS		(VNICX_FLOOD_INLINE + 2)
/* Longer than a turn, which is 4 frames for so few vNICs */
#define QUEUE_LEN	40
#define TURN		4
#define LISTENER	(VNICS - 1)

static const u8 broadcast[ETH_ALEN] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };

/* The worker is kept from its work, and stays so when a test fails. */
static int init(struct kunit *test)
{
	struct vnicx_test_net *net = vnicx_test_net(test, VNICS);
	unsigned int i;

	rtnl_lock();
	for (i = 0; i < VNICS; i++)
		vnicx_port_set_queue_len(&net->vnic[i]->port, QUEUE_LEN);
	rtnl_unlock();
	disable_work_sync(&net->sw->flood.work);
	test->priv = net;
	return 0;
}

static void let_worker_work(struct vnicx_test_net *net)
{
	enable_work(&net->sw->flood.work);
	schedule_work(&net->sw->flood.work);
	vnicx_test_flush_worker(net);
}

static void send(struct kunit *test, unsigned int from, unsigned int frames)
{
	while (frames--)
		vnicx_test_send(test->priv, from,
				vnicx_test_frame(test, broadcast, from, LEN));
}

static void receive(struct kunit *test, unsigned int frames)
{
	while (frames--)
		vnicx_test_receive(test->priv,
				   vnicx_test_frame(test, broadcast,
						    VNICX_TEST_NOBODY, LEN));
}

static u64 queued(const struct vnicx_port *port)
{
	return vnicx_test_stat(port, VNICX_FLOOD_QUEUED);
}

/* How many frames the listener got, and before the first of a sender's */
static unsigned int received(struct vnicx_test_net *net)
{
	return skb_queue_len(&net->vnic[LISTENER]->rx);
}

static unsigned int received_before(struct vnicx_test_net *net, unsigned int src)
{
	const struct sk_buff *skb;
	unsigned int before = 0;

	skb_queue_walk(&net->vnic[LISTENER]->rx, skb) {
		if (get_unaligned_be16(eth_hdr(skb)->h_source + 4) == src)
			break;
		before++;
	}
	return before;
}

static void test_one_alone_has_the_whole_length(struct kunit *test)
{
	struct vnicx_test_net *net = test->priv;

	send(test, 0, 2 * QUEUE_LEN);
	KUNIT_EXPECT_EQ(test, queued(&net->vnic[0]->port), QUEUE_LEN);
	let_worker_work(net);
	KUNIT_EXPECT_EQ(test, received(net), QUEUE_LEN);
	KUNIT_EXPECT_EQ(test, net->vnic[0]->port.flow.pending, 0);
}

static void test_one_that_floods_leaves_room(struct kunit *test)
{
	struct vnicx_test_net *net = test->priv;

	send(test, 0, 2 * QUEUE_LEN);
	send(test, 1, 1);
	receive(test, 1);
	KUNIT_EXPECT_EQ(test, queued(&net->vnic[1]->port), 1);
	KUNIT_EXPECT_EQ(test, queued(&net->sw->uplink), 1);
	let_worker_work(net);
	KUNIT_EXPECT_EQ(test, received(net), QUEUE_LEN + 2);
}

/* Each a little, again and again, as flooders do whose frames find no room. */
static void test_many_that_flood_leave_room(struct kunit *test)
{
	struct vnicx_test_net *net = test->priv;
	unsigned int i, round, sum = 0;

	for (round = 0; round < QUEUE_LEN; round++)
		for (i = 0; i < LISTENER - 1; i++)
			send(test, i, 1);
	send(test, LISTENER - 1, 1);
	receive(test, 2 * QUEUE_LEN);
	for (i = 0; i < LISTENER - 1; i++)
		sum += queued(&net->vnic[i]->port);

	KUNIT_EXPECT_LT(test, sum, 2 * QUEUE_LEN);
	KUNIT_EXPECT_EQ(test, queued(&net->vnic[LISTENER - 1]->port), 1);
	KUNIT_EXPECT_EQ(test, queued(&net->sw->uplink), QUEUE_LEN);
	let_worker_work(net);
	KUNIT_EXPECT_EQ(test, received(net), sum + 1 + QUEUE_LEN);
}

static void test_one_that_floods_does_not_delay_others(struct kunit *test)
{
	struct vnicx_test_net *net = test->priv;

	send(test, 0, QUEUE_LEN);
	send(test, 1, 1);
	receive(test, 1);
	let_worker_work(net);
	KUNIT_EXPECT_LE(test, received_before(net, 1), TURN + 1);
	KUNIT_EXPECT_LE(test, received_before(net, VNICX_TEST_NOBODY), TURN + 1);
}

static void test_vnics_together_do_not_delay_the_wire(struct kunit *test)
{
	struct vnicx_test_net *net = test->priv;
	unsigned int i;

	for (i = 0; i < LISTENER; i++)
		send(test, i, TURN);
	receive(test, 1);
	let_worker_work(net);
	KUNIT_EXPECT_LE(test, received_before(net, VNICX_TEST_NOBODY), TURN);
}

/* A flooder's queue is no reason for others to wait for the worker. */
static void test_few_receivers_at_once_beside_a_flooder(struct kunit *test)
{
	static const u8 group[ETH_ALEN] = VNICX_TEST_GROUP(1);
	struct vnicx_test_net *net = test->priv;

	KUNIT_ASSERT_EQ(test, 0,
			vnicx_test_group_join(test, &net->vnic[LISTENER]->port,
					      group));
	send(test, 0, 1);
	vnicx_test_send(net, 1, vnicx_test_frame(test, group, 1, LEN));
	KUNIT_EXPECT_EQ(test, received(net), 1);
	vnicx_test_send(net, 0, vnicx_test_frame(test, group, 0, LEN));
	KUNIT_EXPECT_EQ(test, received(net), 1);
	let_worker_work(net);
	KUNIT_EXPECT_EQ(test, received(net), 3);
}

static void test_frames_of_one_that_leaves_are_copied(struct kunit *test)
{
	struct vnicx_test_net *net = test->priv;
	struct vnicx_port *port = &net->vnic[0]->port;

	send(test, 0, 3);
	send(test, 1, 1);
	vnicx_test_down(net, 0);
	rtnl_lock();
	vnicx_port_leave(port);
	KUNIT_EXPECT_EQ(test, net->sw->flood.left.pending, 3);
	KUNIT_EXPECT_EQ(test, port->flow.pending, 0);
	/* Another port, in the memory of the one that left */
	KUNIT_ASSERT_EQ(test, 0, vnicx_port_join(net->sw, port, port->dev));
	rtnl_unlock();

	let_worker_work(net);
	KUNIT_EXPECT_EQ(test, received(net), 4);
	KUNIT_EXPECT_EQ(test, net->sw->flood.left.pending, 0);
	KUNIT_EXPECT_EQ(test, net->sw->flood.class[VNICX_PORT_VNIC].pending, 0);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(test_one_alone_has_the_whole_length),
	KUNIT_CASE(test_one_that_floods_leaves_room),
	KUNIT_CASE(test_many_that_flood_leave_room),
	KUNIT_CASE(test_one_that_floods_does_not_delay_others),
	KUNIT_CASE(test_vnics_together_do_not_delay_the_wire),
	KUNIT_CASE(test_few_receivers_at_once_beside_a_flooder),
	KUNIT_CASE(test_frames_of_one_that_leaves_are_copied),
	{}
};

static struct kunit_suite suite = {
	.name = "vnicx_flood_share",
	.init = init,
	.test_cases = cases,
};

kunit_test_suite(suite);
