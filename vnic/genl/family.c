// SPDX-License-Identifier: GPL-2.0
/*
 * The generic netlink family, which shows switches and their ports. It changes
 * nothing. docs/netlink/vnicx.yaml describes it.
 *
 * A caller with CAP_NET_ADMIN over the socket's namespace sees the switches over
 * lower devices of that namespace, with all of their ports, and the vNICs that are
 * in that namespace themselves.
 */
#include <linux/rtnetlink.h>

#include "genl.h"

static const struct nla_policy
vnicx_genl_switch_policy[VNICX_A_SWITCH_IFINDEX + 1] = {
	[VNICX_A_SWITCH_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
};

static const struct nla_policy
vnicx_genl_port_policy[VNICX_A_PORT_IFINDEX + 1] = {
	[VNICX_A_PORT_LOWER] = NLA_POLICY_MIN(NLA_U32, 1),
	[VNICX_A_PORT_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
};

/**
 * vnicx_genl_asker() - tell whom the answer to a request is for
 * @request: the request
 * @info: what it says
 *
 * Return: the asker; its command is the request's
 */
struct vnicx_genl_asker vnicx_genl_asker(struct sk_buff *request,
					 struct genl_info *info)
{
	return (struct vnicx_genl_asker) {
		.net = genl_info_net(info),
		.request = request,
		.nlh = info->nlhdr,
		.cmd = info->genlhdr->cmd,
	};
}

/**
 * vnicx_genl_dev() - find the device that a request names
 * @info: what the request says
 * @attr: the attribute with the device's index
 *
 * Context: RTNL.
 * Return: the device, in the asker's namespace, or an ERR_PTR()
 */
struct net_device *vnicx_genl_dev(struct genl_info *info, int attr)
{
	struct net_device *dev;

	if (!info->attrs[attr]) {
		NL_SET_ERR_MSG(info->extack, "no device is given");
		return ERR_PTR(-EINVAL);
	}
	dev = __dev_get_by_index(genl_info_net(info),
				 nla_get_u32(info->attrs[attr]));
	if (dev)
		return dev;
	NL_SET_ERR_MSG_ATTR(info->extack, info->attrs[attr],
			    "device does not exist");
	return ERR_PTR(-ENODEV);
}

static int vnicx_genl_reply(struct sk_buff *request, struct genl_info *info,
			    const struct vnicx_lower *lower,
			    struct vnicx_port *port)
{
	const struct vnicx_genl_asker asker = vnicx_genl_asker(request, info);
	struct sk_buff *skb;
	void *hdr;

	skb = genlmsg_new(port ? vnicx_genl_port_size(port) :
				 vnicx_genl_switch_size(), GFP_KERNEL);
	if (!skb)
		return -ENOMEM;
	hdr = vnicx_genl_begin(skb, &asker);
	if (!hdr || (port ? vnicx_genl_fill_port(skb, &asker, port) :
			    vnicx_genl_fill_switch(skb, lower))) {
		nlmsg_free(skb);
		return -EMSGSIZE;
	}
	genlmsg_end(skb, hdr);
	return genlmsg_reply(skb, info);
}

static int vnicx_genl_get_switch(struct sk_buff *request,
				 struct genl_info *info)
{
	struct vnicx_lower *lower;
	struct net_device *dev;
	int err;

	rtnl_lock();
	dev = vnicx_genl_dev(info, VNICX_A_SWITCH_IFINDEX);
	err = PTR_ERR_OR_ZERO(dev);
	if (err)
		goto unlock;
	lower = vnicx_lower_of(dev);
	if (lower) {
		err = vnicx_genl_reply(request, info, lower, NULL);
	} else {
		NL_SET_ERR_MSG_ATTR(info->extack,
				    info->attrs[VNICX_A_SWITCH_IFINDEX],
				    "device is no lower device of vNICs");
		err = -EINVAL;
	}
unlock:
	rtnl_unlock();
	return err;
}

static int vnicx_genl_get_port(struct sk_buff *request, struct genl_info *info)
{
	struct vnicx_vnic *vnic;
	struct net_device *dev;
	int err;

	rtnl_lock();
	dev = vnicx_genl_dev(info, VNICX_A_PORT_IFINDEX);
	err = PTR_ERR_OR_ZERO(dev);
	if (err)
		goto unlock;
	if (dev->netdev_ops == &vnicx_netdev_ops) {
		vnic = netdev_priv(dev);
		err = vnicx_genl_reply(request, info, NULL, &vnic->port);
	} else {
		NL_SET_ERR_MSG_ATTR(info->extack,
				    info->attrs[VNICX_A_PORT_IFINDEX],
				    "device is no vNIC");
		err = -EINVAL;
	}
unlock:
	rtnl_unlock();
	return err;
}

static const struct genl_ops vnicx_genl_ops[] = {
	{
		.cmd = VNICX_CMD_SWITCH_GET,
		.policy = vnicx_genl_switch_policy,
		.maxattr = VNICX_A_SWITCH_IFINDEX,
		.doit = vnicx_genl_get_switch,
		.start = vnicx_genl_start_switches,
		.dumpit = vnicx_genl_dump_switches,
		.flags = GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd = VNICX_CMD_PORT_GET,
		.policy = vnicx_genl_port_policy,
		.maxattr = VNICX_A_PORT_IFINDEX,
		.doit = vnicx_genl_get_port,
		.start = vnicx_genl_start_ports,
		.dumpit = vnicx_genl_dump_ports,
		.flags = GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd = VNICX_CMD_EXPLAIN,
		.policy = vnicx_genl_explain_policy,
		.maxattr = VNICX_A_EXPLAIN_VID,
		.doit = vnicx_genl_explain,
		.flags = GENL_UNS_ADMIN_PERM,
	},
};

struct genl_family vnicx_genl_family __ro_after_init = {
	.name = VNICX_FAMILY_NAME,
	.version = VNICX_FAMILY_VERSION,
	.netnsok = true,
	.parallel_ops = true,
	.module = THIS_MODULE,
	.ops = vnicx_genl_ops,
	.n_ops = ARRAY_SIZE(vnicx_genl_ops),
	.resv_start_op = VNICX_CMD_SWITCH_GET,
};

/**
 * vnicx_genl_init() - register the family
 *
 * Context: may sleep.
 * Return: 0 or a negative errno
 */
int vnicx_genl_init(void)
{
	return genl_register_family(&vnicx_genl_family);
}

/**
 * vnicx_genl_exit() - undo vnicx_genl_init(), and wait for those who ask
 *
 * Context: may sleep.
 */
void vnicx_genl_exit(void)
{
	genl_unregister_family(&vnicx_genl_family);
}
