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

#include "../vnic.h"

/* Take over a unicast address from a vNIC's list. Two vNICs may have the same
 * one: a virtual router's, when both of its routers are here. The one that used
 * it last receives it. The lists are not compared, because their locks must not
 * nest. If the address was given to another port, the vNIC receives it when
 * that port gives it up. To refuse it would keep out the list's other
 * addresses, too.
 */
static int vnicx_filter_uc_sync(struct net_device *dev,
				const unsigned char *addr)
{
	struct vnicx_vnic *vnic = netdev_priv(dev);
	int waits, err;

	if (vnic->nr_claims >= VNICX_CLAIMS_MAX)
		return -ENOSPC;
	waits = vnicx_fdb_claim(&vnic->port, addr, GFP_ATOMIC);
	/* Too many vNICs claim it, see vnicx_filter_uc_refused(). An error would
	 * keep the list's other addresses out, too.
	 */
	if (waits == -ENOSPC)
		return 0;
	if (waits < 0)
		return waits;

	err = dev_uc_add(vnic->lower, addr);
	if (err)
		vnicx_fdb_del(&vnic->port, addr, VNICX_VID_ANY,
			      VNICX_FDB_CLAIM);
	else
		vnic->nr_claims++;
	if (!err && waits)
		vnicx_warn(dev, "address %pM is in use on %s, received when it is free\n",
			   addr, netdev_name(vnic->lower));
	return err;
}

static int vnicx_filter_uc_unsync(struct net_device *dev,
				  const unsigned char *addr)
{
	struct vnicx_vnic *vnic = netdev_priv(dev);

	if (vnicx_fdb_del(&vnic->port, addr, VNICX_VID_ANY, VNICX_FDB_CLAIM))
		return 0;
	dev_uc_del(vnic->lower, addr);
	vnic->nr_claims--;
	return 0;
}

/* Forget that the core counts refused addresses as taken over: the next call
 * tries them again. Another vNIC may have given up its claim since.
 */
static void vnicx_filter_uc_refused(struct net_device *dev)
{
	struct vnicx_vnic *vnic = netdev_priv(dev);
	struct netdev_hw_addr *ha;

	netdev_for_each_uc_addr(ha, dev) {
		if (!ha->sync_cnt || vnicx_fdb_claims(&vnic->port, ha->addr))
			continue;
		ha->sync_cnt = 0;
		ha->refcount--;
	}
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
	u8 flags = 0;

	/* Another CPU may call this just after vnicx_filter_clear(). */
	if (!vnic->filtering)
		return;

	__dev_uc_sync(dev, vnicx_filter_uc_sync, vnicx_filter_uc_unsync);
	if (unlikely(netdev_uc_count(dev) != vnic->nr_claims))
		vnicx_filter_uc_refused(dev);
	WRITE_ONCE(vnic->addrs_refused, netdev_uc_count(dev) - vnic->nr_claims);
	if (!vnicx_groups_sync(dev) ||
	    dev->flags & (IFF_ALLMULTI | IFF_PROMISC))
		flags |= VNICX_RX_ALLMULTI;
	if (dev->flags & IFF_PROMISC)
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
	__dev_uc_unsync(dev, vnicx_filter_uc_unsync);
	netdev_for_each_mc_addr(ha, dev)
		if (ha->sync_cnt)
			vnicx_group_leave(&vnic->port, ha->addr);
	WRITE_ONCE(vnic->groups_refused, 0);
	WRITE_ONCE(vnic->addrs_refused, 0);
	vnicx_port_set_rx_flags(&vnic->port, 0);
	netif_addr_unlock_bh(dev);
	/* dev_mc_unsync() takes that lock itself. */
	dev_mc_unsync(vnic->lower, dev);
	/* Groups that the lower device had lost, see vnicx_groups_sync() */
	netif_addr_lock_bh(dev);
	__dev_mc_unsync(dev, NULL);
	netif_addr_unlock_bh(dev);
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

	if (!(dev->flags & IFF_UP))
		return;
	if (change & IFF_ALLMULTI)
		dev_set_allmulti(vnic->lower,
				 dev->flags & IFF_ALLMULTI ? 1 : -1);
	if (change & IFF_PROMISC && !vnicx_port_is_passthru(&vnic->port))
		dev_set_promiscuity(vnic->lower,
				    dev->flags & IFF_PROMISC ? 1 : -1);
}

/* A passthru vNIC has the lower device's address, which needs no filter. */
static int vnicx_filter_passthru_open(struct net_device *dev)
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
	vnicx_filter_start(dev);
	return 0;
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
	struct net_device *lower = vnic->lower;
	int err;

	if (vnicx_port_is_passthru(&vnic->port))
		return vnicx_filter_passthru_open(dev);

	err = vnicx_l2fwd_open(vnic);
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
	vnicx_filter_start(dev);
	return 0;

clear_allmulti:
	if (dev->flags & IFF_ALLMULTI)
		dev_set_allmulti(lower, -1);
stop_station:
	vnicx_l2fwd_stop(vnic);
	return err;
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
	struct net_device *lower = vnic->lower;

	vnicx_port_down(&vnic->port);

	vnicx_filter_clear(dev);

	if (dev->flags & IFF_ALLMULTI)
		dev_set_allmulti(lower, -1);
	if (vnicx_port_is_passthru(&vnic->port)) {
		if (!vnic->nopromisc)
			dev_set_promiscuity(lower, -1);
		return;
	}
	if (dev->flags & IFF_PROMISC)
		dev_set_promiscuity(lower, -1);
	vnicx_l2fwd_stop(vnic);
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

	if (vnic->nopromisc == nopromisc)
		return 0;
	if (vnicx_port_is_passthru(&vnic->port) && vnic->port.up) {
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
	if ((!vnicx_port_is_passthru(&vnic->port) && vnicx_l2fwd_open(vnic)) ||
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
