// SPDX-License-Identifier: GPL-2.0
/*
 * Frames from the wire, by each of the walks that decide about them.
 */
#include <linux/etherdevice.h>
#include <linux/if_vlan.h>

#include "net.h"

#define LEN	100

static const u8 broadcast[ETH_ALEN] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };
static const u8 group[ETH_ALEN] = VNICX_TEST_GROUP(1);
static const u8 lldp[ETH_ALEN] = { 0x01, 0x80, 0xc2, 0, 0, 0x0e };

static int init(struct kunit *test)
{
	test->priv = vnicx_test_net(test, 5);
	vnicx_test_set_walk(test, test->priv);
	return 0;
}

KUNIT_ARRAY_PARAM_DESC(walk, vnicx_test_walks, desc);

static struct sk_buff *frame_to(struct kunit *test, unsigned int dest)
{
	return vnicx_test_frame_to(test, dest, VNICX_TEST_NOBODY, LEN);
}

static struct sk_buff *frame(struct kunit *test, const u8 *dest)
{
	return vnicx_test_frame(test, dest, VNICX_TEST_NOBODY, LEN);
}

static void expect_rx_type(struct kunit *test, unsigned int i, u8 pkt_type)
{
	struct vnicx_test_net *net = test->priv;
	const struct sk_buff *skb = vnicx_test_only(test, &net->vnic[i]->rx);

	KUNIT_EXPECT_PTR_EQ(test, skb->dev, net->vnic[i]->port.dev);
	KUNIT_EXPECT_EQ(test, (u8)skb->pkt_type, pkt_type);
	KUNIT_EXPECT_EQ(test, ntohs(skb->protocol), VNICX_TEST_PROTO);
	KUNIT_EXPECT_EQ(test, skb->len, LEN);
	KUNIT_EXPECT_EQ(test, skb_mac_offset(skb), -ETH_HLEN);
}

/* The lower device's stack has the frame that came, as it came. */
static void expect_passed(struct kunit *test, const struct sk_buff *skb)
{
	struct vnicx_test_net *net = test->priv;

	KUNIT_EXPECT_PTR_EQ(test, vnicx_test_only(test, &net->returned), skb);
	KUNIT_EXPECT_PTR_EQ(test, skb->dev, net->lower);
	KUNIT_EXPECT_EQ(test, skb->len, LEN);
	vnicx_test_expect_out(test, net, 0, 0);
}

static void test_to_a_vnic(struct kunit *test)
{
	struct vnicx_test_net *net = test->priv;
	struct sk_buff *skb = frame_to(test, 1);
	const u8 *data = skb->data + ETH_HLEN;

	KUNIT_EXPECT_EQ(test, vnicx_test_receive(net, skb), VNICX_ANOTHER);
	KUNIT_EXPECT_PTR_EQ(test, vnicx_test_only(test, &net->returned), skb);
	KUNIT_EXPECT_PTR_EQ(test, skb->dev, net->vnic[1]->port.dev);
	KUNIT_EXPECT_EQ(test, (u8)skb->pkt_type, PACKET_HOST);
	KUNIT_EXPECT_PTR_EQ(test, skb->data, data);
	KUNIT_EXPECT_EQ(test, skb->len, LEN);
	vnicx_test_expect_rx(test, net, 0);
	vnicx_test_expect_out(test, net, 0, 0);
	KUNIT_EXPECT_EQ(test, vnicx_test_stat(&net->vnic[1]->port, VNICX_RX_PACKETS), 1);
	KUNIT_EXPECT_EQ(test, vnicx_test_stat(&net->vnic[1]->port, VNICX_RX_BYTES),
			LEN + ETH_HLEN);
}

static void free_frame(void *skb)
{
	kfree_skb(skb);
}

/* Somebody else looks at the frame: its device and type are not ours to set. */
static void test_shared(struct kunit *test)
{
	struct vnicx_test_net *net = test->priv;
	struct sk_buff *skb = frame_to(test, 1);
	struct sk_buff *got;

	KUNIT_ASSERT_EQ(test, 0, kunit_add_action_or_reset(test, free_frame, skb));
	vnicx_test_receive(net, skb_get(skb));
	got = vnicx_test_only(test, &net->returned);
	KUNIT_EXPECT_PTR_NE(test, got, skb);
	KUNIT_EXPECT_FALSE(test, skb_shared(got));
	KUNIT_EXPECT_PTR_EQ(test, got->dev, net->vnic[1]->port.dev);
	KUNIT_EXPECT_EQ(test, (u8)got->pkt_type, PACKET_HOST);
	KUNIT_EXPECT_FALSE(test, skb_shared(skb));
	KUNIT_EXPECT_PTR_EQ(test, skb->dev, net->lower);
	KUNIT_EXPECT_EQ(test, (u8)skb->pkt_type, PACKET_OTHERHOST);
}

