// SPDX-License-Identifier: GPL-2.0
/*
 * Frames for a vNIC with a queue of its own, which a virtual machine reads.
 */
#include <linux/etherdevice.h>
#include <linux/if_vlan.h>
#include <linux/ip.h>
#include <linux/udp.h>
#include <linux/unaligned.h>
#include <linux/rtnetlink.h>

#include "net.h"

#define LEN	100
#define ROOM	4

/* vNIC 1 has the queue. */
#define TAP	1

/* One more than are served at once, and the one that sends */
#define VNICS	(VNICX_FLOOD_INLINE + 2)

static const u8 broadcast[ETH_ALEN] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };
static const u8 group[ETH_ALEN] = VNICX_TEST_GROUP(1);

static int init_few(struct kunit *test)
{
	struct vnicx_test_net *net = vnicx_test_net(test, 4);

	vnicx_test_ring(net, TAP, ROOM);
	test->priv = net;
	return 0;
}

static int init_many(struct kunit *test)
{
	struct vnicx_test_net *net = vnicx_test_net(test, VNICS);

	vnicx_test_ring(net, TAP, ROOM);
	test->priv = net;
	return 0;
}

static struct vnicx_port *tap_port(struct kunit *test)
{
	struct vnicx_test_net *net = test->priv;

	return &net->vnic[TAP]->port;
}

static struct sk_buff_head *ring(struct kunit *test)
{
	struct vnicx_test_net *net = test->priv;

	return &net->vnic[TAP]->ring;
}

static struct sk_buff *frame(struct kunit *test)
{
	return vnicx_test_frame_to(test, TAP, 0, LEN);
}

static enum vnicx_verdict send(struct kunit *test, struct sk_buff *skb)
{
	return vnicx_test_send(test->priv, 0, skb);
}

static void expect_received(struct kunit *test, u64 packets, u64 dropped)
{
	const struct vnicx_port *port = tap_port(test);

	KUNIT_EXPECT_EQ(test, vnicx_test_stat(port, VNICX_RX_PACKETS), packets);
	KUNIT_EXPECT_EQ(test, vnicx_test_stat(port, VNICX_RX_BYTES),
			packets * (ETH_HLEN + LEN));
	KUNIT_EXPECT_EQ(test, vnicx_test_stat(port, VNICX_RX_DROPPED), dropped);
}

/* In the queue before the sender, who keeps softirqs from running, goes on. */
static void test_in_the_senders_context(struct kunit *test)
{
	struct vnicx_test_net *net = test->priv;
	struct sk_buff *skb = frame(test);
	enum vnicx_verdict verdict;
	unsigned int taken;

	skb->dev = net->vnic[0]->port.dev;
	local_bh_disable();
	verdict = vnicx_send(&net->vnic[0]->port, skb);
	taken = skb_queue_len(ring(test));
	local_bh_enable();

	KUNIT_EXPECT_EQ(test, verdict, VNICX_DONE);
	KUNIT_EXPECT_EQ(test, taken, 1);
	vnicx_test_expect_rx(test, net, 0);
	vnicx_test_expect_out(test, net, 0, 0);
	expect_received(test, 1, 0);
	KUNIT_EXPECT_EQ(test, vnicx_test_stat(tap_port(test), VNICX_RX_MULTICAST), 0);
}

/* The very frame, in the form in which a handler receives it. */
static void test_form(struct kunit *test)
{
	struct vnicx_test_net *net = test->priv;
	struct sk_buff *skb = frame(test), *sent = frame(test);
	const struct sk_buff *got;

	skb->mark = 7;
	skb->priority = 5;
	send(test, skb);

	got = vnicx_test_only(test, ring(test));
	KUNIT_EXPECT_PTR_EQ(test, got, skb);
	KUNIT_EXPECT_PTR_EQ(test, got->dev, net->vnic[TAP]->port.dev);
	KUNIT_EXPECT_EQ(test, (u8)got->pkt_type, PACKET_HOST);
	KUNIT_EXPECT_EQ(test, ntohs(got->protocol), VNICX_TEST_PROTO);
	KUNIT_EXPECT_EQ(test, got->len, LEN);
	KUNIT_EXPECT_EQ(test, skb_mac_offset(got), -ETH_HLEN);
	KUNIT_EXPECT_MEMEQ(test, skb_mac_header(got), sent->data, sent->len);
	KUNIT_EXPECT_EQ(test, got->mark, 0);
	KUNIT_EXPECT_EQ(test, got->priority, 0);
	KUNIT_EXPECT_NULL(test, skb_dst(got));
	kfree_skb(sent);
}

