// SPDX-License-Identifier: GPL-2.0
/*
 * The index of who holds an IP address, and how policies of ports fill it.
 */
#include <kunit/test.h>
#include <linux/if_vlan.h>
#include <linux/rtnetlink.h>
#include <net/ipv6.h>

#include "../../switch/policy/holder.h"
#include "net.h"

#define PORTS	(VNICX_HOLDERS_WALK + 2)

/* 192.0.2.LAST, as an IPv4-mapped address */
static struct in6_addr v4(u8 last)
{
	struct in6_addr addr;

	ipv6_addr_set_v4mapped(htonl(0xc0000200 | last), &addr);
	return addr;
}

/* fe80::LAST */
static struct in6_addr v6(u8 last)
{
	return (struct in6_addr) {
		.s6_addr = { 0xfe, 0x80, [15] = last },
	};
}

static int init(struct kunit *test)
{
	test->priv = vnicx_test_net(test, PORTS);
	return 0;
}

static struct vnicx_port *port(struct kunit *test, unsigned int i)
{
	struct vnicx_test_net *net = test->priv;

	return &net->vnic[i]->port;
}

static struct vnicx_switch *sw(struct kunit *test)
{
	struct vnicx_test_net *net = test->priv;

	return net->sw;
}

static void only(struct kunit *test, struct in6_addr addr, u32 vlan,
		 const struct vnicx_port *expected)
{
	rcu_read_lock();
	KUNIT_EXPECT_PTR_EQ(test, vnicx_holder_only(sw(test), &addr, vlan),
			    (struct vnicx_port *)expected);
	rcu_read_unlock();
}

static bool another(struct kunit *test, struct in6_addr addr, u32 vlan,
		    unsigned int i)
{
	bool held;

	rcu_read_lock();
	held = vnicx_holder_another(sw(test), &addr, vlan, port(test, i));
	rcu_read_unlock();
	return held;
}

/* Lets port @i hold an address in a VLAN, until drop(). */
static void hold_in(struct kunit *test, struct vnicx_holder *holder,
		    unsigned int i, struct in6_addr addr, u32 vlan)
{
	*holder = (struct vnicx_holder) {
		.key.addr = addr,
		.key.vlan = vlan,
		.port = port(test, i),
	};
	KUNIT_ASSERT_EQ(test, vnicx_holder_add(sw(test), holder), 0);
}

/* The same in every VLAN of its */
static void hold(struct kunit *test, struct vnicx_holder *holder,
		 unsigned int i, struct in6_addr addr)
{
	hold_in(test, holder, i, addr, VNICX_HOLDER_EVERY_VLAN);
}

static void drop(struct kunit *test, struct vnicx_holder *holder,
		 unsigned int nr)
{
	while (nr--)
		vnicx_holder_del(sw(test), &holder[nr]);
	synchronize_net();
}

static void set_policy(struct kunit *test, unsigned int i,
		       struct vnicx_policy *policy)
{
	int err;

	rtnl_lock();
	err = vnicx_policy_set(port(test, i), policy);
	if (policy)
		vnicx_ips_put(policy->ips);
	rtnl_unlock();
	KUNIT_ASSERT_EQ(test, err, 0);
}

static void set_vlan(struct kunit *test, unsigned int i, u16 vid)
{
	struct vnicx_policy policy = {
		.vlan.on = true,
		.vlan.proto = htons(ETH_P_8021Q),
		.vlan.vid = vid,
	};

	set_policy(test, i, &policy);
}

/* 192.0.2.LAST/32, 198.51.100.0/24, fe80::LAST/128, 2001:db8::/64; in a VLAN unless @vid is 0 */
static void allow_in(struct kunit *test, unsigned int i, u8 last, u8 guards,
		     u16 vid)
{
	const struct vnicx_prefix prefixes[] = {
		{ .addr.s6_addr = { 192, 0, 2, last }, .len = 32 },
		{ .addr.s6_addr = { 198, 51, 100 }, .len = 24 },
		{ .addr = v6(last), .len = 128, .v6 = true },
		{ .addr.s6_addr = { 0x20, 1, 0x0d, 0xb8 }, .len = 64,
		  .v6 = true },
	};
	struct vnicx_policy policy = {
		.guards = guards,
		.ips = vnicx_ips_make(prefixes, ARRAY_SIZE(prefixes)),
		.vlan.on = vid,
		.vlan.proto = htons(ETH_P_8021Q),
		.vlan.vid = vid,
	};

	KUNIT_ASSERT_NOT_NULL(test, policy.ips);
	set_policy(test, i, &policy);
}

static void allow(struct kunit *test, unsigned int i, u8 last, u8 guards)
{
	allow_in(test, i, last, guards, 0);
}

static void test_one(struct kunit *test)
{
	struct vnicx_holder holder[1];

	only(test, v4(1), 0, NULL);
	hold(test, &holder[0], 0, v4(1));
	only(test, v4(1), 0, port(test, 0));
	only(test, v4(2), 0, NULL);
	KUNIT_EXPECT_FALSE(test, another(test, v4(1), 0, 0));
	KUNIT_EXPECT_TRUE(test, another(test, v4(1), 0, 1));
	drop(test, holder, 1);
	only(test, v4(1), 0, NULL);
}

