// SPDX-License-Identifier: GPL-2.0
/*
 * A vNIC's question whether a link-local address is free, and what becomes of the address
 * when the question is lost.
 */
#include <linux/etherdevice.h>
#include <linux/rtnetlink.h>
#include <linux/workqueue.h>
#include <net/addrconf.h>
#include <net/ip6_checksum.h>
#include <net/ndisc.h>

#include "leases.h"

#define VNICS	(VNICX_FLOOD_INLINE + 2)

static struct vnicx_leases *give_policy(struct kunit *test)
{
	struct vnicx_test_net *net = test->priv;
	struct vnicx_leases *leases = make_leases(test, 0);
	struct vnicx_policy policy = { .leases = leases };

	rtnl_lock();
	KUNIT_ASSERT_EQ(test, 0, vnicx_policy_set(&net->vnic[0]->port, &policy));
	vnicx_leases_put(leases);
	rtnl_unlock();
	return leases;
}

static void take_policy(struct vnicx_test_net *net)
{
	rtnl_lock();
	vnicx_policy_set(&net->vnic[0]->port, NULL);
	rtnl_unlock();
}

/* Sends the question for fe80::N, a message of @len bytes and @padding behind it. */
static void ask(struct kunit *test, u8 n, unsigned int len, unsigned int padding)
{
	struct in6_addr addr = { .s6_addr = { 0xfe, 0x80, [15] = n } };
	unsigned int at, size = sizeof(struct ipv6hdr) + len + padding;
	struct vnicx_test_net *net = test->priv;
	struct ipv6hdr *ip;
	struct nd_msg *msg;
	const u8 dest[ETH_ALEN] = { 0x33, 0x33 };
	struct sk_buff *skb;
	struct ethhdr *eth;
	u8 *option;

	skb = vnicx_test_frame(test, dest, 0, size);
	eth = (void *)skb->data;
	ip = (void *)(eth + 1);
	memset(ip, 0, size);
	ip->version = 6;
	ip->nexthdr = IPPROTO_ICMPV6;
	ip->hop_limit = 255;
	ip->payload_len = htons(len);
	addrconf_addr_solict_mult(&addr, &ip->daddr);
	ipv6_eth_mc_map(&ip->daddr, eth->h_dest);
	eth->h_proto = htons(ETH_P_IPV6);
	msg = (void *)(ip + 1);
	msg->icmph.icmp6_type = NDISC_NEIGHBOUR_SOLICITATION;
	msg->target = addr;
	/* options that nobody knows */
	for (at = sizeof(*msg); at < len; at += option[1] * 8) {
		option = (u8 *)msg + at;
		option[0] = 200;
		option[1] = min((len - at) / 8, 255U);
	}
	msg->icmph.icmp6_cksum = csum_ipv6_magic(&ip->saddr, &ip->daddr, len,
						 IPPROTO_ICMPV6,
						 csum_partial(msg, len, 0));
	vnicx_test_send(net, 0, skb);
}

static void test_lost_by_the_lower_device(struct kunit *test)
{
	struct vnicx_leases *leases = give_policy(test);
	struct vnicx_test_net *net = test->priv;

	ask(test, 1, sizeof(struct nd_msg), 0);
	KUNIT_EXPECT_TRUE(test, has_local(leases, 1));
	net->xmit = NET_XMIT_DROP;
	ask(test, 2, sizeof(struct nd_msg), 0);
	KUNIT_EXPECT_FALSE(test, has_local(leases, 2));
	net->xmit = NET_XMIT_CN;
	ask(test, 3, sizeof(struct nd_msg), 0);
	KUNIT_EXPECT_FALSE(test, has_local(leases, 3));
	/* It has been heard before. */
	ask(test, 1, sizeof(struct nd_msg), 0);
	KUNIT_EXPECT_TRUE(test, has_local(leases, 1));
	net->xmit = NETDEV_TX_OK;
	/* With RTNL, so that the core does not stop the lower device's queue. */
	rtnl_lock();
	netif_carrier_off(net->lower);
	ask(test, 4, sizeof(struct nd_msg), 0);
	KUNIT_EXPECT_FALSE(test, has_local(leases, 4));
	netif_carrier_on(net->lower);
	rtnl_unlock();
	/* Nobody else is kept from it. */
	ask(test, 2, sizeof(struct nd_msg), 0);
	KUNIT_EXPECT_TRUE(test, has_local(leases, 2));
	take_policy(net);
}

/* More vNICs listen to the group of the question for fe80::N than are served at once. */
static void listen(struct kunit *test, u8 n)
{
	const u8 group[ETH_ALEN] = { 0x33, 0x33, 0xff, 0, 0, n };
	struct vnicx_test_net *net = test->priv;
	unsigned int i;

	for (i = 1; i < VNICS; i++)
		KUNIT_ASSERT_EQ(test, 0,
				vnicx_test_group_join(test, &net->vnic[i]->port, group));
}

