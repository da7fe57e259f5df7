// SPDX-License-Identifier: GPL-2.0
/*
 * L2 forwarding offload: some lower devices take a vNIC as a station of their
 * own. They have queues for it, sort the frames for its address out of those
 * from the wire, and hand them to the vNIC itself, past the switch.
 *
 * Drivers know stations as macvlans: they read a struct macvlan_dev where the
 * station's private area begins, count frames in it, and find the station among
 * the devices on top of their own by IFF_MACVLAN. They also take a station away
 * by it, and then leave its address in the lower device's filter
 * (macvlan_release_l2fw_offload()).
 *
 * A frame that a lower device hands to a vNIC directly meets no rule of the
 * switch. Therefore there are stations only where no rule could apply: on a
 * switch without vNICs in private or source mode. A vNIC is not a station if its
 * policy looks at what it receives, if it has an XDP program, or if a tenant chose
 * its own address, which the administrator may give to another vNIC.
 */
#include <linux/if_vlan.h>
#include <linux/rtnetlink.h>

#include "addr.h"

/* Tell whether the switch would treat a frame as the lower device does. */
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
	return vnic->port.addr_rank == VNICX_FDB_ADMIN &&
	       !vnic->options.isolated &&
	       !rcu_access_pointer(vnic->xdp_prog) &&
	       !(vnic->port.tx_checks & VNICX_CHECK_DISABLED) &&
	       !vnic->port.rx_checks;
}

/* Make a vNIC a station. Returns whether the lower device took it. */
static bool vnicx_l2fwd_add(struct vnicx_vnic *vnic)
{
	struct macvlan_dev *station = &vnic->station;
	struct net_device *lower = vnic->lower;
	struct net_device *dev = vnic->port.dev;
	void *priv;

	if (!station->pcpu_stats) {
		/* Pairs with vnicx_stats_add_station(), which reads them. */
		smp_store_release(&station->pcpu_stats,
				  netdev_alloc_pcpu_stats(struct vlan_pcpu_stats));
	}
	if (!station->pcpu_stats)
		return false;
	station->dev = dev;
	station->lowerdev = lower;
	station->mode = vnic->port.mode == VNICX_MODE_VEPA ?
			MACVLAN_MODE_VEPA : MACVLAN_MODE_BRIDGE;

	/* Set first: if the driver causes NETDEV_FEAT_CHANGE,
	 * vnicx_l2fwd_update() must not add this station again.
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

/* End a station. Returns false if the vNIC was none or the driver has ended it
 * already; then its address is in the filter.
 */
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
 * The vNIC becomes a station if it can; otherwise the unicast filter takes its
 * address.
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
 * @vnic: the vNIC, whose address has not changed since
 *
 * Context: may sleep. RTNL.
 */
void vnicx_l2fwd_stop(struct vnicx_vnic *vnic)
{
	if (!vnicx_l2fwd_del(vnic))
		dev_uc_del(vnic->lower, vnic->port.addr);
}

/**
 * vnicx_l2fwd_update() - make or end stations after a change of the lower
 *	device's features, or of the modes, policies or XDP programs of the
 *	switch's vNICs
 * @lower: the lower device
 *
 * The lower device receives for each vNIC all the time: a vNIC's address is
 * added to the filter before its station ends, and deleted from it after its
 * station is made. When the lower device has taken as many stations as it can,
 * the other vNICs stay in its filter.
 *
 * Context: may sleep. RTNL.
 */
void vnicx_l2fwd_update(struct vnicx_lower *lower)
{
	bool wanted = vnicx_l2fwd_is_wanted(lower), full = false, on;
	struct vnicx_port *port;

	for (port = vnicx_port_first(lower->sw); port;
	     port = vnicx_port_next(port)) {
		struct net_device *dev = port->dev;
		struct vnicx_vnic *vnic = netdev_priv(dev);

		on = wanted && vnicx_l2fwd_may_be_one(vnic);
		if (!vnic->filtering || vnicx_port_is_passthru(port) ||
		    on == netif_is_macvlan(dev))
			continue;
		if (on) {
			full = full || !vnicx_l2fwd_add(vnic);
			if (!full)
				dev_uc_del(lower->dev, port->addr);
			continue;
		}
		/* A driver that ended the station left the address there. */
		if (vnic->station.accel_priv &&
		    dev_uc_add(lower->dev, port->addr))
			vnicx_warn(dev, "no memory for its address in the filter of %s\n",
				   netdev_name(lower->dev));
		vnicx_l2fwd_del(vnic);
	}
}

/**
 * vnicx_l2fwd_change_addr() - make the lower device receive for a vNIC's new
 *	address instead of its old one
 * @vnic: the vNIC, open, with its old address and the rank of the new one
 * @addr: the new address, which is in the lower device's filter
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
