// SPDX-License-Identifier: GPL-2.0
/*
 * The VLANs of a vNIC at its lower device, and at VLAN devices.
 *
 * The lower device's filter has the VLANs from which the vNIC receives, for as
 * long as the vNIC has them: a lower device keeps this filter when it goes down
 * or moves to another namespace. They are those of the vNIC's policy or, if that
 * has none, those that devices on top of the vNIC ask for. Not both: a filter may
 * have room for a few VLANs, and a tenant would fill it with VLANs from which
 * the vNIC does not receive.
 */
#include <linux/bitmap.h>
#include <linux/if_vlan.h>
#include <linux/rtnetlink.h>

#include "../nl/nl.h"
#include "addr.h"

/* Return the next VLAN from which a port receives, beginning with @vid, or
 * VLAN_N_VID. VID 0, for frames in no VLAN, is no VLAN: begin with 1.
 */
static unsigned int vnicx_vids_next(const struct vnicx_vlan *vlan,
				    unsigned int vid)
{
	if (!vlan->on)
		return VLAN_N_VID;
	if (vlan->vids)
		return find_next_bit(vlan->vids, VLAN_N_VID, vid);
	return vlan->vid >= vid ? vlan->vid : VLAN_N_VID;
}

static const struct net_device *
vnicx_vids_device(const struct net_device *lower, __be16 proto, u16 vid)
{
	const struct net_device *dev;

	rcu_read_lock();
	dev = __vlan_find_dev_deep_rcu((struct net_device *)lower, proto, vid);
	rcu_read_unlock();
	return dev;
}

/**
 * vnicx_vids_check() - check that a vNIC can receive from VLANs
 * @lower: the lower device
 * @vlan: the VLANs
 * @extack: gets the cause of a refusal
 *
 * The core gives the frames of a VLAN to the VLAN device that the lower device
 * has for it, if it has one, before the switch sees them.
 *
 * Context: RTNL.
 * Return: 0 or -EBUSY
 */
int vnicx_vids_check(const struct net_device *lower,
		     const struct vnicx_vlan *vlan,
		     struct netlink_ext_ack *extack)
{
	const struct net_device *dev;
	unsigned int vid;

	for (vid = vnicx_vids_next(vlan, 1); vid < VLAN_N_VID;
	     vid = vnicx_vids_next(vlan, vid + 1)) {
		dev = vnicx_vids_device(lower, vlan->proto, vid);
		if (!dev)
			continue;
		NL_SET_ERR_MSG_FMT(extack,
				   "VLAN %u is %s's, which takes its frames from the wire",
				   vid, dev->name);
		return -EBUSY;
	}
	return 0;
}

static void vnicx_vids_del_below(struct net_device *lower,
				 const struct vnicx_vlan *vlan,
				 unsigned int end)
{
	unsigned int vid;

	for (vid = vnicx_vids_next(vlan, 1); vid < VLAN_N_VID;
	     vid = vnicx_vids_next(vlan, vid + 1)) {
		if (vid >= end)
			break;
		vlan_vid_del(lower, vlan->proto, vid);
	}
}

/**
 * vnicx_vids_add() - add VLANs to a lower device's filter
 * @lower: the lower device
 * @vlan: the VLANs
 * @extack: gets the cause of a refusal
 *
 * Context: may sleep. RTNL.
 * Return: 0 or a negative errno of the lower device
 */
int vnicx_vids_add(struct net_device *lower, const struct vnicx_vlan *vlan,
		   struct netlink_ext_ack *extack)
{
	unsigned int vid;
	int err;

	for (vid = vnicx_vids_next(vlan, 1); vid < VLAN_N_VID;
	     vid = vnicx_vids_next(vlan, vid + 1)) {
		err = vlan_vid_add(lower, vlan->proto, vid);
		if (!err)
			continue;
		vnicx_vids_del_below(lower, vlan, vid);
		NL_SET_ERR_MSG_FMT(extack,
				   "VLAN %u does not fit into the filter of lower device %s",
				   vid, lower->name);
		return err;
	}
	return 0;
}

/**
 * vnicx_vids_del() - undo vnicx_vids_add()
 * @lower: the lower device
 * @vlan: the VLANs
 *
 * Context: may sleep. RTNL.
 */
void vnicx_vids_del(struct net_device *lower, const struct vnicx_vlan *vlan)
{
	vnicx_vids_del_below(lower, vlan, VLAN_N_VID);
}

/**
 * vnicx_vids_follows_upper() - tell whether the lower device's filter has the
 *	VLANs that devices on top of a vNIC ask for
 * @vnic: the vNIC
 *
 * Context: RTNL.
 * Return: whether it has; else it has those of the vNIC's policy
 */
