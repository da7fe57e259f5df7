// SPDX-License-Identifier: GPL-2.0
/*
 * Frames that go past the core's transmit path, and what keeps them from it.
 */
#include <linux/etherdevice.h>
#include <linux/if_vlan.h>
#include <linux/tracepoint.h>

#include "../../switch/out/noqueue.h"
#include "net.h"

#define LEN	100

/**
 * struct noqueue_case - a frame, a lower device, and who transmits the one by the other
 * @desc: what is special
 * @arrange: makes it so; bottom halves are disabled
 * @undo: undoes what would outlast frame and device, or NULL
 * @core: whether the core transmits the frame
 */
struct noqueue_case {
	const char *desc;
	void (*arrange)(struct vnicx_test_net *net, struct sk_buff *skb);
	void (*undo)(struct vnicx_test_net *net);
	bool core;
};

static int init(struct kunit *test)
{
	test->priv = vnicx_test_net(test, 1);
	return 0;
}

static void plain(struct vnicx_test_net *net, struct sk_buff *skb)
{
}

static void super(struct vnicx_test_net *net, struct sk_buff *skb)
{
	skb_shinfo(skb)->gso_size = LEN / 2;
}

static void stamped(struct vnicx_test_net *net, struct sk_buff *skb)
{
	skb_shinfo(skb)->tx_flags = SKBTX_SW_TSTAMP;
}

static void routed(struct vnicx_test_net *net, struct sk_buff *skb)
{
	skb_dst_set_noref(skb, net->sw->seen);
}

/* As a routed frame still is, whose queue at the vNIC tc has chosen. */
static void from_napi(struct vnicx_test_net *net, struct sk_buff *skb)
{
#ifdef CONFIG_XPS
	skb->sender_cpu = nr_cpu_ids + 1;
#endif
}

static void from_last_cpu(struct vnicx_test_net *net, struct sk_buff *skb)
{
#ifdef CONFIG_XPS
	skb->sender_cpu = nr_cpu_ids;
#endif
}

static void tagged(struct vnicx_test_net *net, struct sk_buff *skb)
{
	__vlan_hwaccel_put_tag(skb, htons(ETH_P_8021Q), 5);
}

static void tagged_by_device(struct vnicx_test_net *net, struct sk_buff *skb)
{
	net->lower->features |= NETIF_F_HW_VLAN_CTAG_TX;
	tagged(net, skb);
}

static void summed(struct vnicx_test_net *net, struct sk_buff *skb)
{
	skb->protocol = htons(ETH_P_IP);
	skb->ip_summed = CHECKSUM_PARTIAL;
	skb->csum_start = skb_headroom(skb) + ETH_HLEN + 20;
	skb->csum_offset = 16;
}

static void summed_by_device(struct vnicx_test_net *net, struct sk_buff *skb)
{
	net->lower->features |= NETIF_F_HW_CSUM;
	summed(net, skb);
}

static void sctp(struct vnicx_test_net *net, struct sk_buff *skb)
{
	summed_by_device(net, skb);
	skb->csum_not_inet = 1;
}

static void tunnelled(struct vnicx_test_net *net, struct sk_buff *skb)
{
	net->lower->hw_enc_features |= NETIF_F_HW_CSUM;
	summed_by_device(net, skb);
	skb->encapsulation = 1;
}

static void in_pieces(struct vnicx_test_net *net, struct sk_buff *skb)
{
	struct page *page = alloc_page(GFP_ATOMIC);

	if (page)
		skb_add_rx_frag(skb, 0, page, 0, 8, PAGE_SIZE);
}

static void in_pieces_by_device(struct vnicx_test_net *net, struct sk_buff *skb)
{
	net->lower->features |= NETIF_F_SG | NETIF_F_HIGHDMA;
	in_pieces(net, skb);
}

static void taken_down(struct vnicx_test_net *net, struct sk_buff *skb)
{
	net->lower->flags &= ~IFF_UP;
}

static void back_up(struct vnicx_test_net *net)
{
	net->lower->flags |= IFF_UP;
}

static void stopped(struct vnicx_test_net *net, struct sk_buff *skb)
{
	netif_stop_queue(net->lower);
}

static void started(struct vnicx_test_net *net)
{
	netif_start_queue(net->lower);
}

