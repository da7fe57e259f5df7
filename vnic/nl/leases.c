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
 * vnicx_leases_size() - get the greatest size of all leases of a port
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
	       nr * (nla_total_size(0) +
		     nla_total_size(sizeof(struct in6_addr)) +
		     nla_total_size(sizeof(u8)) + nla_total_size(sizeof(u32)) +
		     2 * nla_total_size(sizeof(u16)));
}

static int vnicx_leases_fill_one(struct sk_buff *skb,
				 const struct vnicx_lease_shown *shown)
{
	bool v4 = ipv6_addr_v4mapped(&shown->addr);
	bool whole = v4 || shown->len == 128;
	struct nlattr *nest;

	nest = nla_nest_start(skb, IFLA_VNICX_LEASES_ENTRY);
	if (!nest ||
	    (v4 ? nla_put_in_addr(skb, IFLA_VNICX_LEASE_ADDRESS,
				  shown->addr.s6_addr32[3]) :
		  nla_put_in6_addr(skb, IFLA_VNICX_LEASE_ADDRESS,
				   &shown->addr)) ||
	    (!whole &&
	     nla_put_u8(skb, IFLA_VNICX_LEASE_PREFIX_LEN, shown->len)) ||
	    nla_put_u32(skb, IFLA_VNICX_LEASE_SECONDS, shown->left) ||
	    (shown->proto &&
	     (nla_put_u16(skb, IFLA_VNICX_LEASE_VID, shown->vid) ||
	      nla_put_be16(skb, IFLA_VNICX_LEASE_PROTO, shown->proto))))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
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
