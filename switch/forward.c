// SPDX-License-Identifier: GPL-2.0
/*
 * The walk of one frame, from the port it enters by to its end.
 */
#include <linux/etherdevice.h>
#include <linux/netfilter.h>
#include <kunit/visibility.h>

#include "classify.h"
#include "drop.h"
#include "fdb.h"
#include "mark.h"

/* Sends a vNIC's frame out by the lower device. */
static enum vnicx_verdict forward_to_wire(struct vnicx_port *in,
					  struct sk_buff *skb)
{
	struct vnicx_switch *sw = in->sw;
	struct net_device *lower = sw->lower;
	struct net_device *station;

	/* A virtual machine may send any length. */
	if (unlikely(!vnicx_fits(lower, skb, skb->len - ETH_HLEN))) {
		kfree_skb_reason(skb, SKB_DROP_REASON_PKT_TOO_BIG);
		return VNICX_DROPPED;
	}

	/* The mark, the priority, the connection and the time to leave are
	 * those of a namespace whose root may have chosen them: they must not
	 * steer the filters, classes and queues of the adapter's owner.
	 */
	if (!net_eq(dev_net(in->dev), dev_net(lower))) {
		nf_reset_ct(skb);
		nf_reset_trace(skb);
		vnicx_clear_delivery_time(skb);
		skb->mark = 0;
		skb->priority = 0;
	}
	if (READ_ONCE(sw->host.up))
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
	vnicx_set_dev(skb, port->dev);
	/* Its further addresses are another's, as the driver said already. */
	if (likely(ether_addr_equal(eth_hdr(skb)->h_dest, port->dev->dev_addr)))
		skb->pkt_type = PACKET_HOST;
	*pskb = skb;
	return VNICX_ANOTHER;
}

/* Takes a frame on where it would go if there were no other vNIC. */
static enum vnicx_verdict forward_on(struct vnicx_port *in, struct sk_buff *skb)
{
	return in->kind == VNICX_PORT_VNIC ? forward_to_wire(in, skb) :
					     VNICX_PASS;
}

/**
 * vnicx_send_to_wire() - transmit a frame of a vNIC by the lower device
 * @in: the vNIC's port
 * @skb: the frame, skb->data at its Ethernet header; consumed
 *
 * No port of the switch gets it, and it is not counted at the vNIC.
 *
 * Context: RCU read side, bottom halves disabled.
 */
void vnicx_send_to_wire(struct vnicx_port *in, struct sk_buff *skb)
{
	forward_on(in, skb);
}

/* Whether what a port sends may be for others on the switch. */
static bool is_bridged(const struct vnicx_port *port)
{
	return READ_ONCE(port->mode) == VNICX_MODE_BRIDGE &&
	       READ_ONCE(port->up);
}

static bool is_unknown(const struct vnicx_port *dst)
{
	return !dst || (dst->kind == VNICX_PORT_VNIC && !READ_ONCE(dst->up));
}

/* Takes a frame of the host that ends on the switch out of its transmit path:
 * captures on the lower device see it here, and a frame that its sender keeps, as
 * pktgen does, is replaced by a clone. Returns NULL when there is no memory.
 */
static noinline struct sk_buff *take_from_host(struct vnicx_port *host,
					       struct sk_buff *skb)
{
	if (dev_nit_active(host->dev))
		dev_queue_xmit_nit(skb, host->dev);
	return skb_share_check(skb, GFP_ATOMIC);
}

/* Floods what a vNIC or the host sends to the others in bridge mode. An unknown
 * address is most likely a station on the LAN, whose frames are no tenant's
 * business: only ports that the administrator chose get a copy.
 */
static noinline void flood_across(struct vnicx_port *in, struct sk_buff *skb,
				  enum vnicx_class class)
{
	struct vnicx_flood_to to = {
		.except = in->id,
		.modes = VNICX_MODES_BRIDGE,
		.flood = class == VNICX_UNICAST,
	};

	if (is_bridged(in))
		vnicx_flood(in, skb, class, to);
}

/* Follows a claimed address to the vNIC, or the host, that uses it as a source. */
static noinline void learn_source(struct vnicx_port *in,
				  const struct sk_buff *skb)
{
	const struct ethhdr *eth = eth_hdr(skb);
	u16 vid = vnicx_frame_vid(skb, eth);
	struct vnicx_fdb_entry *entry;

	entry = vnicx_fdb_find(in->sw, eth->h_source, vid);
	if (entry && entry->rank <= VNICX_FDB_LEARNT)
		vnicx_learn(in->sw, entry, vid, in,
			    is_multicast_ether_addr(eth->h_dest));
}

static enum vnicx_verdict send_unicast(struct vnicx_port *in,
				       struct sk_buff *skb)
{
	const struct ethhdr *eth = eth_hdr(skb);
	struct vnicx_port *dst;

