// SPDX-License-Identifier: GPL-2.0
/*
 * Frames for the devices of net.h: made, sent, and looked for.
 */
#include <linux/etherdevice.h>

#include "../../switch/deliver.h"
#include "net.h"

/* Have all happen that a frame has caused: copies by the worker, and what waits before
 * stacks. The kernel leaves softirqs to their daemon when there are many.
 */
static void vnicx_test_settle(struct vnicx_test_net *net)
{
	vnicx_test_flush_worker(net);
	vnicx_queue_drain();
}

/**
 * vnicx_test_frame() - make a frame as a vNIC's stack would send it
 * @test: the test
 * @dest: the destination address
 * @src: the number of the source address
 * @len: bytes behind the Ethernet header
 *
 * Return: the frame, which vnicx_test_send() or vnicx_test_receive() consumes
 */
struct sk_buff *vnicx_test_frame(struct kunit *test, const u8 *dest,
				 unsigned int src, unsigned int len)
{
	struct sk_buff *skb = alloc_skb(NET_SKB_PAD + ETH_HLEN + len, GFP_KERNEL);
	struct ethhdr *eth;
	unsigned int i;
	u8 *payload;

	KUNIT_ASSERT_NOT_NULL(test, skb);
	skb_reserve(skb, NET_SKB_PAD);
	eth = skb_put(skb, ETH_HLEN);
	ether_addr_copy(eth->h_dest, dest);
	vnicx_test_addr(eth->h_source, src);
	eth->h_proto = htons(VNICX_TEST_PROTO);
	payload = skb_put(skb, len);
	for (i = 0; i < len; i++)
		payload[i] = i;
	skb->protocol = eth->h_proto;
	return skb;
}

/**
 * vnicx_test_frame_to() - make a frame for one station
 * @test: the test
 * @dest: the number of the destination address
 * @src: the number of the source address
 * @len: bytes behind the Ethernet header
 *
 * Return: as vnicx_test_frame()
 */
struct sk_buff *vnicx_test_frame_to(struct kunit *test, unsigned int dest,
				    unsigned int src, unsigned int len)
{
	u8 addr[ETH_ALEN];

	vnicx_test_addr(addr, dest);
	return vnicx_test_frame(test, addr, src, len);
}

static void free_witness(void *skb)
{
	kfree_skb(skb);
}

/**
 * vnicx_test_witness() - see what becomes of a frame's data
 * @test: the test
 * @skb: the frame
 *
 * Return: a clone. It is no skb_cloned() any more when all others are freed
 */
struct sk_buff *vnicx_test_witness(struct kunit *test, struct sk_buff *skb)
{
	struct sk_buff *witness = skb_clone(skb, GFP_KERNEL);
	int err;

	KUNIT_ASSERT_NOT_NULL(test, witness);
	err = kunit_add_action_or_reset(test, free_witness, witness);
	KUNIT_ASSERT_EQ(test, err, 0);
	return witness;
}

/**
 * vnicx_test_send() - let a vNIC send a frame, and all it causes happen
 * @net: the net
 * @from: the vNIC's number
 * @skb: the frame, consumed
 *
 * Return: as vnicx_send()
 */
enum vnicx_verdict vnicx_test_send(struct vnicx_test_net *net, unsigned int from,
				   struct sk_buff *skb)
{
	enum vnicx_verdict verdict;

	skb->dev = net->vnic[from]->port.dev;
	local_bh_disable();
	verdict = vnicx_send(&net->vnic[from]->port, skb);
	local_bh_enable();
	vnicx_test_settle(net);
	return verdict;
}

const struct vnicx_test_walk vnicx_test_walks[2] = {
	{ "short walk", vnicx_receive },
	{ "whole walk", vnicx_receive_walk },
};

/**
 * vnicx_test_set_walk() - have frames from the wire take the walk that is the test's
 *	parameter
 * @test: the test
 * @net: the net
 */
void vnicx_test_set_walk(struct kunit *test, struct vnicx_test_net *net)
{
	const struct vnicx_test_walk *walk = test->param_value;

	net->walk = walk->walk;
}

/**
 * vnicx_test_receive() - let a frame come from the wire
 * @net: the net
 * @skb: the frame, as its sender made it; what the walk gives back of
 *	it is in the net's queue
 *
 * Return: as vnicx_receive()
 */
enum vnicx_verdict vnicx_test_receive(struct vnicx_test_net *net,
				      struct sk_buff *skb)
{
	enum vnicx_verdict verdict;

	skb->protocol = eth_type_trans(skb, net->lower);
	local_bh_disable();
	rcu_read_lock();
	verdict = net->walk(net->sw, &skb);
	rcu_read_unlock();
	if (verdict == VNICX_ANOTHER || verdict == VNICX_PASS)
		skb_queue_tail(&net->returned, skb);
	local_bh_enable();
	vnicx_test_settle(net);
	return verdict;
}

/**
 * vnicx_test_purge() - free what the devices sent and received
 * @net: the net
 */
void vnicx_test_purge(struct vnicx_test_net *net)
{
	unsigned int i;

	for (i = 0; i < net->nr_vnics; i++) {
		skb_queue_purge(&net->vnic[i]->rx);
		skb_queue_purge(&net->vnic[i]->ring);
	}
	skb_queue_purge(&net->wire);
	skb_queue_purge(&net->host);
	skb_queue_purge(&net->returned);
}

/**
 * vnicx_test_only() - look at the only frame of a queue
 * @test: the test, which fails when there is none or another one
 * @queue: the queue
 *
 * Return: the frame, still the queue's
 */
struct sk_buff *vnicx_test_only(struct kunit *test, struct sk_buff_head *queue)
{
	KUNIT_ASSERT_EQ(test, skb_queue_len(queue), 1);
	return skb_peek(queue);
}

/**
 * vnicx_test_expect_rx() - expect that some vNICs got one frame, others none
 * @test: the test
 * @net: the net
 * @vnics: a bit for each vNIC that got one
 */
void vnicx_test_expect_rx(struct kunit *test, struct vnicx_test_net *net,
			  unsigned long vnics)
{
	unsigned int i;

	for (i = 0; i < net->nr_vnics; i++)
		KUNIT_EXPECT_EQ_MSG(test, skb_queue_len(&net->vnic[i]->rx),
				    test_bit(i, &vnics), "vNIC %u", i);
}

/**
 * vnicx_test_expect_out() - expect how many frames went to the others
 * @test: the test
 * @net: the net
 * @wire: how many the lower device sent
 * @host: how many its stack was sent by vNICs
 */
void vnicx_test_expect_out(struct kunit *test, struct vnicx_test_net *net,
			   unsigned int wire, unsigned int host)
{
	KUNIT_EXPECT_EQ(test, skb_queue_len(&net->wire), wire);
	KUNIT_EXPECT_EQ(test, skb_queue_len(&net->host), host);
}
