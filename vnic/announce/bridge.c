// SPDX-License-Identifier: GPL-2.0
/*
 * The bridge behind a lower device: where it is, and what it is asked and told.
 *
 * The lower device is one end of a pair (veth, netkit), and the other end is a
 * port of the bridge. (A device that is itself a port cannot be a lower device:
 * the bridge has its receive handler.) The bridge is told of addresses as the
 * driver of a switch chip tells it, by the notifications of switchdev, and has
 * them as learnt externally (NTF_EXT_LEARNED). They do not age, and daemons such
 * as FRR's zebra take them for stations of this host.
 *
 * The bridge deletes an entry whatever port it is for. Therefore it is asked
 * first, under RTNL, which those hold who change it by netlink. A frame that
 * moves an entry meanwhile also ends that it was learnt externally, so it stays.
 *
 * Entries are not marked as offloaded: the bridge forwards the frames itself. If
 * they were, it would also flush them whenever the port loses its carrier.
 */
#include <linux/module.h>
#include <linux/rtnetlink.h>
#include <kunit/visibility.h>
#include <net/neighbour.h>
#include <net/switchdev.h>

#include "announce.h"

/**
 * vnicx_bridge_peer() - get the other end of a lower device
 * @lower: the lower device
 *
 * Context: RTNL.
 * Return: the device, or NULL when the lower device is no end of a pair
 */
struct net_device *vnicx_bridge_peer(struct net_device *lower)
{
	struct net_device *peer = NULL;

	ASSERT_RTNL();
	rcu_read_lock();
	if (lower->netdev_ops->ndo_get_peer_dev)
		peer = lower->netdev_ops->ndo_get_peer_dev(lower);
	rcu_read_unlock();
	return peer;
}

/**
 * vnicx_bridge_of() - get the bridge of a port
 * @port: any device
 *
 * Context: RTNL.
 * Return: the bridge, or NULL when the device is no port of one
 */
struct net_device *vnicx_bridge_of(struct net_device *port)
{
	struct net_device *master = netdev_master_upper_dev_get(port);

	return netif_is_bridge_port(port) && master &&
	       netif_is_bridge_master(master) ? master : NULL;
}

/* Tell whether a port passes frames on: the bridge is up, and spanning tree does
 * not block the port.
 */
static bool vnicx_bridge_forwards(const struct net_device *port)
{
	u8 (*get_state)(const struct net_device *dev);
	bool forwards;

	get_state = symbol_get(br_port_get_stp_state);
	if (!get_state)
		return false;
	forwards = get_state(port) == BR_STATE_FORWARDING;
	symbol_put(br_port_get_stp_state);
	return forwards;
}

/**
 * vnicx_bridge_port() - get the bridge's port behind a lower device
 * @lower: the lower device
 *
 * Context: RTNL.
 * Return: the port, or NULL when there is none in the lower device's namespace,
 * or when no frames pass between the two
 */
struct net_device *vnicx_bridge_port(struct net_device *lower)
{
	struct net_device *peer = vnicx_bridge_peer(lower);

	if (!peer || !net_eq(dev_net(peer), dev_net(lower)) ||
	    !netif_running(lower) || !netif_carrier_ok(lower) ||
	    !vnicx_bridge_of(peer) || !vnicx_bridge_forwards(peer))
		return NULL;
	return peer;
}

/**
 * vnicx_bridge_warn() - warn the administrator who switches announce on that nothing
 *	is announced as things are
 * @lower: the lower device
 * @extack: gets the warning
 *
 * Context: RTNL.
 */
void vnicx_bridge_warn(struct net_device *lower, struct netlink_ext_ack *extack)
{
	struct net_device *peer = vnicx_bridge_peer(lower);

	if (!peer)
		NL_SET_ERR_MSG(extack, "nothing to announce to: lower device is no veth or netkit");
	else if (!net_eq(dev_net(peer), dev_net(lower)))
		NL_SET_ERR_MSG(extack, "nothing to announce to yet: peer is in another namespace");
	else if (!vnicx_bridge_of(peer))
		NL_SET_ERR_MSG(extack, "nothing to announce to yet: peer is no port of a bridge");
}

/**
 * vnicx_bridge_open() - learn what must be known of a bridge to tell it anything
 * @bridge: what is learnt; vnicx_bridge_close() follows
 * @port: its port
 * @skb: for its answers
 *
 * The bridge's functions are looked up here, so that vnicx does not depend on
 * the bridge's module.
 *
 * Context: RTNL.
 */
void vnicx_bridge_open(struct vnicx_bridge *bridge, struct net_device *port,
		       struct sk_buff *skb)
{
	int (*get_proto)(const struct net_device *dev, u16 *proto);
	int (*get_pvid)(const struct net_device *dev, u16 *pvid);
	bool (*enabled)(const struct net_device *dev);

	enabled = symbol_get(br_vlan_enabled);
	get_pvid = symbol_get(br_vlan_get_pvid);
	get_proto = symbol_get(br_vlan_get_proto);
	*bridge = (struct vnicx_bridge) {
		.port = port,
		.dev = vnicx_bridge_of(port),
		.skb = skb,
	};
	if (enabled && enabled(bridge->dev) && get_pvid && get_proto) {
		bridge->vlan_info = symbol_get(br_vlan_get_info);
		if (get_pvid(port, &bridge->pvid))
			bridge->pvid = 0;
		get_proto(bridge->dev, &bridge->proto);
	}
	if (enabled)
		symbol_put(br_vlan_enabled);
	if (get_pvid)
		symbol_put(br_vlan_get_pvid);
	if (get_proto)
		symbol_put(br_vlan_get_proto);
}

