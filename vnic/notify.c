// SPDX-License-Identifier: GPL-2.0
/*
 * Events of a lower device, and how its vNICs follow them.
 *
 *   up, down, carrier	the vNICs' carrier and operational state follow
 *   features		the lower device's offloads and the room around frames
 *			follow
 *   MTU		vNICs above the new one are lowered; none is raised
 *   address		refused if the lower device's administrator gave the new
 *			one to a vNIC; if the driver does not ask, the host has
 *			it after the vNIC
 *   type change	refused
 *   other namespace	vNICs stay, and frames pass as before; the vNICs'
 *			addresses are put into the filter anew, and the egress
 *			hook moves along
 *   name		nothing
 *   removal		the vNICs are removed
 *   failover and the like	every address of the switch is announced on the
 *			wire; the vNICs get the event, so that the stacks on
 *			top of them announce themselves
 */
#include <linux/etherdevice.h>
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>

#include "addr/addr.h"
#include "announce/announce.h"

static void vnicx_notify_follow(struct vnicx_lower *lower)
{
	struct vnicx_port *port;

	for (port = vnicx_port_first(lower->sw); port;
	     port = vnicx_port_next(port)) {
		vnicx_follow_lower(port->dev);
		netdev_update_features(port->dev);
	}
}

static void vnicx_notify_transfer_operstate(struct vnicx_lower *lower)
{
	struct vnicx_port *port;

	for (port = vnicx_port_first(lower->sw); port;
	     port = vnicx_port_next(port))
		vnicx_follow_operstate(port->dev);
}

static void vnicx_notify_follow_mtu(struct vnicx_lower *lower)
{
	struct vnicx_port *port;

	for (port = vnicx_port_first(lower->sw); port;
	     port = vnicx_port_next(port)) {
		struct net_device *dev = port->dev;

		vnicx_follow_lower(dev);
		if (dev->mtu > dev->max_mtu && dev_set_mtu(dev, dev->max_mtu))
			vnicx_warn(dev, "MTU %u stays above that of %s, %u\n",
				   dev->mtu, netdev_name(lower->dev),
				   dev->max_mtu);
	}
}

/* Make a passthru vNIC follow the lower device's address, which it has. */
static void vnicx_notify_follow_addr_passthru(struct vnicx_lower *lower,
					      struct net_device *dev)
{
	struct vnicx_vnic *vnic = netdev_priv(dev);

	if (!vnic->changes_lower)
		ether_addr_copy(vnic->lower_addr, lower->dev->dev_addr);
	if (ether_addr_equal(dev->dev_addr, lower->dev->dev_addr))
		return;
	eth_hw_addr_set(dev, lower->dev->dev_addr);
	vnicx_port_set_addr(&vnic->port, dev->dev_addr, VNICX_FDB_ADMIN);
	call_netdevice_notifiers(NETDEV_CHANGEADDR, dev);
}

static void vnicx_notify_follow_addr(struct vnicx_lower *lower)
{
	struct vnicx_port *passthru = vnicx_switch_passthru(lower->sw);
	int err;

	if (passthru)
		vnicx_notify_follow_addr_passthru(lower, passthru->dev);
	err = vnicx_switch_set_host_addr(lower->sw, lower->dev->dev_addr);
	if (err > 0)
		vnicx_warn(lower->dev, "address %pM is a vNIC's, which keeps it\n",
			   lower->dev->dev_addr);
	else if (err)
		vnicx_warn(lower->dev, "no memory for address %pM on the switch\n",
			   lower->dev->dev_addr);
}

static void vnicx_notify_remove_all(struct vnicx_lower *lower)
{
	struct vnicx_port *port;
	LIST_HEAD(doomed);

	while ((port = vnicx_port_first(lower->sw)))
		port->dev->rtnl_link_ops->dellink(port->dev, &doomed);
	unregister_netdevice_many(&doomed);
}

