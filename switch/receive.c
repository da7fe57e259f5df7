// SPDX-License-Identifier: GPL-2.0
/*
 * The walk of one frame that the wire brings, from the lower device to an exit.
 */
#include <kunit/visibility.h>

#include "cache.h"
#include "drop.h"
#include "forward.h"
#include "suppress.h"

/* The scope of a frame from the wire, leaving aside where it came from. */
static __always_inline struct vnicx_scope
vnicx_receive_scope(const struct vnicx_frame *frame)
{
	return (struct vnicx_scope) {
		.roles = VNICX_REACH_WIRE,
		.vlan = vnicx_vlan_key(frame->skb, frame->vid),
	};
}

/* Narrow the scope of a unicast frame from the wire, if the wire brings back a
 * frame of a vNIC. The source of any other frame has no entry of a vNIC, unless
 * a station on the LAN has the same address. Returns the vNIC's port or NULL.
 */
static noinline struct vnicx_port *
vnicx_receive_narrow(const struct vnicx_frame frame, struct vnicx_scope *scope)
{
	struct vnicx_port *src;

	src = vnicx_fdb_lookup(frame.in->sw, frame.eth->h_source, frame.vid);
	if (!src || src->kind != VNICX_PORT_VNIC)
		return NULL;
	scope->roles &= vnicx_mode_reach[READ_ONCE(src->mode)].unicast;
	scope->isolated = vnicx_scope_is_isolated(src);
	return src;
}

/* Tell whether the wire brings back a frame of a vNIC whose mode keeps it from
 * @dst, which is up, or that is isolated, as @dst is.
 */
static noinline bool vnicx_receive_isolates(const struct vnicx_frame frame,
					    const struct vnicx_port *dst)
{
	struct vnicx_scope scope = { .roles = VNICX_REACH_WIRE };
	struct vnicx_port *src = vnicx_receive_narrow(frame, &scope);

	if (!src)
		return false;
	if (vnicx_scope_isolates(&scope, dst)) {
		vnicx_policy_count(src, VNICX_CAUSE_TX_ISOLATED);
		return true;
	}
	return !(scope.roles & BIT(READ_ONCE(dst->mode)));
}

/* Flood a frame from the wire to an address that no port has up. */
static noinline void vnicx_receive_unknown(const struct vnicx_frame frame)
{
	struct vnicx_flood_to to = { .scope = vnicx_receive_scope(&frame) };

	if (unlikely(READ_ONCE(frame.in->sw->nr_private)))
		vnicx_receive_narrow(frame, &to.scope);
	vnicx_forward_trace(&frame, NULL, VNICX_DECIDE_FLOOD, 0);
	vnicx_flood(frame.in, frame.skb, VNICX_UNICAST, &to);
}

/* Tell whether a unicast frame from the wire reaches a port, leaving aside where
 * it came from.
 */
static __always_inline bool
vnicx_receive_reaches(const struct vnicx_frame *frame,
		      const struct vnicx_scope *scope,
		      const struct vnicx_port *dst)
{
	struct vnicx_scope whole;

	if (likely(READ_ONCE(dst->role) & VNICX_REACH_WIRE) ||
	    vnicx_scope_shares(scope, dst, frame->skb))
		return true;
	whole = vnicx_receive_scope(frame);
	return vnicx_scope_chooses(&whole, dst);
}

/* Tell whether the address of a vNIC in source mode is treated as unknown. If the
 * vNIC lists the frame's source, vnicx_source_deliver() has counted the frame.
 */
static bool vnicx_receive_lacks_source(const struct vnicx_scope *scope,
				       const struct vnicx_port *dst)
{
	return !READ_ONCE(dst->role) || vnicx_scope_lacks_vlan(scope, dst);
}

/* Take care of a unicast frame from the wire that is for no port. The address of
 * the host is not unknown, nor that of a vNIC in source mode.
 */
static noinline void vnicx_receive_elsewhere(const struct vnicx_frame frame,
					     struct vnicx_port *dst)
{
	const struct vnicx_scope scope = vnicx_receive_scope(&frame);
	bool lacks = true;

	if (dst && READ_ONCE(dst->mode) == VNICX_MODE_SOURCE)
		lacks = vnicx_receive_lacks_source(&scope, dst);
	else if (dst)
		lacks = vnicx_forward_lacks(&scope, dst);
	if (lacks)
		vnicx_receive_unknown(frame);
}

