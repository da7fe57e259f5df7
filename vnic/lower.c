// SPDX-License-Identifier: GPL-2.0
/*
 * The lower device: what makes it a switch, and how frames get in from it.
 */
#include <linux/etherdevice.h>
#include <linux/if_arp.h>
#include <linux/if_macvlan.h>
#include <linux/if_vlan.h>
#include <linux/netfilter.h>
#include <linux/rtnetlink.h>
#include <net/dsa.h>

#include "vnic.h"

/* The lower device received a frame. Called in softirq, RCU read side. */
static rx_handler_result_t handle_frame(struct sk_buff **pskb)
{
	struct vnicx_switch *sw;

	/* dev_loopback_xmit() hands up frames that never had a MAC header. */
	if (unlikely((*pskb)->pkt_type == PACKET_LOOPBACK))
		return RX_HANDLER_PASS;

	sw = rcu_dereference((*pskb)->dev->rx_handler_data);
	switch (vnicx_receive(sw, pskb)) {
	case VNICX_ANOTHER:
		return RX_HANDLER_ANOTHER;
	case VNICX_PASS:
		return RX_HANDLER_PASS;
	default:
		return RX_HANDLER_CONSUMED;
	}
}

#ifdef CONFIG_NETFILTER_EGRESS

/* The lower device is about to send a frame: the host's, or a vNIC's on its
 * way to the wire. After the user's own rules, hence the priority. A packet
 * socket that bypasses the queueing discipline comes here with bottom halves
 * enabled.
 */
static unsigned int handle_egress(void *priv, struct sk_buff *skb,
				  const struct nf_hook_state *state)
{
	struct vnicx_switch *sw = priv;
	enum vnicx_verdict verdict;

	/* What is no frame is for the lower device to judge. */
	if (unlikely(!pskb_may_pull(skb, ETH_HLEN)))
		return NF_ACCEPT;

	local_bh_disable();
	verdict = vnicx_send_host(sw, skb);
	local_bh_enable();
	return verdict == VNICX_PASS ? NF_ACCEPT : NF_STOLEN;
}

static int hook(struct vnicx_switch *sw)
{
	int err;

	sw->egress = (struct nf_hook_ops) {
		.hook = handle_egress,
		.dev = sw->lower,
		.priv = sw,
		.pf = NFPROTO_NETDEV,
		.hooknum = NF_NETDEV_EGRESS,
		.priority = INT_MAX,
	};
	err = nf_register_net_hook(dev_net(sw->lower), &sw->egress);
	if (!err)
		vnicx_switch_set_host(sw, true);
	return err;
}

static void unhook(struct vnicx_switch *sw)
{
	vnicx_switch_set_host(sw, false);
	nf_unregister_net_hook(dev_net(sw->lower), &sw->egress);
}

#else

static int hook(struct vnicx_switch *sw)
{
	return -EOPNOTSUPP;
}

static void unhook(struct vnicx_switch *sw)
{
}

#endif

/**
 * vnicx_lower_set_host() - put the lower device's own stack on the switch, or
 *	take it off
 * @sw: the switch
 * @on: which of them
 * @extack: gets the cause of a refusal
 *
 * Context: may sleep. RTNL.
 * Return: 0, -EOPNOTSUPP without the kernel's egress hook, or another errno of
 * the hook
 */
int vnicx_lower_set_host(struct vnicx_switch *sw, bool on,
			 struct netlink_ext_ack *extack)
{
	int err = 0;

	if (sw->host.up && !on)
		unhook(sw);
	else if (!sw->host.up && on)
		err = hook(sw);
	if (err) {
		NL_SET_ERR_MSG_FMT(extack, "no egress hook on lower device %s",
				   sw->lower->name);
		return err;
	}
	sw->host_wanted = on;
	return 0;
}

/**
 * vnicx_lower_moved() - take the hook along to another namespace
 * @sw: the switch over a lower device that leaves or enters a namespace
 * @event: NETDEV_UNREGISTER or NETDEV_REGISTER
 *
 * Context: may sleep. RTNL.
 */
void vnicx_lower_moved(struct vnicx_switch *sw, unsigned long event)
{
	if (event == NETDEV_UNREGISTER && sw->host.up)
		unhook(sw);
	else if (event == NETDEV_REGISTER && sw->host_wanted && !sw->host.up &&
		 hook(sw))
		vnicx_warn(sw->lower, "no egress hook: host is off the switch\n");
}

/**
 * vnicx_lower_switch() - find the switch over a device
 * @lower: any device
 *
 * Context: RTNL.
 * Return: the switch or NULL
 */
struct vnicx_switch *vnicx_lower_switch(const struct net_device *lower)
{
	if (rcu_access_pointer(lower->rx_handler) != handle_frame)
		return NULL;
	return rtnl_dereference(lower->rx_handler_data);
}

/* Kinds of devices that nothing but their names tells from an Ethernet device */
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

/* Says why frames of vNICs cannot pass through a device, or NULL: it must take
 * complete Ethernet frames with any source address to transmit, and what it
 * receives must come by its own receive handler. The type alone says little:
 * a tun becomes ARPHRD_ETHER by an ioctl, without a link layer header.
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

	/* vNICs with queues of the adapter's have this flag, too. */
	if (netif_is_macvlan(lower) && lower->netdev_ops != &vnicx_netdev_ops) {
		const struct macvlan_dev *macvlan = netdev_priv(lower);

		if (macvlan->mode != MACVLAN_MODE_PASSTHRU)
			return "is a macvlan, which receives for its own address only";
	} else if (ops->create != eth_header && !is_vlan_dev(lower)) {
		/* An ipvlan sends with its own lower device's address. */
		return "has no plain Ethernet header";
	}
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

/**
 * vnicx_lower_get() - get the switch over a device, which may become one
 * @lower: the device
 * @extack: gets the cause of a refusal
 *
 * Context: may sleep. RTNL.
 * Return: the switch, to be given back by vnicx_lower_put(), or an ERR_PTR():
 * -EINVAL when the device cannot be a lower device, -EBUSY when it is taken,
 * -ENOMEM
 */
struct vnicx_switch *vnicx_lower_get(struct net_device *lower,
				     struct netlink_ext_ack *extack)
{
	struct vnicx_switch *sw;
	int err;

	sw = vnicx_lower_switch(lower);
	if (sw) {
		sw->users++;
		return sw;
	}

	err = vnicx_lower_check(lower, extack);
	if (err)
		return ERR_PTR(err);

	sw = vnicx_switch_create(lower);
	if (IS_ERR(sw))
		return sw;

	err = netdev_rx_handler_register(lower, handle_frame, sw);
	if (err) {
		vnicx_switch_destroy(sw);
		return ERR_PTR(err);
	}
	sw->users = 1;

	/* On unless said otherwise, and where the kernel can */
	if (IS_ENABLED(CONFIG_NETFILTER_EGRESS)) {
		err = vnicx_lower_set_host(sw, true, extack);
		if (err) {
			vnicx_lower_put(sw);
			return ERR_PTR(err);
		}
	}
	return sw;
}

/**
 * vnicx_lower_put() - give a switch back; the last one ends it
 * @sw: the switch, from vnicx_lower_get()
 *
 * Context: may sleep. RTNL.
 */
void vnicx_lower_put(struct vnicx_switch *sw)
{
	if (--sw->users)
		return;

	if (sw->host.up)
		unhook(sw);
	/* Waits for the frames that are in the handler. */
	netdev_rx_handler_unregister(sw->lower);
	vnicx_switch_destroy(sw);
}
