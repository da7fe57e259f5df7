// SPDX-License-Identifier: GPL-2.0
/*
 * The exit of copies to a device that is no port, or to the wire.
 */
#include "wire.h"

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

	/* A virtual machine may send a frame of any length, and no driver checks
	 * it. A tunnel fragments what is too long for it.
	 */
	if (unlikely(!vnicx_fits(dev, skb, skb->len - ETH_HLEN)) &&
	    (dev == sw->lower || !dev->rtnl_link_ops)) {
		kfree_skb_reason(skb, SKB_DROP_REASON_PKT_TOO_BIG);
		return false;
	}
	if (dev == sw->lower)
		vnicx_mark_for_wire(sw, skb);
	vnicx_wire_set_header(skb);
	vnicx_set_protocol(skb, (const struct ethhdr *)skb->data);
	skb->dev = dev;
	verdict = dev_queue_xmit(skb);
	return verdict == NET_XMIT_SUCCESS || verdict == NET_XMIT_CN;
}
