// SPDX-License-Identifier: GPL-2.0
/*
 * Copies of one frame to the many ports it is for.
 *
 * A frame for a handful of members is copied at once. One for more goes to a
 * worker, because the sender's or the adapter's time must not grow with the
 * number of vNICs, and because hundreds of copies at a time overflow the CPU's
 * queue: the worker hands each copy to its stack before it makes the next.
 *
 * Each port has a queue of its own before the worker, or one port's broadcasts
 * would keep the others' ARP requests waiting, or out. A frame that finds no
 * room is counted at the port it came from, goes to the wire and the host all
 * the same, and to no vNIC. While a frame of a port waits or is being copied,
 * the frames of the port that follow wait behind it, so their order is kept.
 *
 * The ports are in three classes, the wire, the host and the vNICs, with equal
 * shares of the worker's time; within its class, each port has an equal share.
 * The share is counted in copies, by deficit round robin (Shreedhar and
 * Varghese, Efficient Fair Queuing Using Deficit Round-Robin).
 *
 * The frames of a class are at most twice as many as the queue length says, and
 * a port may have no more of them than the class has room left (dynamic
 * thresholds, after Choudhury and Hahne). So one port that sends alone has the
 * whole queue length, many that send share it, and there is room for a port
 * that had nothing waiting. No list is walked to find that out.
 */
#include <linux/etherdevice.h>
#include <kunit/visibility.h>

#include "drop.h"
#include "internal.h"

/* Copies the worker makes before it lets others run on its CPU */
#define FLOOD_CHUNK	64

/* Chunks that a port or a class may use before the next one's turn. A frame for
 * 1,000 vNICs takes 16, so the next frame is found in a few rounds at most.
 */
#define FLOOD_QUANTUM	4

static struct workqueue_struct *flood_wq;

/* What the worker must know of a frame in its queue, in skb->cb */
struct flood_cb {
	struct vnicx_flood_to to;
	enum vnicx_class class;
};

static struct flood_cb *flood_cb(struct sk_buff *skb)
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
static void flood_sets(struct vnicx_switch *sw, enum vnicx_class class,
		       const u8 *addr, struct vnicx_members *sets[FLOOD_SETS])
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

static u32 flood_live(struct vnicx_members *sets[FLOOD_SETS])
{
	u32 i, live = 0;

	for (i = 0; i < FLOOD_SETS; i++)
		if (sets[i])
			live += READ_ONCE(sets[i]->live);
	return live;
}

/* A member of a group that also takes every group is met among those. */
static bool flood_wants(const struct vnicx_port *port,
			const struct vnicx_flood_to *to,
			enum vnicx_class class, u32 set)
{
	if (port->id == to->except || (to->only && port->id != to->only) ||
	    !READ_ONCE(port->up) || !(to->modes & BIT(READ_ONCE(port->mode))))
		return false;
	if (class == VNICX_UNICAST)
		return !to->flood || READ_ONCE(port->flood);
	return class == VNICX_BROADCAST || set ||
	       !(READ_ONCE(port->rx_flags) & VNICX_RX_ALLMULTI);
}

static void flood_copy(struct vnicx_port *port, struct sk_buff *skb, bool now)
{
	struct sk_buff *copy = skb_clone(skb, GFP_ATOMIC);

	if (likely(copy))
		vnicx_deliver_copy(port, copy, now);
	else
		vnicx_port_inc(port, VNICX_RX_DROPPED);
}

/* Gives @skb, which is in receive form, to up to @budget receivers. Returns
 * whether that were all: then the last of them got @skb itself, which is
 * consumed. Context: RCU read side, bottom halves disabled.
 */
static bool flood_some(struct vnicx_switch *sw, struct sk_buff *skb,
		       const struct vnicx_flood_to *to, enum vnicx_class class,
		       struct flood_walk *walk, unsigned int budget, bool now)
{
	struct vnicx_members *sets[FLOOD_SETS];
	struct vnicx_port *last = NULL;

	flood_sets(sw, class, eth_hdr(skb)->h_dest, sets);

	for (; walk->set < FLOOD_SETS; walk->set++, walk->slot = 0) {
		struct vnicx_members *m = sets[walk->set];
		/* Pairs with vnicx_members_add(): the slots are filled. */
		u32 used = m ? smp_load_acquire(&m->used) : 0;

		for (; walk->slot < used; walk->slot++) {
			struct vnicx_port *port;

			port = rcu_dereference(m->slot[walk->slot]);
			if (!port || !flood_wants(port, to, class, walk->set))
				continue;
			if (last)
				flood_copy(last, skb, now);
			if (!budget--)
				return false;
			last = port;
		}
	}

