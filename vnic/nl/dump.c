// SPDX-License-Identifier: GPL-2.0
/*
 * A vNIC's options as rtnetlink shows them.
 */
#include <linux/etherdevice.h>

#include "nl.h"
#include "option.h"

/**
 * vnicx_get_size() - get the greatest size of what vnicx_fill_info() writes
 * @dev: the vNIC
 *
 * Return: bytes
 */
size_t vnicx_get_size(const struct net_device *dev)
{
	const struct vnicx_vnic *vnic = netdev_priv(dev);
	const struct vnicx_option *option;
	size_t size;

	size = nla_total_size(sizeof(struct nla_bitfield32)) +
	       nla_total_size(0) + /* IFLA_VNICX_SWITCH */
	       nla_total_size(0) + /* IFLA_VNICX_SOURCES */
	       nla_total_size(0) + /* IFLA_VNICX_TRUNCATED */
	       nla_total_size(IFNAMSIZ) + /* IFLA_VNICX_MIRROR */
	       READ_ONCE(vnic->port.nr_sources) * nla_total_size(ETH_ALEN) +
	       vnicx_allowed_size(&vnic->port) +
	       vnicx_vlan_size(&vnic->port) +
	       vnicx_leases_size(&vnic->port);
	for (option = vnicx_options; option->attr; option++) {
		if (option->len)
			size += nla_total_size(option->len);
	}
	return size;
}

static int vnicx_dump_options(struct sk_buff *skb, bool shared,
			      const struct vnicx_vnic *vnic)
{
	const struct vnicx_option *option;
	u32 value, flags = 0;
	int err = 0;

	for (option = vnicx_options; option->attr; option++) {
		if (option->shared != shared ||
		    (!option->place && !option->show))
			continue;
		value = option->show ? option->show(vnic) :
				       vnicx_option_held(option, vnic, NULL);
		if (option->flag)
			flags |= value ? option->flag : 0;
		else if (option->len == sizeof(u32))
			err = nla_put_u32(skb, option->attr, value);
		else
			err = nla_put_u8(skb, option->attr, value);
		if (err)
			return err;
	}
	return shared ? 0 : nla_put_bitfield32(skb, IFLA_VNICX_FLAGS, flags,
					       VNICX_FLAGS);
}

/* A message about a link without its lists is shorter than this, and two of them
 * are longer.
 */
#define VNICX_DUMP_ONE	2048

/* Show the lists, which may be long. A program that asks for no more than names,
 * as getifaddrs() does, gets a small buffer: a link that does not fit although
 * it is alone there would keep the program from all links. Such a link is shown
 * without the lists that do not fit, and says so.
 */
static int vnicx_dump_lists(struct sk_buff *skb, const struct vnicx_port *port,
			    bool alone)
{
	int (*const fill[])(struct sk_buff *skb,
			    const struct vnicx_port *port) = {
		vnicx_source_list_fill, vnicx_allowed_fill, vnicx_vlan_fill,
		vnicx_leases_fill,
	};
	bool truncated = false;
	unsigned int i, len;

	for (i = 0; i < ARRAY_SIZE(fill); i++) {
		len = skb->len;
		if (!fill[i](skb, port) &&
		    (skb->len == len || !alone ||
		     skb_tailroom(skb) >= VNICX_DUMP_REST))
			continue;
		if (!alone)
			return -EMSGSIZE;
		nlmsg_trim(skb, skb->data + len);
		truncated = true;
	}
	return truncated ? nla_put_flag(skb, IFLA_VNICX_TRUNCATED) : 0;
}

/**
 * vnicx_fill_options() - show a vNIC's options
 * @skb: where to put them
 * @dev: the vNIC
 * @alone: no other link is in the buffer: leave out lists that do not fit
 *
 * Context: RTNL or RCU read side.
 * Return: 0 or -EMSGSIZE
 */
int vnicx_fill_options(struct sk_buff *skb, const struct net_device *dev,
		       bool alone)
{
	const struct vnicx_vnic *vnic = netdev_priv(dev);
	struct nlattr *nest;

	if (vnicx_dump_options(skb, false, vnic) ||
	    vnicx_mirror_fill(skb, vnic))
		return -EMSGSIZE;
	nest = nla_nest_start(skb, IFLA_VNICX_SWITCH);
	if (!nest || vnicx_dump_options(skb, true, vnic))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return vnicx_dump_lists(skb, &vnic->port, alone);
}

/**
 * vnicx_fill_info() - show a vNIC's attributes, which would create one like it
 * @skb: where to put them
 * @dev: the vNIC
 *
 * Context: RTNL or RCU read side.
 * Return: 0 or -EMSGSIZE
 */
int vnicx_fill_info(struct sk_buff *skb, const struct net_device *dev)
{
	return vnicx_fill_options(skb, dev, skb->len < VNICX_DUMP_ONE);
}
