// SPDX-License-Identifier: GPL-2.0
/*
 * The guards: which frames they let pass, and why not the others.
 */
#include <kunit/test.h>
#include <linux/etherdevice.h>
#include <linux/prandom.h>
#include <linux/random.h>
#include <linux/rtnetlink.h>

#include "../../switch/policy/guard.h"
#include "net.h"
#include "packets.h"

/**
 * struct guard_case - a frame and one guard
 * @desc: what is special about it
 * @bytes: the frame
 * @len: its length
 * @guard: VNICX_GUARD_*, or 0 for spoofchk alone
 * @cause: why it may not pass; 0 if it may
 */
struct guard_case {
	const char *desc;
	const u8 *bytes;
	u16 len;
	u8 guard;
	u8 cause;
};

#define RESTRICTED	VNICX_GUARD_RESTRICTED
#define ROUTERS		VNICX_GUARD_RA
#define SERVERS		VNICX_GUARD_DHCP_SERVER
#define CLIENTS		VNICX_GUARD_DHCP_CLIENT
#define IPS		VNICX_GUARD_IP

/* The list has 192.0.2.1, 2001:db8::1 and fe80::9. */
static const struct guard_case guard_cases[] = {
	{ "LLDP", BYTES(ETH(0x88cc), 0), RESTRICTED, VNICX_CAUSE_TX_RESTRICTED },
	{ "LLDP without restricted", BYTES(ETH(0x88cc), 0), ROUTERS },
	{ "spanning tree", BYTES(ETH(38), 0x42, 0x42, 3), RESTRICTED,
	  VNICX_CAUSE_TX_RESTRICTED },
	{ "restricted ARP", BYTES(ETH(0x0806), ARP(1, 1, 0)), RESTRICTED },
	{ "restricted IPv4", BYTES(ETH(0x0800), IP4(6)), RESTRICTED },
	{ "restricted IPv6", BYTES(ETH(0x86dd), IP6(59, 0)), RESTRICTED },

	{ "RA", BYTES(ETH(0x86dd), IP6(58, 16), RA), ROUTERS,
	  VNICX_CAUSE_TX_GUARDED_RA },
	{ "RA without raguard", BYTES(ETH(0x86dd), IP6(58, 16), RA), SERVERS },
	{ "RA in a fragment", BYTES(ETH(0x86dd), IP6(44, 24), FRAG(58, 0), RA),
	  ROUTERS, VNICX_CAUSE_TX_GUARDED_RA },
	{ "RA in a fragment without raguard",
	  BYTES(ETH(0x86dd), IP6(44, 24), FRAG(58, 0), RA), 0,
	  VNICX_CAUSE_TX_UNDETERMINED },
	{ "NS in a fragment", BYTES(ETH(0x86dd), IP6(44, 40), FRAG(58, 1), NS),
	  ROUTERS, VNICX_CAUSE_TX_GUARDED_RA },
	{ "a later fragment of ICMPv6",
	  BYTES(ETH(0x86dd), IP6(44, 24), FRAG(58, 8), RA), ROUTERS },
	{ "IPv6 redirect", BYTES(ETH(0x86dd), IP6(58, 40), REDIRECT), ROUTERS,
	  VNICX_CAUSE_TX_GUARDED_RA },
	{ "RS and raguard", BYTES(ETH(0x86dd), IP6(58, 8), RS), ROUTERS },
	{ "ICMP redirect", BYTES(ETH(0x0800), IP4(1), ICMP(5)), ROUTERS,
	  VNICX_CAUSE_TX_GUARDED_RA },
	{ "ICMP router advertisement", BYTES(ETH(0x0800), IP4(1), ICMP(9)),
	  ROUTERS, VNICX_CAUSE_TX_GUARDED_RA },
	{ "a later fragment of ICMP",
	  BYTES(ETH(0x0800), IP4_AS(0x45, 1, 1), ICMP(5)), ROUTERS },
	{ "echo request", BYTES(ETH(0x0800), IP4(1), ICMP(8)), ROUTERS },

	{ "offer", BYTES(ETH(0x0800), IP4(17), UDP(68)), SERVERS,
	  VNICX_CAUSE_TX_GUARDED_DHCP },
	{ "offer and dhcp-block", BYTES(ETH(0x0800), IP4(17), UDP(68)),
	  CLIENTS },
	{ "discover", BYTES(ETH(0x0800), IP4(17), UDP(67), BOOTP(1, 1)),
	  CLIENTS, VNICX_CAUSE_TX_GUARDED_DHCP },
	{ "discover and dhcpguard",
	  BYTES(ETH(0x0800), IP4(17), UDP(67), BOOTP(1, 1)), SERVERS },
	{ "solicit", BYTES(ETH(0x86dd), IP6(17, 9), UDP(547), 1), CLIENTS,
	  VNICX_CAUSE_TX_GUARDED_DHCP },
	{ "advertise", BYTES(ETH(0x86dd), IP6(17, 8), UDP(546)), SERVERS,
	  VNICX_CAUSE_TX_GUARDED_DHCP },

	{ "IPv4 source", BYTES(ETH(0x0800), IP4(6)), IPS },
	{ "IPv4 source elsewhere",
	  BYTES(ETH(0x0800), 0x45, 0, ZERO4, 0, 0, 64, 6, 0, 0, 192, 0, 2, 3,
		192, 0, 2, 2), IPS, VNICX_CAUSE_TX_IP_SPOOFED },
	{ "discover of nobody",
	  BYTES(ETH(0x0800), IP4_NOBODY(17), UDP(67), BOOTP(1, 1)), IPS },
	{ "TCP of nobody", BYTES(ETH(0x0800), IP4_NOBODY(6), TCP), IPS,
	  VNICX_CAUSE_TX_IP_SPOOFED },
	{ "ARP of the list", BYTES(ETH(0x0806), ARP(2, 1, 0)), IPS },
	{ "ARP probe for the list", BYTES(ETH(0x0806), PROBE(1, 1)), IPS },
	{ "ARP probe elsewhere", BYTES(ETH(0x0806), PROBE(1, 3)), IPS,
	  VNICX_CAUSE_TX_IP_SPOOFED },
	{ "ARP reply of nobody", BYTES(ETH(0x0806), PROBE(2, 1)), IPS,
	  VNICX_CAUSE_TX_IP_SPOOFED },
	{ "RARP of nobody", BYTES(ETH(0x8035), PROBE(3, 0)), IPS },
	{ "NA of the list", BYTES(ETH(0x86dd), IP6(58, 24), NA), IPS },
	{ "NA elsewhere",
	  BYTES(ETH(0x86dd), IP6(58, 24), ICMP(136), ELSEWHERE), IPS,
	  VNICX_CAUSE_TX_IP_SPOOFED },
	{ "NS elsewhere",
	  BYTES(ETH(0x86dd), IP6(58, 24), ICMP(135), ELSEWHERE), IPS },
	{ "DAD of the list", BYTES(ETH(0x86dd), IP6_NOBODY(58, 24), NS), IPS },
	{ "DAD elsewhere",
	  BYTES(ETH(0x86dd), IP6_NOBODY(58, 24), ICMP(135), ELSEWHERE), IPS,
	  VNICX_CAUSE_TX_IP_SPOOFED },
	{ "RS of nobody", BYTES(ETH(0x86dd), IP6_NOBODY(58, 8), RS), IPS },
	{ "MLD of nobody",
	  BYTES(ETH(0x86dd), IP6_NOBODY(0, 16), EXT(58), ICMP(143)), IPS },
	{ "echo request of nobody",
	  BYTES(ETH(0x86dd), IP6_NOBODY(58, 8), ICMP(128)), IPS,
	  VNICX_CAUSE_TX_IP_SPOOFED },
	{ "a later fragment of nobody",
	  BYTES(ETH(0x86dd), IP6_NOBODY(44, 16), FRAG(58, 8), RS), IPS,
	  VNICX_CAUSE_TX_IP_SPOOFED },
	{ "another protocol and ipguard", BYTES(ETH(0x88cc), 0), IPS },
	{ "undetermined", BYTES(ETH(0x0800), 0x45), IPS,
	  VNICX_CAUSE_TX_UNDETERMINED },
};

