// SPDX-License-Identifier: GPL-2.0
/*
 * The unicast addresses of a vNIC's list, in the switch and the lower device.
 */
#include <linux/netdevice.h>

#include "addr.h"

/* Take over a unicast address from a vNIC's list. Two vNICs may have the same
 * one: a virtual router's, when both of its routers are here. The one that used
 * it last receives it. The lists are not compared, because their locks must not
 * nest. If the address was given to another port, the vNIC receives it when
 * that port gives it up. To refuse it would keep out the list's other
 * addresses, too.
 */
static int vnicx_unicast_add(struct net_device *dev, const unsigned char *addr)
{
	struct vnicx_vnic *vnic = netdev_priv(dev);
	int waits, err;

	/* The trust is ending, and vnicx_filter_trust() calls again. */
	if (!READ_ONCE(vnic->trusted))
		return 0;
	if (vnic->nr_claims >= VNICX_CLAIMS_MAX)
		return -ENOSPC;
	waits = vnicx_fdb_claim(&vnic->port, addr, GFP_ATOMIC);
	/* Too many vNICs claim it, see vnicx_unicast_refused(). An error would
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
		vnicx_tenant_warn(dev, "address %pM is in use on %s, received when it is free\n",
				  addr, netdev_name(vnic->lower));
	return err;
}

static int vnicx_unicast_del(struct net_device *dev, const unsigned char *addr)
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
static void vnicx_unicast_refused(struct net_device *dev)
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
 * vnicx_unicast_sync() - take over a vNIC's unicast addresses
 * @dev: the vNIC
 *
 * Context: the vNIC's addr_list_lock is held.
 */
void vnicx_unicast_sync(struct net_device *dev)
{
	struct vnicx_vnic *vnic = netdev_priv(dev);
	u32 count = netdev_uc_count(dev);

	/* Any length of a tenant's list is without effect: do not walk it. */
	if (!READ_ONCE(vnic->trusted) && !vnic->nr_claims) {
		if (count > vnic->addrs_refused)
			vnicx_tenant_warn(dev, "is not trusted: addresses of devices on top have no effect\n");
		WRITE_ONCE(vnic->addrs_refused, count);
		return;
	}
	__dev_uc_sync(dev, vnicx_unicast_add, vnicx_unicast_del);
	if (unlikely(netdev_uc_count(dev) != vnic->nr_claims))
		vnicx_unicast_refused(dev);
	WRITE_ONCE(vnic->addrs_refused, netdev_uc_count(dev) - vnic->nr_claims);
}

/**
 * vnicx_unicast_unsync() - undo vnicx_unicast_sync()
 * @dev: the vNIC
 *
 * Context: the vNIC's addr_list_lock is held.
 */
void vnicx_unicast_unsync(struct net_device *dev)
{
	struct vnicx_vnic *vnic = netdev_priv(dev);

	__dev_uc_unsync(dev, vnicx_unicast_del);
	WRITE_ONCE(vnic->addrs_refused, 0);
}
