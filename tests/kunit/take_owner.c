// SPDX-License-Identifier: GPL-2.0
/*
 * Frames in the queue of a vNIC, which a virtual machine may leave there for long:
 * they are not their sender's any more.
 */
#include <linux/etherdevice.h>

#include "net.h"

#define LEN	100

/* vNIC 1 has the queue. */
#define TAP	1

static int init(struct kunit *test)
{
	struct vnicx_test_net *net = vnicx_test_net(test, 2);

	vnicx_test_ring(net, TAP, 1);
	test->priv = net;
	return 0;
}

static unsigned int nr_released;

static void release(struct sk_buff *skb)
{
	nr_released++;
}

/* A sender does not wait for the reader to have its buffer back. */
static void test_no_longer_the_senders(struct kunit *test)
{
	struct vnicx_test_net *net = test->priv;
	struct sk_buff *skb = vnicx_test_frame_to(test, TAP, 0, LEN);

	nr_released = 0;
	skb->destructor = release;
	vnicx_test_send(net, 0, skb);
	skb = vnicx_test_only(test, &net->vnic[TAP]->ring);
	KUNIT_EXPECT_EQ(test, nr_released, 1);
	KUNIT_EXPECT_NULL(test, skb->destructor);
}

static unsigned int nr_completed;

static void complete_pages(struct sk_buff *skb, struct ubuf_info *uarg,
			   bool success)
{
	nr_completed++;
}

static const struct ubuf_info_ops ubuf_ops = { .complete = complete_pages };

/* Nor for its pages: those that a program may change meanwhile are copied, also
 * of the kind that a socket of this machine may have for a while.
 */
static void test_no_longer_the_senders_pages(struct kunit *test)
{
	static struct ubuf_info uarg = {
		.ops = &ubuf_ops,
		.flags = SKBFL_ZEROCOPY_FRAG | SKBFL_DONT_ORPHAN,
	};
	struct sk_buff *skb = vnicx_test_frame_to(test, TAP, 0, 0);
	struct vnicx_test_net *net = test->priv;
	struct page *page = alloc_page(GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, page);
	nr_completed = 0;
	refcount_set(&uarg.refcnt, 1);
	memset(page_address(page), 'x', LEN);
	skb_add_rx_frag(skb, 0, page, 0, LEN, PAGE_SIZE);
	skb_zcopy_init(skb, &uarg);
	vnicx_test_send(net, 0, skb);

	skb = vnicx_test_only(test, &net->vnic[TAP]->ring);
	KUNIT_EXPECT_EQ(test, nr_completed, 1);
	KUNIT_EXPECT_EQ(test, skb->len, LEN);
	KUNIT_EXPECT_PTR_NE(test, skb_frag_page(&skb_shinfo(skb)->frags[0]), page);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(test_no_longer_the_senders),
	KUNIT_CASE(test_no_longer_the_senders_pages),
	{}
};

static struct kunit_suite suite = {
	.name = "vnicx_take_owner",
	.init = init,
	.test_cases = cases,
};

kunit_test_suite(suite);
