// SPDX-License-Identifier: GPL-2.0
/*
 * A policy that changes all the time, on another CPU than the one that sends: a check
 * that each of the policies has is in force at every moment.
 */
#include <linux/cpumask.h>
#include <linux/etherdevice.h>
#include <linux/ip.h>
#include <linux/kthread.h>
#include <linux/rtnetlink.h>

#include "net.h"

/* Each CPU does so much at least, at the same time: a fault between two writes is
 * seen when a frame comes between them.
 */
#define CHANGES	4000
#define FRAMES	30000

/**
 * struct load - the two frames that must never pass, and who sends them
 * @net: the switch; vNIC 0 has the policy
 * @spoofed: from a MAC address that is not vNIC 0's
 * @ip_spoofed: from an IP address that it may not have
 * @unwanted: from vNIC 1 to an IP address that vNIC 0 may not have
 * @sent: how many were sent of each
 * @passed: how many of the first two passed
 */
struct load {
	struct vnicx_test_net *net;
	struct sk_buff *spoofed;
	struct sk_buff *ip_spoofed;
	struct sk_buff *unwanted;
	unsigned long sent;
	unsigned long passed;
};

struct headers {
	struct ethhdr eth;
	struct iphdr iph;
} __packed;

static struct sk_buff *packet(struct kunit *test, unsigned int dest,
			      unsigned int src, u32 saddr, u32 daddr)
{
	struct sk_buff *skb = vnicx_test_frame_to(test, dest, src, 100);
	struct headers *h = (struct headers *)skb->data;

	h->eth.h_proto = htons(ETH_P_IP);
	memset(&h->iph, 0, sizeof(h->iph));
	h->iph.version = 4;
	h->iph.ihl = sizeof(h->iph) / 4;
	h->iph.tot_len = htons(skb->len - ETH_HLEN);
	h->iph.protocol = 253;
	h->iph.saddr = htonl(saddr);
	h->iph.daddr = htonl(daddr);
	return skb;
}

static bool passes(struct load *load, unsigned int from, struct sk_buff *frame)
{
	struct sk_buff *skb = skb_copy(frame, GFP_ATOMIC);

	return skb && vnicx_test_send(load->net, from, skb) != VNICX_DROPPED;
}

static int send_all(void *data)
{
	struct load *load = data;

	while (!kthread_should_stop()) {
		load->passed += passes(load, 0, load->spoofed);
		load->passed += passes(load, 0, load->ip_spoofed);
		passes(load, 1, load->unwanted);
		WRITE_ONCE(load->sent, load->sent + 1);
		cond_resched();
	}
	return 0;
}

/* A policy with the guards of IP addresses, and other options by number */
static int change(struct vnicx_port *port, struct vnicx_ips *ips, unsigned int n)
{
	struct vnicx_policy policy = {
		.guards = VNICX_GUARD_IP | VNICX_GUARD_IP_IN,
		.ips = ips,
		.isolated = n & 1,
		.class = n & 2 ? 0x10010 : 0,
	};
	unsigned int i;
	int err;

	for (i = 0; i < VNICX_NR_RATES && n & 4; i++)
		vnicx_rate_init(&policy.rate[i], 1ULL << 40, 1U << 30, 2);
	if (n & 8)
		policy.guards |= VNICX_GUARD_RA | VNICX_GUARD_RESTRICTED;
	if (n & 16) {
		policy.vlan.on = true;
		policy.vlan.proto = htons(ETH_P_8021Q);
		policy.vlan.vid = 10;
	}
	rtnl_lock();
	err = vnicx_policy_set(port, &policy);
	rtnl_unlock();
	return err;
}

static void change_all(struct kunit *test, struct load *load,
		       struct vnicx_ips *ips)
{
	struct vnicx_port *port = &load->net->vnic[0]->port;
	unsigned int n;

	for (n = 0; n < CHANGES || READ_ONCE(load->sent) < FRAMES; n++) {
		KUNIT_EXPECT_EQ(test, 0, change(port, ips, n * 7));
		/* vNIC 1 has no VLAN: while vNIC 0 has one, it is on the wire. */
		skb_queue_purge(&load->net->wire);
		cond_resched();
	}
}

static void test_load(struct kunit *test)
{
	const struct vnicx_prefix own = {
		.addr.s6_addr = { 192, 0, 2, 10 }, .len = 32,
	};
	struct load *load = test->priv;
	struct vnicx_port *port = &load->net->vnic[0]->port;
	struct task_struct *sender;
	struct vnicx_ips *ips;
	unsigned int cpu;

	migrate_disable();
	cpu = cpumask_any_but(cpu_online_mask, smp_processor_id());
	if (cpu >= nr_cpu_ids) {
		migrate_enable();
		kunit_skip(test, "one CPU");
	}
	ips = vnicx_ips_make(&own, 1);
	change(port, ips, 0);
	vnicx_policy_set_checks(port, VNICX_CHECK_SPOOF, true);
	sender = kthread_create(send_all, load, "vnicx_load");
	if (!IS_ERR_OR_NULL(sender)) {
		kthread_bind(sender, cpu);
		wake_up_process(sender);
		change_all(test, load, ips);
		kthread_stop(sender);
	}
	migrate_enable();
	KUNIT_EXPECT_FALSE(test, IS_ERR(sender));
	KUNIT_EXPECT_EQ(test, 0, load->passed);
	KUNIT_EXPECT_EQ(test, 0, vnicx_test_stat(port, VNICX_RX_PACKETS));
	kunit_info(test, "%lu frames of each kind", load->sent);

	/* Without the checks, all of them pass. */
	vnicx_policy_set_checks(port, VNICX_CHECK_SPOOF, false);
	rtnl_lock();
	vnicx_policy_set(port, NULL);
	vnicx_ips_put(ips);
	rtnl_unlock();
	KUNIT_EXPECT_TRUE(test, passes(load, 0, load->spoofed));
	vnicx_test_expect_rx(test, load->net, BIT(1));
	vnicx_test_purge(load->net);
	KUNIT_EXPECT_TRUE(test, passes(load, 0, load->ip_spoofed));
	vnicx_test_expect_rx(test, load->net, BIT(1));
	vnicx_test_purge(load->net);
	passes(load, 1, load->unwanted);
	vnicx_test_expect_rx(test, load->net, BIT(0));
}

static int init(struct kunit *test)
{
	struct load *load = kunit_kzalloc(test, sizeof(*load), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, load);
	load->net = vnicx_test_net(test, 2);
	load->spoofed = packet(test, 1, VNICX_TEST_NOBODY, 0xc000020a, 0xc000020b);
	load->ip_spoofed = packet(test, 1, 0, 0xc0000263, 0xc000020b);
	load->unwanted = packet(test, 0, 1, 0xc000020b, 0xc0000263);
	test->priv = load;
	return 0;
}

static void finish(struct kunit *test)
{
	struct load *load = test->priv;

	if (!load)
		return;
	kfree_skb(load->spoofed);
	kfree_skb(load->ip_spoofed);
	kfree_skb(load->unwanted);
}

static struct kunit_case cases[] = {
	KUNIT_CASE_SLOW(test_load),
	{}
};

static struct kunit_suite suite = {
	.name = "vnicx_policy_load",
	.init = init,
	.exit = finish,
	.test_cases = cases,
};

kunit_test_suite(suite);
