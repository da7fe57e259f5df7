// SPDX-License-Identifier: GPL-2.0
/*
 * The vNIC's receive filter in the switch and the lower device: its address,
 * its further unicast addresses, its groups, and whether it wants more than
 * these, see flags.c.
 *
 * The lower device learns exact addresses and is made promiscuous only if a
 * vNIC is. (The core makes a device promiscuous that cannot filter, and undoes
 * that.) Addresses added while a vNIC is up are removed when it goes down.
 */
#include <linux/etherdevice.h>
#include <linux/rtnetlink.h>

#include "addr.h"

/**
 * vnicx_set_rx_mode() - take over a vNIC's lists of addresses
 * @dev: the vNIC
 *
 * Implements ndo_set_rx_mode. The switch and the lower device take over up to
 * VNICX_GROUPS_MAX groups, in the order of the list. When there are more, or
 * memory is short, the vNIC receives every group that reaches the switch until
 * there is room. The lower device's mode is left alone, because any user may
 * join groups, while that mode is for an administrator.
 *
 * Unicast addresses beyond VNICX_CLAIMS_MAX are not received, nor is one that
 * VNICX_CLAIMANTS_MAX others claim already. Each call tries again.
 *
 * Context: the vNIC's addr_list_lock is held.
 */
void vnicx_set_rx_mode(struct net_device *dev)
{
	struct vnicx_vnic *vnic = netdev_priv(dev);
	unsigned int wanted;
	u8 flags = 0;

	/* Another CPU may call this just after vnicx_filter_clear(). */
	if (!vnic->filtering)
		return;

	vnicx_unicast_sync(dev);
	wanted = vnicx_flags_wanted(vnic);
	if ((!vnicx_groups_sync(dev) && READ_ONCE(vnic->trusted) &&
	     vnic->options.max_groups == VNICX_MAX_GROUPS_AUTO) || wanted)
		flags |= VNICX_RX_ALLMULTI;
	if (wanted & IFF_PROMISC)
		flags |= VNICX_RX_PROMISC;
	vnicx_port_set_rx_flags(&vnic->port, flags);
}

/* From here on, the switch and the lower device follow the vNIC's lists. */
static void vnicx_filter_start(struct net_device *dev)
{
	struct vnicx_vnic *vnic = netdev_priv(dev);

	netif_addr_lock_bh(dev);
	vnic->filtering = true;
	netif_addr_unlock_bh(dev);
}

static void vnicx_filter_clear(struct net_device *dev)
{
	struct vnicx_vnic *vnic = netdev_priv(dev);
	struct netdev_hw_addr *ha;

	netif_addr_lock_bh(dev);
	vnic->filtering = false;
	vnicx_unicast_unsync(dev);
	netdev_for_each_mc_addr(ha, dev)
		if (ha->sync_cnt)
			vnicx_group_leave(&vnic->port, ha->addr);
	WRITE_ONCE(vnic->groups_refused, 0);
	vnicx_port_set_rx_flags(&vnic->port, 0);
	netif_addr_unlock_bh(dev);
	/* dev_mc_unsync() takes that lock itself. */
	dev_mc_unsync(vnic->lower, dev);
	/* Groups that the lower device had lost, see vnicx_groups_sync() */
	netif_addr_lock_bh(dev);
	__dev_mc_unsync(dev, NULL);
	netif_addr_unlock_bh(dev);
}

/* A passthru vNIC has the lower device's address, which needs no filter. */
static int vnicx_filter_open_addr(struct vnicx_vnic *vnic)
{
	if (!vnicx_port_is_passthru(&vnic->port))
		return vnicx_l2fwd_open(vnic);
	return vnic->options.nopromisc ? 0 : dev_set_promiscuity(vnic->lower, 1);
}

static void vnicx_filter_stop_addr(struct vnicx_vnic *vnic)
{
	if (!vnicx_port_is_passthru(&vnic->port))
		vnicx_l2fwd_stop(vnic);
	else if (!vnic->options.nopromisc)
		dev_set_promiscuity(vnic->lower, -1);
}

/**
 * vnicx_filter_open() - make a vNIC receive
 * @dev: the vNIC
 *
 * The core calls ndo_set_rx_mode for its lists when the vNIC is open.
 *
 * Context: RTNL.
 * Return: 0 or a negative errno of the lower device
 */
int vnicx_filter_open(struct net_device *dev)
{
	struct vnicx_vnic *vnic = netdev_priv(dev);
	int err;

	err = vnicx_filter_open_addr(vnic);
	if (err)
		return err;
	err = vnicx_flags_set(vnic, vnicx_flags_wanted(vnic));
	if (err) {
		vnicx_flags_set(vnic, 0);
		vnicx_filter_stop_addr(vnic);
		return err;
	}
	vnicx_port_up(&vnic->port);
	vnicx_filter_start(dev);
	return 0;
}

/**
 * vnicx_filter_stop() - undo all by which a vNIC receives
 * @dev: the vNIC
 *
 * Context: RTNL.
 */
