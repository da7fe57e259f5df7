// SPDX-License-Identifier: GPL-2.0
/*
 * How much of a rate a super-frame takes.
 */
#include <kunit/skbuff.h>
#include <linux/etherdevice.h>
#include <linux/ip.h>
#include <linux/tcp.h>
#include <linux/udp.h>

#include "../../switch/policy/rate.h"
#include "fixture.h"

struct gso_case {
	const char *desc;
	u32 type;
	u16 size;
	u16 segs;
	u32 payload;
	u32 segments;
	u8 headers;
};

static const struct gso_case gso_cases[] = {
	{ "TCP",
	  SKB_GSO_TCPV4, 1000, 3, 2500, 3, 54 },
	{ "TCP from a virtual machine, which says nothing",
	  SKB_GSO_TCPV4 | SKB_GSO_DODGY, 1000, 0, 2500, 3, 54 },
	{ "TCP from a virtual machine, which lies",
	  SKB_GSO_TCPV4 | SKB_GSO_DODGY, 1000, 1, 2500, 3, 54 },
	{ "TCP in segments of one byte",
	  SKB_GSO_TCPV6 | SKB_GSO_DODGY, 1, 0, 2500, 2500, 54 },
	{ "UDP",
	  SKB_GSO_UDP_L4, 1000, 0, 3000, 3, 42 },
	{ "UDP in fragments",
	  SKB_GSO_UDP, 1000, 0, 3000, 4, 34 },
	{ "by fragments, in unknown number",
	  0, GSO_BY_FRAGS, 0, 3000, 1, 42 },
	{ "shorter than a segment",
	  SKB_GSO_TCPV4 | SKB_GSO_DODGY, 1000, 5, 10, 1, 54 },
};

KUNIT_ARRAY_PARAM_DESC(gso, gso_cases, desc);

/* A super-frame has the length of the frames that it becomes. */
static void test_length_of_super_frame(struct kunit *test)
{
	const struct gso_case *c = test->param_value;
	bool tcp = c->type & (SKB_GSO_TCPV4 | SKB_GSO_TCPV6);
	u32 transport = tcp ? sizeof(struct tcphdr) : sizeof(struct udphdr);
	u32 len = ETH_HLEN + sizeof(struct iphdr) + transport + c->payload;
	struct sk_buff *skb = kunit_zalloc_skb(test, len, GFP_KERNEL);
	u32 expected;

	KUNIT_ASSERT_NOT_NULL(test, skb);
	skb_put(skb, len);
	skb_reset_mac_header(skb);
	skb_set_network_header(skb, ETH_HLEN);
	skb_set_transport_header(skb, ETH_HLEN + sizeof(struct iphdr));
	if (tcp)
		tcp_hdr(skb)->doff = 5;
	skb_shinfo(skb)->gso_type = c->type;
	skb_shinfo(skb)->gso_size = c->size;
	skb_shinfo(skb)->gso_segs = c->segs;
	expected = len + (c->segments - 1) * c->headers;
	KUNIT_EXPECT_EQ(test, vnicx_rate_len(skb, len), expected);

	/* The same in receive form */
	__skb_pull(skb, ETH_HLEN);
	KUNIT_EXPECT_EQ(test, vnicx_rate_len(skb, len), expected);

	skb_shinfo(skb)->gso_size = 0;
	KUNIT_EXPECT_EQ(test, vnicx_rate_len(skb, len), max_t(u32, len, ETH_ZLEN));
	KUNIT_EXPECT_EQ(test, vnicx_rate_len(skb, ETH_HLEN), ETH_ZLEN);
}

static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(test_length_of_super_frame, gso_gen_params),
	{}
};

static struct kunit_suite suite = {
	.name = "vnicx_rate_len",
	.test_cases = cases,
};

kunit_test_suite(suite);
