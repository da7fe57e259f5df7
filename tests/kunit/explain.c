// SPDX-License-Identifier: GPL-2.0
/*
 * Explanations: each says what becomes of the same frame right afterwards, and changes
 * nothing itself. answers.c has the rest of what they say.
 */
#include <linux/bitmap.h>
#include <linux/etherdevice.h>
#include <linux/rtnetlink.h>
#include <vnicx/explain.h>

#include "../../switch/trace.h"
#include "explain.h"
#include "vlan.h"

#define FEW	4

/* VLANs that a policy puts a vNIC in */
enum vlans { NONE, ACCESS_10, ACCESS_11, ACCESS_AD, TRUNK, NR_VLANS };

static const u8 dests[][ETH_ALEN] = {
	VNICX_TEST_ADDR(0),
	VNICX_TEST_ADDR(1),
	VNICX_TEST_ADDR(VNICX_TEST_LOWER),
	VNICX_TEST_ADDR(VNICX_TEST_NOBODY),
	VNICX_TEST_GROUP(1),
	VNICX_TEST_GROUP(2),
	{ 0xff, 0xff, 0xff, 0xff, 0xff, 0xff },
	{ 0x01, 0x80, 0xc2, 0, 0, 0x00 },
	{ 0x01, 0x80, 0xc2, 0, 0, 0x01 },
	{ 0x01, 0x80, 0xc2, 0, 0, 0x0e },
};

static const u16 vids[] = { VNICX_VID_NONE, 10, 20 };

static const enum vnicx_mode modes[] = {
	VNICX_MODE_BRIDGE, VNICX_MODE_VEPA, VNICX_MODE_PRIVATE, VNICX_MODE_SOURCE,
};

/* The causes by which the sender's policy counts a frame, by the reason */
static const u8 causes[] = {
	[VNICX_REASON_TX_DISABLED] = VNICX_CAUSE_TX_DISABLED,
	[VNICX_REASON_TX_VLAN] = VNICX_CAUSE_TX_VLAN,
	[VNICX_REASON_TX_SPOOFED] = VNICX_CAUSE_TX_SPOOFED,
	[VNICX_REASON_TX_ISOLATED] = VNICX_CAUSE_TX_ISOLATED,
};

/* The reasons by which forward.c drops a frame, by the reason */
static const u32 drops[] = {
	[VNICX_REASON_TX_ISOLATED] = SKB_DROP_REASON_TAP_FILTER,
	[VNICX_REASON_OTHERHOST] = SKB_DROP_REASON_OTHERHOST,
	[VNICX_REASON_UNHANDLED_PROTO] = SKB_DROP_REASON_UNHANDLED_PROTO,
};

/* The first decision about a frame that is traced; the default path may follow. */
static struct {
	unsigned int n;
	u8 class;
	u16 vid;
	u8 decision;
	u32 reason;
	const struct vnicx_port *out;
} walked;

/* All that frames count, of all ports */
struct counts {
	u64 stat[VNICX_NR_COUNTERS];
	long cause[VNICX_NR_CAUSES];
};

static void walk(void *data, const struct sk_buff *skb, const struct vnicx_port *in,
		 const struct vnicx_port *out, u8 class, u16 vid, u8 decision, u32 reason)
{
	if (walked.n++)
		return;
	walked.class = class;
	walked.vid = vid;
	walked.decision = decision;
	walked.reason = reason;
	walked.out = out;
}

static void end_walk(void *context)
{
	unregister_trace_vnicx_forward(walk, NULL);
	tracepoint_synchronize_unregister();
}

static int init(struct kunit *test)
{
	struct vnicx_test_net *net = vnicx_test_net(test, FEW);
	unsigned int i;

	test->priv = net;
	if (!IS_ENABLED(CONFIG_TRACEPOINTS))
		kunit_skip(test, "the kernel has no tracepoints");
	KUNIT_ASSERT_EQ(test, register_trace_vnicx_forward(walk, NULL), 0);
	KUNIT_ASSERT_EQ(test, kunit_add_action_or_reset(test, end_walk, NULL), 0);
	for (i = 1; i < FEW; i++) {
		KUNIT_ASSERT_EQ(test, 0, vnicx_test_group_join(test, &net->vnic[i]->port,
							       dests[4]));
	}
	return 0;
}

