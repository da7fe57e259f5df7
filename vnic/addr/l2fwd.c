// SPDX-License-Identifier: GPL-2.0
/*
 * L2 forwarding offload: some adapters take a vNIC as a station of their own.
 * They have queues for it, sort its frames out of the wire's by its address,
 * and hand them to the vNIC itself, past the switch.
 *
 * Drivers know stations as macvlan's: they read a struct macvlan_dev where the
 * station's private area begins, count in it, and find the station among what
 * is above them by IFF_MACVLAN. They also take a station away by it, and leave
 * its address in the adapter's filter then (macvlan_release_l2fw_offload()).
 *
 * What an adapter hands up directly meets no rule of the switch, so there are
 * stations only where there is none to meet: on a switch without vNICs in
 * private or source mode. A vNIC whose own address a tenant chose is none,
 * because the administrator may give that address to another vNIC.
 */
#include <linux/if_vlan.h>
#include <linux/rtnetlink.h>

#include "../vnic.h"

/* Whether the switch would do nothing else with a frame than the adapter. */
static bool vnicx_l2fwd_is_wanted(const struct vnicx_lower *lower)
{
	const struct vnicx_port *port;

	if (!(lower->dev->features & NETIF_F_HW_L2FW_DOFFLOAD) ||
	    !lower->dev->netdev_ops->ndo_dfwd_add_station)
		return false;
	for (port = vnicx_port_first(lower->sw); port;
	     port = vnicx_port_next(port))
		if (port->mode != VNICX_MODE_BRIDGE &&
		    port->mode != VNICX_MODE_VEPA)
			return false;
	return true;
}

static bool vnicx_l2fwd_may_be_one(const struct vnicx_vnic *vnic)
{
	return vnic->port.addr_rank == VNICX_FDB_ADMIN;
}

/* Returns whether the adapter took the vNIC. */
static bool vnicx_l2fwd_add(struct vnicx_vnic *vnic)
{
	struct macvlan_dev *station = &vnic->station;
	struct net_device *lower = vnic->lower;
	struct net_device *dev = vnic->port.dev;
	void *priv;

	if (!station->pcpu_stats) {
		/* Complete for whoever sums them up, see stats.c */
		smp_store_release(&station->pcpu_stats,
				  netdev_alloc_pcpu_stats(struct vlan_pcpu_stats));
	}
	if (!station->pcpu_stats)
		return false;
	station->dev = dev;
	station->lowerdev = lower;
	station->mode = vnic->port.mode == VNICX_MODE_VEPA ?
			MACVLAN_MODE_VEPA : MACVLAN_MODE_BRIDGE;

	/* Also what tells an update, should the driver cause one, that this
	 * one is being made.
	 */
	dev->priv_flags |= IFF_MACVLAN;
	priv = lower->netdev_ops->ndo_dfwd_add_station(lower, dev);
	if (IS_ERR_OR_NULL(priv)) {
		dev->priv_flags &= ~IFF_MACVLAN;
		return false;
	}
	station->accel_priv = priv;
	return true;
}

/* Returns whether it was one; if not, its address is in the filter. */
static bool vnicx_l2fwd_del(struct vnicx_vnic *vnic)
{
	struct macvlan_dev *station = &vnic->station;
	const struct net_device_ops *ops = vnic->lower->netdev_ops;

	vnic->port.dev->priv_flags &= ~IFF_MACVLAN;
	if (!station->accel_priv)
		return false;
	ops->ndo_dfwd_del_station(vnic->lower, station->accel_priv);
	station->accel_priv = NULL;
	return true;
}

/**
 * vnicx_l2fwd_open() - have the lower device receive for a vNIC's address
 * @vnic: the vNIC
 *
 * As a station where it can be one, otherwise by the unicast filter.
 *
 * Context: may sleep. RTNL.
 * Return: 0 or a negative errno of the filter
 */
int vnicx_l2fwd_open(struct vnicx_vnic *vnic)
{
	if (vnicx_l2fwd_may_be_one(vnic) &&
	    vnicx_l2fwd_is_wanted(vnicx_lower_of(vnic->lower)) &&
	    vnicx_l2fwd_add(vnic))
		return 0;
	return dev_uc_add(vnic->lower, vnic->port.addr);
}

/**
 * vnicx_l2fwd_stop() - undo vnicx_l2fwd_open()
 * @vnic: the vNIC, its address unchanged since
 *
 * Context: may sleep. RTNL.
 */
void vnicx_l2fwd_stop(struct vnicx_vnic *vnic)
{
	if (!vnicx_l2fwd_del(vnic))
		dev_uc_del(vnic->lower, vnic->port.addr);
}

/**
 * vnicx_l2fwd_update() - make or end stations, after a change of what they
 *	depend on: the lower device's features, the modes of the switch's vNICs
 * @lower: the lower device
 *
 * At no time does the lower device not receive for a vNIC. When it has taken as
 * many as it can, the others stay in its filter.
 *
 * Context: may sleep. RTNL.
 */
void vnicx_l2fwd_update(struct vnicx_lower *lower)
{
	bool wanted = vnicx_l2fwd_is_wanted(lower);
	struct vnicx_port *port;

	for (port = vnicx_port_first(lower->sw); port;
	     port = vnicx_port_next(port)) {
		struct net_device *dev = port->dev;
		struct vnicx_vnic *vnic = netdev_priv(dev);

		if (!vnic->filtering || port->mode == VNICX_MODE_PASSTHRU ||
		    wanted == netif_is_macvlan(dev))
			continue;
		if (wanted) {
			if (!vnicx_l2fwd_may_be_one(vnic))
				continue;
			if (!vnicx_l2fwd_add(vnic))
				break;
			dev_uc_del(lower->dev, port->addr);
			continue;
		}
		/* The driver may have put it there already. */
		if (vnic->station.accel_priv &&
		    dev_uc_add(lower->dev, port->addr))
			vnicx_warn(dev, "no memory for its address in the filter of %s\n",
				   netdev_name(lower->dev));
		vnicx_l2fwd_del(vnic);
	}
}

/**
 * vnicx_l2fwd_change_addr() - tell the lower device a vNIC's other address
 * @vnic: the vNIC, open, with its old address and the other's rank
 * @addr: the other one, which the lower device's filter has
 *
 * Context: may sleep. RTNL.
 */
void vnicx_l2fwd_change_addr(struct vnicx_vnic *vnic, const u8 *addr)
{
	struct net_device *dev = vnic->port.dev;

	vnicx_l2fwd_stop(vnic);
	eth_hw_addr_set(dev, addr);
	if (vnicx_l2fwd_may_be_one(vnic) &&
	    vnicx_l2fwd_is_wanted(vnicx_lower_of(vnic->lower)) &&
	    vnicx_l2fwd_add(vnic))
		dev_uc_del(vnic->lower, addr);
}
