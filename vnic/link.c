// SPDX-License-Identifier: GPL-2.0
/*
 * vNICs as rtnetlink creates, shows and deletes them.
 */
#include <linux/etherdevice.h>
#include <linux/if_vnicx.h>
#include <linux/rtnetlink.h>

#include "vnic.h"

static const struct nla_policy vnicx_policy[IFLA_VNICX_MAX + 1] = {
	[IFLA_VNICX_UNSPEC] = { .type = NLA_REJECT },
};

static int validate(struct nlattr *tb[], struct nlattr *data[],
		    struct netlink_ext_ack *extack)
{
	if (!tb[IFLA_ADDRESS])
		return 0;
	if (nla_len(tb[IFLA_ADDRESS]) != ETH_ALEN) {
		NL_SET_ERR_MSG_ATTR(extack, tb[IFLA_ADDRESS],
				    "address is not 6 bytes long");
		return -EINVAL;
	}
	if (!is_valid_ether_addr(nla_data(tb[IFLA_ADDRESS]))) {
		NL_SET_ERR_MSG_ATTR(extack, tb[IFLA_ADDRESS],
				    "address is zero or a multicast address");
		return -EADDRNOTAVAIL;
	}
	return 0;
}

/* rtnetlink passes over attributes that a kind does not have. An option that
 * is not there should be an error, not a surprise.
 */
static int check_unknown(const struct nlattr *linkinfo,
			 struct netlink_ext_ack *extack)
{
	const struct nlattr *data;

	if (!linkinfo)
		return 0;
	data = nla_find_nested(linkinfo, IFLA_INFO_DATA);
	if (!data)
		return 0;
	return nla_validate(nla_data(data), nla_len(data), IFLA_VNICX_MAX,
			    vnicx_policy, extack);
}

/**
 * vnicx_link_create() - make a net_device a vNIC and register it
 * @dev: the device, set up by vnicx_setup(), its namespace and name set
 * @lower: the lower device
 * @tb: IFLA_* attributes
 * @extack: gets the cause of a refusal
 *
 * The one way by which vNICs come to be.
 *
 * Context: may sleep. RTNL.
 * Return: 0 or a negative errno; then @dev may be freed
 */
int vnicx_link_create(struct net_device *dev, struct net_device *lower,
		      struct nlattr *tb[], struct netlink_ext_ack *extack)
{
	struct vnicx_vnic *vnic = netdev_priv(dev);
	struct vnicx_switch *sw;
	int err;

	if (!tb[IFLA_MTU]) {
		dev->mtu = lower->mtu;
	} else if (dev->mtu > lower->mtu) {
		NL_SET_ERR_MSG_FMT(extack,
				   "MTU %u is above that of lower device %s, %u",
				   dev->mtu, lower->name, lower->mtu);
		return -EINVAL;
	}

	sw = vnicx_lower_get(lower, extack);
	if (IS_ERR(sw))
		return PTR_ERR(sw);

	vnic->lower = lower;
	vnic->derive_addr = !tb[IFLA_ADDRESS];
	if (!vnic->derive_addr) {
		err = vnicx_addr_check(sw, dev->dev_addr, NULL, extack);
		if (err)
			goto put_switch;
	}

	err = register_netdevice(dev);
	if (err)
		goto wait;

	err = netdev_upper_dev_link(lower, dev, extack);
	if (err == -EMLINK)
		NL_SET_ERR_MSG_FMT(extack,
				   "lower device %s has too many devices below it",
				   lower->name);
	if (err) {
		unregister_netdevice(dev);
		goto put_switch;
	}
	/* From here on, the vNIC's own reference keeps the switch. */
	vnicx_lower_put(sw);

	netif_stacked_transfer_operstate(lower, dev);
	linkwatch_fire_event(dev);
	return 0;

wait:
	/* A frame may have found its address before it failed. */
	synchronize_net();
put_switch:
	vnicx_lower_put(sw);
	return err;
}

static int newlink(struct net_device *dev, struct rtnl_newlink_params *params,
		   struct netlink_ext_ack *extack)
{
	struct nlattr **tb = params->tb;
	struct net_device *lower;
	int err;

	if (!tb[IFLA_LINK]) {
		NL_SET_ERR_MSG(extack, "a vNIC needs a lower device: link DEVICE");
		return -EINVAL;
	}
	lower = __dev_get_by_index(rtnl_newlink_link_net(params),
				   nla_get_u32(tb[IFLA_LINK]));
	if (!lower) {
		NL_SET_ERR_MSG_ATTR(extack, tb[IFLA_LINK],
				    "lower device does not exist");
		return -ENODEV;
	}
	err = check_unknown(tb[IFLA_LINKINFO], extack);
	if (err)
		return err;

	return vnicx_link_create(dev, lower, tb, extack);
}

DEFINE_RTNL_NEWLINK(newlink);

static void dellink(struct net_device *dev, struct list_head *head)
{
	struct vnicx_vnic *vnic = netdev_priv(dev);

	/* Once: the lower device may be going in the same batch. */
	list_del_init(&vnic->port.list);
	netdev_upper_dev_unlink(vnic->lower, dev);
	unregister_netdevice_queue(dev, head);
}

static struct net *get_link_net(const struct net_device *dev)
{
	const struct vnicx_vnic *vnic = netdev_priv(dev);

	return dev_net(vnic->lower);
}

struct rtnl_link_ops vnicx_link_ops = {
	.kind = VNICX_KIND,
	.priv_size = sizeof(struct vnicx_vnic),
	.setup = vnicx_setup,
	.maxtype = IFLA_VNICX_MAX,
	.policy = vnicx_policy,
	.validate = validate,
	.newlink = RTNL_NEWLINK(newlink),
	.dellink = dellink,
	.get_link_net = get_link_net,
};
