// SPDX-License-Identifier: GPL-2.0
/*
 * Floods of a vNIC, to few ports and to more than are served at once.
 */
#include <linux/etherdevice.h>
#include <linux/rtnetlink.h>
#include <linux/workqueue.h>

#include "net.h"

#define LEN	100

/* One more than are served at once, and the one that sends */
#define VNICS	(VNICX_FLOOD_INLINE + 2)
#define ALL	GENMASK(VNICS - 1, 0)

static const u8 broadcast[ETH_ALEN] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };
static const u8 group[ETH_ALEN] = VNICX_TEST_GROUP(1);
static const u8 lldp[ETH_ALEN] = { 0x01, 0x80, 0xc2, 0, 0, 0x0e };

static int init_few(struct kunit *test)
{
	test->priv = vnicx_test_net(test, 5);
	return 0;
}

static int init_many(struct kunit *test)
{
	test->priv = vnicx_test_net(test, VNICS);
	return 0;
}

static enum vnicx_verdict send(struct kunit *test, const u8 *dest)
{
	return vnicx_test_send(test->priv, 0,
			       vnicx_test_frame(test, dest, 0, LEN));
}

static void join(struct kunit *test, unsigned int i, const u8 *addr)
{
	struct vnicx_test_net *net = test->priv;

	KUNIT_ASSERT_EQ(test, 0,
			vnicx_test_group_join(test, &net->vnic[i]->port, addr));
}

static void expect_frame(struct kunit *test, struct sk_buff_head *queue,
			 const struct net_device *dev, u8 pkt_type)
{
	const struct sk_buff *skb = vnicx_test_only(test, queue);

	KUNIT_EXPECT_PTR_EQ(test, skb->dev, dev);
	KUNIT_EXPECT_EQ(test, (u8)skb->pkt_type, pkt_type);
	KUNIT_EXPECT_EQ(test, ntohs(skb->protocol), VNICX_TEST_PROTO);
	KUNIT_EXPECT_EQ(test, skb->len, LEN);
	KUNIT_EXPECT_EQ(test, skb_mac_offset(skb), -ETH_HLEN);
	KUNIT_EXPECT_EQ(test, skb->mark, 0);
	KUNIT_EXPECT_EQ(test, skb->priority, 0);
}

static void test_broadcast(struct kunit *test)
{
	struct vnicx_test_net *net = test->priv;
	struct sk_buff *skb = vnicx_test_frame(test, broadcast, 0, LEN);
	unsigned int i;

	skb->mark = 7;
	skb->priority = 5;
	vnicx_test_down(net, 4);
	KUNIT_EXPECT_EQ(test, vnicx_test_send(net, 0, skb), VNICX_DONE);
	vnicx_test_expect_rx(test, net, GENMASK(3, 1));
	vnicx_test_expect_out(test, net, 1, 1);

	for (i = 1; i <= 3; i++)
		expect_frame(test, &net->vnic[i]->rx, net->vnic[i]->port.dev,
			     PACKET_BROADCAST);
	expect_frame(test, &net->host, net->lower, PACKET_BROADCAST);
	KUNIT_EXPECT_PTR_EQ(test, vnicx_test_only(test, &net->wire), skb);
	KUNIT_EXPECT_EQ(test, skb->len, ETH_HLEN + LEN);
	KUNIT_EXPECT_PTR_EQ(test, skb->data, skb_mac_header(skb));

	KUNIT_EXPECT_EQ(test, vnicx_test_stat(&net->vnic[0]->port, VNICX_TX_PACKETS), 1);
	KUNIT_EXPECT_EQ(test, vnicx_test_stat(&net->vnic[1]->port, VNICX_RX_PACKETS), 1);
	KUNIT_EXPECT_EQ(test, vnicx_test_stat(&net->vnic[1]->port, VNICX_RX_BYTES),
			LEN + ETH_HLEN);
	KUNIT_EXPECT_EQ(test, vnicx_test_stat(&net->vnic[1]->port, VNICX_RX_MULTICAST), 0);
}

/* 0, 1 and 2 are members, 0, 2 and 3 take every group. */
static void some_listen(struct kunit *test, const u8 *addr)
{
	struct vnicx_test_net *net = test->priv;

	join(test, 0, addr);
	join(test, 1, addr);
	join(test, 2, addr);
	vnicx_port_set_rx_flags(&net->vnic[0]->port, VNICX_RX_ALLMULTI);
	vnicx_port_set_rx_flags(&net->vnic[2]->port, VNICX_RX_ALLMULTI);
	vnicx_port_set_rx_flags(&net->vnic[3]->port, VNICX_RX_ALLMULTI);
}

