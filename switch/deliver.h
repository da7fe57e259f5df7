/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Delivery to a port, and the form that a frame has there.
 */
#ifndef _VNICX_DELIVER_H
#define _VNICX_DELIVER_H

#include "internal.h"

/* Frames that the switch lost on a CPU: there was no memory for copies, or no room in the
 * sender's queue before the flood worker or in the CPU's before the stacks
 */
DECLARE_PER_CPU(unsigned int, vnicx_losses);

/**
 * vnicx_fits() - tell whether a frame fits a device's MTU
 * @dev: the device
 * @skb: the frame
 * @len: its bytes from the Ethernet header on
 *
 * A super-frame always fits: the receiver, or the core before a lower device,
 * segments it. Not for frames from the wire, which the lower device's MTU has
 * let in.
 *
 * Return: whether it fits
 */
static inline bool vnicx_fits(const struct net_device *dev,
			      const struct sk_buff *skb, unsigned int len)
{
	return len <= READ_ONCE(dev->mtu) + VLAN_ETH_HLEN || skb_is_gso(skb);
}

/**
 * vnicx_clear_delivery_time() - clear the time at which a frame's sender wants
 *	it to leave
 * @skb: the frame
 *
 * skb_scrub_packet() keeps that time for the queueing disciplines on the way,
 * which belong to another namespace here.
 */
static inline void vnicx_clear_delivery_time(struct sk_buff *skb)
{
	if (unlikely(skb->tstamp))
		skb_set_delivery_time(skb, 0, 0);
}

/**
 * vnicx_to_receive_form() - turn a transmitted frame into a received one
 * @skb: the frame, unshared, skb->data at its Ethernet header
 * @dev: the receiving device
 *
 * Clears what belongs to the sender's stack, as if the frame came over a wire.
 * The RX queue is the one with the number of the TX queue, as with a veth. If
 * the device has only one RX queue or no queue of that number, none is
 * recorded, because RPS warns when the recorded queue does not exist.
 */
static inline void vnicx_to_receive_form(struct sk_buff *skb,
					 struct net_device *dev)
{
	u16 queue = skb_get_queue_mapping(skb);

	skb_scrub_packet(skb, true);
	vnicx_clear_delivery_time(skb);
	skb->priority = 0;
	skb->protocol = eth_type_trans(skb, dev);
	skb_postpull_rcsum(skb, eth_hdr(skb), ETH_HLEN);
	skb_set_queue_mapping(skb, 0);
	if (unlikely(dev->real_num_rx_queues > 1 &&
		     queue < dev->real_num_rx_queues))
		skb_record_rx_queue(skb, queue);
}

/**
 * vnicx_set_dev() - make another device the receiver of a frame
 * @skb: the frame, in receive form
 * @dev: the device
 *
 * The frame keeps its recorded RX queue if the device has that many.
 */
static inline void vnicx_set_dev(struct sk_buff *skb, struct net_device *dev)
{
	skb->dev = dev;
	if (unlikely(skb_get_queue_mapping(skb) > dev->real_num_rx_queues))
		skb_set_queue_mapping(skb, 0);
}

/* deliver.c */
enum vnicx_verdict vnicx_deliver_up(struct vnicx_port *port,
				    struct sk_buff **pskb);
bool vnicx_deliver_mirrored(struct vnicx_port *port, struct sk_buff *skb);

/* out/wire.c */
bool vnicx_deliver_dev(struct vnicx_switch *sw, struct net_device *dev,
		       struct sk_buff *skb);

/* out/queue.c */
int vnicx_queue_init(bool threads);
void vnicx_queue_exit(void);
bool vnicx_queue_put(struct sk_buff *skb);
void vnicx_queue_drain(void);

#endif /* _VNICX_DELIVER_H */
