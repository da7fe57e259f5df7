// SPDX-License-Identifier: GPL-2.0
/*
 * Frames that take the walk of an skb, although one vNIC alone gets them and no policy
 * has anything to do with them: the walk learns from them.
 */
#include <linux/etherdevice.h>
#include <linux/rtnetlink.h>
#include <vnicx/direct.h>

#include "../../switch/fdb.h"
#include "../../switch/policy/lease.h"
#include "net.h"
#include "packets.h"

#define LEN		100
#define CLAIMED		0x100
/* For so long, in jiffies, the last owner of a claimed address has been silent. */
#define SILENCE		(11 * HZ)

static bool keep(struct vnicx_port *port, struct sk_buff *skb)
{
	struct vnicx_test_vnic *vnic = container_of(port, struct vnicx_test_vnic, port);

	skb_queue_tail(&vnic->rx, skb);
	return true;
}

static int init(struct kunit *test)
{
	struct vnicx_test_net *net = vnicx_test_net(test, 2);

	net->vnic[1]->port.put = keep;
	WRITE_ONCE(net->vnic[1]->port.exit, VNICX_EXIT_XDP);
	test->priv = net;
	return 0;
}

static void give_up(void *port)
{
	u8 addr[ETH_ALEN];

	vnicx_test_addr(addr, CLAIMED);
	vnicx_fdb_del(port, addr, VNICX_VID_ANY, VNICX_FDB_CLAIM);
}

static void claim(struct kunit *test, struct vnicx_port *port)
{
	u8 addr[ETH_ALEN];

	vnicx_test_addr(addr, CLAIMED);
	KUNIT_ASSERT_EQ(test, vnicx_fdb_claim(port, addr, GFP_KERNEL), 0);
	KUNIT_ASSERT_EQ(test, 0, kunit_add_action(test, give_up, port));
}

/* Ask where a frame from vNIC 0 to an address goes without an skb. */
static struct vnicx_port *find(struct kunit *test, const u8 *dest, const u8 *bytes,
			       unsigned int len)
{
	struct vnicx_test_net *net = test->priv;
	u8 frame[LEN] __aligned(8) = {};
	struct vnicx_port *port;

	memcpy(frame, bytes, min_t(unsigned int, len, LEN));
	ether_addr_copy(frame, dest);
	local_bh_disable();
	rcu_read_lock();
	port = vnicx_direct_find(&net->vnic[0]->port, frame, LEN);
	rcu_read_unlock();
	local_bh_enable();
	return port;
}

static struct vnicx_port *find_from(struct kunit *test, const u8 *dest, const u8 *source)
{
	struct ethhdr eth = { .h_proto = htons(VNICX_TEST_PROTO) };

	ether_addr_copy(eth.h_source, source);
	return find(test, dest, (const u8 *)&eth, sizeof(eth));
}

static void test_lost(struct kunit *test)
{
	static const u8 all[ETH_ALEN] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };
	static const u8 dest[ETH_ALEN] = VNICX_TEST_ADDR(1);
	struct vnicx_test_net *net = test->priv;
	struct vnicx_port *first = &net->vnic[0]->port;
	struct vnicx_fdb_entry *entry;
	u8 claimed[ETH_ALEN];

	vnicx_test_addr(claimed, CLAIMED);
	claim(test, first);
	claim(test, &net->vnic[1]->port);
	KUNIT_EXPECT_PTR_EQ(test, find_from(test, dest, claimed), &net->vnic[1]->port);
	vnicx_test_send(net, 1, vnicx_test_frame(test, all, CLAIMED, LEN));
	KUNIT_ASSERT_EQ(test, first->nr_lost, 1);
	rcu_read_lock();
	entry = vnicx_fdb_find(net->sw, claimed, VNICX_VID_NONE);
	entry->seen -= SILENCE;
	rcu_read_unlock();
	KUNIT_EXPECT_NULL(test, find_from(test, dest, claimed));
	vnicx_test_send(net, 0, vnicx_test_frame(test, dest, CLAIMED, LEN));
	KUNIT_EXPECT_EQ(test, first->nr_lost, 0);
	KUNIT_EXPECT_PTR_EQ(test, find_from(test, dest, claimed), &net->vnic[1]->port);
}

static void test_group(struct kunit *test)
{
	static const u8 group[ETH_ALEN] = VNICX_TEST_GROUP(1), own[ETH_ALEN] = VNICX_TEST_ADDR(0);
	struct vnicx_test_net *net = test->priv;

	KUNIT_ASSERT_EQ(test, 0, vnicx_test_group_join(test, &net->vnic[1]->port, group));
	KUNIT_EXPECT_NULL(test, find_from(test, group, own));
	vnicx_test_send(net, 0, vnicx_test_frame_to(test, 1, 0, LEN));
	KUNIT_EXPECT_NULL(test, find_from(test, group, own));
}

#define OPTIONS		0x46

static const struct way_case {
	const char *desc;
	const u8 *bytes;
	u16 len;
	bool skb;
} way_cases[] = {
	{ "TCP", BYTES(ETH(0x0800), IP4(6), TCP) },
	{ "TCP behind options",
	  BYTES(ETH(0x0800), IP4_AS(OPTIONS, 6, 0), ZERO4, TCP), .skb = true },
	{ "UDP", BYTES(ETH(0x0800), IP4(17), UDP(53)) },
	{ "to a DHCP server", BYTES(ETH(0x0800), IP4(17), UDP(67)) },
	{ "to a DHCP client", BYTES(ETH(0x0800), IP4(17), UDP(68)), .skb = true },
	{ "TCP over IPv6", BYTES(ETH(0x86dd), IP6(6, 20), TCP) },
	{ "UDP over IPv6", BYTES(ETH(0x86dd), IP6(17, 8), UDP(53)), .skb = true },
	{ "to a DHCPv6 client", BYTES(ETH(0x86dd), IP6(17, 8), UDP(546)), .skb = true },
	{ "NS", BYTES(ETH(0x86dd), IP6(58, 24), NS), .skb = true },
	{ "NA", BYTES(ETH(0x86dd), IP6(58, 24), NA), .skb = true },
	{ "NA behind a header", BYTES(ETH(0x86dd), IP6(60, 32), EXT(58), NA), .skb = true },
	{ "ARP", BYTES(ETH(0x0806), ARP(1, 0, 1)) },
};

KUNIT_ARRAY_PARAM_DESC(way, way_cases, desc);

static void test_leases(struct kunit *test)
{
	const struct way_case *c = test->param_value;
	struct vnicx_test_net *net = test->priv;
	struct vnicx_port *dst = &net->vnic[1]->port;
	const u8 *to = dst->dev->dev_addr;
	struct vnicx_leases *leases;

	KUNIT_EXPECT_PTR_EQ(test, find(test, to, c->bytes, c->len), dst);
	rtnl_lock();
	leases = vnicx_leases_make(dst);
	rtnl_unlock();
	KUNIT_ASSERT_NOT_NULL(test, leases);
	KUNIT_EXPECT_PTR_EQ(test, find(test, to, c->bytes, c->len), c->skb ? NULL : dst);
	rtnl_lock();
	vnicx_leases_put(leases);
	rtnl_unlock();
	KUNIT_EXPECT_PTR_EQ(test, find(test, to, c->bytes, c->len), dst);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(test_lost),
	KUNIT_CASE(test_group),
	KUNIT_CASE_PARAM(test_leases, way_gen_params),
	{}
};

static struct kunit_suite suite = {
	.name = "vnicx_direct_ways",
	.init = init,
	.test_cases = cases,
};

kunit_test_suite(suite);
