// SPDX-License-Identifier: GPL-2.0
/*
 * The attributes for the IP addresses that a vNIC may have.
 */
#include <linux/if_vnicx.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>
#include <net/ipv6.h>

#include "nl.h"

/* As long as a prefix may be in a message */
#define VNICX_ALLOWED_TEXT	sizeof("ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255/128")

static const struct nla_policy
vnicx_prefix_policy[IFLA_VNICX_PREFIX_MAX + 1] = {
	[IFLA_VNICX_PREFIX_ADDRESS] = {
		.type = NLA_BINARY, .len = sizeof(struct in6_addr),
	},
	[IFLA_VNICX_PREFIX_LEN] = { .type = NLA_U8 },
};

const struct nla_policy vnicx_allowed_policy[IFLA_VNICX_ALLOWED_MAX + 1] = {
	[IFLA_VNICX_ALLOWED_ENTRY] = NLA_POLICY_NESTED(vnicx_prefix_policy),
};

/**
 * struct vnicx_allowed - a list that is about to become a set
 * @nr: number of entries in @prefix
 * @prefix: the prefixes, none of them twice
 */
struct vnicx_allowed {
	u32 nr;
	struct vnicx_prefix prefix[VNICX_IPS_MAX];
};

static const char *vnicx_allowed_text(const struct vnicx_prefix *p, char *text)
{
	if (p->v6)
		snprintf(text, VNICX_ALLOWED_TEXT, "%pI6c/%u", &p->addr, p->len);
	else
		snprintf(text, VNICX_ALLOWED_TEXT, "%pI4/%u", &p->addr, p->len);
	return text;
}

/* Get the bits of an address. */
static unsigned int vnicx_allowed_bits(const struct vnicx_prefix *p)
{
	return 8 * (p->v6 ? sizeof(struct in6_addr) : sizeof(struct in_addr));
}

/* Tell whether an address has bits behind the first @len ones. */
static bool vnicx_allowed_is_beyond(const struct vnicx_prefix *p)
{
	struct in6_addr prefix;

	ipv6_addr_prefix(&prefix, &p->addr, p->len);
	return !ipv6_addr_equal(&prefix, &p->addr);
}

/* Read an entry. Each reader checks its form, so that none depends on another
 * one's having checked the same attribute.
 */
static int vnicx_allowed_read(const struct nlattr *nla, struct vnicx_prefix *p,
			      struct netlink_ext_ack *extack)
{
	struct nlattr *tb[IFLA_VNICX_PREFIX_MAX + 1], *addr;

	if (nla_type(nla) != IFLA_VNICX_ALLOWED_ENTRY ||
	    nla_parse_nested(tb, IFLA_VNICX_PREFIX_MAX, nla, vnicx_prefix_policy,
			     extack))
		return -EINVAL;
	addr = tb[IFLA_VNICX_PREFIX_ADDRESS];
	if (!addr || (nla_len(addr) != sizeof(struct in_addr) &&
		      nla_len(addr) != sizeof(struct in6_addr))) {
		NL_SET_ERR_MSG_ATTR(extack, nla,
				    "an allowed prefix needs an IP address");
		return -EINVAL;
	}
	*p = (struct vnicx_prefix) {
		.v6 = nla_len(addr) == sizeof(struct in6_addr),
		.len = 8 * nla_len(addr),
	};
	memcpy(&p->addr, nla_data(addr), nla_len(addr));
	if (tb[IFLA_VNICX_PREFIX_LEN])
		p->len = nla_get_u8(tb[IFLA_VNICX_PREFIX_LEN]);
	return 0;
}

static int vnicx_allowed_parse(const struct nlattr *nla, struct vnicx_prefix *p,
			       struct netlink_ext_ack *extack)
{
	char text[VNICX_ALLOWED_TEXT];
	unsigned int bits;

	if (vnicx_allowed_read(nla, p, extack))
		return -EINVAL;
	bits = vnicx_allowed_bits(p);
	if (p->len > bits) {
		NL_SET_ERR_MSG_FMT(extack, "%s is longer than an address",
				   vnicx_allowed_text(p, text));
		return -EINVAL;
	}
	if (vnicx_allowed_is_beyond(p)) {
		NL_SET_ERR_MSG_FMT(extack, "%s has bits beyond its prefix",
				   vnicx_allowed_text(p, text));
		return -EINVAL;
	}
	if (ipv6_addr_any(&p->addr) && p->len == bits) {
		NL_SET_ERR_MSG(extack, "0.0.0.0 and :: need not be allowed");
		return -EINVAL;
	}
	return 0;
}

static int vnicx_allowed_find(const struct vnicx_allowed *list,
			      const struct vnicx_prefix *p)
{
	const struct vnicx_prefix *other;
	int i;

	for (i = 0; i < list->nr; i++) {
		other = &list->prefix[i];
		if (other->v6 == p->v6 && other->len == p->len &&
		    ipv6_addr_equal(&other->addr, &p->addr))
			return i;
	}
	return -ENOENT;
}

static int vnicx_allowed_add(struct vnicx_allowed *list,
			     const struct vnicx_prefix *p, u32 held,
			     struct netlink_ext_ack *extack)
{
	char text[VNICX_ALLOWED_TEXT];
	int at = vnicx_allowed_find(list, p);

	if (at >= 0) {
		NL_SET_ERR_MSG_FMT(extack, "%s is %s",
				   vnicx_allowed_text(p, text),
				   at < held ? "in allowed-ips already" :
					       "given twice");
		return -EEXIST;
	}
	if (list->nr == VNICX_IPS_MAX) {
		NL_SET_ERR_MSG_FMT(extack, "allowed-ips has %u already, at most %u",
				   held, VNICX_IPS_MAX);
		return -ENOSPC;
	}
	list->prefix[list->nr++] = *p;
	return 0;
}

