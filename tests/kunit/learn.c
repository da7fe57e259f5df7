// SPDX-License-Identifier: GPL-2.0
/*
 * Where a claimed address is learnt to be.
 */
#include <linux/delay.h>
#include <linux/etherdevice.h>
#include <linux/rtnetlink.h>

#include "../../switch/fdb.h"
#include "net.h"

#define LEN		60
#define CLAIMED		0x100
#define CLAIMED_TOO	0x101
#define VIDS_MAX	128

/* A frame that comes back comes back within this time, and some more */
#define ECHO_MS		150

static int init(struct kunit *test)
{
	test->priv = vnicx_test_net(test, 3);
	return 0;
}

static void unclaim(void *context)
{
	u8 addr[ETH_ALEN];

	vnicx_test_addr(addr, CLAIMED);
	vnicx_fdb_del(context, addr, VNICX_VID_ANY, VNICX_FDB_CLAIM);
}

static void claim(struct kunit *test, unsigned int vnic)
{
	struct vnicx_test_net *net = test->priv;
	struct vnicx_port *port = &net->vnic[vnic]->port;
	u8 addr[ETH_ALEN];

	vnicx_test_addr(addr, CLAIMED);
	KUNIT_ASSERT_EQ(test, vnicx_fdb_claim(port, addr, GFP_KERNEL), 0);
	KUNIT_ASSERT_EQ(test, 0, kunit_add_action(test, unclaim, port));
}

static struct sk_buff *broadcast_of(struct kunit *test, unsigned int src,
				    u16 vid)
{
	static const u8 all[ETH_ALEN] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };
	struct sk_buff *skb = vnicx_test_frame(test, all, src, LEN);

	if (vid)
		__vlan_hwaccel_put_tag(skb, htons(ETH_P_8021Q), vid);
	return skb;
}

static struct sk_buff *broadcast(struct kunit *test, u16 vid)
{
	return broadcast_of(test, CLAIMED, vid);
}

static void from_vnic(struct kunit *test, unsigned int vnic, u16 vid)
{
	vnicx_test_send(test->priv, vnic, broadcast(test, vid));
}

static void from_wire(struct kunit *test, u16 vid)
{
	KUNIT_EXPECT_EQ(test, VNICX_PASS,
			vnicx_test_receive(test->priv, broadcast(test, vid)));
}

/* NOWHERE: not on the switch */
#define NOWHERE	UINT_MAX

static void expect_at(struct kunit *test, unsigned int vnic, u16 vid)
{
	struct vnicx_test_net *net = test->priv;
	struct vnicx_port *port;
	u8 addr[ETH_ALEN];

	vnicx_test_addr(addr, CLAIMED);
	port = vnic == NOWHERE ? NULL : &net->vnic[vnic]->port;
	KUNIT_EXPECT_PTR_EQ(test, vnicx_test_lookup(net->sw, addr, vid), port);
	vnicx_test_purge(net);
}

static void expect_lost(struct kunit *test, u32 first, u32 second)
{
	struct vnicx_test_net *net = test->priv;

	KUNIT_EXPECT_EQ(test, net->vnic[0]->port.nr_lost, first);
	KUNIT_EXPECT_EQ(test, net->vnic[1]->port.nr_lost, second);
}

static void test_last_source(struct kunit *test)
{
	claim(test, 0);
	claim(test, 1);
	expect_at(test, 0, 0);
	from_vnic(test, 1, 0);
	expect_at(test, 1, 0);
	expect_lost(test, 1, 0);
	from_vnic(test, 0, 0);
	expect_at(test, 0, 0);
	expect_lost(test, 0, 1);
	msleep(ECHO_MS);
	from_wire(test, 0);
	expect_at(test, NOWHERE, 0);
	expect_lost(test, 1, 1);
	from_vnic(test, 1, 0);
	expect_at(test, 1, 0);
	expect_lost(test, 1, 0);
}

static void test_each_vlan(struct kunit *test)
{
	claim(test, 0);
	claim(test, 1);
	from_wire(test, 5);
	from_vnic(test, 1, 6);
	expect_at(test, NOWHERE, 5);
	expect_at(test, 1, 6);
	expect_at(test, 0, 0);
	expect_at(test, 0, 7);
	expect_lost(test, 2, 1);
}