KUNIT_ARRAY_PARAM_DESC(guard, guard_cases, desc);

static const struct vnicx_prefix list[] = {
	{ .addr.s6_addr = { 192, 0, 2, 1 }, .len = 32 },
	{ .addr.s6_addr = { 0x20, 0x01, 0x0d, 0xb8, [15] = 1 }, .len = 128,
	  .v6 = true },
	{ .addr.s6_addr = { 0xfe, 0x80, [15] = 9 }, .len = 128, .v6 = true },
};

static struct vnicx_ips *make_ips(struct kunit *test,
				  const struct vnicx_prefix *prefix, u32 nr)
{
	struct vnicx_ips *ips;

	rtnl_lock();
	ips = vnicx_ips_make(prefix, nr);
	rtnl_unlock();
	KUNIT_ASSERT_NOT_NULL(test, ips);
	return ips;
}

static void put_ips(struct vnicx_ips *ips)
{
	rtnl_lock();
	vnicx_ips_put(ips);
	rtnl_unlock();
}

static void test_judge(struct kunit *test)
{
	const struct guard_case *c = test->param_value;
	struct vnicx_policy policy = { .guards = c->guard };
	struct vnicx_parsed p;
	struct sk_buff *skb;

	policy.ips = make_ips(test, list, ARRAY_SIZE(list));
	skb = vnicx_test_packet(c->bytes, c->len, VNICX_TEST_LINEAR, 0);
	vnicx_parse(skb, &p);
	KUNIT_EXPECT_EQ(test, (u8)vnicx_guard_judge(&policy, &p),
			c->cause ?: VNICX_NR_CAUSES);
	kfree_skb(skb);
	put_ips(policy.ips);
}

