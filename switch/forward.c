// SPDX-License-Identifier: GPL-2.0
/*
 * The walk of one frame that a vNIC or the host sends, from its ingress port to
 * an exit.
 */
#include <linux/etherdevice.h>
#include <linux/netfilter.h>
#include <kunit/visibility.h>

#include "cache.h"
#include "exit.h"
#include "forward.h"
#include "out/wire.h"
#include "suppress.h"

/* The default path: a vNIC's frame goes to the wire, the host's continues to
 * the driver. Both are the caller's.
 */
static __always_inline enum vnicx_verdict
vnicx_forward_on(const struct vnicx_frame *frame)
{
	vnicx_forward_trace(frame, NULL, VNICX_DECIDE_ON, 0);
	return VNICX_PASS;
}

/* Take a frame of the host that does not leave by the lower device, and show it
 * to captures there. If the sender keeps the frame, as pktgen does, a clone
 * replaces it. Returns NULL when there is no memory.
 */
static noinline struct sk_buff *vnicx_forward_take(struct vnicx_port *host,
						   struct sk_buff *skb)
{
	if (dev_nit_active(host->dev))
		dev_queue_xmit_nit(skb, host->dev);
	return skb_share_check(skb, GFP_ATOMIC);
}

/* Flood a frame transmitted by a vNIC or the host. An unknown address is most
 * likely a station on the LAN, whose frames are no tenant's business: only
 * ports that the administrator chose get a copy.
 */
static noinline void vnicx_forward_flood(const struct vnicx_frame frame,
					 u32 question)
{
	struct vnicx_flood_to to = {
		.scope = vnicx_forward_scope(&frame),
		.flood = frame.class == VNICX_UNICAST,
		.question = question,
	};

	if (!to.scope.roles)
		return;
	vnicx_forward_trace(&frame, NULL, VNICX_DECIDE_FLOOD, 0);
	vnicx_flood(frame.in, frame.skb, frame.class, &to);
}

/* Learn that a claimed address is at the vNIC or host that sends from it. */
static noinline void vnicx_forward_learn(const struct vnicx_frame frame)
{
	struct vnicx_fdb_entry *entry;

	entry = vnicx_fdb_find(frame.in->sw, frame.eth->h_source, frame.vid);
	if (entry && entry->rank <= VNICX_FDB_LEARNT)
		vnicx_learn(frame.in->sw, entry, frame.vid, frame.in,
			    frame.class != VNICX_UNICAST);
}

/* Forward a frame to a port that its sender does not reach on the switch. */
static noinline enum vnicx_verdict
vnicx_forward_elsewhere(const struct vnicx_frame frame, struct vnicx_port *dst)
{
	const struct vnicx_scope scope = vnicx_forward_scope(&frame);

	if (dst == frame.in && frame.from == VNICX_PORT_VNIC) {
		vnicx_forward_trace(&frame, dst, VNICX_DECIDE_DROP,
				    SKB_DROP_REASON_OTHERHOST);
		kfree_skb_reason(frame.skb, SKB_DROP_REASON_OTHERHOST);
		return VNICX_DROPPED;
	}
	if (!scope.roles)
		return vnicx_forward_on(&frame);
	if (vnicx_forward_lacks(&scope, dst)) {
		if (READ_ONCE(frame.in->sw->nr_flood))
			vnicx_forward_flood(frame, 0);
	} else if (vnicx_scope_isolates(&scope, dst)) {
		vnicx_forward_trace(&frame, dst, VNICX_DECIDE_DROP,
				    SKB_DROP_REASON_TAP_FILTER);
		vnicx_policy_drop(frame.in, VNICX_CAUSE_TX_ISOLATED, frame.skb);
		return VNICX_DROPPED;
	}
	return vnicx_forward_on(&frame);
}

/* Tell whether a port with VNICX_ROLES_CHOOSY is in the scope of a frame. */
static noinline bool vnicx_forward_chooses(const struct vnicx_frame frame,
					   const struct vnicx_port *dst)
{
	const struct vnicx_scope scope = vnicx_forward_scope(&frame);

	return vnicx_scope_chooses(&scope, dst);
}