static void stop_worker(struct vnicx_test_net *net)
{
	disable_work_sync(&net->sw->flood.work);
}

static void run_worker(struct vnicx_test_net *net)
{
	enable_work(&net->sw->flood.work);
	schedule_work(&net->sw->flood.work);
	vnicx_test_flush_worker(net);
}

/* Makes all questions of a port older than a neighbour takes to object. */
static void age(struct vnicx_leases *leases)
{
	u32 i;

	for (i = 0; i < leases->nr; i++)
		leases->lease[i].since -= 3;
}

static void object(struct vnicx_leases *leases, u8 n)
{
	struct in6_addr addr = { .s6_addr = { 0xfe, 0x80, [15] = n } };

	rcu_read_lock_bh();
	rcu_read_lock();
	vnicx_lease_contest(leases, &addr, 0);
	rcu_read_unlock();
	rcu_read_unlock_bh();
}

/* The vNICs do not get a copy, as their sender has filled the queue before the worker. */
static void test_lost_before_the_worker(struct kunit *test)
{
	struct vnicx_leases *leases = give_policy(test);
	struct vnicx_test_net *net = test->priv;
	unsigned int i;

	listen(test, 1);
	rtnl_lock();
	for (i = 0; i < VNICS; i++)
		vnicx_port_set_queue_len(&net->vnic[i]->port, 0);
	rtnl_unlock();
	ask(test, 1, sizeof(struct nd_msg), 0);
	KUNIT_EXPECT_FALSE(test, has_local(leases, 1));
	rtnl_lock();
	vnicx_port_set_queue_len(&net->vnic[0]->port, VNICX_BC_QUEUE_LEN);
	rtnl_unlock();
	ask(test, 1, sizeof(struct nd_msg), 0);
	vnicx_test_flush_worker(net);
	KUNIT_EXPECT_TRUE(test, has_local(leases, 1));
	take_policy(net);
}

/* A question that waits before the worker gives the address when the worker has copied it,
 * and the time for objections begins then. Nobody else gets the address meanwhile.
 */
static void test_waits_before_the_worker(struct kunit *test)
{
	struct vnicx_leases *leases = give_policy(test);
	struct vnicx_leases *second = make_leases(test, 1);
	struct vnicx_test_net *net = test->priv;

	listen(test, 1);
	stop_worker(net);
	ask(test, 1, sizeof(struct nd_msg), 0);
	KUNIT_EXPECT_FALSE(test, has_local(leases, 1));
	KUNIT_EXPECT_FALSE(test, claim(second, 1));
	/* An objection counts, however long the question has waited. */
	age(leases);
	object(leases, 1);
	run_worker(net);
	KUNIT_EXPECT_FALSE(test, has_local(leases, 1));

	stop_worker(net);
	ask(test, 1, sizeof(struct nd_msg), 0);
	/* Another one waits for the first. */
	ask(test, 1, sizeof(struct nd_msg), 0);
	KUNIT_EXPECT_FALSE(test, has_local(leases, 1));
	age(leases);
	run_worker(net);
	KUNIT_EXPECT_TRUE(test, has_local(leases, 1));
	object(leases, 1);
	KUNIT_EXPECT_FALSE(test, has_local(leases, 1));
	KUNIT_EXPECT_TRUE(test, claim(second, 1));
	take_policy(net);
	put_leases(second);
}

/* A question for few waits when an earlier frame of the port does. */
static void test_waits_behind_others(struct kunit *test)
{
	struct vnicx_leases *leases = give_policy(test);
	struct vnicx_test_net *net = test->priv;

	listen(test, 1);
	stop_worker(net);
	ask(test, 1, sizeof(struct nd_msg), 0);
	ask(test, 2, sizeof(struct nd_msg), 0);
	KUNIT_EXPECT_FALSE(test, has_local(leases, 2));
	run_worker(net);
	KUNIT_EXPECT_TRUE(test, has_local(leases, 1));
	KUNIT_EXPECT_TRUE(test, has_local(leases, 2));
	take_policy(net);
}

/* Questions that wait bar others from few addresses. One whose port has left the network
 * meanwhile gives nothing.
 */
