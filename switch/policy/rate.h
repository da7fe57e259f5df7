/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Rates of a port, inline for the data path; rate.c tells how they work.
 */
#ifndef _VNICX_POLICY_RATE_H
#define _VNICX_POLICY_RATE_H

#include <linux/if_ether.h>
#include <linux/percpu.h>
#include <linux/skbuff.h>
#include <vnicx/port.h>

/* Bound on the units of one frame, far above what a super-frame has */
#define VNICX_RATE_UNITS_MAX	BIT(30)

void vnicx_rate_start(struct vnicx_bucket *bucket, u64 now);
u8 vnicx_rate_checks(const struct vnicx_policy *policy);
void vnicx_rates_set(struct vnicx_port *port, const struct vnicx_policy *old,
		     const struct vnicx_policy *policy);
u32 vnicx_rate_gso_frames(const struct sk_buff *skb, u32 len);
u32 vnicx_rate_gso_len(const struct sk_buff *skb, u32 len);
u32 vnicx_rate_take(const struct vnicx_rate *rate, struct vnicx_bucket *bucket,
		    u32 need, u64 now);
bool vnicx_rate_refill(const struct vnicx_rate *rate,
		       struct vnicx_bucket *bucket, s32 __percpu *credit,
		       u32 units, u64 now);
bool vnicx_rate_refill_port(struct vnicx_port *port, enum vnicx_rate_kind kind,
			    u32 units);

/**
 * vnicx_rate_len() - get the length that a rate counts for a frame
 * @skb: the frame, in transmit or receive form, its MAC header set
 * @len: its bytes from the Ethernet header on
 *
 * Return: the bytes of the frames that it is on a wire, each from its Ethernet
 * header to the end of its payload or padding, without offloaded tag,
 * preamble and checksum
 */
static __always_inline u32 vnicx_rate_len(const struct sk_buff *skb, u32 len)
{
	if (unlikely(skb_is_gso(skb)))
		return vnicx_rate_gso_len(skb, len);
	return likely(len >= ETH_ZLEN) ? len : ETH_ZLEN;
}

/**
 * vnicx_rate_frames() - get the number of frames that a rate counts for a frame
 * @skb: the frame, in transmit or receive form, its MAC header set
 * @len: its bytes from the Ethernet header on
 *
 * Return: the number of frames that it is on a wire
 */
static inline u32 vnicx_rate_frames(const struct sk_buff *skb, u32 len)
{
	return unlikely(skb_is_gso(skb)) ? vnicx_rate_gso_frames(skb, len) : 1;
}

/**
 * vnicx_rate_pays() - pay for a frame by what this CPU has taken already
 * @credit: the units that each CPU has
 * @units: the frame's
 *
 * Context: bottom halves disabled.
 * Return: whether there was enough
 */
static __always_inline bool vnicx_rate_pays(s32 __percpu *credit, u32 units)
{
	if (unlikely(this_cpu_read(*credit) < (s32)units))
		return false;
	this_cpu_sub(*credit, units);
	return true;
}

/**
 * vnicx_rate_admits() - tell whether a port's rate lets a frame pass
 * @port: the port
 * @kind: the rate
 * @units: the frame's
 *
 * Context: RCU read side, bottom halves disabled.
 * Return: whether it does; then the frame is paid
 */
static __always_inline bool vnicx_rate_admits(struct vnicx_port *port,
					      enum vnicx_rate_kind kind,
					      u32 units)
{
	return likely(vnicx_rate_pays(&port->stats->credit[kind], units)) ||
	       vnicx_rate_refill_port(port, kind, units);
}

#endif /* _VNICX_POLICY_RATE_H */
