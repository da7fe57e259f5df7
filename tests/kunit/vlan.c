// SPDX-License-Identifier: GPL-2.0
/*
 * VLANs of ports: which tags a vNIC may send, which frames it receives, and what
 * becomes of the tags.
 */
#include <linux/bitmap.h>
#include <linux/etherdevice.h>
#include <linux/if_vlan.h>
#include <linux/rtnetlink.h>

#include "net.h"

#define LEN	100
#define MANY	(VNICX_FLOOD_INLINE + 2)
#define Q	ETH_P_8021Q
#define AD	ETH_P_8021AD
#define NATIVE_UNTAGGED	VLAN_N_VID

static const u8 broadcast[ETH_ALEN] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };

static int init_few(struct kunit *test)
{
	test->priv = vnicx_test_net(test, 6);
	return 0;
}

static int init_many(struct kunit *test)
{
	test->priv = vnicx_test_net(test, MANY);
	return 0;
}

static void set_policy(struct kunit *test, unsigned int i,
		       const struct vnicx_policy *policy)
{
	struct vnicx_test_net *net = test->priv;
	int err;

	rtnl_lock();
	err = vnicx_policy_set(&net->vnic[i]->port, policy);
	rtnl_unlock();
	KUNIT_ASSERT_EQ(test, err, 0);
}

static void set_access(struct kunit *test, unsigned int i, u16 proto, u16 vid)
{
	struct vnicx_policy policy = {
		.vlan.on = true,
		.vlan.proto = htons(proto),
		.vlan.vid = vid,
	};

	set_policy(test, i, &policy);
}

/* A trunk of VLANs 20 and 30; @native may be NATIVE_UNTAGGED or 0 for none. */
static void set_trunk(struct kunit *test, unsigned int i, u16 native)
{
	DECLARE_BITMAP(vids, VLAN_N_VID) = {};
	struct vnicx_policy policy = {
		.vlan.on = true,
		.vlan.tagged = true,
		.vlan.proto = htons(Q),
		.vlan.vid = native % VLAN_N_VID,
		.vlan.vids = vids,
	};

	__set_bit(20, vids);
	__set_bit(30, vids);
	if (native)
		__set_bit(native % VLAN_N_VID, vids);
	set_policy(test, i, &policy);
}

/* Puts a tag into a frame's data, before those that it has. */
static struct sk_buff *tag_data(struct sk_buff *skb, u16 proto, u16 tci)
{
	struct vlan_ethhdr *veth;

	veth = skb_push(skb, VLAN_HLEN);
	memmove(veth, skb->data + VLAN_HLEN, 2 * ETH_ALEN);
	veth->h_vlan_proto = htons(proto);
	veth->h_vlan_TCI = htons(tci);
	skb->protocol = htons(proto);
	return skb;
}

static struct sk_buff *tag(struct sk_buff *skb, u16 proto, u16 tci)
{
	__vlan_hwaccel_put_tag(skb, htons(proto), tci);
	return skb;
}

/* The tag of a frame in its metadata, 0 for none */
static u32 tag_of(const struct sk_buff *skb)
{
	return skb_vlan_tag_present(skb) ?
	       (u32)ntohs(skb->vlan_proto) << 16 | skb_vlan_tag_get(skb) : 0;
}

#define TAG(proto, tci)	((u32)(proto) << 16 | (tci))

static long cause(struct kunit *test, unsigned int i, enum vnicx_cause cause)
{
	struct vnicx_test_net *net = test->priv;

	return atomic_long_read(&net->vnic[i]->port.causes[cause]);
}

static void send(struct kunit *test, unsigned int from, unsigned int to)
{
	vnicx_test_send(test->priv, from, vnicx_test_frame_to(test, to, from, LEN));
}