static void count(const struct vnicx_test_net *net, struct counts *counts)
{
	const struct vnicx_port *port;
	unsigned int i, j;

	memset(counts, 0, sizeof(*counts));
	for (i = 0; i < net->nr_vnics; i++) {
		port = &net->vnic[i]->port;
		for (j = 0; j < VNICX_NR_COUNTERS; j++)
			counts->stat[j] += vnicx_test_stat(port, j);
		for (j = 0; j < VNICX_NR_CAUSES; j++)
			counts->cause[j] += atomic_long_read(&port->causes[j]);
	}
}

/* Return a bit for the number of each port that got a frame. */
static unsigned long receivers(const struct vnicx_test_net *net)
{
	unsigned long set = 0;
	unsigned int i;

	if (!skb_queue_empty(&net->wire))
		set |= BIT(net->sw->uplink.id);
	if (!skb_queue_empty(&net->host))
		set |= BIT(net->sw->host.id);
	for (i = 0; i < net->nr_vnics; i++)
		if (!skb_queue_empty(&net->vnic[i]->rx))
			set |= BIT(net->vnic[i]->port.id);
	return set;
}

static enum vnicx_verdict send(struct kunit *test, const struct vnicx_question *q)
{
	struct sk_buff *skb = vnicx_test_frame(test, q->dest, 0, LEN);

	ether_addr_copy(skb->data + ETH_ALEN, q->source);
	if (q->vid)
		vnicx_test_tag(skb, Q, q->vid);
	return vnicx_test_send(test->priv, 0, skb);
}

/* Expect that an answer fits the counters: its reason is the cause, if it has one. */
static void expect_causes(struct kunit *test, const struct vnicx_answer *a,
			  const struct counts *before, const struct counts *after)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(causes); i++) {
		if (!causes[i] && i != VNICX_REASON_TX_DISABLED)
			continue;
		KUNIT_EXPECT_EQ_MSG(test, after->cause[causes[i]] - before->cause[causes[i]],
				    a->reason == i, "reason %u, not %u", a->reason, i);
	}
	KUNIT_EXPECT_EQ(test, a->reason == VNICX_REASON_RX_VLAN,
			after->cause[VNICX_CAUSE_RX_VLAN] -
			before->cause[VNICX_CAUSE_RX_VLAN]);
}

/* Expect that an answer is the decision that was made: none for a frame that the
 * sender's policy dropped.
 */
static void expect_walk(struct kunit *test, const struct vnicx_answer *a)
{
	if (!walked.n) {
		KUNIT_EXPECT_EQ(test, a->decision, VNICX_DECIDE_DROP);
		KUNIT_EXPECT_TRUE(test, a->reason == VNICX_REASON_TX_DISABLED ||
				  a->reason == VNICX_REASON_TX_VLAN ||
				  a->reason == VNICX_REASON_TX_SPOOFED);
		return;
	}
	KUNIT_EXPECT_EQ(test, a->class, walked.class);
	KUNIT_EXPECT_EQ(test, a->vid, walked.vid);
	KUNIT_EXPECT_EQ(test, a->decision, walked.decision);
	KUNIT_EXPECT_EQ(test, walked.reason,
			a->reason < ARRAY_SIZE(drops) ? drops[a->reason] : 0);
	if (walked.decision == VNICX_DECIDE_PORT)
		KUNIT_EXPECT_EQ(test, a->owner, walked.out->id);
}

/* Ask about a frame, send it, and compare. */
static void compare(struct kunit *test, const struct vnicx_question *q)
{
	struct vnicx_test_net *net = test->priv;
	struct counts before, asked, after;
	enum vnicx_verdict verdict;
	unsigned long said = 0;
	struct vnicx_answer a;
	unsigned int i;

	count(net, &before);
	walked.n = 0;
	vnicx_test_explain(test, q, &a);
	count(net, &asked);
	KUNIT_EXPECT_EQ_MSG(test, walked.n, 0, "to explain traces");
	KUNIT_EXPECT_MEMEQ(test, &before, &asked, sizeof(before));
	KUNIT_EXPECT_EQ_MSG(test, receivers(net), 0, "to explain sends");

	verdict = send(test, q);
	count(net, &after);
	for (i = 0; i < a.nr; i++)
		said |= BIT(a.port[i]);
	KUNIT_EXPECT_EQ(test, hweight_long(said), a.nr);
	KUNIT_EXPECT_EQ_MSG(test, receivers(net), said,
			    "to %pM from %pM, VID %u: decision %u, reason %u",
			    q->dest, q->source, q->vid, a.decision, a.reason);
	KUNIT_EXPECT_EQ(test, verdict == VNICX_DROPPED, a.decision == VNICX_DECIDE_DROP);
	expect_causes(test, &a, &before, &after);
	expect_walk(test, &a);
	vnicx_test_purge(net);
}

