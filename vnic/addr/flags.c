// SPDX-License-Identifier: GPL-2.0
/*
 * A vNIC's flags IFF_ALLMULTI and IFF_PROMISC, and those that the lower device
 * has for its vNICs.
 */
#include <linux/rtnetlink.h>

#include "addr.h"

/**
 * vnicx_flags_wanted() - get the flags of a vNIC that have an effect
 * @vnic: the vNIC
 *
 * Without trust, promiscuity has none on the switch and the lower device, and a
 * vNIC receives every group only if its administrator said so.
 *
 * Context: RTNL or the vNIC's addr_list_lock.
 * Return: those of IFF_ALLMULTI and IFF_PROMISC that have one
 */
unsigned int vnicx_flags_wanted(const struct vnicx_vnic *vnic)
{
	if (READ_ONCE(vnic->trusted))
		return READ_ONCE(vnic->port.dev->flags) &
		       (IFF_ALLMULTI | IFF_PROMISC);
	return READ_ONCE(vnic->allmulti) ? IFF_ALLMULTI : 0;
}

/**
 * vnicx_flags_set() - make the lower device have the flags of a vNIC, or no longer
 * @vnic: the vNIC
 * @flags: those of IFF_ALLMULTI and IFF_PROMISC that the vNIC needs there
 *
 * Context: RTNL.
 * Return: 0 or a negative errno of the lower device
 */
int vnicx_flags_set(struct vnicx_vnic *vnic, unsigned int flags)
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
	if (!vnic->trusted && change & dev->flags & ~vnicx_flags_wanted(vnic))
		vnicx_tenant_warn(dev, "is not trusted: %s has no effect on the switch\n",
				  change & IFF_PROMISC ? "promiscuity" : "allmulti");
	if (dev->flags & IFF_UP)
		vnicx_flags_set(vnic, vnicx_flags_wanted(vnic));
}

/* Make all lower devices have the flags of their vNICs. */
static void vnicx_flags_set_all(struct work_struct *work)
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
				vnicx_flags_set(vnic, vnicx_flags_wanted(vnic));
		}
	}
	rtnl_unlock();
}

static DECLARE_WORK(vnicx_flags_later, vnicx_flags_set_all);

/**
 * vnicx_flags_set_later() - make all lower devices have the flags of their vNICs,
 *	soon
 *
 * Context: any.
 */
void vnicx_flags_set_later(void)
{
	schedule_work(&vnicx_flags_later);
}

/**
 * vnicx_flags_exit() - wait for what vnicx_flags_set_later() has left for later
 *
 * Context: may sleep. Not under RTNL.
 */
void vnicx_flags_exit(void)
{
	flush_work(&vnicx_flags_later);
}

/**
 * vnicx_flags_set_nopromisc() - set whether a passthru vNIC makes the lower
 *	device promiscuous
 * @dev: the vNIC
 * @nopromisc: whether the lower device's promiscuity is left alone
 *
 * Context: may sleep. RTNL.
 * Return: 0 or a negative errno of the lower device
 */
int vnicx_flags_set_nopromisc(struct net_device *dev, bool nopromisc)
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
