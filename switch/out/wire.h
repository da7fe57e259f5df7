/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The exit to the wire, inline for the data path.
 */
#ifndef _VNICX_OUT_WIRE_H
#define _VNICX_OUT_WIRE_H

#include <linux/etherdevice.h>
#include <linux/netfilter.h>
#include <net/sock.h>

#include "../deliver.h"
#include "../mark.h"
#include "noqueue.h"

/* Clear what the root of another namespace may have chosen for a frame, but for its
 * priority: its mark, connection, delivery time, EtherType, and where its traffic control
 * has got to must not steer the filters, classes and queues of the lower device's owner.
 */
static inline void vnicx_wire_scrub(struct sk_buff *skb)
{
	vnicx_set_protocol(skb, (const struct ethhdr *)skb->data);
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
}

/* Say where the network header is. AF_XDP's copying sockets do not, and tunnels and
 * captures ask for it.
 */
static inline void vnicx_wire_set_header(struct sk_buff *skb)
{
	if (unlikely(!skb->network_header))
		skb_set_network_header(skb, ETH_HLEN);
}

/* Tell whether a frame has no room for what a tunnel behind the lower device puts in
 * front of it. The tap library leaves none. Made in the tunnel, it is not in the truesize
 * of a frame that has a socket, and skb_try_coalesce() warns at the receiver.
 */
static inline bool vnicx_wire_lacks_room(const struct sk_buff *skb, unsigned int room)
{
	/* Most devices ask for none. Another destructor than that of taps and sockets of UDP
	 * would tell the sender now that the frame is gone, whose pages may be the sender's.
	 */
	return room && unlikely(skb_headroom(skb) < room) &&
	       skb->destructor == sock_wfree;
}

bool vnicx_wire_cuts_fit(const struct net_device *dev, const struct sk_buff *skb);

/* Tell whether a frame is not too long for a device that is no port. */
static inline bool vnicx_wire_fits(const struct net_device *dev,
				   const struct sk_buff *skb)
{
	return skb->len <= READ_ONCE(dev->mtu) + VLAN_ETH_HLEN ||
	       vnicx_wire_cuts_fit(dev, skb);
}

/* Tell what a driver's or a discipline's code, which may be an errno, says of a frame. */
static inline enum vnicx_verdict vnicx_wire_verdict(int code)
{
	if (likely(code == NET_XMIT_SUCCESS))
		return VNICX_DONE;
	return code == NET_XMIT_CN ? VNICX_CONGESTED : VNICX_DROPPED;
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
static __always_inline enum vnicx_verdict
vnicx_deliver_wire(const struct vnicx_port *in, struct sk_buff *skb)
{
	struct vnicx_switch *sw = in->sw;
	struct net_device *lower = sw->lower;
	unsigned int room = READ_ONCE(lower->needed_headroom);
	struct net_device *station;
	u32 class;
	int code;

	/* A virtual machine may send a frame of any length. */
	if (unlikely(!vnicx_wire_fits(lower, skb))) {
		kfree_skb_reason(skb, SKB_DROP_REASON_PKT_TOO_BIG);
		return VNICX_DROPPED;
	}
	if (unlikely(vnicx_wire_lacks_room(skb, room))) {
		/* Before the headers move: an offset that is not set moves, too. */
		vnicx_wire_set_header(skb);
		skb = skb_expand_head(skb, room);
		if (!skb)
			return VNICX_DROPPED;
	}

	class = READ_ONCE(in->class);
	if (likely(!net_eq(dev_net(in->dev), dev_net(lower)))) {
		vnicx_wire_scrub(skb);
		skb->priority = class;
	} else {
		vnicx_wire_set_header(skb);
		if (unlikely(class))
			skb->priority = class;
	}

	skb->dev = lower;
	/* Most are cards, and have a discipline. */
	if (unlikely(vnicx_noqueue_is(lower))) {
		code = vnicx_noqueue_xmit(in, skb);
		if (likely(code != NETDEV_TX_BUSY))
			return vnicx_wire_verdict(code);
	}
	vnicx_mark_for_wire(sw, lower, skb);
	/* A station has queues of the lower device to itself. */
	station = netdev_get_sb_channel(in->dev) ? in->dev : NULL;
	return vnicx_wire_verdict(dev_queue_xmit_accel(skb, station));
}

#endif /* _VNICX_OUT_WIRE_H */
