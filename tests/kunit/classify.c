// SPDX-License-Identifier: GPL-2.0
/*
 * For whom a frame is, and in which VLAN, from its headers alone.
 */
#include <kunit/skbuff.h>
#include <linux/etherdevice.h>
#include <linux/if_vlan.h>
#include <linux/unaligned.h>

#include "../../switch/classify.h"
#include "fixture.h"

struct class_case {
	const char *desc;
	u8 dest[ETH_ALEN];
	u16 proto;
	enum vnicx_class class;
};

static const struct class_case class_cases[] = {
	{ "globally unique unicast",
	  { 0x00, 0x1b, 0x21, 1, 2, 3 }, ETH_P_IP, VNICX_UNICAST },
	{ "locally administered unicast",
	  { 0x02, 0, 0, 0, 0, 1 }, ETH_P_IPV6, VNICX_UNICAST },
	{ "zero address",
	  { 0 }, ETH_P_IP, VNICX_UNICAST },
	{ "all bits but the group bit",
	  { 0xfe, 0xff, 0xff, 0xff, 0xff, 0xff }, ETH_P_IP, VNICX_UNICAST },
	{ "broadcast",
	  { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff }, ETH_P_ARP, VNICX_BROADCAST },
	{ "nearly broadcast",
	  { 0xff, 0xff, 0xff, 0xff, 0xff, 0xfe }, ETH_P_ARP, VNICX_MULTICAST },
	{ "only the group bit",
	  { 0x01, 0, 0, 0, 0, 0 }, ETH_P_IP, VNICX_MULTICAST },
	{ "IPv4 multicast",
	  { 0x01, 0x00, 0x5e, 0, 0, 1 }, ETH_P_IP, VNICX_MULTICAST },
	{ "IPv6 multicast",
	  { 0x33, 0x33, 0, 0, 0, 1 }, ETH_P_IPV6, VNICX_MULTICAST },
	{ "STP, which bridges behind the switch need",
	  { 0x01, 0x80, 0xc2, 0, 0, 0x00 }, ETH_P_802_2, VNICX_MULTICAST },
	{ "link-local (LACP)",
	  { 0x01, 0x80, 0xc2, 0, 0, 0x02 }, ETH_P_SLOW, VNICX_LINK_LOCAL },
	{ "link-local (LLDP)",
	  { 0x01, 0x80, 0xc2, 0, 0, 0x0e }, ETH_P_LLDP, VNICX_LINK_LOCAL },
	{ "last link-local",
	  { 0x01, 0x80, 0xc2, 0, 0, 0x0f }, ETH_P_802_2, VNICX_LINK_LOCAL },
	{ "behind the link-local range",
	  { 0x01, 0x80, 0xc2, 0, 0, 0x10 }, ETH_P_802_2, VNICX_MULTICAST },
	{ "MRP, not link-local",
	  { 0x01, 0x80, 0xc2, 0, 0, 0x21 }, ETH_P_802_2, VNICX_MULTICAST },
	{ "link-local but for the fifth byte",
	  { 0x01, 0x80, 0xc2, 0, 1, 0x00 }, ETH_P_802_2, VNICX_MULTICAST },
	{ "link-local but for the fourth byte",
	  { 0x01, 0x80, 0xc2, 1, 0, 0x00 }, ETH_P_802_2, VNICX_MULTICAST },
	{ "link-local but for the third byte",
	  { 0x01, 0x80, 0xc3, 0, 0, 0x00 }, ETH_P_802_2, VNICX_MULTICAST },
	{ "link-local but for the group bit",
	  { 0x00, 0x80, 0xc2, 0, 0, 0x00 }, ETH_P_802_2, VNICX_UNICAST },
	{ "PAUSE",
	  { 0x01, 0x80, 0xc2, 0, 0, 0x01 }, ETH_P_PAUSE, VNICX_MAC_CONTROL },
	{ "its address, another protocol",
	  { 0x01, 0x80, 0xc2, 0, 0, 0x01 }, ETH_P_IP, VNICX_MAC_CONTROL },
	{ "MAC control to one station",
	  { 0x02, 0, 0, 0, 0, 1 }, ETH_P_PAUSE, VNICX_MAC_CONTROL },
	{ "MAC control to all",
	  { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff }, ETH_P_PAUSE, VNICX_MAC_CONTROL },
};

KUNIT_ARRAY_PARAM_DESC(class, class_cases, desc);

