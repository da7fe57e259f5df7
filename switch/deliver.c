// SPDX-License-Identifier: GPL-2.0
/*
 * Hand one frame to one port, if the port admits it, by the port's exit. The
 * exit to the wire is in out/wire.h.
 *
 * A stack gets its frames through a queue, from softirq, because the sender may
 * hold the very socket lock that the receiver will take. Only the flood worker
 * calls into a stack directly, because no sender's transmit call is below it. A
 * port with a queue of its own, which a virtual machine reads, gets frames
 * there in the sender's context. A port with an XDP program gets all of its
 * frames in a queue before the program, those from the wire as well.
 *
 * Receive form is the form in which a driver hands a frame to the stack:
 * skb->data is behind the Ethernet header, skb->protocol and skb->pkt_type are
 * set. A frame from the wire has it. A frame that a vNIC or the host transmits
 * is put into it.
 */
#include <linux/etherdevice.h>
#include <linux/if_vlan.h>

#include "exit.h"
#include "flood.h"
#include "mark.h"

/* Tell whether something must see a device's frames before its receive handler:
 * a capture, rules, a VLAN device. Then frames must take the way through the
 * core.
 */
static bool vnicx_deliver_is_watched(struct net_device *dev)
{
	return dev_nit_active(dev) || netdev_has_ingress(dev) ||
	       netdev_has_vlans(dev);
}

/* Hand a frame to the port's own queue, or to the stack if nobody reads it. */
static enum vnicx_verdict vnicx_deliver_queue(struct vnicx_port *port,
					      struct sk_buff *skb,
					      bool multicast, bool now)
{
	unsigned int len = skb->len + ETH_HLEN;

	if (vnicx_deliver_is_watched(port->dev))
		return vnicx_deliver_stack(port, skb, multicast, now);
	/* The reader may leave the frame in the queue for any time: the sender
	 * must not wait for its pages or its socket's memory.
	 */
	if (unlikely(skb_orphan_frags_rx(skb, GFP_ATOMIC))) {
		vnicx_drop(port, VNICX_RX_DROPPED, skb,
			   SKB_DROP_REASON_NOMEM);
		return VNICX_DONE;
	}
	skb_orphan(skb);
	/* As in the core's receive path: to choose among several queues, the
	 * tap library dissects the flow from here, by skb->protocol.
	 */
	skb_reset_network_header(skb);
	if (port->take(&skb) != RX_HANDLER_CONSUMED)
		return vnicx_deliver_stack(port, skb, multicast, now);
	/* The frame counts as received even if the queue has no room. The queue
	 * counts the drop, as it does for a frame that comes by the stack.
	 */
	vnicx_deliver_count(port, len, multicast);
	return VNICX_DONE;
}

/* Tell whether an XDP program decides on a port's frames. */
static bool vnicx_deliver_has_xdp(const struct vnicx_port *port)
{
	/* Pairs with vnicx_port_set_xdp(): the queue is there. */
	return smp_load_acquire(&port->exit) == VNICX_EXIT_XDP;
}

/* Hand a frame to the port's XDP program. */
static enum vnicx_verdict vnicx_deliver_xdp(struct vnicx_port *port,
					    struct sk_buff *skb, bool multicast)
{
	unsigned int len = skb->len + ETH_HLEN;

	if (unlikely(!port->put(port, skb))) {
		vnicx_drop(port, VNICX_RX_DROPPED, skb,
			   SKB_DROP_REASON_FULL_RING);
		return VNICX_CONGESTED;
	}
	vnicx_deliver_count(port, len, multicast);
	return VNICX_DONE;
}

/**
 * vnicx_deliver_host() - hand a frame to the lower device's own stack
 * @host: the host's port
 * @skb: the frame, in receive form and with the lower device as its device; consumed
 *
 * Context: bottom halves disabled.
 * Return: VNICX_DONE or VNICX_CONGESTED
 */
enum vnicx_verdict vnicx_deliver_host(struct vnicx_port *host,
				      struct sk_buff *skb)
{
	/* The switch outlives queued frames, see vnicx_queue_drain(). */
	vnicx_mark_set(host->sw, skb);
	if (likely(vnicx_queue_put(skb)))
		return VNICX_DONE;
	atomic_long_inc(&host->rx_overflow);
	this_cpu_inc(vnicx_losses);
	return VNICX_CONGESTED;
}

