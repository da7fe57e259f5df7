// SPDX-License-Identifier: GPL-2.0
/*
 * Flooding: copies of one frame for several ports.
 *
 * A frame for up to VNICX_FLOOD_INLINE members is copied at once. A frame for
 * more goes to a worker: the time that the sender or the lower device spends
 * must not grow with the number of vNICs, and hundreds of copies at a time
 * would overflow the CPU's queue. The worker hands each copy to its stack
 * before it makes the next.
 *
 * Each port has a queue of its own before the worker, see share.c. A frame that
 * finds no room there is counted at its ingress port. It still goes to the wire
 * and the host, but to no vNIC. While a frame of a port waits or is being
 * copied, later frames of the port wait behind it, so their order is kept.
 */
#include <linux/etherdevice.h>
#include <kunit/visibility.h>

#include "deliver.h"
#include "drop.h"
#include "flood.h"
#include "policy/mirror.h"
#include "scope.h"
#include "trace.h"

static struct workqueue_struct *flood_wq;

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
 * struct flood_walk - how far a walk over the receivers of a frame has come
 * @set: index of the current array of members
 * @slot: index of the next slot in it
 */
struct flood_walk {
	u32 set;
	u32 slot;
};

#define FLOOD_SETS	2

/* Find the arrays that hold the receivers of a frame of @class to @addr. */
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

/* Tell whether a port that is in the scope of a flood gets a copy. A port that
 * receives every group and is also a member of this one gets its copy as the
 * former, in the second array.
 */
static __always_inline bool
vnicx_flood_chooses(const struct vnicx_port *port,
		    const struct vnicx_flood_to *to, enum vnicx_class class,
		    u32 set)
{
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

/* Give @skb, which is in receive form, to up to @budget receivers. Returns
 * whether no receiver is left; then the last one got @skb itself, which is
 * consumed. Context: RCU read side, bottom halves disabled.
 */
static bool vnicx_flood_some(struct vnicx_switch *sw, struct sk_buff *skb,
			     const struct vnicx_flood_to *to,
			     enum vnicx_class class, struct flood_walk *walk,
			     unsigned int budget, bool now)
{
	/* Every port in the scope gets a copy. */
	bool all = class == VNICX_BROADCAST && to->form == VNICX_FORM_ANY;
	struct vnicx_members *sets[FLOOD_SETS];
	struct vnicx_port *last = NULL;

	vnicx_flood_sets(sw, class, eth_hdr(skb)->h_dest, sets);

	for (; walk->set < FLOOD_SETS; walk->set++, walk->slot = 0) {
		struct vnicx_members *m = sets[walk->set];
		/* Pairs with vnicx_members_add(), which fills slots first. */
		u32 used = m ? smp_load_acquire(&m->used) : 0;

		for (; walk->slot < used; walk->slot++) {
			struct vnicx_port *port;

			port = rcu_dereference(m->slot[walk->slot]);
			if (!port || !vnicx_scope_admits(&to->scope, port))
				continue;
			if (!all &&
			    !vnicx_flood_chooses(port, to, class, walk->set))
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
	vnicx_flood_cb(skb)->carries = vnicx_mirror_is_busy();

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

/* Flood a frame from the worker. Returns the number of chunks of copies. */
static u32 vnicx_flood_one(struct vnicx_switch *sw, struct sk_buff *skb)
{
	struct flood_cb cb = *vnicx_flood_cb(skb);
	struct task_struct *other = NULL;
	struct flood_walk walk = {};
	u32 chunks = 0;
	bool done;

	do {
		local_bh_disable();
		rcu_read_lock();
		if (unlikely(cb.carries))
			other = vnicx_mirror_begin();
		done = vnicx_flood_some(sw, skb, &cb.to, cb.class, &walk,
					VNICX_FLOOD_CHUNK, true);
		if (unlikely(cb.carries))
			vnicx_mirror_end(other);
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

/* Give a frame in receive form, consumed, to its receivers or the worker. */
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

/* Flood a fragment of an IPv4 packet, to each port in its form.
 *
 * vnicx_flood() does not call this for a virtual machine's fragments, which
 * stay as they are: its vNIC lives in the host's namespace, and packets that
 * the machine never completes would use up the memory that the host has for
 * reassembling its own.
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

/* Move the tag of a transmitted frame from the data, where a packet socket or a
 * virtual machine put it, into the metadata: once, and not at each of the ports
 * to which the frame goes without it. Returns NULL when that fails.
 */
static struct sk_buff *vnicx_flood_untag(struct vnicx_port *in,
					 struct sk_buff *skb)
{
	if (likely(!eth_type_vlan(skb->protocol)))
		return skb;
	skb = skb_vlan_untag(skb);
	if (unlikely(!skb))
		vnicx_port_inc(in, VNICX_FLOOD_OVERFLOW);
	return skb;
}

/**
 * vnicx_flood() - copy a frame to every vNIC that it is for
 * @in: the ingress port
 * @skb: the frame, in receive form if @in is the uplink; left as it is
 * @class: the frame's class; with VNICX_UNICAST, no port owns the address, and
 *	promiscuous vNICs get a copy
 * @to: the ports among these that get a copy
 *
 * A broadcast or multicast frame of a vNIC also goes to the host.
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

	/* A frame too long for the host is counted on its way to the wire. */
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
		base = vnicx_flood_untag(in, base);
		if (unlikely(!base))
			return;
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
 * vnicx_flood_receivers() - find the ports that vnicx_flood() would copy a frame to
 * @sw: the switch
 * @class: the frame's class
 * @addr: its destination address
 * @to: as for vnicx_flood()
 * @fn: called with @arg for each of them; those whose policy or MTU keeps the
 *	frame from them are among them
 * @arg: see @fn
 *
 * Context: RCU read side.
 */
void vnicx_flood_receivers(struct vnicx_switch *sw, enum vnicx_class class,
			   const u8 *addr, const struct vnicx_flood_to *to,
			   void (*fn)(void *arg, const struct vnicx_port *port),
			   void *arg)
{
	struct vnicx_members *sets[FLOOD_SETS];
	u32 set, slot, used;

	if (class != VNICX_UNICAST && vnicx_scope_has(&to->scope, &sw->host))
		fn(arg, &sw->host);
	vnicx_flood_sets(sw, class, addr, sets);
	for (set = 0; set < FLOOD_SETS; set++) {
		/* Pairs with vnicx_members_add(), which fills slots first. */
		used = sets[set] ? smp_load_acquire(&sets[set]->used) : 0;
		for (slot = 0; slot < used; slot++) {
			const struct vnicx_port *port;

			port = rcu_dereference(sets[set]->slot[slot]);
			if (port && vnicx_scope_admits(&to->scope, port) &&
			    vnicx_flood_chooses(port, to, class, set))
				fn(arg, port);
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