static __always_inline enum vnicx_verdict
vnicx_receive_up(struct vnicx_switch *sw, const struct vnicx_frame *frame,
		 struct sk_buff **pskb)
{
	const struct vnicx_scope scope = { .roles = VNICX_REACH_WIRE };
	struct vnicx_port *dst;

	dst = rcu_dereference(sw->passthru);
	if (dst && vnicx_receive_reaches(frame, &scope, dst)) {
		vnicx_forward_trace(frame, dst, VNICX_DECIDE_PORT, 0);
		return vnicx_deliver_up(dst, pskb);
	}

	dst = vnicx_cache_lookup(sw, frame->eth->h_dest, frame->vid);
	if (!dst || !vnicx_receive_reaches(frame, &scope, dst)) {
		vnicx_receive_elsewhere(*frame, dst);
		vnicx_forward_trace(frame, NULL, VNICX_DECIDE_ON, 0);
		return VNICX_PASS;
	}
	if (unlikely(READ_ONCE(sw->nr_private)) &&
	    vnicx_receive_isolates(*frame, dst)) {
		vnicx_forward_trace(frame, dst, VNICX_DECIDE_DROP,
				    SKB_DROP_REASON_TAP_FILTER);
		vnicx_drop(dst, VNICX_RX_DROPPED, frame->skb,
			   SKB_DROP_REASON_TAP_FILTER);
		return VNICX_DROPPED;
	}
	vnicx_forward_trace(frame, dst, VNICX_DECIDE_PORT, 0);
	return vnicx_deliver_up(dst, pskb);
}

/* Find the port that a broadcast or multicast frame from the wire came from. If
 * its source is a claimed address, learn that the address is on the wire.
 */
static struct vnicx_port *
vnicx_receive_source(const struct vnicx_frame *frame)
{
	struct vnicx_switch *sw = frame->in->sw;
	struct vnicx_fdb_entry *entry;

	entry = vnicx_fdb_find(sw, frame->eth->h_source, frame->vid);
	if (likely(!entry))
		return NULL;
	if (unlikely(entry->rank <= VNICX_FDB_LEARNT))
		return vnicx_learn(sw, entry, frame->vid, NULL, true);
	return entry->port;
}

/* Flood a broadcast or multicast frame from the wire, by where it came from; or
 * return the port that it goes to alone.
 */
static noinline struct vnicx_port *
vnicx_receive_many(const struct vnicx_frame frame)
{
	struct vnicx_port *src = vnicx_receive_source(&frame);
	struct vnicx_flood_to to = { .scope = vnicx_receive_scope(&frame) };
	struct vnicx_port *dst = NULL;

	if (src && src->kind == VNICX_PORT_HOST) {
		/* The vNICs that the host reaches got it from the host. */
		to.scope.roles &= ~READ_ONCE(src->reach);
	} else if (src) {
		const struct vnicx_mode_reach *reach;

		reach = &vnicx_mode_reach[READ_ONCE(src->mode)];
		to.scope.roles = reach->reflected;
		to.scope.except = reach->not_self ? src->id : 0;
		to.scope.only = reach->only_self ? src->id : 0;
		to.scope.isolated = vnicx_scope_is_isolated(src) &&
				    !reach->only_self;
	}
	if (vnicx_suppress_is_on(frame.in->sw, frame.class))
		dst = vnicx_suppress_answerer(frame.in->sw, frame.skb, &to.scope);
	if (unlikely(dst)) {
		vnicx_forward_trace(&frame, dst, VNICX_DECIDE_PORT, 0);
		return dst;
	}
	vnicx_forward_trace(&frame, NULL, VNICX_DECIDE_FLOOD, 0);
	vnicx_flood(frame.in, frame.skb, frame.class, &to);
	return NULL;
}

static __always_inline enum vnicx_verdict
vnicx_receive_frame(struct vnicx_switch *sw, struct sk_buff **pskb)
{
	const struct vnicx_frame frame = vnicx_frame(&sw->uplink,
						     VNICX_PORT_UPLINK, *pskb,
						     eth_hdr(*pskb));
	struct vnicx_port *dst;

	vnicx_snoop_on(&frame);
	if (likely(frame.class == VNICX_UNICAST))
		return vnicx_receive_up(sw, &frame, pskb);
	if (frame.class != VNICX_MAC_CONTROL) {
		dst = vnicx_receive_many(frame);
		if (unlikely(dst))
			return vnicx_deliver_up(dst, pskb);
	}
	vnicx_forward_trace(&frame, NULL, VNICX_DECIDE_ON, 0);
	return VNICX_PASS;
}

