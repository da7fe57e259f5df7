// SPDX-License-Identifier: GPL-2.0
/*
 * The mirror of a vNIC: which device gets copies of its frames.
 *
 * The device is where the lower device is, and the mirror ends when it is
 * removed or when one of the two moves away.
 */
#include <linux/hashtable.h>
#include <linux/if_arp.h>
#include <linux/rtnetlink.h>
#include <net/vxlan.h>

#include "vnic.h"

/* The vNICs that have a mirror, by its device, under RTNL */
static DEFINE_HASHTABLE(vnicx_mirrored, 8);

/* The form of a name that stands for an index, where names are not told */
#define VNICX_MIRROR_INDEX	"if%u"

/**
 * vnicx_mirror_is_asked() - tell whether a request gives a vNIC a mirror
 * @config: the vNIC's options to be
 *
 * Return: whether it does
 */
bool vnicx_mirror_is_asked(const struct vnicx_config *config)
{
	return config->mirror && *(const char *)nla_data(config->mirror);
}

/* Tell whether what a device sends is switched as the host's, if the device is on top
 * of a lower device: its copies would be, once more. A tunnel's packets are for its
 * other end.
 */
static bool vnicx_mirror_returns(const struct net_device *dev)
{
	return dev->netdev_ops != &vnicx_netdev_ops && !netif_is_vxlan(dev);
}

static struct net_device *vnicx_mirror_find(struct net *net, const char *name)
{
	struct net_device *dev = __dev_get_by_name(net, name);
	unsigned int index;
	char rest;

	if (!dev && sscanf(name, VNICX_MIRROR_INDEX "%c", &index, &rest) == 1)
		dev = __dev_get_by_index(net, index);
	return dev;
}

static int vnicx_mirror_check(const struct vnicx_vnic *vnic,
			      struct net_device *dev, u32 vid,
			      struct netlink_ext_ack *extack)
{
	if (dev == vnic->port.dev) {
		NL_SET_ERR_MSG_FMT(extack, "mirror device is %s itself",
				   dev->name);
		return -EINVAL;
	}
	if (dev->type != ARPHRD_ETHER) {
		NL_SET_ERR_MSG_FMT(extack,
				   "mirror device %s is not an Ethernet device",
				   dev->name);
		return -EINVAL;
	}
	if (dev == vnic->lower && !vid) {
		NL_SET_ERR_MSG_FMT(extack,
				   "mirror to lower device %s needs a VLAN",
				   dev->name);
		return -EINVAL;
	}
	if (vnicx_mirror_returns(dev) && netdev_has_upper_dev(vnic->lower, dev)) {
		NL_SET_ERR_MSG_FMT(extack,
				   "mirror device %s is on top of lower device %s",
				   dev->name, vnic->lower->name);
		return -EINVAL;
	}
	return 0;
}

/* Find the device that a configuration names, or the present one. */
static struct net_device *
vnicx_mirror_device(const struct vnicx_vnic *vnic,
		    const struct vnicx_config *config,
		    struct netlink_ext_ack *extack)
{
	struct net_device *dev = vnic->mirror;
	const char *name;

	if (config->mirror) {
		name = nla_data(config->mirror);
		if (!*name)
			return NULL;
		dev = vnicx_mirror_find(dev_net(vnic->lower), name);
		if (!dev) {
			NL_SET_ERR_MSG_FMT(extack,
					   "mirror device %s does not exist in the namespace of %s",
					   name, vnic->lower->name);
			return ERR_PTR(-ENODEV);
		}
	} else if (!dev && (vnicx_config_gives(config, IFLA_VNICX_MIRROR_VLAN) ||
			    vnicx_config_gives(config, IFLA_VNICX_MIRROR_WAY))) {
		NL_SET_ERR_MSG(extack, "there is no mirror to change");
		return ERR_PTR(-EINVAL);
	}
	return dev;
}

/**
 * vnicx_mirror_get() - make the mirror that a configuration asks for
 * @vnic: the vNIC
 * @config: the configuration
 * @extack: gets the cause of a refusal
 *
 * Context: may sleep. RTNL.
 * Return: the mirror, for vnicx_mirror_set() or kfree(), NULL for none, or an
 * ERR_PTR()
 */
struct vnicx_mirror *vnicx_mirror_get(const struct vnicx_vnic *vnic,
				      const struct vnicx_config *config,
				      struct netlink_ext_ack *extack)
{
	struct net_device *dev = vnicx_mirror_device(vnic, config, extack);
	struct vnicx_mirror *mirror;
	struct vnicx_vnic *watcher;
	int err;

	if (IS_ERR_OR_NULL(dev))
		return ERR_CAST(dev);
	err = vnicx_mirror_check(vnic, dev, config->options.mirror_vlan, extack);
	if (err)
		return ERR_PTR(err);
	mirror = kzalloc_obj(*mirror, GFP_KERNEL_ACCOUNT);
	if (!mirror)
		return ERR_PTR(-ENOMEM);
	mirror->dev = dev;
	if (dev->netdev_ops == &vnicx_netdev_ops) {
		watcher = netdev_priv(dev);
		mirror->port = &watcher->port;
	}
	mirror->vid = config->options.mirror_vlan;
	mirror->tx = config->options.mirror_way != VNICX_WAY_RX;
	mirror->rx = config->options.mirror_way != VNICX_WAY_TX;
	return mirror;
}

