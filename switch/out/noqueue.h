/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Transmission by a lower device whose queues hold no frames, inline for the data path;
 * noqueue.c has the rest, and tells why it does all that the core would do.
 */
#ifndef _VNICX_OUT_NOQUEUE_H
#define _VNICX_OUT_NOQUEUE_H

#include <linux/netdevice.h>
#include <net/sch_generic.h>

#include "../internal.h"

/**
 * vnicx_noqueue_is() - tell whether a device's first queue holds no frames
 * @dev: the device
 *
 * Bonds, bridges, VLANs and veths have no queueing discipline unless the user adds one.
 * The disciplines of several queues have one below for each queue, the first as well.
 * With PREEMPT_RT, the depth of transmit calls and the owner of a queue's lock are the
 * task's: there the core transmits all frames.
 *
 * Context: bottom halves disabled.
 * Return: whether it holds none
 */
static inline bool vnicx_noqueue_is(const struct net_device *dev)
{
	const struct netdev_queue *txq = netdev_get_tx_queue(dev, 0);

	return !IS_ENABLED(CONFIG_PREEMPT_RT) &&
	       !rcu_dereference_bh(txq->qdisc)->enqueue;
}

/* noqueue.c */
void vnicx_noqueue_init(void);
int vnicx_noqueue_xmit(const struct vnicx_port *in, struct sk_buff *skb);

#endif /* _VNICX_OUT_NOQUEUE_H */
