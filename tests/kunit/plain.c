// SPDX-License-Identifier: GPL-2.0
/*
 * Decisions without the parser: they let no frame pass that the parser's guards would
 * stop, and none unseen that says something about addresses.
 */
#include <linux/etherdevice.h>
#include <linux/prandom.h>
#include <linux/random.h>
#include <linux/rtnetlink.h>
#include <net/ipv6.h>
#include <net/ndisc.h>
#include <vnicx/direct.h>

#include "../../switch/policy/guard.h"
#include "../../switch/snoop.h"
#include "net.h"
#include "packets.h"

#define ROUNDS		60000

/* Most of what hosts send, for whom the short ways are */
static const struct vnicx_test_packet common[] = {
	{ "TCP", BYTES(ETH(0x0800), IP4(6), TCP, ZERO8) },
	{ "UDP", BYTES(ETH(0x0800), IP4(17), UDP(53), ZERO8) },
	{ "TCP over IPv6", BYTES(ETH(0x86dd), IP6(6, 20), TCP, ZERO8) },
	{ "UDP over IPv6", BYTES(ETH(0x86dd), IP6(17, 8), UDP(53), ZERO8) },
	{ "DHCPv6 request", BYTES(ETH(0x86dd), IP6(17, 8), UDP(547), 3, ZERO8) },
	{ "DHCPv6 reply", BYTES(ETH(0x86dd), IP6(17, 8), UDP(546), 7, ZERO8) },
	{ "TCP of a link-local address",
	  BYTES(ETH(0x86dd), 0x60, 0, 0, 0, BE16(20), 6, 255, 0xfe, 0x80, 0, 0, ZERO8,
		0, 0, 0, 9, TARGET, TCP, ZERO8) },
	{ "TCP of nobody", BYTES(ETH(0x86dd), IP6_NOBODY(6, 20), TCP, ZERO8) },
	{ "NS", BYTES(ETH(0x86dd), IP6(58, 32), NS, OPT(1, 1)) },
	{ "NA", BYTES(ETH(0x86dd), IP6(58, 32), NA, OPT(2, 1)) },
};

static u32 some(struct rnd_state *rnd, u32 below)
{
	return prandom_u32_state(rnd) % below;
}

/* A packet of the parser's test or a common one, some of its bytes changed, or of
 * its addresses or its ports, with a checksum that is yet to be made somewhere
 */
static struct sk_buff *some_packet(struct rnd_state *rnd, enum vnicx_test_form form)
{
	static const u16 ports[] = { 53, 67, 68, 546, 547 };
	static const u8 protos[] = { 6, 17, 1, 58, 0, 44, 50 };
	const struct vnicx_test_packet *c;
	u8 bytes[512];
	u32 len, n;

	c = some(rnd, 4) ? &common[some(rnd, ARRAY_SIZE(common))] :
			   &vnicx_test_packets[some(rnd, vnicx_test_nr_packets)];
	len = min_t(u32, c->len, sizeof(bytes));
	memcpy(bytes, c->bytes, len);
	bytes[0] = 2;
	for (n = some(rnd, 4) ? 0 : some(rnd, 3); n; n--)
		bytes[some(rnd, min_t(u32, len, 64))] = prandom_u32_state(rnd);
	if (len > 23 && !some(rnd, 8))
		bytes[some(rnd, 2) ? 23 : 20] = protos[some(rnd, ARRAY_SIZE(protos))];
	if (len > 57 && !some(rnd, 4))
		put_unaligned_be16(ports[some(rnd, ARRAY_SIZE(ports))],
				   bytes + (some(rnd, 2) ? 36 : 56));
	if (len > 37 && !some(rnd, 4))
		bytes[some(rnd, 2) ? 29 : 37] = some(rnd, 3);
	if (!some(rnd, 8))
		len = ETH_HLEN + some(rnd, len - ETH_HLEN + 1);
	return vnicx_test_packet(bytes, len, form, 0);
}

static void some_checksum(struct rnd_state *rnd, struct sk_buff *skb)
{
	if (some(rnd, 3))
		return;
	skb->ip_summed = CHECKSUM_PARTIAL;
	skb->csum_start = skb->mac_header + some(rnd, 80);
	skb->csum_offset = some(rnd, 20);
}

/* Some guards of some addresses, with a list or leases */
static void some_policy(struct rnd_state *rnd, struct vnicx_policy *policy,
			struct vnicx_ips *const lists[2], struct vnicx_leases *leases)
{
	*policy = (struct vnicx_policy) {
		.guards = prandom_u32_state(rnd),
		.ips = some(rnd, 2) ? lists[some(rnd, 2)] : NULL,
		.leases = some(rnd, 2) ? leases : NULL,
	};
}