static int vnicx_allowed_del(struct vnicx_allowed *list,
			     const struct vnicx_prefix *p,
			     struct netlink_ext_ack *extack)
{
	char text[VNICX_ALLOWED_TEXT];
	int at = vnicx_allowed_find(list, p);

	if (at < 0) {
		NL_SET_ERR_MSG_FMT(extack, "%s is not in allowed-ips",
				   vnicx_allowed_text(p, text));
		return -ENOENT;
	}
	list->prefix[at] = list->prefix[--list->nr];
	return 0;
}

/* Change a list by a request. */
static int vnicx_allowed_change(struct vnicx_allowed *list,
				const struct vnicx_config *config,
				struct netlink_ext_ack *extack)
{
	u32 held = list->nr;
	const struct nlattr *nla;
	struct vnicx_prefix p;
	int rem, err;

	nla_for_each_nested(nla, config->allowed, rem) {
		err = vnicx_allowed_parse(nla, &p, extack);
		if (err)
			return err;
		if (config->allowed_op == VNICX_LIST_DEL)
			err = vnicx_allowed_del(list, &p, extack);
		else
			err = vnicx_allowed_add(list, &p, held, extack);
		if (err)
			return err;
	}
	return 0;
}

/**
 * vnicx_allowed_ips() - get the IP addresses that a vNIC may have
 * @port: the vNIC's port
 * @config: the vNIC's new options, which may change the list
 * @extack: gets the cause of a refusal
 *
 * Changes nothing.
 *
 * Context: may sleep. RTNL.
 * Return: the set, of which the caller is a user, NULL for an empty one, or an
 * ERR_PTR()
 */
struct vnicx_ips *vnicx_allowed_ips(const struct vnicx_port *port,
				    const struct vnicx_config *config,
				    struct netlink_ext_ack *extack)
{
	const struct vnicx_policy *policy = rtnl_dereference(port->policy);
	struct vnicx_ips *held = policy ? policy->ips : NULL, *ips = NULL;
	u32 op = config->allowed_op;
	struct vnicx_allowed *list;
	int err = 0;

	if (!config->allowed &&
	    !vnicx_config_gives(config, IFLA_VNICX_ALLOWED_OP))
		return vnicx_ips_get(held);
	if (op == VNICX_LIST_FLUSH && config->allowed) {
		NL_SET_ERR_MSG(extack, "allowed-ips flush takes no prefixes");
		return ERR_PTR(-EINVAL);
	}
	if (op == VNICX_LIST_FLUSH)
		return NULL;
	list = kzalloc_obj(*list, GFP_KERNEL_ACCOUNT);
	if (!list)
		return ERR_PTR(-ENOMEM);
	if (held && op != VNICX_LIST_SET) {
		list->nr = held->nr;
		memcpy(list->prefix, held->prefix,
		       held->nr * sizeof(list->prefix[0]));
	}
	if (config->allowed)
		err = vnicx_allowed_change(list, config, extack);
	if (!err && list->nr) {
		ips = vnicx_ips_make(list->prefix, list->nr);
		err = ips ? 0 : -ENOMEM;
	}
	kfree(list);
	return err ? ERR_PTR(err) : ips;
}

/**
 * vnicx_allowed_size() - get the greatest size of what vnicx_allowed_fill()
 *	writes
 * @port: the port
 *
 * Return: bytes
 */
size_t vnicx_allowed_size(const struct vnicx_port *port)
{
	const struct vnicx_policy *policy;
	u32 nr = 0;

	rcu_read_lock();
	policy = rcu_dereference(port->policy);
	if (policy && policy->ips)
		nr = policy->ips->nr;
	rcu_read_unlock();
	return nla_total_size(0) +
	       nr * (nla_total_size(0) +
		     nla_total_size(sizeof(struct in6_addr)) +
		     nla_total_size(sizeof(u8)));
}

static int vnicx_allowed_fill_one(struct sk_buff *skb,
				  const struct vnicx_prefix *p)
{
	unsigned int bits = vnicx_allowed_bits(p);
	struct nlattr *nest;

	nest = nla_nest_start(skb, IFLA_VNICX_ALLOWED_ENTRY);
	if (!nest ||
	    nla_put(skb, IFLA_VNICX_PREFIX_ADDRESS, bits / 8, &p->addr) ||
	    (p->len != bits && nla_put_u8(skb, IFLA_VNICX_PREFIX_LEN, p->len)))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int vnicx_allowed_fill_ips(struct sk_buff *skb,
				  const struct vnicx_ips *ips)
{
	const struct vnicx_prefix *p;

	for (p = ips->prefix; p < ips->prefix + ips->nr; p++) {
		if (vnicx_allowed_fill_one(skb, p))
			return -EMSGSIZE;
	}
	return 0;
}

/**
 * vnicx_allowed_fill() - show the IP addresses that a vNIC may have, if any
 * @skb: where to put them
 * @port: the vNIC's port
 *
 * Context: RTNL or RCU read side.
 * Return: 0 or -EMSGSIZE
 */
int vnicx_allowed_fill(struct sk_buff *skb, const struct vnicx_port *port)
{
	const struct vnicx_policy *policy;
	struct nlattr *nest;
	int err = 0;

	rcu_read_lock();
	policy = rcu_dereference(port->policy);
	if (policy && policy->ips) {
		nest = nla_nest_start(skb, IFLA_VNICX_ALLOWED);
		err = nest ? vnicx_allowed_fill_ips(skb, policy->ips) :
			     -EMSGSIZE;
		if (!err)
			nla_nest_end(skb, nest);
	}
	rcu_read_unlock();
	return err;
}
