// SPDX-License-Identifier: GPL-2.0
/*
 * Frames of a vNIC to one station, and frames that it may not send at all.
 */
#include <linux/etherdevice.h>
#include <linux/if_vlan.h>
#include <linux/rtnetlink.h>
#include <net/hotdata.h>

#include "net.h"

#define LEN	100

static int init(struct kunit *test)
{
	test->priv = vnicx_test_net(test, 3);
	return 0;
}

/* The frame that vNIC 0 sent, made anew, and the headers it had. */
static void expect_same_frame(struct kunit *test, const struct sk_buff *skb,
			      unsigned int dest)
{
	struct sk_buff *sent = vnicx_test_frame_to(test, dest, 0, LEN);

	KUNIT_EXPECT_EQ(test, skb->len, LEN);
	KUNIT_EXPECT_EQ(test, skb_mac_offset(skb), -ETH_HLEN);
	KUNIT_EXPECT_MEMEQ(test, skb_mac_header(skb), sent->data, sent->len);
	kfree_skb(sent);
}

static void test_vnic_to_vnic(struct kunit *test)
{
	struct vnicx_test_net *net = test->priv;
	const struct sk_buff *skb;

	KUNIT_EXPECT_EQ(test, VNICX_DONE,
			vnicx_test_send(net, 0, vnicx_test_frame_to(test, 1, 0, LEN)));
	vnicx_test_expect_rx(test, net, BIT(1));
	vnicx_test_expect_out(test, net, 0, 0);

	skb = vnicx_test_only(test, &net->vnic[1]->rx);
	expect_same_frame(test, skb, 1);
	KUNIT_EXPECT_PTR_EQ(test, skb->dev, net->vnic[1]->port.dev);
	KUNIT_EXPECT_EQ(test, ntohs(skb->protocol), VNICX_TEST_PROTO);
	KUNIT_EXPECT_EQ(test, (u8)skb->pkt_type, PACKET_HOST);
}

static void test_vnic_to_vnic_is_counted(struct kunit *test)
{
	struct vnicx_test_net *net = test->priv;
	struct vnicx_port *from = &net->vnic[0]->port;
	struct vnicx_port *to = &net->vnic[1]->port;

	vnicx_test_send(net, 0, vnicx_test_frame_to(test, 1, 0, LEN));
	vnicx_test_send(net, 0, vnicx_test_frame_to(test, 1, 0, 0));
	KUNIT_EXPECT_EQ(test, vnicx_test_stat(from, VNICX_TX_PACKETS), 2);
	KUNIT_EXPECT_EQ(test, vnicx_test_stat(from, VNICX_TX_BYTES), LEN + 2 * ETH_HLEN);
	KUNIT_EXPECT_EQ(test, vnicx_test_stat(to, VNICX_RX_PACKETS), 2);
	KUNIT_EXPECT_EQ(test, vnicx_test_stat(to, VNICX_RX_BYTES), LEN + 2 * ETH_HLEN);

	KUNIT_EXPECT_EQ(test, vnicx_test_stat(from, VNICX_RX_PACKETS), 0);
	KUNIT_EXPECT_EQ(test, vnicx_test_stat(from, VNICX_TX_DROPPED), 0);
	KUNIT_EXPECT_EQ(test, vnicx_test_stat(to, VNICX_RX_DROPPED), 0);
	KUNIT_EXPECT_EQ(test, vnicx_test_stat(to, VNICX_RX_MULTICAST), 0);
	KUNIT_EXPECT_EQ(test, vnicx_test_stat(to, VNICX_TX_PACKETS), 0);
}

/* Nothing of the sender's stack goes with a frame but what its data means. */
static void test_scrubbed(struct kunit *test)
{
	struct vnicx_test_net *net = test->priv;
	struct sk_buff *skb = vnicx_test_frame_to(test, 1, 0, LEN);
	const struct sk_buff *got;

	skb->mark = 7;
	skb->priority = 5;
	skb->skb_iif = 3;
	skb->tstamp = 1;
	vnicx_test_send(net, 0, skb);

	got = vnicx_test_only(test, &net->vnic[1]->rx);
	KUNIT_EXPECT_EQ(test, got->mark, 0);
	KUNIT_EXPECT_EQ(test, got->priority, 0);
	KUNIT_EXPECT_EQ(test, got->skb_iif, net->vnic[1]->port.dev->ifindex);
	KUNIT_EXPECT_NE(test, got->tstamp, 1);
	KUNIT_EXPECT_NULL(test, got->sk);
	KUNIT_EXPECT_NULL(test, skb_dst(got));
}

