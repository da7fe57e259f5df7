// SPDX-License-Identifier: GPL-2.0
/*
 * The exit to the wire.
 */
#include <linux/etherdevice.h>
#include <linux/netfilter.h>

#include "../deliver.h"
#include "../mark.h"

/* Clear what the root of another namespace may have chosen for a frame: its
 * mark, priority, connection, delivery time, and where its traffic control has got
 * to must not steer the filters, classes and queues of the lower device's owner.
 */
static void vnicx_wire_scrub(struct sk_buff *skb)
{
	nf_reset_ct(skb);
	nf_reset_trace(skb);
	vnicx_clear_delivery_time(skb);
#ifdef CONFIG_NET_TC_SKB_EXT
	skb_ext_del(skb, TC_SKB_EXT);
#endif
#ifdef CONFIG_NET_SCHED
	skb->tc_index = 0;
#endif
	skb->mark = 0;
	skb->priority = 0;
}

/* Say where the network header is. AF_XDP's copying sockets do not, and tunnels and
 * captures ask for it.
 */
static void vnicx_wire_set_header(struct sk_buff *skb)
{
	if (unlikely(!skb->network_header))
		skb_set_network_header(skb, ETH_HLEN);
}

/* Make room for what a tunnel behind the lower device puts in front of a frame. The
 * tap library leaves none. Made in the tunnel, it is not in the truesize of a frame that
 * has a socket, and skb_try_coalesce() warns at the receiver.
 *
 * Returns the frame, or NULL when there was no memory and it is freed.
 */
static struct sk_buff *vnicx_wire_make_room(const struct net_device *lower,
					    struct sk_buff *skb)
{
	unsigned int room = READ_ONCE(lower->needed_headroom);

	/* Another destructor than that of taps and sockets of UDP would tell the sender
	 * now that the frame is gone, whose pages may be the sender's.
	 */
	if (likely(skb_headroom(skb) >= room) || skb->destructor != sock_wfree)
		return skb;
	return skb_expand_head(skb, room);
}

/**
 * vnicx_deliver_wire() - transmit a frame of a vNIC by the lower device
 * @in: the vNIC's port
 * @skb: the frame, skb->data at its Ethernet header; consumed
 *
 * Leaves it to the caller to count the frame at the vNIC.
 *
 * Context: RCU read side, bottom halves disabled.
 * Return: VNICX_DONE, VNICX_CONGESTED or VNICX_DROPPED
 */
enum vnicx_verdict vnicx_deliver_wire(struct vnicx_port *in,
				      struct sk_buff *skb)
{
	struct vnicx_switch *sw = in->sw;
	struct net_device *lower = sw->lower;
	struct net_device *station;
	u32 class;

	/* A virtual machine may send a frame of any length. */
	if (unlikely(!vnicx_fits(lower, skb, skb->len - ETH_HLEN))) {
		kfree_skb_reason(skb, SKB_DROP_REASON_PKT_TOO_BIG);
		return VNICX_DROPPED;
	}
	/* Before the headers move: an offset that is not set moves, too. */
	vnicx_wire_set_header(skb);
	skb = vnicx_wire_make_room(lower, skb);
	if (unlikely(!skb))
		return VNICX_DROPPED;

	if (!net_eq(dev_net(in->dev), dev_net(lower)))
		vnicx_wire_scrub(skb);
	class = READ_ONCE(in->class);
	if (unlikely(class))
		skb->priority = class;
	if (READ_ONCE(sw->host.role))
		vnicx_mark_for_wire(sw, skb);

	skb->dev = lower;
	/* A station has queues of the lower device to itself. */
	station = netdev_get_sb_channel(in->dev) ? in->dev : NULL;
	switch (dev_queue_xmit_accel(skb, station)) {
	case NET_XMIT_SUCCESS:
		return VNICX_DONE;
	case NET_XMIT_CN:
		return VNICX_CONGESTED;
	default:
		return VNICX_DROPPED;
	}
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

	/* A virtual machine may send a frame of any length, and no driver checks
	 * it. A tunnel fragments what is too long for it.
	 */
	if (unlikely(!vnicx_fits(dev, skb, skb->len - ETH_HLEN)) &&
	    (dev == sw->lower || !dev->rtnl_link_ops)) {
		kfree_skb_reason(skb, SKB_DROP_REASON_PKT_TOO_BIG);
		return false;
	}
	if (dev == sw->lower && READ_ONCE(sw->host.role))
		vnicx_mark_for_wire(sw, skb);
	vnicx_wire_set_header(skb);
	skb->dev = dev;
	verdict = dev_queue_xmit(skb);
	return verdict == NET_XMIT_SUCCESS || verdict == NET_XMIT_CN;
}
