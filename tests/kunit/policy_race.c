// SPDX-License-Identifier: GPL-2.0
/*
 * The leases of ports while several CPUs give, ask for, prolong and end them: nobody has
 * an address twice, and nothing is left over.
 */
#include <kunit/test.h>
#include <linux/cpumask.h>
#include <linux/delay.h>
#include <linux/if_vlan.h>
#include <linux/kthread.h>
#include <linux/rtnetlink.h>
#include <net/ipv6.h>

#include "leases.h"

#define PORTS	3
#define THREADS	4

/* Addresses of each kind, which the ports want */
#define ADDRS	2

/* Leases end by the second, so some of them do while the threads run. On one CPU, the
 * threads take turns, and it is about the locks' order.
 */
#define MSECS	(num_online_cpus() > 1 ? 2500 : 300)

static const u32 vlans[] = { 0, ETH_P_8021Q << 16 | 10 };

/**
 * struct race - what the threads have in common
 * @leases: the ports' leases
 * @spectator: a port that never has a lease
 * @twice: how often two ports had an address in one VLAN
 * @given: how often a port was given an address
 * @settled: how often one got it by its question
 */
struct race {
	struct vnicx_leases *leases[PORTS];
	struct vnicx_port *spectator;
	atomic_t twice;
	atomic_t given;
	atomic_t settled;
};

/* struct racer - a thread, and where its chances come from */
struct racer {
	struct race *race;
	struct task_struct *task;
	u32 state;
};

static u32 chance(struct racer *racer, u32 n)
{
	racer->state = racer->state * 1664525 + 1013904223;
	return (racer->state >> 16) % n;
}

static struct in6_addr addr_of(bool local, u32 n)
{
	struct in6_addr addr = { .s6_addr = { 0xfe, 0x80, [15] = 1 + n } };

	if (!local)
		ipv6_addr_set_v4mapped(htonl(0xc0000200 + n), &addr);
	return addr;
}

static void ask(struct racer *racer, struct vnicx_leases *leases,
		const struct in6_addr *addr, u32 vlan)
{
	u32 question;

	if (!vnicx_lease_claim(leases, addr, vlan, &question) || !question)
		return;
	if (chance(racer, 2)) {
		vnicx_lease_wait(leases, question);
		vnicx_lease_settle(leases, question, chance(racer, 8));
	}
	vnicx_lease_settle(leases, question, chance(racer, 8));
	atomic_inc(&racer->race->settled);
}

static void give(struct racer *racer, struct vnicx_leases *leases,
		 const struct in6_addr *addr, u32 vlan)
{
	static const u32 seconds[] = { 0, 1, 1, 1000 };

	if (vnicx_lease_give(leases, addr, 128,
			     seconds[chance(racer, ARRAY_SIZE(seconds))], vlan))
		atomic_inc(&racer->race->given);
}

/* Under the switch's lock, nobody gets an address while the holders are counted. A lease may
 * end in between.
 */
static void look(struct race *race, const struct in6_addr *addr, u32 vlan)
{
	struct vnicx_switch *sw = race->spectator->sw;

	spin_lock_bh(&sw->lock);
	if (vnicx_holder_another(sw, addr, vlan, race->spectator) &&
	    !vnicx_holder_only(sw, addr, vlan) &&
	    vnicx_holder_another(sw, addr, vlan, race->spectator))
		atomic_inc(&race->twice);
	spin_unlock_bh(&sw->lock);
}

static void step(struct racer *racer)
{
	struct vnicx_leases *leases = racer->race->leases[chance(racer, PORTS)];
	u32 vlan = vlans[chance(racer, ARRAY_SIZE(vlans))], what = chance(racer, 8);
	bool local = what < 4;
	struct in6_addr addr = addr_of(local, chance(racer, ADDRS));

	rcu_read_lock_bh();
	rcu_read_lock();
	if (what == 0)
		vnicx_lease_contest(leases, &addr, vlan);
	else if (what == 7)
		vnicx_lease_end(leases, &addr, 128, vlan);
	else if (local)
		ask(racer, leases, &addr, vlan);
	else
		give(racer, leases, &addr, vlan);
	vnicx_leases_have6(leases, &addr, vlan);
	look(racer->race, &addr, vlan);
	rcu_read_unlock();
	rcu_read_unlock_bh();
}

static int race_on(void *data)
{
	struct racer *racer = data;
	unsigned long n = 0;

	while (!kthread_should_stop()) {
		step(racer);
		if (!(++n % 512)) {
			rtnl_lock();
			vnicx_leases_forget(racer->race->leases[chance(racer, PORTS)]);
			rtnl_unlock();
		}
		cond_resched();
	}
	return 0;
}

