// SPDX-License-Identifier: GPL-2.0
/*
 * Transmission by a lower device whose queues hold no frames.
 *
 * For most of these frames, dev_queue_xmit() has nothing to do but to call the driver, and
 * takes three times what the switch takes to find that out. Here the driver is called at
 * once if the core would do no more. Nothing is remembered from one frame to the next, so
 * a capture, a rule or a discipline that the user adds meets the next frame. The steps of
 * the core, in its order:
 *
 * - Frames whose sender wants a timestamp when they are queued, and super-frames, are the
 *   core's. The length is noted in skb->cb as there: a netkit's programs are told.
 * - Frames of a socket are the core's if the device has priorities for control groups, or
 *   the socket validates its frames. Without a socket, there is neither.
 * - If the egress hook has rules of others, or tc has any, all frames are the core's. The
 *   core has cleared skb->tc_at_ingress and skb->nf_skip_egress at the vNIC.
 * - Frames with a destination are the core's: the vNIC's stack has released it.
 * - The queue is chosen as there. With one queue, skb->sender_cpu is of no use. It is a
 *   CPU, which the core has set at the vNIC, or 0, unless tc has chosen the vNIC's queue:
 *   a frame that still has the NAPI instance it was received by is the core's.
 * - While one of its tracepoints is on, all frames are the core's.
 * - If the device is down, or the queue has a discipline, frames are the core's.
 * - Nested transmit calls are bounded by the core's own counter, which is tested and
 *   incremented as there. A device that hands frames back to its vNIC meets the same
 *   limit, and less of the stack is used at each level.
 * - netif_skb_features() decides about tags, checksums and fragments, as in the core.
 *   Frames that need anything in software, and those of IPsec, are the core's.
 * - The queue's lock, stopped queues, xmit_more and the time of the last transmission are
 *   the business of the core's own inline functions.
 * - While there is a capture, all frames are the core's.
 *
 * The caller has bottom halves disabled: closing the device, or giving it a discipline,
 * waits for these frames as it does for the core's.
 */
#include <linux/etherdevice.h>
#include <linux/tracepoint.h>
#include <kunit/visibility.h>
#include <net/sock.h>

#include "../mark.h"
#include "noqueue.h"

#ifdef CONFIG_TRACEPOINTS

/* Stands for a tracepoint that the kernel does not have by that name: it is always on. */
static struct tracepoint vnicx_noqueue_unknown = {
	.funcs = (__force struct tracepoint_func __rcu *)&vnicx_noqueue_unknown,
};

/* Tracepoints between dev_queue_xmit() and the driver. They are not exported. */
static struct {
	const char *name;
	const struct tracepoint *point;
} vnicx_noqueue_events[] __ro_after_init = {
	{ "net_dev_queue", &vnicx_noqueue_unknown },
	{ "net_dev_start_xmit", &vnicx_noqueue_unknown },
	{ "net_dev_xmit", &vnicx_noqueue_unknown },
};

static void vnicx_noqueue_find(struct tracepoint *point, void *unused)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(vnicx_noqueue_events); i++)
		if (!strcmp(point->name, vnicx_noqueue_events[i].name))
			vnicx_noqueue_events[i].point = point;
}

static __always_inline bool vnicx_noqueue_is_traced(void)
{
	/* Not rcu_access_pointer(), which has each loaded before it is compared. */
	return data_race(vnicx_noqueue_events[0].point->funcs ||
			 vnicx_noqueue_events[1].point->funcs ||
			 vnicx_noqueue_events[2].point->funcs);
}

#else

static void vnicx_noqueue_find(struct tracepoint *point, void *unused)
{
}

static bool vnicx_noqueue_is_traced(void)
{
	return false;
}

#endif

/**
 * vnicx_noqueue_init() - find the tracepoints of the core's transmit path
 *
 * They are part of the kernel, so they stay.
 */
void vnicx_noqueue_init(void)
{
	if (IS_ENABLED(CONFIG_TRACEPOINTS))
		for_each_kernel_tracepoint(vnicx_noqueue_find, NULL);
}

