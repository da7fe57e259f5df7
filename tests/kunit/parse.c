// SPDX-License-Identifier: GPL-2.0
/*
 * The parser of the guards gets published evasions, and mutations of all
 * packets.
 */
#include <kunit/test.h>
#include <linux/if_vlan.h>
#include <linux/module.h>
#include <linux/prandom.h>
#include <linux/random.h>

#include "../../switch/policy/policy.h"
#include "packets.h"

/* Frames that test_mutated() tries */
#define ROUNDS	20000

/* Mutation makes frames longer, up to this */
#define LONGEST	512

static u64 parse_seed;
module_param(parse_seed, ullong, 0);
MODULE_PARM_DESC(parse_seed, "seed of the frames that the parser gets; 0 for a new one");

static void get_desc(const struct vnicx_test_packet *c, char *desc)
{
	strscpy(desc, c->desc, KUNIT_PARAM_DESC_SIZE);
}

static const void *packet_gen_params(struct kunit *test, const void *prev,
				     char *desc)
{
	const struct vnicx_test_packet *c = prev;

	c = c ? c + 1 : vnicx_test_packets;
	if (c == vnicx_test_packets + vnicx_test_nr_packets)
		return NULL;
	get_desc(c, desc);
	return c;
}

static void parse_bytes(const u8 *bytes, unsigned int len,
			enum vnicx_test_form form, u8 behind,
			struct vnicx_parsed *p)
{
	struct sk_buff *skb = vnicx_test_packet(bytes, len, form, behind);

	memset(p, 0, sizeof(*p));
	vnicx_parse(skb, p);
	kfree_skb(skb);
}

static void test_packet(struct kunit *test)
{
	const struct vnicx_test_packet *c = test->param_value;
	enum vnicx_test_form form;
	struct vnicx_parsed p;
	int i;

	for (form = 0; form < VNICX_TEST_NR_FORMS; form++) {
		parse_bytes(c->bytes, c->len, form, 0, &p);
		KUNIT_ASSERT_EQ_MSG(test, p.packet, c->packet, "form %d", form);
		if (p.packet == VNICX_PACKET_UNDETERMINED)
			continue;
		KUNIT_EXPECT_EQ(test, p.upper, c->upper);
		KUNIT_EXPECT_EQ(test, p.type, c->type);
		KUNIT_EXPECT_EQ(test, p.dhcp, c->dhcp);
		KUNIT_EXPECT_EQ(test, p.fragment, c->fragment);
		KUNIT_EXPECT_EQ(test, p.later, c->later);
		KUNIT_EXPECT_EQ(test, p.plain_claims, !c->odd);
		KUNIT_EXPECT_LE(test, p.end, c->len);
		for (i = 0; i < VNICX_PARSE_CLAIMS; i++) {
			const u8 claim[] = { MAC(c->claims[i]) };

			KUNIT_EXPECT_EQ(test, p.nr_claims > i, !!c->claims[i]);
			if (c->claims[i])
				KUNIT_EXPECT_MEMEQ(test, p.claim[i], claim,
						   ETH_ALEN);
		}
	}
}

/* Tell whether the packet of a frame that ends before what the parser needs is
 * nevertheless known: nobody reads other protocols.
 */
static bool may_be_cut(const struct vnicx_parsed *p)
{
	return p->packet <= VNICX_PACKET_OTHER;
}

/* A frame that ends before what the parser needs is undetermined. */
static void test_cut(struct kunit *test)
{
	const struct vnicx_test_packet *c = test->param_value;
	struct vnicx_parsed whole, p;
	unsigned int len;

	parse_bytes(c->bytes, c->len, VNICX_TEST_LINEAR, 0, &whole);
	if (may_be_cut(&whole))
		return;
	for (len = ETH_HLEN; len < whole.end; len++) {
		parse_bytes(c->bytes, len, VNICX_TEST_LINEAR, 0, &p);
		KUNIT_EXPECT_EQ_MSG(test, p.packet, VNICX_PACKET_UNDETERMINED,
				    "%u bytes", len);
	}
}