/* The data of a frame in receive form is that of a frame without tags. */
static void expect_untagged(struct kunit *test, const struct sk_buff *skb,
			    unsigned int dest, unsigned int src)
{
	struct sk_buff *sent = vnicx_test_frame_to(test, dest, src, LEN);

	KUNIT_EXPECT_EQ(test, tag_of(skb), 0);
	KUNIT_EXPECT_EQ(test, ntohs(skb->protocol), VNICX_TEST_PROTO);
	KUNIT_EXPECT_EQ(test, skb->len, LEN);
	KUNIT_EXPECT_EQ(test, skb_mac_offset(skb), -ETH_HLEN);
	KUNIT_EXPECT_MEMEQ(test, skb_mac_header(skb), sent->data, sent->len);
	kfree_skb(sent);
}

static void test_access_to_access(struct kunit *test)
{
	struct vnicx_test_net *net = test->priv;
	struct sk_buff *skb;
	unsigned int ad;

	for (ad = 0; ad < 2; ad++) {
		set_access(test, 0, ad ? AD : Q, 10);
		set_access(test, 1, ad ? AD : Q, 10);
		skb = vnicx_test_frame_to(test, 1, 0, LEN);
		KUNIT_EXPECT_EQ(test, vnicx_test_send(net, 0, skb), VNICX_DONE);
		vnicx_test_expect_rx(test, net, BIT(1));
		vnicx_test_expect_out(test, net, 0, 0);
		KUNIT_EXPECT_PTR_EQ(test, skb,
				    vnicx_test_only(test, &net->vnic[1]->rx));
		expect_untagged(test, skb, 1, 0);
		vnicx_test_purge(net);
	}
}

/* The lower device takes super-frames, and tags in the metadata. */
static void take_all_offloads(struct vnicx_test_net *net)
{
	net->lower->vlan_features |= NETIF_F_SG | NETIF_F_HW_CSUM | NETIF_F_TSO;
	net->lower->features |= net->lower->vlan_features |
				NETIF_F_HW_VLAN_CTAG_TX;
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

	take_all_offloads(net);
	set_policy(test, 0, &policy);
	skb_shinfo(skb)->gso_size = 1448;
	skb_shinfo(skb)->gso_segs = 42;
	skb_shinfo(skb)->gso_type = SKB_GSO_TCPV4;
	skb->ip_summed = CHECKSUM_UNNECESSARY;
	vnicx_test_send(net, 0, skb);
	KUNIT_EXPECT_PTR_EQ(test, vnicx_test_only(test, &net->wire), skb);
	KUNIT_EXPECT_EQ(test, tag_of(skb), TAG(Q, 5 << VLAN_PRIO_SHIFT | 10));
	KUNIT_EXPECT_PTR_EQ(test, (const void *)skb->data, data);
	KUNIT_EXPECT_EQ(test, skb->len, ETH_HLEN + 60000);
}

static void test_another_vlan_is_not_there(struct kunit *test)
{
	struct vnicx_test_net *net = test->priv;

	take_all_offloads(net);
	set_access(test, 0, Q, 10);
	set_access(test, 1, Q, 11);
	send(test, 0, 1);
	vnicx_test_expect_rx(test, net, 0);
	vnicx_test_expect_out(test, net, 1, 0);
	KUNIT_EXPECT_EQ(test, tag_of(skb_peek(&net->wire)), TAG(Q, 10));
	KUNIT_EXPECT_EQ(test, cause(test, 1, VNICX_CAUSE_RX_VLAN), 1);
	KUNIT_EXPECT_EQ(test, vnicx_test_stat(&net->vnic[1]->port,
					      VNICX_RX_DROPPED), 1);
	vnicx_test_purge(net);

	/* The VIDs are the same, the kinds of VLANs are not. */
	set_access(test, 1, AD, 10);
	send(test, 0, 1);
	send(test, 1, 0);
	/* In no VLAN */
	send(test, 2, 1);
	vnicx_test_expect_rx(test, net, 0);
	vnicx_test_expect_out(test, net, 3, 0);
}

