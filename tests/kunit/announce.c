// SPDX-License-Identifier: GPL-2.0
/*
 * announce: which entries of a bridge may be changed, and which addresses a switch
 * shows as its own.
 */
#include <kunit/test.h>
#include <linux/etherdevice.h>
#include <linux/rtnetlink.h>

#include "../../vnic/announce/announce.h"
#include "net.h"

#define OURS	7
#define OTHER	8

/**
 * struct announce_case - an entry of a bridge
 * @desc: what is special about it
 * @entry: the entry
 * @told: the bridge has it as it was told
 * @refreshed: it may be told without being taken from another port
 * @taken: it may be taken from another port
 */
struct announce_case {
	const char *desc;
	struct vnicx_bridge_entry entry;
	bool told;
	bool refreshed;
	bool taken;
};

static const struct announce_case announce_cases[] = {
	{ "told", { OURS, NUD_REACHABLE, NTF_EXT_LEARNED }, true, true, true },
	{ "told long ago", { OURS, NUD_STALE, NTF_EXT_LEARNED }, true, true, true },
	{ "told and offloaded", { OURS, NUD_REACHABLE, NTF_EXT_LEARNED | NTF_OFFLOADED },
	  true, true, true },
	{ "learnt", { OURS, NUD_REACHABLE, 0 }, false, true, true },
	{ "static", { OURS, NUD_NOARP, 0 }, false, false, false },
	{ "the port's own", { OURS, NUD_PERMANENT, 0 }, false, false, false },
	{ "static, and learnt by others", { OURS, NUD_NOARP, NTF_EXT_LEARNED },
	  false, false, false },
	{ "sticky", { OURS, NUD_REACHABLE, NTF_STICKY }, false, false, false },
	{ "learnt elsewhere", { OTHER, NUD_REACHABLE, 0 }, false, false, true },
	{ "of another host", { OTHER, NUD_REACHABLE, NTF_EXT_LEARNED }, false, false, true },
	{ "static elsewhere", { OTHER, NUD_NOARP, 0 }, false, false, false },
	{ "sticky elsewhere", { OTHER, NUD_REACHABLE, NTF_STICKY | NTF_EXT_LEARNED },
	  false, false, false },
	{ "another port's own", { OTHER, NUD_PERMANENT, 0 }, false, false, false },
};

KUNIT_ARRAY_PARAM_DESC(announce, announce_cases, desc);

static void test_entry(struct kunit *test)
{
	const struct announce_case *c = test->param_value;

	KUNIT_EXPECT_EQ(test, vnicx_bridge_is_told(&c->entry, OURS), c->told);
	KUNIT_EXPECT_EQ(test, vnicx_bridge_may_tell(&c->entry, OURS, false),
			c->refreshed);
	KUNIT_EXPECT_EQ(test, vnicx_bridge_may_tell(&c->entry, OURS, true),
			c->taken);
}

/**
 * struct announce_walk - what a walk shows
 * @sw: the switch
 * @vnics: the numbers of the vNICs whose own addresses are shown
 * @hosts: how often the host's address is shown
 * @others: how often others are
 */
struct announce_walk {
	struct vnicx_switch *sw;
	unsigned long vnics;
	unsigned int hosts;
	unsigned int others;
};

static void announce_show(const struct vnicx_fdb_at *at, void *arg)
{
	struct announce_walk *walk = arg;

	if (at->port->kind == VNICX_PORT_HOST)
		walk->hosts++;
	else if (ether_addr_equal(at->addr, at->port->addr) && !at->vid)
		walk->vnics |= BIT(at->addr[ETH_ALEN - 1]);
	else
		walk->others++;
}

static struct announce_walk announce_walk(struct kunit *test,
					  struct vnicx_test_net *net)
{
	struct announce_walk walk = { .sw = net->sw };

	rtnl_lock();
	KUNIT_EXPECT_EQ(test, vnicx_fdb_walk(net->sw, announce_show, &walk), 0);
	rtnl_unlock();
	return walk;
}