bool vnicx_vids_follows_upper(const struct vnicx_vnic *vnic)
{
	const struct vnicx_policy *policy = rtnl_dereference(vnic->port.policy);

	return !policy || !policy->vlan.on;
}

/**
 * vnicx_vids_add_upper() - add the VLANs that devices on top of a vNIC ask for
 *	to the lower device's filter
 * @vnic: the vNIC, whose policy is about to lose its VLANs
 * @extack: gets the cause of a refusal
 *
 * Context: may sleep. RTNL.
 * Return: 0 or a negative errno of the lower device
 */
int vnicx_vids_add_upper(const struct vnicx_vnic *vnic,
			 struct netlink_ext_ack *extack)
{
	int err = vlan_vids_add_by_dev(vnic->lower, vnic->port.dev);

	if (err)
		NL_SET_ERR_MSG_FMT(extack,
				   "VLANs on top of %s do not fit into the filter of lower device %s",
				   vnic->port.dev->name, vnic->lower->name);
	return err;
}

/**
 * vnicx_vids_del_upper() - undo vnicx_vids_add_upper(), or ndo_vlan_rx_add_vid
 * @vnic: the vNIC, whose policy has VLANs
 *
 * Context: may sleep. RTNL.
 */
void vnicx_vids_del_upper(const struct vnicx_vnic *vnic)
{
	vlan_vids_del_by_dev(vnic->lower, vnic->port.dev);
}

/* Tell whether a port sends and receives the tags of a VLAN. On a port with an
 * S-tag, all C-tags are data.
 */
static bool vnicx_vids_passes(const struct vnicx_vlan *vlan, __be16 proto,
			      u16 vid)
{
	if (!vlan->on)
		return true;
	if (vlan->proto == htons(ETH_P_8021AD))
		return proto == htons(ETH_P_8021Q);
	return vlan->tagged && proto == htons(ETH_P_8021Q) &&
	       vid != vlan->vid && test_bit(vid, vlan->vids);
}

/**
 * vnicx_vids_check_upper() - check that a VLAN device on a vNIC can send
 * @vnic: the vNIC
 * @info: the device that is about to be put on it, or to go
 *
 * Implements NETDEV_PRECHANGEUPPER for vNICs. ndo_vlan_rx_add_vid refuses
 * nothing: a bridge on a vNIC asks for VLAN 1 whether it has tags or not.
 *
 * Context: RTNL.
 * Return: 0 or -EPERM
 */
int vnicx_vids_check_upper(const struct vnicx_vnic *vnic,
			   struct netdev_notifier_changeupper_info *info)
{
	const struct vnicx_policy *policy = rtnl_dereference(vnic->port.policy);
	const struct net_device *upper = info->upper_dev;

	if (!info->linking || !policy || !is_vlan_dev(upper) ||
	    vnicx_vids_passes(&policy->vlan, vlan_dev_vlan_proto(upper),
			      vlan_dev_vlan_id(upper)))
		return 0;
	NL_SET_ERR_MSG_FMT(netdev_notifier_info_to_extack(&info->info),
			   "%s does not send and receive tags of VLAN %u",
			   vnic->port.dev->name, vlan_dev_vlan_id(upper));
	return -EPERM;
}

/**
 * vnicx_vids_warn() - say that vNICs no longer hear a VLAN from the wire
 * @lower: the lower device
 * @info: the device that was put on it
 *
 * Implements NETDEV_CHANGEUPPER for lower devices.
 *
 * Context: RTNL.
 */
void vnicx_vids_warn(const struct vnicx_lower *lower,
		     const struct netdev_notifier_changeupper_info *info)
{
	const struct net_device *upper = info->upper_dev;
	const struct vnicx_policy *policy;
	const struct vnicx_port *port;
	u16 vid;

	if (!info->linking || !is_vlan_dev(upper))
		return;
	vid = vlan_dev_vlan_id(upper);
	for (port = vnicx_port_first(lower->sw); port;
	     port = vnicx_port_next(port)) {
		policy = rtnl_dereference(port->policy);
		if (!policy || policy->vlan.proto != vlan_dev_vlan_proto(upper) ||
		    vnicx_vids_next(&policy->vlan, vid) != vid)
			continue;
		vnicx_warn_if_allowed(port->dev,
				      !vnicx_trust_administers(dev_net(lower->dev)),
				      "%s takes the frames of VLAN %u from the wire\n",
				      netdev_name(upper), vid);
		break;
	}
}