static void test_twice(struct kunit *test)
{
	struct vnicx_holder holder[3];

	hold(test, &holder[0], 0, v4(1));
	hold(test, &holder[1], 0, v4(1));
	only(test, v4(1), 0, port(test, 0));
	KUNIT_EXPECT_FALSE(test, another(test, v4(1), 0, 0));
	hold(test, &holder[2], 1, v4(1));
	only(test, v4(1), 0, NULL);
	KUNIT_EXPECT_TRUE(test, another(test, v4(1), 0, 0));
	drop(test, &holder[2], 1);
	only(test, v4(1), 0, port(test, 0));
	drop(test, holder, 1);
	only(test, v4(1), 0, port(test, 0));
	drop(test, &holder[1], 1);
	only(test, v4(1), 0, NULL);
}

static void test_vlans(struct kunit *test)
{
	u32 ten = ETH_P_8021Q << 16 | 10, other = ETH_P_8021Q << 16 | 20;
	struct vnicx_holder holder[3];

	set_vlan(test, 0, 10);
	set_vlan(test, 1, 20);
	hold(test, &holder[0], 0, v4(1));
	hold(test, &holder[1], 1, v4(1));
	only(test, v4(1), ten, port(test, 0));
	only(test, v4(1), other, port(test, 1));
	only(test, v4(1), 0, NULL);
	KUNIT_EXPECT_FALSE(test, another(test, v4(1), ten, 0));
	KUNIT_EXPECT_TRUE(test, another(test, v4(1), ten, 1));

	/* This one is in all VLANs. */
	hold(test, &holder[2], 2, v4(1));
	only(test, v4(1), ten, NULL);
	only(test, v4(1), other, NULL);
	only(test, v4(1), 0, port(test, 2));
	drop(test, holder, 3);
}

static void test_many(struct kunit *test)
{
	struct vnicx_holder *holder;
	unsigned int i;

	holder = kunit_kcalloc(test, PORTS, sizeof(*holder), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, holder);
	for (i = 0; i < PORTS; i++) {
		set_vlan(test, i, i + 1);
		hold(test, &holder[i], i, v4(1));
		/* One more claim must not be more than what is looked at. */
		KUNIT_EXPECT_EQ(test, i + 1 >= VNICX_HOLDERS_WALK,
				another(test, v4(1), ETH_P_8021Q << 16 | 4000, 0));
		if (i + 1 == VNICX_HOLDERS_WALK)
			only(test, v4(1), ETH_P_8021Q << 16 | 1, port(test, 0));
	}
	only(test, v4(1), ETH_P_8021Q << 16 | 1, NULL);
	only(test, v4(1), ETH_P_8021Q << 16 | PORTS, NULL);
	for (i = 0; i < PORTS; i++)
		KUNIT_EXPECT_TRUE(test, another(test, v4(1),
						ETH_P_8021Q << 16 | (i + 1),
						(i + 1) % PORTS));
	drop(test, holder, PORTS);
}

/* Ports that hold an address in other VLANs bar nobody from it, however many they are. */
static void test_many_vlans(struct kunit *test)
{
	const u32 first = ETH_P_8021Q << 16 | 1, none = ETH_P_8021Q << 16 | 4000;
	struct vnicx_holder *holder;
	unsigned int i;

	holder = kunit_kcalloc(test, PORTS + 1, sizeof(*holder), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, holder);
	for (i = 0; i < PORTS; i++) {
		KUNIT_EXPECT_FALSE(test, another(test, v6(1), first + i, i));
		hold_in(test, &holder[i], i, v6(1), first + i);
	}
	for (i = 0; i < PORTS; i++)
		only(test, v6(1), first + i, port(test, i));
	only(test, v6(1), none, NULL);
	KUNIT_EXPECT_FALSE(test, another(test, v6(1), none, 0));
	KUNIT_EXPECT_TRUE(test, another(test, v6(1), first, 1));
	/* One that has it in every VLAN is one more in each. */
	hold(test, &holder[PORTS], 1, v6(1));
	only(test, v6(1), first, NULL);
	only(test, v6(1), first + 1, port(test, 1));
	only(test, v6(1), none, port(test, 1));
	KUNIT_EXPECT_TRUE(test, another(test, v6(1), none, 0));
	drop(test, holder, PORTS + 1);
}

static void test_claim(struct kunit *test)
{
	struct vnicx_holder first = { .key.addr = v6(1), .port = port(test, 0) };
	struct vnicx_holder second = { .key.addr = v6(1), .port = port(test, 1) };
	u32 ten = ETH_P_8021Q << 16 | 10;

	KUNIT_ASSERT_EQ(test, vnicx_holder_claim(sw(test), &first, 1, 0), 0);
	KUNIT_EXPECT_EQ(test, vnicx_holder_claim(sw(test), &second, 1, 0),
			-EADDRINUSE);
	only(test, v6(1), 0, port(test, 0));
	second.key.vlan = ten;
	KUNIT_EXPECT_EQ(test, vnicx_holder_claim(sw(test), &second, 1, ten), 0);
	only(test, v6(1), ten, port(test, 1));
	drop(test, &first, 1);
	drop(test, &second, 1);
}

