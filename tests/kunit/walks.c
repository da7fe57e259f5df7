// SPDX-License-Identifier: GPL-2.0
/*
 * vnicx_receive() decides about a frame from the wire as the whole walk does, whatever vNICs
 * are there and whether the CPU remembers the frame's destination or not.
 */
#include <linux/etherdevice.h>
#include <linux/rtnetlink.h>

#include "../../switch/trace.h"
#include "vlan.h"

#define FEW	4
/* vNIC 0 has this address in VLAN 10, vNIC 1 in every VLAN. */
#define IN_ONE	0x20
#define EVERY	0x21

enum kind { PLAIN, OFFLOADED, IN_DATA, PAUSE, NR_KINDS };

static const u8 dests[][ETH_ALEN] = {
	VNICX_TEST_ADDR(0),
	VNICX_TEST_ADDR(1),
	VNICX_TEST_ADDR(2),
	VNICX_TEST_ADDR(IN_ONE),
	VNICX_TEST_ADDR(EVERY),
	VNICX_TEST_ADDR(VNICX_TEST_LOWER),
	VNICX_TEST_ADDR(0x30),
	VNICX_TEST_GROUP(1),
	{ 0xff, 0xff, 0xff, 0xff, 0xff, 0xff },
	{ 0x01, 0x80, 0xc2, 0, 0, 0x0e },
};

static const unsigned int sources[] = { 0, 1, VNICX_TEST_LOWER, VNICX_TEST_NOBODY };

/* The outcome of one walk */
struct outcome {
	enum vnicx_verdict verdict;
	const struct net_device *dev;
	u8 pkt_type;
	u32 len;
	u32 decisions;
	u32 rx[FEW];
	u32 wire;
	u32 host;
	u64 stat[FEW][VNICX_NR_COUNTERS];
	long cause[FEW][VNICX_NR_CAUSES];
};

static unsigned int nr_decisions;

static void decided(void *data, const struct sk_buff *skb, const struct vnicx_port *in,
		    const struct vnicx_port *out, u8 class, u16 vid, u8 decision, u32 reason)
{
	nr_decisions++;
}

static void end_trace(void *context)
{
	unregister_trace_vnicx_forward(decided, NULL);
	tracepoint_synchronize_unregister();
}

static struct vnicx_port *port(struct kunit *test, unsigned int i)
{
	struct vnicx_test_net *net = test->priv;

	return &net->vnic[i]->port;
}

static void set_mode(struct kunit *test, unsigned int i, enum vnicx_mode mode)
{
	rtnl_lock();
	vnicx_port_set_mode(port(test, i), mode);
	rtnl_unlock();
}

static void set_none(struct kunit *test)
{
}

static void set_down(struct kunit *test)
{
	vnicx_test_down(test->priv, 1);
}

static void set_promiscuous(struct kunit *test)
{
	vnicx_port_set_rx_flags(port(test, 2), VNICX_RX_PROMISC | VNICX_RX_ALLMULTI);
}

static void set_vepa(struct kunit *test)
{
	set_mode(test, 0, VNICX_MODE_VEPA);
	set_mode(test, 1, VNICX_MODE_VEPA);
}

static void set_private(struct kunit *test)
{
	set_mode(test, 1, VNICX_MODE_PRIVATE);
	set_promiscuous(test);
}

static void set_isolated(struct kunit *test)
{
	const struct vnicx_policy policy = { .isolated = true };

	vnicx_test_policy(test, 0, &policy);
	vnicx_test_policy(test, 1, &policy);
}

static void set_source(struct kunit *test)
{
	u8 addr[ETH_ALEN];

	vnicx_test_addr(addr, VNICX_TEST_NOBODY);
	set_mode(test, 1, VNICX_MODE_SOURCE);
	rtnl_lock();
	KUNIT_EXPECT_EQ(test, 0, vnicx_source_add(port(test, 1), addr));
	rtnl_unlock();
}

/* In source mode, with a list that is empty */
static void set_no_source(struct kunit *test)
{
	set_mode(test, 1, VNICX_MODE_SOURCE);
	set_promiscuous(test);
}

static void set_access(struct kunit *test)
{
	vnicx_test_access(test, 0, Q, 10);
	vnicx_test_access(test, 1, AD, 10);
	set_promiscuous(test);
}

static void set_trunk(struct kunit *test)
{
	vnicx_test_trunk(test, 0, 10);
	vnicx_test_trunk(test, 1, NATIVE_UNTAGGED);
	set_promiscuous(test);
}

static void set_host_off(struct kunit *test)
{
	struct vnicx_test_net *net = test->priv;

	rtnl_lock();
	vnicx_switch_set_host(net->sw, false);
	rtnl_unlock();
}

/* A vNIC enters passthru mode when it is made: here, the switch takes one for it. */
static void set_passthru(struct kunit *test)
{
	struct vnicx_test_net *net = test->priv;

	rcu_assign_pointer(net->sw->passthru, port(test, 2));
}

static void set_traced(struct kunit *test)
{
	if (!IS_ENABLED(CONFIG_TRACEPOINTS))
		kunit_skip(test, "the kernel has no tracepoints");
	KUNIT_ASSERT_EQ(test, register_trace_vnicx_forward(decided, NULL), 0);
	KUNIT_ASSERT_EQ(test, kunit_add_action_or_reset(test, end_trace, NULL), 0);
}