static void test_multicast(struct kunit *test)
{
	struct vnicx_test_net *net = test->priv;

	some_listen(test, group);
	KUNIT_EXPECT_EQ(test, send(test, group), VNICX_DONE);
	vnicx_test_expect_rx(test, net, GENMASK(3, 1));
	vnicx_test_expect_out(test, net, 1, 1);
	expect_frame(test, &net->vnic[1]->rx, net->vnic[1]->port.dev,
		     PACKET_MULTICAST);
	expect_frame(test, &net->host, net->lower, PACKET_MULTICAST);
	KUNIT_EXPECT_EQ(test, vnicx_test_stat(&net->vnic[2]->port, VNICX_RX_PACKETS), 1);
	KUNIT_EXPECT_EQ(test, vnicx_test_stat(&net->vnic[2]->port, VNICX_RX_MULTICAST), 1);
}

static void test_multicast_without_members(struct kunit *test)
{
	struct vnicx_test_net *net = test->priv;

	KUNIT_EXPECT_EQ(test, send(test, group), VNICX_DONE);
	vnicx_test_expect_rx(test, net, 0);
	vnicx_test_expect_out(test, net, 1, 1);
}

static void test_multicast_to_one_who_went_down(struct kunit *test)
{
	struct vnicx_test_net *net = test->priv;

	some_listen(test, group);
	vnicx_test_down(net, 1);
	vnicx_test_down(net, 2);
	send(test, group);
	vnicx_test_expect_rx(test, net, BIT(3));
}

/* To the neighbour on the wire, and that is no vNIC. */
static void test_link_local(struct kunit *test)
{
	struct vnicx_test_net *net = test->priv;

	some_listen(test, lldp);
	KUNIT_EXPECT_EQ(test, send(test, lldp), VNICX_DONE);
	vnicx_test_expect_rx(test, net, 0);
	vnicx_test_expect_out(test, net, 1, 0);
}

static void set_flood(struct vnicx_test_net *net, unsigned int i)
{
	rtnl_lock();
	vnicx_port_set_flood(&net->vnic[i]->port, true);
	rtnl_unlock();
}

/* 2 is the only one that is both promiscuous and flooded to. */
static void test_unknown_to_the_promiscuous(struct kunit *test)
{
	static const u8 nobody[ETH_ALEN] = VNICX_TEST_ADDR(VNICX_TEST_NOBODY);
	struct vnicx_test_net *net = test->priv;

	vnicx_port_set_rx_flags(&net->vnic[0]->port, VNICX_RX_PROMISC);
	vnicx_port_set_rx_flags(&net->vnic[2]->port, VNICX_RX_PROMISC);
	vnicx_port_set_rx_flags(&net->vnic[3]->port, VNICX_RX_PROMISC);
	set_flood(net, 2);
	set_flood(net, 4);
	KUNIT_EXPECT_EQ(test, send(test, nobody), VNICX_DONE);
	vnicx_test_expect_rx(test, net, BIT(2));
	vnicx_test_expect_out(test, net, 1, 0);
	expect_frame(test, &net->vnic[2]->rx, net->vnic[2]->port.dev,
		     PACKET_OTHERHOST);
}

static u64 queued(struct kunit *test)
{
	struct vnicx_test_net *net = test->priv;

	return vnicx_test_stat(&net->vnic[0]->port, VNICX_FLOOD_QUEUED);
}

static void test_few_at_once(struct kunit *test)
{
	struct vnicx_test_net *net = test->priv;
	unsigned int i;

	for (i = 1; i <= VNICX_FLOOD_INLINE; i++)
		join(test, i, group);
	send(test, group);
	vnicx_test_expect_rx(test, net, GENMASK(VNICX_FLOOD_INLINE, 1));
	KUNIT_EXPECT_EQ(test, queued(test), 0);
}

