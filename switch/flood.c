// SPDX-License-Identifier: GPL-2.0
/*
 * Copies of one frame to the many ports it is for.
 *
 * A frame for a handful of members is copied at once. One for more goes to a
 * worker, because the sender's or the adapter's time must not grow with the
 * number of vNICs, and because hundreds of copies at a time overflow the CPU's
 * queue: the worker hands each copy to its stack before it makes the next.
 *
 * Each port has a queue of its own before the worker, see share.c. A frame that
 * finds no room is counted at the port it came from, goes to the wire and the host
 * all the same, and to no vNIC. While a frame of a port waits or is being copied,
 * the frames of the port that follow wait behind it, so their order is kept.
 */
#include <linux/etherdevice.h>
#include <kunit/visibility.h>

#include "drop.h"
#include "scope.h"
#include "trace.h"

static struct workqueue_struct *flood_wq;

/* What the worker must know of a frame in its queue, in skb->cb */
struct flood_cb {
	struct vnicx_flood_to to;
	enum vnicx_class class;
};

static struct flood_cb *vnicx_flood_cb(struct sk_buff *skb)
{
	BUILD_BUG_ON(sizeof(struct flood_cb) > sizeof(skb->cb));
	return (struct flood_cb *)skb->cb;
}

/**
 * struct flood_walk - where a walk over the receivers of a frame is
 * @set: which of the arrays of members
 * @slot: the next slot in it
 */
struct flood_walk {
	u32 set;
	u32 slot;
};

#define FLOOD_SETS	2

/* Finds the arrays that hold the receivers of a frame of @class to @addr. */
static void vnicx_flood_sets(struct vnicx_switch *sw, enum vnicx_class class,
			     const u8 *addr,
			     struct vnicx_members *sets[FLOOD_SETS])
{
	sets[1] = NULL;
	switch (class) {
	case VNICX_UNICAST:
		sets[0] = rcu_dereference(sw->promisc);
		break;
	case VNICX_BROADCAST:
		sets[0] = rcu_dereference(sw->broadcast);
		break;
	default:
		sets[0] = vnicx_group_lookup(sw, addr);
		sets[1] = rcu_dereference(sw->allmulti);
		break;
	}
}

static u32 vnicx_flood_live(struct vnicx_members *sets[FLOOD_SETS])
{
	u32 i, live = 0;

	for (i = 0; i < FLOOD_SETS; i++)
		if (sets[i])
			live += READ_ONCE(sets[i]->live);
	return live;
}

/* A member of a group that also takes every group is met among those. */
static bool vnicx_flood_wants(const struct vnicx_port *port,
			      const struct vnicx_flood_to *to,
			      enum vnicx_class class, u32 set)
{
	if (!vnicx_scope_has(&to->scope, port))
		return false;
	if (unlikely(to->form != VNICX_FORM_ANY) &&
	    to->form != vnicx_form_of(port))
		return false;
	if (class == VNICX_UNICAST)
		return !to->flood || READ_ONCE(port->flood);
	return class == VNICX_BROADCAST || set ||
	       !(READ_ONCE(port->rx_flags) & VNICX_RX_ALLMULTI);
}

static void vnicx_flood_copy(struct vnicx_port *port, struct sk_buff *skb,
			     unsigned int payload, bool now)
{
	struct sk_buff *copy = skb_clone(skb, GFP_ATOMIC);

	if (likely(copy))
		vnicx_deliver_copy(port, copy, payload, now);
	else
		vnicx_port_inc(port, VNICX_RX_DROPPED);
}

/* Gives @skb, which is in receive form, to up to @budget receivers. Returns
 * whether that were all: then the last of them got @skb itself, which is
 * consumed. Context: RCU read side, bottom halves disabled.
 */
static bool vnicx_flood_some(struct vnicx_switch *sw, struct sk_buff *skb,
			     const struct vnicx_flood_to *to,
			     enum vnicx_class class, struct flood_walk *walk,
			     unsigned int budget, bool now)
{
	struct vnicx_members *sets[FLOOD_SETS];
	struct vnicx_port *last = NULL;

	vnicx_flood_sets(sw, class, eth_hdr(skb)->h_dest, sets);

	for (; walk->set < FLOOD_SETS; walk->set++, walk->slot = 0) {
		struct vnicx_members *m = sets[walk->set];
		/* Pairs with vnicx_members_add(): the slots are filled. */
		u32 used = m ? smp_load_acquire(&m->used) : 0;

		for (; walk->slot < used; walk->slot++) {
			struct vnicx_port *port;

			port = rcu_dereference(m->slot[walk->slot]);
			if (!port ||
			    !vnicx_flood_wants(port, to, class, walk->set))
				continue;
			if (last)
				vnicx_flood_copy(last, skb, to->payload, now);
			if (!budget--)
				return false;
			last = port;
		}
	}

	if (last)
		vnicx_deliver_copy(last, skb, to->payload, now);
	else
		consume_skb(skb);
	return true;
}

static void vnicx_flood_enqueue(struct vnicx_port *in, struct sk_buff *skb,
				enum vnicx_class class,
				const struct vnicx_flood_to *to)
{
	vnicx_flood_cb(skb)->to = *to;
	vnicx_flood_cb(skb)->class = class;

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
	}
}

