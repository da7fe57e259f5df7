// SPDX-License-Identifier: GPL-2.0
/*
 * What a vNIC receives, told to the switch and to the lower device: its
 * address, its further unicast addresses, its groups, and whether it wants
 * more than that.
 *
 * The lower device learns exact addresses and is not made promiscuous, unless
 * a vNIC itself is. (The core does that to a device that cannot filter, and
 * undoes it.) What is added while a vNIC is up goes when it goes down.
 */
#include <linux/etherdevice.h>
#include <linux/rtnetlink.h>

#include "vnic.h"

/* The same address may be on the lists of two vNICs: a virtual router's, when
 * both of its routers are here. The first one receives it, the second when the
 * first gives it up, without a look at each other's lists, whose locks must not
 * nest. Refusing it would keep the list's other addresses out, too.
 */
static int uc_sync(struct net_device *dev, const unsigned char *addr)
{
	struct vnicx_vnic *vnic = netdev_priv(dev);
	int waits, err;

	waits = vnicx_fdb_claim(&vnic->port, addr, GFP_ATOMIC);
	if (waits < 0)
		return waits;

	err = dev_uc_add(vnic->lower, addr);
	if (err)
		vnicx_fdb_del(&vnic->port, addr, VNICX_VID_ANY);
	else if (waits)
		vnicx_warn(dev, "address %pM is in use on %s, received when it is free\n",
			   addr, netdev_name(vnic->lower));
	return err;
}

static int uc_unsync(struct net_device *dev, const unsigned char *addr)
{
	struct vnicx_vnic *vnic = netdev_priv(dev);

	vnicx_fdb_del(&vnic->port, addr, VNICX_VID_ANY);
	dev_uc_del(vnic->lower, addr);
	return 0;
}

static int mc_sync(struct net_device *dev, const unsigned char *addr)
{
	struct vnicx_vnic *vnic = netdev_priv(dev);
	int err;

	err = vnicx_group_join(&vnic->port, addr);
	if (err)
		return err;

	err = dev_mc_add(vnic->lower, addr);
	if (err)
		vnicx_group_leave(&vnic->port, addr);
	return err;
}

static int mc_unsync(struct net_device *dev, const unsigned char *addr)
{
	struct vnicx_vnic *vnic = netdev_priv(dev);

	vnicx_group_leave(&vnic->port, addr);
	dev_mc_del(vnic->lower, addr);
	return 0;
}

/**
 * vnicx_set_rx_mode() - take over a vNIC's lists of addresses
 * @dev: the vNIC
 *
 * Implements ndo_set_rx_mode. A group for which there is no memory now is
 * received all the same, among all groups, until the next change of the list.
 *
 * Context: the vNIC's addr_list_lock is held.
 */
void vnicx_set_rx_mode(struct net_device *dev)
{
	struct vnicx_vnic *vnic = netdev_priv(dev);
	u8 flags = 0;

	/* Another CPU may call this when what it would add was just cleared. */
	if (!vnic->filtering)
		return;

	__dev_uc_sync(dev, uc_sync, uc_unsync);
	if (__dev_mc_sync(dev, mc_sync, mc_unsync) ||
	    dev->flags & (IFF_ALLMULTI | IFF_PROMISC))
		flags |= VNICX_RX_ALLMULTI;
	if (dev->flags & IFF_PROMISC)
		flags |= VNICX_RX_PROMISC;
	vnicx_port_set_rx_flags(&vnic->port, flags);
}

/* From here on, the vNIC's lists are the switch's and the lower device's. */
static void filter_start(struct net_device *dev)
{
	struct vnicx_vnic *vnic = netdev_priv(dev);

	netif_addr_lock_bh(dev);
	vnic->filtering = true;
	netif_addr_unlock_bh(dev);
}

static void filter_clear(struct net_device *dev)
{
	struct vnicx_vnic *vnic = netdev_priv(dev);

	netif_addr_lock_bh(dev);
	vnic->filtering = false;
	__dev_uc_unsync(dev, uc_unsync);
	__dev_mc_unsync(dev, mc_unsync);
	vnicx_port_set_rx_flags(&vnic->port, 0);
	netif_addr_unlock_bh(dev);
}

/**
 * vnicx_change_rx_flags() - pass on that a vNIC wants more, or no longer does
 * @dev: the vNIC
 * @change: which of IFF_ALLMULTI and IFF_PROMISC changed
 *
 * Implements ndo_change_rx_flags. The switch learns it by ndo_set_rx_mode.
 *
 * Context: RTNL.
 */
void vnicx_change_rx_flags(struct net_device *dev, int change)
{
	struct vnicx_vnic *vnic = netdev_priv(dev);

	if (!(dev->flags & IFF_UP))
		return;
	if (change & IFF_ALLMULTI)
		dev_set_allmulti(vnic->lower,
				 dev->flags & IFF_ALLMULTI ? 1 : -1);
	if (change & IFF_PROMISC && vnic->port.mode != VNICX_MODE_PASSTHRU)
		dev_set_promiscuity(vnic->lower,
				    dev->flags & IFF_PROMISC ? 1 : -1);
}

/* A passthru vNIC has the lower device's address, which needs no filter. */
static int passthru_open(struct net_device *dev)
{
	struct vnicx_vnic *vnic = netdev_priv(dev);
	struct net_device *lower = vnic->lower;
	int err;

	if (!vnic->nopromisc) {
		err = dev_set_promiscuity(lower, 1);
		if (err)
			return err;
	}
	if (dev->flags & IFF_ALLMULTI) {
		err = dev_set_allmulti(lower, 1);
		if (err && !vnic->nopromisc)
			dev_set_promiscuity(lower, -1);
		if (err)
			return err;
	}
	vnicx_port_up(&vnic->port);
	filter_start(dev);
	return 0;
}