static int vnicx_notify_lower(struct vnicx_lower *lower, unsigned long event,
			      void *info)
{
	struct netdev_notifier_pre_changeaddr_info *addr_info = info;
	struct vnicx_port *port;

	switch (event) {
	case NETDEV_UP:
	case NETDEV_DOWN:
	case NETDEV_CHANGE:
		vnicx_notify_transfer_operstate(lower);
		break;
	case NETDEV_FEAT_CHANGE:
		vnicx_notify_follow(lower);
		vnicx_l2fwd_update(lower);
		break;
	case NETDEV_CHANGEMTU:
		vnicx_notify_follow_mtu(lower);
		break;
	case NETDEV_PRE_CHANGEADDR:
		return vnicx_addr_check(lower, addr_info->dev_addr,
					VNICX_VID_ANY, VNICX_FDB_ADMIN,
					vnicx_switch_host(lower->sw),
					netdev_notifier_info_to_extack(info));
	case NETDEV_CHANGEADDR:
		vnicx_notify_follow_addr(lower);
		break;
	case NETDEV_PRE_TYPE_CHANGE:
		return -EBUSY;
	case NETDEV_CHANGEUPPER:
		vnicx_vids_warn(lower, info);
		break;
	case NETDEV_UNREGISTER:
		/* The core also sends this for a move to another namespace. */
		vnicx_lower_moved(lower, event);
		if (lower->dev->reg_state == NETREG_UNREGISTERING) {
			vnicx_notify_remove_all(lower);
			break;
		}
		/* The core is about to flush its lists of addresses. */
		for (port = vnicx_port_first(lower->sw); port;
		     port = vnicx_port_next(port)) {
			vnicx_filter_suspend(port->dev);
			vnicx_vnic_listen_suspend(netdev_priv(port->dev));
		}
		break;
	case NETDEV_REGISTER:
		vnicx_lower_moved(lower, event);
		vnicx_mirror_left(lower->dev);
		for (port = vnicx_port_first(lower->sw); port;
		     port = vnicx_port_next(port)) {
			vnicx_filter_resume(port->dev);
			vnicx_vnic_listen_resume(netdev_priv(port->dev));
			vnicx_trust_lower_moved(netdev_priv(port->dev));
		}
		break;
	case NETDEV_NOTIFY_PEERS:
	case NETDEV_BONDING_FAILOVER:
		/* If the lower device is itself a vNIC, the switch below it
		 * announces these addresses as its own.
		 */
		if (lower->dev->netdev_ops != &vnicx_netdev_ops)
			vnicx_announce(lower->sw);
		fallthrough;
	case NETDEV_RESEND_IGMP:
		for (port = vnicx_port_first(lower->sw); port;
		     port = vnicx_port_next(port))
			call_netdevice_notifiers(event, port->dev);
		break;
	}
	return 0;
}

static int vnicx_notify_vnic(struct net_device *dev, unsigned long event,
			     void *info)
{
	struct netdev_notifier_pre_changeaddr_info *addr_info = info;
	struct vnicx_vnic *vnic = netdev_priv(dev);
	int err;

	if (event == NETDEV_PRECHANGEUPPER)
		return vnicx_vids_check_upper(vnic, info);
	/* The core also sends this after a move to another namespace. */
	if (event == NETDEV_REGISTER) {
		vnicx_entries_moved(dev);
		vnicx_vnic_forget_leases(vnic);
		vnicx_trust_moved(vnic);
	}
	if (event == NETDEV_CHANGEADDR)
		vnicx_vnic_forget_leases(vnic);
	/* Refused here, because ndo_set_mac_address cannot give the cause. */
	if (event == NETDEV_PRE_CHANGEADDR &&
	    !is_valid_ether_addr(addr_info->dev_addr)) {
		NL_SET_ERR_MSG(netdev_notifier_info_to_extack(info),
			       "address is zero or a multicast address");
		return -EADDRNOTAVAIL;
	}
	if (event == NETDEV_PRE_CHANGEADDR &&
	    !ether_addr_equal(addr_info->dev_addr, dev->dev_addr)) {
		err = vnicx_trust_check(vnic,
					netdev_notifier_info_to_extack(info));
		if (err)
			return err;
	}
	if (event == NETDEV_PRE_CHANGEADDR &&
	    !vnicx_port_is_passthru(&vnic->port))
		return vnicx_addr_check(vnicx_lower_of(vnic->lower),
					addr_info->dev_addr, VNICX_VID_ANY,
					vnicx_addr_rank(vnic), &vnic->port,
					netdev_notifier_info_to_extack(info));
	return 0;
}

static int vnicx_notify_event(struct notifier_block *nb, unsigned long event,
			      void *info)
{
	struct net_device *dev = netdev_notifier_info_to_dev(info);
	struct vnicx_lower *lower = vnicx_lower_of(dev);
	int err = 0;

	if (lower)
		err = vnicx_notify_lower(lower, event, info);
	if (!err && dev->netdev_ops == &vnicx_netdev_ops)
		err = vnicx_notify_vnic(dev, event, info);
	/* The core also sends this for a move to another namespace. */
	if (event == NETDEV_UNREGISTER)
		vnicx_mirror_gone(dev);
	else if (event == NETDEV_CHANGEUPPER)
		vnicx_mirror_linked(dev, info);
	vnicx_hear_event(dev, event);
	vnicx_params_event(dev, event);
	return notifier_from_errno(err);
}

static struct notifier_block netdev_notifier = {
	.notifier_call = vnicx_notify_event,
};

/**
 * vnicx_notify_init() - start to listen to events of devices
 *
 * Return: 0 or a negative errno
 */
int vnicx_notify_init(void)
{
	return register_netdevice_notifier(&netdev_notifier);
}

/**
 * vnicx_notify_exit() - undo vnicx_notify_init()
 */
void vnicx_notify_exit(void)
{
	unregister_netdevice_notifier(&netdev_notifier);
}