/* An offloaded tag is one of the tags. */
static void test_offloaded_tag(struct kunit *test)
{
	static const u8 eight[] = {
		ETH(0x8100), TAG(0x8100), TAG(0x8100), TAG(0x8100), TAG(0x8100),
		TAG(0x8100), TAG(0x8100), TAG(0x8100), TAG(0x0800), IP4(6), TCP
	};
	struct vnicx_parsed p;
	struct sk_buff *skb;

	skb = vnicx_test_packet(eight, sizeof(eight), VNICX_TEST_UP, 0);
	vnicx_parse(skb, &p);
	KUNIT_EXPECT_EQ(test, p.packet, VNICX_PACKET_IPV4);
	__vlan_hwaccel_put_tag(skb, htons(ETH_P_8021Q), 5);
	vnicx_parse(skb, &p);
	KUNIT_EXPECT_EQ(test, p.packet, VNICX_PACKET_UNDETERMINED);
	kfree_skb(skb);
}

/* The segments of a super-frame are messages of their own. */
static void test_super_frame(struct kunit *test)
{
	static const u8 client[] = {
		ETH(0x0800), IP4(17), UDP(67), BOOTP(1, 1), BOOTP(1, 7)
	};
	struct vnicx_parsed p;
	struct sk_buff *skb;

	skb = vnicx_test_packet(client, sizeof(client), VNICX_TEST_LINEAR, 0);
	skb_shinfo(skb)->gso_size = 34;
	skb_shinfo(skb)->gso_type = SKB_GSO_UDP_L4;
	vnicx_parse(skb, &p);
	KUNIT_EXPECT_EQ(test, p.packet, VNICX_PACKET_UNDETERMINED);
	kfree_skb(skb);
}

static void test_addresses(struct kunit *test)
{
	static const u8 ip4[] = { ETH(0x0800), IP4(6), TCP };
	static const u8 arp[] = { ETH(0x0806), ARP(2, 1, 7) };
	static const u8 na[] = { ETH(0x86dd), IP6(58, 24), NA };
	struct vnicx_parsed p;

	parse_bytes(ip4, sizeof(ip4), VNICX_TEST_LINEAR, 0, &p);
	KUNIT_EXPECT_EQ(test, ntohl(p.v4.src), 0xc0000201);
	KUNIT_EXPECT_EQ(test, ntohl(p.v4.dst), 0xc0000202);

	parse_bytes(arp, sizeof(arp), VNICX_TEST_LINEAR, 0, &p);
	KUNIT_EXPECT_EQ(test, p.v4.op, 2);
	KUNIT_EXPECT_EQ(test, ntohl(p.v4.src), 0xc0000201);
	KUNIT_EXPECT_EQ(test, ntohl(p.v4.dst), 0xc0000202);

	parse_bytes(na, sizeof(na), VNICX_TEST_LINEAR, 0, &p);
	KUNIT_EXPECT_MEMEQ(test, &p.v6.src, na + 22, 16);
	KUNIT_EXPECT_MEMEQ(test, &p.v6.dst, na + 38, 16);
	KUNIT_EXPECT_MEMEQ(test, &p.v6.target, na + 62, 16);
}

/* The addresses are known although the rest is broken. */
static void test_network(struct kunit *test)
{
	static const u8 cut[] = { ETH(0x0800), IP4(17), 4, 0 };
	struct vnicx_parsed p;
	struct sk_buff *skb;

	skb = vnicx_test_packet(cut, sizeof(cut), VNICX_TEST_UP, 0);
	vnicx_parse_network(skb, &p);
	KUNIT_EXPECT_EQ(test, p.packet, VNICX_PACKET_IPV4);
	KUNIT_EXPECT_EQ(test, ntohl(p.v4.dst), 0xc0000202);
	vnicx_parse(skb, &p);
	KUNIT_EXPECT_EQ(test, p.packet, VNICX_PACKET_UNDETERMINED);
	kfree_skb(skb);
}

/* A bit, a byte, a length, a protocol, the end of the frame, a part twice. */
static unsigned int mutate(struct rnd_state *rnd, u8 *bytes, unsigned int len)
{
	static const u8 likely_bytes[] = {
		0, 1, 2, 5, 6, 9, 17, 43, 44, 45, 51, 58, 59, 60, 67, 68, 0x45,
		0x60, 0x81, 0x86, 0x88, 0xaa, 0xdd, 134, 135, 137, 139, 255
	};
	unsigned int at = prandom_u32_state(rnd) % len;
	unsigned int n = 1 + prandom_u32_state(rnd) % 16;

	switch (prandom_u32_state(rnd) % 8) {
	case 0:
		bytes[at] ^= BIT(prandom_u32_state(rnd) % 8);
		break;
	case 1:
		bytes[at] = prandom_u32_state(rnd);
		break;
	case 2:
	case 3:
	case 4:
		bytes[at] = likely_bytes[prandom_u32_state(rnd) %
					 ARRAY_SIZE(likely_bytes)];
		break;
	case 5:
		return max_t(unsigned int, at, ETH_HLEN);
	case 6:
		n = min(n, len - at);
		if (len + n > LONGEST)
			break;
		memmove(bytes + at + n, bytes + at, len - at);
		return len + n;
	case 7:
		n = min(n, len - at);
		if (len - n < ETH_HLEN)
			break;
		memmove(bytes + at, bytes + at + n, len - at - n);
		return len - n;
	}
	return len;
}

