// SPDX-License-Identifier: GPL-2.0
/*
 * netpoll over a vNIC, for messages of a crashing kernel (netconsole).
 *
 * netpoll sends a frame with interrupts disabled, wherever the kernel happens
 * to be. Such a frame takes no lock but the lower device's: it goes to the
 * wire, even if its receiver is on the switch.
 */
#include <linux/netpoll.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>

#include "../nl/nl.h"

/**
 * vnicx_netpoll_setup() - prepare a vNIC for netpoll
 * @dev: the vNIC
 *
 * Implements ndo_netpoll_setup.
 *
 * Context: may sleep. RTNL.
 * Return: 0, -EPERM when the vNIC has a policy, -ENOMEM, or another negative
 * errno when the lower device does not support netpoll
 */
int vnicx_netpoll_setup(struct net_device *dev)
{
	struct vnicx_vnic *vnic = netdev_priv(dev);
	struct netpoll *np;
	int err;

	if (vnicx_port_is_checked(&vnic->port)) {
		vnicx_warn(dev, "its policy (spoofchk, state, guards) does not see what netpoll sends: no netpoll\n");
		return -EPERM;
	}
	np = kzalloc_obj(*np, GFP_KERNEL);
	if (!np)
		return -ENOMEM;

	err = __netpoll_setup(np, vnic->lower);
	if (err) {
		kfree(np);
		return err;
	}
	rcu_assign_pointer(vnic->netpoll, np);
	return 0;
}

/**
 * vnicx_netpoll_cleanup() - undo vnicx_netpoll_setup()
 * @dev: the vNIC
 *
 * Implements ndo_netpoll_cleanup.
 *
 * Context: may sleep. RTNL.
 */
void vnicx_netpoll_cleanup(struct net_device *dev)
{
	struct vnicx_vnic *vnic = netdev_priv(dev);
	struct netpoll *np = rtnl_dereference(vnic->netpoll);

	if (!np)
		return;
	RCU_INIT_POINTER(vnic->netpoll, NULL);
	/* This waits for the frames that are on their way. */
	__netpoll_free(np);
}

/**
 * vnicx_netpoll_check() - refuse a policy for a vNIC that sends by netpoll
 * @vnic: the vNIC
 * @config: its configuration to be
 * @extack: gets the cause of a refusal
 *
 * Context: RTNL.
 * Return: 0 or -EBUSY
 */
int vnicx_netpoll_check(const struct vnicx_vnic *vnic,
			const struct vnicx_config *config,
			struct netlink_ext_ack *extack)
{
	const struct vnicx_vnic_options *options = &config->options;

	if (!rtnl_dereference(vnic->netpoll) ||
	    (options->spoofchk != VNICX_ON &&
	     options->state != VNICX_STATE_DISABLE &&
	     !options->max_tx_rate && !options->max_rx_rate &&
	     !options->storm && !options->class &&
	     !vnicx_vnic_guards(config) && !vnicx_vlan_is_asked(config->vlan) &&
	     !vnicx_mirror_is_asked(config) && !vnicx_bpf_is_asked(config)))
		return 0;
	NL_SET_ERR_MSG_FMT(extack, "%s sends by netpoll, past any policy",
			   vnic->port.dev->name);
	return -EBUSY;
}

/**
 * vnicx_netpoll_xmit() - transmit a frame that cannot wait
 * @dev: the vNIC
 * @skb: the frame; consumed
 *
 * Context: interrupts disabled.
 * Return: NETDEV_TX_OK or NET_XMIT_DROP
 */
netdev_tx_t vnicx_netpoll_xmit(struct net_device *dev, struct sk_buff *skb)
{
	struct vnicx_vnic *vnic = netdev_priv(dev);
	unsigned int len = skb->len;
	netdev_tx_t ret;

	/* The vNIC may have been handed to a tenant since. */
	if (vnicx_port_is_checked(&vnic->port)) {
		DEV_STATS_INC(dev, tx_dropped);
		dev_kfree_skb_any(skb);
		return NET_XMIT_DROP;
	}
	/* If the frame must wait after all, it waits at the lower device,
	 * because the vNIC may be gone by then.
	 */
	skb->dev = vnic->lower;
	ret = netpoll_send_skb(rcu_dereference_bh(vnic->netpoll), skb);
	/* Atomic, because this may interrupt vnicx_port_count(). */
	if (likely(ret == NETDEV_TX_OK)) {
		DEV_STATS_INC(dev, tx_packets);
		DEV_STATS_ADD(dev, tx_bytes, len);
	} else {
		DEV_STATS_INC(dev, tx_dropped);
	}
	return ret;
}