static void test_only_claims(struct kunit *test)
{
	struct vnicx_test_net *net = test->priv;
	u8 addr[ETH_ALEN];

	/* not claimed at all */
	from_vnic(test, 2, 0);
	expect_at(test, NOWHERE, 0);
	claim(test, 0);
	/* not by this one */
	from_vnic(test, 2, 0);
	expect_at(test, 0, 0);

	/* given to another */
	vnicx_test_addr(addr, CLAIMED);
	KUNIT_ASSERT_EQ(test, 0, vnicx_test_fdb_add(test, &net->vnic[1]->port,
						    addr, VNICX_VID_ANY));
	from_vnic(test, 0, 0);
	from_wire(test, 0);
	expect_at(test, 1, 0);
	expect_lost(test, 0, 0);
}

/* Tell whether frames that were sent from @start on came back soon. If the machine stood
 * still meanwhile, wait until they may be sent again.
 */
static bool came_soon(unsigned long start)
{
	if (time_before(jiffies, start + HZ / 20))
		return true;
	msleep(ECHO_MS);
	return false;
}

/* Every frame may come back once, and soon. */
static void test_echoes(struct kunit *test)
{
	unsigned long start;
	unsigned int i;

	claim(test, 0);
	do {
		start = jiffies;
		for (i = 0; i < 3; i++)
			from_vnic(test, 0, 0);
		for (i = 0; i < 3; i++)
			from_wire(test, 0);
	} while (!came_soon(start));
	expect_at(test, 0, 0);
	from_wire(test, 0);
	expect_at(test, NOWHERE, 0);

	from_vnic(test, 0, 0);
	expect_at(test, 0, 0);
	msleep(ECHO_MS);
	from_wire(test, 0);
	expect_at(test, NOWHERE, 0);
}

static void unicast_from_vnic(struct kunit *test, unsigned int vnic)
{
	vnicx_test_send(test->priv, vnic,
			vnicx_test_frame_to(test, VNICX_TEST_NOBODY, CLAIMED,
					    LEN));
}

/* Lets time pass for what was learnt. */
static void age(struct kunit *test)
{
	struct vnicx_test_net *net = test->priv;
	struct vnicx_fdb_entry *entry;
	u8 addr[ETH_ALEN];

	vnicx_test_addr(addr, CLAIMED);
	rcu_read_lock();
	entry = vnicx_fdb_find(net->sw, addr, 0);
	if (entry)
		entry->seen -= 11 * HZ;
	rcu_read_unlock();
}

/* An owner that lost the address gets it back by a frame to one station, unless
 * the one that took it is heard of.
 */
static void test_unicast_comes_back(struct kunit *test)
{
	claim(test, 0);
	claim(test, 1);
	unicast_from_vnic(test, 1);
	expect_at(test, 0, 0);
	from_wire(test, 0);
	expect_at(test, NOWHERE, 0);
	unicast_from_vnic(test, 0);
	expect_at(test, NOWHERE, 0);
	age(test);
	from_wire(test, 0);
	unicast_from_vnic(test, 0);
	expect_at(test, NOWHERE, 0);
	age(test);
	unicast_from_vnic(test, 2);
	expect_at(test, NOWHERE, 0);
	unicast_from_vnic(test, 0);
	expect_at(test, 0, 0);
	expect_lost(test, 0, 1);

	from_vnic(test, 1, 0);
	unicast_from_vnic(test, 0);
	expect_at(test, 1, 0);
	age(test);
	unicast_from_vnic(test, 0);
	expect_at(test, 0, 0);
}

static void test_claims_come_and_go(struct kunit *test)
{
	struct vnicx_test_net *net = test->priv;

	claim(test, 0);
	from_wire(test, 0);
	from_wire(test, 5);
	claim(test, 1);
	expect_lost(test, 2, 2);
	from_vnic(test, 1, 0);
	expect_at(test, 1, 0);
	expect_lost(test, 2, 1);
	/* Learnt state goes with its claim. */
	kunit_release_action(test, unclaim, &net->vnic[1]->port);
	expect_at(test, 0, 0);
	expect_at(test, NOWHERE, 5);
	expect_lost(test, 1, 0);
	kunit_release_action(test, unclaim, &net->vnic[0]->port);
	expect_lost(test, 0, 0);
	claim(test, 0);
	expect_at(test, 0, 5);
}

