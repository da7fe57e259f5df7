// SPDX-License-Identifier: GPL-2.0
/*
 * The flood worker: copies of frames that are for many ports. The worker hands
 * each copy to its stack before it makes the next.
 *
 * Each port has a queue of its own before the worker, see share.c. A frame that
 * finds no room there is counted at its ingress port. It still goes to the wire
 * and the host, but to no vNIC. While a frame of a port waits or is being
 * copied, later frames of the port wait behind it, so their order is kept.
 */
#include <linux/etherdevice.h>

#include "deliver.h"
#include "drop.h"
#include "flood.h"
#include "policy/mirror.h"
#include "snoop.h"
#include "trace.h"

static struct workqueue_struct *flood_wq;

/* Chunks of copies after which another switch's worker has its turn: the workqueue runs
 * only so many at a time, and a user may keep that many switches busy.
 */
#define FLOOD_ROUND	16

/**
 * struct flood_cb - a queued frame's data for the worker, in skb->cb
 * @to: the ports that the frame is for
 * @class: the frame's class
 * @carries: the frame carries the copy of a mirror
 */
struct flood_cb {
	struct vnicx_flood_to to;
	enum vnicx_class class;
	bool carries;
};

static struct flood_cb *vnicx_flood_cb(struct sk_buff *skb)
{
	BUILD_BUG_ON(sizeof(struct flood_cb) > sizeof(skb->cb));
	return (struct flood_cb *)skb->cb;
}

/**
 * vnicx_flood_enqueue() - leave a flooded frame to the worker
 * @in: the ingress port
 * @skb: the frame, in receive form; consumed
 * @class: its class
 * @to: the ports that it is for
 *
 * Context: RCU read side, bottom halves disabled.
 */
void vnicx_flood_enqueue(struct vnicx_port *in, struct sk_buff *skb,
			 enum vnicx_class class,
			 const struct vnicx_flood_to *to)
{
	vnicx_flood_cb(skb)->to = *to;
	vnicx_flood_cb(skb)->class = class;
	vnicx_flood_cb(skb)->carries = vnicx_mirror_is_busy();
	if (unlikely(to->question))
		vnicx_dad_wait(in, to->question);

	if (vnicx_share_put(in, skb)) {
		/* No more than its address: the worker may have copied it. */
		trace_vnicx_flood_queue(skb, in, class,
					READ_ONCE(in->flow.pending), 0);
		vnicx_port_inc(in, VNICX_FLOOD_QUEUED);
		queue_work(flood_wq, &in->sw->flood.work);
	} else {
		trace_vnicx_flood_queue(skb, in, class,
					READ_ONCE(in->flow.pending),
					SKB_DROP_REASON_FULL_RING);
		vnicx_drop(in, VNICX_FLOOD_OVERFLOW, skb,
			   SKB_DROP_REASON_FULL_RING);
		this_cpu_inc(vnicx_losses);
	}
}

/* Flood a frame from the worker. Returns the number of chunks of copies. */
static u32 vnicx_flood_one(struct vnicx_switch *sw, struct sk_buff *skb)
{
	struct flood_cb cb = *vnicx_flood_cb(skb);
	struct task_struct *other = NULL;
	struct vnicx_flood_walk walk = {};
	u32 chunks = 0;
	bool done;

	do {
		local_bh_disable();
		rcu_read_lock();
		if (unlikely(cb.carries))
			other = vnicx_mirror_begin();
		done = vnicx_flood_some(sw, skb, &cb.to, cb.class, &walk);
		if (unlikely(cb.carries))
			vnicx_mirror_end(other);
		rcu_read_unlock();
		local_bh_enable();
		cond_resched();
		chunks++;
	} while (!done);
	if (unlikely(cb.to.question))
		vnicx_dad_copied(sw, cb.to.question, !walk.lost);
	return chunks;
}

static void vnicx_flood_work(struct work_struct *work)
{
	struct vnicx_switch *sw = container_of(work, struct vnicx_switch,
					       flood.work);
	struct sk_buff *skb;
	u32 chunks = 0, total = 0;

	while ((skb = vnicx_share_next(sw, chunks))) {
		chunks = vnicx_flood_one(sw, skb);
		total += chunks;
		if (total >= FLOOD_ROUND) {
			vnicx_share_pause(sw, chunks);
			queue_work(flood_wq, work);
			break;
		}
	}
}

/**
 * vnicx_flood_start() - prepare a switch to flood
 * @sw: the switch, which has no ports yet
 */
void vnicx_flood_start(struct vnicx_switch *sw)
{
	vnicx_share_start(sw);
	INIT_WORK(&sw->flood.work, vnicx_flood_work);
}

/**
 * vnicx_flood_stop() - stop the worker and drop the frames that wait for it
 * @sw: the switch, without vNICs; no frame can enter it any more
 *
 * Context: may sleep.
 */
void vnicx_flood_stop(struct vnicx_switch *sw)
{
	cancel_work_sync(&sw->flood.work);
	vnicx_share_stop(sw);
}

/**
 * vnicx_flood_init() - create the workqueue that all switches share
 *
 * Return: 0 or -ENOMEM
 */
int vnicx_flood_init(void)
{
	flood_wq = alloc_workqueue("vnicx_flood", WQ_UNBOUND, 0);
	return flood_wq ? 0 : -ENOMEM;
}

/**
 * vnicx_flood_exit() - undo vnicx_flood_init()
 */
void vnicx_flood_exit(void)
{
	destroy_workqueue(flood_wq);
}
