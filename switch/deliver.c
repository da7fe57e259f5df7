// SPDX-License-Identifier: GPL-2.0
/*
 * The exit by which one frame leaves to one port: whether the port admits it, and
 * then by the way that the port has. The exit to the wire is in wire.c.
 *
 * A stack gets its frames through a queue, from softirq, because the sender
 * may hold the very socket lock that the receiver will take. Only the
 * flood worker, which is in nobody's transmit path, calls into it directly. A
 * port with a queue of its own, which a virtual machine reads, gets them there
 * in the sender's context.
 *
 * Receive form is what a driver hands to the stack: skb->data behind the
 * Ethernet header, skb->protocol and skb->pkt_type set. A frame that a vNIC
 * sends is not in it yet; a frame from the uplink is.
 */
#include <linux/etherdevice.h>
#include <linux/if_vlan.h>

#include "drop.h"
#include "internal.h"
#include "mark.h"

/* Whether something must see what a device receives before its handler does:
 * a capture, rules, a VLAN on top. That happens on the way through the core.
 */
static bool vnicx_deliver_is_watched(struct net_device *dev)
{
	return dev_nit_active(dev) || netdev_has_ingress(dev) ||
	       netdev_has_vlans(dev);
}

static void vnicx_deliver_count(struct vnicx_port *port, unsigned int len,
				bool multicast)
{
	vnicx_port_count(port, VNICX_RX_PACKETS, len);
	if (multicast)
		vnicx_port_inc(port, VNICX_RX_MULTICAST);
}

/* Into the stack of the port's device; @now: at once, which only the flood worker
 * may, because it is in nobody's transmit path.
 */
static __always_inline enum vnicx_verdict
vnicx_deliver_stack(struct vnicx_port *port, struct sk_buff *skb,
		    bool multicast, bool now)
{
	unsigned int len = skb->len + ETH_HLEN;

	if (now)
		netif_receive_skb(skb);
	else if (unlikely(!vnicx_queue_put(skb)))
		return VNICX_CONGESTED;
	vnicx_deliver_count(port, len, multicast);
	return VNICX_DONE;
}

/* Into the port's own queue, or into the stack while nobody reads it */
static enum vnicx_verdict vnicx_deliver_queue(struct vnicx_port *port,
					      struct sk_buff *skb,
					      bool multicast, bool now)
{
	unsigned int len = skb->len + ETH_HLEN;

	if (vnicx_deliver_is_watched(port->dev))
		return vnicx_deliver_stack(port, skb, multicast, now);
	/* It may lie there for as long as the reader likes. */
	if (unlikely(skb_orphan_frags_rx(skb, GFP_ATOMIC))) {
		vnicx_drop(port, VNICX_RX_DROPPED, skb,
			   SKB_DROP_REASON_NOMEM);
		return VNICX_DONE;
	}
	skb_orphan(skb);
	/* As in the core's receive path: the flow that chooses among several
	 * queues is dissected from here, by skb->protocol.
	 */
	skb_reset_network_header(skb);
	if (port->take(&skb) != RX_HANDLER_CONSUMED)
		return vnicx_deliver_stack(port, skb, multicast, now);
	/* Received, even if its queue then has no room: as when it comes by the
	 * stack, that is counted at the queue.
	 */
	vnicx_deliver_count(port, len, multicast);
	return VNICX_DONE;
}

/* Into the lower device's own stack */
static enum vnicx_verdict vnicx_deliver_host(struct vnicx_port *host,
					     struct sk_buff *skb)
{
	/* The switch outlives what is queued, see vnicx_queue_drain(). */
	vnicx_mark_set(host->sw, skb);
	return likely(vnicx_queue_put(skb)) ? VNICX_DONE : VNICX_CONGESTED;
}

static noinline enum vnicx_verdict
vnicx_deliver_elsewhere(struct vnicx_port *port, struct sk_buff *skb,
			bool multicast, bool now)
{
	if (port->exit == VNICX_EXIT_HOST)
		return vnicx_deliver_host(port, skb);
	return vnicx_deliver_queue(port, skb, multicast, now);
}