/* A list of the packets' addresses, and one of all addresses */
static void make_lists(struct kunit *test, struct vnicx_ips *lists[2])
{
	static const struct vnicx_prefix own[] = {
		{ .addr.s6_addr = { 192, 0, 2, 1 }, .len = 32 },
		{ .addr.s6_addr = { 0x20, 0x01, 0x0d, 0xb8 }, .len = 127, .v6 = true },
	};
	static const struct vnicx_prefix all[] = { { .v6 = false }, { .v6 = true } };

	lists[0] = vnicx_ips_make(own, ARRAY_SIZE(own));
	lists[1] = vnicx_ips_make(all, ARRAY_SIZE(all));
	KUNIT_ASSERT_NOT_NULL(test, lists[0]);
	KUNIT_ASSERT_NOT_NULL(test, lists[1]);
}

/* 192.0.2.1, the prefix of the packets, and fe80::9 in VLAN 5 */
static struct vnicx_leases *make_leases(struct kunit *test, struct vnicx_port *port)
{
	struct in6_addr net = { .s6_addr = { 0x20, 0x01, 0x0d, 0xb8 } };
	struct vnicx_leases *leases = vnicx_leases_make(port);
	struct in6_addr addr, local = { .s6_addr = { 0xfe, 0x80, [15] = 9 } };
	u32 vlan = vnicx_vlan_tag(htons(ETH_P_8021Q), 5), question;

	KUNIT_ASSERT_NOT_NULL(test, leases);
	ipv6_addr_set_v4mapped(htonl(0xc0000201), &addr);
	rcu_read_lock_bh();
	rcu_read_lock();
	KUNIT_EXPECT_TRUE(test, vnicx_lease_give(leases, &addr, 128, 3600, 0));
	KUNIT_EXPECT_TRUE(test, vnicx_lease_give(leases, &net, 64, 3600, 0));
	KUNIT_EXPECT_TRUE(test, vnicx_lease_claim(leases, &local, vlan, &question));
	vnicx_lease_settle(leases, question, true);
	rcu_read_unlock();
	rcu_read_unlock_bh();
	return leases;
}

/* Tell whether a checksum that is yet to be made can change what guards read: UDP's
 * length and checksum are none of that.
 */
static bool changes(const struct sk_buff *skb, struct vnicx_parsed p)
{
	if (p.upper == IPPROTO_UDP && p.at)
		p.end = p.at + offsetof(struct udphdr, len);
	return !vnicx_guard_keeps(skb, &p);
}

/* Tell whether the parser's guards stop a frame, or have something to note. */
static bool stopped(const struct sk_buff *skb, const struct vnicx_policy *policy)
{
	struct vnicx_parsed p;
	bool stops;

	vnicx_parse(skb, &p);
	p.vlan = skb_vlan_tag_present(skb) ?
		 vnicx_vlan_tag(skb->vlan_proto, skb_vlan_tag_get_id(skb)) : 0;
	rcu_read_lock();
	stops = p.packet == VNICX_PACKET_UNDETERMINED || p.nr_claims ||
		changes(skb, p) || p.dhcp == VNICX_DHCP_CLIENT ||
		vnicx_guard_judge(policy, &p) != VNICX_NR_CAUSES;
	rcu_read_unlock();
	return stops;
}

static void test_guards(struct kunit *test)
{
	struct vnicx_test_net *net = vnicx_test_net(test, 2);
	struct vnicx_port *port = &net->vnic[1]->port;
	int i, passed4 = 0, passed6 = 0;
	struct vnicx_leases *leases;
	u64 seed = get_random_u32();
	struct vnicx_policy policy;
	struct vnicx_ips *lists[2];
	struct rnd_state rnd;
	struct sk_buff *skb;
	bool plain;

	kunit_info(test, "seed %llu", seed);
	prandom_seed_state(&rnd, seed);
	rtnl_lock();
	make_lists(test, lists);
	leases = make_leases(test, port);
	rtnl_unlock();
	for (i = 0; i < ROUNDS; i++) {
		skb = some_packet(&rnd, VNICX_TEST_LINEAR);
		some_checksum(&rnd, skb);
		if (!some(&rnd, 8))
			__vlan_hwaccel_put_tag(skb, htons(ETH_P_8021Q), 5);
		some_policy(&rnd, &policy, lists, leases);
		rcu_read_lock_bh();
		rcu_read_lock();
		plain = vnicx_policy_is_plain(port, skb) &&
			vnicx_guard_allows_plain(&policy, skb);
		rcu_read_unlock();
		rcu_read_unlock_bh();
		if (plain && stopped(skb, &policy)) {
			KUNIT_FAIL(test, "passes, guards %#x: %*ph",
				   policy.guards, (int)min(skb->len, 64u), skb->data);
			i = ROUNDS;
		}
		passed4 += plain && eth_hdr(skb)->h_proto == htons(ETH_P_IP);
		passed6 += plain && eth_hdr(skb)->h_proto == htons(ETH_P_IPV6);
		kfree_skb(skb);
	}
	kunit_info(test, "%d of IPv4 and %d of IPv6 pass", passed4, passed6);
	KUNIT_EXPECT_GT(test, passed4, ROUNDS / 50);
	KUNIT_EXPECT_GT(test, passed6, ROUNDS / 50);
	rtnl_lock();
	vnicx_leases_put(leases);
	vnicx_ips_put(lists[0]);
	vnicx_ips_put(lists[1]);
	rtnl_unlock();
}