static void test_walk(struct kunit *test)
{
	static const u8 claimed[ETH_ALEN] = { 0x02, 0, 0, 0, 1, 1 };
	struct vnicx_test_net *net = vnicx_test_net(test, 3);
	unsigned long all = 0;
	struct announce_walk walk;
	unsigned int i;

	for (i = 0; i < 3; i++)
		all |= BIT(net->vnic[i]->port.addr[ETH_ALEN - 1]);
	walk = announce_walk(test, net);
	KUNIT_EXPECT_EQ(test, walk.vnics, all);
	KUNIT_EXPECT_EQ(test, walk.hosts, 1);
	KUNIT_EXPECT_EQ(test, walk.others, 0);

	rtnl_lock();
	KUNIT_EXPECT_EQ(test, vnicx_fdb_claim(&net->vnic[0]->port, claimed,
					      GFP_KERNEL), 0);
	rtnl_unlock();
	KUNIT_EXPECT_EQ(test, announce_walk(test, net).others, 1);

	vnicx_test_down(net, 0);
	walk = announce_walk(test, net);
	all &= ~BIT(net->vnic[0]->port.addr[ETH_ALEN - 1]);
	KUNIT_EXPECT_EQ(test, walk.vnics, all);
	KUNIT_EXPECT_EQ(test, walk.others, 0);

	rtnl_lock();
	vnicx_fdb_del(&net->vnic[0]->port, claimed, VNICX_VID_ANY,
		      VNICX_FDB_CLAIM);
	rtnl_unlock();
	vnicx_test_net_destroy(test, net);
}

static unsigned int announce_changes;

static void announce_changed(struct vnicx_watch *watch)
{
	announce_changes++;
}

static void test_watch(struct kunit *test)
{
	static const u8 added[ETH_ALEN] = { 0x02, 0, 0, 0, 1, 2 };
	struct vnicx_watch watch = { .changed = announce_changed };
	struct vnicx_test_net *net = vnicx_test_net(test, 1);
	struct vnicx_port *port = &net->vnic[0]->port;

	rtnl_lock();
	announce_changes = 0;
	vnicx_switch_watch(net->sw, &watch);
	KUNIT_EXPECT_EQ(test, vnicx_fdb_add(port, added, VNICX_VID_ANY,
					    VNICX_FDB_ADMIN, GFP_KERNEL), 0);
	KUNIT_EXPECT_EQ(test, announce_changes, 1);
	vnicx_port_disable(port, true);
	KUNIT_EXPECT_GE(test, announce_changes, 2);
	vnicx_port_disable(port, false);

	announce_changes = 0;
	vnicx_switch_watch(net->sw, NULL);
	vnicx_fdb_del(port, added, VNICX_VID_ANY, VNICX_FDB_ADMIN);
	KUNIT_EXPECT_EQ(test, announce_changes, 0);
	rtnl_unlock();
	vnicx_test_net_destroy(test, net);
}

static void announce_count(const struct vnicx_fdb_at *at, void *arg)
{
	unsigned int *n = arg;

	++*n;
}

/* One address is shown as the walk shows it. */
static void test_look(struct kunit *test)
{
	static const u8 claimed[ETH_ALEN] = { 0x02, 0, 0, 0, 1, 3 };
	struct vnicx_test_net *net = vnicx_test_net(test, 2);
	struct vnicx_port *port = &net->vnic[0]->port;
	unsigned int n = 0;

	rtnl_lock();
	vnicx_fdb_look(net->sw, port->addr, announce_count, &n);
	KUNIT_EXPECT_EQ(test, n, 1);
	vnicx_fdb_look(net->sw, claimed, announce_count, &n);
	KUNIT_EXPECT_EQ(test, n, 1);
	KUNIT_EXPECT_EQ(test, vnicx_fdb_claim(port, claimed, GFP_KERNEL), 0);
	vnicx_fdb_look(net->sw, claimed, announce_count, &n);
	KUNIT_EXPECT_EQ(test, n, 2);
	vnicx_fdb_del(port, claimed, VNICX_VID_ANY, VNICX_FDB_CLAIM);
	vnicx_fdb_look(net->sw, claimed, announce_count, &n);
	KUNIT_EXPECT_EQ(test, n, 2);
	vnicx_port_disable(port, true);
	vnicx_fdb_look(net->sw, port->addr, announce_count, &n);
	KUNIT_EXPECT_EQ(test, n, 2);
	vnicx_port_disable(port, false);
	rtnl_unlock();
	vnicx_test_net_destroy(test, net);
}