/* A vNIC without a VLAN, and the host, are in all of them. */
static void test_trunks_of_all(struct kunit *test)
{
	struct vnicx_test_net *net = test->priv;

	set_access(test, 0, Q, 10);
	send(test, 0, 1);
	KUNIT_EXPECT_EQ(test, TAG(Q, 10),
			tag_of(vnicx_test_only(test, &net->vnic[1]->rx)));
	vnicx_test_purge(net);

	send(test, 0, VNICX_TEST_LOWER);
	KUNIT_EXPECT_EQ(test, TAG(Q, 10),
			tag_of(vnicx_test_only(test, &net->host)));
	vnicx_test_purge(net);

	vnicx_test_send(net, 1, tag(vnicx_test_frame_to(test, 0, 1, LEN), Q, 10));
	expect_untagged(test, vnicx_test_only(test, &net->vnic[0]->rx), 0, 1);
}

/* The data of a frame may be shared: with a capture, or with other copies. */
static void test_tag_in_shared_data(struct kunit *test)
{
	struct vnicx_test_net *net = test->priv;
	struct sk_buff *skb, *witness;

	set_access(test, 0, Q, 10);
	skb = tag_data(vnicx_test_frame_to(test, 0, 1, LEN), Q, 10);
	witness = vnicx_test_witness(test, skb);
	vnicx_test_send(net, 1, skb);
	expect_untagged(test, vnicx_test_only(test, &net->vnic[0]->rx), 0, 1);
	KUNIT_EXPECT_EQ(test, ntohs(*(__be16 *)(witness->data + 2 * ETH_ALEN)), Q);
	KUNIT_EXPECT_EQ(test, witness->len, ETH_HLEN + VLAN_HLEN + LEN);
	vnicx_test_purge(net);

	/* pktgen keeps its frames. */
	skb = tag_data(vnicx_test_frame_to(test, 0, 1, LEN), Q, 10);
	skb_get(skb);
	vnicx_test_send(net, 1, skb);
	expect_untagged(test, vnicx_test_only(test, &net->vnic[0]->rx), 0, 1);
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
		set_policy(test, 0, &policy);
	else
		set_trunk(test, 0, sent->native);
}

/* The frame's outer tag is in the metadata, or in the data. */
static struct sk_buff *frame_sent(struct kunit *test, const struct sent *sent,
				  bool data)
{
	struct sk_buff *skb;

	skb = vnicx_test_frame_to(test, VNICX_TEST_NOBODY, 0, LEN);
	if (sent->inner)
		tag_data(skb, sent->inner >> 16, (u16)sent->inner);
	if (sent->outer && data)
		tag_data(skb, sent->outer >> 16, (u16)sent->outer);
	else if (sent->outer)
		tag(skb, sent->outer >> 16, (u16)sent->outer);
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
	KUNIT_EXPECT_EQ(test, cause(test, 0, VNICX_CAUSE_TX_VLAN), dropped);
	KUNIT_EXPECT_EQ(test, dropped,
			vnicx_test_stat(&net->vnic[0]->port, VNICX_TX_DROPPED));
}

static void test_truncated_tag(struct kunit *test)
{
	struct vnicx_test_net *net = test->priv;
	unsigned int len;

	set_access(test, 0, Q, 10);
	set_trunk(test, 1, NATIVE_UNTAGGED);
	for (len = ETH_HLEN; len < VLAN_ETH_HLEN; len++) {
		struct sk_buff *skb;

		skb = tag_data(vnicx_test_frame_to(test, 5, 0, 0), Q, 0);
		skb_trim(skb, len);
		vnicx_test_send(net, 0, skb);
		skb = tag_data(vnicx_test_frame_to(test, 5, 1, 0), Q, 0);
		skb_trim(skb, len);
		vnicx_test_send(net, 1, skb);
	}
	vnicx_test_expect_out(test, net, 0, 0);
	vnicx_test_expect_rx(test, net, 0);
	KUNIT_EXPECT_EQ(test, cause(test, 0, VNICX_CAUSE_TX_VLAN), VLAN_HLEN);
	KUNIT_EXPECT_EQ(test, cause(test, 1, VNICX_CAUSE_TX_VLAN), VLAN_HLEN);
}