static void test_gso_stays_whole(struct kunit *test)
{
	struct sk_buff *skb = vnicx_test_frame_to(test, TAP, 0, 60000);

	skb_shinfo(skb)->gso_size = 1448;
	skb_shinfo(skb)->gso_segs = 42;
	skb_shinfo(skb)->gso_type = SKB_GSO_TCPV4;
	skb->ip_summed = CHECKSUM_PARTIAL;
	skb->csum_start = skb_headroom(skb) + ETH_HLEN + 20;
	skb->csum_offset = 16;
	send(test, skb);

	skb = vnicx_test_only(test, ring(test));
	KUNIT_EXPECT_EQ(test, skb->len, 60000);
	KUNIT_EXPECT_EQ(test, skb_shinfo(skb)->gso_size, 1448);
	KUNIT_EXPECT_EQ(test, (u8)skb->ip_summed, CHECKSUM_PARTIAL);
	KUNIT_EXPECT_EQ(test, skb->csum_start - skb_headroom(skb), 20);
	KUNIT_EXPECT_EQ(test, skb->csum_offset, 16);
}

/* The flow chooses among a reader's queues: a tag in the frame, as a virtual
 * machine writes it, must not hide it, or the length takes its place.
 */
static void test_flow_behind_a_tag(struct kunit *test)
{
	static const struct {
		struct vlan_hdr tag;
		struct iphdr ip;
		struct udphdr udp;
	} __packed head = {
		.tag = { htons(5), htons(ETH_P_IP) },
		.ip = { .version = 4, .ihl = 5, .protocol = IPPROTO_UDP,
			.saddr = cpu_to_be32(1), .daddr = cpu_to_be32(2) },
		.udp = { .source = htons(3), .dest = htons(4) },
	};
	u32 hash[2];
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(hash); i++) {
		struct sk_buff *skb = vnicx_test_frame_to(test, TAP, 0, LEN + i);

		((struct ethhdr *)skb->data)->h_proto = htons(ETH_P_8021Q);
		memcpy(skb->data + ETH_HLEN, &head, sizeof(head));
		put_unaligned_be16(LEN + i, skb->data + ETH_HLEN + VLAN_HLEN + 2);
		/* As the tap library does for who writes such a frame */
		skb_set_network_header(skb, ETH_HLEN + VLAN_HLEN);
		send(test, skb);
		skb = vnicx_test_only(test, ring(test));
		KUNIT_EXPECT_EQ(test, skb_network_offset(skb), 0);
		hash[i] = skb_get_hash(skb);
		skb_queue_purge(ring(test));
	}
	KUNIT_EXPECT_EQ(test, hash[0], hash[1]);
}

static void test_full(struct kunit *test)
{
	struct vnicx_test_net *net = test->priv;
	struct sk_buff *skb, *witness;
	unsigned int i;

	for (i = 0; i < ROOM; i++)
		send(test, frame(test));
	skb = frame(test);
	witness = vnicx_test_witness(test, skb);

	/* As over a wire, the sender does not learn of it. The port received
	 * it; that its queue had no room is counted as well.
	 */
	KUNIT_EXPECT_EQ(test, send(test, skb), VNICX_DONE);
	KUNIT_EXPECT_FALSE(test, skb_cloned(witness));
	KUNIT_EXPECT_EQ(test, skb_queue_len(ring(test)), ROOM);
	vnicx_test_expect_rx(test, net, 0);
	expect_received(test, ROOM + 1, 1);
	KUNIT_EXPECT_EQ(test, vnicx_test_stat(&net->vnic[0]->port, VNICX_TX_PACKETS),
			ROOM + 1);
	KUNIT_EXPECT_EQ(test, vnicx_test_stat(&net->vnic[0]->port, VNICX_TX_DROPPED), 0);

	skb_queue_purge(ring(test));
	send(test, frame(test));
	expect_received(test, ROOM + 2, 1);
}