#define ANNOUNCE_ADDRS	512

/**
 * struct announce_removal - a walk whose entries are removed meanwhile
 * @port: the port that has them
 * @shown: the numbers of those that were shown
 * @nr: how many times one was shown
 */
struct announce_removal {
	struct vnicx_port *port;
	DECLARE_BITMAP(shown, ANNOUNCE_ADDRS);
	unsigned int nr;
};

static void announce_number(u8 *addr, unsigned int n)
{
	u64_to_ether_addr(0x020000020000ULL + n, addr);
}

/* Remove an address before other tasks may run: the walk goes on behind it. */
static void announce_remove(const struct vnicx_fdb_at *at, void *arg)
{
	struct announce_removal *removal = arg;
	u64 n = ether_addr_to_u64(at->addr) - 0x020000020000ULL;

	if (n >= ANNOUNCE_ADDRS)
		return;
	__set_bit(n, removal->shown);
	removal->nr++;
	vnicx_fdb_del(removal->port, at->addr, VNICX_VID_ANY, VNICX_FDB_CLAIM);
}

/* A look shows an address that a walk misses because of removals. */
static void test_missed(struct kunit *test)
{
	struct vnicx_test_net *net = vnicx_test_net(test, 1);
	struct announce_removal *removal;
	unsigned int i, n;
	u8 addr[ETH_ALEN];

	removal = kunit_kzalloc(test, sizeof(*removal), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, removal);
	removal->port = &net->vnic[0]->port;
	rtnl_lock();
	for (i = 0; i < ANNOUNCE_ADDRS; i++) {
		announce_number(addr, i);
		KUNIT_ASSERT_EQ(test, vnicx_fdb_claim(removal->port, addr, GFP_KERNEL), 0);
	}
	KUNIT_EXPECT_EQ(test, vnicx_fdb_walk(net->sw, announce_remove, removal), 0);
	for (i = 0; i < ANNOUNCE_ADDRS; i++) {
		announce_number(addr, i);
		n = 0;
		vnicx_fdb_look(net->sw, addr, announce_count, &n);
		KUNIT_EXPECT_EQ(test, n, !test_bit(i, removal->shown));
		vnicx_fdb_del(removal->port, addr, VNICX_VID_ANY, VNICX_FDB_CLAIM);
	}
	kunit_info(test, "%u of %u were shown", removal->nr, ANNOUNCE_ADDRS);
	rtnl_unlock();
	vnicx_test_net_destroy(test, net);
}

/* In one round each vNIC has one address told, and all have bounds beyond that. */
static void test_admits(struct kunit *test)
{
	u32 vnics[40] = {}, all = 0;
	unsigned int i, j, told[40] = {}, sum = 0;

	for (i = 0; i < ARRAY_SIZE(vnics); i++)
		for (j = 0; j < 100; j++)
			told[i] += vnicx_told_admits(&vnics[i], &all);
	for (i = 0; i < ARRAY_SIZE(vnics); i++)
		sum += told[i];
	KUNIT_EXPECT_EQ(test, told[0], 64);
	KUNIT_EXPECT_EQ(test, told[ARRAY_SIZE(told) - 1], 1);
	KUNIT_EXPECT_EQ(test, sum, 1024 + ARRAY_SIZE(vnics));
}

