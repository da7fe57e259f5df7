/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Drop a frame: count it at a port and free it with a reason.
 *
 * A module outside the kernel tree cannot define drop reasons, and the
 * supported kernels have only the core's older ones in common. Their meaning
 * here:
 *
 *   SKB_DROP_REASON_PKT_TOO_SMALL	no whole Ethernet header
 *   SKB_DROP_REASON_PKT_TOO_BIG	longer than the receiver's MTU, and not
 *					from the wire; or longer than the lower
 *					device's MTU on the way to the wire
 *   SKB_DROP_REASON_OTHERHOST		sent by a vNIC to its own address
 *   SKB_DROP_REASON_UNHANDLED_PROTO	MAC control from a vNIC
 *   SKB_DROP_REASON_TAP_FILTER		sent back by the wire, but the sender's
 *					mode keeps it from the receiving vNIC
 *   SKB_DROP_REASON_NOMEM		no memory for a copy or a page
 *   SKB_DROP_REASON_CPU_BACKLOG	the CPU's queue is full
 *   SKB_DROP_REASON_FULL_RING		the flood worker's queue is full
 */
#ifndef _VNICX_DROP_H
#define _VNICX_DROP_H

#include <linux/skbuff.h>
#include <vnicx/port.h>

/**
 * vnicx_drop() - drop a frame
 * @port: the port that counts it
 * @counter: the counter
 * @skb: the frame; freed
 * @reason: why it is dropped
 *
 * Context: bottom halves disabled.
 */
static inline void vnicx_drop(struct vnicx_port *port,
			      enum vnicx_counter counter, struct sk_buff *skb,
			      enum skb_drop_reason reason)
{
	vnicx_port_inc(port, counter);
	kfree_skb_reason(skb, reason);
}

#endif /* _VNICX_DROP_H */