static bool in_prefix(const struct vnicx_prefix *p, const u8 *addr)
{
	int i;

	for (i = 0; i < p->len; i++) {
		if ((p->addr.s6_addr[i / 8] ^ addr[i / 8]) & (0x80 >> i % 8))
			return false;
	}
	return true;
}

/* Addresses that differ in few bits, so that prefixes meet and overlap */
static void some_addr(struct rnd_state *rnd, struct in6_addr *addr, bool v6)
{
	memset(addr, 0, sizeof(*addr));
	addr->s6_addr[0] = prandom_u32_state(rnd) & 0x81;
	addr->s6_addr[v6 ? 7 : 2] = prandom_u32_state(rnd) & 3;
	addr->s6_addr[v6 ? 8 : 2] |= prandom_u32_state(rnd) & 0xc0;
	addr->s6_addr[v6 ? 15 : 3] = prandom_u32_state(rnd);
}

static void some_prefix(struct rnd_state *rnd, struct vnicx_prefix *p)
{
	int i, bits;

	*p = (struct vnicx_prefix) { .v6 = prandom_u32_state(rnd) % 2 };
	bits = p->v6 ? 128 : 32;
	some_addr(rnd, &p->addr, p->v6);
	p->len = bits - prandom_u32_state(rnd) % (bits / (1 + prandom_u32_state(rnd) % 8));
	for (i = p->len; i < bits; i++)
		p->addr.s6_addr[i / 8] &= ~(0x80 >> i % 8);
}

/* A set answers as a walk over its prefixes does. */
static void test_ips(struct kunit *test)
{
	struct vnicx_prefix prefix[32];
	u64 seed = get_random_u32();
	struct in6_addr addr;
	struct vnicx_ips *ips;
	struct rnd_state rnd;
	int i, j, nr;
	bool v6, has;

	kunit_info(test, "seed %llu", seed);
	prandom_seed_state(&rnd, seed);
	for (i = 0; i < 2000; i++) {
		nr = 1 + prandom_u32_state(&rnd) % ARRAY_SIZE(prefix);
		for (j = 0; j < nr; j++)
			some_prefix(&rnd, &prefix[j]);
		ips = make_ips(test, prefix, nr);
		v6 = prandom_u32_state(&rnd) % 2;
		some_addr(&rnd, &addr, v6);
		has = false;
		for (j = 0; j < nr; j++)
			has |= prefix[j].v6 == v6 &&
			       in_prefix(&prefix[j], addr.s6_addr);
		KUNIT_EXPECT_EQ(test, has, v6 ? vnicx_ips_have6(ips, &addr) :
				vnicx_ips_have4(ips, addr.s6_addr32[0]));
		put_ips(ips);
	}
}

