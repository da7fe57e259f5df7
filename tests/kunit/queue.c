// SPDX-License-Identifier: GPL-2.0
/*
 * The queue into softirq: frames wait until the sender is done, come in order, and
 * who leaves waits for them. How many wait, there and in rings.
 */
#include <linux/cpumask.h>
#include <linux/delay.h>
#include <linux/etherdevice.h>
#include <linux/ptr_ring.h>
#include <linux/rtnetlink.h>
#include <linux/workqueue.h>

#include "../../switch/deliver.h"
#include "../../vnic/vnic.h"
#include "net.h"

#define LEN	46
#define FRAMES	3

/**
 * struct slow - a receiver that takes its time, and somebody who waits for it
 * @work: waits on another CPU, if there is one
 * @drained: has waited long enough
 * @got: the frames
 * @early: a frame was in the receiver's hands when @drained was set
 */
struct slow {
	struct work_struct work;
	bool drained;
	struct sk_buff_head got;
	bool early;
};

static rx_handler_result_t receive_slowly(struct sk_buff **pskb)
{
	struct slow *slow = rcu_dereference((*pskb)->dev->rx_handler_data);

	mdelay(20);
	if (READ_ONCE(slow->drained))
		slow->early = true;
	skb_queue_tail(&slow->got, *pskb);
	return RX_HANDLER_CONSUMED;
}

static void drain(struct work_struct *work)
{
	struct slow *slow = container_of(work, struct slow, work);

	vnicx_queue_drain();
	WRITE_ONCE(slow->drained, true);
}

static int queue_init(struct kunit *test)
{
	test->priv = vnicx_test_net(test, 2);
	return 0;
}

/* Queues some frames for vNIC 1, each longer than the one before, which are
 * received at the end. Meanwhile somebody may start to wait for them.
 */
static void send_some(struct kunit *test, struct vnicx_test_net *net,
		      struct work_struct *waiter)
{
	struct sk_buff *skb[FRAMES];
	unsigned int i, cpu;

	for (i = 0; i < FRAMES; i++)
		skb[i] = vnicx_test_frame_to(test, 1, 0, LEN + i);

	local_bh_disable();
	for (i = 0; i < FRAMES; i++)
		vnicx_send(&net->vnic[0]->port, skb[i]);
	KUNIT_EXPECT_EQ(test, skb_queue_len(&net->vnic[1]->rx), 0);
	KUNIT_EXPECT_EQ(test, vnicx_queue_backlog(), FRAMES);
	if (waiter) {
		cpu = cpumask_any_but(cpu_online_mask, smp_processor_id());
		schedule_work_on(cpu < nr_cpu_ids ? cpu : smp_processor_id(),
				 waiter);
	}
	local_bh_enable();
}

static void test_order(struct kunit *test)
{
	struct vnicx_test_net *net = test->priv;
	struct sk_buff *skb;
	unsigned int i = 0;

	send_some(test, net, NULL);
	vnicx_queue_drain();
	KUNIT_EXPECT_EQ(test, vnicx_queue_backlog(), 0);
	skb_queue_walk(&net->vnic[1]->rx, skb)
		KUNIT_EXPECT_EQ(test, skb->len, LEN + i++);
	KUNIT_EXPECT_EQ(test, i, FRAMES);
}

static void test_drain(struct kunit *test)
{
	struct vnicx_test_net *net = test->priv;
	struct net_device *dev = net->vnic[1]->port.dev;
	struct slow slow = {};

	skb_queue_head_init(&slow.got);
	INIT_WORK_ONSTACK(&slow.work, drain);
	rtnl_lock();
	netdev_rx_handler_unregister(dev);
	KUNIT_EXPECT_EQ(test, netdev_rx_handler_register(dev, receive_slowly, &slow), 0);
	rtnl_unlock();

	send_some(test, net, &slow.work);
	flush_work(&slow.work);
	destroy_work_on_stack(&slow.work);

	KUNIT_EXPECT_TRUE(test, slow.drained);
	KUNIT_EXPECT_FALSE(test, slow.early);
	KUNIT_EXPECT_EQ(test, skb_queue_len(&slow.got), FRAMES);

	rtnl_lock();
	netdev_rx_handler_unregister(dev);
	rtnl_unlock();
	skb_queue_purge(&slow.got);
}

/* Each length at each place of a ring, full and empty ones, and one without room */
static void test_ring_len(struct kunit *test)
{
	struct ptr_ring ring;
	int entry, place, len;

	KUNIT_ASSERT_EQ(test, ptr_ring_init(&ring, FRAMES, GFP_KERNEL), 0);
	for (place = 0; place <= FRAMES; place++) {
		for (len = 0; len <= FRAMES; len++) {
			KUNIT_EXPECT_EQ(test, vnicx_ring_len(&ring), len);
			if (len < FRAMES)
				KUNIT_EXPECT_EQ(test, ptr_ring_produce(&ring, &entry), 0);
		}
		while (len-- > 1) {
			KUNIT_EXPECT_EQ(test, vnicx_ring_len(&ring), len);
			KUNIT_EXPECT_PTR_EQ(test, ptr_ring_consume(&ring), (void *)&entry);
		}
		/* The next round begins one place on. */
		KUNIT_EXPECT_EQ(test, ptr_ring_produce(&ring, &entry), 0);
		KUNIT_EXPECT_PTR_EQ(test, ptr_ring_consume(&ring), (void *)&entry);
	}
	ptr_ring_cleanup(&ring, NULL);

	KUNIT_ASSERT_EQ(test, ptr_ring_init(&ring, 0, GFP_KERNEL), 0);
	KUNIT_EXPECT_EQ(test, vnicx_ring_len(&ring), 0);
	ptr_ring_cleanup(&ring, NULL);
}

static struct kunit_case queue_cases[] = {
	KUNIT_CASE(test_order),
	KUNIT_CASE(test_drain),
	KUNIT_CASE(test_ring_len),
	{}
};

static struct kunit_suite queue_suite = {
	.name = "vnicx_queue",
	.init = queue_init,
	.test_cases = queue_cases,
};

kunit_test_suite(queue_suite);
