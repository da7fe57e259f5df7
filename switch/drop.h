/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The end of a frame that goes nowhere: counted at its port, with a reason.
 *
 * A module outside the kernel tree has no drop reasons of its own, and the
 * kernels supported share only the core's older ones. Their meaning here:
 *
 *   SKB_DROP_REASON_PKT_TOO_SMALL	no whole Ethernet header
 *   SKB_DROP_REASON_PKT_TOO_BIG	longer than the receiving vNIC's MTU, and not
 *					from the wire
 *   SKB_DROP_REASON_OTHERHOST		sent by a vNIC to its own address
 *   SKB_DROP_REASON_UNHANDLED_PROTO	MAC control from a vNIC
 *   SKB_DROP_REASON_DEV_READY		the receiving vNIC is down
 *   SKB_DROP_REASON_NOMEM		no memory for a copy or a page
 *   SKB_DROP_REASON_CPU_BACKLOG	the CPU's queue is full
 *   SKB_DROP_REASON_FULL_RING		the flood worker's queue is full
 */
#ifndef _VNICX_DROP_H
#define _VNICX_DROP_H

#include <linux/skbuff.h>
#include <vnicx/port.h>

/* Frees @skb and counts it at @port. Bottom halves are disabled. */
static inline void vnicx_drop(struct vnicx_port *port,
			      enum vnicx_counter counter, struct sk_buff *skb,
			      enum skb_drop_reason reason)
{
	vnicx_port_inc(port, counter);
	kfree_skb_reason(skb, reason);
}

#endif /* _VNICX_DROP_H */