/* A trunk receives some of VLANs 5, 20 and 40 and of no VLAN. */
static void test_trunk_receives(struct kunit *test)
{
	struct vnicx_test_net *net = test->priv;
	static const u16 native[] = { 5, 0, NATIVE_UNTAGGED };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(native); i++) {
		struct sk_buff *skb = vnicx_test_frame_to(test, 0, 1, LEN);

		set_trunk(test, 0, native[i]);
		vnicx_test_send(net, 1, tag(skb, Q, 20));
		KUNIT_EXPECT_EQ(test, TAG(Q, 20),
				tag_of(vnicx_test_only(test, &net->vnic[0]->rx)));
		vnicx_test_purge(net);

		vnicx_test_send(net, 1, tag(vnicx_test_frame_to(test, 0, 1, LEN), Q, 5));
		if (native[i] == 5)
			expect_untagged(test, vnicx_test_only(test, &net->vnic[0]->rx), 0, 1);
		else
			vnicx_test_expect_rx(test, net, 0);
		vnicx_test_purge(net);

		vnicx_test_send(net, 1, tag(vnicx_test_frame_to(test, 0, 1, LEN), Q, 40));
		vnicx_test_expect_rx(test, net, 0);
		vnicx_test_purge(net);

		send(test, 1, 0);
		vnicx_test_expect_rx(test, net, native[i] == NATIVE_UNTAGGED ? BIT(0) : 0);
		vnicx_test_purge(net);
	}
	KUNIT_EXPECT_EQ(test, cause(test, 0, VNICX_CAUSE_RX_VLAN), 3 + 2 + 2);
}

static void test_from_the_wire(struct kunit *test)
{
	struct vnicx_test_net *net = test->priv;
	struct sk_buff *skb;

	set_access(test, 0, Q, 10);
	skb = vnicx_test_frame_to(test, 0, VNICX_TEST_NOBODY, LEN);
	KUNIT_EXPECT_EQ(test, VNICX_ANOTHER, vnicx_test_receive(net, tag(skb, Q, 10)));
	KUNIT_EXPECT_EQ(test, tag_of(skb), 0);
	vnicx_test_purge(net);

	skb = vnicx_test_frame_to(test, 0, VNICX_TEST_NOBODY, LEN);
	KUNIT_EXPECT_EQ(test, VNICX_PASS, vnicx_test_receive(net, tag(skb, Q, 11)));
	KUNIT_EXPECT_EQ(test, tag_of(skb), TAG(Q, 11));
	vnicx_test_purge(net);
	skb = vnicx_test_frame_to(test, 0, VNICX_TEST_NOBODY, LEN);
	KUNIT_EXPECT_EQ(test, VNICX_PASS, vnicx_test_receive(net, skb));
	vnicx_test_expect_rx(test, net, 0);
	KUNIT_EXPECT_EQ(test, cause(test, 0, VNICX_CAUSE_RX_VLAN), 2);
}

