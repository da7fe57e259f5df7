// SPDX-License-Identifier: GPL-2.0
/*
 * How long a frame may be: the receiver's MTU, and super-frames, which have none.
 */
#include <linux/etherdevice.h>
#include <linux/if_vlan.h>
#include <linux/ip.h>
#include <linux/udp.h>

#include "net.h"

#define LEN	100

static int init(struct kunit *test)
{
	test->priv = vnicx_test_net(test, 3);
	return 0;
}

static void test_mtu_of_the_receiver(struct kunit *test)
{
	struct vnicx_test_net *net = test->priv;
	struct vnicx_port *to = &net->vnic[1]->port;
	const unsigned int most = to->dev->mtu + VLAN_HLEN;

	KUNIT_EXPECT_EQ(test, VNICX_DONE,
			vnicx_test_send(net, 0, vnicx_test_frame_to(test, 1, 0, most)));
	vnicx_test_expect_rx(test, net, BIT(1));
	vnicx_test_purge(net);

	/* As over a wire, the sender does not learn of it. */
	KUNIT_EXPECT_EQ(test, VNICX_DONE,
			vnicx_test_send(net, 0, vnicx_test_frame_to(test, 1, 0,
								    most + 1)));
	vnicx_test_expect_rx(test, net, 0);
	KUNIT_EXPECT_EQ(test, vnicx_test_stat(to, VNICX_RX_PACKETS), 1);
	KUNIT_EXPECT_EQ(test, vnicx_test_stat(to, VNICX_RX_DROPPED), 1);
	KUNIT_EXPECT_EQ(test, vnicx_test_stat(&net->vnic[0]->port, VNICX_TX_PACKETS), 2);
}

static void test_gso_has_no_mtu(struct kunit *test)
{
	struct vnicx_test_net *net = test->priv;
	struct sk_buff *skb = vnicx_test_frame_to(test, 1, 0, 60000);

	skb_shinfo(skb)->gso_size = 1448;
	skb_shinfo(skb)->gso_segs = 42;
	skb_shinfo(skb)->gso_type = SKB_GSO_TCPV4;
	KUNIT_EXPECT_EQ(test, vnicx_test_send(net, 0, skb), VNICX_DONE);
	skb = vnicx_test_only(test, &net->vnic[1]->rx);
	KUNIT_EXPECT_EQ(test, skb->len, 60000);
	KUNIT_EXPECT_EQ(test, skb_shinfo(skb)->gso_size, 1448);
}

/* A super-frame of the host, as a UDP socket makes it where the lower device makes no
 * checksums or the frame has IPv6 extension headers.
 */
static struct sk_buff *super_frame(struct kunit *test, unsigned int dest,
				   unsigned int gso_type)
{
	struct sk_buff *skb = vnicx_test_frame_to(test, dest, VNICX_TEST_LOWER, LEN);
	struct ethhdr *eth = (struct ethhdr *)skb->data;
	struct iphdr *iph = (struct iphdr *)(eth + 1);
	struct udphdr *uh = (struct udphdr *)(iph + 1);

	eth->h_proto = htons(ETH_P_IP);
	*iph = (struct iphdr) {
		.version = 4,
		.ihl = sizeof(*iph) / 4,
		.tot_len = htons(LEN),
		.protocol = IPPROTO_UDP,
	};
	*uh = (struct udphdr) {
		.len = htons(LEN - sizeof(*iph)),
		.check = (__force __sum16)htons(0x1234),
	};
	skb->protocol = eth->h_proto;
	skb_set_network_header(skb, ETH_HLEN);
	skb_set_transport_header(skb, ETH_HLEN + sizeof(*iph));
	skb_shinfo(skb)->gso_size = 24;
	skb_shinfo(skb)->gso_segs = 3;
	skb_shinfo(skb)->gso_type = gso_type;
	return skb;
}

static enum vnicx_verdict send_host(struct vnicx_test_net *net,
				    struct sk_buff *skb)
{
	enum vnicx_verdict verdict;

	skb->dev = net->lower;
	local_bh_disable();
	verdict = vnicx_send_host(net->sw, skb);
	local_bh_enable();
	return verdict;
}

static void test_super_frame_of_host(struct kunit *test)
{
	struct vnicx_test_net *net = test->priv;
	struct sk_buff *skb = super_frame(test, 1, SKB_GSO_UDP_L4);
	const struct sk_buff *got;

	KUNIT_EXPECT_EQ(test, send_host(net, skb), VNICX_DONE);
	got = vnicx_test_only(test, &net->vnic[1]->rx);
	KUNIT_EXPECT_EQ(test, (u8)got->ip_summed, CHECKSUM_PARTIAL);
	KUNIT_EXPECT_EQ(test, got->csum_start - skb_headroom(got), 20);

	skb = super_frame(test, VNICX_TEST_NOBODY, SKB_GSO_UDP_L4);
	KUNIT_EXPECT_EQ(test, send_host(net, skb), VNICX_PASS);
	KUNIT_EXPECT_EQ(test, (u8)skb->ip_summed, CHECKSUM_NONE);
	kfree_skb(skb);
}

static void test_list_of_frames_of_host(struct kunit *test)
{
	struct vnicx_test_net *net = test->priv;
	unsigned int type = SKB_GSO_UDP_L4 | SKB_GSO_FRAGLIST;
	struct sk_buff *skb = super_frame(test, 1, type);
	const struct sk_buff *got;

	KUNIT_EXPECT_EQ(test, send_host(net, skb), VNICX_DONE);
	got = vnicx_test_only(test, &net->vnic[1]->rx);
	KUNIT_EXPECT_EQ(test, (u8)got->ip_summed, CHECKSUM_UNNECESSARY);
	KUNIT_EXPECT_EQ(test, ntohs((__force __be16)udp_hdr(got)->check), 0x1234);

	skb = super_frame(test, VNICX_TEST_NOBODY, type);
	KUNIT_EXPECT_EQ(test, send_host(net, skb), VNICX_PASS);
	KUNIT_EXPECT_EQ(test, (u8)skb->ip_summed, CHECKSUM_NONE);
	KUNIT_EXPECT_EQ(test, ntohs((__force __be16)udp_hdr(skb)->check), 0x1234);
	kfree_skb(skb);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(test_mtu_of_the_receiver),
	KUNIT_CASE(test_gso_has_no_mtu),
	KUNIT_CASE(test_super_frame_of_host),
	KUNIT_CASE(test_list_of_frames_of_host),
	{}
};

static struct kunit_suite suite = {
	.name = "vnicx_length",
	.init = init,
	.test_cases = cases,
};

kunit_test_suite(suite);