/* Let a frame pass that the switch has handled. */
static noinline enum vnicx_verdict vnicx_receive_marked(struct sk_buff *skb)
{
	skb_dst_drop(skb);
	return VNICX_PASS;
}

/**
 * vnicx_receive_walk() - decide about a frame from the wire by the whole walk
 * @sw: the switch
 * @pskb: the frame, in receive form, without the switch's mark
 *
 * Context: RCU read side, bottom halves disabled.
 * Return: as vnicx_receive()
 */
noinline enum vnicx_verdict vnicx_receive_walk(struct vnicx_switch *sw,
					       struct sk_buff **pskb)
{
	if (unlikely(READ_ONCE(sw->nr_sources)) &&
	    vnicx_source_deliver(sw, *pskb)) {
		consume_skb(*pskb);
		return VNICX_DONE;
	}
	return vnicx_receive_frame(sw, pskb);
}
EXPORT_SYMBOL_IF_KUNIT(vnicx_receive_walk);

/* Tell whether a frame needs the whole walk, before its destination is looked up. A step
 * that is added to that walk for unicast frames is to be asked for here, too, or frames
 * pass it by.
 */
static __always_inline bool vnicx_receive_is_rare(const struct vnicx_switch *sw,
						  const struct vnicx_frame *frame)
{
	return READ_ONCE(sw->nr_sources) | READ_ONCE(sw->nr_private) ||
	       rcu_access_pointer(sw->passthru) ||
	       static_branch_unlikely(&vnicx_leases_used) ||
	       trace_vnicx_forward_enabled() ||
	       vnicx_is_special(frame->eth->h_proto) ||
	       is_multicast_ether_addr(frame->eth->h_dest);
}

/* Parse what vnicx_receive_is_rare() and vnicx_receive_reaches() want of a frame. */
static __always_inline struct vnicx_frame
vnicx_receive_plain(struct sk_buff *skb)
{
	return (struct vnicx_frame) {
		.skb = skb,
		.eth = eth_hdr(skb),
		.vid = skb_vlan_tag_present(skb) ?
		       skb_vlan_tag_get_id(skb) : VNICX_VID_NONE,
	};
}

/* Forward a frame for which vnicx_receive_is_rare() is false to the port that has its
 * destination: @dst, or NULL if the CPU does not remember a port.
 */
static noinline enum vnicx_verdict
vnicx_receive_closely(struct vnicx_switch *sw, struct sk_buff **pskb,
		      struct vnicx_port *dst)
{
	const struct vnicx_frame frame = vnicx_receive_plain(*pskb);
	const struct vnicx_scope scope = { .roles = VNICX_REACH_WIRE };

	if (!dst)
		dst = vnicx_cache_lookup(sw, frame.eth->h_dest, frame.vid);
	if (dst && vnicx_receive_reaches(&frame, &scope, dst))
		return vnicx_deliver_up(dst, pskb);
	if (dst && dst->kind == VNICX_PORT_HOST)
		return VNICX_PASS;
	return vnicx_receive_walk(sw, pskb);
}

/**
 * vnicx_receive() - forward a frame that the lower device received
 * @sw: the switch
 * @pskb: the frame, in receive form
 *
 * Decides as vnicx_receive_walk(), at once about most frames. It calls functions in
 * its last step only, so that it saves no registers.
 *
 * Context: RCU read side, bottom halves disabled.
 * Return: what became of it, see &enum vnicx_verdict
 */
enum vnicx_verdict vnicx_receive(struct vnicx_switch *sw, struct sk_buff **pskb)
{
	const struct vnicx_frame frame = vnicx_receive_plain(*pskb);
	struct vnicx_port *dst;

	vnicx_assert_bh_disabled();

	if (unlikely(vnicx_mark_is_on(sw, frame.skb)))
		return vnicx_receive_marked(frame.skb);
	if (unlikely(vnicx_receive_is_rare(sw, &frame)))
		return vnicx_receive_walk(sw, pskb);
	dst = vnicx_cache_recall(sw, frame.eth->h_dest, frame.vid);
	if (likely(dst && READ_ONCE(dst->role) & VNICX_REACH_WIRE))
		return vnicx_deliver_up(dst, pskb);
	return vnicx_receive_closely(sw, pskb, dst);
}
EXPORT_SYMBOL_IF_KUNIT(vnicx_receive);
