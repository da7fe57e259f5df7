// SPDX-License-Identifier: GPL-2.0
/*
 * The ports' queues before the flood worker, and their turns.
 *
 * With one queue for all ports, one port's broadcasts would delay the others'
 * ARP requests, or leave no room for them.
 *
 * The ports are in three classes, the wire, the host and the vNICs, with equal
 * shares of the worker's time. Within its class, each port has an equal share.
 * The share is counted in copies, by deficit round robin (Shreedhar and
 * Varghese, Efficient Fair Queuing Using Deficit Round-Robin).
 *
 * A class may have at most twice as many frames as the queue length, and a port
 * at most as many as its class has room left (dynamic thresholds, after
 * Choudhury and Hahne). So a port that sends alone has the whole queue length,
 * ports that send together share it, and there is room for a port that had
 * nothing waiting. No list is walked to find that out.
 */
#include <linux/rtnetlink.h>
#include <kunit/visibility.h>

#include "flood.h"
#include "policy/policy.h"

/* Chunks of copies that a port or a class may use before the next one's turn */
#define SHARE_QUANTUM	4

/**
 * vnicx_flow_init() - prepare a port's queue before the flood worker
 * @sw: the switch, after vnicx_share_start()
 * @flow: the queue
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
 * vnicx_port_set_queue_len() - set the length that a port wants for the queues
 *	before the flood worker
 * @port: the port
 * @len: frames, 0 when the port wants none
 *
 * The greatest length that a vNIC of the switch wants holds for all queues.
 *
 * Context: RTNL.
 */
void vnicx_port_set_queue_len(struct vnicx_port *port, u32 len)
{
	struct vnicx_switch *sw = port->sw;
	u32 was = port->bc_queue_len;
	u32 longest = len;

	ASSERT_RTNL();

	port->bc_queue_len = len;
	if (len < sw->flood.len && was < sw->flood.len)
		return;

	list_for_each_entry(port, &sw->ports, list) {
		longest = max(longest, port->bc_queue_len);
		/* Most want the same length: the first mostly settles it. */
		if (longest >= sw->flood.len)
			break;
	}
	WRITE_ONCE(sw->flood.len, longest);
}
EXPORT_SYMBOL_IF_KUNIT(vnicx_port_set_queue_len);

/* Put a flow that has just got its first frame at the end of the turns. */
static void vnicx_share_activate(struct vnicx_switch *sw,
				 struct vnicx_flow *flow)
{
	struct vnicx_flood_class *class = flow->class;

	if (list_empty(&class->flows))
		list_add_tail(&class->turn.node, &sw->flood.turns);
	list_add_tail(&flow->turn.node, &class->flows);
}

/* Undo vnicx_share_activate(). The flow keeps its credit: otherwise a port that
 * never has two frames waiting would be rid of its debt.
 */
static void vnicx_share_deactivate(struct vnicx_flow *flow)
{
	struct vnicx_flood_class *class = flow->class;

	list_del(&flow->turn.node);
	if (list_empty(&class->flows))
		list_del(&class->turn.node);
}

/**
 * vnicx_share_put() - put a frame into its port's queue
 * @in: the ingress port
 * @skb: the frame
 *
 * Context: bottom halves disabled.
 * Return: whether there was room
 */
bool vnicx_share_put(struct vnicx_port *in, struct sk_buff *skb)
{
	struct vnicx_flow *flow = &in->flow;
	struct vnicx_switch *sw = in->sw;
	u64 limit;
	bool room;

	spin_lock_bh(&sw->flood.lock);
	limit = 2 * (u64)READ_ONCE(sw->flood.len);
	room = (u64)flow->pending + flow->class->pending < limit;
	if (room) {
		WRITE_ONCE(flow->pending, flow->pending + 1);
		flow->class->pending++;
		if (skb_queue_empty(&flow->queue))
			vnicx_share_activate(sw, flow);
		__skb_queue_tail(&flow->queue, skb);
	}
	spin_unlock_bh(&sw->flood.lock);
	return room;
}

/* Find the next turn: the first one with credit. Each turn passed over gets at
 * least as much credit as a frame for all vNICs costs, so that none is passed
 * over twice while the lock is held.
 */
static struct vnicx_turn *vnicx_share_turn(struct vnicx_switch *sw,
					   struct list_head *turns)
{
	s32 quantum = max_t(u32, SHARE_QUANTUM,
			    DIV_ROUND_UP(READ_ONCE(sw->nr_ports),
					 VNICX_FLOOD_CHUNK));
	struct vnicx_turn *turn;

	for (;;) {
		turn = list_first_entry(turns, struct vnicx_turn, node);
		if (turn->credit > 0)
			return turn;
		turn->credit += quantum;
		list_move_tail(&turn->node, turns);
	}
}

