// SPDX-License-Identifier: GPL-2.0
/*
 * The policy of a port: whose frames pass, and how the others are counted.
 */
#include <linux/etherdevice.h>
#include <linux/ip.h>
#include <linux/rtnetlink.h>
#include <linux/udp.h>

#include "net.h"

#define LEN	100
#define FURTHER	0x55

struct headers {
	struct ethhdr eth;
	struct iphdr iph;
	struct udphdr udph;
} __packed;

static int init(struct kunit *test)
{
	struct vnicx_test_net *net = vnicx_test_net(test, 3);

	vnicx_policy_set_checks(&net->vnic[0]->port, VNICX_CHECK_SPOOF, true);
	test->priv = net;
	return 0;
}

/* A UDP datagram over IPv4 to vNIC 1 */
static struct sk_buff *datagram(struct kunit *test, unsigned int src, u16 dport)
{
	struct sk_buff *skb = vnicx_test_frame_to(test, 1, src, LEN);
	struct headers *h = (struct headers *)skb->data;

	h->eth.h_proto = htons(ETH_P_IP);
	memset(&h->iph, 0, sizeof(h->iph));
	h->iph.version = 4;
	h->iph.ihl = sizeof(h->iph) / 4;
	h->iph.protocol = IPPROTO_UDP;
	h->udph.dest = htons(dport);
	return skb;
}

static long spoofed(const struct vnicx_port *port)
{
	return atomic_long_read(&port->causes[VNICX_CAUSE_TX_SPOOFED]);
}

static void expect_passes(struct kunit *test, struct sk_buff *skb)
{
	struct vnicx_test_net *net = test->priv;
	long before = spoofed(&net->vnic[0]->port);

	KUNIT_EXPECT_EQ(test, VNICX_DONE, vnicx_test_send(net, 0, skb));
	vnicx_test_expect_rx(test, net, BIT(1));
	KUNIT_EXPECT_EQ(test, before, spoofed(&net->vnic[0]->port));
	vnicx_test_purge(net);
}

static void expect_spoofed(struct kunit *test, struct sk_buff *skb)
{
	struct vnicx_test_net *net = test->priv;
	struct vnicx_port *port = &net->vnic[0]->port;
	long before = spoofed(port);
	u64 drops = vnicx_test_stat(port, VNICX_TX_DROPPED);

	KUNIT_EXPECT_EQ(test, VNICX_DROPPED, vnicx_test_send(net, 0, skb));
	vnicx_test_expect_rx(test, net, 0);
	vnicx_test_expect_out(test, net, 0, 0);
	KUNIT_EXPECT_EQ(test, before + 1, spoofed(port));
	KUNIT_EXPECT_EQ(test, drops + 1, vnicx_test_stat(port, VNICX_TX_DROPPED));
}

static void test_own_address(struct kunit *test)
{
	expect_passes(test, vnicx_test_frame_to(test, 1, 0, LEN));
	expect_passes(test, vnicx_test_frame_to(test, 1, 0, ETH_HLEN));
	expect_passes(test, datagram(test, 0, 9));
	expect_passes(test, datagram(test, 0, 68));
}

static void test_foreign_address(struct kunit *test)
{
	expect_spoofed(test, vnicx_test_frame_to(test, 1, 2, LEN));
	expect_spoofed(test, vnicx_test_frame_to(test, 1, VNICX_TEST_LOWER, LEN));
	expect_spoofed(test, vnicx_test_frame_to(test, 1, VNICX_TEST_NOBODY, LEN));
	expect_spoofed(test, datagram(test, 2, 9));
}

/* An address of the FDB is the port's, in its VLAN. */
static void test_further_address(struct kunit *test)
{
	struct vnicx_test_net *net = test->priv;
	u8 addr[ETH_ALEN];

	vnicx_test_addr(addr, FURTHER + 1);
	KUNIT_ASSERT_EQ(test, 0,
			vnicx_test_fdb_add(test, &net->vnic[0]->port, addr, 5));
	expect_spoofed(test, datagram(test, FURTHER + 1, 9));
	vnicx_test_addr(addr, FURTHER);
	expect_spoofed(test, datagram(test, FURTHER, 9));
	KUNIT_ASSERT_EQ(test, 0,
			vnicx_test_fdb_add(test, &net->vnic[0]->port, addr,
					   VNICX_VID_ANY));
	expect_passes(test, datagram(test, FURTHER, 9));
}