static void test_address_in_one_vlan(struct kunit *test)
{
	struct vnicx_test_net *net = test->priv;
	u8 addr[ETH_ALEN];
	struct sk_buff *skb;

	vnicx_test_addr(addr, 0x100);
	KUNIT_ASSERT_EQ(test, 0,
			vnicx_test_fdb_add(test, &net->vnic[1]->port, addr, 5));
	skb = frame(test, addr);
	__vlan_hwaccel_put_tag(skb, htons(ETH_P_8021Q), 5);
	KUNIT_EXPECT_EQ(test, vnicx_test_receive(net, skb), VNICX_ANOTHER);
	KUNIT_EXPECT_EQ(test, (u8)skb->pkt_type, PACKET_OTHERHOST);
	KUNIT_EXPECT_EQ(test, skb_vlan_tag_get(skb), 5);

	KUNIT_EXPECT_EQ(test, vnicx_test_receive(net, frame(test, addr)),
			VNICX_PASS);
}

static void test_to_the_host(struct kunit *test)
{
	struct vnicx_test_net *net = test->priv;
	struct sk_buff *skb = frame_to(test, VNICX_TEST_LOWER);

	vnicx_port_set_rx_flags(&net->vnic[0]->port, VNICX_RX_PROMISC);
	KUNIT_EXPECT_EQ(test, vnicx_test_receive(net, skb), VNICX_PASS);
	expect_passed(test, skb);
	KUNIT_EXPECT_EQ(test, (u8)skb->pkt_type, PACKET_HOST);
	vnicx_test_expect_rx(test, net, 0);
}

static void test_to_nobody(struct kunit *test)
{
	struct vnicx_test_net *net = test->priv;
	struct sk_buff *skb = frame_to(test, 0x100);

	KUNIT_EXPECT_EQ(test, vnicx_test_receive(net, skb), VNICX_PASS);
	expect_passed(test, skb);
	vnicx_test_expect_rx(test, net, 0);
}

static void test_to_nobody_but_the_promiscuous(struct kunit *test)
{
	struct vnicx_test_net *net = test->priv;
	struct sk_buff *skb = frame_to(test, 0x100);

	vnicx_port_set_rx_flags(&net->vnic[1]->port, VNICX_RX_PROMISC);
	vnicx_port_set_rx_flags(&net->vnic[2]->port, VNICX_RX_ALLMULTI);
	vnicx_port_set_rx_flags(&net->vnic[3]->port, VNICX_RX_PROMISC |
						     VNICX_RX_ALLMULTI);
	KUNIT_EXPECT_EQ(test, vnicx_test_receive(net, skb), VNICX_PASS);
	expect_passed(test, skb);
	vnicx_test_expect_rx(test, net, BIT(1) | BIT(3));
	expect_rx_type(test, 1, PACKET_OTHERHOST);
	KUNIT_EXPECT_EQ(test, vnicx_test_stat(&net->vnic[1]->port, VNICX_RX_PACKETS), 1);
	KUNIT_EXPECT_EQ(test, vnicx_test_stat(&net->vnic[1]->port, VNICX_RX_MULTICAST), 0);
}

static void test_to_a_vnic_that_is_down(struct kunit *test)
{
	struct vnicx_test_net *net = test->priv;
	struct sk_buff *skb = frame_to(test, 1);

	vnicx_test_down(net, 1);
	vnicx_port_set_rx_flags(&net->vnic[2]->port, VNICX_RX_PROMISC);
	KUNIT_EXPECT_EQ(test, vnicx_test_receive(net, skb), VNICX_PASS);
	expect_passed(test, skb);
	vnicx_test_expect_rx(test, net, BIT(2));
}

static void test_broadcast(struct kunit *test)
{
	struct vnicx_test_net *net = test->priv;
	struct sk_buff *skb = frame(test, broadcast);

	vnicx_test_down(net, 4);
	KUNIT_EXPECT_EQ(test, vnicx_test_receive(net, skb), VNICX_PASS);
	expect_passed(test, skb);
	vnicx_test_expect_rx(test, net, GENMASK(3, 0));
	expect_rx_type(test, 0, PACKET_BROADCAST);
	KUNIT_EXPECT_EQ(test, vnicx_test_stat(&net->vnic[0]->port, VNICX_RX_PACKETS), 1);
	KUNIT_EXPECT_EQ(test, vnicx_test_stat(&net->vnic[0]->port, VNICX_RX_BYTES),
			LEN + ETH_HLEN);
	KUNIT_EXPECT_EQ(test, vnicx_test_stat(&net->vnic[0]->port, VNICX_RX_MULTICAST), 0);
}