/* Of an unknown address, promiscuous vNICs in the VLAN get copies. */
static void test_unknown(struct kunit *test)
{
	struct vnicx_test_net *net = test->priv;
	unsigned int i;
	struct sk_buff *skb;

	for (i = 0; i < 3; i++)
		vnicx_port_set_rx_flags(&net->vnic[i]->port, VNICX_RX_PROMISC);
	rtnl_lock();
	for (i = 0; i < 3; i++)
		vnicx_port_set_flood(&net->vnic[i]->port, true);
	rtnl_unlock();
	set_access(test, 0, Q, 10);
	set_access(test, 1, Q, 11);
	set_access(test, 3, Q, 10);
	set_access(test, 4, Q, 11);

	skb = vnicx_test_frame_to(test, VNICX_TEST_NOBODY, VNICX_TEST_NOBODY, LEN);
	vnicx_test_receive(net, tag(skb, Q, 10));
	vnicx_test_expect_rx(test, net, BIT(0) | BIT(2));
	vnicx_test_purge(net);
	send(test, 3, VNICX_TEST_NOBODY);
	vnicx_test_expect_rx(test, net, BIT(0) | BIT(2));
	vnicx_test_purge(net);
	/* Known, but not in this VLAN */
	send(test, 3, 4);
	vnicx_test_expect_rx(test, net, BIT(0) | BIT(2));
	KUNIT_EXPECT_EQ(test, tag_of(skb_peek(&net->vnic[0]->rx)), 0);
	KUNIT_EXPECT_EQ(test, tag_of(skb_peek(&net->vnic[2]->rx)), TAG(Q, 10));
}

/* vNICs 0 and 1 are in VLAN 10, 2 in 11, 3 in all, and so on for many. */
static void set_flood_vlans(struct kunit *test)
{
	struct vnicx_test_net *net = test->priv;
	unsigned int i;

	set_access(test, 0, Q, 10);
	set_access(test, 1, Q, 10);
	set_access(test, 2, Q, 11);
	set_trunk(test, 4, NATIVE_UNTAGGED);
	for (i = 5; i < net->nr_vnics; i++)
		set_access(test, i, Q, 12);
}

static void test_flood(struct kunit *test)
{
	struct vnicx_test_net *net = test->priv;
	struct sk_buff *skb;
	unsigned int data;

	set_flood_vlans(test);
	vnicx_test_send(net, 0, vnicx_test_frame(test, broadcast, 0, LEN));
	vnicx_test_expect_rx(test, net, BIT(1) | BIT(3));
	vnicx_test_expect_out(test, net, 1, 1);
	KUNIT_EXPECT_EQ(test, tag_of(skb_peek(&net->vnic[1]->rx)), 0);
	KUNIT_EXPECT_EQ(test, tag_of(skb_peek(&net->vnic[3]->rx)), TAG(Q, 10));
	vnicx_test_purge(net);

	for (data = 0; data < 2; data++) {
		skb = vnicx_test_frame(test, broadcast, 3, LEN);
		vnicx_test_send(net, 3, data ? tag_data(skb, Q, 10) : tag(skb, Q, 10));
		vnicx_test_expect_rx(test, net, BIT(0) | BIT(1));
		KUNIT_EXPECT_EQ(test, tag_of(skb_peek(&net->vnic[0]->rx)), 0);
		KUNIT_EXPECT_EQ(test, LEN, skb_peek(&net->vnic[0]->rx)->len);
		KUNIT_EXPECT_EQ(test, VNICX_TEST_PROTO,
				ntohs(eth_hdr(skb_peek(&net->vnic[1]->rx))->h_proto));
		vnicx_test_purge(net);

		skb = vnicx_test_frame(test, broadcast, 3, LEN);
		vnicx_test_send(net, 3, data ? tag_data(skb, Q, 20) : tag(skb, Q, 20));
		vnicx_test_expect_rx(test, net, BIT(4));
		KUNIT_EXPECT_EQ(test, tag_of(skb_peek(&net->vnic[4]->rx)), TAG(Q, 20));
		vnicx_test_purge(net);
	}

	skb = vnicx_test_frame(test, broadcast, VNICX_TEST_NOBODY, LEN);
	vnicx_test_receive(net, tag(skb, Q, 11));
	vnicx_test_expect_rx(test, net, BIT(2) | BIT(3));
	vnicx_test_purge(net);
	vnicx_test_receive(net, vnicx_test_frame(test, broadcast,
						 VNICX_TEST_NOBODY, LEN));
	vnicx_test_expect_rx(test, net, BIT(3) | BIT(4));
}

