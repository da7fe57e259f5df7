// SPDX-License-Identifier: GPL-2.0
/*
 * The attributes for the list of sources of a vNIC in source mode.
 */
#include <linux/etherdevice.h>
#include <linux/if_vnicx.h>
#include <linux/rtnetlink.h>

#include "nl.h"

const struct nla_policy vnicx_source_policy[IFLA_VNICX_SOURCE_MAX + 1] = {
	[IFLA_VNICX_SOURCE] = NLA_POLICY_ETH_ADDR,
};

/* Return the address in an entry of a list, or NULL when it holds none. Each
 * reader checks the type and the length, so that none depends on another one's
 * having checked the same attribute.
 */
static const u8 *vnicx_source_addr(const struct nlattr *entry)
{
	if (nla_type(entry) != IFLA_VNICX_SOURCE || nla_len(entry) != ETH_ALEN)
		return NULL;
	return nla_data(entry);
}

static bool vnicx_source_list_contains(const struct nlattr *sources,
				       const struct nlattr *until,
				       const u8 *addr)
{
	const struct nlattr *nla;
	const u8 *other;
	int rem;

	nla_for_each_nested(nla, sources, rem) {
		if (nla == until)
			return false;
		other = vnicx_source_addr(nla);
		if (other && ether_addr_equal(other, addr))
			return true;
	}
	return false;
}

/**
 * vnicx_source_list_check() - check a list of sources without regard to a vNIC
 * @sources: the IFLA_VNICX_SOURCES attribute
 * @extack: gets the cause of a refusal
 *
 * Return: 0, -EINVAL for an attribute that is no address, -EADDRNOTAVAIL for an
 * invalid address, -EEXIST for an address given twice, or -ENOSPC
 */
int vnicx_source_list_check(const struct nlattr *sources,
			    struct netlink_ext_ack *extack)
{
	const struct nlattr *nla;
	unsigned int n = 0;
	const u8 *addr;
	int rem;

	nla_for_each_nested(nla, sources, rem) {
		addr = vnicx_source_addr(nla);
		if (!addr) {
			NL_SET_ERR_MSG_ATTR(extack, nla,
					    "a source is a MAC address of 6 bytes");
			return -EINVAL;
		}
		if (!is_valid_ether_addr(addr)) {
			NL_SET_ERR_MSG_FMT(extack,
					   "source %pM is zero or a multicast address",
					   addr);
			return -EADDRNOTAVAIL;
		}
		if (vnicx_source_list_contains(sources, nla, addr)) {
			NL_SET_ERR_MSG_FMT(extack, "source %pM is given twice",
					   addr);
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

/**
 * vnicx_source_list_check_op() - check that addresses can be added to a port's
 *	list, or deleted from it
 * @port: the port
 * @config: the vNIC's new options
 * @extack: gets the cause of a refusal
 *
 * Runs before anything changes, so that a request is done as a whole or not at
 * all.
 *
 * Context: RTNL.
 * Return: 0, -ENOENT, -EEXIST or -ENOSPC
 */
int vnicx_source_list_check_op(const struct vnicx_port *port,
			       const struct vnicx_config *config,
			       struct netlink_ext_ack *extack)
{
	const struct nlattr *sources = config->sources;
	u32 op = config->source_op;
	u32 n = port->nr_sources;
	const struct nlattr *nla;
	const u8 *addr;
	bool listed;
	int rem;

	if (!sources || (op != VNICX_LIST_ADD && op != VNICX_LIST_DEL))
		return 0;

	nla_for_each_nested(nla, sources, rem) {
		addr = vnicx_source_addr(nla);
		if (!addr)
			return -EINVAL;
		listed = vnicx_source_listed(port, addr);
		if (op == VNICX_LIST_DEL && !listed) {
			NL_SET_ERR_MSG_FMT(extack,
					   "source %pM: is not on the list",
					   addr);
			return -ENOENT;
		}
		if (op == VNICX_LIST_ADD && listed) {
			NL_SET_ERR_MSG_FMT(extack,
					   "source %pM: is on the list already",
					   addr);
			return -EEXIST;
		}
		if (op == VNICX_LIST_ADD && ++n > VNICX_SOURCES_MAX) {
			NL_SET_ERR_MSG_FMT(extack,
					   "source %pM: the list is full",
					   addr);
			return -ENOSPC;
		}
	}
	return 0;
}

/**
 * vnicx_source_list_apply() - change a port's list
 * @port: the port
 * @config: the vNIC's new options, which both checks accepted
 * @extack: gets the cause of a failure
 *
 * Context: may sleep. RTNL.
 * Return: 0 or -ENOMEM
 */
int vnicx_source_list_apply(struct vnicx_port *port,
			    const struct vnicx_config *config,
			    struct netlink_ext_ack *extack)
{
	const struct nlattr *sources = config->sources;
	u32 op = config->source_op;
	const struct nlattr *nla;
	const u8 *addr;
	int rem, err;

	if (!sources && !vnicx_config_gives(config, IFLA_VNICX_SOURCE_OP))
		return 0;
	if (op == VNICX_LIST_SET || op == VNICX_LIST_FLUSH)
		vnicx_source_flush(port);
	if (op == VNICX_LIST_FLUSH || !sources)
		return 0;

	nla_for_each_nested(nla, sources, rem) {
		addr = vnicx_source_addr(nla);
		if (!addr)
			return -EINVAL;
		if (op == VNICX_LIST_DEL)
			err = vnicx_source_del(port, addr);
		else
			err = vnicx_source_add(port, addr);
		if (err) {
			NL_SET_ERR_MSG_FMT(extack, "source %pM: %pe", addr,
					   ERR_PTR(err));
			return err;
		}
	}
	return 0;
}

static int vnicx_source_list_fill_source(const u8 *addr, void *skb)
{
	return nla_put(skb, IFLA_VNICX_SOURCE, ETH_ALEN, addr);
}

/**
 * vnicx_source_list_fill() - show a port's list, if it has one
 * @skb: where to put it
 * @port: the port
 *
 * Context: RTNL or RCU read side.
 * Return: 0 or -EMSGSIZE
 */
int vnicx_source_list_fill(struct sk_buff *skb, const struct vnicx_port *port)
{
	struct nlattr *nest;
	int err;

	if (READ_ONCE(port->mode) != VNICX_MODE_SOURCE)
		return 0;

	nest = nla_nest_start(skb, IFLA_VNICX_SOURCES);
	if (!nest)
		return -EMSGSIZE;
	rcu_read_lock();
	err = vnicx_source_walk(port, vnicx_source_list_fill_source, skb);
	rcu_read_unlock();
	if (err)
		return err;
	nla_nest_end(skb, nest);
	return 0;
}