/**
 * vnicx_deliver_elsewhere() - hand a frame to a port that has another exit than the
 *	stack, or had just now
 * @port: the port
 * @skb: the frame, in receive form and with the port's device; consumed
 * @multicast: it was sent to a group
 * @now: hand it to the stack at once, which only the flood worker may do
 *
 * Context: RCU read side, bottom halves disabled.
 * Return: VNICX_DONE or VNICX_CONGESTED
 */
enum vnicx_verdict vnicx_deliver_elsewhere(struct vnicx_port *port,
					   struct sk_buff *skb,
					   bool multicast, bool now)
{
	if (port->kind == VNICX_PORT_HOST)
		return vnicx_deliver_host(port, skb);
	if (vnicx_deliver_has_xdp(port))
		return vnicx_deliver_xdp(port, skb, multicast);
	if (port->take)
		return vnicx_deliver_queue(port, skb, multicast, now);
	return vnicx_deliver_stack(port, skb, multicast, now);
}

/**
 * vnicx_deliver_too_big() - drop a frame that is too long for a port
 * @port: the receiving port
 * @skb: the frame; freed
 *
 * Context: bottom halves disabled.
 */
noinline void vnicx_deliver_too_big(struct vnicx_port *port,
				    struct sk_buff *skb)
{
	vnicx_drop(port, VNICX_RX_DROPPED, skb, SKB_DROP_REASON_PKT_TOO_BIG);
}

/**
 * vnicx_deliver_mirrored() - hand a copy of another port's frame to a vNIC that
 *	watches
 * @port: the vNIC's port
 * @skb: the copy, skb->data at its Ethernet header; consumed
 *
 * The copy passes no policy of the vNIC, and is for another station: captures
 * and receive handlers see it, and the vNIC's own stack drops it.
 *
 * Context: RCU read side, bottom halves disabled.
 * Return: whether there was room for it, and the vNIC is up
 */
bool vnicx_deliver_mirrored(struct vnicx_port *port, struct sk_buff *skb)
{
	if (!READ_ONCE(port->role)) {
		kfree_skb_reason(skb, SKB_DROP_REASON_DEV_READY);
		return false;
	}
	vnicx_to_receive_form(skb, port->dev);
	skb->pkt_type = PACKET_OTHERHOST;
	return vnicx_deliver_exit(port, skb, false, false) == VNICX_DONE;
}

/* Make a frame that the port admits the vNIC's. */
static __always_inline enum vnicx_verdict
vnicx_deliver_up_admitted(struct vnicx_port *port, struct sk_buff *skb)
{
	vnicx_set_dev(skb, port->dev);
	/* A frame for a further address of the vNIC keeps the type that the
	 * lower device's driver gave it, PACKET_OTHERHOST.
	 */
	if (likely(ether_addr_equal_64bits(eth_hdr(skb)->h_dest,
					   port->dev->dev_addr)))
		skb->pkt_type = PACKET_HOST;
	if (static_branch_unlikely(&vnicx_xdp_used) &&
	    vnicx_deliver_has_xdp(port))
		return vnicx_deliver_xdp(port, skb, false);
	vnicx_port_count(port, VNICX_RX_PACKETS, skb->len + ETH_HLEN);
	return VNICX_ANOTHER;
}

/* Do what vnicx_deliver_up() does for a frame that may become another one. */
static noinline enum vnicx_verdict
vnicx_deliver_up_checked(struct vnicx_port *port, struct sk_buff **pskb)
{
	struct sk_buff *skb = skb_share_check(*pskb, GFP_ATOMIC);

	if (unlikely(!skb)) {
		vnicx_port_inc(port, VNICX_RX_DROPPED);
		return VNICX_DROPPED;
	}
	if (unlikely(!vnicx_policy_receive(port, &skb, ETH_HLEN)))
		return VNICX_DROPPED;
	*pskb = skb;
	return vnicx_deliver_up_admitted(port, skb);
}

/**
 * vnicx_deliver_up() - make a frame from the wire a vNIC's, without copy or
 *	queue
 * @port: the receiving port, in the frame's scope
 * @pskb: the frame, in receive form; replaced by a clone if it is shared
 *
 * The frame's length is not checked, because the lower device has let it in.
 *
 * Context: RCU read side, bottom halves disabled.
 * Return: VNICX_ANOTHER, VNICX_DROPPED, or what a queue before the vNIC's XDP
 * program says
 */
enum vnicx_verdict vnicx_deliver_up(struct vnicx_port *port,
				    struct sk_buff **pskb)
{
	if (unlikely(skb_shared(*pskb) || READ_ONCE(port->rx_checks)))
		return vnicx_deliver_up_checked(port, pskb);
	return vnicx_deliver_up_admitted(port, *pskb);
}