/* The result depends neither on the form nor on memory behind the frame nor on any
 * byte behind its own end.
 */
static bool try_mutated(struct kunit *test, const u8 *bytes, unsigned int len)
{
	struct vnicx_parsed first, p;
	enum vnicx_test_form form;
	u8 other[LONGEST];

	parse_bytes(bytes, len, VNICX_TEST_LINEAR, 0, &first);
	KUNIT_EXPECT_LE(test, first.end, len);
	KUNIT_EXPECT_LE(test, first.csum, first.end);
	for (form = 0; form < VNICX_TEST_NR_FORMS; form++) {
		parse_bytes(bytes, len, form, form % 2 ? 0x01 : 0xff, &p);
		KUNIT_EXPECT_MEMEQ_MSG(test, &p, &first, sizeof(p), "form %d", form);
	}
	if (first.packet == VNICX_PACKET_UNDETERMINED)
		return !test->status;
	memset(other, 0xa5, len);
	memcpy(other, bytes, first.end);
	parse_bytes(other, len, VNICX_TEST_LINEAR, 0, &p);
	KUNIT_EXPECT_MEMEQ_MSG(test, &p, &first, sizeof(p), "another rest");
	return !test->status;
}

static void test_mutated(struct kunit *test)
{
	u64 seed = parse_seed ?: get_random_u32();
	u8 bytes[LONGEST];
	struct rnd_state rnd;
	unsigned int i, n;

	kunit_info(test, "parse_seed=%llu", seed);
	prandom_seed_state(&rnd, seed);
	for (i = 0; i < ROUNDS; i++) {
		const struct vnicx_test_packet *c =
			&vnicx_test_packets[prandom_u32_state(&rnd) %
					    vnicx_test_nr_packets];
		unsigned int len = c->len;

		memcpy(bytes, c->bytes, len);
		for (n = prandom_u32_state(&rnd) % 6; n; n--)
			len = mutate(&rnd, bytes, len);
		if (try_mutated(test, bytes, len))
			continue;
		kunit_err(test, "frame %u, of \"%s\": %*ph", i, c->desc,
			  min_t(int, len, 64), bytes);
		return;
	}
}

/* Frames pass spoofchk without the parser if it finds in them what no guard reads. */
static void test_mute(struct kunit *test)
{
	u8 bytes[] __aligned(2) = { ETH(0), IP4(17), UDP(67), ZERO8 };
	struct ethhdr *eth = (struct ethhdr *)bytes;
	struct vnicx_parsed p;
	struct vnicx_port *port;
	u32 proto;

	port = kunit_kzalloc(test, sizeof(*port), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, port);
	memcpy(&port->self, eth->h_source, sizeof(port->self));
	for (proto = 0; proto <= U16_MAX && !test->status; proto++) {
		eth->h_proto = htons(proto);
		parse_bytes(bytes, sizeof(bytes), VNICX_TEST_LINEAR, 0, &p);
		KUNIT_EXPECT_EQ_MSG(test, vnicx_policy_is_mute(port, eth),
				    p.packet == VNICX_PACKET_OTHER &&
				    proto >= ETH_P_802_3_MIN &&
				    !eth_type_vlan(eth->h_proto),
				    "EtherType %#x", proto);
	}
	KUNIT_EXPECT_TRUE(test, vnicx_policy_is_mute(port, eth));
	eth->h_source[5] ^= 1;
	KUNIT_EXPECT_FALSE(test, vnicx_policy_is_mute(port, eth));
}

static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(test_packet, packet_gen_params),
	KUNIT_CASE_PARAM(test_cut, packet_gen_params),
	KUNIT_CASE(test_offloaded_tag),
	KUNIT_CASE(test_super_frame),
	KUNIT_CASE(test_addresses),
	KUNIT_CASE(test_network),
	KUNIT_CASE(test_mute),
	KUNIT_CASE(test_mutated),
	{}
};

static struct kunit_suite suite = {
	.name = "vnicx_parse",
	.test_cases = cases,
};

kunit_test_suite(suite);
