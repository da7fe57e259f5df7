// SPDX-License-Identifier: GPL-2.0
/*
 * VLAN tags: which ones a vNIC may send and receives, and what becomes
 * of them on the way.
 */
#include <linux/if_vlan.h>
#include <linux/ip.h>
#include <linux/tcp.h>

#include "vlan.h"

static int init(struct kunit *test)
{
	test->priv = vnicx_test_net(test, 6);
	return 0;
}

static void test_access_to_access(struct kunit *test)
{
	struct vnicx_test_net *net = test->priv;
	struct sk_buff *skb;
	unsigned int ad;

	for (ad = 0; ad < 2; ad++) {
		vnicx_test_access(test, 0, ad ? AD : Q, 10);
		vnicx_test_access(test, 1, ad ? AD : Q, 10);
		skb = vnicx_test_frame_to(test, 1, 0, LEN);
		KUNIT_EXPECT_EQ(test, vnicx_test_send(net, 0, skb), VNICX_DONE);
		vnicx_test_expect_rx(test, net, BIT(1));
		vnicx_test_expect_out(test, net, 0, 0);
		KUNIT_EXPECT_PTR_EQ(test, skb,
				    vnicx_test_only(test, &net->vnic[1]->rx));
		vnicx_test_expect_untagged(test, skb, 1, 0);
		vnicx_test_purge(net);
	}
}

/* The tag is in the metadata: the data is neither copied nor changed. */
static void test_access_to_the_wire(struct kunit *test)
{
	struct vnicx_policy policy = {
		.vlan.on = true,
		.vlan.proto = htons(Q),
		.vlan.vid = 10,
		.vlan.qos = 5,
	};
	struct vnicx_test_net *net = test->priv;
	struct sk_buff *skb = vnicx_test_frame_to(test, VNICX_TEST_NOBODY, 0, 60000);
	const void *data = skb->data;

	vnicx_test_take_offloads(net);
	vnicx_test_policy(test, 0, &policy);
	skb_shinfo(skb)->gso_size = 1448;
	skb_shinfo(skb)->gso_segs = 42;
	skb_shinfo(skb)->gso_type = SKB_GSO_TCPV4;
	skb->ip_summed = CHECKSUM_UNNECESSARY;
	/* The wire asks how long the segments are. */
	skb_reset_mac_header(skb);
	skb_set_network_header(skb, ETH_HLEN);
	skb_set_transport_header(skb, ETH_HLEN + sizeof(struct iphdr));
	tcp_hdr(skb)->doff = sizeof(struct tcphdr) / 4;
	vnicx_test_send(net, 0, skb);
	KUNIT_EXPECT_PTR_EQ(test, vnicx_test_only(test, &net->wire), skb);
	KUNIT_EXPECT_EQ(test, vnicx_test_tag_of(skb), TAG(Q, 5 << VLAN_PRIO_SHIFT | 10));
	KUNIT_EXPECT_PTR_EQ(test, (const void *)skb->data, data);
	KUNIT_EXPECT_EQ(test, skb->len, ETH_HLEN + 60000);
}

/* The data of a frame may be shared: with a capture, or with other copies. */
static void test_tag_in_shared_data(struct kunit *test)
{
	struct vnicx_test_net *net = test->priv;
	struct sk_buff *skb, *witness;

	vnicx_test_access(test, 0, Q, 10);
	skb = vnicx_test_tag_data(vnicx_test_frame_to(test, 0, 1, LEN), Q, 10);
	witness = vnicx_test_witness(test, skb);
	vnicx_test_send(net, 1, skb);
	vnicx_test_expect_untagged(test, vnicx_test_only(test, &net->vnic[0]->rx), 0, 1);
	KUNIT_EXPECT_EQ(test, ntohs(*(__be16 *)(witness->data + 2 * ETH_ALEN)), Q);
	KUNIT_EXPECT_EQ(test, witness->len, ETH_HLEN + VLAN_HLEN + LEN);
	vnicx_test_purge(net);

	/* pktgen keeps its frames. */
	skb = vnicx_test_tag_data(vnicx_test_frame_to(test, 0, 1, LEN), Q, 10);
	skb_get(skb);
	vnicx_test_send(net, 1, skb);
	vnicx_test_expect_untagged(test, vnicx_test_only(test, &net->vnic[0]->rx), 0, 1);
	KUNIT_EXPECT_EQ(test, refcount_read(&skb->users), 1);
	kfree_skb(skb);
}