static void lockless(struct vnicx_test_net *net, struct sk_buff *skb)
{
	netdev_set_lltx(net->lower);
}

static void lockless_stopped(struct vnicx_test_net *net, struct sk_buff *skb)
{
	lockless(net, skb);
	stopped(net, skb);
}

static void locked(struct vnicx_test_net *net, struct sk_buff *skb)
{
	__netif_tx_lock(netdev_get_tx_queue(net->lower, 0), smp_processor_id());
}

static void unlocked(struct vnicx_test_net *net)
{
	__netif_tx_unlock(netdev_get_tx_queue(net->lower, 0));
}

static void deep(struct vnicx_test_net *net, struct sk_buff *skb)
{
	while (!dev_xmit_recursion())
		dev_xmit_recursion_inc();
}

static void shallow(struct vnicx_test_net *net)
{
	while (dev_recursion_level())
		dev_xmit_recursion_dec();
}

static int capture(struct sk_buff *skb, struct net_device *dev,
		   struct packet_type *type, struct net_device *orig)
{
	kfree_skb(skb);
	return 0;
}

static struct packet_type capturing = {
	.type = htons(ETH_P_ALL),
	.func = capture,
};

static void captured(struct vnicx_test_net *net, struct sk_buff *skb)
{
	capturing.dev = net->lower;
	dev_add_pack(&capturing);
}

static void not_captured(struct vnicx_test_net *net)
{
	__dev_remove_pack(&capturing);
}

static const struct noqueue_case cases[] = {
	{ "a plain frame", plain },
	{ "a frame with a tag that the device inserts", tagged_by_device },
	{ "a frame with a checksum that the device stores", summed_by_device },
	{ "a frame in pieces that the device gathers", in_pieces_by_device },
	{ "a frame of the last CPU", from_last_cpu },
	{ "a device without a lock", lockless },
	{ "a super-frame", super, NULL, true },
	{ "a frame whose sender wants its time", stamped, NULL, true },
	{ "a frame with a route", routed, NULL, true },
	{ "a frame that has the NAPI instance it was received by", from_napi, NULL,
	  IS_ENABLED(CONFIG_XPS) },
	{ "a frame with a tag", tagged, NULL, true },
	{ "a frame with a checksum to store", summed, NULL, true },
	{ "a frame of SCTP with a checksum to store", sctp, NULL, true },
	{ "a frame of a tunnel with a checksum to store", tunnelled, NULL, true },
	{ "a frame in pieces", in_pieces, NULL, true },
	{ "a device that is down", taken_down, back_up, true },
	{ "a device whose queue is stopped", stopped, started, true },
	{ "a device without a lock whose queue is stopped", lockless_stopped, started, true },
	{ "a device whose queue this CPU has locked", locked, unlocked, true },
	{ "the innermost transmit call", deep, shallow, true },
	{ "a capture", captured, not_captured, true },
};