static void test_class(struct kunit *test)
{
	const struct class_case *c = test->param_value;
	struct sk_buff *skb = kunit_zalloc_skb(test, 64, GFP_KERNEL);
	struct ethhdr *eth;

	KUNIT_ASSERT_NOT_NULL(test, skb);
	skb_reset_mac_header(skb);
	eth = eth_hdr(skb);
	eth->h_proto = htons(c->proto);
	ether_addr_copy(eth->h_dest, c->dest);
	KUNIT_EXPECT_EQ(test, vnicx_classify(skb, eth), c->class);
}

/**
 * struct tagged_case - a unicast frame with tags
 * @desc: what is special about it
 * @beside: whether it has an offloaded tag
 * @tags: how many are in it
 * @proto: the protocol behind them
 * @cut: bytes of that protocol that are missing
 * @class: the class expected
 */
struct tagged_case {
	const char *desc;
	bool beside;
	unsigned int tags;
	u16 proto;
	unsigned int cut;
	enum vnicx_class class;
};

static const struct tagged_case tagged_cases[] = {
	{ "one tag", false, 1, ETH_P_IP, 0, VNICX_UNICAST },
	{ "PAUSE behind one tag", false, 1, ETH_P_PAUSE, 0, VNICX_MAC_CONTROL },
	{ "PAUSE behind an offloaded tag", true, 0, ETH_P_PAUSE, 0, VNICX_MAC_CONTROL },
	{ "PAUSE behind two tags, one offloaded", true, 1, ETH_P_PAUSE, 0, VNICX_MAC_CONTROL },
	{ "PAUSE behind two tags", false, 2, ETH_P_PAUSE, 0, VNICX_MAC_CONTROL },
	{ "PAUSE behind as many tags as the core reads", false, VLAN_MAX_DEPTH, ETH_P_PAUSE, 0,
	  VNICX_MAC_CONTROL },
	{ "PAUSE behind more tags than the core reads", false, VLAN_MAX_DEPTH + 1, ETH_P_PAUSE, 0,
	  VNICX_UNICAST },
	{ "the end of the frame in the protocol", false, 1, ETH_P_PAUSE, 1, VNICX_UNICAST },
	{ "the end of the frame in a tag", false, 2, ETH_P_PAUSE, 3, VNICX_UNICAST },
};

KUNIT_ARRAY_PARAM_DESC(tagged, tagged_cases, desc);

static void test_tagged(struct kunit *test)
{
	const struct tagged_case *c = test->param_value;
	unsigned int len = ETH_HLEN + c->tags * VLAN_HLEN;
	struct sk_buff *skb = kunit_zalloc_skb(test, 64, GFP_KERNEL);
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, skb);
	skb_reset_mac_header(skb);
	skb->data[0] = 0x02;
	for (i = 0; i < c->tags; i++)
		put_unaligned_be16(ETH_P_8021Q, skb->data + 2 * ETH_ALEN + i * VLAN_HLEN);
	put_unaligned_be16(c->proto, skb->data + len - sizeof(__be16));
	skb_put(skb, len - c->cut);
	if (c->beside)
		__vlan_hwaccel_put_tag(skb, htons(ETH_P_8021Q), 0);

	KUNIT_EXPECT_EQ(test, vnicx_classify(skb, eth_hdr(skb)), c->class);
	/* In receive form, as well */
	__skb_pull(skb, ETH_HLEN);
	KUNIT_EXPECT_EQ(test, vnicx_classify(skb, eth_hdr(skb)), c->class);
}

/**
 * struct vid_case - a frame and its VLAN
 * @desc: what is special about it
 * @beside: the protocol of the offloaded tag, 0 for none
 * @beside_tci: that tag
 * @proto: the frame's EtherType
 * @inside: 16-bit words behind the Ethernet header
 * @len: bytes behind the Ethernet header
 * @linear: those of them that are in the skb's linear part
 * @vid: the VLAN expected
 */
struct vid_case {
	const char *desc;
	u16 beside;
	u16 beside_tci;
	u16 proto;
	u16 inside[4];
	unsigned int len;
	unsigned int linear;
	u16 vid;
};

