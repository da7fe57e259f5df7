// SPDX-License-Identifier: GPL-2.0
/*
 * The walk of one frame, from the port it enters by to its end.
 */
#include <linux/etherdevice.h>
#include <linux/netfilter.h>
#include <kunit/visibility.h>

#include "drop.h"
#include "internal.h"

/* Sends a vNIC's frame out by the lower device. */
static enum vnicx_verdict forward_to_wire(struct vnicx_port *in,
					  struct sk_buff *skb)
{
	struct net_device *lower = in->sw->lower;

	/* The mark, the priority and the connection are those of a namespace
	 * whose root may have chosen them: they must not steer the filters and
	 * classes of the adapter's owner.
	 */
	if (!net_eq(dev_net(in->dev), dev_net(lower))) {
		nf_reset_ct(skb);
		nf_reset_trace(skb);
		skb->mark = 0;
		skb->priority = 0;
	}

	skb->dev = lower;
	switch (dev_queue_xmit(skb)) {
	case NET_XMIT_SUCCESS:
		return VNICX_DONE;
	case NET_XMIT_CN:
		return VNICX_CONGESTED;
	default:
		return VNICX_DROPPED;
	}
}

/* Gives a frame from the wire to a vNIC, without a copy or a queue. */
static enum vnicx_verdict forward_up(struct vnicx_port *port,
				     struct sk_buff **pskb)
{
	struct sk_buff *skb = skb_share_check(*pskb, GFP_ATOMIC);

	if (unlikely(!skb)) {
		vnicx_port_inc(port, VNICX_RX_DROPPED);
		return VNICX_DROPPED;
	}

	vnicx_port_count(port, VNICX_RX_PACKETS, skb->len + ETH_HLEN);
	skb->dev = port->dev;
	/* Its further addresses are another's, as the driver said already. */
	if (likely(ether_addr_equal(eth_hdr(skb)->h_dest, port->dev->dev_addr)))
		skb->pkt_type = PACKET_HOST;
	*pskb = skb;
	return VNICX_ANOTHER;
}

/* Takes a frame on in the direction that is not a vNIC: from the wire to the
 * host, from a vNIC to the wire.
 */
static enum vnicx_verdict forward_on(struct vnicx_port *in, struct sk_buff *skb)
{
	if (in->kind == VNICX_PORT_UPLINK)
		return VNICX_PASS;
	return forward_to_wire(in, skb);
}

static enum vnicx_verdict forward_unicast(struct vnicx_port *in,
					  struct sk_buff **pskb)
{
	struct sk_buff *skb = *pskb;
	const struct ethhdr *eth = eth_hdr(skb);
	struct vnicx_port *dst;

	dst = vnicx_fdb_lookup(in->sw, eth->h_dest, vnicx_frame_vid(skb, eth));
	if (unlikely(!dst || !READ_ONCE(dst->up))) {
		vnicx_flood(in, skb, VNICX_UNICAST);
		return forward_on(in, skb);
	}
	if (dst->kind == VNICX_PORT_HOST)
		return forward_on(in, skb);
	if (in->kind == VNICX_PORT_UPLINK)
		return forward_up(dst, pskb);
	if (unlikely(dst == in)) {
		kfree_skb_reason(skb, SKB_DROP_REASON_OTHERHOST);
		return VNICX_DROPPED;
	}
	return vnicx_deliver(dst, skb);
}

static enum vnicx_verdict forward(struct vnicx_port *in, struct sk_buff **pskb)
{
	enum vnicx_class class = vnicx_classify(eth_hdr(*pskb));

	switch (class) {
	case VNICX_UNICAST:
		return forward_unicast(in, pskb);
	case VNICX_BROADCAST:
	case VNICX_MULTICAST:
		vnicx_flood(in, *pskb, class);
		break;
	case VNICX_LINK_LOCAL:
		if (in->kind == VNICX_PORT_UPLINK)
			vnicx_flood(in, *pskb, class);
		break;
	case VNICX_MAC_CONTROL:
		if (in->kind == VNICX_PORT_UPLINK)
			break;
		kfree_skb_reason(*pskb, SKB_DROP_REASON_UNHANDLED_PROTO);
		return VNICX_DROPPED;
	}
	return forward_on(in, *pskb);
}

/* From the uplink, a frame is in receive form and not counted here: the lower
 * device has counted it.
 */
static enum vnicx_verdict forward_received(struct vnicx_port *in,
					   struct sk_buff **pskb)
{
	if (unlikely(vnicx_from_switch(in->sw, *pskb)))
		return VNICX_PASS;
	return forward(in, pskb);
}

static enum vnicx_verdict forward_sent(struct vnicx_port *in,
				       struct sk_buff **pskb)
{
	struct sk_buff *skb = *pskb;
	enum vnicx_verdict verdict;
	unsigned int len = skb->len;

	if (unlikely(!pskb_may_pull(skb, ETH_HLEN))) {
		vnicx_drop(in, VNICX_TX_DROPPED, skb,
			   SKB_DROP_REASON_PKT_TOO_SMALL);
		return VNICX_DROPPED;
	}
	skb_reset_mac_header(skb);

	verdict = forward(in, pskb);
	if (likely(verdict != VNICX_DROPPED))
		vnicx_port_count(in, VNICX_TX_PACKETS, len);
	else
		vnicx_port_inc(in, VNICX_TX_DROPPED);
	return verdict;
}

/**
 * vnicx_forward() - take a frame from the port it enters by to its end
 * @in: the port
 * @pskb: the frame. From the uplink in receive form, otherwise with skb->data
 *	at the Ethernet header
 *
 * Context: bottom halves disabled.
 * Return: what became of it, see &enum vnicx_verdict
 */
enum vnicx_verdict vnicx_forward(struct vnicx_port *in, struct sk_buff **pskb)
{
	enum vnicx_verdict verdict;

	rcu_read_lock();
	if (in->kind == VNICX_PORT_UPLINK)
		verdict = forward_received(in, pskb);
	else
		verdict = forward_sent(in, pskb);
	rcu_read_unlock();
	return verdict;
}
EXPORT_SYMBOL_IF_KUNIT(vnicx_forward);