/* Returns how many chunks it took. */
static u32 vnicx_flood_one(struct vnicx_switch *sw, struct sk_buff *skb)
{
	struct flood_cb cb = *vnicx_flood_cb(skb);
	struct flood_walk walk = {};
	u32 chunks = 0;
	bool done;

	do {
		local_bh_disable();
		rcu_read_lock();
		done = vnicx_flood_some(sw, skb, &cb.to, cb.class, &walk,
					VNICX_FLOOD_CHUNK, true);
		rcu_read_unlock();
		local_bh_enable();
		cond_resched();
		chunks++;
	} while (!done);
	return chunks;
}

static void vnicx_flood_work(struct work_struct *work)
{
	struct vnicx_switch *sw = container_of(work, struct vnicx_switch,
					       flood.work);
	struct sk_buff *skb;
	u32 chunks = 0;

	while ((skb = vnicx_share_next(sw, chunks)))
		chunks = vnicx_flood_one(sw, skb);
}

/* Gives a frame in receive form, consumed, to its receivers or to the worker. */
static void vnicx_flood_or_enqueue(struct vnicx_port *in, struct sk_buff *skb,
				   enum vnicx_class class,
				   const struct vnicx_flood_to *to,
				   u32 receivers)
{
	struct vnicx_switch *sw = in->sw;
	struct flood_walk walk = {};

	if (receivers > VNICX_FLOOD_INLINE || READ_ONCE(in->flow.pending))
		vnicx_flood_enqueue(in, skb, class, to);
	else
		vnicx_flood_some(sw, skb, to, class, &walk, UINT_MAX, false);
}

/* Floods a fragment of an IPv4 packet, to each port in its form.
 *
 * A virtual machine's fragments stay as they are: its vNIC lives in the host's
 * namespace, and packets that it never completes would use up the host's memory
 * for its own.
 */
static noinline void vnicx_flood_fragment(struct vnicx_port *in,
					  struct sk_buff *skb,
					  enum vnicx_class class,
					  struct vnicx_flood_to *to,
					  u32 receivers)
{
	struct sk_buff *copy = skb_clone(skb, GFP_ATOMIC);

	if (likely(copy)) {
		to->form = VNICX_FORM_FRAGMENT;
		vnicx_flood_or_enqueue(in, copy, class, to, receivers);
	}

	skb = vnicx_reassemble(in, skb, false, &to->payload);
	if (!skb)
		return;
	to->form = VNICX_FORM_WHOLE;
	vnicx_flood_or_enqueue(in, skb, class, to, receivers);
}

/**
 * vnicx_flood() - copy a frame to every vNIC it is for
 * @in: the port it came from
 * @skb: the frame, in receive form if @in is the uplink; left as it is
 * @class: VNICX_UNICAST for an address that no port owns: to the promiscuous
 * @to: which of those it is for
 *
 * What a vNIC sends to many also reaches the host.
 *
 * Context: RCU read side, bottom halves disabled.
 */
void vnicx_flood(struct vnicx_port *in, const struct sk_buff *skb,
		 enum vnicx_class class, struct vnicx_flood_to to)
{
	struct vnicx_members *sets[FLOOD_SETS];
	struct vnicx_switch *sw = in->sw;
	struct sk_buff *base, *copy;
	u32 receivers;
	bool to_host;

	/* One that is too long is counted on its way to the wire. */
	to_host = class != VNICX_UNICAST &&
		  vnicx_scope_has(&to.scope, &sw->host) &&
		  vnicx_fits(sw->lower, skb, skb->len - ETH_HLEN);
	vnicx_flood_sets(sw, class, eth_hdr(skb)->h_dest, sets);
	receivers = vnicx_flood_live(sets);
	if (!receivers && !to_host)
		return;

	base = skb_clone((struct sk_buff *)skb, GFP_ATOMIC);
	if (unlikely(!base)) {
		vnicx_port_inc(in, VNICX_FLOOD_OVERFLOW);
		return;
	}
	if (in->kind != VNICX_PORT_UPLINK) {
		vnicx_to_receive_form(base, sw->lower);
		to.payload = base->len;
	}

	if (to_host) {
		copy = skb_clone(base, GFP_ATOMIC);
		if (likely(copy))
			vnicx_deliver_copy(&sw->host, copy, to.payload, false);
	}

	if (receivers && class != VNICX_UNICAST && !in->take &&
	    unlikely(vnicx_is_fragment(base)))
		vnicx_flood_fragment(in, base, class, &to, receivers);
	else
		vnicx_flood_or_enqueue(in, base, class, &to, receivers);
}

/**
 * vnicx_flood_start() - prepare a switch to flood
 * @sw: the switch, whose ports come later
 */
void vnicx_flood_start(struct vnicx_switch *sw)
{
	vnicx_share_start(sw);
	INIT_WORK(&sw->flood.work, vnicx_flood_work);
}

/**
 * vnicx_flood_stop() - drop what waits to be flooded
 * @sw: the switch, which no frame can enter any more, without vNICs
 *
 * Context: may sleep.
 */
void vnicx_flood_stop(struct vnicx_switch *sw)
{
	cancel_work_sync(&sw->flood.work);
	vnicx_share_stop(sw);
}

/**
 * vnicx_flood_init() - make the workqueue that all switches share
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