/* Hand a frame to a port that is in its scope. */
static __always_inline enum vnicx_verdict
vnicx_forward_to(const struct vnicx_frame *frame, struct vnicx_port *dst)
{
	struct sk_buff *skb = frame->skb;

	vnicx_forward_trace(frame, dst, VNICX_DECIDE_PORT, 0);

	/* A vNIC's frame is never shared: the core shares frames only with
	 * devices that have IFF_TX_SKB_SHARING, which vnicx_setup() clears.
	 */
	if (frame->from == VNICX_PORT_HOST) {
		skb = vnicx_forward_take(frame->in, skb);
		if (unlikely(!skb)) {
			vnicx_port_inc(dst, VNICX_RX_DROPPED);
			return VNICX_DONE;
		}
	}
	return vnicx_deliver(dst, skb);
}

/* Forward a broadcast frame to the vNIC that it goes to alone; VNICX_PASS if there is
 * none.
 */
static noinline enum vnicx_verdict
vnicx_forward_answer(const struct vnicx_frame frame)
{
	const struct vnicx_scope scope = vnicx_forward_scope(&frame);
	struct vnicx_port *dst;

	dst = vnicx_suppress_answerer(frame.in->sw, frame.skb, &scope);
	return dst ? vnicx_forward_to(&frame, dst) : VNICX_PASS;
}

/* Tell whether a unicast frame reaches a port on the switch. */
static __always_inline bool vnicx_forward_reaches(const struct vnicx_frame *frame,
						  const struct vnicx_port *dst)
{
	const struct vnicx_scope scope = {
		.roles = READ_ONCE(frame->in->reach),
		.except = frame->in->id,
	};

	return likely(vnicx_scope_has(&scope, dst)) ||
	       vnicx_scope_shares(&scope, dst, frame->skb) ||
	       vnicx_forward_chooses(*frame, dst);
}

static __always_inline enum vnicx_verdict
vnicx_forward_unicast(const struct vnicx_frame *frame)
{
	struct vnicx_port *in = frame->in;
	struct vnicx_port *dst;

	/* A forger may have drawn its address: it may get the address back. */
	if (unlikely(READ_ONCE(in->nr_lost)))
		vnicx_forward_learn(*frame);

	dst = vnicx_cache_lookup(in->sw, frame->eth->h_dest, frame->vid);
	if (!dst) {
		if (unlikely(READ_ONCE(in->sw->nr_flood)))
			vnicx_forward_flood(*frame, 0);
		return vnicx_forward_on(frame);
	}
	if (unlikely(!vnicx_forward_reaches(frame, dst)))
		return vnicx_forward_elsewhere(*frame, dst);
	return vnicx_forward_to(frame, dst);
}

/* Give a broadcast or multicast frame to the ports on the switch. VNICX_PASS if it goes on
 * to the wire. @question is as in struct vnicx_flood_to.
 */
static __always_inline enum vnicx_verdict
vnicx_forward_many(const struct vnicx_frame *frame, u32 question)
{
	enum vnicx_verdict verdict = VNICX_PASS;

	if (unlikely(READ_ONCE(frame->in->sw->nr_claims)))
		vnicx_forward_learn(*frame);
	if (vnicx_suppress_is_on(frame->in->sw, frame->class))
		verdict = vnicx_forward_answer(*frame);
	if (likely(verdict == VNICX_PASS))
		vnicx_forward_flood(*frame, question);
	return verdict;
}

/* Forward a frame that may ask whether an address is free, to its end: the vNIC has the
 * address when the question was not lost.
 */
static noinline enum vnicx_verdict
vnicx_forward_question(const struct vnicx_frame frame)
{
	enum vnicx_verdict verdict;
	struct vnicx_dad dad;

	vnicx_dad_begin(&frame, &dad);
	verdict = vnicx_forward_many(&frame, dad.question);
	if (verdict == VNICX_PASS) {
		vnicx_forward_on(&frame);
		verdict = vnicx_deliver_wire(frame.in, frame.skb);
	}
	if (dad.question)
		vnicx_dad_end(&dad, verdict);
	return verdict;
}