/**
 * struct sent - a frame that a vNIC sends, and what the policy makes of it
 * @name: of the case
 * @outer: the outer tag, 0 for none
 * @inner: the tag behind it, 0 for none
 * @access: the tag of the access VLAN, 0 for a trunk of 20 and 30
 * @native: of the trunk
 * @keep: whether a priority tag's priority is kept
 * @wire: the outer tag on the wire; 0 for none, GONE when it is dropped
 * @behind: the tag behind it, 0 for none
 */
struct sent {
	const char *name;
	u32 outer;
	u32 inner;
	u32 access;
	u16 native;
	bool keep;
	u32 wire;
	u32 behind;
};

#define GONE	U32_MAX
#define PRIO(p)	((p) << VLAN_PRIO_SHIFT)

static const struct sent sents[] = {
	{ "access, a tag", TAG(Q, 10), 0, TAG(Q, 10), .wire = GONE },
	{ "access, an S-tag", TAG(AD, 10), 0, TAG(Q, 10), .wire = GONE },
	{ "access, a priority tag", TAG(Q, PRIO(6)), 0, TAG(Q, 10),
	  .wire = TAG(Q, 10) },
	{ "access, a priority tag to keep", TAG(Q, PRIO(6)), 0, TAG(Q, 10),
	  .keep = true, .wire = TAG(Q, PRIO(6) | 10) },
	{ "access, a tag behind a priority tag", TAG(Q, 0), TAG(Q, 20),
	  TAG(Q, 10), .wire = GONE },
	{ "access, an S-tag behind a priority tag", TAG(Q, 0), TAG(AD, 20),
	  TAG(Q, 10), .wire = GONE },
	{ "access, two tags", TAG(Q, 20), TAG(Q, 10), TAG(Q, 10), .wire = GONE },
	{ "802.1ad, no tag", 0, 0, TAG(AD, 10), .wire = TAG(AD, 10) },
	{ "802.1ad, a C-tag", TAG(Q, PRIO(3) | 7), 0, TAG(AD, 10),
	  .wire = TAG(AD, 10), .behind = TAG(Q, PRIO(3) | 7) },
	{ "802.1ad, a priority C-tag", TAG(Q, PRIO(3)), 0, TAG(AD, 10),
	  .wire = TAG(AD, 10), .behind = TAG(Q, PRIO(3)) },
	{ "802.1ad, an S-tag", TAG(AD, 10), 0, TAG(AD, 10), .wire = GONE },
	{ "802.1ad, a priority S-tag before a C-tag", TAG(AD, PRIO(3)),
	  TAG(Q, 7), TAG(AD, 10), .wire = TAG(AD, 10), .behind = TAG(Q, 7) },
	{ "802.1ad, an S-tag behind a priority S-tag", TAG(AD, 0), TAG(AD, 7),
	  TAG(AD, 10), .wire = GONE },
	{ "trunk, a VLAN of it", TAG(Q, PRIO(1) | 20), 0, .native = 5,
	  .wire = TAG(Q, PRIO(1) | 20) },
	{ "trunk, a VLAN of it with another inside", TAG(Q, 20), TAG(Q, 9),
	  .native = 5, .wire = TAG(Q, 20), .behind = TAG(Q, 9) },
	{ "trunk, its native VLAN", TAG(Q, 5), 0, .native = 5,
	  .wire = TAG(Q, 5) },
	{ "trunk, another VLAN", TAG(Q, 21), 0, .native = 5, .wire = GONE },
	{ "trunk, an S-tag", TAG(AD, 20), 0, .native = 5, .wire = GONE },
	{ "trunk, no tag", 0, 0, .native = 5, .wire = TAG(Q, 5) },
	{ "trunk, a priority tag", TAG(Q, PRIO(2)), 0, .native = 5,
	  .wire = TAG(Q, PRIO(2) | 5) },
	{ "trunk, a tag behind a priority tag", TAG(Q, 0), TAG(Q, 21),
	  .native = 5, .wire = GONE },
	{ "trunk without native VLAN, no tag", 0, 0, .wire = GONE },
	{ "trunk without native VLAN, a priority tag", TAG(Q, PRIO(2)), 0,
	  .wire = GONE },
	{ "trunk without native VLAN, a VLAN of it", TAG(Q, 30), 0,
	  .wire = TAG(Q, 30) },
	{ "trunk and untagged, no tag", 0, 0, .native = NATIVE_UNTAGGED,
	  .wire = 0 },
	{ "trunk and untagged, a priority tag", TAG(Q, PRIO(2)), 0,
	  .native = NATIVE_UNTAGGED, .wire = TAG(Q, PRIO(2)) },
	{ "trunk and untagged, a tag behind a priority tag", TAG(Q, 0),
	  TAG(Q, 21), .native = NATIVE_UNTAGGED, .wire = GONE },
};