static void test_bound(struct kunit *test)
{
	struct vnicx_test_net *net = test->priv;
	unsigned int vid, at_wire = 0;
	u8 addr[ETH_ALEN];

	claim(test, 0);
	for (vid = 1; vid <= 4000; vid++) {
		from_wire(test, vid);
		vnicx_test_purge(net);
	}
	vnicx_test_addr(addr, CLAIMED);
	for (vid = 1; vid <= 4000; vid++)
		at_wire += !vnicx_test_lookup(net->sw, addr, vid);
	KUNIT_EXPECT_EQ(test, at_wire, VIDS_MAX);
	expect_lost(test, VIDS_MAX, 0);

	/* A new one is learnt all the same, now or a tick later. */
	msleep(50);
	from_wire(test, 4001);
	expect_at(test, NOWHERE, 4001);
	expect_lost(test, VIDS_MAX, 0);
}

static bool is_learnt(const struct vnicx_test_net *net, unsigned int src,
		      u16 vid)
{
	struct vnicx_fdb_entry *entry;
	u8 addr[ETH_ALEN];
	bool learnt;

	vnicx_test_addr(addr, src);
	rcu_read_lock();
	entry = vnicx_fdb_find(net->sw, addr, vid);
	learnt = entry && entry->rank == VNICX_FDB_LEARNT;
	rcu_read_unlock();
	return learnt;
}

/* The first two vNICs send from an address each that they claim. */
static void from_both(struct kunit *test, u16 vid)
{
	from_vnic(test, 0, vid);
	vnicx_test_send(test->priv, 1, broadcast_of(test, CLAIMED_TOO, vid));
}

/* Of those, each sender has old ones forgotten at its own rate. */
static void test_bound_each(struct kunit *test)
{
	struct vnicx_test_net *net = test->priv;
	struct vnicx_port *second = &net->vnic[1]->port;
	unsigned long now;
	u8 addr[ETH_ALEN];
	bool both;
	u16 vid;

	claim(test, 0);
	vnicx_test_addr(addr, CLAIMED_TOO);
	KUNIT_ASSERT_EQ(test, vnicx_fdb_claim(second, addr, GFP_KERNEL), 0);
	for (vid = 1; vid <= VIDS_MAX; vid++) {
		from_both(test, vid);
		vnicx_test_purge(net);
	}
	/* within one tick */
	for (; vid < 4000; vid++) {
		now = jiffies;
		while (!time_after(jiffies, now))
			cpu_relax();
		now = jiffies;
		from_both(test, vid);
		if (!time_after(jiffies, now))
			break;
	}
	both = is_learnt(net, CLAIMED, vid) && is_learnt(net, CLAIMED_TOO, vid);
	KUNIT_EXPECT_TRUE(test, both);
	vnicx_test_purge(net);
	vnicx_fdb_del(second, addr, VNICX_VID_ANY, VNICX_FDB_CLAIM);
}

/* An announcement comes back as often as it was sent, and what came back never
 * does not count.
 */
static void test_announcement(struct kunit *test)
{
	struct vnicx_test_net *net = test->priv;
	unsigned long start;
	unsigned int i;

	claim(test, 0);
	do {
		for (i = 0; i < 3; i++)
			from_vnic(test, 0, 0);
		vnicx_test_purge(net);
		msleep(ECHO_MS);
		start = jiffies;
		vnicx_announce(net->sw);
		flush_delayed_work(&net->sw->announce.work);
		from_wire(test, 0);
	} while (!came_soon(start));
	expect_at(test, 0, 0);
	from_wire(test, 0);
	expect_at(test, NOWHERE, 0);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(test_last_source),
	KUNIT_CASE(test_each_vlan),
	KUNIT_CASE(test_only_claims),
	KUNIT_CASE(test_echoes),
	KUNIT_CASE(test_unicast_comes_back),
	KUNIT_CASE(test_claims_come_and_go),
	KUNIT_CASE(test_bound),
	KUNIT_CASE(test_bound_each),
	KUNIT_CASE(test_announcement),
	{}
};

static struct kunit_suite suite = {
	.name = "vnicx_learn",
	.init = init,
	.test_cases = cases,
};

kunit_test_suite(suite);