static void test_many_by_the_worker(struct kunit *test)
{
	struct vnicx_test_net *net = test->priv;
	unsigned int i;

	for (i = 1; i < VNICS; i++)
		join(test, i, group);
	KUNIT_EXPECT_EQ(test, send(test, group), VNICX_DONE);
	vnicx_test_expect_rx(test, net, ALL & ~BIT(0));
	vnicx_test_expect_out(test, net, 1, 1);
	expect_frame(test, &net->vnic[1]->rx, net->vnic[1]->port.dev,
		     PACKET_MULTICAST);
	KUNIT_EXPECT_EQ(test, queued(test), 1);
	KUNIT_EXPECT_EQ(test, net->vnic[0]->port.flow.pending, 0);
	KUNIT_EXPECT_EQ(test, vnicx_test_stat(&net->vnic[1]->port, VNICX_RX_PACKETS), 1);
}

/* Keeps the worker from its work, also at the end of a test that failed. */
static void hold_worker(struct kunit *test)
{
	struct vnicx_test_net *net = test->priv;

	disable_work_sync(&net->sw->flood.work);
}

static void let_worker_work(struct kunit *test)
{
	struct vnicx_test_net *net = test->priv;

	enable_work(&net->sw->flood.work);
	schedule_work(&net->sw->flood.work);
	vnicx_test_flush_worker(net);
}

static void test_order_is_kept(struct kunit *test)
{
	struct vnicx_test_net *net = test->priv;
	struct sk_buff_head *rx = &net->vnic[1]->rx;

	join(test, 1, group);
	hold_worker(test);
	send(test, broadcast);
	/* Could be copied at once, but would overtake. */
	send(test, group);
	vnicx_test_expect_rx(test, net, 0);
	vnicx_test_expect_out(test, net, 2, 2);
	KUNIT_EXPECT_EQ(test, net->vnic[0]->port.flow.pending, 2);

	let_worker_work(test);
	KUNIT_EXPECT_EQ(test, net->vnic[0]->port.flow.pending, 0);
	KUNIT_ASSERT_EQ(test, skb_queue_len(rx), 2);
	KUNIT_EXPECT_EQ(test, (u8)skb_peek(rx)->pkt_type, PACKET_BROADCAST);
	KUNIT_EXPECT_EQ(test, (u8)skb_peek_tail(rx)->pkt_type, PACKET_MULTICAST);
	KUNIT_EXPECT_EQ(test, skb_queue_len(&net->vnic[0]->rx), 0);
	KUNIT_EXPECT_EQ(test, skb_queue_len(&net->vnic[2]->rx), 1);
}

static void test_down_while_a_frame_waits(struct kunit *test)
{
	struct vnicx_test_net *net = test->priv;

	hold_worker(test);
	send(test, broadcast);
	vnicx_test_down(net, 0);
	vnicx_test_down(net, 3);
	let_worker_work(test);
	vnicx_test_expect_rx(test, net, ALL & ~BIT(0) & ~BIT(3));
}

static void test_overflow(struct kunit *test)
{
	struct vnicx_test_net *net = test->priv;
	struct vnicx_port *from = &net->vnic[0]->port;
	unsigned int i, short_of = 0;

	hold_worker(test);
	for (i = 0; i < VNICX_BC_QUEUE_LEN; i++)
		send(test, broadcast);
	KUNIT_EXPECT_EQ(test, vnicx_test_stat(from, VNICX_FLOOD_QUEUED),
			VNICX_BC_QUEUE_LEN);
	KUNIT_EXPECT_EQ(test, vnicx_test_stat(from, VNICX_FLOOD_OVERFLOW), 0);

	/* The wire and the host get their frame all the same. */
	KUNIT_EXPECT_EQ(test, send(test, broadcast), VNICX_DONE);
	KUNIT_EXPECT_EQ(test, vnicx_test_stat(from, VNICX_FLOOD_QUEUED),
			VNICX_BC_QUEUE_LEN);
	KUNIT_EXPECT_EQ(test, vnicx_test_stat(from, VNICX_FLOOD_OVERFLOW), 1);
	KUNIT_EXPECT_EQ(test, vnicx_test_stat(from, VNICX_TX_PACKETS),
			VNICX_BC_QUEUE_LEN + 1);
	vnicx_test_expect_out(test, net, VNICX_BC_QUEUE_LEN + 1,
			      VNICX_BC_QUEUE_LEN + 1);

	let_worker_work(test);
	for (i = 1; i < VNICS; i++)
		short_of += skb_queue_len(&net->vnic[i]->rx) !=
			    VNICX_BC_QUEUE_LEN;
	KUNIT_EXPECT_EQ(test, short_of, 0);

	/* There is room again. */
	send(test, broadcast);
	KUNIT_EXPECT_EQ(test, vnicx_test_stat(from, VNICX_FLOOD_OVERFLOW), 1);
	KUNIT_EXPECT_EQ(test, skb_queue_len(&net->vnic[1]->rx),
			VNICX_BC_QUEUE_LEN + 1);
}