static void test_all_addresses(struct kunit *test)
{
	const struct vnicx_prefix all[] = { { .v6 = true }, { .v6 = false } };
	struct vnicx_ips *ips = make_ips(test, all, ARRAY_SIZE(all));
	struct in6_addr last;

	memset(&last, 0xff, sizeof(last));
	KUNIT_EXPECT_TRUE(test, vnicx_ips_have4(ips, 0));
	KUNIT_EXPECT_TRUE(test, vnicx_ips_have4(ips, htonl(U32_MAX)));
	KUNIT_EXPECT_TRUE(test, vnicx_ips_have6(ips, &in6addr_any));
	KUNIT_EXPECT_TRUE(test, vnicx_ips_have6(ips, &last));
	put_ips(ips);
}

/**
 * struct claim_case - a frame of vNIC 1, whose address MAC(1) is
 * @desc: what is special about it
 * @bytes: the frame
 * @len: its length
 * @cause: why it may not pass; 0 if it may
 */
struct claim_case {
	const char *desc;
	const u8 *bytes;
	u16 len;
	u8 cause;
};

#define SPOOFED		VNICX_CAUSE_TX_SPOOFED

static const struct claim_case claim_cases[] = {
	{ "ARP", BYTES(ETH(0x0806), ARP(1, 1, 0)) },
	{ "ARP of another", BYTES(ETH(0x0806), ARP(1, 7, 0)), SPOOFED },
	{ "ARP of another behind tags",
	  BYTES(ETH(0x8100), TAGS4(0x0806), ARP(2, 7, 1)), SPOOFED },
	{ "RARP", BYTES(ETH(0x8035), ARP(3, 1, 1)) },
	{ "RARP for another", BYTES(ETH(0x8035), ARP(3, 1, 7)), SPOOFED },
	{ "discover", BYTES(ETH(0x0800), IP4(17), UDP(67), BOOTP(1, 1)) },
	{ "discover of another",
	  BYTES(ETH(0x0800), IP4(17), UDP(67), BOOTP(1, 7)), SPOOFED },
	{ "discover of another behind options",
	  BYTES(ETH(0x0800), IP4_AS(0x46, 17, 0), ZERO4, UDP(67), BOOTP(1, 7)),
	  SPOOFED },
	{ "discover of InfiniBand",
	  BYTES(ETH(0x0800), IP4(17), UDP(67), BOOTP_AS(1, 32, 0, 1)),
	  SPOOFED },
	{ "offer to another", BYTES(ETH(0x0800), IP4(17), UDP(68), BOOTP(2, 7)) },
	{ "NS", BYTES(ETH(0x86dd), IP6(58, 32), NS, OPT(1, 1)) },
	{ "NS of another", BYTES(ETH(0x86dd), IP6(58, 32), NS, OPT(1, 7)),
	  SPOOFED },
	{ "NA of another", BYTES(ETH(0x86dd), IP6(58, 32), NA, OPT(2, 7)),
	  SPOOFED },
	{ "NA of another, second",
	  BYTES(ETH(0x86dd), IP6(58, 40), NA, OPT(2, 1), OPT(2, 7)), SPOOFED },
	{ "NA of another in a fragment",
	  BYTES(ETH(0x86dd), IP6(44, 40), FRAG(58, 0), NA, OPT(2, 7)),
	  VNICX_CAUSE_TX_UNDETERMINED },
	{ "ARP of another in SNAP",
	  BYTES(ETH(36), SNAP(0, 0x0806), ARP(1, 7, 0)),
	  VNICX_CAUSE_TX_UNDETERMINED },
	{ "plain TCP", BYTES(ETH(0x0800), IP4(6), TCP) },
	{ "another source",
	  BYTES(MAC(0), MAC(7), BE16(0x0800), IP4(6), TCP), SPOOFED },
	{ "plain TCP over IPv6", BYTES(ETH(0x86dd), IP6(6, 20), TCP) },
	{ "plain UDP over IPv6", BYTES(ETH(0x86dd), IP6(17, 8), UDP(53)) },
	{ "another source over IPv6",
	  BYTES(MAC(0), MAC(7), BE16(0x86dd), IP6(6, 20), TCP), SPOOFED },
	{ "no version of IP", BYTES(ETH(0x86dd), IP4(6), TCP, ZERO8, ZERO8, ZERO8),
	  VNICX_CAUSE_TX_UNDETERMINED },
};

KUNIT_ARRAY_PARAM_DESC(claim, claim_cases, desc);