/**
 * vnicx_bridge_close() - undo vnicx_bridge_open()
 * @bridge: the bridge
 */
void vnicx_bridge_close(struct vnicx_bridge *bridge)
{
	if (bridge->vlan_info)
		symbol_put(br_vlan_get_info);
}

/**
 * vnicx_bridge_vid() - find the VLAN in which a bridge has a lower device's
 *	frames
 * @bridge: the bridge
 * @vid: their VID, VNICX_VID_NONE for untagged ones
 * @proto: EtherType of their tag
 *
 * Context: RTNL.
 * Return: the VLAN, 0 when the bridge does not tell VLANs apart, or -ENOENT when
 * it drops the frames
 */
int vnicx_bridge_vid(const struct vnicx_bridge *bridge, u16 vid, __be16 proto)
{
	struct bridge_vlan_info info;

	if (!bridge->vlan_info)
		return 0;
	/* To the bridge, another tag is a part of the data. */
	if (vid == VNICX_VID_NONE || ntohs(proto) != bridge->proto)
		return bridge->pvid ?: -ENOENT;
	return bridge->vlan_info(bridge->port, vid, &info) ? -ENOENT : vid;
}

/**
 * vnicx_bridge_ask() - ask a bridge where it has an address
 * @bridge: the bridge
 * @addr: the address
 * @vid: the VLAN, from vnicx_bridge_vid()
 * @entry: gets the answer
 *
 * Context: RTNL.
 * Return: whether the bridge has the address at all
 */
bool vnicx_bridge_ask(const struct vnicx_bridge *bridge, const u8 *addr,
		      u16 vid, struct vnicx_bridge_entry *entry)
{
	struct nlattr *tb[NDA_MAX + 1] = {};
	const struct ndmsg *ndm;

	skb_trim(bridge->skb, 0);
	if (bridge->dev->netdev_ops->ndo_fdb_get(bridge->skb, tb, bridge->dev,
						 addr, vid, 0, 0, NULL))
		/* With fdb_local_vlan_0, the bridge's own addresses are in no VLAN. */
		return vid && vnicx_bridge_ask(bridge, addr, 0, entry) &&
		       entry->state & NUD_PERMANENT;
	ndm = nlmsg_data(nlmsg_hdr(bridge->skb));
	*entry = (struct vnicx_bridge_entry) {
		.ifindex = ndm->ndm_ifindex,
		.state = ndm->ndm_state,
		.flags = ndm->ndm_flags,
	};
	return true;
}

/**
 * vnicx_bridge_tell() - tell a bridge that an address is at its port, or no
 *	longer
 * @bridge: the bridge
 * @addr: the address
 * @vid: the VLAN, from vnicx_bridge_vid()
 * @here: whether it is there
 *
 * Context: RTNL.
 * Return: 0 or a negative errno of the bridge
 */
int vnicx_bridge_tell(const struct vnicx_bridge *bridge, const u8 *addr,
		      u16 vid, bool here)
{
	struct switchdev_notifier_fdb_info info = {
		.addr = addr,
		.vid = vid,
	};
	int ret;

	ret = call_switchdev_notifiers(here ? SWITCHDEV_FDB_ADD_TO_BRIDGE :
					      SWITCHDEV_FDB_DEL_TO_BRIDGE,
				       bridge->port, &info.info, NULL);
	return notifier_to_errno(ret);
}

/**
 * vnicx_bridge_is_told() - tell whether a bridge has an address as it was told
 * @entry: its entry
 * @ifindex: the port that it was told of
 *
 * Return: whether it has; then the entry may be deleted
 */
bool vnicx_bridge_is_told(const struct vnicx_bridge_entry *entry, int ifindex)
{
	return entry->ifindex == ifindex && entry->flags & NTF_EXT_LEARNED &&
	       !(entry->state & (NUD_PERMANENT | NUD_NOARP));
}
EXPORT_SYMBOL_IF_KUNIT(vnicx_bridge_is_told);

/**
 * vnicx_bridge_may_tell() - tell whether an entry of a bridge may be changed
 * @entry: the entry
 * @ifindex: the port that is to have the address
 * @takes: whether it may be taken from another port
 *
 * An entry that the bridge's administrator, or a daemon, has fixed stays: the
 * addresses of the bridge and its ports, static entries and sticky ones. A
 * tenant's vNIC that takes such an address would otherwise draw the traffic to it.
 *
 * Return: whether it may
 */
bool vnicx_bridge_may_tell(const struct vnicx_bridge_entry *entry, int ifindex,
			   bool takes)
{
	if (entry->state & (NUD_PERMANENT | NUD_NOARP) ||
	    entry->flags & NTF_STICKY)
		return false;
	return takes || entry->ifindex == ifindex;
}
EXPORT_SYMBOL_IF_KUNIT(vnicx_bridge_may_tell);
