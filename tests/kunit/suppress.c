// SPDX-License-Identifier: GPL-2.0
/*
 * neigh_suppress: which frames ask one station, and to which port they go.
 */
#include <kunit/test.h>
#include <linux/etherdevice.h>
#include <linux/rtnetlink.h>

#include "../../switch/suppress.h"
#include "net.h"
#include "packets.h"

/**
 * struct suppress_case - a frame
 * @desc: what is special about it
 * @bytes: the frame
 * @len: its length
 * @asks: it asks one station
 */
struct suppress_case {
	const char *desc;
	const u8 *bytes;
	u16 len;
	bool asks;
};

static const struct suppress_case suppress_cases[] = {
	{ "request", BYTES(ETH(0x0806), ARP(1, 1, 0)), true },
	{ "request behind tags", BYTES(ETH(0x8100), TAGS4(0x0806), ARP(1, 1, 0)), true },
	{ "request for IEEE 802", BYTES(ETH(0x0806), ARP_AS(6, 0x0800, 6, 4, 1, 1, 0)), true },
	{ "probe", BYTES(ETH(0x0806), PROBE(1, 2)), true },
	{ "announcement", BYTES(ETH(0x0806), 0, 1, 8, 0, 6, 4, 0, 1, MAC(1),
				192, 0, 2, 1, MAC(0), 192, 0, 2, 1) },
	{ "reply", BYTES(ETH(0x0806), ARP(2, 1, 2)) },
	{ "another operation", BYTES(ETH(0x0806), ARP(8, 1, 2)) },
	{ "RARP", BYTES(ETH(0x8035), ARP(1, 1, 1)) },
	{ "no Ethernet", BYTES(ETH(0x0806), ARP_AS(32, 0x0800, 6, 4, 1, 1, 0)) },
	{ "no IPv4", BYTES(ETH(0x0806), ARP_AS(1, 0x0801, 6, 4, 1, 1, 0)) },
	{ "a long address", BYTES(ETH(0x0806), ARP_AS(1, 0x0800, 7, 4, 1, 1, 0)) },
	{ "in LLC/SNAP", BYTES(ETH(36), SNAP(0, 0x0806), ARP(1, 1, 0)) },
	{ "IPv4", BYTES(ETH(0x0800), IP4(17), UDP(67)) },
	{ "IPv6", BYTES(ETH(0x86dd), IP6(58, 24), NS) },
	{ "another protocol", BYTES(ETH(0x88b5), ARP(1, 1, 0)) },
};

KUNIT_ARRAY_PARAM_DESC(suppress, suppress_cases, desc);

static void test_asks(struct kunit *test)
{
	const struct suppress_case *c = test->param_value;
	struct vnicx_parsed p;
	struct sk_buff *skb;
	unsigned int len;
	int form;

	for (form = 0; form < VNICX_TEST_NR_FORMS; form++) {
		skb = vnicx_test_packet(c->bytes, c->len, form, 0);
		KUNIT_ASSERT_NOT_NULL(test, skb);
		vnicx_parse_network(skb, &p);
		KUNIT_EXPECT_EQ_MSG(test, vnicx_suppress_asks(&p), c->asks,
				    "form %d", form);
		kfree_skb(skb);
	}
	for (len = ETH_HLEN; len < c->len; len++) {
		skb = vnicx_test_packet(c->bytes, len, VNICX_TEST_LINEAR, 0);
		KUNIT_ASSERT_NOT_NULL(test, skb);
		vnicx_parse_network(skb, &p);
		KUNIT_EXPECT_FALSE_MSG(test, vnicx_suppress_asks(&p),
				       "%u bytes", len);
		kfree_skb(skb);
	}
}

#define VNICS	4

static int init(struct kunit *test)
{
	test->priv = vnicx_test_net(test, VNICS);
	return 0;
}

/* Lets a vNIC hold 192.0.2.LAST. */
static void hold(struct kunit *test, unsigned int i, u8 last)
{
	const struct vnicx_prefix prefix = {
		.addr.s6_addr = { 192, 0, 2, last }, .len = 32,
	};
	struct vnicx_policy policy = {
		.guards = VNICX_GUARD_IP,
		.ips = vnicx_ips_make(&prefix, 1),
	};
	struct vnicx_test_net *net = test->priv;

	KUNIT_ASSERT_NOT_NULL(test, policy.ips);
	rtnl_lock();
	KUNIT_EXPECT_EQ(test, vnicx_policy_set(&net->vnic[i]->port, &policy), 0);
	vnicx_ips_put(policy.ips);
	vnicx_switch_suppress(net->sw, true);
	rtnl_unlock();
}

/* A probe for 192.0.2.2, which its holder may send, too */
static struct sk_buff *request(struct kunit *test, unsigned int src)
{
	static const u8 arp[] = { PROBE(1, 2) };
	u8 broadcast[ETH_ALEN];
	struct sk_buff *skb;