/* A checksum that is yet to be made is as good as one, in memory. */
static void test_partial_checksum(struct kunit *test)
{
	struct vnicx_test_net *net = test->priv;
	struct sk_buff *skb = vnicx_test_frame_to(test, 1, 0, LEN);
	const struct sk_buff *got;

	skb->ip_summed = CHECKSUM_PARTIAL;
	skb->csum_start = skb_headroom(skb) + ETH_HLEN + 20;
	skb->csum_offset = 16;
	vnicx_test_send(net, 0, skb);

	got = vnicx_test_only(test, &net->vnic[1]->rx);
	KUNIT_EXPECT_EQ(test, (u8)got->ip_summed, CHECKSUM_PARTIAL);
	KUNIT_EXPECT_EQ(test, got->csum_start - skb_headroom(got), 20);
	KUNIT_EXPECT_EQ(test, got->csum_offset, 16);
}

static void test_to_itself(struct kunit *test)
{
	struct vnicx_test_net *net = test->priv;

	KUNIT_EXPECT_EQ(test, VNICX_DROPPED,
			vnicx_test_send(net, 0, vnicx_test_frame_to(test, 0, 0, LEN)));
	vnicx_test_expect_rx(test, net, 0);
	vnicx_test_expect_out(test, net, 0, 0);
	KUNIT_EXPECT_EQ(test, vnicx_test_stat(&net->vnic[0]->port, VNICX_TX_DROPPED), 1);
	KUNIT_EXPECT_EQ(test, vnicx_test_stat(&net->vnic[0]->port, VNICX_TX_PACKETS), 0);
}

static void test_unknown_to_the_wire(struct kunit *test)
{
	struct vnicx_test_net *net = test->priv;
	struct sk_buff *skb = vnicx_test_frame_to(test, VNICX_TEST_NOBODY, 0, LEN);

	skb->mark = 7;
	KUNIT_EXPECT_EQ(test, vnicx_test_send(net, 0, skb), VNICX_DONE);
	vnicx_test_expect_rx(test, net, 0);
	vnicx_test_expect_out(test, net, 1, 0);

	KUNIT_EXPECT_PTR_EQ(test, vnicx_test_only(test, &net->wire), skb);
	KUNIT_EXPECT_PTR_EQ(test, skb->dev, net->lower);
	KUNIT_EXPECT_EQ(test, skb->len, ETH_HLEN + LEN);
	KUNIT_EXPECT_PTR_EQ(test, skb->data, skb_mac_header(skb));
	/* In the lower device's own namespace it is its owner's. */
	KUNIT_EXPECT_EQ(test, skb->mark, 7);
	KUNIT_EXPECT_EQ(test, vnicx_test_stat(&net->vnic[0]->port, VNICX_TX_PACKETS), 1);
}

static void test_down_is_unknown(struct kunit *test)
{
	struct vnicx_test_net *net = test->priv;

	vnicx_test_down(net, 1);
	KUNIT_EXPECT_EQ(test, VNICX_DONE,
			vnicx_test_send(net, 0, vnicx_test_frame_to(test, 1, 0, LEN)));
	vnicx_test_expect_rx(test, net, 0);
	vnicx_test_expect_out(test, net, 1, 0);
}

static void test_host_is_a_port(struct kunit *test)
{
	struct vnicx_test_net *net = test->priv;
	struct sk_buff *skb = vnicx_test_frame_to(test, VNICX_TEST_LOWER, 0, LEN);

	KUNIT_EXPECT_EQ(test, vnicx_test_send(net, 0, skb), VNICX_DONE);
	vnicx_test_expect_rx(test, net, 0);
	vnicx_test_expect_out(test, net, 0, 1);
}

/* Code that overwrites the mark on the way need not release it. */
static void test_mark_is_not_counted(struct kunit *test)
{
	struct vnicx_test_net *net = test->priv;
	struct sk_buff *skb = vnicx_test_frame_to(test, VNICX_TEST_LOWER, 0, LEN);
	bool marked, counted;

	skb->dev = net->vnic[0]->port.dev;
	local_bh_disable();
	KUNIT_EXPECT_EQ(test, vnicx_send(&net->vnic[0]->port, skb), VNICX_DONE);
	marked = skb_dst(skb) == net->sw->seen;
	counted = !(skb->_skb_refdst & SKB_DST_NOREF);
	local_bh_enable();

	KUNIT_EXPECT_TRUE(test, marked);
	KUNIT_EXPECT_FALSE(test, counted);
	vnicx_test_expect_out(test, net, 0, 1);
}

