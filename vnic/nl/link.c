// SPDX-License-Identifier: GPL-2.0
/*
 * The rtnetlink kind: creation and deletion of vNICs.
 */
#include <linux/etherdevice.h>
#include <linux/if_vnicx.h>
#include <linux/rtnetlink.h>

#include "../addr/addr.h"
#include "nl.h"

static int vnicx_link_check_addr(const struct nlattr *addr,
				 struct netlink_ext_ack *extack)
{
	if (!addr)
		return 0;
	if (nla_len(addr) != ETH_ALEN) {
		NL_SET_ERR_MSG_ATTR(extack, addr, "address is not 6 bytes long");
		return -EINVAL;
	}
	if (!is_valid_ether_addr(nla_data(addr))) {
		NL_SET_ERR_MSG_ATTR(extack, addr,
				    "address is zero or a multicast address");
		return -EADDRNOTAVAIL;
	}
	return 0;
}

/* rtnetlink calls this before every creation of a vNIC and every change of its
 * options, with the attributes that it is about to hand over.
 */
static int vnicx_link_validate(struct nlattr *tb[], struct nlattr *data[],
			       struct netlink_ext_ack *extack)
{
	return vnicx_link_check_addr(tb[IFLA_ADDRESS], extack) ?:
	       vnicx_policy_validate(tb[IFLA_LINKINFO], extack);
}

/* Turn GRO off until the user asks for it, as for a veth. Most frames that
 * vNICs send each other are super-frames already, and the lower device has
 * merged those that it received.
 */
static void vnicx_link_disable_gro(struct net_device *dev)
{
	dev->features &= ~NETIF_F_GRO;
	dev->wanted_features &= ~NETIF_F_GRO;
	netdev_update_features(dev);
}

/**
 * vnicx_link_create() - make a net_device a vNIC and register it
 * @dev: the device, set up by vnicx_setup(), its namespace and name set
 * @lower_dev: the lower device
 * @tb: IFLA_* attributes
 * @config: the vNIC's options
 * @extack: gets the cause of a refusal
 *
 * Every vNIC is created by this function.
 *
 * Context: may sleep. RTNL.
 * Return: 0 or a negative errno; then @dev may be freed
 */
int vnicx_link_create(struct net_device *dev, struct net_device *lower_dev,
		      struct nlattr *tb[], const struct vnicx_config *config,
		      struct netlink_ext_ack *extack)
{
	struct vnicx_vnic *vnic = netdev_priv(dev);
	struct vnicx_lower *lower;
	int err;

	if (!tb[IFLA_MTU]) {
		dev->mtu = vnicx_max_mtu(lower_dev);
	} else if (dev->mtu > lower_dev->mtu) {
		NL_SET_ERR_MSG_FMT(extack,
				   "MTU %u is above that of lower device %s, %u",
				   dev->mtu, lower_dev->name, lower_dev->mtu);
		return -EINVAL;
	}

	lower = vnicx_lower_get(lower_dev, extack);
	if (IS_ERR(lower))
		return PTR_ERR(lower);

	vnic->lower = lower_dev;
	vnic->port.dev = dev;
	err = vnicx_config_check_new(config, lower, extack);
	if (err)
		goto put_lower;
	vnicx_config_prepare(vnic, config);
	vnicx_trust_prepare(vnic);
	err = vnicx_vnic_set_policy(vnic, config, extack) ?:
	      vnicx_addr_prepare(vnic, lower, dev, tb[IFLA_ADDRESS], extack);
	if (err)
		goto put_lower;

	err = register_netdevice(dev);
	if (err == -EADDRNOTAVAIL)
		NL_SET_ERR_MSG_FMT(extack,
				   "no address derived for vNIC %s is free: give it one",
				   dev->name);
	if (err)
		goto wait;

	vnicx_link_disable_gro(dev);

	err = netdev_upper_dev_link(lower_dev, dev, extack);
	if (err == -EMLINK)
		NL_SET_ERR_MSG_FMT(extack,
				   "lower device %s has too many devices below it",
				   lower_dev->name);
	if (err)
		goto unregister;
	err = vnicx_config_apply_new(vnic, config, extack);
	if (err)
		goto unlink;
	/* A switch forwards frames, and those that LRO has merged cannot be
	 * forwarded. LRO stays off as long as there are vNICs, because the core
	 * keeps it off for a device below one without it. It is turned off
	 * here, where the lower device's administrator is the caller: otherwise
	 * any change of a vNIC's features would turn it off.
	 */
	if (lower_dev->features & NETIF_F_LRO)
		dev_disable_lro(lower_dev);
	/* From here on, the vNIC's own reference keeps the switch. */
	vnicx_lower_put(lower);