	eth_broadcast_addr(broadcast);
	skb = vnicx_test_frame(test, broadcast, src, sizeof(arp));
	skb->protocol = htons(ETH_P_ARP);
	((struct ethhdr *)skb->data)->h_proto = skb->protocol;
	memcpy(skb->data + ETH_HLEN, arp, sizeof(arp));
	return skb;
}

static long counted(struct kunit *test, unsigned int i)
{
	struct vnicx_test_net *net = test->priv;

	return atomic_long_read(&net->vnic[i]->port.causes[VNICX_CAUSE_NEIGH_SUPPRESSED]);
}

static void test_sent(struct kunit *test)
{
	struct vnicx_test_net *net = test->priv;
	u8 type;

	hold(test, 2, 2);
	vnicx_test_send(net, 0, request(test, 0));
	vnicx_test_expect_rx(test, net, BIT(2));
	vnicx_test_expect_out(test, net, 0, 0);
	type = skb_peek(&net->vnic[2]->rx)->pkt_type;
	KUNIT_EXPECT_EQ(test, type, PACKET_BROADCAST);
	KUNIT_EXPECT_EQ(test, counted(test, 2), 1);
	vnicx_test_purge(net);

	/* The holder itself */
	vnicx_test_send(net, 2, request(test, 2));
	vnicx_test_expect_rx(test, net, ~BIT(2) & GENMASK(VNICS - 1, 0));
	vnicx_test_expect_out(test, net, 1, 1);
	KUNIT_EXPECT_EQ(test, counted(test, 2), 1);
}

static void test_received(struct kunit *test)
{
	struct vnicx_test_net *net = test->priv;

	hold(test, 2, 2);
	KUNIT_EXPECT_EQ(test, VNICX_ANOTHER,
			vnicx_test_receive(net, request(test, VNICX_TEST_NOBODY)));
	vnicx_test_expect_rx(test, net, 0);
	KUNIT_EXPECT_PTR_EQ(test, net->vnic[2]->port.dev,
			    vnicx_test_only(test, &net->returned)->dev);
	KUNIT_EXPECT_EQ(test, counted(test, 2), 1);
	vnicx_test_purge(net);

	hold(test, 3, 2);
	KUNIT_EXPECT_EQ(test, VNICX_PASS,
			vnicx_test_receive(net, request(test, VNICX_TEST_NOBODY)));
	vnicx_test_expect_rx(test, net, GENMASK(VNICS - 1, 0));
	KUNIT_EXPECT_EQ(test, counted(test, 2) + counted(test, 3), 1);
}

/* A station with the holder's address on the wire: the frame came back. */
static void test_came_back(struct kunit *test)
{
	struct vnicx_test_net *net = test->priv;
	unsigned int i;

	hold(test, 2, 2);
	rtnl_lock();
	for (i = 0; i < VNICS; i++)
		vnicx_port_set_mode(&net->vnic[i]->port, VNICX_MODE_VEPA);
	rtnl_unlock();
	KUNIT_EXPECT_EQ(test, VNICX_PASS,
			vnicx_test_receive(net, request(test, 2)));
	vnicx_test_expect_rx(test, net, ~BIT(2) & GENMASK(VNICS - 1, 0));
	KUNIT_EXPECT_EQ(test, counted(test, 2), 0);
}

/* A reader that takes frames in the sender's context */
static void test_ring(struct kunit *test)
{
	struct vnicx_test_net *net = test->priv;
	struct sk_buff_head *ring = vnicx_test_ring(net, 2, 1);

	hold(test, 2, 2);
	vnicx_test_send(net, 0, request(test, 0));
	KUNIT_EXPECT_EQ(test, ntohs(vnicx_test_only(test, ring)->protocol),
			(u16)ETH_P_ARP);
	vnicx_test_expect_rx(test, net, 0);
	vnicx_test_expect_out(test, net, 0, 0);
}

static void test_down(struct kunit *test)
{
	struct vnicx_test_net *net = test->priv;

	hold(test, 2, 2);
	vnicx_test_down(net, 2);
	vnicx_test_send(net, 0, request(test, 0));
	vnicx_test_expect_rx(test, net, BIT(1) | BIT(3));
	vnicx_test_expect_out(test, net, 1, 1);
	KUNIT_EXPECT_EQ(test, counted(test, 2), 0);
}

static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(test_asks, suppress_gen_params),
	KUNIT_CASE(test_sent),
	KUNIT_CASE(test_received),
	KUNIT_CASE(test_came_back),
	KUNIT_CASE(test_ring),
	KUNIT_CASE(test_down),
	{}
};

static struct kunit_suite suite = {
	.name = "vnicx_suppress",
	.init = init,
	.test_cases = cases,
};

kunit_test_suite(suite);