	if (last)
		vnicx_deliver_copy(last, skb, now);
	else
		consume_skb(skb);
	return true;
}

/* Puts a flow that has just got its first frame at the end of the turns. */
static void flood_activate(struct vnicx_switch *sw, struct vnicx_flow *flow)
{
	struct vnicx_flood_class *class = flow->class;

	if (list_empty(&class->flows))
		list_add_tail(&class->turn.node, &sw->flood.turns);
	list_add_tail(&flow->turn.node, &class->flows);
}

/* Undoes flood_activate(). The credit stays, or a port would be rid of what it
 * owes by never having two frames waiting.
 */
static void flood_deactivate(struct vnicx_flow *flow)
{
	struct vnicx_flood_class *class = flow->class;

	list_del(&flow->turn.node);
	if (list_empty(&class->flows))
		list_del(&class->turn.node);
}

static void flood_enqueue(struct vnicx_port *in, struct sk_buff *skb,
			  enum vnicx_class class,
			  const struct vnicx_flood_to *to)
{
	struct vnicx_flow *flow = &in->flow;
	struct vnicx_switch *sw = in->sw;
	u64 limit;
	bool room;

	flood_cb(skb)->to = *to;
	flood_cb(skb)->class = class;

	spin_lock_bh(&sw->flood.lock);
	limit = 2 * (u64)READ_ONCE(sw->flood.len);
	room = (u64)flow->pending + flow->class->pending < limit;
	if (room) {
		WRITE_ONCE(flow->pending, flow->pending + 1);
		flow->class->pending++;
		if (skb_queue_empty(&flow->queue))
			flood_activate(sw, flow);
		__skb_queue_tail(&flow->queue, skb);
	}
	spin_unlock_bh(&sw->flood.lock);

	if (room) {
		vnicx_port_inc(in, VNICX_FLOOD_QUEUED);
		queue_work(flood_wq, &sw->flood.work);
	} else {
		vnicx_drop(in, VNICX_FLOOD_OVERFLOW, skb,
			   SKB_DROP_REASON_FULL_RING);
	}
}

/* Returns how many chunks it took. */
static u32 flood_one(struct vnicx_switch *sw, struct sk_buff *skb)
{
	struct flood_cb cb = *flood_cb(skb);
	struct flood_walk walk = {};
	u32 chunks = 0;
	bool done;

	do {
		local_bh_disable();
		rcu_read_lock();
		done = flood_some(sw, skb, &cb.to, cb.class, &walk, FLOOD_CHUNK,
				  true);
		rcu_read_unlock();
		local_bh_enable();
		cond_resched();
		chunks++;
	} while (!done);
	return chunks;
}

/* Finds whose turn it is: the first with credit. The others get some for their
 * next turn.
 */
static struct vnicx_turn *flood_turn(struct list_head *turns)
{
	struct vnicx_turn *turn;

	for (;;) {
		turn = list_first_entry(turns, struct vnicx_turn, node);
		if (turn->credit > 0)
			return turn;
		turn->credit += FLOOD_QUANTUM;
		list_move_tail(&turn->node, turns);
	}
}

/* Takes the next frame, NULL when none waits. */
static struct sk_buff *flood_dequeue(struct vnicx_switch *sw)
{
	struct vnicx_flood_class *class;
	struct vnicx_flow *flow;
	struct sk_buff *skb;

	lockdep_assert_held(&sw->flood.lock);

	if (list_empty(&sw->flood.turns))
		return NULL;
	class = container_of(flood_turn(&sw->flood.turns),
			     struct vnicx_flood_class, turn);
	flow = container_of(flood_turn(&class->flows), struct vnicx_flow, turn);
	skb = __skb_dequeue(&flow->queue);
	if (skb_queue_empty(&flow->queue))
		flood_deactivate(flow);
	sw->flood.in_hand = flow;
	return skb;
}

/* Charges the frame in hand to the port it came from. */
static void flood_charge(struct vnicx_switch *sw, u32 chunks)
{
	struct vnicx_flow *flow = sw->flood.in_hand;

	lockdep_assert_held(&sw->flood.lock);

	sw->flood.in_hand = NULL;
	WRITE_ONCE(flow->pending, flow->pending - 1);
	flow->turn.credit -= chunks;
	flow->class->pending--;
	flow->class->turn.credit -= chunks;
}

