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

static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(test_judge, guard_gen_params),
	KUNIT_CASE(test_ips),
	KUNIT_CASE(test_all_addresses),
	{}
};

static struct kunit_suite suite = {
	.name = "vnicx_guard",
	.test_cases = cases,
};

kunit_test_suite(suite);