static void test_many_wait(struct kunit *test)
{
	struct vnicx_leases *leases = give_policy(test);
	struct vnicx_leases *second = make_leases(test, 1);
	struct vnicx_test_net *net = test->priv;
	u8 i;

	for (i = 1; i <= VNICX_LEASES_LOCAL + 1; i++)
		listen(test, i);
	stop_worker(net);
	for (i = 1; i <= VNICX_LEASES_LOCAL + 1; i++)
		ask(test, i, sizeof(struct nd_msg), 0);
	KUNIT_EXPECT_FALSE(test, claim(second, VNICX_LEASES_LOCAL));
	KUNIT_EXPECT_TRUE(test, claim(second, VNICX_LEASES_LOCAL + 1));
	rtnl_lock();
	vnicx_leases_forget(leases);
	rtnl_unlock();
	/* asked anew: the worker comes to the old question first */
	ask(test, 1, sizeof(struct nd_msg), 0);
	KUNIT_EXPECT_FALSE(test, has_local(leases, 1));
	run_worker(net);
	KUNIT_EXPECT_TRUE(test, has_local(leases, 1));
	for (i = 2; i <= VNICX_LEASES_LOCAL + 1; i++)
		KUNIT_EXPECT_FALSE(test, has_local(leases, i));
	KUNIT_EXPECT_TRUE(test, claim(second, 2));
	take_policy(net);
	put_leases(second);
}

/* A device with IPv6 need not take more than 1,280 bytes of it. */
static void test_length(struct kunit *test)
{
	const unsigned int most = IPV6_MIN_MTU - sizeof(struct ipv6hdr);
	struct vnicx_leases *leases = give_policy(test);

	ask(test, 1, most + 8, 0);
	KUNIT_EXPECT_FALSE(test, has_local(leases, 1));
	ask(test, 1, sizeof(struct nd_msg), 1);
	KUNIT_EXPECT_FALSE(test, has_local(leases, 1));
	ask(test, 1, sizeof(struct nd_msg), 2000);
	KUNIT_EXPECT_FALSE(test, has_local(leases, 1));
	ask(test, 1, most, 0);
	KUNIT_EXPECT_TRUE(test, has_local(leases, 1));
	take_policy(test->priv);
}

/* Nobody has an address before its question is out, and an objection ends it by then. */
static void test_settle(struct kunit *test)
{
	struct in6_addr addr = { .s6_addr = { 0xfe, 0x80, [15] = 1 } };
	struct vnicx_leases *first = make_leases(test, 0);
	struct vnicx_leases *second = make_leases(test, 1);
	u32 question, other;

	rcu_read_lock_bh();
	rcu_read_lock();
	KUNIT_EXPECT_TRUE(test, vnicx_lease_claim(first, &addr, 0, &question));
	KUNIT_EXPECT_FALSE(test, has_local(first, 1));
	KUNIT_EXPECT_FALSE(test, vnicx_lease_claim(second, &addr, 0, &other));
	vnicx_lease_contest(first, &addr, 0);
	vnicx_lease_settle(first, question, true);
	KUNIT_EXPECT_FALSE(test, has_local(first, 1));
	/* lost by the worker, after the lower device has taken it */
	KUNIT_EXPECT_TRUE(test, vnicx_lease_claim(first, &addr, 0, &question));
	vnicx_lease_wait(first, question);
	vnicx_lease_settle(first, question, true);
	KUNIT_EXPECT_FALSE(test, has_local(first, 1));
	vnicx_lease_settle(first, question, false);
	/* The old question says nothing about a new one. */
	KUNIT_EXPECT_TRUE(test, vnicx_lease_claim(first, &addr, 0, &other));
	KUNIT_EXPECT_NE(test, question, other);
	vnicx_lease_settle(first, question, true);
	KUNIT_EXPECT_FALSE(test, has_local(first, 1));
	vnicx_lease_settle(first, other, false);
	KUNIT_EXPECT_TRUE(test, vnicx_lease_claim(second, &addr, 0, &other));
	vnicx_lease_settle(second, other, true);
	KUNIT_EXPECT_TRUE(test, has_local(second, 1));
	/* it has it already */
	KUNIT_EXPECT_TRUE(test, vnicx_lease_claim(second, &addr, 0, &other));
	KUNIT_EXPECT_EQ(test, other, 0);
	rcu_read_unlock();
	rcu_read_unlock_bh();
	put_leases(first);
	put_leases(second);
}

static int init(struct kunit *test)
{
	test->priv = vnicx_test_net(test, VNICS);
	return 0;
}

static struct kunit_case dad_cases[] = {
	KUNIT_CASE(test_lost_by_the_lower_device),
	KUNIT_CASE(test_lost_before_the_worker),
	KUNIT_CASE(test_waits_before_the_worker),
	KUNIT_CASE(test_waits_behind_others),
	KUNIT_CASE(test_many_wait),
	KUNIT_CASE(test_length),
	KUNIT_CASE(test_settle),
	{}
};

static struct kunit_suite dad_suite = {
	.name = "vnicx_dad",
	.init = init,
	.test_cases = dad_cases,
};

kunit_test_suite(dad_suite);
