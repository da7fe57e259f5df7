// SPDX-License-Identifier: GPL-2.0
/*
 * A switch whose ports have addresses, but no device that could receive, for
 * tests of its tables; and entries of those tables.
 */
#include <linux/etherdevice.h>
#include <linux/rtnetlink.h>
#include <linux/unaligned.h>

#include "../../switch/cache.h"
#include "../../switch/fdb.h"
#include "fixture.h"

/**
 * vnicx_test_addr() - make the address that VNICX_TEST_ADDR() is, or a greater
 * @addr: where to put it
 * @n: the number
 */
void vnicx_test_addr(u8 *addr, unsigned int n)
{
	static const u8 base[ETH_ALEN] = VNICX_TEST_ADDR(0);

	ether_addr_copy(addr, base);
	put_unaligned_be16(n, addr + 4);
}

static struct net_device *alloc_device(unsigned int n)
{
	struct net_device *dev = alloc_etherdev(0);
	u8 addr[ETH_ALEN];

	if (dev) {
		vnicx_test_addr(addr, n);
		eth_hw_addr_set(dev, addr);
	}
	return dev;
}

static void free_device(void *dev)
{
	free_netdev(dev);
}

static void destroy_switch(void *sw)
{
	rtnl_lock();
	vnicx_switch_destroy(sw);
	rtnl_unlock();
}

/**
 * vnicx_test_switch() - make a switch over a device that is not registered
 * @test: the test
 *
 * Return: the switch, without vNICs
 */
struct vnicx_switch *vnicx_test_switch(struct kunit *test)
{
	struct net_device *lower = alloc_device(VNICX_TEST_LOWER);
	struct vnicx_switch *sw;
	int err;

	KUNIT_ASSERT_NOT_NULL(test, lower);
	err = kunit_add_action_or_reset(test, free_device, lower);
	KUNIT_ASSERT_EQ(test, err, 0);

	rtnl_lock();
	sw = vnicx_switch_create(lower);
	rtnl_unlock();
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, sw);
	err = kunit_add_action_or_reset(test, destroy_switch, sw);
	KUNIT_ASSERT_EQ(test, err, 0);
	return sw;
}

struct port_array {
	struct vnicx_port *port;
	unsigned int nr_joined;
};

static void leave_all(void *context)
{
	struct port_array *array = context;
	unsigned int i;

	rtnl_lock();
	for (i = 0; i < array->nr_joined; i++) {
		vnicx_port_set_rx_flags(&array->port[i], 0);
		vnicx_port_down(&array->port[i]);
	}
	synchronize_rcu();
	for (i = 0; i < array->nr_joined; i++)
		vnicx_port_leave(&array->port[i]);
	rtnl_unlock();
	/* For those who found a port's address before it was removed. */
	synchronize_rcu();
	for (i = 0; i < array->nr_joined; i++)
		free_netdev(array->port[i].dev);
}

/* Joins ports 0, 1, ... until all are ports or one cannot be. */
static int join_all(struct vnicx_switch *sw, struct port_array *array,
		    unsigned int n)
{
	struct net_device *dev;
	unsigned int i;
	int err = 0;

	for (i = 0; !err && i < n; i++) {
		dev = alloc_device(i);
		if (!dev)
			return -ENOMEM;
		rtnl_lock();
		err = vnicx_port_join(sw, &array->port[i], dev);
		rtnl_unlock();
		if (err)
			free_netdev(dev);
		else
			array->nr_joined++;
	}
	return err;
}

/**
 * vnicx_test_ports() - make vNICs' ports whose devices are not registered
 * @test: the test
 * @sw: their switch; once per switch
 * @n: how many
 *
 * Return: an array of @n ports, down
 */
struct vnicx_port *vnicx_test_ports(struct kunit *test, struct vnicx_switch *sw,
				    unsigned int n)
{
	struct port_array *array = kunit_kzalloc(test, sizeof(*array), GFP_KERNEL);
	int err;

	KUNIT_ASSERT_NOT_NULL(test, array);
	array->port = kunit_kcalloc(test, n, sizeof(*array->port), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, array->port);

	err = kunit_add_action(test, leave_all, array);
	KUNIT_ASSERT_EQ(test, err, 0);
	err = join_all(sw, array, n);
	KUNIT_ASSERT_EQ(test, err, 0);
	return array->port;
}