	/* Whoever forged its address may have been heard of last. */
	if (unlikely(READ_ONCE(in->nr_lost)))
		learn_source(in, skb);
	dst = vnicx_fdb_lookup(in->sw, eth->h_dest, vnicx_frame_vid(skb, eth));
	if (is_unknown(dst)) {
		if (unlikely(READ_ONCE(in->sw->nr_flood)))
			flood_across(in, skb, VNICX_UNICAST);
		return forward_on(in, skb);
	}
	if (unlikely(dst == in && in->kind == VNICX_PORT_VNIC)) {
		kfree_skb_reason(skb, SKB_DROP_REASON_OTHERHOST);
		return VNICX_DROPPED;
	}
	if (dst == in || !is_bridged(in) || !is_bridged(dst))
		return forward_on(in, skb);
	if (in->kind == VNICX_PORT_HOST) {
		skb = take_from_host(in, skb);
		if (unlikely(!skb)) {
			vnicx_port_inc(dst, VNICX_RX_DROPPED);
			return VNICX_DONE;
		}
	}
	/* A vNIC's is its sender's alone: the core shares no frame with a
	 * device that does not ask for it.
	 */
	return vnicx_deliver(dst, skb);
}

static enum vnicx_verdict send(struct vnicx_port *in, struct sk_buff *skb)
{
	enum vnicx_class class = vnicx_classify(skb, eth_hdr(skb));

	switch (class) {
	case VNICX_UNICAST:
		return send_unicast(in, skb);
	case VNICX_BROADCAST:
	case VNICX_MULTICAST:
		if (unlikely(READ_ONCE(in->sw->nr_claims)))
			learn_source(in, skb);
		flood_across(in, skb, class);
		break;
	case VNICX_LINK_LOCAL:
		break;
	case VNICX_MAC_CONTROL:
		if (in->kind != VNICX_PORT_VNIC)
			break;
		kfree_skb_reason(skb, SKB_DROP_REASON_UNHANDLED_PROTO);
		return VNICX_DROPPED;
	}
	return forward_on(in, skb);
}

/* Counts at a vNIC what became of its frame. */
static void count_sent(struct vnicx_port *in, unsigned int len,
		       enum vnicx_verdict verdict)
{
	if (likely(verdict != VNICX_DROPPED))
		vnicx_port_count(in, VNICX_TX_PACKETS, len);
	else
		vnicx_port_inc(in, VNICX_TX_DROPPED);
}

/* Leaves the checksums of the host's super-frame to its receiver, as a super-frame
 * has them that needs no checksum of its lower device. Behind a lower device without
 * checksumming the core cuts it, but after the egress hook, and the stacks on
 * the switch get it whole.
 */
static noinline void vnicx_defer_checksum(struct sk_buff *skb)
{
	int offset = skb_network_offset(skb);

	if (offset < ETH_HLEN || skb_shared(skb) || skb_cow_head(skb, 0) ||
	    !pskb_may_pull(skb, offset))
		return;
	__skb_pull(skb, offset);
	skb->ip_summed = CHECKSUM_PARTIAL;
	if (skb_checksum_setup(skb, true))
		skb->ip_summed = CHECKSUM_NONE;
	__skb_push(skb, offset);
}

/**
 * vnicx_send() - take a frame that a vNIC or the host sends to its end
 * @in: the port
 * @skb: the frame, skb->data at its Ethernet header
 *
 * Context: bottom halves disabled.
 * Return: what became of it, see &enum vnicx_verdict
 */
enum vnicx_verdict vnicx_send(struct vnicx_port *in, struct sk_buff *skb)
{
	unsigned int len = skb->len;
	enum vnicx_verdict verdict;

	if (in->kind == VNICX_PORT_HOST && vnicx_mark_consume(in->sw, skb))
		return VNICX_PASS;
	if (in->kind == VNICX_PORT_HOST && unlikely(skb_is_gso(skb)) &&
	    unlikely(skb->ip_summed == CHECKSUM_NONE))
		vnicx_defer_checksum(skb);

	vnicx_read_lock();
	if (likely(pskb_may_pull(skb, ETH_HLEN))) {
		skb_reset_mac_header(skb);
		verdict = send(in, skb);
	} else {
		kfree_skb_reason(skb, SKB_DROP_REASON_PKT_TOO_SMALL);
		verdict = VNICX_DROPPED;
	}
	vnicx_read_unlock();

	if (in->kind == VNICX_PORT_VNIC)
		count_sent(in, len, verdict);
	return verdict;
}
EXPORT_SYMBOL_IF_KUNIT(vnicx_send);

/* The vNIC whose address a frame from the wire has as its source: what it sent
 * came back, or another station has the same address.
 */
static struct vnicx_port *came_from(struct vnicx_switch *sw,
				    const struct sk_buff *skb)
{
	const struct ethhdr *eth = eth_hdr(skb);

	return vnicx_fdb_lookup(sw, eth->h_source, vnicx_frame_vid(skb, eth));
}