static void test_host_taken_off(struct kunit *test)
{
	struct vnicx_test_net *net = test->priv;
	struct sk_buff *skb = vnicx_test_frame_to(test, VNICX_TEST_LOWER, 0, LEN);

	rtnl_lock();
	vnicx_switch_set_host(net->sw, false);
	rtnl_unlock();
	KUNIT_EXPECT_EQ(test, vnicx_test_send(net, 0, skb), VNICX_DONE);
	vnicx_test_expect_rx(test, net, 0);
	vnicx_test_expect_out(test, net, 1, 0);
}

static void test_address_in_one_vlan(struct kunit *test)
{
	struct vnicx_test_net *net = test->priv;
	u8 addr[ETH_ALEN];
	struct sk_buff *skb;

	vnicx_test_addr(addr, 0x100);
	KUNIT_ASSERT_EQ(test, 0,
			vnicx_test_fdb_add(test, &net->vnic[1]->port, addr, 5));
	KUNIT_ASSERT_EQ(test, 0,
			vnicx_test_fdb_add(test, &net->vnic[2]->port, addr, 6));

	skb = vnicx_test_frame(test, addr, 0, LEN);
	__vlan_hwaccel_put_tag(skb, htons(ETH_P_8021Q), 5);
	vnicx_test_send(net, 0, skb);
	vnicx_test_expect_rx(test, net, BIT(1));
	skb = vnicx_test_only(test, &net->vnic[1]->rx);
	KUNIT_EXPECT_TRUE(test, skb_vlan_tag_present(skb));
	KUNIT_EXPECT_EQ(test, skb_vlan_tag_get(skb), 5);

	vnicx_test_purge(net);
	vnicx_test_send(net, 0, vnicx_test_frame(test, addr, 0, LEN));
	vnicx_test_expect_rx(test, net, 0);
	vnicx_test_expect_out(test, net, 1, 0);
}

static void test_congested_wire(struct kunit *test)
{
	struct vnicx_test_net *net = test->priv;
	struct vnicx_port *from = &net->vnic[0]->port;

	net->xmit = NET_XMIT_CN;
	KUNIT_EXPECT_EQ(test, VNICX_CONGESTED,
			vnicx_test_send(net, 0, vnicx_test_frame_to(test,
								    VNICX_TEST_NOBODY,
								    0, LEN)));
	KUNIT_EXPECT_EQ(test, vnicx_test_stat(from, VNICX_TX_PACKETS), 1);
	KUNIT_EXPECT_EQ(test, vnicx_test_stat(from, VNICX_TX_DROPPED), 0);

	net->xmit = NET_XMIT_DROP;
	KUNIT_EXPECT_EQ(test, VNICX_DROPPED,
			vnicx_test_send(net, 0, vnicx_test_frame_to(test,
								    VNICX_TEST_NOBODY,
								    0, LEN)));
	KUNIT_EXPECT_EQ(test, vnicx_test_stat(from, VNICX_TX_PACKETS), 1);
	KUNIT_EXPECT_EQ(test, vnicx_test_stat(from, VNICX_TX_DROPPED), 1);
}

/* Sends two frames to a station while the queue holds one, and is kept from
 * running.
 */
static void fill_queue(struct kunit *test, struct vnicx_test_net *net,
		       unsigned int to)
{
	struct sk_buff *first = vnicx_test_frame_to(test, to, 0, LEN);
	struct sk_buff *second = vnicx_test_frame_to(test, to, 0, LEN);
	enum vnicx_verdict verdict[2];
	int max_backlog;

	local_bh_disable();
	max_backlog = READ_ONCE(net_hotdata.max_backlog);
	WRITE_ONCE(net_hotdata.max_backlog, 0);
	verdict[0] = vnicx_send(&net->vnic[0]->port, first);
	verdict[1] = vnicx_send(&net->vnic[0]->port, second);
	WRITE_ONCE(net_hotdata.max_backlog, max_backlog);
	local_bh_enable();

	KUNIT_EXPECT_EQ(test, verdict[0], VNICX_DONE);
	KUNIT_EXPECT_EQ(test, verdict[1], VNICX_CONGESTED);
}

static u64 rx_dropped(struct net_device *dev)
{
	struct rtnl_link_stats64 stats;

	return dev_get_stats(dev, &stats)->rx_dropped;
}