/* Tell whether a DHCP message is for a client, and for no relay. */
static bool for_client(const struct sk_buff *skb, const struct vnicx_parsed *p)
{
	bool v4 = p->packet == VNICX_PACKET_IPV4;
	const struct udphdr *uh;
	struct udphdr buf;

	uh = skb_header_pointer(skb, p->at + skb_mac_offset(skb), sizeof(buf), &buf);
	return uh && uh->dest == htons(v4 ? VNICX_PORT_BOOTPC : VNICX_PORT_DHCP6C);
}

/* Tell whether a frame says something about addresses. */
static bool tells(const struct sk_buff *skb)
{
	struct vnicx_parsed p;

	vnicx_parse(skb, &p);
	if (p.packet == VNICX_PACKET_UNDETERMINED || p.fragment)
		return false;
	if (p.dhcp == VNICX_DHCP_SERVER)
		return for_client(skb, &p);
	return p.packet == VNICX_PACKET_IPV6 && p.upper == IPPROTO_ICMPV6 &&
	       (p.type == NDISC_NEIGHBOUR_SOLICITATION ||
		p.type == NDISC_NEIGHBOUR_ADVERTISEMENT);
}

/* Tell whether a frame that is no skb may say something about addresses. */
static bool may_say(const struct sk_buff *skb)
{
	u8 head[VNICX_DIRECT_HEAD] __aligned(8);

	return skb_copy_bits(skb, skb_mac_offset(skb), head, sizeof(head)) ||
	       vnicx_snoop_may_say((const void *)head, head + sizeof(head));
}

static void test_snoop(struct kunit *test)
{
	struct vnicx_test_net *net = vnicx_test_net(test, 2);
	u64 seed = get_random_u32();
	int i, told = 0, unread = 0, direct = 0;
	struct vnicx_frame frame;
	struct rnd_state rnd;
	struct sk_buff *skb;
	bool may, does;

	kunit_info(test, "seed %llu", seed);
	prandom_seed_state(&rnd, seed);
	for (i = 0; i < ROUNDS; i++) {
		skb = some_packet(&rnd, some(&rnd, VNICX_TEST_NR_FORMS));
		frame = vnicx_frame(&net->sw->uplink, VNICX_PORT_UPLINK, skb, eth_hdr(skb));
		may = vnicx_snoop_may_tell(&frame) && may_say(skb);
		does = tells(skb);
		if (does && !may) {
			KUNIT_FAIL(test, "unseen: %*ph", (int)min(skb->len, 64u), skb->data);
			i = ROUNDS;
		}
		told += does;
		unread += !vnicx_snoop_may_tell(&frame);
		direct += !may_say(skb);
		kfree_skb(skb);
	}
	kunit_info(test, "%d tell, %d are not read, %d need no skb", told, unread,
		   direct);
	KUNIT_EXPECT_GT(test, told, ROUNDS / 50);
	KUNIT_EXPECT_GT(test, unread, ROUNDS / 50);
	KUNIT_EXPECT_GT(test, direct, ROUNDS / 50);
}

/**
 * struct whole_case - a policy that has more to do than guards, or not
 * @desc: what it has
 * @policy: the policy
 * @mirror: and a mirror
 * @to_all: and the frame is a broadcast
 * @passes: guards alone decide
 */
struct whole_case {
	const char *desc;
	struct vnicx_policy policy;
	bool mirror;
	bool to_all;
	bool passes;
};

/* Nobody calls it. */
#define PROGRAM		((struct bpf_prog *)1)

static const struct whole_case whole_cases[] = {
	{ "guards", { .guards = VNICX_GUARD_RESTRICTED }, .passes = true },
	{ "guards and an access VLAN",
	  { .guards = VNICX_GUARD_RESTRICTED,
	    .vlan = { .on = true, .vid = 10, .proto = htons(ETH_P_8021Q) } },
	  .passes = true },
	{ "guards and a trunk",
	  { .guards = VNICX_GUARD_RESTRICTED,
	    .vlan = { .on = true, .tagged = true, .proto = htons(ETH_P_8021Q) } } },
	{ "a program for sent frames",
	  { .guards = VNICX_GUARD_RESTRICTED, .bpf_tx = PROGRAM } },
	{ "a mirror", { .guards = VNICX_GUARD_RESTRICTED }, .mirror = true },
	{ "a broadcast frame", { .guards = VNICX_GUARD_RESTRICTED }, .to_all = true },
};