/* Compare frames of all kinds, from an address. */
static void compare_all(struct kunit *test, unsigned int source)
{
	struct vnicx_question q;
	unsigned int i, j;

	vnicx_test_addr(q.source, source);
	for (i = 0; i < ARRAY_SIZE(dests); i++) {
		for (j = 0; j < ARRAY_SIZE(vids); j++) {
			ether_addr_copy(q.dest, dests[i]);
			q.vid = vids[j];
			compare(test, &q);
		}
	}
}

static void set_policy(struct kunit *test, unsigned int i, enum vlans vlans,
		       bool isolated)
{
	DECLARE_BITMAP(members, VLAN_N_VID) = {};
	struct vnicx_policy policy = {
		.isolated = isolated,
		.vlan.on = vlans != NONE,
		.vlan.proto = htons(vlans == ACCESS_AD ? AD : Q),
		.vlan.vid = vlans == ACCESS_11 ? 11 : 10,
	};

	if (vlans == TRUNK) {
		__set_bit(10, members);
		__set_bit(20, members);
		policy.vlan.vids = members;
		policy.vlan.tagged = true;
	}
	vnicx_test_policy(test, i, &policy);
}

static void set_mode(struct vnicx_test_net *net, unsigned int i, enum vnicx_mode mode)
{
	rtnl_lock();
	vnicx_port_set_mode(&net->vnic[i]->port, mode);
	rtnl_unlock();
}

static void test_modes(struct kunit *test)
{
	struct vnicx_test_net *net = test->priv;
	unsigned int i, j;

	for (i = 0; i < ARRAY_SIZE(modes); i++) {
		for (j = 0; j < ARRAY_SIZE(modes); j++) {
			set_mode(net, 0, modes[i]);
			set_mode(net, 1, modes[j]);
			compare_all(test, 0);
		}
	}
}

static void test_vlans_and_isolation(struct kunit *test)
{
	unsigned int i, j, isolated;

	for (i = 0; i < NR_VLANS; i++) {
		for (j = 0; j < NR_VLANS; j++) {
			for (isolated = 0; isolated < 4; isolated++) {
				set_policy(test, 0, i, isolated & 1);
				set_policy(test, 1, j, isolated & 2);
				compare_all(test, 0);
			}
		}
	}
}

/* States, each of which is a bit */
enum { DOWN, HOST_OFF, FLOOD, SPOOFCHK, DISABLED, OTHER_MODE, NR_STATES };

static void set_states(struct vnicx_test_net *net, unsigned long states)
{
	struct vnicx_port *in = &net->vnic[0]->port, *out = &net->vnic[1]->port;

	vnicx_port_set_rx_flags(&net->vnic[2]->port,
				states & BIT(FLOOD) ? VNICX_RX_PROMISC : 0);
	rtnl_lock();
	if (states & BIT(DOWN) && out->up)
		vnicx_port_down(out);
	if (!(states & BIT(DOWN)) && !out->up)
		vnicx_port_up(out);
	vnicx_switch_set_host(net->sw, !(states & BIT(HOST_OFF)));
	vnicx_port_set_flood(&net->vnic[2]->port, states & BIT(FLOOD));
	vnicx_policy_set_checks(in, VNICX_CHECK_SPOOF, states & BIT(SPOOFCHK));
	vnicx_policy_set_checks(in, VNICX_CHECK_DISABLED, states & BIT(DISABLED));
	vnicx_port_set_mode(in, states & BIT(OTHER_MODE) ? VNICX_MODE_VEPA :
							     VNICX_MODE_BRIDGE);
	rtnl_unlock();
}

static void test_states(struct kunit *test)
{
	struct vnicx_test_net *net = test->priv;
	unsigned long states;

	set_policy(test, 3, ACCESS_10, false);
	for (states = 0; states < BIT(NR_STATES); states++) {
		set_states(net, states);
		set_policy(test, 0, states & BIT(DOWN) ? NONE : ACCESS_10, false);
		compare_all(test, 0);
		compare_all(test, VNICX_TEST_NOBODY);
	}
}

static struct kunit_case cases[] = {
	KUNIT_CASE(test_modes),
	KUNIT_CASE(test_vlans_and_isolation),
	KUNIT_CASE(test_states),
	{}
};

static struct kunit_suite suite = {
	.name = "vnicx_explain",
	.init = init,
	.test_cases = cases,
};

kunit_test_suite(suite);