static void describe(const struct noqueue_case *c, char *desc)
{
	strscpy(desc, c->desc, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(noqueue, cases, describe);

static struct sk_buff *frame(struct kunit *test)
{
	struct vnicx_test_net *net = test->priv;
	struct sk_buff *skb = vnicx_test_frame_to(test, VNICX_TEST_NOBODY, 0, LEN);

	skb_reset_mac_header(skb);
	skb->dev = net->lower;
	return skb;
}

/* The core gets the frame as it was, or the driver has it. */
static void expect_transmitter(struct kunit *test, struct sk_buff *skb, int code,
			       bool core)
{
	KUNIT_EXPECT_EQ(test, code, core ? NETDEV_TX_BUSY : NETDEV_TX_OK);
	vnicx_test_expect_out(test, test->priv, core ? 0 : 1, 0);
	if (code == NETDEV_TX_BUSY)
		kfree_skb(skb);
}

static void test_transmitter(struct kunit *test)
{
	const struct noqueue_case *c = test->param_value;
	struct vnicx_test_net *net = test->priv;
	struct sk_buff *skb = frame(test);
	int code;

	local_bh_disable();
	c->arrange(net, skb);
	code = vnicx_noqueue_xmit(&net->vnic[0]->port, skb);
	if (c->undo)
		c->undo(net);
	local_bh_enable();
	synchronize_net();
	expect_transmitter(test, skb, code, c->core);
}

/* The driver finds in a frame what the core leaves there. */
static void test_headers(struct kunit *test)
{
	struct vnicx_test_net *net = test->priv;
	struct sk_buff *skb = frame(test);

	skb_set_queue_mapping(skb, 3);
	qdisc_skb_cb(skb)->pkt_len = 0;
	local_bh_disable();
	summed_by_device(net, skb);
	vnicx_noqueue_xmit(&net->vnic[0]->port, skb);
	local_bh_enable();

	KUNIT_EXPECT_PTR_EQ(test, vnicx_test_only(test, &net->wire), skb);
	KUNIT_EXPECT_EQ(test, skb_get_queue_mapping(skb), 0);
	KUNIT_EXPECT_EQ(test, skb_transport_offset(skb), ETH_HLEN + 20);
	KUNIT_EXPECT_EQ(test, qdisc_skb_cb(skb)->pkt_len, ETH_HLEN + LEN);
}

/* Before a queue is chosen, the NAPI instance of a frame gives way to the CPU. */
static void test_napi(struct kunit *test)
{
	struct vnicx_test_net *net = test->priv;
	struct sk_buff *skb = frame(test);
	int code;

	local_bh_disable();
	net->lower->real_num_tx_queues = net->lower->num_tx_queues;
	from_napi(net, skb);
	code = vnicx_noqueue_xmit(&net->vnic[0]->port, skb);
	net->lower->real_num_tx_queues = 1;
#ifdef CONFIG_XPS
	KUNIT_EXPECT_EQ(test, skb->sender_cpu, smp_processor_id() + 1);
#endif
	local_bh_enable();
	expect_transmitter(test, skb, code, false);
}

/* A driver's transmit call counts as nested in the caller's. */
static void test_depth(struct kunit *test)
{
	struct vnicx_test_net *net = test->priv;
	struct sk_buff *skb = frame(test);

	local_bh_disable();
	dev_xmit_recursion_inc();
	vnicx_noqueue_xmit(&net->vnic[0]->port, skb);
	dev_xmit_recursion_dec();
	KUNIT_EXPECT_EQ(test, dev_recursion_level(), 0);
	local_bh_enable();
	KUNIT_EXPECT_EQ(test, net->depth, 2);
}

static const char *const events[] = {
	"net_dev_queue", "net_dev_start_xmit", "net_dev_xmit",
};

static void describe_event(const char *const *event, char *desc)
{
	strscpy(desc, *event, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(event, events, describe_event);

struct wanted {
	const char *name;
	struct tracepoint *point;
};

static void find(struct tracepoint *point, void *context)
{
	struct wanted *wanted = context;

	if (!strcmp(point->name, wanted->name))
		wanted->point = point;
}

static void probe(void *unused)
{
}

static void test_event(struct kunit *test)
{
	struct wanted wanted = { .name = *(const char *const *)test->param_value };
	struct vnicx_test_net *net = test->priv;
	struct sk_buff *skb = frame(test);
	int code;

	if (!IS_ENABLED(CONFIG_TRACEPOINTS)) {
		kfree_skb(skb);
		kunit_skip(test, "the kernel has no tracepoints");
	}
	for_each_kernel_tracepoint(find, &wanted);
	KUNIT_ASSERT_NOT_NULL(test, wanted.point);
	KUNIT_ASSERT_EQ(test, 0, tracepoint_probe_register(wanted.point, probe, NULL));
	local_bh_disable();
	code = vnicx_noqueue_xmit(&net->vnic[0]->port, skb);
	local_bh_enable();
	tracepoint_probe_unregister(wanted.point, probe, NULL);
	tracepoint_synchronize_unregister();
	expect_transmitter(test, skb, code, true);
}

static struct kunit_case noqueue_cases[] = {
	KUNIT_CASE_PARAM(test_transmitter, noqueue_gen_params),
	KUNIT_CASE(test_headers),
	KUNIT_CASE(test_napi),
	KUNIT_CASE(test_depth),
	KUNIT_CASE_PARAM(test_event, event_gen_params),
	{}
};

static struct kunit_suite suite = {
	.name = "vnicx_noqueue",
	.init = init,
	.test_cases = noqueue_cases,
};

kunit_test_suite(suite);
