// SPDX-License-Identifier: GPL-2.0
/*
 * Members of groups, and the sets of all that are up, that take
 * every group and that take every unknown address.
 */
#include <linux/etherdevice.h>
#include <linux/rtnetlink.h>

#include "fixture.h"

#define PORTS	40

static const u8 group[ETH_ALEN] = VNICX_TEST_GROUP(1);
static const u8 other_group[ETH_ALEN] = VNICX_TEST_GROUP(2);

static int init(struct kunit *test)
{
	test->priv = vnicx_test_tables(test, PORTS);
	return 0;
}

/* The tests are the only writers, and they wait for no grace period. */
static struct vnicx_members *members_of(struct vnicx_test_tables *t, const u8 *addr)
{
	struct vnicx_members *m;

	rcu_read_lock();
	m = vnicx_group_lookup(t->sw, addr);
	rcu_read_unlock();
	return m;
}

static struct vnicx_members *set(struct vnicx_members __rcu **members)
{
	return rcu_dereference_protected(*members, true);
}

/* The slot of a port, -1 when it is not a member, -2 when it is so twice */
static int slot_of(const struct vnicx_members *m, const struct vnicx_port *port)
{
	int slot = -1;
	u32 i;

	for (i = 0; m && i < m->size; i++) {
		if (rcu_access_pointer(m->slot[i]) != port)
			continue;
		if (slot >= 0)
			return -2;
		slot = i;
	}
	return slot;
}

static void join(struct kunit *test, unsigned int i)
{
	struct vnicx_test_tables *t = test->priv;

	KUNIT_ASSERT_EQ(test, 0, vnicx_test_group_join(test, &t->port[i], group));
}

static void bring_up(struct vnicx_port *port)
{
	rtnl_lock();
	vnicx_port_up(port);
	rtnl_unlock();
}

static void bring_down(struct vnicx_port *port)
{
	rtnl_lock();
	vnicx_port_down(port);
	rtnl_unlock();
}

static void test_join_and_leave(struct kunit *test)
{
	struct vnicx_test_tables *t = test->priv;

	KUNIT_EXPECT_NULL(test, members_of(t, group));
	join(test, 0);
	join(test, 1);
	KUNIT_ASSERT_NOT_NULL(test, members_of(t, group));
	KUNIT_EXPECT_EQ(test, members_of(t, group)->live, 2);
	KUNIT_EXPECT_EQ(test, slot_of(members_of(t, group), &t->port[0]), 0);
	KUNIT_EXPECT_EQ(test, slot_of(members_of(t, group), &t->port[1]), 1);

	KUNIT_EXPECT_EQ(test, vnicx_group_leave(&t->port[0], group), 0);
	KUNIT_ASSERT_NOT_NULL(test, members_of(t, group));
	KUNIT_EXPECT_EQ(test, members_of(t, group)->live, 1);
	KUNIT_EXPECT_EQ(test, slot_of(members_of(t, group), &t->port[0]), -1);
	KUNIT_EXPECT_EQ(test, slot_of(members_of(t, group), &t->port[1]), 1);
}

static void test_last_member_removes_group(struct kunit *test)
{
	struct vnicx_test_tables *t = test->priv;

	join(test, 0);
	join(test, 1);
	KUNIT_ASSERT_EQ(test, 0,
			vnicx_test_group_join(test, &t->port[0], other_group));
	KUNIT_EXPECT_EQ(test, vnicx_group_leave(&t->port[0], group), 0);
	KUNIT_EXPECT_EQ(test, vnicx_group_leave(&t->port[1], group), 0);

	KUNIT_EXPECT_NULL(test, members_of(t, group));
	KUNIT_EXPECT_EQ(test, atomic_read(&t->sw->groups.nelems), 1);
	KUNIT_EXPECT_EQ(test, slot_of(members_of(t, other_group), &t->port[0]), 0);

	join(test, 2);
	KUNIT_EXPECT_EQ(test, slot_of(members_of(t, group), &t->port[2]), 0);
}

