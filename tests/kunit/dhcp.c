// SPDX-License-Identifier: GPL-2.0
/*
 * The parser of DHCP messages.
 */
#include <kunit/test.h>
#include <linux/etherdevice.h>
#include <linux/prandom.h>
#include <linux/random.h>
#include <linux/udp.h>

#include "../../switch/policy/dhcp.h"

/* Bytes of a message in front of its options, of both versions */
#define HEAD4	240
#define HEAD6	4

#define MESSAGE_MAX	1024

/**
 * struct message - a DHCP message behind its UDP header, to be parsed
 * @desc: what is special about it
 * @options: its options
 * @len: bytes of @options
 * @cut: bytes that the frame lacks at its end
 * @sound: it is sound
 * @type: of DHCPv4: what the parser finds
 * @seconds: of DHCPv4: what the parser finds
 * @found: of DHCPv6: addresses and prefixes that the parser finds
 */
struct message {
	const char *desc;
	const u8 *options;
	u16 len;
	u16 cut;
	bool sound;
	u8 type;
	u32 seconds;
	u8 found;
};

#define BYTES(...)	.options = (const u8[]){ __VA_ARGS__ }, \
			.len = sizeof((const u8[]){ __VA_ARGS__ })

static const struct message messages4[] = {
	{ "ACK", BYTES(53, 1, 5, 51, 4, 0, 0, 14, 16, 255), .sound = true,
	  .type = 5, .seconds = 3600 },
	{ "ACK with padding",
	  BYTES(0, 0, 53, 1, 5, 0, 51, 4, 0, 0, 14, 16, 0, 255), .sound = true,
	  .type = 5, .seconds = 3600 },
	{ "ACK behind other options",
	  BYTES(1, 4, 255, 255, 255, 0, 54, 4, 192, 0, 2, 1, 53, 1, 5, 255),
	  .sound = true, .type = 5 },
	{ "ACK without an end", BYTES(53, 1, 5), .sound = true, .type = 5 },
	{ "options behind the end", BYTES(53, 1, 5, 255, 53, 1, 6),
	  .sound = true, .type = 5 },
	{ "no type", BYTES(51, 4, 0, 0, 14, 16, 255) },
	{ "no options", BYTES(255) },
	{ "two types", BYTES(53, 1, 5, 53, 1, 6, 255) },
	{ "a type of two bytes", BYTES(53, 2, 5, 5, 255) },
	{ "a type of no bytes", BYTES(53, 0, 255) },
	{ "a time of three bytes", BYTES(53, 1, 5, 51, 3, 0, 14, 16, 255) },
	{ "two times",
	  BYTES(53, 1, 5, 51, 4, 0, 0, 0, 1, 51, 4, 0, 0, 0, 2, 255) },
	{ "an option longer than the message", BYTES(53, 1, 5, 51, 4, 0, 0) },
	{ "an option without a length", BYTES(53, 1, 5, 51) },
	{ "a message longer than the frame", BYTES(53, 1, 5, 51, 4, 0, 0, 14, 16),
	  .cut = 1 },
	{ "a head that is not whole", BYTES(53, 1, 5), .cut = 4 },
};

static const struct message messages6[] = {
	{ "an address",
	  BYTES(0, 3, 0, 40, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0,
		0, 5, 0, 24, 0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
		0, 5, 0, 0, 0, 9, 0, 0, 0, 9), .sound = true, .found = 1 },
	{ "an address behind other options",
	  BYTES(0, 1, 0, 2, 1, 1, 0, 2, 0, 0,
		0, 3, 0, 40, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0,
		0, 5, 0, 24, 0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
		0, 5, 0, 0, 0, 9, 0, 0, 0, 9), .sound = true, .found = 1 },
	{ "a temporary address",
	  BYTES(0, 4, 0, 32, 0, 0, 0, 1,
		0, 5, 0, 24, 0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
		0, 5, 0, 0, 0, 9, 0, 0, 0, 9), .sound = true, .found = 1 },
	{ "a prefix",
	  BYTES(0, 25, 0, 41, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0,
		0, 26, 0, 25, 0, 0, 0, 9, 0, 0, 0, 9, 48, 0x20, 1, 0xd, 0xb8,
		0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 5), .sound = true, .found = 1 },
	{ "an association without an address",
	  BYTES(0, 3, 0, 18, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0,
		0, 13, 0, 2, 0, 2), .sound = true },
	{ "an address outside an association",
	  BYTES(0, 5, 0, 24, 0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
		0, 5, 0, 0, 0, 9, 0, 0, 0, 9), .sound = true },
	{ "no options", BYTES(), .sound = true },
	{ "an address longer than its association",
	  BYTES(0, 3, 0, 39, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0,
		0, 5, 0, 24, 0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
		0, 5, 0, 0, 0, 9, 0, 0, 0, 9) },
	{ "an address that is too short",
	  BYTES(0, 3, 0, 20, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0,
		0, 5, 0, 4, 0x20, 1, 0xd, 0xb8) },
	{ "an association that is too short", BYTES(0, 3, 0, 4, 0, 0, 0, 1) },
	{ "a prefix of 129 bits",
	  BYTES(0, 25, 0, 41, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0,
		0, 26, 0, 25, 0, 0, 0, 9, 0, 0, 0, 9, 129, 0x20, 1, 0xd, 0xb8,
		0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 5) },
	{ "an option longer than the message", BYTES(0, 1, 0, 3, 1, 1) },
	{ "half an option's head", BYTES(0, 1, 0) },
};