/* Private means: not by way of the wire either. */
static noinline bool is_kept_apart(struct vnicx_switch *sw,
				   const struct sk_buff *skb,
				   const struct vnicx_port *dst)
{
	const struct vnicx_port *src = came_from(sw, skb);

	return src && src->kind == VNICX_PORT_VNIC &&
	       (READ_ONCE(src->mode) == VNICX_MODE_PRIVATE ||
		READ_ONCE(dst->mode) == VNICX_MODE_PRIVATE);
}

static enum vnicx_verdict receive_unicast(struct vnicx_switch *sw,
					  struct sk_buff **pskb)
{
	struct vnicx_flood_to to = {
		.modes = VNICX_MODES_ALL & ~BIT(VNICX_MODE_SOURCE),
	};
	const struct ethhdr *eth = eth_hdr(*pskb);
	struct vnicx_port *dst;

	dst = rcu_dereference(sw->passthru);
	if (dst && READ_ONCE(dst->up))
		return forward_up(dst, pskb);

	dst = vnicx_fdb_lookup(sw, eth->h_dest, vnicx_frame_vid(*pskb, eth));
	if (is_unknown(dst)) {
		vnicx_flood(&sw->uplink, *pskb, VNICX_UNICAST, to);
		return VNICX_PASS;
	}
	if (dst->kind == VNICX_PORT_HOST ||
	    READ_ONCE(dst->mode) == VNICX_MODE_SOURCE)
		return VNICX_PASS;
	if (unlikely(READ_ONCE(sw->nr_private)) &&
	    is_kept_apart(sw, *pskb, dst)) {
		vnicx_drop(dst, VNICX_RX_DROPPED, *pskb,
			   SKB_DROP_REASON_TAP_FILTER);
		return VNICX_DROPPED;
	}
	return forward_up(dst, pskb);
}

/* The vNIC that a frame to many from the wire came from. A claimed address that
 * the wire uses as a source is on the wire from now on.
 */
static struct vnicx_port *many_came_from(struct vnicx_switch *sw,
					 const struct sk_buff *skb)
{
	const struct ethhdr *eth = eth_hdr(skb);
	u16 vid = vnicx_frame_vid(skb, eth);
	struct vnicx_fdb_entry *entry;

	entry = vnicx_fdb_find(sw, eth->h_source, vid);
	if (likely(!entry))
		return NULL;
	if (unlikely(entry->rank <= VNICX_FDB_LEARNT))
		return vnicx_learn(sw, entry, vid, NULL, true);
	return entry->port;
}

/* Chooses who gets a frame to many from the wire, by where it came from. */
static struct vnicx_flood_to receive_to(struct vnicx_switch *sw,
					const struct sk_buff *skb)
{
	struct vnicx_flood_to to = {
		.modes = VNICX_MODES_ALL & ~BIT(VNICX_MODE_SOURCE),
	};
	struct vnicx_port *src = many_came_from(sw, skb);

	if (!src)
		return to;
	if (src->kind == VNICX_PORT_HOST) {
		/* Bridged vNICs had it from the host itself. */
		if (READ_ONCE(src->up))
			to.modes &= ~VNICX_MODES_BRIDGE;
		return to;
	}

	switch (READ_ONCE(src->mode)) {
	case VNICX_MODE_VEPA:
		to.except = src->id;
		to.modes = VNICX_MODES_BRIDGE | VNICX_MODES_VEPA;
		break;
	case VNICX_MODE_BRIDGE:
		/* A virtual router's address exists at its other router, too,
		 * whose announcements the vNIC itself must hear.
		 */
		to.modes = VNICX_MODES_BRIDGE | VNICX_MODES_VEPA;
		break;
	default:
		to.only = src->id;
		break;
	}
	return to;
}

/**
 * vnicx_receive() - take a frame that the lower device received on from there
 * @sw: the switch
 * @pskb: the frame, in receive form
 *
 * Context: RCU read side, bottom halves disabled.
 * Return: what became of it, see &enum vnicx_verdict
 */
enum vnicx_verdict vnicx_receive(struct vnicx_switch *sw, struct sk_buff **pskb)
{
	enum vnicx_class class;

	vnicx_assert_bh_disabled();

	if (unlikely(vnicx_mark_consume(sw, *pskb)))
		return VNICX_PASS;
	if (unlikely(READ_ONCE(sw->nr_sources)) &&
	    vnicx_source_deliver(sw, *pskb)) {
		consume_skb(*pskb);
		return VNICX_DONE;
	}

	class = vnicx_classify(*pskb, eth_hdr(*pskb));
	if (class == VNICX_UNICAST)
		return receive_unicast(sw, pskb);
	if (class != VNICX_MAC_CONTROL)
		vnicx_flood(&sw->uplink, *pskb, class, receive_to(sw, *pskb));
	return VNICX_PASS;
}
EXPORT_SYMBOL_IF_KUNIT(vnicx_receive);
