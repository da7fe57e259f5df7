// SPDX-License-Identifier: GPL-2.0
/*
 * The lower device: how a device becomes one, and how its frames enter the
 * switch.
 */
#include <linux/etherdevice.h>
#include <linux/if_arp.h>
#include <linux/if_macvlan.h>
#include <linux/if_vlan.h>
#include <linux/netfilter.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>
#include <net/dsa.h>

#include "announce/announce.h"
#include "vnic.h"

/* All lower devices, under RTNL */
static LIST_HEAD(vnicx_lowers);
static u32 vnicx_lower_next_id;

/* Receive handler of the lower device. Context: softirq, RCU read side. */
static rx_handler_result_t vnicx_lower_handle_frame(struct sk_buff **pskb)
{
	const struct vnicx_lower *lower;

	/* dev_loopback_xmit() hands up frames that never had a MAC header. */
	if (unlikely((*pskb)->pkt_type == PACKET_LOOPBACK))
		return RX_HANDLER_PASS;

	lower = rcu_dereference((*pskb)->dev->rx_handler_data);
	switch (vnicx_receive(lower->sw, pskb)) {
	case VNICX_ANOTHER:
		return RX_HANDLER_ANOTHER;
	case VNICX_PASS:
		return RX_HANDLER_PASS;
	default:
		return RX_HANDLER_CONSUMED;
	}
}

#ifdef CONFIG_NETFILTER_EGRESS

/* Egress hook of the lower device, which is about to transmit a frame: the
 * host's, or a vNIC's on its way to the wire. The priority puts the hook after
 * the user's own rules. A packet socket that bypasses the queueing discipline
 * calls it with bottom halves enabled.
 */
static unsigned int vnicx_lower_handle_egress(void *priv, struct sk_buff *skb,
					      const struct nf_hook_state *state)
{
	struct vnicx_switch *sw = priv;
	enum vnicx_verdict verdict;

	/* Without a whole Ethernet header, it is for the driver to judge. */
	if (unlikely(!pskb_may_pull(skb, ETH_HLEN)))
		return NF_ACCEPT;

	local_bh_disable();
	verdict = vnicx_send_host(sw, skb);
	local_bh_enable();
	return verdict == VNICX_PASS ? NF_ACCEPT : NF_STOLEN;
}

static int vnicx_lower_hook(struct vnicx_lower *lower)
{
	int err;

	lower->egress = (struct nf_hook_ops) {
		.hook = vnicx_lower_handle_egress,
		.dev = lower->dev,
		.priv = lower->sw,
		.pf = NFPROTO_NETDEV,
		.hooknum = NF_NETDEV_EGRESS,
		.priority = INT_MAX,
	};
	err = nf_register_net_hook(dev_net(lower->dev), &lower->egress);
	if (!err)
		vnicx_switch_set_host(lower->sw, true);
	return err;
}

static void vnicx_lower_unhook(struct vnicx_lower *lower)
{
	vnicx_switch_set_host(lower->sw, false);
	nf_unregister_net_hook(dev_net(lower->dev), &lower->egress);
}

#else

static int vnicx_lower_hook(struct vnicx_lower *lower)
{
	return -EOPNOTSUPP;
}

static void vnicx_lower_unhook(struct vnicx_lower *lower)
{
}

#endif

/**
 * vnicx_lower_set_host() - put the lower device's own stack on the switch, or
 *	take it off
 * @lower: the lower device
 * @on: whether to put it on
 * @extack: gets the cause of a refusal
 *
 * Context: may sleep. RTNL.
 * Return: 0, -EOPNOTSUPP when the kernel has no egress hook, or another errno
 * of registering the hook
 */
int vnicx_lower_set_host(struct vnicx_lower *lower, bool on,
			 struct netlink_ext_ack *extack)
{
	bool is_on = vnicx_switch_has_host(lower->sw);
	int err = 0;

	if (is_on && !on)
		vnicx_lower_unhook(lower);
	else if (!is_on && on)
		err = vnicx_lower_hook(lower);
	if (err) {
		NL_SET_ERR_MSG_FMT(extack, "no egress hook on lower device %s",
				   lower->dev->name);
		return err;
	}
	lower->host_wanted = on;
	return 0;
}