static const struct state {
	const char *desc;
	void (*set)(struct kunit *test);
} states[] = {
	{ "nothing set", set_none },
	{ "a vNIC is down", set_down },
	{ "a vNIC is promiscuous", set_promiscuous },
	{ "mode vepa", set_vepa },
	{ "mode private", set_private },
	{ "isolated", set_isolated },
	{ "mode source", set_source },
	{ "mode source, no list", set_no_source },
	{ "access ports", set_access },
	{ "trunks", set_trunk },
	{ "the host is off", set_host_off },
	{ "mode passthru", set_passthru },
	{ "decisions are traced", set_traced },
};

KUNIT_ARRAY_PARAM_DESC(state, states, desc);

static void count(struct vnicx_test_net *net, struct outcome *o, int sign)
{
	unsigned int i, j;

	for (i = 0; i < FEW; i++) {
		for (j = 0; j < VNICX_NR_COUNTERS; j++)
			o->stat[i][j] += sign * vnicx_test_stat(&net->vnic[i]->port, j);
		for (j = 0; j < VNICX_NR_CAUSES; j++)
			o->cause[i][j] += sign * atomic_long_read(&net->vnic[i]->port.causes[j]);
	}
}

static struct sk_buff *make(struct kunit *test, const u8 *dest, unsigned int source,
			    enum kind kind)
{
	struct sk_buff *skb = vnicx_test_frame(test, dest, source, LEN);

	if (kind == OFFLOADED)
		skb = vnicx_test_tag(skb, Q, 10);
	else if (kind == IN_DATA)
		skb = vnicx_test_tag_data(skb, Q, 10);
	else if (kind == PAUSE)
		((struct ethhdr *)skb->data)->h_proto = htons(ETH_P_PAUSE);
	return skb;
}

/* Let a frame take a walk. */
static void take(struct kunit *test, struct sk_buff *skb, const struct vnicx_test_walk *walk,
		 struct outcome *o)
{
	struct vnicx_test_net *net = test->priv;
	const struct sk_buff *back;
	unsigned int i;

	memset(o, 0, sizeof(*o));
	nr_decisions = 0;
	count(net, o, -1);
	net->walk = walk->walk;
	o->verdict = vnicx_test_receive(net, skb);
	count(net, o, 1);
	o->decisions = nr_decisions;
	back = skb_peek(&net->returned);
	if (back) {
		o->dev = back->dev;
		o->pkt_type = back->pkt_type;
		o->len = back->len;
	}
	for (i = 0; i < FEW; i++)
		o->rx[i] = skb_queue_len(&net->vnic[i]->rx);
	o->wire = skb_queue_len(&net->wire);
	o->host = skb_queue_len(&net->host);
	vnicx_test_purge(net);
}

/* Change the FDB, so that the CPU remembers no destination. */
static void forget(struct kunit *test)
{
	u8 addr[ETH_ALEN];

	vnicx_test_addr(addr, 0x40);
	rtnl_lock();
	KUNIT_EXPECT_EQ(test, 0, vnicx_fdb_add(port(test, 3), addr, VNICX_VID_ANY,
					       VNICX_FDB_ADMIN, GFP_KERNEL));
	vnicx_fdb_del(port(test, 3), addr, VNICX_VID_ANY, VNICX_FDB_ADMIN);
	rtnl_unlock();
}

static void compare(struct kunit *test, const u8 *dest, unsigned int source, enum kind kind)
{
	const struct vnicx_test_walk *walk = vnicx_test_walks;
	struct outcome *o = kunit_kcalloc(test, 3, sizeof(*o), GFP_KERNEL);
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, o);
	take(test, make(test, dest, source, kind), &walk[1], &o[0]);
	forget(test);
	for (i = 1; i < 3; i++) {
		take(test, make(test, dest, source, kind), &walk[0], &o[i]);
		KUNIT_EXPECT_TRUE_MSG(test, !memcmp(&o[0], &o[i], sizeof(*o)),
				      "to %pM from %#x, kind %u, %s: verdict %d, not %d",
				      dest, source, kind, i == 1 ? "first" : "remembered",
				      o[i].verdict, o[0].verdict);
	}
	kunit_kfree(test, o);
}

static void test_walks(struct kunit *test)
{
	const struct state *state = test->param_value;
	unsigned int i, j, k;

	state->set(test);
	for (i = 0; i < ARRAY_SIZE(dests); i++)
		for (j = 0; j < ARRAY_SIZE(sources); j++)
			for (k = 0; k < NR_KINDS; k++)
				compare(test, dests[i], sources[j], k);
}

static int init(struct kunit *test)
{
	struct vnicx_test_net *net = vnicx_test_net(test, FEW);
	u8 addr[ETH_ALEN];

	test->priv = net;
	vnicx_test_addr(addr, IN_ONE);
	KUNIT_ASSERT_EQ(test, 0, vnicx_test_fdb_add(test, port(test, 0), addr, 10));
	vnicx_test_addr(addr, EVERY);
	KUNIT_ASSERT_EQ(test, 0, vnicx_test_fdb_add(test, port(test, 1), addr, VNICX_VID_ANY));
	KUNIT_ASSERT_EQ(test, 0, vnicx_test_group_join(test, port(test, 0), dests[7]));
	return 0;
}

/* The switch takes no port for its only one when the ports go. */
static void end(struct kunit *test)
{
	struct vnicx_test_net *net = test->priv;

	if (net)
		RCU_INIT_POINTER(net->sw->passthru, NULL);
}

static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(test_walks, state_gen_params),
	{}
};

static struct kunit_suite suite = {
	.name = "vnicx_walks",
	.init = init,
	.exit = end,
	.test_cases = cases,
};

kunit_test_suite(suite);