static void test_congested_queue(struct kunit *test)
{
	struct vnicx_test_net *net = test->priv;
	struct vnicx_port *to = &net->vnic[1]->port;

	fill_queue(test, net, 1);
	vnicx_test_expect_rx(test, net, BIT(1));
	KUNIT_EXPECT_EQ(test, vnicx_test_stat(to, VNICX_RX_PACKETS), 1);
	KUNIT_EXPECT_EQ(test, rx_dropped(to->dev), 1);
	KUNIT_EXPECT_EQ(test, atomic_long_read(&to->rx_overflow), 1);
}

static void test_congested_queue_to_host(struct kunit *test)
{
	struct vnicx_test_net *net = test->priv;

	fill_queue(test, net, VNICX_TEST_LOWER);
	vnicx_test_expect_out(test, net, 0, 1);
	KUNIT_EXPECT_EQ(test, rx_dropped(net->lower), 1);
	KUNIT_EXPECT_EQ(test, atomic_long_read(&net->sw->host.rx_overflow), 1);
}

static void test_pause_goes_nowhere(struct kunit *test)
{
	static const u8 pause[ETH_ALEN] = { 0x01, 0x80, 0xc2, 0, 0, 0x01 };
	struct vnicx_test_net *net = test->priv;
	struct sk_buff *skb = vnicx_test_frame(test, pause, 0, 46);
	struct ethhdr *eth = (struct ethhdr *)skb->data;

	eth->h_proto = htons(ETH_P_PAUSE);
	KUNIT_EXPECT_EQ(test, vnicx_test_send(net, 0, skb), VNICX_DROPPED);
	vnicx_test_expect_rx(test, net, 0);
	vnicx_test_expect_out(test, net, 0, 0);
	KUNIT_EXPECT_EQ(test, vnicx_test_stat(&net->vnic[0]->port, VNICX_TX_DROPPED), 1);
}

static void test_short_frame_goes_nowhere(struct kunit *test)
{
	struct vnicx_test_net *net = test->priv;
	unsigned int len;

	for (len = 0; len < ETH_HLEN; len++) {
		struct sk_buff *skb = vnicx_test_frame_to(test, 1, 0, 0);

		skb_trim(skb, len);
		KUNIT_EXPECT_EQ(test, vnicx_test_send(net, 0, skb), VNICX_DROPPED);
	}
	vnicx_test_expect_rx(test, net, 0);
	vnicx_test_expect_out(test, net, 0, 0);
	KUNIT_EXPECT_EQ(test, vnicx_test_stat(&net->vnic[0]->port, VNICX_TX_DROPPED),
			ETH_HLEN);
}

/* The header of a frame may be in a fragment altogether. */
static void test_header_in_a_fragment(struct kunit *test)
{
	struct vnicx_test_net *net = test->priv;
	struct sk_buff *linear = vnicx_test_frame_to(test, 1, 0, LEN);
	struct page *page = alloc_page(GFP_KERNEL);
	struct sk_buff *skb = alloc_skb(64, GFP_KERNEL);

	KUNIT_ASSERT_TRUE(test, page && skb);
	memcpy(page_address(page), linear->data, linear->len);
	skb_add_rx_frag(skb, 0, page, 0, linear->len, PAGE_SIZE);
	kfree_skb(linear);

	KUNIT_EXPECT_EQ(test, vnicx_test_send(net, 0, skb), VNICX_DONE);
	skb = vnicx_test_only(test, &net->vnic[1]->rx);
	KUNIT_ASSERT_EQ(test, skb_linearize(skb), 0);
	expect_same_frame(test, skb, 1);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(test_vnic_to_vnic),
	KUNIT_CASE(test_vnic_to_vnic_is_counted),
	KUNIT_CASE(test_scrubbed),
	KUNIT_CASE(test_partial_checksum),
	KUNIT_CASE(test_to_itself),
	KUNIT_CASE(test_unknown_to_the_wire),
	KUNIT_CASE(test_down_is_unknown),
	KUNIT_CASE(test_host_is_a_port),
	KUNIT_CASE(test_mark_is_not_counted),
	KUNIT_CASE(test_host_taken_off),
	KUNIT_CASE(test_address_in_one_vlan),
	KUNIT_CASE(test_congested_wire),
	KUNIT_CASE(test_congested_queue),
	KUNIT_CASE(test_congested_queue_to_host),
	KUNIT_CASE(test_pause_goes_nowhere),
	KUNIT_CASE(test_short_frame_goes_nowhere),
	KUNIT_CASE(test_header_in_a_fragment),
	{}
};

static struct kunit_suite suite = {
	.name = "vnicx_forward",
	.init = init,
	.test_cases = cases,
};

kunit_test_suite(suite);