/* By the way that the port has; @skb is in receive form, of the port's device. */
static __always_inline enum vnicx_verdict
vnicx_deliver_exit(struct vnicx_port *port, struct sk_buff *skb,
		   bool multicast, bool now)
{
	if (unlikely(port->exit != VNICX_EXIT_STACK))
		return vnicx_deliver_elsewhere(port, skb, multicast, now);
	return vnicx_deliver_stack(port, skb, multicast, now);
}

/* Whether a port takes a frame at all; one that it does not is dropped. */
static __always_inline bool vnicx_deliver_admits(struct vnicx_port *port,
						 struct sk_buff *skb,
						 unsigned int payload)
{
	if (likely(vnicx_fits(port->dev, skb, payload)))
		return true;
	vnicx_drop(port, VNICX_RX_DROPPED, skb, SKB_DROP_REASON_PKT_TOO_BIG);
	return false;
}

/**
 * vnicx_deliver() - hand a frame that a port sent to a vNIC or the host
 * @port: the receiving port, in the frame's scope
 * @skb: the frame, skb->data at its Ethernet header; consumed
 *
 * Context: RCU read side, bottom halves disabled.
 * Return: VNICX_DONE, also when the vNIC does not take it, as no sender would
 * learn over a wire; VNICX_CONGESTED when the CPU's queue is full
 */
enum vnicx_verdict vnicx_deliver(struct vnicx_port *port, struct sk_buff *skb)
{
	if (unlikely(!vnicx_deliver_admits(port, skb, skb->len - ETH_HLEN)))
		return VNICX_DONE;
	if (unlikely(skb_orphan_frags(skb, GFP_ATOMIC))) {
		vnicx_drop(port, VNICX_RX_DROPPED, skb,
			   SKB_DROP_REASON_NOMEM);
		return VNICX_DONE;
	}

	/* Spares the call that looks for a PHY, of which there is none. */
	if (unlikely(skb_shinfo(skb)->tx_flags))
		skb_tx_timestamp(skb);
	vnicx_to_receive_form(skb, port->dev);
	return vnicx_deliver_exit(port, skb, false, false);
}

/**
 * vnicx_deliver_copy() - hand one of a frame's copies to a vNIC or the host
 * @port: the receiving port, in the frame's scope
 * @skb: the copy, in receive form; consumed
 * @payload: see &struct vnicx_flood_to
 * @now: into the stack at once, which only the flood worker may
 *
 * Context: RCU read side, bottom halves disabled.
 */
void vnicx_deliver_copy(struct vnicx_port *port, struct sk_buff *skb,
			unsigned int payload, bool now)
{
	vnicx_assert_bh_disabled();

	if (unlikely(!vnicx_deliver_admits(port, skb, payload)))
		return;
	vnicx_set_dev(skb, port->dev);
	vnicx_deliver_exit(port, skb, skb->pkt_type == PACKET_MULTICAST, now);
}

/**
 * vnicx_deliver_up() - make a frame from the wire a vNIC's, without copy or queue
 * @port: the receiving port, in the frame's scope
 * @pskb: the frame, in receive form; another one, unless the caller's is
 *	unshared
 *
 * The lower device's MTU has let it in.
 *
 * Context: RCU read side, bottom halves disabled.
 * Return: VNICX_ANOTHER, or VNICX_DROPPED
 */
enum vnicx_verdict vnicx_deliver_up(struct vnicx_port *port,
				    struct sk_buff **pskb)
{
	struct sk_buff *skb = skb_share_check(*pskb, GFP_ATOMIC);

	if (unlikely(!skb)) {
		vnicx_port_inc(port, VNICX_RX_DROPPED);
		return VNICX_DROPPED;
	}

	vnicx_port_count(port, VNICX_RX_PACKETS, skb->len + ETH_HLEN);
	vnicx_set_dev(skb, port->dev);
	/* Its further addresses are another's, as the driver said already. */
	if (likely(ether_addr_equal(eth_hdr(skb)->h_dest, port->dev->dev_addr)))
		skb->pkt_type = PACKET_HOST;
	*pskb = skb;
	return VNICX_ANOTHER;
}
