// SPDX-License-Identifier: GPL-2.0
/*
 * Reach under VLANs and private VLANs: which ports a frame gets to.
 */
#include <linux/bitmap.h>
#include <linux/etherdevice.h>
#include <linux/if_vlan.h>
#include <linux/rtnetlink.h>

#include "vlan.h"

#define MANY	(VNICX_FLOOD_INLINE + 2)

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

static void test_another_vlan_is_not_there(struct kunit *test)
{
	struct vnicx_test_net *net = test->priv;

	vnicx_test_take_offloads(net);
	vnicx_test_access(test, 0, Q, 10);
	vnicx_test_access(test, 1, Q, 11);
	vnicx_test_send_to(test, 0, 1);
	vnicx_test_expect_rx(test, net, 0);
	vnicx_test_expect_out(test, net, 1, 0);
	KUNIT_EXPECT_EQ(test, vnicx_test_tag_of(skb_peek(&net->wire)), TAG(Q, 10));
	KUNIT_EXPECT_EQ(test, vnicx_test_cause(test, 1, VNICX_CAUSE_RX_VLAN), 1);
	KUNIT_EXPECT_EQ(test, vnicx_test_stat(&net->vnic[1]->port,
					      VNICX_RX_DROPPED), 1);
	vnicx_test_purge(net);

	/* The VIDs are the same, the kinds of VLANs are not. */
	vnicx_test_access(test, 1, AD, 10);
	vnicx_test_send_to(test, 0, 1);
	vnicx_test_send_to(test, 1, 0);
	/* In no VLAN */
	vnicx_test_send_to(test, 2, 1);
	vnicx_test_expect_rx(test, net, 0);
	vnicx_test_expect_out(test, net, 3, 0);
}

/* A vNIC without a VLAN, and the host, are in all of them. */
static void test_trunks_of_all(struct kunit *test)
{
	struct vnicx_test_net *net = test->priv;

	vnicx_test_access(test, 0, Q, 10);
	vnicx_test_send_to(test, 0, 1);
	KUNIT_EXPECT_EQ(test, TAG(Q, 10),
			vnicx_test_tag_of(vnicx_test_only(test, &net->vnic[1]->rx)));
	vnicx_test_purge(net);

	vnicx_test_send_to(test, 0, VNICX_TEST_LOWER);
	KUNIT_EXPECT_EQ(test, TAG(Q, 10),
			vnicx_test_tag_of(vnicx_test_only(test, &net->host)));
	vnicx_test_purge(net);

	vnicx_test_send(net, 1, vnicx_test_tag(vnicx_test_frame_to(test, 0, 1, LEN), Q, 10));
	vnicx_test_expect_untagged(test, vnicx_test_only(test, &net->vnic[0]->rx), 0, 1);
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
	vnicx_test_access(test, 0, Q, 10);
	vnicx_test_access(test, 1, Q, 11);
	vnicx_test_access(test, 3, Q, 10);
	vnicx_test_access(test, 4, Q, 11);

	skb = vnicx_test_frame_to(test, VNICX_TEST_NOBODY, VNICX_TEST_NOBODY, LEN);
	vnicx_test_receive(net, vnicx_test_tag(skb, Q, 10));
	vnicx_test_expect_rx(test, net, BIT(0) | BIT(2));
	vnicx_test_purge(net);
	vnicx_test_send_to(test, 3, VNICX_TEST_NOBODY);
	vnicx_test_expect_rx(test, net, BIT(0) | BIT(2));
	vnicx_test_purge(net);
	/* Known, but not in this VLAN */
	vnicx_test_send_to(test, 3, 4);
	vnicx_test_expect_rx(test, net, BIT(0) | BIT(2));
	KUNIT_EXPECT_EQ(test, vnicx_test_tag_of(skb_peek(&net->vnic[0]->rx)), 0);
	KUNIT_EXPECT_EQ(test, vnicx_test_tag_of(skb_peek(&net->vnic[2]->rx)), TAG(Q, 10));
}

/* vNICs 0 and 1 are in VLAN 10, 2 in 11, 3 in all, and so on for many. */
static void set_flood_vlans(struct kunit *test)
{
	struct vnicx_test_net *net = test->priv;
	unsigned int i;

	vnicx_test_access(test, 0, Q, 10);
	vnicx_test_access(test, 1, Q, 10);
	vnicx_test_access(test, 2, Q, 11);
	vnicx_test_trunk(test, 4, NATIVE_UNTAGGED);
	for (i = 5; i < net->nr_vnics; i++)
		vnicx_test_access(test, i, Q, 12);
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
	KUNIT_EXPECT_EQ(test, vnicx_test_tag_of(skb_peek(&net->vnic[1]->rx)), 0);
	KUNIT_EXPECT_EQ(test, vnicx_test_tag_of(skb_peek(&net->vnic[3]->rx)), TAG(Q, 10));
	vnicx_test_purge(net);

	for (data = 0; data < 2; data++) {
		skb = vnicx_test_frame(test, broadcast, 3, LEN);
		skb = data ? vnicx_test_tag_data(skb, Q, 10) : vnicx_test_tag(skb, Q, 10);
		vnicx_test_send(net, 3, skb);
		vnicx_test_expect_rx(test, net, BIT(0) | BIT(1));
		KUNIT_EXPECT_EQ(test, vnicx_test_tag_of(skb_peek(&net->vnic[0]->rx)), 0);
		KUNIT_EXPECT_EQ(test, LEN, skb_peek(&net->vnic[0]->rx)->len);
		KUNIT_EXPECT_EQ(test, VNICX_TEST_PROTO,
				ntohs(eth_hdr(skb_peek(&net->vnic[1]->rx))->h_proto));
		vnicx_test_purge(net);

		skb = vnicx_test_frame(test, broadcast, 3, LEN);
		skb = data ? vnicx_test_tag_data(skb, Q, 20) : vnicx_test_tag(skb, Q, 20);
		vnicx_test_send(net, 3, skb);
		vnicx_test_expect_rx(test, net, BIT(4));
		KUNIT_EXPECT_EQ(test, vnicx_test_tag_of(skb_peek(&net->vnic[4]->rx)), TAG(Q, 20));
		vnicx_test_purge(net);
	}

	skb = vnicx_test_frame(test, broadcast, VNICX_TEST_NOBODY, LEN);
	vnicx_test_receive(net, vnicx_test_tag(skb, Q, 11));
	vnicx_test_expect_rx(test, net, BIT(2) | BIT(3));
	vnicx_test_purge(net);
	vnicx_test_receive(net, vnicx_test_frame(test, broadcast,
						 VNICX_TEST_NOBODY, LEN));
	vnicx_test_expect_rx(test, net, BIT(3) | BIT(4));
}