/* Then the stack has it, by way of the queue, and it is counted once. */
static void test_nobody_reads(struct kunit *test)
{
	struct vnicx_test_net *net = test->priv;

	vnicx_test_ring(net, TAP, 0);
	KUNIT_EXPECT_EQ(test, send(test, frame(test)), VNICX_DONE);
	KUNIT_EXPECT_EQ(test, skb_queue_len(ring(test)), 0);
	vnicx_test_expect_rx(test, net, BIT(TAP));
	expect_received(test, 1, 0);
}

static void test_too_long(struct kunit *test)
{
	struct vnicx_test_net *net = test->priv;
	const unsigned int most = tap_port(test)->dev->mtu + VLAN_HLEN;

	send(test, vnicx_test_frame_to(test, TAP, 0, most + 1));
	KUNIT_EXPECT_EQ(test, skb_queue_len(ring(test)), 0);
	vnicx_test_expect_rx(test, net, 0);
	expect_received(test, 0, 1);

	send(test, vnicx_test_frame_to(test, TAP, 0, most));
	KUNIT_EXPECT_EQ(test, skb_queue_len(ring(test)), 1);
}

static void test_down(struct kunit *test)
{
	struct vnicx_test_net *net = test->priv;

	vnicx_test_down(net, TAP);
	send(test, frame(test));
	KUNIT_EXPECT_EQ(test, skb_queue_len(ring(test)), 0);
	vnicx_test_expect_rx(test, net, 0);
	vnicx_test_expect_out(test, net, 1, 0);
	expect_received(test, 0, 0);
}

static int see(struct sk_buff *skb, struct net_device *dev,
	       struct packet_type *pt, struct net_device *orig)
{
	consume_skb(skb);
	return NET_RX_SUCCESS;
}

static void end_capture(void *capture)
{
	dev_remove_pack(capture);
}

/* A capture sees frames on their way through the core only. */
static void test_captured(struct kunit *test)
{
	struct packet_type *capture = kunit_kzalloc(test, sizeof(*capture),
						    GFP_KERNEL);
	struct vnicx_test_net *net = test->priv;
	int err;

	KUNIT_ASSERT_NOT_NULL(test, capture);
	capture->type = htons(ETH_P_ALL);
	capture->dev = tap_port(test)->dev;
	capture->func = see;
	dev_add_pack(capture);
	err = kunit_add_action_or_reset(test, end_capture, capture);
	KUNIT_ASSERT_EQ(test, err, 0);

	send(test, frame(test));
	KUNIT_EXPECT_EQ(test, skb_queue_len(ring(test)), 0);
	vnicx_test_expect_rx(test, net, BIT(TAP));
	expect_received(test, 1, 0);

	kunit_release_action(test, end_capture, capture);
	send(test, frame(test));
	KUNIT_EXPECT_EQ(test, skb_queue_len(ring(test)), 1);
	vnicx_test_expect_rx(test, net, BIT(TAP));
	expect_received(test, 2, 0);
}

static void test_broadcast(struct kunit *test)
{
	struct vnicx_test_net *net = test->priv;
	const struct sk_buff *got;

	send(test, vnicx_test_frame(test, broadcast, 0, LEN));
	vnicx_test_expect_rx(test, net, BIT(2) | BIT(3));
	vnicx_test_expect_out(test, net, 1, 1);
	got = vnicx_test_only(test, ring(test));
	KUNIT_EXPECT_PTR_EQ(test, got->dev, net->vnic[TAP]->port.dev);
	KUNIT_EXPECT_EQ(test, (u8)got->pkt_type, PACKET_BROADCAST);
	KUNIT_EXPECT_EQ(test, got->len, LEN);
	expect_received(test, 1, 0);
}

