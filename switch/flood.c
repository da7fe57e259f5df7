// SPDX-License-Identifier: GPL-2.0
/*
 * Flooding: copies of one frame for several ports.
 *
 * A frame for up to VNICX_FLOOD_INLINE members is copied at once. A frame for
 * more goes to a worker: the time that the sender or the lower device spends
 * must not grow with the number of vNICs, and hundreds of copies at a time
 * would overflow the CPU's queue. The worker is in worker.c.
 */
#include <linux/etherdevice.h>
#include <kunit/visibility.h>

#include "exit.h"
#include "flood.h"
#include "scope.h"

#define FLOOD_SETS	2

/* Receivers that are chosen before the first of them gets its copy: all of those for whom
 * the worker is not needed
 */
#define FLOOD_BATCH	16
static_assert(FLOOD_BATCH >= VNICX_FLOOD_INLINE);
static_assert(VNICX_FLOOD_CHUNK % FLOOD_BATCH == 0);

DEFINE_PER_CPU(unsigned int, vnicx_losses);

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

static u32 vnicx_flood_live(struct vnicx_members *const sets[FLOOD_SETS])
{
	u32 i, live = 0;

	for (i = 0; i < FLOOD_SETS; i++)
		if (sets[i])
			live += READ_ONCE(sets[i]->live);
	return live;
}

/* Count that there was no memory for a port's copy. */
static noinline void vnicx_flood_no_copy(struct vnicx_port *port)
{
	vnicx_port_inc(port, VNICX_RX_DROPPED);
	this_cpu_inc(vnicx_losses);
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

/* Find the next receivers of a frame, up to FLOOD_BATCH. Returns how many there are. */
static __always_inline u32
vnicx_flood_choose(struct vnicx_members *const sets[FLOOD_SETS],
		   const struct vnicx_flood_to *to, enum vnicx_class class,
		   struct vnicx_flood_walk *walk,
		   struct vnicx_port *chosen[FLOOD_BATCH])
{
	/* Every port in the scope gets a copy. */
	bool all = class == VNICX_BROADCAST && to->form == VNICX_FORM_ANY;
	u32 n = 0;

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
			if (n == FLOOD_BATCH)
				return n;
			chosen[n++] = port;
		}
	}
	return n;
}

/* Give a copy of a frame to each of some ports. Returns whether there was memory for
 * all.
 */
static __always_inline bool
vnicx_flood_copies(struct vnicx_port *const *port, u32 n, struct sk_buff *skb,
		   unsigned int payload, bool now)
{
	bool lost = false;
	u32 i;

	for (i = 0; i < n; i++) {
		struct sk_buff *copy = skb_clone(skb, GFP_ATOMIC);

		if (likely(copy)) {
			vnicx_deliver_copy(port[i], copy, payload, now);
		} else {
			vnicx_flood_no_copy(port[i]);
			lost = true;
		}
	}
	return !lost;
}

/* Give a frame to its next receivers, up to FLOOD_BATCH. Returns whether none is left;
 * then the last one got @skb itself, which is consumed.
 */
static __always_inline bool
vnicx_flood_batch(struct vnicx_members *const sets[FLOOD_SETS],
		  struct sk_buff *skb, const struct vnicx_flood_to *to,
		  enum vnicx_class class, struct vnicx_flood_walk *walk,
		  bool now)
{
	struct vnicx_port *port[FLOOD_BATCH];
	u32 n = vnicx_flood_choose(sets, to, class, walk, port);
	bool done = walk->set == FLOOD_SETS;
	u32 copies = done && n ? n - 1 : n;

	if (unlikely(!vnicx_flood_copies(port, copies, skb, to->payload, now)))
		walk->lost = true;
	if (!done)
		return false;
	if (n)
		vnicx_deliver_copy(port[n - 1], skb, to->payload, now);
	else
		consume_skb(skb);
	return true;
}

/* Count that no vNIC gets a frame of a port. */
static void vnicx_flood_lose(struct vnicx_port *in)
{
	vnicx_port_inc(in, VNICX_FLOOD_OVERFLOW);
	this_cpu_inc(vnicx_losses);
}

/**
 * vnicx_flood_some() - give a flooded frame to up to VNICX_FLOOD_CHUNK receivers
 * @sw: the switch
 * @skb: the frame, in receive form
 * @to: the ports that it is for
 * @class: its class
 * @walk: how far earlier calls have come, zeroed before the first
 *
 * Context: the flood worker. RCU read side, bottom halves disabled.
 * Return: whether no receiver is left; then the last one got @skb itself, which
 * is consumed
 */