/**
 * vnicx_test_tables() - make a switch and its vNICs' ports
 * @test: the test
 * @n: how many ports
 *
 * Return: both, for the test's private data
 */
struct vnicx_test_tables *vnicx_test_tables(struct kunit *test, unsigned int n)
{
	struct vnicx_test_tables *t = kunit_kzalloc(test, sizeof(*t), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, t);
	t->sw = vnicx_test_switch(test);
	t->port = vnicx_test_ports(test, t->sw, n);
	return t;
}

/**
 * vnicx_test_lookup() - find out who owns an address, out of an RCU section, as
 *	frames do
 * @sw: the switch
 * @addr: the address
 * @vid: the VLAN
 *
 * Return: a port that only the test itself may remove, or NULL; an ERR_PTR() if
 * what the CPU remembers is not what the FDB says
 */
struct vnicx_port *vnicx_test_lookup(struct vnicx_switch *sw, const u8 *addr,
				     u16 vid)
{
	struct vnicx_port *port, *cached;
	struct ethhdr eth;

	ether_addr_copy(eth.h_dest, addr);
	local_bh_disable();
	rcu_read_lock();
	cached = vnicx_cache_lookup(sw, eth.h_dest, vid);
	port = vnicx_fdb_lookup(sw, addr, vid);
	rcu_read_unlock();
	local_bh_enable();
	return cached == port ? port : ERR_PTR(-ESTALE);
}

/**
 * vnicx_test_stat() - read a counter
 * @port: the port
 * @counter: which of its counters
 *
 * Return: the sum over all CPUs
 */
u64 vnicx_test_stat(const struct vnicx_port *port, enum vnicx_counter counter)
{
	u64 sum = 0;
	int cpu;

	for_each_possible_cpu(cpu)
		sum += u64_stats_read(&per_cpu_ptr(port->stats, cpu)->count[counter]);
	return sum;
}

/* An entry of a port in the FDB or in a group. The test may have taken it back. */
struct entry {
	struct vnicx_port *port;
	u8 addr[ETH_ALEN];
	u16 vid;
};

static void fdb_del(void *context)
{
	struct entry *entry = context;

	vnicx_fdb_del(entry->port, entry->addr, entry->vid, VNICX_FDB_ADMIN);
}

static void group_leave(void *context)
{
	struct entry *entry = context;

	vnicx_group_leave(entry->port, entry->addr);
}

static int add_entry(struct kunit *test, kunit_action_t *undo,
		     struct vnicx_port *port, const u8 *addr, u16 vid)
{
	struct entry *entry = kunit_kzalloc(test, sizeof(*entry), GFP_KERNEL);

	if (!entry)
		return -ENOMEM;
	entry->port = port;
	entry->vid = vid;
	ether_addr_copy(entry->addr, addr);
	return kunit_add_action_or_reset(test, undo, entry);
}

/**
 * vnicx_test_fdb_add() - let a port have an address for as long as the test
 *	lasts, from the administrator
 * @test: the test
 * @port: the port
 * @addr: the address
 * @vid: the VLAN
 *
 * Return: as vnicx_fdb_add()
 */
int vnicx_test_fdb_add(struct kunit *test, struct vnicx_port *port,
		       const u8 *addr, u16 vid)
{
	int err;

	rtnl_lock();
	err = vnicx_fdb_add(port, addr, vid, VNICX_FDB_ADMIN, GFP_KERNEL);
	rtnl_unlock();
	return err ?: add_entry(test, fdb_del, port, addr, vid);
}

/**
 * vnicx_test_group_join() - vnicx_group_join() for as long as the test lasts
 * @test: the test
 * @port: the port
 * @addr: the group
 *
 * Return: as vnicx_group_join()
 */
int vnicx_test_group_join(struct kunit *test, struct vnicx_port *port,
			  const u8 *addr)
{
	int err = vnicx_group_join(port, addr);

	return err ?: add_entry(test, group_leave, port, addr, 0);
}

/**
 * vnicx_test_set_host_addr() - vnicx_switch_set_host_addr() under RTNL
 * @sw: the switch
 * @addr: the address
 *
 * Return: as vnicx_switch_set_host_addr()
 */
int vnicx_test_set_host_addr(struct vnicx_switch *sw, const u8 *addr)
{
	int err;

	rtnl_lock();
	err = vnicx_switch_set_host_addr(sw, addr);
	rtnl_unlock();
	return err;
}
