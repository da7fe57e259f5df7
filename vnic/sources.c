// SPDX-License-Identifier: GPL-2.0
/*
 * The list of sources of a vNIC in source mode, as attributes.
 */
#include <linux/etherdevice.h>
#include <linux/if_vnicx.h>
#include <linux/rtnetlink.h>

#include "vnic.h"

const struct nla_policy vnicx_source_policy[IFLA_VNICX_SOURCE_MAX + 1] = {
	[IFLA_VNICX_SOURCE] = NLA_POLICY_ETH_ADDR,
};

static bool source_in(const struct nlattr *sources, const struct nlattr *until,
		      const u8 *addr)
{
	const struct nlattr *nla;
	int rem;

	nla_for_each_nested(nla, sources, rem) {
		if (nla == until)
			return false;
		if (ether_addr_equal(nla_data(nla), addr))
			return true;
	}
	return false;
}

/**
 * vnicx_sources_check() - check a list of sources by itself
 * @sources: the IFLA_VNICX_SOURCES attribute
 * @extack: gets the cause of a refusal
 *
 * Return: 0, -EADDRNOTAVAIL, -EEXIST for an address given twice, or -ENOSPC
 */
int vnicx_sources_check(const struct nlattr *sources,
			struct netlink_ext_ack *extack)
{
	const struct nlattr *nla;
	unsigned int n = 0;
	int rem;

	nla_for_each_nested(nla, sources, rem) {
		if (!is_valid_ether_addr(nla_data(nla))) {
			NL_SET_ERR_MSG_FMT(extack,
					   "source %pM is zero or a multicast address",
					   nla_data(nla));
			return -EADDRNOTAVAIL;
		}
		if (source_in(sources, nla, nla_data(nla))) {
			NL_SET_ERR_MSG_FMT(extack, "source %pM is given twice",
					   nla_data(nla));
			return -EEXIST;
		}
		if (++n > VNICX_SOURCES_MAX) {
			NL_SET_ERR_MSG_FMT(extack, "more than %u sources",
					   VNICX_SOURCES_MAX);
			return -ENOSPC;
		}
	}
	return 0;
}

static enum vnicx_source_op source_op(struct nlattr *data[])
{
	if (!data[IFLA_VNICX_SOURCE_OP])
		return VNICX_SOURCE_SET;
	return nla_get_u32(data[IFLA_VNICX_SOURCE_OP]);
}

/**
 * vnicx_sources_check_op() - tell whether what is to be added or deleted can be
 * @port: the port
 * @data: IFLA_VNICX_* attributes
 * @extack: gets the cause of a refusal
 *
 * Before anything is changed, so that all of a request is done or nothing.
 *
 * Context: RTNL.
 * Return: 0, -ENOENT, -EEXIST or -ENOSPC
 */
int vnicx_sources_check_op(const struct vnicx_port *port,
			   struct nlattr *data[],
			   struct netlink_ext_ack *extack)
{
	struct nlattr *sources = data[IFLA_VNICX_SOURCES];
	enum vnicx_source_op op = source_op(data);
	u32 n = port->nr_sources;
	const struct nlattr *nla;
	bool listed;
	int rem;

	if (!sources || (op != VNICX_SOURCE_ADD && op != VNICX_SOURCE_DEL))
		return 0;

	nla_for_each_nested(nla, sources, rem) {
		listed = vnicx_source_listed(port, nla_data(nla));
		if (op == VNICX_SOURCE_DEL && !listed) {
			NL_SET_ERR_MSG_FMT(extack,
					   "source %pM: is not on the list",
					   nla_data(nla));
			return -ENOENT;
		}
		if (op == VNICX_SOURCE_ADD && listed) {
			NL_SET_ERR_MSG_FMT(extack,
					   "source %pM: is on the list already",
					   nla_data(nla));
			return -EEXIST;
		}
		if (op == VNICX_SOURCE_ADD && ++n > VNICX_SOURCES_MAX) {
			NL_SET_ERR_MSG_FMT(extack,
					   "source %pM: the list is full",
					   nla_data(nla));
			return -ENOSPC;
		}
	}
	return 0;
}

/**
 * vnicx_sources_apply() - change a port's list
 * @port: the port
 * @data: IFLA_VNICX_* attributes, found good
 * @extack: gets the cause of a failure
 *
 * Context: may sleep. RTNL.
 * Return: 0 or -ENOMEM
 */
int vnicx_sources_apply(struct vnicx_port *port, struct nlattr *data[],
			struct netlink_ext_ack *extack)
{
	struct nlattr *sources = data[IFLA_VNICX_SOURCES];
	enum vnicx_source_op op = source_op(data);
	const struct nlattr *nla;
	int rem, err;

	if (!sources && !data[IFLA_VNICX_SOURCE_OP])
		return 0;
	if (op == VNICX_SOURCE_SET || op == VNICX_SOURCE_FLUSH)
		vnicx_source_flush(port);
	if (op == VNICX_SOURCE_FLUSH || !sources)
		return 0;

	nla_for_each_nested(nla, sources, rem) {
		if (op == VNICX_SOURCE_DEL)
			err = vnicx_source_del(port, nla_data(nla));
		else
			err = vnicx_source_add(port, nla_data(nla));
		if (err) {
			NL_SET_ERR_MSG_FMT(extack, "source %pM: %pe",
					   nla_data(nla), ERR_PTR(err));
			return err;
		}
	}
	return 0;
}

static int fill_source(const u8 *addr, void *skb)
{
	return nla_put(skb, IFLA_VNICX_SOURCE, ETH_ALEN, addr);
}

/**
 * vnicx_sources_fill() - show a port's list, if it has one
 * @skb: where to put it
 * @port: the port
 *
 * Context: RTNL or RCU read side.
 * Return: 0 or -EMSGSIZE
 */
int vnicx_sources_fill(struct sk_buff *skb, const struct vnicx_port *port)
{
	struct nlattr *nest;
	int err;

	if (READ_ONCE(port->mode) != VNICX_MODE_SOURCE)
		return 0;

	nest = nla_nest_start(skb, IFLA_VNICX_SOURCES);
	if (!nest)
		return -EMSGSIZE;
	rcu_read_lock();
	err = vnicx_source_walk(port, fill_source, skb);
	rcu_read_unlock();
	if (err)
		return err;
	nla_nest_end(skb, nest);
	return 0;
}