/* Drop a vNIC's frame, which would leave the VLAN of the lower device by its tag. */
static noinline enum vnicx_verdict
vnicx_forward_strays(const struct vnicx_frame frame)
{
	vnicx_forward_trace(&frame, NULL, VNICX_DECIDE_DROP,
			    SKB_DROP_REASON_OTHERHOST);
	vnicx_policy_drop(frame.in, VNICX_CAUSE_TX_VLAN, frame.skb);
	return VNICX_DROPPED;
}

static __always_inline enum vnicx_verdict
vnicx_forward_sent(struct vnicx_port *in, enum vnicx_port_kind from,
		   struct sk_buff *skb, bool is_ip)
{
	bool tagged;
	const struct vnicx_frame frame = vnicx_frame_tagged(in, from, skb,
							    (struct ethhdr *)skb->data,
							    is_ip, &tagged);
	enum vnicx_verdict verdict;

	/* Right after the tag was looked for: frames without one pay nothing for it. */
	if (from == VNICX_PORT_VNIC && unlikely(tagged) &&
	    vnicx_mistakes_tags(in->sw->lower))
		return vnicx_forward_strays(frame);
	vnicx_snoop_on(&frame);
	if (likely(frame.class == VNICX_UNICAST))
		return vnicx_forward_unicast(&frame);
	switch (frame.class) {
	case VNICX_BROADCAST:
	case VNICX_MULTICAST:
		if (from == VNICX_PORT_VNIC && vnicx_dad_may_ask(&frame))
			return vnicx_forward_question(frame);
		verdict = vnicx_forward_many(&frame, 0);
		if (unlikely(verdict != VNICX_PASS))
			return verdict;
		break;
	case VNICX_LINK_LOCAL:
		break;
	case VNICX_MAC_CONTROL:
		if (from != VNICX_PORT_VNIC)
			break;
		vnicx_forward_trace(&frame, NULL, VNICX_DECIDE_DROP,
				    SKB_DROP_REASON_UNHANDLED_PROTO);
		kfree_skb_reason(skb, SKB_DROP_REASON_UNHANDLED_PROTO);
		return VNICX_DROPPED;
	}
	return vnicx_forward_on(&frame);
}

/* Clear what the traffic control of the vNIC's own namespace has left in a frame:
 * an ifb marks frames that no rule is to look at again, and redirected ones are
 * kept from XDP programs. The receivers' rules are others, and the lower
 * device's.
 */
static __always_inline void vnicx_forward_forget_rules(struct sk_buff *skb)
{
	skb_reset_redirect(skb);
	/* without the branch of skb_skip_tc_classify() */
#ifdef CONFIG_NET_CLS_ACT
	skb->tc_skip_classify = 0;
#endif
}

/* Have a frame's Ethernet header in the linear part. Returns false, the frame freed, if it
 * has none.
 */
static __always_inline bool vnicx_forward_pulls(struct sk_buff *skb, u32 headlen)
{
	if (likely(headlen >= ETH_HLEN) || pskb_may_pull(skb, ETH_HLEN))
		return true;
	kfree_skb_reason(skb, SKB_DROP_REASON_PKT_TOO_SMALL);
	return false;
}

/* Tell whether a vNIC with @checks may send a frame, whose Ethernet header is in the
 * linear part then, and in @is_ip, whether it is known to be one of IP. The frame may be
 * another one afterwards; it is freed if it may not pass.
 */
static __always_inline bool vnicx_forward_admits(struct vnicx_port *in,
						 struct sk_buff **pskb, u8 checks,
						 bool *is_ip)
{
	u32 headlen = skb_headlen(*pskb);

	skb_reset_mac_header(*pskb);
	/* VNICX_CHECK_FDB is about the others. */
	if (!(checks & ~VNICX_CHECK_FDB)) {
		*is_ip = false;
		return vnicx_forward_pulls(*pskb, headlen);
	}
	/* A frame that passes a policy in line is long enough. */
	if (likely(vnicx_policy_sends(in, *pskb, checks, headlen, is_ip)))
		return true;
	*is_ip = false;
	if (!vnicx_forward_pulls(*pskb, headlen))
		return false;
	*pskb = vnicx_policy_tx(in, *pskb);
	return *pskb;
}