static void test_leave_what_was_not_joined(struct kunit *test)
{
	struct vnicx_test_tables *t = test->priv;

	KUNIT_EXPECT_EQ(test, vnicx_group_leave(&t->port[0], group), -ENOENT);
	join(test, 0);
	KUNIT_EXPECT_EQ(test, vnicx_group_leave(&t->port[1], group), -ENOENT);
	KUNIT_EXPECT_EQ(test, vnicx_group_leave(&t->port[0], other_group), -ENOENT);
	KUNIT_EXPECT_EQ(test, members_of(t, group)->live, 1);
	KUNIT_EXPECT_EQ(test, vnicx_group_leave(&t->port[0], group), 0);
	KUNIT_EXPECT_EQ(test, vnicx_group_leave(&t->port[0], group), -ENOENT);
}

/* A walk that was interrupted goes on where it was, also in a larger array. */
static void test_slots_survive_growth(struct kunit *test)
{
	struct vnicx_test_tables *t = test->priv;
	const struct vnicx_members *m;
	unsigned int i, j, grown = 0;
	u32 size = 0;

	for (i = 0; i < PORTS; i++) {
		join(test, i);
		m = members_of(t, group);
		grown += m->size != size;
		size = m->size;
		KUNIT_EXPECT_EQ(test, m->live, i + 1);
		KUNIT_EXPECT_EQ(test, m->used, i + 1);
		for (j = 0; j <= i; j++)
			KUNIT_EXPECT_EQ(test, slot_of(m, &t->port[j]), j);
	}
	KUNIT_EXPECT_GE(test, grown, 4);
	KUNIT_EXPECT_LE(test, size, 2 * PORTS);
}

static void test_holes_are_reused(struct kunit *test)
{
	struct vnicx_test_tables *t = test->priv;
	unsigned int i;
	u32 used, size;

	for (i = 0; i < 6; i++)
		join(test, i);
	used = members_of(t, group)->used;
	size = members_of(t, group)->size;

	KUNIT_EXPECT_EQ(test, vnicx_group_leave(&t->port[1], group), 0);
	KUNIT_EXPECT_EQ(test, vnicx_group_leave(&t->port[4], group), 0);
	join(test, 6);
	join(test, 7);
	KUNIT_EXPECT_EQ(test, slot_of(members_of(t, group), &t->port[6]), 1);
	KUNIT_EXPECT_EQ(test, slot_of(members_of(t, group), &t->port[7]), 4);
	KUNIT_EXPECT_EQ(test, members_of(t, group)->used, used);

	/* The hole that the last one leaves is no other. */
	KUNIT_EXPECT_EQ(test, vnicx_group_leave(&t->port[5], group), 0);
	join(test, 8);
	KUNIT_EXPECT_EQ(test, slot_of(members_of(t, group), &t->port[8]), 5);
	KUNIT_EXPECT_EQ(test, members_of(t, group)->used, used);
	KUNIT_EXPECT_EQ(test, members_of(t, group)->size, size);
}

static void test_coming_and_going_takes_no_room(struct kunit *test)
{
	struct vnicx_test_tables *t = test->priv;
	unsigned int i;
	u32 size;

	join(test, 0);
	size = members_of(t, group)->size;
	for (i = 0; i < 500; i++) {
		KUNIT_ASSERT_EQ(test, 0, vnicx_group_join(&t->port[1], group));
		KUNIT_ASSERT_EQ(test, 0, vnicx_group_leave(&t->port[1], group));
	}
	KUNIT_EXPECT_EQ(test, members_of(t, group)->size, size);
	KUNIT_EXPECT_EQ(test, members_of(t, group)->live, 1);
}

static void test_many_groups(struct kunit *test)
{
	struct vnicx_test_tables *t = test->priv;
	unsigned int i;

	for (i = 0; i < 200; i++) {
		const u8 nth[ETH_ALEN] = VNICX_TEST_GROUP(i);

		KUNIT_ASSERT_EQ(test, 0, vnicx_test_group_join(test,
							       &t->port[i % PORTS],
							       nth));
	}
	for (i = 0; i < 200; i++) {
		const u8 nth[ETH_ALEN] = VNICX_TEST_GROUP(i);
		struct vnicx_members *m = members_of(t, nth);

		KUNIT_ASSERT_NOT_NULL(test, m);
		KUNIT_EXPECT_EQ(test, m->live, 1);
		KUNIT_EXPECT_EQ(test, slot_of(m, &t->port[i % PORTS]), 0);
	}
}

