// SPDX-License-Identifier: GPL-2.0
/*
 * Further addresses of a vNIC, which userspace adds by `bridge fdb add`.
 *
 * They are kept apart from the addresses that sockets and devices on top of the
 * vNIC make it receive, so that removing one of the two leaves the other. A
 * unicast address is the vNIC's like its own: in every VLAN or in one, also
 * while the vNIC is down, and no other port's. An address that a tenant adds is
 * the vNIC's until the lower device's administrator gives it to another port. A
 * multicast address is a group that the vNIC is in.
 */
#include <linux/etherdevice.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>

#include "addr.h"

/**
 * vnicx_entry_check() - tell whether an address may be added to a vNIC
 * @vnic: the vNIC
 * @addr: the address
 * @vid: the VLAN in which it is to hold, VNICX_VID_ANY for every VLAN
 * @extack: gets the cause of a refusal
 *
 * Context: RTNL.
 * Return: 0, -EADDRNOTAVAIL, -EADDRINUSE when a port has it, -EINVAL for a
 * multicast address in one VLAN, or -ENOSPC
 */
int vnicx_entry_check(struct vnicx_vnic *vnic, const u8 *addr, u16 vid,
		      struct netlink_ext_ack *extack)
{
	if (is_zero_ether_addr(addr) || is_broadcast_ether_addr(addr)) {
		NL_SET_ERR_MSG(extack, "address is zero or the broadcast address");
		return -EADDRNOTAVAIL;
	}
	if (is_multicast_ether_addr(addr) && vid != VNICX_VID_ANY) {
		NL_SET_ERR_MSG(extack, "a multicast address holds in every VLAN");
		return -EINVAL;
	}
	if (vnic->nr_entries >= VNICX_ENTRIES_MAX) {
		NL_SET_ERR_MSG_FMT(extack, "vNIC %s has %u entries already",
				   vnic->port.dev->name, VNICX_ENTRIES_MAX);
		return -ENOSPC;
	}
	if (is_multicast_ether_addr(addr))
		return 0;
	return vnicx_addr_check(vnicx_lower_of(vnic->lower), addr,
				vid, vnicx_addr_rank(vnic),
				NULL, extack);
}

/**
 * vnicx_entry_find() - find an address among those added to a vNIC
 * @vnic: the vNIC
 * @addr: the address
 * @vid: the VLAN that it was added with, VNICX_VID_ANY for every VLAN
 *
 * Context: RTNL.
 * Return: the entry or NULL
 */
struct vnicx_entry *vnicx_entry_find(const struct vnicx_vnic *vnic,
				     const u8 *addr, u16 vid)
{
	struct vnicx_entry *entry;

	list_for_each_entry(entry, &vnic->entries, list)
		if (ether_addr_equal(entry->addr, addr) && entry->vid == vid)
			return entry;
	return NULL;
}

static int vnicx_entry_receive(struct vnicx_vnic *vnic, const u8 *addr, u16 vid,
			       enum vnicx_fdb_rank rank)
{
	int err;

	if (is_multicast_ether_addr(addr))
		return dev_mc_add(vnic->port.dev, addr);

	err = vnicx_fdb_add(&vnic->port, addr, vid, rank,
			    GFP_KERNEL_ACCOUNT);
	if (err || !vnic->port.up)
		return err;
	err = dev_uc_add(vnic->lower, addr);
	if (err)
		vnicx_fdb_del(&vnic->port, addr, vid, rank);
	return err;
}

/**
 * vnicx_entry_add() - make a vNIC receive frames to an address
 * @vnic: the vNIC
 * @addr: the address, which vnicx_entry_check() accepted
 * @vid: the VLAN in which it is to hold, VNICX_VID_ANY for every VLAN
 *
 * Context: may sleep. RTNL.
 * Return: 0, -EADDRINUSE, -ENOSPC when tenants have it in too many VLANs, -ENOMEM
 * or an errno of the lower device
 */