	vnicx_follow_operstate(dev);
	linkwatch_fire_event(dev);
	vnicx_config_warn(vnic, config, extack);
	return 0;

unlink:
	netdev_upper_dev_unlink(lower_dev, dev);
unregister:
	unregister_netdevice(dev);
	goto put_lower;
wait:
	/* A frame may have found the address before the failure. */
	synchronize_net();
put_lower:
	/* It was set before the vNIC was a port. */
	vnicx_vnic_end_policy(vnic);
	vnicx_lower_put(lower);
	return err;
}

/**
 * vnicx_link_new() - create a vNIC by a request of rtnetlink
 * @dev: the device, set up by vnicx_setup()
 * @params: the request
 * @extack: gets the cause of a refusal
 *
 * Context: may sleep. RTNL.
 * Return: 0 or a negative errno; then @dev may be freed
 */
int vnicx_link_new(struct net_device *dev, struct rtnl_newlink_params *params,
		   struct netlink_ext_ack *extack)
{
	struct nlattr **tb = params->tb;
	struct net *lower_net = rtnl_newlink_link_net(params);
	struct vnicx_config config;
	struct net_device *lower;

	if (!tb[IFLA_LINK]) {
		NL_SET_ERR_MSG(extack, "a vNIC needs a lower device: link DEVICE");
		return -EINVAL;
	}
	/* First, because later messages may name the lower device. The core lets the
	 * root of a container pass that has no user namespace of its own.
	 */
	if (!vnicx_trust_administers(lower_net)) {
		NL_SET_ERR_MSG(extack, "needs CAP_NET_ADMIN in the namespace of the lower device");
		return -EPERM;
	}
	lower = __dev_get_by_index(lower_net, nla_get_u32(tb[IFLA_LINK]));
	if (!lower) {
		NL_SET_ERR_MSG_ATTR(extack, tb[IFLA_LINK],
				    "lower device does not exist");
		return -ENODEV;
	}
	vnicx_config_init(&config);
	vnicx_config_parse(&config, params->data);
	return vnicx_link_create(dev, lower, tb, &config, extack);
}
EXPORT_SYMBOL_GPL(vnicx_link_new);

DEFINE_RTNL_NEWLINK(vnicx_link_new);

/**
 * vnicx_link_del() - delete a vNIC
 * @dev: the vNIC
 * @head: the list of devices to unregister; @dev is added
 *
 * Context: may sleep. RTNL.
 */
void vnicx_link_del(struct net_device *dev, struct list_head *head)
{
	struct vnicx_vnic *vnic = netdev_priv(dev);

	/* Off the list, or the lower device's removal in the same batch would
	 * delete it again.
	 */
	vnicx_port_unlist(&vnic->port);
	netdev_upper_dev_unlink(vnic->lower, dev);
	unregister_netdevice_queue(dev, head);
}
EXPORT_SYMBOL_GPL(vnicx_link_del);

static struct net *vnicx_link_get_net(const struct net_device *dev)
{
	const struct vnicx_vnic *vnic = netdev_priv(dev);

	return dev_net(vnic->lower);
}

/**
 * vnicx_link_register() - register a kind of vNIC with rtnetlink
 * @ops: the kind's own members: its name, the size of the private area, which
 *	begins with a struct vnicx_vnic, and how to set up, create and delete
 *	one; the others are filled in
 *
 * Return: 0 or a negative errno
 */
int vnicx_link_register(struct rtnl_link_ops *ops)
{
	ops->maxtype = IFLA_VNICX_MAX;
	ops->policy = vnicx_policy;
	ops->validate = vnicx_link_validate;
	ops->changelink = vnicx_changelink;
	ops->get_size = vnicx_get_size;
	ops->fill_info = vnicx_fill_info;
	ops->get_link_net = vnicx_link_get_net;
	return rtnl_link_register(ops);
}
EXPORT_SYMBOL_GPL(vnicx_link_register);

struct rtnl_link_ops vnicx_link_ops = {
	.kind = VNICX_KIND,
	.priv_size = sizeof(struct vnicx_vnic),
	.setup = vnicx_setup,
	.newlink = RTNL_NEWLINK(vnicx_link_new),
	.dellink = vnicx_link_del,
};