bool vnicx_flood_some(struct vnicx_switch *sw, struct sk_buff *skb,
		      const struct vnicx_flood_to *to, enum vnicx_class class,
		      struct vnicx_flood_walk *walk)
{
	struct vnicx_members *sets[FLOOD_SETS];
	u32 copies;

	vnicx_flood_sets(sw, class, eth_hdr(skb)->h_dest, sets);
	for (copies = 0; copies < VNICX_FLOOD_CHUNK; copies += FLOOD_BATCH)
		if (vnicx_flood_batch(sets, skb, to, class, walk, true))
			return true;
	return false;
}

/* Give a frame in receive form, consumed, to its receivers or the worker. */
static void vnicx_flood_or_enqueue(struct vnicx_port *in, struct sk_buff *skb,
				   enum vnicx_class class,
				   const struct vnicx_flood_to *to,
				   struct vnicx_members *const sets[FLOOD_SETS],
				   u32 receivers)
{
	struct vnicx_flood_walk walk = {};

	if (receivers > VNICX_FLOOD_INLINE || READ_ONCE(in->flow.pending))
		vnicx_flood_enqueue(in, skb, class, to);
	else
		while (!vnicx_flood_batch(sets, skb, to, class, &walk, false))
			;
}

/* Do so with members that are not looked up yet. */
static void vnicx_flood_form(struct vnicx_port *in, struct sk_buff *skb,
			     enum vnicx_class class,
			     const struct vnicx_flood_to *to)
{
	struct vnicx_members *sets[FLOOD_SETS];

	vnicx_flood_sets(in->sw, class, eth_hdr(skb)->h_dest, sets);
	vnicx_flood_or_enqueue(in, skb, class, to, sets, vnicx_flood_live(sets));
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
					  struct vnicx_flood_to *to)
{
	struct sk_buff *copy = skb_clone(skb, GFP_ATOMIC);

	if (likely(copy)) {
		to->form = VNICX_FORM_FRAGMENT;
		vnicx_flood_form(in, copy, class, to);
	}

	skb = vnicx_reassemble(in, skb, false, &to->payload);
	if (!skb)
		return;
	to->form = VNICX_FORM_WHOLE;
	vnicx_flood_form(in, skb, class, to);
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
		vnicx_flood_lose(in);
	return skb;
}

/* Give the host a copy of a frame in receive form that is for it and fits it. */
static void vnicx_flood_host(struct vnicx_switch *sw, struct sk_buff *skb)
{
	struct sk_buff *copy = skb_clone(skb, GFP_ATOMIC);

	if (likely(copy))
		vnicx_deliver_host(&sw->host, copy);
	else
		vnicx_flood_no_copy(&sw->host);
}

/**
 * vnicx_flood() - copy a frame to every vNIC that it is for
 * @in: the ingress port
 * @skb: the frame, in receive form if @in is the uplink; left as it is
 * @class: the frame's class; with VNICX_UNICAST, no port owns the address, and
 *	promiscuous vNICs get a copy
 * @to: the ports among these that get a copy; changed
 *
 * A broadcast or multicast frame of a vNIC also goes to the host.
 *
 * Context: RCU read side, bottom halves disabled.
 */
void vnicx_flood(struct vnicx_port *in, const struct sk_buff *skb,
		 enum vnicx_class class, struct vnicx_flood_to *to)
{
	struct vnicx_members *sets[FLOOD_SETS];
	struct vnicx_switch *sw = in->sw;
	struct sk_buff *base;
	u32 receivers;
	bool to_host;

	/* A frame too long for the host is counted on its way to the wire. */
	to_host = class != VNICX_UNICAST &&
		  vnicx_scope_has(&to->scope, &sw->host) &&
		  vnicx_fits(sw->lower, skb, skb->len);
	vnicx_flood_sets(sw, class, eth_hdr(skb)->h_dest, sets);
	receivers = vnicx_flood_live(sets);
	if (!receivers && !to_host)
		return;

	base = skb_clone((struct sk_buff *)skb, GFP_ATOMIC);
	if (unlikely(!base)) {
		vnicx_flood_lose(in);
		return;
	}
	if (in->kind != VNICX_PORT_UPLINK) {
		vnicx_to_receive_form(base, sw->lower);
		to->payload = base->len;
		base = vnicx_flood_untag(in, base);
		if (unlikely(!base))
			return;
	}

	if (to_host)
		vnicx_flood_host(sw, base);

	if (receivers && class != VNICX_UNICAST && !in->take &&
	    unlikely(vnicx_is_fragment(base)))
		vnicx_flood_fragment(in, base, class, to);
	else
		vnicx_flood_or_enqueue(in, base, class, to, sets, receivers);
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