/* Charge the frame in hand, if there is one, to its ingress port. */
static void vnicx_share_charge(struct vnicx_switch *sw, u32 chunks)
{
	struct vnicx_flow *flow = sw->flood.in_hand;

	lockdep_assert_held(&sw->flood.lock);

	if (!flow)
		return;
	sw->flood.in_hand = NULL;
	WRITE_ONCE(flow->pending, flow->pending - 1);
	flow->turn.credit -= chunks;
	flow->class->pending--;
	flow->class->turn.credit -= chunks;
}

static struct sk_buff *vnicx_share_get(struct vnicx_switch *sw)
{
	struct vnicx_flood_class *class;
	struct vnicx_flow *flow;
	struct sk_buff *skb;

	lockdep_assert_held(&sw->flood.lock);

	if (list_empty(&sw->flood.turns))
		return NULL;
	class = container_of(vnicx_share_turn(sw, &sw->flood.turns),
			     struct vnicx_flood_class, turn);
	flow = container_of(vnicx_share_turn(sw, &class->flows),
			    struct vnicx_flow, turn);
	skb = __skb_dequeue(&flow->queue);
	if (skb_queue_empty(&flow->queue))
		vnicx_share_deactivate(flow);
	sw->flood.in_hand = flow;
	return skb;
}

/**
 * vnicx_share_next() - take the frame whose turn it is
 * @sw: the switch
 * @chunks: chunks of copies made of the frame before, which the worker has
 *	finished
 *
 * Context: the flood worker.
 * Return: the frame, or NULL when none waits
 */
struct sk_buff *vnicx_share_next(struct vnicx_switch *sw, u32 chunks)
{
	struct sk_buff *skb;

	spin_lock_bh(&sw->flood.lock);
	vnicx_share_charge(sw, chunks);
	skb = vnicx_share_get(sw);
	spin_unlock_bh(&sw->flood.lock);
	return skb;
}

/**
 * vnicx_share_pause() - charge the frame that the worker has finished, and take none
 * @sw: the switch
 * @chunks: chunks of copies made of it
 *
 * Context: the flood worker.
 */
void vnicx_share_pause(struct vnicx_switch *sw, u32 chunks)
{
	spin_lock_bh(&sw->flood.lock);
	vnicx_share_charge(sw, chunks);
	spin_unlock_bh(&sw->flood.lock);
}

/**
 * vnicx_share_leases() - get the leases of the port whose frame is in hand
 * @sw: the switch
 *
 * Context: the flood worker, which has not yet called vnicx_share_next() again. RCU read
 * side.
 * Return: the leases, or NULL when it has none or has left
 */
struct vnicx_leases *vnicx_share_leases(struct vnicx_switch *sw)
{
	const struct vnicx_policy *policy = NULL;
	struct vnicx_flow *flow;

	/* Until a port that leaves has taken this lock, it is there. Its policy and leases
	 * may go meanwhile, after a grace period.
	 */
	spin_lock_bh(&sw->flood.lock);
	flow = sw->flood.in_hand;
	if (flow != &sw->flood.left)
		policy = rcu_dereference(container_of(flow, struct vnicx_port, flow)->policy);
	spin_unlock_bh(&sw->flood.lock);
	return policy ? policy->leases : NULL;
}

/**
 * vnicx_share_leave() - hand a leaving port's frames over to the switch
 * @port: a vNIC's port, which sends no more frames
 *
 * The frames are for other ports and go on waiting, together with those of all
 * vNICs that have left.
 *
 * Context: RTNL.
 */
void vnicx_share_leave(struct vnicx_port *port)
{
	struct vnicx_switch *sw = port->sw;
	struct vnicx_flow *left = &sw->flood.left;
	struct vnicx_flow *flow = &port->flow;

	spin_lock_bh(&sw->flood.lock);
	if (!skb_queue_empty(&flow->queue)) {
		if (skb_queue_empty(&left->queue))
			vnicx_share_activate(sw, left);
		skb_queue_splice_tail_init(&flow->queue, &left->queue);
		vnicx_share_deactivate(flow);
	}
	left->pending += flow->pending;
	WRITE_ONCE(flow->pending, 0);
	if (sw->flood.in_hand == flow)
		sw->flood.in_hand = left;
	spin_unlock_bh(&sw->flood.lock);
}

/**
 * vnicx_share_start() - prepare a switch for the queues of its ports
 * @sw: the switch, which has no ports yet
 */
void vnicx_share_start(struct vnicx_switch *sw)
{
	u32 i;

	spin_lock_init(&sw->flood.lock);
	INIT_LIST_HEAD(&sw->flood.turns);
	for (i = 0; i < ARRAY_SIZE(sw->flood.class); i++)
		INIT_LIST_HEAD(&sw->flood.class[i].flows);
	vnicx_flow_init(sw, &sw->flood.left, VNICX_PORT_VNIC);
}

/**
 * vnicx_share_stop() - drop the frames that wait for the flood worker
 * @sw: the switch, without vNICs; its worker has stopped
 */
void vnicx_share_stop(struct vnicx_switch *sw)
{
	__skb_queue_purge(&sw->flood.left.queue);
	__skb_queue_purge(&sw->uplink.flow.queue);
	__skb_queue_purge(&sw->host.flow.queue);
}