int vnicx_entry_add(struct vnicx_vnic *vnic, const u8 *addr, u16 vid)
{
	struct vnicx_entry *entry;
	int err;

	entry = kzalloc_obj(*entry, GFP_KERNEL_ACCOUNT);
	if (!entry)
		return -ENOMEM;

	entry->rank = vnicx_addr_rank(vnic);
	err = vnicx_entry_receive(vnic, addr, vid, entry->rank);
	if (err) {
		kfree(entry);
		return err;
	}
	ether_addr_copy(entry->addr, addr);
	entry->vid = vid;
	list_add_tail(&entry->list, &vnic->entries);
	vnic->nr_entries++;
	return 0;
}

/**
 * vnicx_entry_del() - undo vnicx_entry_add()
 * @vnic: the vNIC
 * @entry: the entry; freed
 *
 * Context: RTNL.
 */
void vnicx_entry_del(struct vnicx_vnic *vnic, struct vnicx_entry *entry)
{
	if (is_multicast_ether_addr(entry->addr)) {
		dev_mc_del(vnic->port.dev, entry->addr);
	} else {
		vnicx_fdb_del(&vnic->port, entry->addr,
			      entry->vid, entry->rank);
		if (vnic->port.up)
			dev_uc_del(vnic->lower, entry->addr);
	}
	list_del(&entry->list);
	vnic->nr_entries--;
	kfree(entry);
}

/**
 * vnicx_entries_open() - make the lower device receive for a vNIC's entries
 * @dev: the vNIC
 *
 * Context: RTNL.
 * Return: 0 or a negative errno of the lower device
 */
int vnicx_entries_open(struct net_device *dev)
{
	struct vnicx_vnic *vnic = netdev_priv(dev);
	struct vnicx_entry *entry;
	int err;

	list_for_each_entry(entry, &vnic->entries, list) {
		if (is_multicast_ether_addr(entry->addr))
			continue;
		err = dev_uc_add(vnic->lower, entry->addr);
		if (err)
			goto undo;
	}
	return 0;

undo:
	list_for_each_entry_continue_reverse(entry, &vnic->entries, list)
		if (!is_multicast_ether_addr(entry->addr))
			dev_uc_del(vnic->lower, entry->addr);
	return err;
}

/**
 * vnicx_entries_stop() - undo vnicx_entries_open()
 * @dev: the vNIC
 *
 * Context: RTNL.
 */
void vnicx_entries_stop(struct net_device *dev)
{
	struct vnicx_vnic *vnic = netdev_priv(dev);
	struct vnicx_entry *entry;

	list_for_each_entry(entry, &vnic->entries, list)
		if (!is_multicast_ether_addr(entry->addr))
			dev_uc_del(vnic->lower, entry->addr);
}

/**
 * vnicx_entries_moved() - add a vNIC's groups again after a move
 * @dev: the vNIC, in its new namespace
 *
 * The core empties the list of groups of a device that moves to another
 * namespace. An entry that stayed behind here could not be added again, and its
 * deletion would end a socket's membership of the group.
 *
 * Context: RTNL.
 */
void vnicx_entries_moved(struct net_device *dev)
{
	struct vnicx_vnic *vnic = netdev_priv(dev);
	struct vnicx_entry *entry, *next;

	list_for_each_entry_safe(entry, next, &vnic->entries, list) {
		if (!is_multicast_ether_addr(entry->addr) ||
		    !dev_mc_add(dev, entry->addr))
			continue;
		vnicx_tenant_warn(dev, "no memory to take along group %pM\n",
				  entry->addr);
		list_del(&entry->list);
		vnic->nr_entries--;
		kfree(entry);
	}
}

/**
 * vnicx_entries_free() - free all entries of a vNIC
 * @dev: the vNIC, down
 *
 * Context: RTNL.
 */
void vnicx_entries_free(struct net_device *dev)
{
	struct vnicx_vnic *vnic = netdev_priv(dev);
	struct vnicx_entry *entry, *next;

	list_for_each_entry_safe(entry, next, &vnic->entries, list)
		vnicx_entry_del(vnic, entry);
}
