// SPDX-License-Identifier: GPL-2.0
/*
 * The answer to: what would the switch do with such a frame of that vNIC?
 *
 * It tells of other ports and of their addresses, so it is for those who see the
 * whole switch, and says no more than the switch's own vNICs to them.
 */
#include <linux/etherdevice.h>
#include <linux/if_vlan.h>
#include <linux/rtnetlink.h>
#include <vnicx/explain.h>

#include "genl.h"

const struct nla_policy vnicx_genl_explain_policy[VNICX_A_EXPLAIN_VID + 1] = {
	[VNICX_A_EXPLAIN_LOWER] = NLA_POLICY_MIN(NLA_U32, 1),
	[VNICX_A_EXPLAIN_ID] = { .type = NLA_U32 },
	[VNICX_A_EXPLAIN_DEST] = NLA_POLICY_ETH_ADDR,
	[VNICX_A_EXPLAIN_SOURCE] = NLA_POLICY_ETH_ADDR,
	[VNICX_A_EXPLAIN_VID] = NLA_POLICY_RANGE(NLA_U16, 1, VLAN_VID_MASK - 1),
};

/* Find the vNIC that a request names. */
static struct vnicx_port *vnicx_genl_explain_port(struct genl_info *info)
{
	struct vnicx_lower *lower;
	struct vnicx_port *port;
	struct net_device *dev;

	dev = vnicx_genl_dev(info, VNICX_A_EXPLAIN_LOWER);
	if (IS_ERR(dev))
		return ERR_CAST(dev);
	lower = vnicx_lower_of(dev);
	if (!lower) {
		NL_SET_ERR_MSG_ATTR(info->extack,
				    info->attrs[VNICX_A_EXPLAIN_LOWER],
				    "device is no lower device of vNICs");
		return ERR_PTR(-EINVAL);
	}
	if (!info->attrs[VNICX_A_EXPLAIN_ID] ||
	    !info->attrs[VNICX_A_EXPLAIN_DEST]) {
		NL_SET_ERR_MSG(info->extack,
			       "no vNIC or no destination address is given");
		return ERR_PTR(-EINVAL);
	}
	for (port = vnicx_port_first(lower->sw); port;
	     port = vnicx_port_next(port)) {
		if (port->id == nla_get_u32(info->attrs[VNICX_A_EXPLAIN_ID]))
			return port;
	}
	NL_SET_ERR_MSG_ATTR(info->extack, info->attrs[VNICX_A_EXPLAIN_ID],
			    "no vNIC of this switch has this number");
	return ERR_PTR(-ENOENT);
}

static struct vnicx_question
vnicx_genl_explain_question(const struct genl_info *info,
			    const struct vnicx_port *port)
{
	struct nlattr *const *attrs = info->attrs;
	struct vnicx_question q = { .vid = VNICX_VID_NONE };

	nla_memcpy(q.dest, attrs[VNICX_A_EXPLAIN_DEST], ETH_ALEN);
	if (attrs[VNICX_A_EXPLAIN_SOURCE])
		nla_memcpy(q.source, attrs[VNICX_A_EXPLAIN_SOURCE], ETH_ALEN);
	else
		ether_addr_copy(q.source, port->dev->dev_addr);
	if (attrs[VNICX_A_EXPLAIN_VID])
		q.vid = nla_get_u16(attrs[VNICX_A_EXPLAIN_VID]);
	return q;
}

static int vnicx_genl_fill_answer(struct sk_buff *skb,
				  const struct vnicx_port *port,
				  const struct vnicx_question *q,
				  const struct vnicx_answer *a)
{
	u32 i;

	if (nla_put_u32(skb, VNICX_A_EXPLAIN_LOWER,
			vnicx_switch_uplink(port->sw)->dev->ifindex) ||
	    nla_put_u32(skb, VNICX_A_EXPLAIN_ID, port->id) ||
	    nla_put(skb, VNICX_A_EXPLAIN_DEST, ETH_ALEN, q->dest) ||
	    nla_put(skb, VNICX_A_EXPLAIN_SOURCE, ETH_ALEN, q->source) ||
	    (q->vid && nla_put_u16(skb, VNICX_A_EXPLAIN_VID, q->vid)) ||
	    nla_put_u32(skb, VNICX_A_EXPLAIN_CLASS, a->class) ||
	    (a->vid && nla_put_u16(skb, VNICX_A_EXPLAIN_VLAN, a->vid)) ||
	    nla_put_u32(skb, VNICX_A_EXPLAIN_DECISION, a->decision) ||
	    nla_put_u32(skb, VNICX_A_EXPLAIN_REASON, a->reason) ||
	    (a->owned && nla_put_u32(skb, VNICX_A_EXPLAIN_OWNER, a->owner)) ||
	    nla_put_u32(skb, VNICX_A_EXPLAIN_RECEIVERS, a->nr) ||
	    nla_put_u32(skb, VNICX_A_EXPLAIN_UNASKED, a->unasked))
		return -EMSGSIZE;
	for (i = 0; i < min_t(u32, a->nr, VNICX_EXPLAIN_PORTS); i++)
		if (nla_put_u32(skb, VNICX_A_EXPLAIN_TO, a->port[i]))
			return -EMSGSIZE;
	return 0;
}

static int vnicx_genl_answer(struct sk_buff *request, struct genl_info *info,
			     struct vnicx_port *port)
{
	const struct vnicx_genl_asker asker = vnicx_genl_asker(request, info);
	const struct vnicx_question q = vnicx_genl_explain_question(info, port);
	struct vnicx_answer a;
	struct sk_buff *skb;
	void *hdr;
	int err;

	err = vnicx_explain(port, &q, &a);
	if (err)
		return err;
	skb = genlmsg_new((VNICX_A_EXPLAIN_MAX + VNICX_EXPLAIN_PORTS) *
			  nla_total_size(ETH_ALEN), GFP_KERNEL);
	if (!skb)
		return -ENOMEM;
	hdr = vnicx_genl_begin(skb, &asker);
	if (!hdr || vnicx_genl_fill_answer(skb, port, &q, &a)) {
		nlmsg_free(skb);
		return -EMSGSIZE;
	}
	genlmsg_end(skb, hdr);
	return genlmsg_reply(skb, info);
}

/**
 * vnicx_genl_explain() - answer VNICX_CMD_EXPLAIN
 * @request: the request
 * @info: what it says
 *
 * Context: may sleep.
 * Return: 0 or a negative errno
 */
int vnicx_genl_explain(struct sk_buff *request, struct genl_info *info)
{
	struct vnicx_port *port;
	int err;

	rtnl_lock();
	port = vnicx_genl_explain_port(info);
	err = IS_ERR(port) ? PTR_ERR(port) :
			     vnicx_genl_answer(request, info, port);
	rtnl_unlock();
	return err;
}