static void flood_work(struct work_struct *work)
{
	struct vnicx_switch *sw = container_of(work, struct vnicx_switch,
					       flood.work);
	struct sk_buff *skb;
	u32 chunks;

	spin_lock_bh(&sw->flood.lock);
	while ((skb = flood_dequeue(sw))) {
		spin_unlock_bh(&sw->flood.lock);
		chunks = flood_one(sw, skb);
		spin_lock_bh(&sw->flood.lock);
		flood_charge(sw, chunks);
	}
	spin_unlock_bh(&sw->flood.lock);
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
	struct flood_walk walk = {};
	struct sk_buff *base, *copy;
	u32 receivers;
	bool to_host;

	/* One that is too long is counted on its way to the wire. */
	to_host = in->kind == VNICX_PORT_VNIC && class != VNICX_UNICAST &&
		  READ_ONCE(sw->host.up) &&
		  vnicx_fits(sw->lower, skb, skb->len - ETH_HLEN);
	flood_sets(sw, class, eth_hdr(skb)->h_dest, sets);
	receivers = flood_live(sets);
	if (!receivers && !to_host)
		return;

	base = skb_clone((struct sk_buff *)skb, GFP_ATOMIC);
	if (unlikely(!base)) {
		vnicx_port_inc(in, VNICX_FLOOD_OVERFLOW);
		return;
	}
	if (in->kind != VNICX_PORT_UPLINK)
		vnicx_to_receive_form(base, sw->lower);

	if (to_host) {
		copy = skb_clone(base, GFP_ATOMIC);
		if (likely(copy))
			vnicx_deliver_host(sw, copy);
	}

	if (receivers > VNICX_FLOOD_INLINE || READ_ONCE(in->flow.pending)) {
		flood_enqueue(in, base, class, &to);
		return;
	}
	flood_some(sw, base, &to, class, &walk, UINT_MAX, false);
}

/**
 * vnicx_flow_init() - prepare a port to flood
 * @sw: the switch, after vnicx_flood_start()
 * @flow: the port's
 * @kind: what is behind the port
 */
void vnicx_flow_init(struct vnicx_switch *sw, struct vnicx_flow *flow,
		     enum vnicx_port_kind kind)
{
	__skb_queue_head_init(&flow->queue);
	INIT_LIST_HEAD(&flow->turn.node);
	flow->class = &sw->flood.class[kind];
}

/**
 * vnicx_flood_leave() - take a port from what waits to be flooded
 * @port: a vNIC's port, from which no frame can come any more
 *
 * The frames it sent are for others and stay, among those of all vNICs that left.
 *
 * Context: RTNL.
 */
void vnicx_flood_leave(struct vnicx_port *port)
{
	struct vnicx_switch *sw = port->sw;
	struct vnicx_flow *left = &sw->flood.left;
	struct vnicx_flow *flow = &port->flow;

	spin_lock_bh(&sw->flood.lock);
	if (!skb_queue_empty(&flow->queue)) {
		if (skb_queue_empty(&left->queue))
			flood_activate(sw, left);
		skb_queue_splice_tail_init(&flow->queue, &left->queue);
		flood_deactivate(flow);
	}
	left->pending += flow->pending;
	WRITE_ONCE(flow->pending, 0);
	if (sw->flood.in_hand == flow)
		sw->flood.in_hand = left;
	spin_unlock_bh(&sw->flood.lock);
}

/**
 * vnicx_flood_start() - prepare a switch to flood
 * @sw: the switch, whose ports come later
 */
void vnicx_flood_start(struct vnicx_switch *sw)
{
	u32 i;

	spin_lock_init(&sw->flood.lock);
	INIT_LIST_HEAD(&sw->flood.turns);
	for (i = 0; i < ARRAY_SIZE(sw->flood.class); i++)
		INIT_LIST_HEAD(&sw->flood.class[i].flows);
	vnicx_flow_init(sw, &sw->flood.left, VNICX_PORT_VNIC);
	INIT_WORK(&sw->flood.work, flood_work);
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
	__skb_queue_purge(&sw->flood.left.queue);
	__skb_queue_purge(&sw->uplink.flow.queue);
	__skb_queue_purge(&sw->host.flow.queue);
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