void vnicx_filter_stop(struct net_device *dev)
{
	struct vnicx_vnic *vnic = netdev_priv(dev);

	vnicx_port_down(&vnic->port);
	vnicx_filter_clear(dev);
	vnicx_flags_set(vnic, 0);
	vnicx_filter_stop_addr(vnic);
}

/**
 * vnicx_filter_trust() - give effect to a vNIC's addresses and flags, or no
 *	longer, after its trust changed
 * @dev: the vNIC
 * @locked: the core may hold the lower device's instance lock, as it does when it
 *	tells of a move to another namespace. To change that device's flags takes
 *	the lock, so they follow later
 *
 * Context: RTNL.
 */
void vnicx_filter_trust(struct net_device *dev, bool locked)
{
	struct vnicx_vnic *vnic = netdev_priv(dev);

	if (!vnic->port.up)
		return;
	if (locked)
		vnicx_flags_set_later();
	else
		vnicx_flags_set(vnic, vnicx_flags_wanted(vnic));
	netif_addr_lock_bh(dev);
	if (!vnic->trusted)
		vnicx_unicast_unsync(dev);
	vnicx_set_rx_mode(dev);
	netif_addr_unlock_bh(dev);
}

/**
 * vnicx_filter_set_max_groups() - bound the groups of a vNIC
 * @dev: the vNIC
 * @max_groups: see &struct vnicx_vnic
 *
 * Context: RTNL.
 */
void vnicx_filter_set_max_groups(struct net_device *dev, u32 max_groups)
{
	struct vnicx_vnic *vnic = netdev_priv(dev);
	u32 was = vnic->options.max_groups;

	if (was == max_groups)
		return;
	WRITE_ONCE(vnic->options.max_groups, max_groups);
	if (!vnic->port.up)
		return;
	/* Joined anew up to the bound: which of them stay is not decided before */
	if (max_groups < was) {
		vnicx_filter_clear(dev);
		vnicx_filter_start(dev);
	}
	netif_addr_lock_bh(dev);
	vnicx_set_rx_mode(dev);
	netif_addr_unlock_bh(dev);
}

/**
 * vnicx_filter_suspend() - take a vNIC's addresses from the lower device
 * @dev: the vNIC
 *
 * A device that moves to another namespace loses its lists of addresses. A vNIC
 * would take its addresses to be there still, and never add them again.
 *
 * Context: RTNL.
 */
void vnicx_filter_suspend(struct net_device *dev)
{
	struct vnicx_vnic *vnic = netdev_priv(dev);

	if (!vnic->port.up)
		return;
	vnicx_filter_clear(dev);
	vnicx_entries_stop(dev);
	if (!vnicx_port_is_passthru(&vnic->port))
		vnicx_l2fwd_stop(vnic);
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

	/* NETDEV_REGISTER does not always follow a move. */
	if (!vnic->port.up || vnic->filtering)
		return;
	if ((!vnicx_port_is_passthru(&vnic->port) &&
	     vnicx_l2fwd_open(vnic)) ||
	    vnicx_entries_open(dev))
		vnicx_warn(dev, "no memory for addresses in the filter of %s\n",
			   netdev_name(vnic->lower));
	vnicx_filter_start(dev);
	netif_addr_lock_bh(dev);
	vnicx_set_rx_mode(dev);
	netif_addr_unlock_bh(dev);
}

/**
 * vnicx_filter_change_addr() - give a vNIC another address
 * @dev: the vNIC
 * @addr: the address
 *
 * The new address is added before the old one is released.
 *
 * Context: may sleep. RTNL.
 * Return: 0, -EADDRINUSE, -ENOMEM or an errno of the lower device; on an error,
 * nothing has changed
 */
int vnicx_filter_change_addr(struct net_device *dev, const u8 *addr)
{
	struct vnicx_vnic *vnic = netdev_priv(dev);
	enum vnicx_fdb_rank old_rank = vnic->port.addr_rank;
	enum vnicx_fdb_rank rank = vnicx_addr_rank(vnic);
	u8 old[ETH_ALEN];
	int err;

	/* Only dev->dev_addr differs, because another driver wrote to it. */
	if (ether_addr_equal(vnic->port.addr, addr)) {
		eth_hw_addr_set(dev, addr);
		return 0;
	}
	err = vnicx_fdb_add(&vnic->port, addr, VNICX_VID_ANY, rank, GFP_KERNEL);
	if (err)
		return err;
	if (vnic->port.up) {
		err = dev_uc_add(vnic->lower, addr);
		if (err) {
			vnicx_fdb_del(&vnic->port, addr, VNICX_VID_ANY, rank);
			return err;
		}
	}

	ether_addr_copy(old, vnic->port.addr);
	vnic->port.addr_rank = rank;
	if (vnic->port.up)
		vnicx_l2fwd_change_addr(vnic, addr);
	else
		eth_hw_addr_set(dev, addr);
	vnicx_port_set_addr(&vnic->port, addr, rank);
	vnicx_fdb_del(&vnic->port, old, VNICX_VID_ANY, old_rank);
	return 0;
}