static void test_no_policy_any_more(struct kunit *test)
{
	struct vnicx_test_net *net = test->priv;

	set_access(test, 0, Q, 10);
	set_access(test, 1, Q, 12);
	set_policy(test, 0, NULL);
	send(test, 0, 1);
	vnicx_test_expect_rx(test, net, 0);
	vnicx_test_purge(net);
	set_policy(test, 1, NULL);
	send(test, 0, 1);
	expect_untagged(test, vnicx_test_only(test, &net->vnic[1]->rx), 1, 0);
}

/* Ports of a private VLAN: primary 100, isolated 101, communities 102, 103 */
enum { PROMISCUOUS, ISOLATED_A, ISOLATED_B, COMMUNITY_A, COMMUNITY_B, OTHER };

static const u16 pvlan_sends[] = { 100, 101, 101, 102, 102, 103 };
static const unsigned long pvlan_reaches[] = {
	[PROMISCUOUS] = ~BIT(PROMISCUOUS),
	[ISOLATED_A] = BIT(PROMISCUOUS),
	[ISOLATED_B] = BIT(PROMISCUOUS),
	[COMMUNITY_A] = BIT(PROMISCUOUS) | BIT(COMMUNITY_B),
	[COMMUNITY_B] = BIT(PROMISCUOUS) | BIT(COMMUNITY_A),
	[OTHER] = BIT(PROMISCUOUS),
};

static void set_pvlan(struct kunit *test, unsigned int i)
{
	DECLARE_BITMAP(vids, VLAN_N_VID) = {};
	struct vnicx_policy policy = {
		.vlan.on = true,
		.vlan.proto = htons(Q),
		.vlan.vid = pvlan_sends[i],
		.vlan.vids = vids,
	};

	__set_bit(100, vids);
	if (i == PROMISCUOUS)
		bitmap_set(vids, 101, 3);
	else if (i >= COMMUNITY_A)
		__set_bit(pvlan_sends[i], vids);
	set_policy(test, i, &policy);
}

static void test_private_vlan(struct kunit *test)
{
	struct vnicx_test_net *net = test->priv;
	unsigned int from, to;

	for (from = 0; from <= OTHER; from++)
		set_pvlan(test, from);
	for (from = 0; from <= OTHER; from++) {
		unsigned long reaches = pvlan_reaches[from] & GENMASK(OTHER, 0);

		for (to = 0; to <= OTHER; to++) {
			bool reached = BIT(to) & reaches;

			if (to == from)
				continue;
			send(test, from, to);
			vnicx_test_expect_rx(test, net, reached ? BIT(to) : 0);
			vnicx_test_expect_out(test, net, !reached, 0);
			if (reached)
				expect_untagged(test, skb_peek(&net->vnic[to]->rx),
						to, from);
			vnicx_test_purge(net);
		}
		vnicx_test_send(net, from, vnicx_test_frame(test, broadcast, from, LEN));
		vnicx_test_expect_rx(test, net, reaches);
		vnicx_test_purge(net);
	}
}

static void set_isolated(struct kunit *test, unsigned int i)
{
	const struct vnicx_policy policy = { .isolated = true };

	set_policy(test, i, &policy);
}