/* Tell whether something has to see the frames of a device on their way to its driver. */
static __always_inline bool vnicx_noqueue_is_watched(const struct vnicx_switch *sw,
						     struct net_device *dev)
{
	return vnicx_mark_meets_rules(sw, dev) || netdev_has_egress(dev) ||
	       vnicx_noqueue_is_traced() || dev_nit_active(dev);
}

/* Tell whether the core looks at the socket of a frame. */
static bool vnicx_noqueue_asks_socket(const struct net_device *dev,
				      const struct sock *sk)
{
#if IS_ENABLED(CONFIG_CGROUP_NET_PRIO)
	if (rcu_access_pointer(dev->priomap))
		return true;
#endif
#ifdef CONFIG_SOCK_VALIDATE_XMIT
	/* Newer kernels ask those in TIME_WAIT, too. */
	return !sk_fullsock(sk) || sk->sk_validate_xmit_skb;
#else
	return false;
#endif
}

/* Tell whether a frame with fragments, a tag or a checksum to store leaves by a device
 * as it is.
 */
static noinline bool vnicx_noqueue_offloads(struct sk_buff *skb)
{
	netdev_features_t features = netif_skb_features(skb);

	if (skb_vlan_tag_present(skb) &&
	    !vlan_hw_offload_capable(features, skb->vlan_proto))
		return false;
	if (skb_needs_linearize(skb, features))
		return false;
	if (skb->ip_summed != CHECKSUM_PARTIAL)
		return true;
	if (!(features & NETIF_F_HW_CSUM) || skb->encapsulation ||
	    skb_csum_is_sctp(skb))
		return false;
	/* The core tells drivers so where it is. */
	skb_set_transport_header(skb, skb_checksum_start_offset(skb));
	return true;
}

/* Tell whether a frame needs nothing but to be handed to the driver. */
static __always_inline bool vnicx_noqueue_is_ready(const struct net_device *dev,
						   struct sk_buff *skb)
{
	const struct skb_shared_info *shinfo = skb_shinfo(skb);

	if (unlikely(skb_dst(skb)) || unlikely(skb_sec_path(skb)) ||
	    unlikely(shinfo->gso_size | shinfo->tx_flags))
		return false;
	if (skb->sk && unlikely(vnicx_noqueue_asks_socket(dev, skb->sk)))
		return false;
	return likely(!skb->data_len && !skb_vlan_tag_present(skb) &&
		      skb->ip_summed != CHECKSUM_PARTIAL) ||
	       vnicx_noqueue_offloads(skb);
}

/* Tell whether a frame still has the NAPI instance that it was received by, where a frame
 * that is sent has a CPU.
 */
static __always_inline bool vnicx_noqueue_is_from_napi(const struct sk_buff *skb)
{
#ifdef CONFIG_XPS
	return skb->sender_cpu > nr_cpu_ids;
#else
	return false;
#endif
}

/* Choose one of a device's queues for a frame, as netdev_core_pick_tx() does. */
static struct netdev_queue *vnicx_noqueue_pick(struct net_device *dev,
					       struct sk_buff *skb)
{
	const struct net_device_ops *ops = dev->netdev_ops;
	u16 queue;

#ifdef CONFIG_XPS
	if (unlikely(!skb->sender_cpu || vnicx_noqueue_is_from_napi(skb)))
		skb->sender_cpu = raw_smp_processor_id() + 1;
#endif
	queue = ops->ndo_select_queue ? ops->ndo_select_queue(dev, skb, NULL) :
					netdev_pick_tx(dev, skb, NULL);
	queue = netdev_cap_txqueue(dev, queue);
	skb_set_queue_mapping(skb, queue);
	return netdev_get_tx_queue(dev, queue);
}

/* Call the driver. Returns NETDEV_TX_BUSY if it did not take the frame, or was not called
 * because the queue is stopped.
 */
static __always_inline int vnicx_noqueue_start(struct net_device *dev,
					       struct netdev_queue *txq,
					       struct sk_buff *skb)
{
	int code = NETDEV_TX_BUSY;