/**
 * vnicx_filter_open() - start to receive what is a vNIC's own
 * @dev: the vNIC
 *
 * The core calls ndo_set_rx_mode for the lists when the vNIC is open.
 *
 * Context: RTNL.
 * Return: 0 or a negative errno of the lower device
 */
int vnicx_filter_open(struct net_device *dev)
{
	struct vnicx_vnic *vnic = netdev_priv(dev);
	struct net_device *lower = vnic->lower;
	int err;

	if (vnic->port.mode == VNICX_MODE_PASSTHRU)
		return passthru_open(dev);

	err = vnicx_station_open(vnic);
	if (err)
		return err;
	if (dev->flags & IFF_ALLMULTI) {
		err = dev_set_allmulti(lower, 1);
		if (err)
			goto stop_station;
	}
	if (dev->flags & IFF_PROMISC) {
		err = dev_set_promiscuity(lower, 1);
		if (err)
			goto clear_allmulti;
	}
	vnicx_port_up(&vnic->port);
	filter_start(dev);
	return 0;

clear_allmulti:
	if (dev->flags & IFF_ALLMULTI)
		dev_set_allmulti(lower, -1);
stop_station:
	vnicx_station_stop(vnic);
	return err;
}

/**
 * vnicx_filter_stop() - undo all that made a vNIC receive
 * @dev: the vNIC
 *
 * Context: RTNL.
 */
void vnicx_filter_stop(struct net_device *dev)
{
	struct vnicx_vnic *vnic = netdev_priv(dev);
	struct net_device *lower = vnic->lower;

	vnicx_port_down(&vnic->port);

	filter_clear(dev);

	if (dev->flags & IFF_ALLMULTI)
		dev_set_allmulti(lower, -1);
	if (vnic->port.mode == VNICX_MODE_PASSTHRU) {
		if (!vnic->nopromisc)
			dev_set_promiscuity(lower, -1);
		return;
	}
	if (dev->flags & IFF_PROMISC)
		dev_set_promiscuity(lower, -1);
	vnicx_station_stop(vnic);
}

/**
 * vnicx_filter_set_nopromisc() - change whether passthru means promiscuous
 * @dev: the vNIC
 * @nopromisc: whether the lower device's promiscuity is left alone
 *
 * Context: may sleep. RTNL.
 * Return: 0 or a negative errno of the lower device
 */
int vnicx_filter_set_nopromisc(struct net_device *dev, bool nopromisc)
{
	struct vnicx_vnic *vnic = netdev_priv(dev);
	int err;

	if (vnic->nopromisc == nopromisc)
		return 0;
	if (vnic->port.mode == VNICX_MODE_PASSTHRU && vnic->port.up) {
		err = dev_set_promiscuity(vnic->lower, nopromisc ? -1 : 1);
		if (err)
			return err;
	}
	WRITE_ONCE(vnic->nopromisc, nopromisc);
	return 0;
}

/**
 * vnicx_filter_suspend() - take a vNIC's addresses from the lower device
 * @dev: the vNIC
 *
 * A device that changes its namespace loses its lists of addresses, and what a
 * vNIC believes to be in them would never be put there again.
 *
 * Context: RTNL.
 */
void vnicx_filter_suspend(struct net_device *dev)
{
	struct vnicx_vnic *vnic = netdev_priv(dev);

	if (!vnic->port.up)
		return;
	filter_clear(dev);
	vnicx_statics_stop(dev);
	if (vnic->port.mode != VNICX_MODE_PASSTHRU)
		vnicx_station_stop(vnic);
}

/**
 * vnicx_filter_resume() - undo vnicx_filter_suspend()
 * @dev: the vNIC
 *
 * Context: RTNL.
 */
void vnicx_filter_resume(struct net_device *dev)
{
	struct vnicx_vnic *vnic = netdev_priv(dev);

	/* Also sent to vNICs of an adapter that has just been registered */
	if (!vnic->port.up || vnic->filtering)
		return;
	if ((vnic->port.mode != VNICX_MODE_PASSTHRU &&
	     vnicx_station_open(vnic)) ||
	    vnicx_statics_open(dev))
		vnicx_warn(dev, "no memory for addresses in the filter of %s\n",
			   netdev_name(vnic->lower));
	filter_start(dev);
	netif_addr_lock_bh(dev);
	vnicx_set_rx_mode(dev);
	netif_addr_unlock_bh(dev);
}

/**
 * vnicx_filter_change_addr() - give a vNIC another address
 * @dev: the vNIC
 * @addr: the address
 *
 * At no time does the vNIC own neither address.
 *
 * Context: may sleep. RTNL.
 * Return: 0, -EADDRINUSE or an errno of the lower device; then all is as before
 */
int vnicx_filter_change_addr(struct net_device *dev, const u8 *addr)
{
	struct vnicx_vnic *vnic = netdev_priv(dev);
	u8 old[ETH_ALEN];
	int err;

	err = vnicx_fdb_add(&vnic->port, addr, VNICX_VID_ANY, GFP_KERNEL);
	if (err)
		return err;
	if (vnic->port.up) {
		err = dev_uc_add(vnic->lower, addr);
		if (err) {
			vnicx_fdb_del(&vnic->port, addr, VNICX_VID_ANY);
			return err;
		}
	}

	ether_addr_copy(old, dev->dev_addr);
	if (vnic->port.up)
		vnicx_station_change_addr(vnic, addr);
	else
		eth_hw_addr_set(dev, addr);
	vnicx_fdb_del(&vnic->port, old, VNICX_VID_ANY);
	return 0;
}