static void message_desc(const struct message *message, char *desc)
{
	strscpy(desc, message->desc, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(message4, messages4, message_desc);
KUNIT_ARRAY_PARAM(message6, messages6, message_desc);

/* Make a frame of a UDP header, a message's head and its options. */
static struct sk_buff *make_frame(struct kunit *test, unsigned int head,
				  const u8 *options, unsigned int len)
{
	struct udphdr udp = { .len = htons(sizeof(udp) + head + len) };
	struct sk_buff *skb;
	u8 *bytes;

	skb = alloc_skb(sizeof(udp) + head + len, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, skb);
	skb_put_data(skb, &udp, sizeof(udp));
	bytes = skb_put_zero(skb, head);
	if (head == HEAD4) {
		bytes[0] = 2;
		bytes[1] = 1;
		bytes[2] = ETH_ALEN;
		bytes[19] = 1;
		bytes[236] = 0x63;
		bytes[237] = 0x82;
		bytes[238] = 0x53;
		bytes[239] = 0x63;
	} else {
		bytes[0] = VNICX_DHCP6_REPLY;
		bytes[3] = 7;
	}
	skb_put_data(skb, options, len);
	return skb;
}

static void test_message4(struct kunit *test)
{
	const struct message *message = test->param_value;
	struct vnicx_dhcp4 msg;
	struct sk_buff *skb;

	skb = make_frame(test, HEAD4, message->options, message->len);
	skb_trim(skb, skb->len - message->cut);
	KUNIT_ASSERT_EQ(test, vnicx_dhcp4_parse(skb, 0, &msg), message->sound);
	if (message->sound) {
		KUNIT_EXPECT_EQ(test, msg.type, message->type);
		KUNIT_EXPECT_EQ(test, msg.seconds, message->seconds);
		KUNIT_EXPECT_TRUE(test, msg.reply);
		KUNIT_EXPECT_EQ(test, ntohl(msg.yiaddr), 1u);
	}
	kfree_skb(skb);
}

static void test_message6(struct kunit *test)
{
	const struct message *message = test->param_value;
	struct vnicx_dhcp6_addr addr;
	struct vnicx_dhcp6 msg;
	struct sk_buff *skb;
	int found = 0, ret;

	skb = make_frame(test, HEAD6, message->options, message->len);
	KUNIT_ASSERT_TRUE(test, vnicx_dhcp6_begin(skb, 0, &msg));
	KUNIT_EXPECT_EQ(test, msg.type, (u8)VNICX_DHCP6_REPLY);
	KUNIT_EXPECT_EQ(test, msg.xid, 7u);
	while ((ret = vnicx_dhcp6_next(&msg, &addr)) > 0) {
		found++;
		KUNIT_EXPECT_EQ(test, addr.seconds, 9u);
		KUNIT_EXPECT_EQ(test, ntohl(addr.addr.s6_addr32[0]),
				0x20010db8u);
		/* bits beyond the prefix are 0 */
		KUNIT_EXPECT_EQ(test, (u32)addr.addr.s6_addr[15],
				addr.len == 128 ? 5u : 0u);
	}
	KUNIT_EXPECT_EQ(test, ret, message->sound ? 0 : -EINVAL);
	KUNIT_EXPECT_EQ(test, found, (int)message->found);
	kfree_skb(skb);
}

/* Too many options are none. */
static void test_long(struct kunit *test)
{
	u8 *options = kunit_kzalloc(test, MESSAGE_MAX, GFP_KERNEL);
	struct vnicx_dhcp6_addr addr;
	struct vnicx_dhcp4 msg4;
	struct vnicx_dhcp6 msg6;
	struct sk_buff *skb;

	KUNIT_ASSERT_NOT_NULL(test, options);
	options[VNICX_DHCP4_OPTIONS - 1] = 53;
	options[VNICX_DHCP4_OPTIONS] = 1;
	options[VNICX_DHCP4_OPTIONS + 1] = 5;
	skb = make_frame(test, HEAD4, options, VNICX_DHCP4_OPTIONS + 2);
	KUNIT_EXPECT_TRUE(test, vnicx_dhcp4_parse(skb, 0, &msg4));
	kfree_skb(skb);
	skb = make_frame(test, HEAD4, options, VNICX_DHCP4_OPTIONS + 3);
	KUNIT_EXPECT_FALSE(test, vnicx_dhcp4_parse(skb, 0, &msg4));
	kfree_skb(skb);
	memset(options, 0, MESSAGE_MAX);
	skb = make_frame(test, HEAD6, options, 4 * VNICX_DHCP6_OPTIONS);
	KUNIT_ASSERT_TRUE(test, vnicx_dhcp6_begin(skb, 0, &msg6));
	KUNIT_EXPECT_EQ(test, vnicx_dhcp6_next(&msg6, &addr), 0);
	kfree_skb(skb);
	skb = make_frame(test, HEAD6, options, 4 * (VNICX_DHCP6_OPTIONS + 1));
	KUNIT_ASSERT_TRUE(test, vnicx_dhcp6_begin(skb, 0, &msg6));
	KUNIT_EXPECT_EQ(test, vnicx_dhcp6_next(&msg6, &addr), -EINVAL);
	kfree_skb(skb);
}

/* Nothing is read behind the end of a frame, which KASAN watches, and what is
 * found is within bounds.
 */
static void test_mutated(struct kunit *test)
{
	u64 seed = get_random_u32();
	const struct message *message;
	struct vnicx_dhcp6_addr addr;
	struct vnicx_dhcp4 msg4;
	struct vnicx_dhcp6 msg6;
	struct rnd_state rnd;
	struct sk_buff *skb;
	int i, n, found;
	bool v6;

	kunit_info(test, "seed %llu", seed);
	prandom_seed_state(&rnd, seed);
	for (i = 0; i < 20000; i++) {
		v6 = i % 2;
		message = v6 ?
			&messages6[prandom_u32_state(&rnd) % ARRAY_SIZE(messages6)] :
			&messages4[prandom_u32_state(&rnd) % ARRAY_SIZE(messages4)];
		skb = make_frame(test, v6 ? HEAD6 : HEAD4, message->options,
				 message->len);
		for (n = prandom_u32_state(&rnd) % 4; n; n--)
			skb->data[prandom_u32_state(&rnd) % skb->len] =
				prandom_u32_state(&rnd);
		if (!(prandom_u32_state(&rnd) % 4))
			skb_trim(skb, prandom_u32_state(&rnd) % skb->len);
		if (!v6) {
			vnicx_dhcp4_parse(skb, 0, &msg4);
		} else if (vnicx_dhcp6_begin(skb, 0, &msg6)) {
			found = 0;
			while (vnicx_dhcp6_next(&msg6, &addr) > 0) {
				KUNIT_EXPECT_LE(test, (u32)addr.len, 128u);
				found++;
			}
			KUNIT_EXPECT_LE(test, found, VNICX_DHCP6_OPTIONS);
		}
		kfree_skb(skb);
	}
}

static struct kunit_case dhcp_cases[] = {
	KUNIT_CASE_PARAM(test_message4, message4_gen_params),
	KUNIT_CASE_PARAM(test_message6, message6_gen_params),
	KUNIT_CASE(test_long),
	KUNIT_CASE(test_mutated),
	{}
};

static struct kunit_suite dhcp_suite = {
	.name = "vnicx_dhcp",
	.test_cases = dhcp_cases,
};

kunit_test_suite(dhcp_suite);