	if (likely(!netif_xmit_stopped(txq))) {
		qdisc_skb_cb(skb)->pkt_len = skb->len;
		dev_xmit_recursion_inc();
		code = netdev_start_xmit(skb, dev, txq, false);
		dev_xmit_recursion_dec();
	}
	return dev_xmit_complete(code) ? code : NETDEV_TX_BUSY;
}

/* The same for a driver that wants the queue's lock held. In line, the lock would have the
 * others' frames pay for the registers that it wants.
 */
static noinline int vnicx_noqueue_start_locked(struct net_device *dev,
					       struct netdev_queue *txq,
					       struct sk_buff *skb)
{
	int code;

	__netif_tx_lock(txq, smp_processor_id());
	code = vnicx_noqueue_start(dev, txq, skb);
	__netif_tx_unlock(txq);
	return code;
}

/* Call the driver. Returns NETDEV_TX_BUSY if it did not take the frame, or was not called. */
static __always_inline int vnicx_noqueue_call(struct net_device *dev,
					      struct netdev_queue *txq,
					      struct sk_buff *skb)
{
	/* The core complains about a loop. */
	if (unlikely(READ_ONCE(txq->xmit_lock_owner) == smp_processor_id()))
		return NETDEV_TX_BUSY;
	if (unlikely(!netdev_is_lltx(dev)))
		return vnicx_noqueue_start_locked(dev, txq, skb);
	return vnicx_noqueue_start(dev, txq, skb);
}

/* Tell whether the core would only choose a queue and call the driver. */
static __always_inline bool vnicx_noqueue_can(const struct vnicx_port *in,
					      struct net_device *dev,
					      struct sk_buff *skb)
{
	DEBUG_NET_WARN_ON_ONCE(skb_mac_offset(skb));
	return likely(dev->flags & IFF_UP) && !dev_xmit_recursion() &&
	       likely(!vnicx_noqueue_is_watched(in->sw, dev)) &&
	       vnicx_noqueue_is_ready(dev, skb);
}

/* Transmit by a device with several queues. */
static noinline int vnicx_noqueue_xmit_many(const struct vnicx_port *in,
					    struct sk_buff *skb)
{
	u16 mapping = skb_get_queue_mapping(skb);
	struct net_device *dev = skb->dev;
	struct netdev_queue *txq;
	int code = NETDEV_TX_BUSY;

	/* A station has queues of the device to itself. */
	if (netdev_get_sb_channel(in->dev) || !vnicx_noqueue_can(in, dev, skb))
		return code;
	txq = vnicx_noqueue_pick(dev, skb);
	if (likely(!rcu_dereference_bh(txq->qdisc)->enqueue))
		code = vnicx_noqueue_call(dev, txq, skb);
	/* A bond takes it for the choice of a slave, when the core asks it again. */
	if (unlikely(code == NETDEV_TX_BUSY))
		skb_set_queue_mapping(skb, mapping);
	return code;
}

/**
 * vnicx_noqueue_xmit() - transmit a frame by a lower device whose first queue holds none
 * @in: the port of the vNIC that sends it
 * @skb: the frame, with the lower device as its device; consumed unless the core has
 *	to transmit it
 *
 * A frame that the driver does not take is the core's as well. It tries once more, and
 * then drops and counts the frame, as for every device without a queue.
 *
 * Context: RCU read side, bottom halves disabled.
 * Return: NETDEV_TX_BUSY if the core has to transmit the frame, or what the core would
 * return
 */
int vnicx_noqueue_xmit(const struct vnicx_port *in, struct sk_buff *skb)
{
	struct net_device *dev = skb->dev;

	if (unlikely(dev->real_num_tx_queues != 1))
		return vnicx_noqueue_xmit_many(in, skb);
	if (unlikely(!vnicx_noqueue_can(in, dev, skb)))
		return NETDEV_TX_BUSY;
	if (unlikely(vnicx_noqueue_is_from_napi(skb)))
		return NETDEV_TX_BUSY;
	skb_set_queue_mapping(skb, 0);
	return vnicx_noqueue_call(dev, netdev_get_tx_queue(dev, 0), skb);
}
EXPORT_SYMBOL_IF_KUNIT(vnicx_noqueue_xmit);