static const struct vid_case vid_cases[] = {
	{ "no tag", 0, 0, ETH_P_IP, { 5, 5 }, 8, 8, 0 },
	{ "accelerated 802.1Q", ETH_P_8021Q, 5, ETH_P_IP, {}, 8, 8, 5 },
	{ "accelerated 802.1ad", ETH_P_8021AD, 6, ETH_P_IP, {}, 8, 8, 6 },
	{ "accelerated, with a priority", ETH_P_8021Q, 0xe005, ETH_P_IP, {}, 8, 8, 5 },
	{ "accelerated, last VID", ETH_P_8021Q, 0x0fff, ETH_P_IP, {}, 8, 8, 4095 },
	{ "accelerated priority tag", ETH_P_8021Q, 0xe000, ETH_P_IP, {}, 8, 8, 0 },
	{ "accelerated before in-frame", ETH_P_8021AD, 5,
	  ETH_P_8021Q, { 6, ETH_P_IP }, 8, 8, 5 },
	{ "accelerated priority tag before in-frame", ETH_P_8021Q, 0xe000,
	  ETH_P_8021Q, { 6, ETH_P_IP }, 8, 8, 0 },
	{ "in-frame 802.1Q", 0, 0, ETH_P_8021Q, { 5, ETH_P_IP }, 8, 8, 5 },
	{ "in-frame 802.1ad", 0, 0, ETH_P_8021AD, { 7, ETH_P_IP }, 8, 8, 7 },
	{ "in-frame, with priority and DEI", 0, 0,
	  ETH_P_8021Q, { 0xf005, ETH_P_IP }, 8, 8, 5 },
	{ "in-frame, byte order", 0, 0, ETH_P_8021Q, { 0x0102, ETH_P_IP }, 8, 8, 0x102 },
	{ "in-frame priority tag", 0, 0, ETH_P_8021Q, { 0xe000, ETH_P_IP }, 8, 8, 0 },
	{ "two in-frame tags: the outer one", 0, 0,
	  ETH_P_8021AD, { 7, ETH_P_8021Q, 8, ETH_P_IP }, 8, 8, 7 },
	{ "nothing but the tag", 0, 0, ETH_P_8021Q, { 5, ETH_P_IP }, 4, 4, 5 },
	{ "no byte of the tag", 0, 0, ETH_P_8021Q, {}, 0, 0, 0 },
	{ "half a tag", 0, 0, ETH_P_8021Q, { 5 }, 2, 2, 0 },
	{ "three quarters of a tag", 0, 0, ETH_P_8021Q, { 5, ETH_P_IP }, 3, 3, 0 },
	{ "tag in a fragment", 0, 0, ETH_P_8021Q, { 5, ETH_P_IP }, 8, 0, 5 },
	{ "tag half in a fragment", 0, 0, ETH_P_8021Q, { 5, ETH_P_IP }, 8, 1, 5 },
	{ "half a tag in a fragment", 0, 0, ETH_P_8021Q, { 5 }, 2, 0, 0 },
};

KUNIT_ARRAY_PARAM_DESC(vid, vid_cases, desc);

static void add_inside(struct kunit *test, struct sk_buff *skb,
		       const struct vid_case *c)
{
	__be16 inside[ARRAY_SIZE(c->inside)];
	unsigned int i;
	struct page *page;

	for (i = 0; i < ARRAY_SIZE(inside); i++)
		inside[i] = htons(c->inside[i]);
	skb_put_data(skb, inside, c->linear);
	if (c->linear == c->len)
		return;

	page = alloc_page(GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, page);
	memcpy(page_address(page), (u8 *)inside + c->linear, c->len - c->linear);
	skb_add_rx_frag(skb, 0, page, 0, c->len - c->linear, PAGE_SIZE);
}

static void test_vid(struct kunit *test)
{
	const struct vid_case *c = test->param_value;
	struct sk_buff *skb = kunit_zalloc_skb(test, 64, GFP_KERNEL);
	struct ethhdr *eth;

	KUNIT_ASSERT_NOT_NULL(test, skb);
	skb_trim(skb, 0);
	skb_reset_mac_header(skb);
	eth = skb_put_zero(skb, sizeof(*eth));
	eth->h_proto = htons(c->proto);
	add_inside(test, skb, c);
	if (c->beside)
		__vlan_hwaccel_put_tag(skb, htons(c->beside), c->beside_tci);

	KUNIT_EXPECT_EQ(test, vnicx_frame_vid(skb, eth), c->vid);
	/* In receive form, the tag is where skb->data is. */
	__skb_pull(skb, ETH_HLEN);
	KUNIT_EXPECT_EQ(test, vnicx_frame_vid(skb, eth), c->vid);
}

static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(test_class, class_gen_params),
	KUNIT_CASE_PARAM(test_tagged, tagged_gen_params),
	KUNIT_CASE_PARAM(test_vid, vid_gen_params),
	{}
};

static struct kunit_suite suite = {
	.name = "vnicx_classify",
	.test_cases = cases,
};

kunit_test_suite(suite);