/* 0 and 1 are members, 1 and 2 take every group, 3 takes unknown addresses. */
static void some_listen(struct kunit *test, const u8 *addr)
{
	struct vnicx_test_net *net = test->priv;

	KUNIT_ASSERT_EQ(test, 0,
			vnicx_test_group_join(test, &net->vnic[0]->port, addr));
	KUNIT_ASSERT_EQ(test, 0,
			vnicx_test_group_join(test, &net->vnic[1]->port, addr));
	vnicx_port_set_rx_flags(&net->vnic[1]->port, VNICX_RX_ALLMULTI);
	vnicx_port_set_rx_flags(&net->vnic[2]->port, VNICX_RX_ALLMULTI);
	vnicx_port_set_rx_flags(&net->vnic[3]->port, VNICX_RX_PROMISC);
}

static void test_multicast(struct kunit *test)
{
	struct vnicx_test_net *net = test->priv;
	struct sk_buff *skb = frame(test, group);

	some_listen(test, group);
	KUNIT_EXPECT_EQ(test, vnicx_test_receive(net, skb), VNICX_PASS);
	expect_passed(test, skb);
	vnicx_test_expect_rx(test, net, GENMASK(2, 0));
	expect_rx_type(test, 0, PACKET_MULTICAST);
	expect_rx_type(test, 2, PACKET_MULTICAST);
	KUNIT_EXPECT_EQ(test, vnicx_test_stat(&net->vnic[1]->port, VNICX_RX_PACKETS), 1);
	KUNIT_EXPECT_EQ(test, vnicx_test_stat(&net->vnic[1]->port, VNICX_RX_MULTICAST), 1);
}

static void test_multicast_to_another_group(struct kunit *test)
{
	static const u8 other[ETH_ALEN] = VNICX_TEST_GROUP(2);
	struct vnicx_test_net *net = test->priv;

	some_listen(test, group);
	KUNIT_EXPECT_EQ(test, vnicx_test_receive(net, frame(test, other)),
			VNICX_PASS);
	vnicx_test_expect_rx(test, net, GENMASK(2, 1));
}

static void test_link_local(struct kunit *test)
{
	struct vnicx_test_net *net = test->priv;
	struct sk_buff *skb = frame(test, lldp);

	some_listen(test, lldp);
	KUNIT_EXPECT_EQ(test, vnicx_test_receive(net, skb), VNICX_PASS);
	expect_passed(test, skb);
	vnicx_test_expect_rx(test, net, GENMASK(2, 0));
}

static void test_mac_control(struct kunit *test)
{
	static const u8 pause[ETH_ALEN] = { 0x01, 0x80, 0xc2, 0, 0, 0x01 };
	struct vnicx_test_net *net = test->priv;
	struct sk_buff *skb = frame(test, pause);

	some_listen(test, pause);
	((struct ethhdr *)skb->data)->h_proto = htons(ETH_P_PAUSE);
	KUNIT_EXPECT_EQ(test, vnicx_test_receive(net, skb), VNICX_PASS);
	expect_passed(test, skb);
	vnicx_test_expect_rx(test, net, 0);
}

/* The lower device has let it in, as it does what is for the vNIC alone. */
static void test_longer_than_a_vnics_mtu(struct kunit *test)
{
	struct vnicx_test_net *net = test->priv;
	struct vnicx_port *to = &net->vnic[1]->port;

	WRITE_ONCE(to->dev->mtu, LEN - VLAN_HLEN - 1);
	vnicx_test_receive(net, frame(test, broadcast));
	vnicx_test_expect_rx(test, net, GENMASK(4, 0));
	KUNIT_EXPECT_EQ(test, vnicx_test_stat(to, VNICX_RX_DROPPED), 0);
	KUNIT_EXPECT_EQ(test, vnicx_test_stat(to, VNICX_RX_PACKETS), 1);
}

static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(test_to_a_vnic, walk_gen_params),
	KUNIT_CASE_PARAM(test_shared, walk_gen_params),
	KUNIT_CASE_PARAM(test_address_in_one_vlan, walk_gen_params),
	KUNIT_CASE_PARAM(test_to_the_host, walk_gen_params),
	KUNIT_CASE_PARAM(test_to_nobody, walk_gen_params),
	KUNIT_CASE_PARAM(test_to_nobody_but_the_promiscuous, walk_gen_params),
	KUNIT_CASE_PARAM(test_to_a_vnic_that_is_down, walk_gen_params),
	KUNIT_CASE_PARAM(test_broadcast, walk_gen_params),
	KUNIT_CASE_PARAM(test_multicast, walk_gen_params),
	KUNIT_CASE_PARAM(test_multicast_to_another_group, walk_gen_params),
	KUNIT_CASE_PARAM(test_link_local, walk_gen_params),
	KUNIT_CASE_PARAM(test_mac_control, walk_gen_params),
	KUNIT_CASE_PARAM(test_longer_than_a_vnics_mtu, walk_gen_params),
	{}
};

static struct kunit_suite suite = {
	.name = "vnicx_uplink",
	.init = init,
	.test_cases = cases,
};

kunit_test_suite(suite);
