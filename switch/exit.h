/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The exit of a frame by a port, inline for the data path; deliver.c has the exits that
 * are not the stack.
 */
#ifndef _VNICX_EXIT_H
#define _VNICX_EXIT_H

#include "deliver.h"
#include "drop.h"
#include "policy/policy.h"

/* deliver.c */
enum vnicx_verdict vnicx_deliver_host(struct vnicx_port *host,
				      struct sk_buff *skb);
void vnicx_deliver_too_big(struct vnicx_port *port, struct sk_buff *skb);
enum vnicx_verdict vnicx_deliver_elsewhere(struct vnicx_port *port,
					   struct sk_buff *skb,
					   bool multicast, bool now);

static inline void vnicx_deliver_count(struct vnicx_port *port,
				       unsigned int len, bool multicast)
{
	vnicx_port_count(port, VNICX_RX_PACKETS, len);
	if (multicast)
		vnicx_port_inc(port, VNICX_RX_MULTICAST);
}

/* Hand a frame to the stack of the port's device. Only the flood worker, which
 * runs in no sender's transmit call, may do so at once (@now).
 */
static __always_inline enum vnicx_verdict
vnicx_deliver_stack(struct vnicx_port *port, struct sk_buff *skb,
		    bool multicast, bool now)
{
	unsigned int len = skb->len + ETH_HLEN;

	if (now) {
		netif_receive_skb(skb);
	} else if (unlikely(!vnicx_queue_put(skb))) {
		atomic_long_inc(&port->rx_overflow);
		this_cpu_inc(vnicx_losses);
		return VNICX_CONGESTED;
	}
	vnicx_deliver_count(port, len, multicast);
	return VNICX_DONE;
}

/* Hand @skb, in receive form and with the port's device, to the port. */
static __always_inline enum vnicx_verdict
vnicx_deliver_exit(struct vnicx_port *port, struct sk_buff *skb,
		   bool multicast, bool now)
{
	if (unlikely(READ_ONCE(port->exit) != VNICX_EXIT_STACK))
		return vnicx_deliver_elsewhere(port, skb, multicast, now);
	return vnicx_deliver_stack(port, skb, multicast, now);
}

/* Tell whether a frame is not too long for a port; drop it if it is. */
static __always_inline bool vnicx_deliver_admits(struct vnicx_port *port,
						 struct sk_buff *skb,
						 unsigned int len)
{
	if (likely(vnicx_fits(port->dev, skb, len)))
		return true;
	vnicx_deliver_too_big(port, skb);
	return false;
}

/**
 * vnicx_deliver() - hand a transmitted frame to a vNIC or the host
 * @port: the receiving port, in the frame's scope
 * @skb: the frame, skb->data at its Ethernet header; consumed
 *
 * Context: RCU read side, bottom halves disabled.
 * Return: VNICX_DONE, also when the frame is dropped at the port, because over
 * a wire the sender would not learn of that either; VNICX_CONGESTED when the
 * CPU's queue is full
 */
static __always_inline enum vnicx_verdict
vnicx_deliver(struct vnicx_port *port, struct sk_buff *skb)
{
	if (unlikely(!vnicx_policy_receive(port, &skb, 0) ||
		     !vnicx_deliver_admits(port, skb, skb->len)))
		return VNICX_DONE;
	if (unlikely(skb_orphan_frags(skb, GFP_ATOMIC))) {
		vnicx_drop(port, VNICX_RX_DROPPED, skb,
			   SKB_DROP_REASON_NOMEM);
		return VNICX_DONE;
	}

	/* skb_tx_timestamp() looks for a PHY, and a vNIC has none: save the
	 * call for frames that want no timestamp.
	 */
	if (unlikely(skb_shinfo(skb)->tx_flags))
		skb_tx_timestamp(skb);
	vnicx_to_receive_form(skb, port->dev);
	return vnicx_deliver_exit(port, skb, false, false);
}

/**
 * vnicx_deliver_copy() - hand one of a frame's copies to a vNIC
 * @port: the receiving port, in the frame's scope
 * @skb: the copy, in receive form; consumed
 * @payload: see &struct vnicx_flood_to
 * @now: hand it to the stack at once, which only the flood worker may do
 *
 * Context: RCU read side, bottom halves disabled.
 */
static __always_inline void vnicx_deliver_copy(struct vnicx_port *port,
					       struct sk_buff *skb,
					       unsigned int payload, bool now)
{
	vnicx_assert_bh_disabled();

	if (unlikely(!vnicx_policy_receive(port, &skb, ETH_HLEN) ||
		     !vnicx_deliver_admits(port, skb, payload + ETH_HLEN)))
		return;
	vnicx_set_dev(skb, port->dev);
	vnicx_deliver_exit(port, skb, skb->pkt_type == PACKET_MULTICAST, now);
}

#endif /* _VNICX_EXIT_H */