KUNIT_ARRAY_PARAM_DESC(whole, whole_cases, desc);

/* The checks that a frame of the port meets, but spoofchk */
static u8 checks_of(const struct vnicx_port *port)
{
	return port->tx_checks & ~VNICX_CHECK_SPOOF;
}

/* Nothing but guards is left out by the short way. */
static void test_whole(struct kunit *test)
{
	static const u8 tcp[] = { ETH(0x0800), IP4(6), TCP };
	const struct whole_case *c = test->param_value;
	struct vnicx_test_net *net = vnicx_test_net(test, 2);
	struct vnicx_port *port = &net->vnic[1]->port;
	struct vnicx_mirror mirror = { .dev = net->lower, .tx = true };
	struct sk_buff *skb;
	bool plain, passes;

	skb = vnicx_test_packet(tcp, sizeof(tcp), VNICX_TEST_LINEAR, 0);
	if (!c->to_all)
		eth_hdr(skb)->h_dest[0] = 2;
	rtnl_lock();
	KUNIT_EXPECT_EQ(test, vnicx_policy_set(port, &c->policy), 0);
	if (c->mirror)
		rcu_assign_pointer(port->mirror, &mirror);
	rcu_read_lock();
	plain = vnicx_policy_is_plain(port, skb);
	passes = vnicx_guard_sends(port, skb, checks_of(port));
	rcu_read_unlock();
	KUNIT_EXPECT_TRUE(test, plain);
	KUNIT_EXPECT_EQ(test, passes, c->passes);
	RCU_INIT_POINTER(port->mirror, NULL);
	KUNIT_EXPECT_EQ(test, vnicx_policy_set(port, NULL), 0);
	rtnl_unlock();
	kfree_skb(skb);
}

/* A frame that has seen the checks of the policy before goes by no part of the new one, and
 * does not get its tag.
 */
static void test_replaced(struct kunit *test)
{
	static const u8 tcp[] = { MAC(0), MAC(1), BE16(0x0800), IP4(6), TCP };
	static const struct vnicx_policy policies[] = {
		{ .guards = VNICX_GUARD_RESTRICTED },
		{ .vlan = { .on = true, .vid = 10, .proto = htons(ETH_P_8021Q) } },
		{ .guards = VNICX_GUARD_RESTRICTED,
		  .vlan = { .on = true, .vid = 10, .proto = htons(ETH_P_8021Q) } },
	};
	struct vnicx_test_net *net = vnicx_test_net(test, 2);
	struct vnicx_port *port = &net->vnic[1]->port;
	u8 checks[ARRAY_SIZE(policies)];
	struct sk_buff *skb;
	bool sent, is_ip;
	int i, j;

	rtnl_lock();
	for (i = 0; i < ARRAY_SIZE(policies); i++) {
		KUNIT_EXPECT_EQ(test, vnicx_policy_set(port, &policies[i]), 0);
		checks[i] = checks_of(port);
	}
	for (i = 0; i < ARRAY_SIZE(policies); i++) {
		KUNIT_EXPECT_EQ(test, vnicx_policy_set(port, &policies[i]), 0);
		for (j = 0; j < ARRAY_SIZE(policies); j++) {
			skb = vnicx_test_packet(tcp, sizeof(tcp), VNICX_TEST_LINEAR, 0);
			rcu_read_lock();
			sent = vnicx_policy_sends(port, skb, checks[j], skb_headlen(skb),
						  &is_ip);
			rcu_read_unlock();
			KUNIT_EXPECT_EQ_MSG(test, sent, i == j, "%d after %d", i, j);
			KUNIT_EXPECT_EQ(test, !!skb_vlan_tag_present(skb), sent && i);
			KUNIT_EXPECT_TRUE(test, !sent || is_ip);
			kfree_skb(skb);
		}
	}
	KUNIT_EXPECT_EQ(test, vnicx_policy_set(port, NULL), 0);
	rtnl_unlock();
}

static struct kunit_case plain_cases[] = {
	KUNIT_CASE(test_guards),
	KUNIT_CASE(test_snoop),
	KUNIT_CASE_PARAM(test_whole, whole_gen_params),
	KUNIT_CASE(test_replaced),
	{}
};

static struct kunit_suite plain_suite = {
	.name = "vnicx_plain",
	.test_cases = plain_cases,
};

kunit_test_suite(plain_suite);