static void run(struct kunit *test, struct race *race)
{
	struct racer *racer = kunit_kcalloc(test, THREADS, sizeof(*racer), GFP_KERNEL);
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, racer);
	for (i = 0; i < THREADS; i++) {
		racer[i].race = race;
		racer[i].state = i;
		racer[i].task = kthread_run(race_on, &racer[i], "vnicx_race%u", i);
	}
	msleep(MSECS);
	for (i = 0; i < THREADS; i++) {
		KUNIT_EXPECT_FALSE(test, IS_ERR(racer[i].task));
		if (!IS_ERR(racer[i].task))
			kthread_stop(racer[i].task);
	}
}

/* Each place is in the index, or free. No question waits, no address is there twice. */
static void expect_sound(struct kunit *test, struct vnicx_leases *leases)
{
	const struct vnicx_lease *lease, *other;
	u32 i, j;

	for (i = 0; i < ARRAY_SIZE(leases->lease); i++) {
		lease = &leases->lease[i];
		KUNIT_EXPECT_EQ(test, 0, lease->question);
		if (!lease->until)
			KUNIT_EXPECT_FALSE(test, lease->holder[0].there);
		else if (lease->until > vnicx_lease_now())
			KUNIT_EXPECT_TRUE(test, lease->holder[0].there);
		if (lease->local && lease->until)
			KUNIT_EXPECT_EQ(test, lease->until, VNICX_LEASE_NEVER);
		for (j = 0; j < i && lease->until; j++) {
			other = &leases->lease[j];
			KUNIT_EXPECT_FALSE(test, other->until && other->vlan == lease->vlan &&
					   ipv6_addr_equal(&other->holder[0].key.addr,
							   &lease->holder[0].key.addr));
		}
	}
}

/* Nothing is left in the index, and each place can be filled. */
static void expect_room(struct kunit *test, struct vnicx_leases *leases)
{
	struct in6_addr addr;
	bool given = true;
	u32 i;

	rtnl_lock();
	vnicx_leases_set_max(leases, VNICX_LEASES_MAX);
	rtnl_unlock();
	rcu_read_lock_bh();
	rcu_read_lock();
	for (i = 0; i < VNICX_LEASES_MAX; i++) {
		addr = addr_of(false, i);
		given &= vnicx_lease_give(leases, &addr, 128, 1000, 0);
	}
	rcu_read_unlock();
	rcu_read_unlock_bh();
	KUNIT_EXPECT_TRUE(test, given);
	for (i = 1; i <= VNICX_LEASES_LOCAL; i++)
		KUNIT_EXPECT_TRUE(test, claim(leases, i) && has_local(leases, i));
}

static void test_race(struct kunit *test)
{
	struct vnicx_test_net *net = test->priv;
	struct race *race = kunit_kzalloc(test, sizeof(*race), GFP_KERNEL);
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, race);
	for (i = 0; i < PORTS; i++)
		race->leases[i] = make_leases(test, i);
	race->spectator = &net->vnic[PORTS]->port;
	run(test, race);
	KUNIT_EXPECT_EQ(test, 0, atomic_read(&race->twice));
	KUNIT_EXPECT_GT(test, atomic_read(&race->given), 0);
	KUNIT_EXPECT_GT(test, atomic_read(&race->settled), 0);
	kunit_info(test, "%d given, %d asked for", atomic_read(&race->given),
		   atomic_read(&race->settled));
	for (i = 0; i < PORTS; i++)
		expect_sound(test, race->leases[i]);
	rtnl_lock();
	for (i = 0; i < PORTS; i++)
		vnicx_leases_forget(race->leases[i]);
	rtnl_unlock();
	KUNIT_EXPECT_EQ(test, 0, atomic_read(&net->sw->holders.ht.nelems));
	synchronize_rcu();
	for (i = 0; i < PORTS; i++) {
		expect_room(test, race->leases[i]);
		put_leases(race->leases[i]);
	}
}

static int init(struct kunit *test)
{
	test->priv = vnicx_test_net(test, PORTS + 1);
	return 0;
}

static struct kunit_case policy_race_cases[] = {
	KUNIT_CASE_SLOW(test_race),
	{}
};

static struct kunit_suite policy_race_suite = {
	.name = "vnicx_policy_race",
	.init = init,
	.test_cases = policy_race_cases,
};

kunit_test_suite(policy_race_suite);