/**
 * vnicx_mirror_set() - set the mirror of a vNIC
 * @vnic: the vNIC
 * @mirror: the mirror, which vnicx_mirror_get() made, or NULL for none
 *
 * Context: RTNL.
 */
void vnicx_mirror_set(struct vnicx_vnic *vnic, struct vnicx_mirror *mirror)
{
	struct net_device *dev = mirror ? mirror->dev : NULL;

	vnicx_port_set_mirror(&vnic->port, mirror);
	if (dev == vnic->mirror)
		return;
	if (vnic->mirror) {
		netdev_put(vnic->mirror, &vnic->mirror_tracker);
		hash_del(&vnic->mirrored);
	}
	vnic->mirror = dev;
	if (dev) {
		netdev_hold(dev, &vnic->mirror_tracker, GFP_KERNEL);
		hash_add(vnicx_mirrored, &vnic->mirrored, (unsigned long)dev);
	}
}

/* End the mirror of a vNIC whose device went, and say so. */
static void vnicx_mirror_lose(struct vnicx_vnic *vnic)
{
	vnicx_warn(vnic->port.dev, "its mirror is gone\n");
	vnicx_mirror_set(vnic, NULL);
}

/**
 * vnicx_mirror_gone() - end the mirrors by a device that goes or moves
 * @dev: the device
 *
 * The lower device takes mirrors by itself along.
 *
 * Context: RTNL.
 */
void vnicx_mirror_gone(const struct net_device *dev)
{
	struct vnicx_vnic *vnic;
	struct hlist_node *next;

	hash_for_each_possible_safe(vnicx_mirrored, vnic, next, mirrored,
				    (unsigned long)dev) {
		if (vnic->mirror == dev &&
		    (dev != vnic->lower ||
		     dev->reg_state == NETREG_UNREGISTERING))
			vnicx_mirror_lose(vnic);
	}
}

/* Note that a lower device is at or below the one that was put below another. */
static int vnicx_mirror_mark(struct net_device *dev,
			     struct netdev_nested_priv *priv)
{
	struct vnicx_lower *lower = vnicx_lower_of(dev);

	if (lower)
		lower->linked = *(bool *)priv->data;
	return 0;
}

/* End the mirrors by a device that is above such a lower device. */
static int vnicx_mirror_lose_above(struct net_device *dev,
				   struct netdev_nested_priv *priv)
{
	struct vnicx_vnic *vnic;
	struct hlist_node *next;

	if (!vnicx_mirror_returns(dev))
		return 0;
	hash_for_each_possible_safe(vnicx_mirrored, vnic, next, mirrored,
				    (unsigned long)dev) {
		if (vnic->mirror == dev && vnicx_lower_of(vnic->lower)->linked)
			vnicx_mirror_lose(vnic);
	}
	return 0;
}

/**
 * vnicx_mirror_linked() - end the mirrors whose devices are now on top of the
 *	lower device
 * @dev: a device
 * @info: the device that it was put below, or taken from
 *
 * Implements NETDEV_CHANGEUPPER for all devices: any of them may be the one
 * between the two. Takes no more steps than the core has for linking them, and
 * for the mirrors that end.
 *
 * Context: RTNL.
 */
void vnicx_mirror_linked(struct net_device *dev,
			 const struct netdev_notifier_changeupper_info *info)
{
	bool linked = true;
	struct netdev_nested_priv priv = { .data = &linked };

	if (!info->linking || hash_empty(vnicx_mirrored))
		return;
	vnicx_mirror_mark(dev, &priv);
	netdev_walk_all_lower_dev(dev, vnicx_mirror_mark, &priv);
	vnicx_mirror_lose_above(info->upper_dev, NULL);
	netdev_walk_all_upper_dev_rcu(info->upper_dev, vnicx_mirror_lose_above, NULL);
	linked = false;
	vnicx_mirror_mark(dev, &priv);
	netdev_walk_all_lower_dev(dev, vnicx_mirror_mark, &priv);
}

/**
 * vnicx_mirror_left() - end the mirrors that a lower device has left behind
 * @lower: the lower device, in its new namespace
 *
 * Context: RTNL.
 */
void vnicx_mirror_left(const struct net_device *lower)
{
	struct vnicx_vnic *vnic;
	struct hlist_node *next;
	int i;

	hash_for_each_safe(vnicx_mirrored, i, next, vnic, mirrored) {
		if (vnic->lower == lower &&
		    !net_eq(dev_net(vnic->mirror), dev_net(lower)))
			vnicx_mirror_lose(vnic);
	}
}

/**
 * vnicx_mirror_fill() - show the device of a vNIC's mirror
 * @skb: where to put it
 * @vnic: the vNIC
 *
 * A tenant does not learn a device's name in another namespace, but its index.
 *
 * Context: RTNL or RCU read side.
 * Return: 0 or -EMSGSIZE
 */
int vnicx_mirror_fill(struct sk_buff *skb, const struct vnicx_vnic *vnic)
{
	const struct vnicx_mirror *mirror;
	char name[IFNAMSIZ];

	mirror = rcu_dereference_rtnl(vnic->port.mirror);
	if (!mirror)
		return 0;
	if (net_eq(dev_net(vnic->port.dev), dev_net(vnic->lower)))
		strscpy(name, mirror->dev->name, sizeof(name));
	else
		snprintf(name, sizeof(name), VNICX_MIRROR_INDEX,
			 mirror->dev->ifindex);
	return nla_put_string(skb, IFLA_VNICX_MIRROR, name);
}