/* Each port that claims an address may send from it, whoever has it. */
static void test_claimed_address(struct kunit *test)
{
	struct vnicx_test_net *net = test->priv;
	u8 addr[ETH_ALEN];
	int i;

	vnicx_test_addr(addr, FURTHER);
	rtnl_lock();
	for (i = 2; i >= 0; i -= 2)
		KUNIT_EXPECT_LE(test, 0, vnicx_fdb_claim(&net->vnic[i]->port,
							 addr, GFP_KERNEL));
	rtnl_unlock();
	expect_passes(test, datagram(test, FURTHER, 9));
	rtnl_lock();
	for (i = 0; i <= 2; i += 2)
		vnicx_fdb_del(&net->vnic[i]->port, addr, VNICX_VID_ANY,
			      VNICX_FDB_CLAIM);
	rtnl_unlock();
	expect_spoofed(test, datagram(test, FURTHER, 9));
}

/* The administrator gives another vNIC an address that a tenant chose. */
static void test_chosen_address(struct kunit *test)
{
	struct vnicx_test_net *net = test->priv;
	struct vnicx_port *port = &net->vnic[0]->port;
	u8 own[ETH_ALEN], addr[ETH_ALEN];
	struct sk_buff *skb;

	ether_addr_copy(own, port->addr);
	vnicx_test_addr(addr, FURTHER);
	rtnl_lock();
	KUNIT_EXPECT_EQ(test, 0, vnicx_fdb_add(port, addr, VNICX_VID_ANY,
					       VNICX_FDB_TENANT, GFP_KERNEL));
	vnicx_port_set_addr(port, addr, VNICX_FDB_TENANT);
	rtnl_unlock();
	expect_passes(test, datagram(test, FURTHER, 9));
	KUNIT_ASSERT_EQ(test, 0,
			vnicx_test_fdb_add(test, &net->vnic[2]->port, addr,
					   VNICX_VID_ANY));
	expect_spoofed(test, datagram(test, FURTHER, 9));
	/* The address before it is nobody's by now. */
	rtnl_lock();
	vnicx_fdb_del(port, own, VNICX_VID_ANY, VNICX_FDB_ADMIN);
	rtnl_unlock();
	expect_spoofed(test, datagram(test, 0, 9));
	skb = datagram(test, 0, 9);
	memset(skb->data + ETH_ALEN, 0, ETH_ALEN + sizeof(__be16));
	expect_spoofed(test, skb);

	rtnl_lock();
	KUNIT_EXPECT_EQ(test, 0, vnicx_fdb_add(port, own, VNICX_VID_ANY,
					       VNICX_FDB_ADMIN, GFP_KERNEL));
	vnicx_port_set_addr(port, own, VNICX_FDB_ADMIN);
	vnicx_fdb_del(port, addr, VNICX_VID_ANY, VNICX_FDB_TENANT);
	rtnl_unlock();
}

/* Headers that are not in the linear part, or that are not IPv4's own */
static void test_odd_frames(struct kunit *test)
{
	struct sk_buff *skb;

	skb = datagram(test, 0, 9);
	((struct headers *)skb->data)->iph.ihl = 6;
	expect_passes(test, skb);
	skb = datagram(test, 2, 9);
	((struct headers *)skb->data)->iph.ihl = 0;
	expect_spoofed(test, skb);
	skb = datagram(test, 2, 9);
	skb_trim(skb, sizeof(struct headers) - 1);
	expect_spoofed(test, skb);
}

static void test_disabled(struct kunit *test)
{
	struct vnicx_test_net *net = test->priv;
	struct vnicx_port *port = &net->vnic[0]->port;

	rtnl_lock();
	vnicx_port_disable(port, true);
	rtnl_unlock();
	KUNIT_EXPECT_EQ(test, VNICX_DROPPED,
			vnicx_test_send(net, 0, vnicx_test_frame_to(test, 1, 0, LEN)));
	KUNIT_EXPECT_EQ(test, 1,
			atomic_long_read(&port->causes[VNICX_CAUSE_TX_DISABLED]));
	vnicx_test_send(net, 1, vnicx_test_frame_to(test, 0, 1, LEN));
	vnicx_test_expect_rx(test, net, 0);
	vnicx_test_expect_out(test, net, 1, 0);
	vnicx_test_purge(net);

	rtnl_lock();
	vnicx_port_disable(port, false);
	rtnl_unlock();
	expect_passes(test, vnicx_test_frame_to(test, 1, 0, LEN));
	vnicx_test_send(net, 1, vnicx_test_frame_to(test, 0, 1, LEN));
	vnicx_test_expect_rx(test, net, BIT(0));
}

static struct kunit_case cases[] = {
	KUNIT_CASE(test_own_address),
	KUNIT_CASE(test_foreign_address),
	KUNIT_CASE(test_further_address),
	KUNIT_CASE(test_claimed_address),
	KUNIT_CASE(test_chosen_address),
	KUNIT_CASE(test_odd_frames),
	KUNIT_CASE(test_disabled),
	{}
};

static struct kunit_suite suite = {
	.name = "vnicx_policy",
	.init = init,
	.test_cases = cases,
};

kunit_test_suite(suite);
