// SPDX-License-Identifier: GPL-2.0
/*
 * The vNIC's receive filter in the switch and the lower device: its address,
 * its further unicast addresses, its groups, and whether it wants more than
 * these.
 *
 * The lower device learns exact addresses and is made promiscuous only if a
 * vNIC is. (The core makes a device promiscuous that cannot filter, and undoes
 * that.) Addresses added while a vNIC is up are removed when it goes down.
 */
#include <linux/etherdevice.h>
#include <linux/rtnetlink.h>

#include "addr.h"

/* Get those of IFF_ALLMULTI and IFF_PROMISC that have an effect on the switch and
 * the lower device. Without trust, promiscuity has none, and a vNIC receives
 * every group only if its administrator said so.
 */
static unsigned int vnicx_filter_flags(const struct vnicx_vnic *vnic)
{
	if (READ_ONCE(vnic->trusted))
		return READ_ONCE(vnic->port.dev->flags) &
		       (IFF_ALLMULTI | IFF_PROMISC);
	return READ_ONCE(vnic->allmulti) ? IFF_ALLMULTI : 0;
}

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
	wanted = vnicx_filter_flags(vnic);
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

/* Make the lower device have the flags of a vNIC, or no longer. */
static int vnicx_filter_set_flags(struct vnicx_vnic *vnic, unsigned int flags)
{
	unsigned int changed = vnic->lower_flags ^ flags;
	int err;

	if (changed & IFF_ALLMULTI) {
		err = dev_set_allmulti(vnic->lower,
				       flags & IFF_ALLMULTI ? 1 : -1);
		if (err)
			return err;
		vnic->lower_flags ^= IFF_ALLMULTI;
	}
	/* In passthru mode, it is promiscuous or not whatever the vNIC is. */
	if (changed & IFF_PROMISC && !vnicx_port_is_passthru(&vnic->port)) {
		err = dev_set_promiscuity(vnic->lower,
					  flags & IFF_PROMISC ? 1 : -1);
		if (err)
			return err;
		vnic->lower_flags ^= IFF_PROMISC;
	}
	return 0;
}

/**
 * vnicx_change_rx_flags() - pass a vNIC's change of mode on to the lower device
 * @dev: the vNIC
 * @change: which of IFF_ALLMULTI and IFF_PROMISC changed
 *
 * Implements ndo_change_rx_flags. vnicx_set_rx_mode() passes it on to the
 * switch.
 *
 * Context: RTNL.
 */
void vnicx_change_rx_flags(struct net_device *dev, int change)
{
	struct vnicx_vnic *vnic = netdev_priv(dev);

	/* A flag that a tenant sets while it is trusted ends with the trust. It
	 * ends with its last user, too, whoever that is.
	 */
	if (change & IFF_ALLMULTI)
		WRITE_ONCE(vnic->allmulti, dev->flags & IFF_ALLMULTI &&
			   vnicx_addr_rank(vnic) == VNICX_FDB_ADMIN);
	if (!vnic->trusted && change & dev->flags & ~vnicx_filter_flags(vnic))
		vnicx_warn(dev, "is not trusted: %s has no effect on the switch\n",
			   change & IFF_PROMISC ? "promiscuity" : "allmulti");
	if (dev->flags & IFF_UP)
		vnicx_filter_set_flags(vnic, vnicx_filter_flags(vnic));
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
	err = vnicx_filter_set_flags(vnic, vnicx_filter_flags(vnic));
	if (err) {
		vnicx_filter_set_flags(vnic, 0);
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
	vnicx_filter_set_flags(vnic, 0);
	vnicx_filter_stop_addr(vnic);
}

/* Make all lower devices have the flags of their vNICs. */
static void vnicx_filter_set_all_flags(struct work_struct *work)
{
	struct vnicx_lower *lower;
	struct vnicx_vnic *vnic;
	struct vnicx_port *port;

	rtnl_lock();
	for (lower = vnicx_lower_first(); lower;
	     lower = vnicx_lower_next(lower)) {
		for (port = vnicx_port_first(lower->sw); port;
		     port = vnicx_port_next(port)) {
			vnic = netdev_priv(port->dev);
			if (port->up)
				vnicx_filter_set_flags(vnic, vnicx_filter_flags(vnic));
		}
	}
	rtnl_unlock();
}

static DECLARE_WORK(vnicx_filter_later, vnicx_filter_set_all_flags);

/**
 * vnicx_filter_exit() - wait for what vnicx_filter_trust() has left for later
 *
 * Context: may sleep. Not under RTNL.
 */
void vnicx_filter_exit(void)
{
	flush_work(&vnicx_filter_later);
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
		schedule_work(&vnicx_filter_later);
	else
		vnicx_filter_set_flags(vnic, vnicx_filter_flags(vnic));
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
 * vnicx_filter_set_nopromisc() - set whether a passthru vNIC makes the lower
 *	device promiscuous
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

	if (vnic->options.nopromisc == nopromisc)
		return 0;
	if (vnicx_port_is_passthru(&vnic->port) && vnic->port.up) {
		err = dev_set_promiscuity(vnic->lower, nopromisc ? -1 : 1);
		if (err)
			return err;
	}
	WRITE_ONCE(vnic->options.nopromisc, nopromisc);
	return 0;
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