static void test_isolated(struct kunit *test)
{
	struct vnicx_test_net *net = test->priv;

	set_isolated(test, 0);
	set_isolated(test, 1);
	send(test, 0, 1);
	vnicx_test_expect_rx(test, net, 0);
	vnicx_test_expect_out(test, net, 0, 0);
	KUNIT_EXPECT_EQ(test, cause(test, 0, VNICX_CAUSE_TX_ISOLATED), 1);
	KUNIT_EXPECT_EQ(test, 1, vnicx_test_stat(&net->vnic[0]->port, VNICX_TX_DROPPED));

	send(test, 0, 2);
	vnicx_test_expect_rx(test, net, BIT(2));
	vnicx_test_purge(net);
	send(test, 2, 0);
	vnicx_test_expect_rx(test, net, BIT(0));
	vnicx_test_purge(net);
	send(test, 0, VNICX_TEST_LOWER);
	vnicx_test_expect_out(test, net, 0, 1);
	vnicx_test_purge(net);
	send(test, 0, VNICX_TEST_NOBODY);
	vnicx_test_expect_out(test, net, 1, 0);
	vnicx_test_purge(net);

	vnicx_test_send(net, 0, vnicx_test_frame(test, broadcast, 0, LEN));
	vnicx_test_expect_rx(test, net, GENMASK(net->nr_vnics - 1, 2));
	vnicx_test_purge(net);
	vnicx_test_send(net, 2, vnicx_test_frame(test, broadcast, 2, LEN));
	vnicx_test_expect_rx(test, net, GENMASK(net->nr_vnics - 1, 0) & ~BIT(2));
}

/* A physical switch that sends frames back is no way around. */
static void test_isolated_hairpin(struct kunit *test)
{
	struct vnicx_test_net *net = test->priv;
	unsigned int i;

	set_isolated(test, 0);
	set_isolated(test, 1);
	rtnl_lock();
	for (i = 0; i < 3; i++)
		vnicx_port_set_mode(&net->vnic[i]->port, VNICX_MODE_VEPA);
	rtnl_unlock();

	KUNIT_EXPECT_EQ(test, VNICX_DROPPED,
			vnicx_test_receive(net, vnicx_test_frame_to(test, 1, 0, LEN)));
	KUNIT_EXPECT_EQ(test, cause(test, 0, VNICX_CAUSE_TX_ISOLATED), 1);
	KUNIT_EXPECT_EQ(test, 1, vnicx_test_stat(&net->vnic[1]->port, VNICX_RX_DROPPED));
	KUNIT_EXPECT_EQ(test, VNICX_ANOTHER,
			vnicx_test_receive(net, vnicx_test_frame_to(test, 2, 0, LEN)));
	KUNIT_EXPECT_EQ(test, VNICX_ANOTHER,
			vnicx_test_receive(net, vnicx_test_frame_to(test, 1, 2, LEN)));
	vnicx_test_purge(net);

	vnicx_test_receive(net, vnicx_test_frame(test, broadcast, 0, LEN));
	vnicx_test_expect_rx(test, net, GENMASK(net->nr_vnics - 1, 2));
	vnicx_test_purge(net);

	for (i = 0; i < 3; i++)
		vnicx_port_set_rx_flags(&net->vnic[i]->port, VNICX_RX_PROMISC);
	vnicx_test_receive(net, vnicx_test_frame_to(test, VNICX_TEST_NOBODY, 0, LEN));
	vnicx_test_expect_rx(test, net, BIT(2));
}

/* The switch looks for isolated senders as long as there are any. */
static void test_isolated_is_counted(struct kunit *test)
{
	struct vnicx_test_net *net = test->priv;

	set_isolated(test, 0);
	set_isolated(test, 1);
	set_isolated(test, 1);
	KUNIT_EXPECT_EQ(test, net->sw->nr_private, 2);
	set_access(test, 1, Q, 10);
	KUNIT_EXPECT_EQ(test, net->sw->nr_private, 1);
	set_policy(test, 0, NULL);
	KUNIT_EXPECT_EQ(test, net->sw->nr_private, 0);
}