/**
 * vnicx_lower_moved() - take the egress hook along to another namespace
 * @lower: the lower device, which leaves or enters a namespace
 * @event: NETDEV_UNREGISTER or NETDEV_REGISTER
 *
 * Context: may sleep. RTNL.
 */
void vnicx_lower_moved(struct vnicx_lower *lower, unsigned long event)
{
	bool is_on = vnicx_switch_has_host(lower->sw);

	if (event == NETDEV_UNREGISTER && is_on)
		vnicx_lower_unhook(lower);
	else if (event == NETDEV_REGISTER && lower->host_wanted && !is_on &&
		 vnicx_lower_hook(lower))
		vnicx_warn(lower->dev,
			   "no egress hook: host is off the switch\n");
}

/**
 * vnicx_lower_of() - get a device's struct vnicx_lower
 * @dev: any device
 *
 * Context: RTNL.
 * Return: the lower device, or NULL when @dev is none
 */
struct vnicx_lower *vnicx_lower_of(const struct net_device *dev)
{
	if (rcu_access_pointer(dev->rx_handler) != vnicx_lower_handle_frame)
		return NULL;
	return rtnl_dereference(dev->rx_handler_data);
}

/**
 * vnicx_lower_first() - get the first lower device, of all namespaces
 *
 * Context: RTNL.
 * Return: the lower device or NULL
 */
struct vnicx_lower *vnicx_lower_first(void)
{
	ASSERT_RTNL();
	return list_first_entry_or_null(&vnicx_lowers, struct vnicx_lower, list);
}

/**
 * vnicx_lower_next() - get the next lower device
 * @lower: the lower device
 *
 * Context: RTNL.
 * Return: the lower device, of which the id is higher, or NULL
 */
struct vnicx_lower *vnicx_lower_next(struct vnicx_lower *lower)
{
	ASSERT_RTNL();
	if (list_is_last(&lower->list, &vnicx_lowers))
		return NULL;
	return list_next_entry(lower, list);
}

/* Kinds of devices that only their names tell from an Ethernet device */
static const struct {
	const char *kind;
	const char *unfit;
} vnicx_lower_unfit_kinds[] = {
	{ "hsr", "is an HSR or PRP ring, which receives for its own address only" },
	{ "ifb", "is an ifb, which gives back what it receives" },
};

static const char *vnicx_lower_unfit_kind(const struct net_device *lower)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(vnicx_lower_unfit_kinds); i++)
		if (lower->rtnl_link_ops &&
		    !strcmp(lower->rtnl_link_ops->kind,
			    vnicx_lower_unfit_kinds[i].kind))
			return vnicx_lower_unfit_kinds[i].unfit;
	return NULL;
}

/* Say why frames of vNICs cannot pass through a device, or return NULL if they
 * can. The device must transmit complete Ethernet frames with any source
 * address, and its own receive handler must get the frames that it receives.
 * The type alone says little: an ioctl makes a tun ARPHRD_ETHER, without a link
 * layer header.
 */
static const char *vnicx_lower_unfit(const struct net_device *lower)
{
	const struct header_ops *ops = lower->header_ops;

	if (lower->flags & IFF_LOOPBACK)
		return "is a loopback device";
	if (lower->type != ARPHRD_ETHER || lower->addr_len != ETH_ALEN ||
	    lower->hard_header_len < ETH_HLEN || !ops)
		return "is not an Ethernet device";
	if (netif_is_l3_master(lower))
		return "is a VRF, which has no link layer";
	if (netdev_uses_dsa(lower))
		return "is the conduit of a DSA switch, whose ports can be lower devices";

	/* A vNIC that is a station of its lower device has this flag, too. */
	if (netif_is_macvlan(lower) && lower->netdev_ops != &vnicx_netdev_ops) {
		const struct macvlan_dev *macvlan = netdev_priv(lower);

		if (macvlan->mode != MACVLAN_MODE_PASSTHRU)
			return "is a macvlan, which receives for its own address only";
	} else if (ops->create != eth_header && !is_vlan_dev(lower)) {
		/* An ipvlan transmits from its lower device's address. */
		return "has no plain Ethernet header";
	}
	if (vnicx_mistakes_tags(lower))
		return "has reorder_hdr off, so a tagged frame would leave its VLAN";
	if (lower->priv_flags & IFF_NO_RX_HANDLER)
		return "takes no receive handler";
	/* A netkit in L3 mode */
	if (!is_valid_ether_addr(lower->dev_addr))
		return "has no Ethernet address";
	return vnicx_lower_unfit_kind(lower);
}