static void name_sent(const struct sent *sent, char *name)
{
	strscpy(name, sent->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(sent, sents, name_sent);

static void set_sent(struct kunit *test, const struct sent *sent)
{
	struct vnicx_policy policy = {
		.vlan.on = true,
		.vlan.proto = htons(sent->access >> 16),
		.vlan.vid = sent->access & VLAN_VID_MASK,
		.vlan.keep = sent->keep,
	};

	if (sent->access)
		vnicx_test_policy(test, 0, &policy);
	else
		vnicx_test_trunk(test, 0, sent->native);
}

/* The frame's outer tag is in the metadata, or in the data. */
static struct sk_buff *frame_sent(struct kunit *test, const struct sent *sent,
				  bool data)
{
	struct sk_buff *skb;

	skb = vnicx_test_frame_to(test, VNICX_TEST_NOBODY, 0, LEN);
	if (sent->inner)
		vnicx_test_tag_data(skb, sent->inner >> 16, (u16)sent->inner);
	if (sent->outer && data)
		vnicx_test_tag_data(skb, sent->outer >> 16, (u16)sent->outer);
	else if (sent->outer)
		vnicx_test_tag(skb, sent->outer >> 16, (u16)sent->outer);
	return skb;
}

static void expect_sent(struct kunit *test, const struct sent *sent)
{
	struct vnicx_test_net *net = test->priv;
	const struct vlan_ethhdr *veth;
	const struct sk_buff *skb;

	if (sent->wire == GONE) {
		vnicx_test_expect_out(test, net, 0, 0);
		return;
	}
	skb = vnicx_test_only(test, &net->wire);
	veth = (const struct vlan_ethhdr *)skb->data;
	KUNIT_EXPECT_PTR_EQ(test, skb->data, skb_mac_header(skb));
	/* The lower device of the tests takes no tags in the metadata. */
	if (sent->wire) {
		KUNIT_EXPECT_EQ(test, sent->wire,
				TAG(ntohs(veth->h_vlan_proto), ntohs(veth->h_vlan_TCI)));
		veth = (const void *)veth + VLAN_HLEN;
	}
	if (sent->behind) {
		KUNIT_EXPECT_EQ(test, sent->behind,
				TAG(ntohs(veth->h_vlan_proto), ntohs(veth->h_vlan_TCI)));
		veth = (const void *)veth + VLAN_HLEN;
	}
	KUNIT_EXPECT_EQ(test, ntohs(veth->h_vlan_proto), VNICX_TEST_PROTO);
	KUNIT_EXPECT_EQ(test, skb->data + skb->len - (u8 *)veth, ETH_HLEN + LEN);
}

static void test_sent(struct kunit *test)
{
	const struct sent *sent = test->param_value;
	struct vnicx_test_net *net = test->priv;
	unsigned int data, shared;
	struct sk_buff *skb;
	long dropped = 0;

	set_sent(test, sent);
	for (data = 0; data < 2; data++) {
		for (shared = 0; shared < 2; shared++) {
			skb = frame_sent(test, sent, data);
			if (shared)
				skb_get(skb);
			vnicx_test_send(net, 0, skb);
			if (!shared)
				expect_sent(test, sent);
			dropped += sent->wire == GONE;
			vnicx_test_purge(net);
			if (shared)
				kfree_skb(skb);
		}
	}
	KUNIT_EXPECT_EQ(test, vnicx_test_cause(test, 0, VNICX_CAUSE_TX_VLAN), dropped);
	KUNIT_EXPECT_EQ(test, dropped,
			vnicx_test_stat(&net->vnic[0]->port, VNICX_TX_DROPPED));
}

static void test_truncated_tag(struct kunit *test)
{
	struct vnicx_test_net *net = test->priv;
	unsigned int len;

	vnicx_test_access(test, 0, Q, 10);
	vnicx_test_trunk(test, 1, NATIVE_UNTAGGED);
	for (len = ETH_HLEN; len < VLAN_ETH_HLEN; len++) {
		struct sk_buff *skb;

		skb = vnicx_test_tag_data(vnicx_test_frame_to(test, 5, 0, 0), Q, 0);
		skb_trim(skb, len);
		vnicx_test_send(net, 0, skb);
		skb = vnicx_test_tag_data(vnicx_test_frame_to(test, 5, 1, 0), Q, 0);
		skb_trim(skb, len);
		vnicx_test_send(net, 1, skb);
	}
	vnicx_test_expect_out(test, net, 0, 0);
	vnicx_test_expect_rx(test, net, 0);
	KUNIT_EXPECT_EQ(test, vnicx_test_cause(test, 0, VNICX_CAUSE_TX_VLAN), VLAN_HLEN);
	KUNIT_EXPECT_EQ(test, vnicx_test_cause(test, 1, VNICX_CAUSE_TX_VLAN), VLAN_HLEN);
}

/* Whether vNIC 0 receives a frame of vNIC 1 with this tag, 0 for none */
static bool receives(struct kunit *test, u16 vid)
{
	struct sk_buff *skb = vnicx_test_frame_to(test, 0, 1, LEN);
	struct vnicx_test_net *net = test->priv;

	vnicx_test_send(net, 1, vid ? vnicx_test_tag(skb, Q, vid) : skb);
	return !skb_queue_empty(&net->vnic[0]->rx);
}

/* A trunk receives some of VLANs 5, 20 and 40 and of no VLAN. */
static void test_trunk_receives(struct kunit *test)
{
	static const u16 native[] = { 5, 0, NATIVE_UNTAGGED };
	struct vnicx_test_net *net = test->priv;
	struct sk_buff_head *rx = &net->vnic[0]->rx;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(native); i++) {
		vnicx_test_trunk(test, 0, native[i]);
		KUNIT_EXPECT_TRUE(test, receives(test, 20));
		KUNIT_EXPECT_EQ(test, TAG(Q, 20),
				vnicx_test_tag_of(vnicx_test_only(test, rx)));
		vnicx_test_purge(net);

		KUNIT_EXPECT_EQ(test, receives(test, 5), native[i] == 5);
		if (native[i] == 5)
			vnicx_test_expect_untagged(test, vnicx_test_only(test, rx),
						   0, 1);
		vnicx_test_purge(net);

		KUNIT_EXPECT_FALSE(test, receives(test, 40));
		KUNIT_EXPECT_EQ(test, receives(test, 0),
				native[i] == NATIVE_UNTAGGED);
		vnicx_test_purge(net);
	}
	KUNIT_EXPECT_EQ(test, vnicx_test_cause(test, 0, VNICX_CAUSE_RX_VLAN),
			3 + 2 + 2);
}

KUNIT_ARRAY_PARAM_DESC(walk, vnicx_test_walks, desc);

static void test_from_the_wire(struct kunit *test)
{
	struct vnicx_test_net *net = test->priv;
	struct sk_buff *skb;

	vnicx_test_set_walk(test, net);
	vnicx_test_access(test, 0, Q, 10);
	skb = vnicx_test_frame_to(test, 0, VNICX_TEST_NOBODY, LEN);
	skb = vnicx_test_tag(skb, Q, 10);
	KUNIT_EXPECT_EQ(test, VNICX_ANOTHER, vnicx_test_receive(net, skb));
	KUNIT_EXPECT_EQ(test, vnicx_test_tag_of(skb), 0);
	vnicx_test_purge(net);

	skb = vnicx_test_frame_to(test, 0, VNICX_TEST_NOBODY, LEN);
	skb = vnicx_test_tag(skb, Q, 11);
	KUNIT_EXPECT_EQ(test, VNICX_PASS, vnicx_test_receive(net, skb));
	KUNIT_EXPECT_EQ(test, vnicx_test_tag_of(skb), TAG(Q, 11));
	vnicx_test_purge(net);
	skb = vnicx_test_frame_to(test, 0, VNICX_TEST_NOBODY, LEN);
	KUNIT_EXPECT_EQ(test, VNICX_PASS, vnicx_test_receive(net, skb));
	vnicx_test_expect_rx(test, net, 0);
	KUNIT_EXPECT_EQ(test, vnicx_test_cause(test, 0, VNICX_CAUSE_RX_VLAN), 2);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(test_access_to_access),
	KUNIT_CASE(test_access_to_the_wire),
	KUNIT_CASE(test_tag_in_shared_data),
	KUNIT_CASE_PARAM(test_sent, sent_gen_params),
	KUNIT_CASE(test_truncated_tag),
	KUNIT_CASE(test_trunk_receives),
	KUNIT_CASE_PARAM(test_from_the_wire, walk_gen_params),
	{}
};

static struct kunit_suite suite = {
	.name = "vnicx_vlan_tags",
	.init = init,
	.test_cases = cases,
};

kunit_test_suite(suite);
