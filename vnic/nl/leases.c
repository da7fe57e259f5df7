// SPDX-License-Identifier: GPL-2.0
/*
 * The attributes for the IP addresses that a vNIC has for a time.
 */
#include <linux/if_vnicx.h>
#include <linux/rtnetlink.h>
#include <net/ipv6.h>

#include "nl.h"

static_assert(VNICX_LEASES_MAX == VNICX_MAX_LEASES);
static_assert(VNICX_LEASES_DEFAULT == VNICX_MAX_LEASES_DEFAULT);
static_assert(VNICX_LEASE_FOREVER == VNICX_LEASE_INFINITE);

/**
 * vnicx_leases_size() - get the greatest size of what vnicx_leases_fill() writes
 * @port: the port, which may get leases meanwhile
 *
 * Return: bytes
 */
size_t vnicx_leases_size(const struct vnicx_port *port)
{
	const struct vnicx_policy *policy;
	u32 nr = 0;

	rcu_read_lock();
	policy = rcu_dereference(port->policy);
	if (policy)
		nr = vnicx_leases_places(policy->leases);
	rcu_read_unlock();
	return nla_total_size(0) +
	       nr * nla_total_size(sizeof(struct vnicx_lease_info));
}

static int vnicx_leases_fill_one(struct sk_buff *skb,
				 const struct vnicx_lease_shown *shown)
{
	struct vnicx_lease_info info = {
		.seconds = shown->left,
		.len = shown->len,
		.version = 6,
	};

	if (ipv6_addr_v4mapped(&shown->addr)) {
		memcpy(info.addr, &shown->addr.s6_addr32[3], sizeof(__be32));
		info.len = 32;
		info.version = 4;
	} else {
		memcpy(info.addr, &shown->addr, sizeof(info.addr));
	}
	return nla_put(skb, IFLA_VNICX_LEASE, sizeof(info), &info);
}

static int vnicx_leases_fill_all(struct sk_buff *skb,
				 struct vnicx_leases *leases)
{
	struct vnicx_lease_shown shown;
	struct nlattr *nest;
	int err = 0;
	u32 i;

	nest = nla_nest_start(skb, IFLA_VNICX_LEASES);
	if (!nest)
		return -EMSGSIZE;
	for (i = 0; i < vnicx_leases_places(leases) && !err; i++) {
		if (vnicx_leases_show(leases, i, &shown))
			err = vnicx_leases_fill_one(skb, &shown);
	}
	if (!err)
		nla_nest_end(skb, nest);
	return err;
}

/**
 * vnicx_leases_fill() - show the leases of a vNIC, if it may have any
 * @skb: where to put them
 * @port: the vNIC's port
 *
 * Context: RTNL or RCU read side.
 * Return: 0 or -EMSGSIZE
 */
int vnicx_leases_fill(struct sk_buff *skb, const struct vnicx_port *port)
{
	const struct vnicx_policy *policy;
	int err = 0;

	rcu_read_lock();
	policy = rcu_dereference(port->policy);
	if (policy && policy->leases)
		err = vnicx_leases_fill_all(skb, policy->leases);
	rcu_read_unlock();
	return err;
}
