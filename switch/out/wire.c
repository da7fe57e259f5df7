// SPDX-License-Identifier: GPL-2.0
/*
 * The exit of copies to a device that is no port, or to the wire.
 */
#include <net/gso.h>
#include <net/ipv6.h>

#include "wire.h"

/* The longest frame that a tunnel is given: with its headers, the packet's length has
 * 16 bits. Some tunnels have a device's max_mtu for that, others none.
 */
#define VNICX_TUNNELLED_MAX	(U16_MAX - 200)

/* Tell whether a frame is a super-frame whose frames have at most @len bytes. */
static bool vnicx_wire_cut(const struct sk_buff *skb, unsigned int len)
{
	return skb_is_gso(skb) &&
	       skb_gso_validate_mac_len(skb, len + compat_ipv6_jumbo_len(skb));
}

/* Whether a device makes of a frame that is too long what its underlay has room for, by
 * fragments, or cuts it off. None but tunnels do, and they have no mark.
 */
static bool vnicx_wire_makes_fit(const struct net_device *dev,
				 const struct sk_buff *skb)
{
	static const char * const kinds[] = {
		"erspan", "geneve", "gretap", "ip6erspan", "ip6gretap", "vxlan",
	};

	if (skb->len > VNICX_TUNNELLED_MAX && !vnicx_wire_cut(skb, VNICX_TUNNELLED_MAX))
		return false;
	return dev->rtnl_link_ops &&
	       match_string(kinds, ARRAY_SIZE(kinds), dev->rtnl_link_ops->kind) >= 0;
}

/**
 * vnicx_wire_cuts_fit() - tell whether what is cut from a frame fits a device's MTU
 * @dev: the device
 * @skb: the frame, which does not
 *
 * A machine or a packet socket says itself how long the segments are, and so does a
 * container: its stack goes by the MTU of a route where that has one. Neither the core nor
 * many a driver asks.
 *
 * Return: whether it is a super-frame whose frames fit
 */
bool vnicx_wire_cuts_fit(const struct net_device *dev, const struct sk_buff *skb)
{
	return vnicx_wire_cut(skb, READ_ONCE(dev->mtu) + VLAN_ETH_HLEN);
}

/**
 * vnicx_deliver_dev() - transmit a copy by a device
 * @sw: the switch that the copy is from
 * @dev: the device, which may be the lower device; then the copy is not switched
 * @skb: the copy, skb->data at its Ethernet header; consumed
 *
 * Context: RCU read side, bottom halves disabled.
 * Return: whether the device took it
 */
bool vnicx_deliver_dev(struct vnicx_switch *sw, struct net_device *dev,
		       struct sk_buff *skb)
{
	int verdict;

	/* The disciplines of such a device say NET_XMIT_CN of what they drop. */
	if (unlikely(!netif_running(dev) || !netif_carrier_ok(dev))) {
		kfree_skb_reason(skb, SKB_DROP_REASON_DEV_READY);
		return false;
	}
	/* A virtual machine may send a frame of any length, and no driver checks it. */
	if (unlikely(!vnicx_wire_fits(dev, skb)) &&
	    !vnicx_wire_makes_fit(dev, skb)) {
		kfree_skb_reason(skb, SKB_DROP_REASON_PKT_TOO_BIG);
		return false;
	}
	if (dev == sw->lower)
		vnicx_mark_for_wire(sw, dev, skb);
	vnicx_wire_set_header(skb);
	vnicx_set_protocol(skb, (const struct ethhdr *)skb->data);
	skb->dev = dev;
	verdict = dev_queue_xmit(skb);
	return verdict == NET_XMIT_SUCCESS || verdict == NET_XMIT_CN;
}