/* Send a frame from vNIC 1, which is checked. */
static void send_checked(struct kunit *test, struct vnicx_test_net *net,
			 struct sk_buff *skb, u8 cause)
{
	struct vnicx_port *port = &net->vnic[1]->port;

	skb->protocol = eth_hdr(skb)->h_proto;
	rtnl_lock();
	vnicx_policy_set_checks(port, VNICX_CHECK_SPOOF, true);
	rtnl_unlock();
	KUNIT_EXPECT_EQ(test, vnicx_test_send(net, 1, skb),
			cause ? VNICX_DROPPED : VNICX_DONE);
	if (cause)
		KUNIT_EXPECT_EQ(test, atomic_long_read(&port->causes[cause]), 1);
}

static void test_claims(struct kunit *test)
{
	const struct claim_case *c = test->param_value;
	struct vnicx_test_net *net = vnicx_test_net(test, 2);

	send_checked(test, net,
		     vnicx_test_packet(c->bytes, c->len, VNICX_TEST_LINEAR, 0),
		     c->cause);
	vnicx_test_purge(net);
	atomic_long_set(&net->vnic[1]->port.causes[c->cause], 0);
	send_checked(test, net,
		     vnicx_test_packet(c->bytes, c->len, VNICX_TEST_PAGED, 0),
		     c->cause);
}

/* A sender may write to the pages of its frame: what was checked must be gone
 * from there.
 */
static void test_pages(struct kunit *test)
{
	static const u8 na[] = { ETH(0x86dd), IP6(58, 32), NA, OPT(2, 1) };
	struct vnicx_test_net *net = vnicx_test_net(test, 2);
	const struct sk_buff *got;

	send_checked(test, net, vnicx_test_packet(na, sizeof(na), VNICX_TEST_PAGED, 0), 0);
	got = vnicx_test_only(test, &net->vnic[0]->rx);
	KUNIT_EXPECT_GE(test, skb_headlen(got), sizeof(na) - ETH_HLEN);
}

/**
 * struct checksum_case - where a plain frame's checksum is to be stored
 * @desc: what is special about it
 * @start: of what is summed up, from the Ethernet header on
 * @offset: from there
 * @cause: why the frame may not pass; 0 if it may
 */
struct checksum_case {
	const char *desc;
	u16 start;
	u16 offset;
	u8 cause;
};

static const struct checksum_case checksum_cases[] = {
	{ "TCP's", 34, 16 },
	{ "UDP's", 34, 6 },
	{ "the source address", 0, 6, VNICX_CAUSE_TX_UNDETERMINED },
	{ "the last bytes of the source address", 10, 0,
	  VNICX_CAUSE_TX_UNDETERMINED },
	{ "the EtherType", 12, 0, VNICX_CAUSE_TX_UNDETERMINED },
	{ "the protocol", 22, 0, VNICX_CAUSE_TX_UNDETERMINED },
	{ "the port", 34, 2, VNICX_CAUSE_TX_UNDETERMINED },
	{ "across the port", 34, 3, VNICX_CAUSE_TX_UNDETERMINED },
};

KUNIT_ARRAY_PARAM_DESC(checksum, checksum_cases, desc);

static void test_checksum(struct kunit *test)
{
	static const u8 udp[] = { ETH(0x0800), IP4(17), UDP(53), TCP };
	const struct checksum_case *c = test->param_value;
	struct vnicx_test_net *net = vnicx_test_net(test, 2);
	struct sk_buff *skb;

	skb = vnicx_test_packet(udp, sizeof(udp), VNICX_TEST_LINEAR, 0);
	skb->ip_summed = CHECKSUM_PARTIAL;
	skb->csum_start = skb_headroom(skb) + c->start;
	skb->csum_offset = c->offset;
	send_checked(test, net, skb, c->cause);
}

static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(test_judge, guard_gen_params),
	KUNIT_CASE(test_ips),
	KUNIT_CASE(test_all_addresses),
	KUNIT_CASE_PARAM(test_claims, claim_gen_params),
	KUNIT_CASE(test_pages),
	KUNIT_CASE_PARAM(test_checksum, checksum_gen_params),
	{}
};

static struct kunit_suite suite = {
	.name = "vnicx_guard",
	.test_cases = cases,
};

kunit_test_suite(suite);
