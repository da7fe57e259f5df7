// SPDX-License-Identifier: GPL-2.0
/*
 * A CPU remembers of the FDB nothing but what the FDB says, whatever changes it.
 */
#include <linux/etherdevice.h>
#include <linux/prandom.h>
#include <linux/random.h>
#include <linux/rtnetlink.h>

#include "net.h"

#define LEN		60
#define NR_VNICS	3
#define NR_ADDRS	3
#define NR_VIDS		2
#define FIRST		0x100
#define ROUNDS		3000

/* The last address is that of vNIC 0. */
static const unsigned int addrs[NR_ADDRS] = { FIRST, FIRST + 1, 0 };
static const u16 vids[NR_VIDS] = { VNICX_VID_NONE, 5 };
static const u16 titles[] = { VNICX_VID_NONE, 5, VNICX_VID_ANY };
static const u8 ranks[] = {
	VNICX_FDB_CLAIM, VNICX_FDB_TENANT, VNICX_FDB_HEIR, VNICX_FDB_ADMIN,
};

/* Remember all addresses, and tell of how many it was wrong. */
static unsigned int wrong(struct vnicx_switch *sw)
{
	unsigned int i, j, n = 0;
	u8 addr[ETH_ALEN];

	for (i = 0; i < NR_ADDRS; i++) {
		vnicx_test_addr(addr, addrs[i]);
		for (j = 0; j < NR_VIDS; j++)
			n += IS_ERR(vnicx_test_lookup(sw, addr, vids[j]));
	}
	return n;
}

/* A broadcast frame from an address, by a vNIC or the wire */
static void from(struct kunit *test, unsigned int who, unsigned int addr,
		 u16 vid)
{
	static const u8 all[ETH_ALEN] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };
	struct vnicx_test_net *net = test->priv;
	struct sk_buff *skb = vnicx_test_frame(test, all, addr, LEN);

	if (vid)
		__vlan_hwaccel_put_tag(skb, htons(ETH_P_8021Q), vid);
	if (who < NR_VNICS)
		vnicx_test_send(net, who, skb);
	else
		vnicx_test_receive(net, skb);
	vnicx_test_purge(net);
}

static void change(struct kunit *test, struct rnd_state *rnd)
{
	struct vnicx_test_net *net = test->priv;
	u32 who = prandom_u32_state(rnd) % (NR_VNICS + 1);
	u32 n = addrs[prandom_u32_state(rnd) % NR_ADDRS];
	u32 title = prandom_u32_state(rnd) % ARRAY_SIZE(titles);
	u8 rank = ranks[prandom_u32_state(rnd) % ARRAY_SIZE(ranks)];
	u32 what = prandom_u32_state(rnd) % 8;
	struct vnicx_port *port = &net->vnic[who % NR_VNICS]->port;
	u16 vid = rank == VNICX_FDB_CLAIM ? VNICX_VID_ANY : titles[title];
	u8 addr[ETH_ALEN];

	vnicx_test_addr(addr, n);
	/* An address of its own is not taken from a vNIC. */
	if (n < FIRST && rank == VNICX_FDB_ADMIN)
		rank = VNICX_FDB_HEIR;
	rtnl_lock();
	/* Mostly claims: other titles hide what is learnt. */
	if (what == 0)
		vnicx_fdb_add(port, addr, vid, rank, GFP_KERNEL);
	else if (what <= 2)
		vnicx_fdb_add(port, addr, VNICX_VID_ANY, VNICX_FDB_CLAIM, GFP_KERNEL);
	else if (what <= 4)
		vnicx_fdb_del(port, addr, vid, rank);
	else
		from(test, who, n, vids[title % NR_VIDS]);
	rtnl_unlock();
}

static void remove_all(struct vnicx_test_net *net)
{
	unsigned int i, j, k, l;
	u8 addr[ETH_ALEN];

	rtnl_lock();
	for (i = 0; i < NR_ADDRS; i++) {
		vnicx_test_addr(addr, addrs[i]);
		for (j = 0; j < NR_VNICS; j++)
			for (k = 0; k < ARRAY_SIZE(titles); k++)
				for (l = 0; l < ARRAY_SIZE(ranks); l++)
					while (ranks[l] < VNICX_FDB_ADMIN + (addrs[i] >= FIRST) &&
					       !vnicx_fdb_del(&net->vnic[j]->port, addr,
							      titles[k], ranks[l]))
						;
	}
	rtnl_unlock();
}

static void test_as_the_fdb(struct kunit *test)
{
	struct vnicx_test_net *net = vnicx_test_net(test, NR_VNICS);
	u64 seed = get_random_u32();
	unsigned int i, bad = 0;
	struct rnd_state rnd;

	test->priv = net;
	kunit_info(test, "seed %llu", seed);
	prandom_seed_state(&rnd, seed);
	for (i = 0; i < ROUNDS && !bad; i++) {
		change(test, &rnd);
		bad = wrong(net->sw);
	}
	KUNIT_EXPECT_EQ_MSG(test, bad, 0, "after change %u", i);
	remove_all(net);
	KUNIT_EXPECT_EQ(test, wrong(net->sw), 0);
}

/* Addresses that fall into one slot, and the same address on two switches */
static void test_one_slot(struct kunit *test)
{
	struct vnicx_test_tables *t = vnicx_test_tables(test, 2);
	struct vnicx_test_tables *u = vnicx_test_tables(test, 2);
	unsigned int i, n;
	u8 addr[ETH_ALEN];

	for (n = 0; n < 3; n++) {
		for (i = 0; i < 2; i++) {
			vnicx_test_addr(addr, i);
			KUNIT_EXPECT_PTR_EQ(test, &t->port[i],
					    vnicx_test_lookup(t->sw, addr, 7));
			KUNIT_EXPECT_PTR_EQ(test, &u->port[i],
					    vnicx_test_lookup(u->sw, addr, 7));
		}
		for (i = 0; i < 1000; i++) {
			vnicx_test_addr(addr, FIRST + i);
			KUNIT_EXPECT_NULL(test, vnicx_test_lookup(t->sw, addr, 7));
		}
	}
}

static struct kunit_case cases[] = {
	KUNIT_CASE(test_as_the_fdb),
	KUNIT_CASE(test_one_slot),
	{}
};

static struct kunit_suite suite = {
	.name = "vnicx_cache",
	.test_cases = cases,
};

kunit_test_suite(suite);
