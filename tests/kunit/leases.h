/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The leases of vNICs of net.h. The test's private data is the net.
 */
#ifndef _VNICX_KUNIT_LEASES_H
#define _VNICX_KUNIT_LEASES_H

#include <linux/rtnetlink.h>

#include "../../switch/policy/lease.h"
#include "net.h"

static inline struct vnicx_leases *make_leases(struct kunit *test, unsigned int i)
{
	struct vnicx_test_net *net = test->priv;
	struct vnicx_leases *leases;

	rtnl_lock();
	leases = vnicx_leases_make(&net->vnic[i]->port);
	rtnl_unlock();
	KUNIT_ASSERT_NOT_NULL(test, leases);
	return leases;
}

static inline void put_leases(struct vnicx_leases *leases)
{
	rtnl_lock();
	vnicx_leases_put(leases);
	rtnl_unlock();
}

static inline bool claim_in(struct vnicx_leases *leases, u8 n, u32 vlan)
{
	struct in6_addr addr = { .s6_addr = { 0xfe, 0x80, [15] = n } };
	bool claimed;
	u32 question;

	rcu_read_lock_bh();
	rcu_read_lock();
	claimed = vnicx_lease_claim(leases, &addr, vlan, &question);
	if (question)
		vnicx_lease_settle(leases, question, true);
	rcu_read_unlock();
	rcu_read_unlock_bh();
	return claimed;
}

static inline bool claim(struct vnicx_leases *leases, u8 n)
{
	return claim_in(leases, n, 0);
}

static inline bool has_local(struct vnicx_leases *leases, u8 n)
{
	struct in6_addr addr = { .s6_addr = { 0xfe, 0x80, [15] = n } };

	return vnicx_leases_have6(leases, &addr, 0);
}

#endif /* _VNICX_KUNIT_LEASES_H */