static void test_no_policy_any_more(struct kunit *test)
{
	struct vnicx_test_net *net = test->priv;

	vnicx_test_access(test, 0, Q, 10);
	vnicx_test_access(test, 1, Q, 12);
	vnicx_test_policy(test, 0, NULL);
	vnicx_test_send_to(test, 0, 1);
	vnicx_test_expect_rx(test, net, 0);
	vnicx_test_purge(net);
	vnicx_test_policy(test, 1, NULL);
	vnicx_test_send_to(test, 0, 1);
	vnicx_test_expect_untagged(test, vnicx_test_only(test, &net->vnic[1]->rx), 1, 0);
}

static void set_mode(struct kunit *test, unsigned int i, enum vnicx_mode mode)
{
	struct vnicx_test_net *net = test->priv;

	rtnl_lock();
	vnicx_port_set_mode(&net->vnic[i]->port, mode);
	rtnl_unlock();
}

/* Out of bridge mode, a port's frames to and from its VLAN pass the wire. */
static void test_modes(struct kunit *test)
{
	struct vnicx_test_net *net = test->priv;
	struct sk_buff *skb;

	vnicx_test_take_offloads(net);
	vnicx_test_access(test, 0, Q, 10);
	vnicx_test_access(test, 1, Q, 10);
	set_mode(test, 1, VNICX_MODE_VEPA);
	vnicx_test_send_to(test, 0, 1);
	vnicx_test_send_to(test, 1, 0);
	vnicx_test_expect_rx(test, net, 0);
	vnicx_test_expect_out(test, net, 2, 0);
	skb = vnicx_test_frame_to(test, 1, VNICX_TEST_NOBODY, LEN);
	KUNIT_EXPECT_EQ(test, VNICX_ANOTHER,
			vnicx_test_receive(net, vnicx_test_tag(skb, Q, 10)));
	vnicx_test_purge(net);

	set_mode(test, 1, VNICX_MODE_BRIDGE);
	vnicx_test_send_to(test, 0, 1);
	vnicx_test_expect_untagged(test, vnicx_test_only(test, &net->vnic[1]->rx), 1, 0);
	vnicx_test_expect_out(test, net, 0, 0);
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
	vnicx_test_policy(test, i, &policy);
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
			vnicx_test_send_to(test, from, to);
			vnicx_test_expect_rx(test, net, reached ? BIT(to) : 0);
			vnicx_test_expect_out(test, net, !reached, 0);
			if (reached)
				vnicx_test_expect_untagged(test,
							   skb_peek(&net->vnic[to]->rx),
							   to, from);
			vnicx_test_purge(net);
		}
		vnicx_test_send(net, from, vnicx_test_frame(test, broadcast, from, LEN));
		vnicx_test_expect_rx(test, net, reaches);
		vnicx_test_purge(net);
	}
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

	vnicx_test_access(test, 0, Q, 10);
	skb = vnicx_test_frame_to(test, VNICX_TEST_NOBODY, 0, LEN);
	ether_addr_copy(skb->data + ETH_ALEN, addr);
	vnicx_test_send(net, 0, skb);
	vnicx_test_expect_out(test, net, 1, 0);
	vnicx_test_purge(net);

	vnicx_test_access(test, 0, Q, 11);
	skb = vnicx_test_frame_to(test, VNICX_TEST_NOBODY, 0, LEN);
	ether_addr_copy(skb->data + ETH_ALEN, addr);
	vnicx_test_send(net, 0, skb);
	vnicx_test_expect_out(test, net, 0, 0);
	KUNIT_EXPECT_EQ(test, vnicx_test_cause(test, 0, VNICX_CAUSE_TX_SPOOFED), 1);
}

static struct kunit_case cases_of_few[] = {
	KUNIT_CASE(test_another_vlan_is_not_there),
	KUNIT_CASE(test_trunks_of_all),
	KUNIT_CASE(test_unknown),
	KUNIT_CASE(test_flood),
	KUNIT_CASE(test_no_policy_any_more),
	KUNIT_CASE(test_modes),
	KUNIT_CASE(test_private_vlan),
	KUNIT_CASE(test_spoofchk_in_the_vlan),
	{}
};

static struct kunit_case cases_of_many[] = {
	KUNIT_CASE(test_flood),
	{}
};

static struct kunit_suite few = {
	.name = "vnicx_vlan_reach",
	.init = init_few,
	.test_cases = cases_of_few,
};

static struct kunit_suite many = {
	.name = "vnicx_vlan_reach_worker",
	.init = init_many,
	.test_cases = cases_of_many,
};

kunit_test_suites(&few, &many);