/* Members of a VLAN that are isolated, too */
static void test_isolated_in_a_vlan(struct kunit *test)
{
	struct vnicx_policy policy = {
		.isolated = true,
		.vlan.on = true,
		.vlan.proto = htons(Q),
		.vlan.vid = 10,
	};
	struct vnicx_test_net *net = test->priv;

	set_policy(test, 0, &policy);
	set_policy(test, 1, &policy);
	set_access(test, 2, Q, 10);
	set_access(test, 3, Q, 11);
	vnicx_test_send(net, 0, vnicx_test_frame(test, broadcast, 0, LEN));
	vnicx_test_expect_rx(test, net, BIT(2) | BIT(4) | BIT(5));
	vnicx_test_purge(net);
	send(test, 0, 1);
	send(test, 0, 3);
	vnicx_test_expect_rx(test, net, 0);
	vnicx_test_expect_out(test, net, 1, 0);
	KUNIT_EXPECT_EQ(test, cause(test, 0, VNICX_CAUSE_TX_ISOLATED), 1);
	KUNIT_EXPECT_EQ(test, cause(test, 3, VNICX_CAUSE_RX_VLAN), 1);
}

/* An address given in one VLAN only is the vNIC's in its own VLAN. */
static void test_spoofchk_in_the_vlan(struct kunit *test)
{
	struct vnicx_test_net *net = test->priv;
	u8 addr[ETH_ALEN];
	struct sk_buff *skb;

	vnicx_test_addr(addr, 0x100);
	KUNIT_ASSERT_EQ(test, 0,
			vnicx_test_fdb_add(test, &net->vnic[0]->port, addr, 10));
	rtnl_lock();
	vnicx_policy_set_checks(&net->vnic[0]->port, VNICX_CHECK_SPOOF, true);
	rtnl_unlock();

	set_access(test, 0, Q, 10);
	skb = vnicx_test_frame_to(test, VNICX_TEST_NOBODY, 0, LEN);
	ether_addr_copy(skb->data + ETH_ALEN, addr);
	vnicx_test_send(net, 0, skb);
	vnicx_test_expect_out(test, net, 1, 0);
	vnicx_test_purge(net);

	set_access(test, 0, Q, 11);
	skb = vnicx_test_frame_to(test, VNICX_TEST_NOBODY, 0, LEN);
	ether_addr_copy(skb->data + ETH_ALEN, addr);
	vnicx_test_send(net, 0, skb);
	vnicx_test_expect_out(test, net, 0, 0);
	KUNIT_EXPECT_EQ(test, cause(test, 0, VNICX_CAUSE_TX_SPOOFED), 1);
}

static struct kunit_case cases_of_few[] = {
	KUNIT_CASE(test_access_to_access),
	KUNIT_CASE(test_access_to_the_wire),
	KUNIT_CASE(test_another_vlan_is_not_there),
	KUNIT_CASE(test_trunks_of_all),
	KUNIT_CASE(test_tag_in_shared_data),
	KUNIT_CASE_PARAM(test_sent, sent_gen_params),
	KUNIT_CASE(test_truncated_tag),
	KUNIT_CASE(test_trunk_receives),
	KUNIT_CASE(test_from_the_wire),
	KUNIT_CASE(test_unknown),
	KUNIT_CASE(test_flood),
	KUNIT_CASE(test_no_policy_any_more),
	KUNIT_CASE(test_private_vlan),
	KUNIT_CASE(test_isolated),
	KUNIT_CASE(test_isolated_hairpin),
	KUNIT_CASE(test_isolated_is_counted),
	KUNIT_CASE(test_isolated_in_a_vlan),
	KUNIT_CASE(test_spoofchk_in_the_vlan),
	{}
};

static struct kunit_case cases_of_many[] = {
	KUNIT_CASE(test_flood),
	KUNIT_CASE(test_isolated),
	{}
};

static struct kunit_suite few = {
	.name = "vnicx_vlan",
	.init = init_few,
	.test_cases = cases_of_few,
};

static struct kunit_suite many = {
	.name = "vnicx_vlan_worker",
	.init = init_many,
	.test_cases = cases_of_many,
};

kunit_test_suites(&few, &many);
