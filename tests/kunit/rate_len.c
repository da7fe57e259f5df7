// SPDX-License-Identifier: GPL-2.0
/*
 * How much of a rate a super-frame takes.
 */
#include <kunit/skbuff.h>
#include <linux/etherdevice.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <net/ipv6.h>

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
	eth_hdr(skb)->h_proto = htons(ETH_P_IP);
	skb_set_network_header(skb, ETH_HLEN);
	ip_hdr(skb)->version = 4;
	ip_hdr(skb)->ihl = sizeof(struct iphdr) / 4;
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

/* Makes a super-frame of IPv6 with two Destination Options headers of 64 bytes and
 * segments of 100 bytes, as a virtual machine would, which says that its transport
 * header is at @at. Returns its length.
 */
static u32 fill_super_frame(struct sk_buff *skb, u32 type, u8 upper, u32 at)
{
	u32 len = ETH_HLEN + sizeof(struct ipv6hdr) + 2 * 64 + 2000;
	struct ipv6hdr *ip;
	u8 *bytes;

	bytes = skb_put_zero(skb, len);
	skb_reset_mac_header(skb);
	eth_hdr(skb)->h_proto = htons(ETH_P_IPV6);
	ip = (void *)(bytes + ETH_HLEN);
	ip->version = 6;
	ip->nexthdr = NEXTHDR_DEST;
	ip->payload_len = htons(len - ETH_HLEN - sizeof(*ip));
	bytes = (u8 *)(ip + 1);
	bytes[0] = NEXTHDR_DEST;
	bytes[1] = 64 / 8 - 1;
	bytes[64] = upper;
	bytes[65] = 64 / 8 - 1;
	/* as if of TCP */
	bytes[2 * 64 + 12] = 5 << 4;
	skb_set_transport_header(skb, at);
	skb_shinfo(skb)->gso_type = type | SKB_GSO_DODGY;
	skb_shinfo(skb)->gso_size = 100;
	return len;
}

static struct udphdr *udp_hdr_at(struct sk_buff *skb)
{
	return (void *)(skb->data + ETH_HLEN + sizeof(struct ipv6hdr) + 2 * 64);
}

/* A super-frame pays no less when its sender lies about the length of its headers. */
static void test_lies(struct kunit *test)
{
	static const u32 at[] = { ETH_HLEN, 54, 182, 200, 1500, 2100 };
	struct sk_buff *skb;
	u32 i, len;

	for (i = 0; i < ARRAY_SIZE(at); i++) {
		skb = kunit_zalloc_skb(test, 4096, GFP_KERNEL);
		KUNIT_ASSERT_NOT_NULL(test, skb);
		len = fill_super_frame(skb, SKB_GSO_TCPV6, IPPROTO_TCP, at[i]);
		KUNIT_EXPECT_GE(test, vnicx_rate_frames(skb, len), 20);
		KUNIT_EXPECT_GE(test, vnicx_rate_len(skb, len), len + 19 * 202);

		skb_trim(skb, 0);
		len = fill_super_frame(skb, SKB_GSO_UDP_L4, IPPROTO_UDP, at[i]);
		KUNIT_EXPECT_GE(test, vnicx_rate_frames(skb, len), 20);
		KUNIT_EXPECT_GE(test, vnicx_rate_len(skb, len), len + 19 * 190);

		/* Nor one that is DHCP as far as anybody can tell */
		udp_hdr_at(skb)->dest = htons(547);
		KUNIT_EXPECT_GE(test, vnicx_rate_frames(skb, len), 20);

		/* Nor one in a tunnel */
		skb->encapsulation = 1;
		skb_set_inner_transport_header(skb, at[i]);
		KUNIT_EXPECT_GE(test, vnicx_rate_frames(skb, len), 20);
	}
}

/* A super-frame that is true pays for what it is, whoever made it. */
static void test_truth(struct kunit *test)
{
	struct sk_buff *skb = kunit_zalloc_skb(test, 4096, GFP_KERNEL);
	u32 len;

	KUNIT_ASSERT_NOT_NULL(test, skb);
	len = fill_super_frame(skb, SKB_GSO_TCPV6, IPPROTO_TCP, 182);
	KUNIT_EXPECT_EQ(test, vnicx_rate_frames(skb, len), 20);
	KUNIT_EXPECT_EQ(test, vnicx_rate_len(skb, len), len + 19 * 202);
}

/* Headers that the parser does not know are as long as they can be, whatever the sender
 * says.
 */
static void test_unknown_headers(struct kunit *test)
{
	struct sk_buff *skb = kunit_zalloc_skb(test, 4096, GFP_KERNEL);
	static const u32 at[] = { ETH_HLEN, 54, 182, 2172, 2182 };
	u32 i, len;

	KUNIT_ASSERT_NOT_NULL(test, skb);
	for (i = 0; i < ARRAY_SIZE(at); i++) {
		skb_trim(skb, 0);
		len = fill_super_frame(skb, SKB_GSO_TCPV6, IPPROTO_TCP, at[i]);
		eth_hdr(skb)->h_proto = htons(0x88b5);
		KUNIT_EXPECT_GE(test, vnicx_rate_frames(skb, len), 20);
		KUNIT_EXPECT_GE(test, vnicx_rate_len(skb, len), len + 19 * 202);
		/* A chain without an end */
		eth_hdr(skb)->h_proto = htons(ETH_P_IPV6);
		skb->data[ETH_HLEN + sizeof(struct ipv6hdr) + 1] = 255;
		KUNIT_EXPECT_GE(test, vnicx_rate_frames(skb, len), 20);
		KUNIT_EXPECT_GE(test, vnicx_rate_len(skb, len), len + 19 * 202);
	}
}

static struct kunit_case cases[] = {
	KUNIT_CASE(test_lies),
	KUNIT_CASE(test_truth),
	KUNIT_CASE(test_unknown_headers),
	KUNIT_CASE_PARAM(test_length_of_super_frame, gso_gen_params),
	{}
};

static struct kunit_suite suite = {
	.name = "vnicx_rate_len",
	.test_cases = cases,
};

kunit_test_suite(suite);