static void test_end_with_frames_waiting(struct kunit *test)
{
	struct vnicx_test_net *net = test->priv;
	struct sk_buff *skb = vnicx_test_frame(test, broadcast, 0, LEN);
	struct sk_buff *witness = vnicx_test_witness(test, skb);

	hold_worker(test);
	vnicx_test_send(net, 0, skb);
	vnicx_test_purge(net);
	KUNIT_EXPECT_TRUE(test, skb_cloned(witness));
	vnicx_test_net_destroy(test, net);
	KUNIT_EXPECT_FALSE(test, skb_cloned(witness));
}

/* Every way a frame can go, it is freed once: not less, and KASAN would tell if
 * it were more.
 */
static void test_freed_once(struct kunit *test)
{
	static const u8 dests[][ETH_ALEN] = {
		VNICX_TEST_ADDR(0),			/* the sender itself */
		VNICX_TEST_ADDR(1),			/* a vNIC */
		VNICX_TEST_ADDR(2),			/* one that is down */
		VNICX_TEST_ADDR(VNICX_TEST_LOWER),	/* the host */
		VNICX_TEST_ADDR(VNICX_TEST_NOBODY),	/* the wire, promisc */
		VNICX_TEST_GROUP(1),			/* members, at once */
		{ 0xff, 0xff, 0xff, 0xff, 0xff, 0xff },	/* all, by the worker */
		{ 0x01, 0x80, 0xc2, 0, 0, 0x0e },	/* the wire's other end */
	};
	static const unsigned int lens[] = { 0, LEN, 2000 };
	struct vnicx_test_net *net = test->priv;
	unsigned int i, j;

	vnicx_test_down(net, 2);
	join(test, 1, group);
	vnicx_port_set_rx_flags(&net->vnic[3]->port, VNICX_RX_PROMISC |
						     VNICX_RX_ALLMULTI);
	set_flood(net, 3);
	for (i = 0; i < ARRAY_SIZE(dests); i++) {
		for (j = 0; j < ARRAY_SIZE(lens); j++) {
			struct sk_buff *skb, *witness;

			skb = vnicx_test_frame(test, dests[i], 0, lens[j]);
			witness = vnicx_test_witness(test, skb);
			vnicx_test_send(net, 0, skb);
			vnicx_test_purge(net);
			KUNIT_EXPECT_FALSE_MSG(test, skb_cloned(witness),
					       "sent to %pM", dests[i]);

			skb = vnicx_test_frame(test, dests[i],
					       VNICX_TEST_NOBODY, lens[j]);
			witness = vnicx_test_witness(test, skb);
			vnicx_test_receive(net, skb);
			vnicx_test_purge(net);
			KUNIT_EXPECT_FALSE_MSG(test, skb_cloned(witness),
					       "received for %pM", dests[i]);
		}
	}
}

static struct kunit_case cases_of_few[] = {
	KUNIT_CASE(test_broadcast),
	KUNIT_CASE(test_multicast),
	KUNIT_CASE(test_multicast_without_members),
	KUNIT_CASE(test_multicast_to_one_who_went_down),
	KUNIT_CASE(test_link_local),
	KUNIT_CASE(test_unknown_to_the_promiscuous),
	{}
};

static struct kunit_case cases_of_many[] = {
	KUNIT_CASE(test_few_at_once),
	KUNIT_CASE(test_many_by_the_worker),
	KUNIT_CASE(test_order_is_kept),
	KUNIT_CASE(test_down_while_a_frame_waits),
	KUNIT_CASE_SLOW(test_overflow),
	KUNIT_CASE(test_end_with_frames_waiting),
	KUNIT_CASE(test_freed_once),
	{}
};

static struct kunit_suite few = {
	.name = "vnicx_flood",
	.init = init_few,
	.test_cases = cases_of_few,
};

static struct kunit_suite many = {
	.name = "vnicx_flood_worker",
	.init = init_many,
	.test_cases = cases_of_many,
};

kunit_test_suites(&few, &many);