/* Going up and changing the filter must not fail: joining makes the room. */
static void test_room_is_reserved(struct kunit *test)
{
	struct vnicx_test_tables *t = test->priv;

	KUNIT_EXPECT_GE(test, set(&t->sw->broadcast)->size, PORTS);
	KUNIT_EXPECT_GE(test, set(&t->sw->allmulti)->size, PORTS);
	KUNIT_EXPECT_GE(test, set(&t->sw->promisc)->size, PORTS);
	KUNIT_EXPECT_EQ(test, set(&t->sw->broadcast)->live, 0);
}

static void test_up_and_down(struct kunit *test)
{
	struct vnicx_test_tables *t = test->priv;

	KUNIT_EXPECT_FALSE(test, t->port[0].up);
	bring_up(&t->port[0]);
	KUNIT_EXPECT_TRUE(test, t->port[0].up);
	KUNIT_EXPECT_EQ(test, slot_of(set(&t->sw->broadcast), &t->port[0]), 0);
	KUNIT_EXPECT_EQ(test, set(&t->sw->allmulti)->live, 0);
	KUNIT_EXPECT_EQ(test, set(&t->sw->promisc)->live, 0);

	bring_down(&t->port[0]);
	KUNIT_EXPECT_FALSE(test, t->port[0].up);
	KUNIT_EXPECT_EQ(test, slot_of(set(&t->sw->broadcast), &t->port[0]), -1);
	KUNIT_EXPECT_EQ(test, set(&t->sw->broadcast)->live, 0);
}

static void test_all_up(struct kunit *test)
{
	struct vnicx_test_tables *t = test->priv;
	struct vnicx_members *m = set(&t->sw->broadcast);
	unsigned int i;

	for (i = 0; i < PORTS; i++)
		bring_up(&t->port[i]);
	for (i = 0; i < PORTS; i++)
		KUNIT_EXPECT_EQ(test, slot_of(m, &t->port[i]), i);
	KUNIT_EXPECT_PTR_EQ(test, set(&t->sw->broadcast), m);

	for (i = 0; i < PORTS; i += 2)
		bring_down(&t->port[i]);
	for (i = 0; i < PORTS; i++)
		KUNIT_EXPECT_EQ(test, slot_of(m, &t->port[i]), i % 2 ? i : -1);
	KUNIT_EXPECT_EQ(test, m->live, PORTS / 2);
}

/* From every combination of flags to every other, the same one included. */
static void test_rx_flags(struct kunit *test)
{
	const u8 all = VNICX_RX_ALLMULTI | VNICX_RX_PROMISC;
	struct vnicx_test_tables *t = test->priv;
	struct vnicx_port *port = &t->port[3];
	u8 from, to;

	for (from = 0; from <= all; from++) {
		for (to = 0; to <= all; to++) {
			vnicx_port_set_rx_flags(port, from);
			vnicx_port_set_rx_flags(port, to);
			KUNIT_EXPECT_EQ(test, port->rx_flags, to);
			KUNIT_EXPECT_EQ(test, set(&t->sw->allmulti)->live,
					!!(to & VNICX_RX_ALLMULTI));
			KUNIT_EXPECT_EQ(test, slot_of(set(&t->sw->allmulti), port),
					to & VNICX_RX_ALLMULTI ? 0 : -1);
			KUNIT_EXPECT_EQ(test, set(&t->sw->promisc)->live,
					!!(to & VNICX_RX_PROMISC));
			KUNIT_EXPECT_EQ(test, slot_of(set(&t->sw->promisc), port),
					to & VNICX_RX_PROMISC ? 0 : -1);
			KUNIT_EXPECT_EQ(test, set(&t->sw->broadcast)->live, 0);
		}
	}
}

static struct kunit_case cases[] = {
	KUNIT_CASE(test_join_and_leave),
	KUNIT_CASE(test_last_member_removes_group),
	KUNIT_CASE(test_leave_what_was_not_joined),
	KUNIT_CASE(test_slots_survive_growth),
	KUNIT_CASE(test_holes_are_reused),
	KUNIT_CASE(test_coming_and_going_takes_no_room),
	KUNIT_CASE(test_many_groups),
	KUNIT_CASE(test_room_is_reserved),
	KUNIT_CASE(test_up_and_down),
	KUNIT_CASE(test_all_up),
	KUNIT_CASE(test_rx_flags),
	{}
};

static struct kunit_suite suite = {
	.name = "vnicx_group",
	.init = init,
	.test_cases = cases,
};

kunit_test_suite(suite);