static void test_policy(struct kunit *test)
{
	allow(test, 0, 1, VNICX_GUARD_IP_IN);
	only(test, v4(1), 0, NULL);
	allow(test, 0, 1, VNICX_GUARD_IP);
	only(test, v4(1), 0, port(test, 0));
	only(test, v6(1), 0, port(test, 0));
	/* no more than prefixes that are addresses */
	KUNIT_EXPECT_EQ(test, atomic_read(&sw(test)->holders.ht.nelems), 2);

	allow(test, 1, 1, VNICX_GUARD_IP);
	only(test, v4(1), 0, NULL);
	allow(test, 1, 2, VNICX_GUARD_IP);
	only(test, v4(1), 0, port(test, 0));
	only(test, v4(2), 0, port(test, 1));
	set_policy(test, 0, NULL);
	only(test, v4(1), 0, NULL);
	only(test, v6(2), 0, port(test, 1));
}

/* A policy that is set again, with the same list, changes nothing. */
static void test_same_list(struct kunit *test)
{
	const struct vnicx_policy *policy;
	struct vnicx_policy again;

	allow(test, 0, 1, VNICX_GUARD_IP);
	rtnl_lock();
	policy = rtnl_dereference(port(test, 0)->policy);
	again = *policy;
	again.class = 1;
	KUNIT_EXPECT_EQ(test, vnicx_policy_set(port(test, 0), &again), 0);
	rtnl_unlock();
	only(test, v4(1), 0, port(test, 0));
	KUNIT_EXPECT_EQ(test, atomic_read(&sw(test)->holders.ht.nelems), 2);

	rtnl_lock();
	again.guards = 0;
	KUNIT_EXPECT_EQ(test, vnicx_policy_set(port(test, 0), &again), 0);
	rtnl_unlock();
	only(test, v4(1), 0, NULL);
	KUNIT_EXPECT_EQ(test, atomic_read(&sw(test)->holders.ht.nelems), 0);
}

/* The same address in as many networks as there are ports */
static void test_policy_vlans(struct kunit *test)
{
	const u32 first = ETH_P_8021Q << 16 | 1;
	struct vnicx_policy again;
	unsigned int i;

	for (i = 0; i < PORTS; i++)
		allow_in(test, i, 1, VNICX_GUARD_IP, 1 + i);
	for (i = 0; i < PORTS; i++)
		only(test, v4(1), first + i, port(test, i));
	KUNIT_EXPECT_FALSE(test, another(test, v4(1), first, 0));
	/* With a port's VLAN, what it holds moves, also by the same list. */
	again = *rcu_dereference_protected(port(test, 0)->policy, true);
	again.vlan.vid = 2;
	rtnl_lock();
	KUNIT_EXPECT_EQ(test, vnicx_policy_set(port(test, 0), &again), 0);
	rtnl_unlock();
	only(test, v4(1), first, NULL);
	only(test, v4(1), first + 1, NULL);
	allow(test, 0, 1, VNICX_GUARD_IP);
	only(test, v4(1), first, port(test, 0));
	for (i = 0; i < PORTS; i++)
		set_policy(test, i, NULL);
	KUNIT_EXPECT_EQ(test, atomic_read(&sw(test)->holders.ht.nelems), 0);
}

static void test_leave(struct kunit *test)
{
	struct vnicx_port *p = port(test, 0);

	allow(test, 0, 1, VNICX_GUARD_IP);
	vnicx_test_down(test->priv, 0);
	only(test, v4(1), 0, p);
	rtnl_lock();
	vnicx_port_leave(p);
	rtnl_unlock();
	only(test, v4(1), 0, NULL);
	KUNIT_EXPECT_EQ(test, atomic_read(&sw(test)->holders.ht.nelems), 0);

	/* A policy from before the port joins counts when it has joined. */
	p->sw = NULL;
	allow(test, 0, 3, VNICX_GUARD_IP);
	only(test, v4(3), 0, NULL);
	rtnl_lock();
	KUNIT_ASSERT_EQ(test, vnicx_port_join(sw(test), p, p->dev), 0);
	vnicx_port_up(p);
	rtnl_unlock();
	only(test, v4(3), 0, p);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(test_one),
	KUNIT_CASE(test_twice),
	KUNIT_CASE(test_vlans),
	KUNIT_CASE(test_many),
	KUNIT_CASE(test_many_vlans),
	KUNIT_CASE(test_claim),
	KUNIT_CASE(test_policy),
	KUNIT_CASE(test_policy_vlans),
	KUNIT_CASE(test_same_list),
	KUNIT_CASE(test_leave),
	{}
};

static struct kunit_suite suite = {
	.name = "vnicx_holder",
	.init = init,
	.test_cases = cases,
};

kunit_test_suite(suite);
