// SPDX-License-Identifier: GPL-2.0
/*
 * Hands one frame to one port.
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

static void count_received(struct vnicx_port *port, unsigned int len,
			   bool multicast)
{
	vnicx_port_count(port, VNICX_RX_PACKETS, len);
	if (multicast)
		vnicx_port_inc(port, VNICX_RX_MULTICAST);
}

/* Whether something must see what a device receives before its handler does:
 * a capture, rules, a VLAN on top. That happens on the way through the core.
 */
static bool is_watched(struct net_device *dev)
{
	return dev_nit_active(dev) || netdev_has_ingress(dev) ||
	       netdev_has_vlans(dev);
}

/* Puts a frame in receive form into its port's own queue, where the port has
 * one and somebody reads it. Returns whether the frame found its end.
 */
static bool take(struct vnicx_port *port, struct sk_buff *skb)
{
	bool multicast = skb->pkt_type == PACKET_MULTICAST;
	unsigned int len = skb->len + ETH_HLEN;

	if (is_watched(port->dev))
		return false;
	/* It may lie there for as long as the reader likes. */
	if (unlikely(skb_orphan_frags_rx(skb, GFP_ATOMIC))) {
		vnicx_drop(port, VNICX_RX_DROPPED, skb,
			   SKB_DROP_REASON_NOMEM);
		return true;
	}
	skb_orphan(skb);
	/* As in the core's receive path: the flow that chooses among several
	 * queues is dissected from here, by skb->protocol.
	 */
	skb_reset_network_header(skb);

	if (port->take(&skb) != RX_HANDLER_CONSUMED)
		return false;
	/* Received, even if its queue then has no room: as when it comes by
	 * the stack, that is counted at the queue.
	 */
	count_received(port, len, multicast);
	return true;
}

/**
 * vnicx_deliver() - hand a frame that a port sent to a vNIC or the host
 * @port: the receiving port, seen up
 * @skb: the frame, skb->data at its Ethernet header; consumed
 *
 * Context: RCU read side, bottom halves disabled.
 * Return: VNICX_DONE, also when the vNIC does not take it, as no sender would
 * learn over a wire; VNICX_CONGESTED when the CPU's queue is full
 */
enum vnicx_verdict vnicx_deliver(struct vnicx_port *port, struct sk_buff *skb)
{
	unsigned int len = skb->len;

	if (unlikely(!vnicx_fits(port->dev, skb, len - ETH_HLEN))) {
		vnicx_drop(port, VNICX_RX_DROPPED, skb,
			   SKB_DROP_REASON_PKT_TOO_BIG);
		return VNICX_DONE;
	}
	if (unlikely(skb_orphan_frags(skb, GFP_ATOMIC))) {
		vnicx_drop(port, VNICX_RX_DROPPED, skb,
			   SKB_DROP_REASON_NOMEM);
		return VNICX_DONE;
	}

	/* Spares the call that looks for a PHY, of which there is none. */
	if (unlikely(skb_shinfo(skb)->tx_flags))
		skb_tx_timestamp(skb);
	vnicx_to_receive_form(skb, port->dev);
	if (port->kind == VNICX_PORT_HOST)
		return vnicx_deliver_host(port->sw, skb);
	if (port->take && likely(take(port, skb)))
		return VNICX_DONE;
	if (unlikely(!vnicx_queue_put(skb)))
		return VNICX_CONGESTED;
	vnicx_port_count(port, VNICX_RX_PACKETS, len);
	return VNICX_DONE;
}

/**
 * vnicx_deliver_copy() - hand one of a frame's copies to a vNIC
 * @port: the vNIC's port, seen up
 * @skb: the copy, in receive form; consumed
 * @payload: see &struct vnicx_flood_to
 * @now: into the stack at once, which only the flood worker may
 *
 * Context: RCU read side, bottom halves disabled.
 */
void vnicx_deliver_copy(struct vnicx_port *port, struct sk_buff *skb,
			unsigned int payload, bool now)
{
	unsigned int len = skb->len + ETH_HLEN;
	bool multicast = skb->pkt_type == PACKET_MULTICAST;

	vnicx_assert_bh_disabled();

	if (unlikely(!vnicx_fits(port->dev, skb, payload))) {
		vnicx_drop(port, VNICX_RX_DROPPED, skb,
			   SKB_DROP_REASON_PKT_TOO_BIG);
		return;
	}

	vnicx_set_dev(skb, port->dev);
	if (port->take && likely(take(port, skb)))
		return;
	if (now)
		netif_receive_skb(skb);
	else if (unlikely(!vnicx_queue_put(skb)))
		return;
	count_received(port, len, multicast);
}

/**
 * vnicx_deliver_host() - hand a frame to the lower device's own stack
 * @sw: the switch
 * @skb: the frame, in receive form; consumed
 *
 * The switch must outlive vnicx_queue_drain().
 *
 * Context: bottom halves disabled.
 * Return: VNICX_DONE, or VNICX_CONGESTED when the CPU's queue is full
 */
enum vnicx_verdict vnicx_deliver_host(struct vnicx_switch *sw,
				      struct sk_buff *skb)
{
	skb->dev = sw->lower;
	vnicx_mark_set(sw, skb);
	return likely(vnicx_queue_put(skb)) ? VNICX_DONE : VNICX_CONGESTED;
}