static int vnicx_lower_check(struct net_device *lower,
			     struct netlink_ext_ack *extack)
{
	const char *unfit = vnicx_lower_unfit(lower);
	struct net_device *master;

	if (unfit) {
		NL_SET_ERR_MSG_FMT(extack, "lower device %s %s", lower->name,
				   unfit);
		return -EINVAL;
	}
	if (!netdev_is_rx_handler_busy(lower))
		return 0;

	master = netdev_master_upper_dev_get(lower);
	if (master)
		NL_SET_ERR_MSG_FMT(extack, "lower device %s is a port of %s",
				   lower->name, master->name);
	else
		NL_SET_ERR_MSG_FMT(extack,
				   "lower device %s serves other devices (macvlan, ...)",
				   lower->name);
	return -EBUSY;
}

static void vnicx_lower_free(struct vnicx_lower *lower)
{
	list_del(&lower->list);
	vnicx_switch_destroy(lower->sw);
	kfree(lower);
}

static struct vnicx_lower *vnicx_lower_alloc(struct net_device *dev)
{
	struct vnicx_lower *lower;
	int err;

	lower = kzalloc_obj(*lower, GFP_KERNEL_ACCOUNT);
	if (!lower)
		return ERR_PTR(-ENOMEM);
	lower->dev = dev;
	lower->users = 1;
	lower->sw = vnicx_switch_create(dev);
	if (IS_ERR(lower->sw)) {
		err = PTR_ERR(lower->sw);
		kfree(lower);
		return ERR_PTR(err);
	}
	lower->id = vnicx_lower_next_id++;
	list_add_tail(&lower->list, &vnicx_lowers);
	return lower;
}

/**
 * vnicx_lower_get() - get a reference to a lower device; make the device one
 *	first if it is none
 * @dev: the device
 * @extack: gets the cause of a refusal
 *
 * Context: may sleep. RTNL.
 * Return: the lower device, which vnicx_lower_put() gives back, or an
 * ERR_PTR(): -EINVAL when the device cannot be a lower device, -EBUSY when its
 * receive handler is in use, -ENOMEM, or an errno of registering a hook
 */
struct vnicx_lower *vnicx_lower_get(struct net_device *dev,
				    struct netlink_ext_ack *extack)
{
	struct vnicx_lower *lower;
	int err;

	lower = vnicx_lower_of(dev);
	if (lower) {
		lower->users++;
		return lower;
	}

	err = vnicx_lower_check(dev, extack);
	if (err)
		return ERR_PTR(err);

	lower = vnicx_lower_alloc(dev);
	if (IS_ERR(lower))
		return lower;

	err = netdev_rx_handler_register(dev, vnicx_lower_handle_frame, lower);
	if (err) {
		vnicx_lower_free(lower);
		return ERR_PTR(err);
	}

	/* By default, the host is on the switch if the kernel has the hook. */
	if (IS_ENABLED(CONFIG_NETFILTER_EGRESS)) {
		err = vnicx_lower_set_host(lower, true, extack);
		if (err) {
			vnicx_lower_put(lower);
			return ERR_PTR(err);
		}
	}
	return lower;
}

/**
 * vnicx_lower_put() - release a reference to a lower device
 * @lower: the lower device, from vnicx_lower_get()
 *
 * The last reference frees the switch.
 *
 * Context: may sleep. RTNL.
 */
void vnicx_lower_put(struct vnicx_lower *lower)
{
	if (--lower->users)
		return;

	/* A grace period follows before the switch is freed. */
	vnicx_hear_set(lower, false);
	if (vnicx_switch_has_host(lower->sw))
		vnicx_lower_unhook(lower);
	/* This waits for the frames that are in the handler. */
	netdev_rx_handler_unregister(lower->dev);
	vnicx_lower_free(lower);
}
