// SPDX-License-Identifier: GPL-2.0
/*
 * The groups of a vNIC's list, in the switch and the lower device.
 */
#include <linux/netdevice.h>

#include "addr.h"

/* Held-back groups have this sync_cnt, so that dev_mc_sync() takes them for
 * added and leaves them alone. No other code sees it, because the vNIC's
 * addr_list_lock is held.
 */
#define VNICX_HELD_BACK		INT_MAX

static bool vnicx_groups_is_stale(const struct netdev_hw_addr *ha)
{
	return ha->sync_cnt && ha->refcount == 1;
}

/* Make the port a member of the groups that are new on the vNIC's list, up to
 * the bound, and end its membership of those that are gone. Hold back the
 * groups that it cannot join. Returns the number of these.
 */
static u32 vnicx_groups_join(struct net_device *dev)
{
	struct vnicx_vnic *vnic = netdev_priv(dev);
	u32 max = min_t(u32, vnic->options.max_groups, VNICX_GROUPS_MAX);
	u32 joined = 0, refused = 0;
	struct netdev_hw_addr *ha;

	netdev_for_each_mc_addr(ha, dev) {
		if (vnicx_groups_is_stale(ha))
			vnicx_group_leave(&vnic->port, ha->addr);
		else if (ha->sync_cnt)
			joined++;
	}
	netdev_for_each_mc_addr(ha, dev) {
		if (ha->sync_cnt)
			continue;
		if (joined < max &&
		    !vnicx_group_join(&vnic->port, ha->addr)) {
			joined++;
			continue;
		}
		ha->sync_cnt = VNICX_HELD_BACK;
		ha->refcount++;
		refused++;
	}
	return refused;
}

/* Not called in fact, because no group is new when __dev_mc_sync() runs. */
static int vnicx_groups_none(struct net_device *dev, const unsigned char *addr)
{
	return -EINVAL;
}

/**
 * vnicx_groups_sync() - take over a vNIC's groups
 * @dev: the vNIC
 *
 * The lower device gets all new groups together and programs its filter once. To
 * program it for each group would take time that grows with the square of their
 * number, with bottom halves disabled.
 *
 * Context: the vNIC's addr_list_lock is held.
 * Return: whether the vNIC receives each of its groups by itself
 */
bool vnicx_groups_sync(struct net_device *dev)
{
	struct vnicx_vnic *vnic = netdev_priv(dev);
	struct netdev_hw_addr *ha;
	u32 refused;
	int err;

	refused = vnicx_groups_join(dev);
	err = dev_mc_sync(vnic->lower, dev);
	/* The core keeps a group that it could not delete from the lower device
	 * because that had lost it, and would take it for joined when the vNIC
	 * joins it anew: remove such groups.
	 */
	if (!err)
		__dev_mc_sync(dev, vnicx_groups_none, NULL);
	netdev_for_each_mc_addr(ha, dev) {
		if (ha->sync_cnt == VNICX_HELD_BACK) {
			ha->sync_cnt = 0;
			ha->refcount--;
		} else if (err && !ha->sync_cnt) {
			vnicx_group_leave(&vnic->port, ha->addr);
			refused++;
		} else if (err && vnicx_groups_is_stale(ha)) {
			/* dev_mc_sync() failed before it came to this group. */
			vnicx_group_join(&vnic->port, ha->addr);
		}
	}
	WRITE_ONCE(vnic->groups_refused, refused);
	return !refused;
}