/**
 * vnicx_send() - forward a frame transmitted by a vNIC
 * @in: the vNIC's port
 * @skb: the frame, skb->data at its Ethernet header; consumed
 *
 * Context: bottom halves disabled.
 * Return: VNICX_DONE, VNICX_CONGESTED or VNICX_DROPPED, which is counted
 */
enum vnicx_verdict vnicx_send(struct vnicx_port *in, struct sk_buff *skb)
{
	/* Pairs with vnicx_policy_update() and vnicx_policy_set_self(). */
	u8 checks = smp_load_acquire(&in->tx_checks);
	enum vnicx_verdict verdict = VNICX_DROPPED;
	unsigned int len = skb->len;
	bool is_ip;

	vnicx_forward_forget_rules(skb);
	vnicx_read_lock();
	if (likely(vnicx_forward_admits(in, &skb, checks, &is_ip)))
		verdict = vnicx_forward_sent(in, VNICX_PORT_VNIC, skb, is_ip);
	if (verdict == VNICX_PASS)
		verdict = vnicx_deliver_wire(in, skb);
	vnicx_read_unlock();

	if (likely(verdict != VNICX_DROPPED))
		vnicx_port_count(in, VNICX_TX_PACKETS, len);
	else
		vnicx_port_inc(in, VNICX_TX_DROPPED);
	return verdict;
}
EXPORT_SYMBOL_IF_KUNIT(vnicx_send);

/* Leave the checksums of the host's super-frame to its receiver: set it to
 * CHECKSUM_PARTIAL, as it would be for a lower device with checksum offload.
 * For a lower device without, the core segments it, but only after the egress
 * hook, and the stacks on the switch get it whole. Return whether this was done.
 */
static noinline bool vnicx_forward_defer_checksum(struct sk_buff *skb)
{
	int offset = skb_network_offset(skb);

	if (offset < ETH_HLEN || skb_shared(skb))
		return false;
	/* Those in a list have a checksum each, which GRO found good. */
	if (skb_shinfo(skb)->gso_type & SKB_GSO_FRAGLIST) {
		skb->ip_summed = CHECKSUM_UNNECESSARY;
		skb->csum_level = 0;
		return true;
	}
	if (skb_cow_head(skb, 0) || !pskb_may_pull(skb, offset))
		return false;
	__skb_pull(skb, offset);
	skb->ip_summed = CHECKSUM_PARTIAL;
	if (skb_checksum_setup(skb, true))
		skb->ip_summed = CHECKSUM_NONE;
	__skb_push(skb, offset);
	return skb->ip_summed == CHECKSUM_PARTIAL;
}

/**
 * vnicx_send_host() - forward a frame that leaves by the lower device
 * @sw: the switch
 * @skb: the frame, its Ethernet header in the linear part, skb->data at it; the
 *	host's, or a vNIC's on its way to the wire
 *
 * Context: bottom halves disabled.
 * Return: VNICX_PASS for a frame that continues to the driver, or VNICX_DONE,
 * VNICX_CONGESTED or VNICX_DROPPED for one that is consumed
 */
enum vnicx_verdict vnicx_send_host(struct vnicx_switch *sw, struct sk_buff *skb)
{
	enum vnicx_verdict verdict;
	bool deferred = false;

	if (vnicx_mark_consume(sw, skb))
		return VNICX_PASS;
	if (unlikely(skb_is_gso(skb)) &&
	    unlikely(skb->ip_summed == CHECKSUM_NONE))
		deferred = vnicx_forward_defer_checksum(skb);

	vnicx_read_lock();
	skb_reset_mac_header(skb);
	verdict = vnicx_forward_sent(&sw->host, VNICX_PORT_HOST, skb, false);
	vnicx_read_unlock();
	/* As it came: the sender may not trust the driver to segment it. */
	if (unlikely(deferred) && verdict == VNICX_PASS)
		skb->ip_summed = CHECKSUM_NONE;
	return verdict;
}
EXPORT_SYMBOL_IF_KUNIT(vnicx_send_host);
