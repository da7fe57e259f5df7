// SPDX-License-Identifier: GPL-2.0
/*
 * Frames for a vNIC with a queue before its XDP program.
 */
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/rtnetlink.h>

#include "net.h"

#define LEN	100

/* vNIC 1 has the queue. */
#define XDP	1

/* A frame is put for so long, longer than it takes to call a function. */
#define PUT_MS	100

/* How far the frame is that is being put */
static bool entered, left;

static bool slow_put(struct vnicx_port *port, struct sk_buff *skb)
{
	WRITE_ONCE(entered, true);
	mdelay(PUT_MS);
	kfree_skb(skb);
	WRITE_ONCE(left, true);
	return true;
}

static int vnicx_put_init(struct kunit *test)
{
	struct vnicx_test_net *net = vnicx_test_net(test, 2);

	entered = false;
	left = false;
	net->vnic[XDP]->port.put = slow_put;
	rtnl_lock();
	vnicx_port_set_xdp(&net->vnic[XDP]->port, true);
	rtnl_unlock();
	test->priv = net;
	return 0;
}

static void leave(struct kunit *test)
{
	struct vnicx_test_net *net = test->priv;

	rtnl_lock();
	vnicx_port_set_xdp(&net->vnic[XDP]->port, false);
	rtnl_unlock();
}

/**
 * struct sending - what a thread sends
 * @net: by this
 * @skb: the frame
 */
struct sending {
	struct vnicx_test_net *net;
	struct sk_buff *skb;
};

static int send(void *data)
{
	struct sending *sending = data;

	vnicx_test_send(sending->net, 0, sending->skb);
	while (!kthread_should_stop())
		fsleep(100);
	return 0;
}

static void test_goes_to_the_queue(struct kunit *test)
{
	vnicx_test_send(test->priv, 0, vnicx_test_frame_to(test, XDP, 0, LEN));
	KUNIT_EXPECT_TRUE(test, left);
	vnicx_test_expect_rx(test, test->priv, 0);
}

/* Its caller frees the queue next, and must not free it under a sender. */
static void test_waits_for_whom_it_finds_there(struct kunit *test)
{
	struct sending sending = { .net = test->priv };
	struct task_struct *sender;
	int waited = 0;

	if (num_online_cpus() < 2)
		kunit_skip(test, "one processor");
	sending.skb = vnicx_test_frame_to(test, XDP, 0, LEN);
	sender = kthread_run(send, &sending, "vnicx-kunit");
	KUNIT_ASSERT_FALSE(test, IS_ERR(sender));
	while (!READ_ONCE(entered) && waited++ < 50000)
		fsleep(100);
	leave(test);
	KUNIT_EXPECT_TRUE(test, READ_ONCE(entered));
	KUNIT_EXPECT_TRUE(test, READ_ONCE(left));
	kthread_stop(sender);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(test_goes_to_the_queue),
	KUNIT_CASE(test_waits_for_whom_it_finds_there),
	{}
};

static struct kunit_suite suite = {
	.name = "vnicx_put",
	.init = vnicx_put_init,
	.test_cases = cases,
};

kunit_test_suite(suite);