/* A bridge that refuses is asked again after 1, 2, 4 ... and at last 64 s. */
static void test_retry(struct kunit *test)
{
	struct net_device *port = kunit_kzalloc(test, sizeof(*port), GFP_KERNEL);
	struct vnicx_told told = { .port = port, .verified = jiffies };
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, port);
	KUNIT_EXPECT_EQ(test, vnicx_told_until_look(&told), VNICX_TOLD_NEVER);
	told.retry = vnicx_told_retry(0, true);
	for (i = 0; i < 10; i++) {
		unsigned long expected = (1UL << min(i, 6U)) * HZ;

		KUNIT_EXPECT_EQ(test, told.retry, expected);
		told.verified = jiffies - expected + HZ / 2;
		KUNIT_EXPECT_LE(test, vnicx_told_until_look(&told), HZ / 2);
		KUNIT_EXPECT_GT(test, vnicx_told_until_look(&told), 0);
		told.verified = jiffies - expected;
		KUNIT_EXPECT_EQ(test, vnicx_told_until_look(&told), 0);
		told.retry = vnicx_told_retry(told.retry, true);
	}
	/* An entry that was lost is looked for after a second. */
	told.verified = jiffies - HZ;
	told.lost = true;
	KUNIT_EXPECT_EQ(test, vnicx_told_until_look(&told), 0);
	KUNIT_EXPECT_EQ(test, vnicx_told_retry(told.retry, false), 0);
	/* A look that has rounds left goes on with the next one. */
	told = (struct vnicx_told){
		.port = port, .verified = jiffies, .looking = true,
	};
	KUNIT_EXPECT_EQ(test, vnicx_told_until_look(&told), 0);
	KUNIT_EXPECT_FALSE(test, vnicx_told_begins_look(&told, told.verified + 2 * HZ));
	/* It does not keep from another one after a second if an entry was lost. */
	told.lost = true;
	KUNIT_EXPECT_FALSE(test, vnicx_told_begins_look(&told, told.verified + HZ - 1));
	KUNIT_EXPECT_TRUE(test, vnicx_told_begins_look(&told, told.verified + HZ));
	KUNIT_EXPECT_EQ(test, vnicx_told_rest(2), 18);
}

/* A loss that is heard after the port has gone waits for another port. */
static void test_without_port(struct kunit *test)
{
	struct vnicx_told told = { .verified = jiffies - 2 * HZ, .lost = true };

	KUNIT_EXPECT_EQ(test, vnicx_told_until_look(&told), VNICX_TOLD_NEVER);
	told.port = kunit_kzalloc(test, sizeof(*told.port), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, told.port);
	KUNIT_EXPECT_EQ(test, vnicx_told_until_look(&told), 0);
}

/* A rest that ended long ago is over, however often jiffies have wrapped around. */
static void test_rest_is_over(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, vnicx_told_until_due(8, 5), 3);
	KUNIT_EXPECT_EQ(test, vnicx_told_until_due(5, 5), 0);
	KUNIT_EXPECT_EQ(test, vnicx_told_until_due(5, 6), 0);
	KUNIT_EXPECT_EQ(test, vnicx_told_until_due(2, -1UL), 3);
	KUNIT_EXPECT_EQ(test, vnicx_told_until_due(0, 1UL + LONG_MAX), 0);
	KUNIT_EXPECT_EQ(test, vnicx_told_until_due(-1UL, 1UL + LONG_MAX), 0);
	KUNIT_EXPECT_EQ(test, vnicx_told_until_due(0, -VNICX_TOLD_REST_MAX - 1), 0);
}

static struct kunit_case announce_test_cases[] = {
	KUNIT_CASE_PARAM(test_entry, announce_gen_params),
	KUNIT_CASE(test_walk),
	KUNIT_CASE(test_watch),
	KUNIT_CASE(test_look),
	KUNIT_CASE(test_missed),
	KUNIT_CASE(test_admits),
	KUNIT_CASE(test_rest_is_over),
	KUNIT_CASE(test_retry),
	KUNIT_CASE(test_without_port),
	{}
};

static struct kunit_suite announce_suite = {
	.name = "vnicx_announce",
	.test_cases = announce_test_cases,
};

kunit_test_suite(announce_suite);