static void test_multicast_is_counted(struct kunit *test)
{
	struct vnicx_port *port = tap_port(test);
	unsigned int i;

	KUNIT_ASSERT_EQ(test, 0, vnicx_test_group_join(test, port, group));
	for (i = 0; i < ROOM + 2; i++)
		send(test, vnicx_test_frame(test, group, 0, LEN));
	KUNIT_EXPECT_EQ(test, skb_queue_len(ring(test)), ROOM);
	KUNIT_EXPECT_EQ(test, vnicx_test_stat(port, VNICX_RX_MULTICAST), ROOM + 2);
	expect_received(test, ROOM + 2, 2);
}

static void test_from_the_host(struct kunit *test)
{
	struct vnicx_test_net *net = test->priv;
	struct sk_buff *skb = vnicx_test_frame_to(test, TAP, VNICX_TEST_LOWER, LEN);

	skb->dev = net->lower;
	skb_reset_mac_header(skb);
	local_bh_disable();
	KUNIT_EXPECT_EQ(test, vnicx_send_host(net->sw, skb), VNICX_DONE);
	local_bh_enable();
	KUNIT_EXPECT_EQ(test, skb_queue_len(ring(test)), 1);
	expect_received(test, 1, 0);
}

/* The worker puts copies there as well, before those of a frame that follows. */
static void test_by_the_worker(struct kunit *test)
{
	struct vnicx_test_net *net = test->priv;

	disable_work_sync(&net->sw->flood.work);
	send(test, vnicx_test_frame(test, broadcast, 0, LEN));
	KUNIT_EXPECT_EQ(test, skb_queue_len(ring(test)), 0);
	enable_work(&net->sw->flood.work);
	send(test, vnicx_test_frame(test, broadcast, 0, LEN + 1));

	KUNIT_ASSERT_EQ(test, skb_queue_len(ring(test)), 2);
	KUNIT_EXPECT_EQ(test, skb_peek(ring(test))->len, LEN);
	KUNIT_EXPECT_EQ(test, skb_peek_tail(ring(test))->len, LEN + 1);
	KUNIT_EXPECT_EQ(test, skb_queue_len(&net->vnic[TAP]->rx), 0);
	KUNIT_EXPECT_EQ(test, skb_queue_len(&net->vnic[2]->rx), 2);
}

static void test_the_worker_finds_it_full(struct kunit *test)
{
	unsigned int i;

	for (i = 0; i < ROOM + 3; i++)
		send(test, vnicx_test_frame(test, broadcast, 0, LEN));
	KUNIT_EXPECT_EQ(test, skb_queue_len(ring(test)), ROOM);
	expect_received(test, ROOM + 3, 3);
}

static struct kunit_case cases_of_few[] = {
	KUNIT_CASE(test_in_the_senders_context),
	KUNIT_CASE(test_form),
	KUNIT_CASE(test_gso_stays_whole),
	KUNIT_CASE(test_flow_behind_a_tag),
	KUNIT_CASE(test_full),
	KUNIT_CASE(test_nobody_reads),
	KUNIT_CASE(test_too_long),
	KUNIT_CASE(test_down),
	KUNIT_CASE(test_captured),
	KUNIT_CASE(test_broadcast),
	KUNIT_CASE(test_multicast_is_counted),
	KUNIT_CASE(test_from_the_host),
	{}
};

static struct kunit_case cases_of_many[] = {
	KUNIT_CASE(test_by_the_worker),
	KUNIT_CASE(test_the_worker_finds_it_full),
	{}
};

static struct kunit_suite few = {
	.name = "vnicx_take",
	.init = init_few,
	.test_cases = cases_of_few,
};

static struct kunit_suite many = {
	.name = "vnicx_take_worker",
	.init = init_many,
	.test_cases = cases_of_many,
};

kunit_test_suites(&few, &many);
