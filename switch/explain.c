// SPDX-License-Identifier: GPL-2.0
/*
 * Explain what the switch would do with a frame of a vNIC, without doing it:
 * nothing is learnt, counted, traced or sent.
 *
 * The walk is that of vnicx_policy_tx() and of forward.c, by the same functions
 * where they decide. tests/kunit/explain.c compares the answers with what becomes
 * of such frames.
 */
#include <linux/etherdevice.h>
#include <linux/rtnetlink.h>
#include <kunit/visibility.h>
#include <vnicx/explain.h>

#include "forward.h"
#include "suppress.h"

static_assert(VNICX_CLASS_UNICAST == (int)VNICX_UNICAST &&
	      VNICX_CLASS_BROADCAST == (int)VNICX_BROADCAST &&
	      VNICX_CLASS_MULTICAST == (int)VNICX_MULTICAST &&
	      VNICX_CLASS_LINK_LOCAL == (int)VNICX_LINK_LOCAL &&
	      VNICX_CLASS_MAC_CONTROL == (int)VNICX_MAC_CONTROL);

static_assert(VNICX_DECISION_PORT == (int)VNICX_DECIDE_PORT &&
	      VNICX_DECISION_ON == (int)VNICX_DECIDE_ON &&
	      VNICX_DECISION_FLOOD == (int)VNICX_DECIDE_FLOOD &&
	      VNICX_DECISION_DROP == (int)VNICX_DECIDE_DROP);

static struct sk_buff *vnicx_explain_frame(const struct vnicx_question *q)
{
	struct sk_buff *skb = alloc_skb(VLAN_ETH_HLEN + ETH_ZLEN, GFP_KERNEL);
	struct ethhdr *eth;

	if (!skb)
		return NULL;
	/* Room for a tag of the policy before one of the vNIC */
	skb_reserve(skb, VLAN_HLEN);
	skb_reset_mac_header(skb);
	eth = skb_put_zero(skb, ETH_ZLEN);
	ether_addr_copy(eth->h_dest, q->dest);
	ether_addr_copy(eth->h_source, q->source);
	eth->h_proto = htons(ETH_P_802_EX1);
	skb->protocol = eth->h_proto;
	if (q->vid != VNICX_VID_NONE)
		__vlan_hwaccel_put_tag(skb, htons(ETH_P_8021Q), q->vid);
	return skb;
}

static void vnicx_explain_to(void *answer, const struct vnicx_port *port)
{
	const struct vnicx_policy *policy = rcu_dereference(port->policy);
	struct vnicx_answer *a = answer;

	if (a->nr < VNICX_EXPLAIN_PORTS)
		a->port[a->nr] = port->id;
	a->nr++;
	if (READ_ONCE(port->rx_checks) & VNICX_CHECK_RX_RATE ||
	    (policy && (policy->bpf_rx || policy->guards & VNICX_GUARD_IP_IN)))
		a->unasked |= VNICX_UNASKED_RX;
}

static void vnicx_explain_drop(struct vnicx_answer *a, enum vnicx_reason reason)
{
	a->decision = VNICX_DECIDE_DROP;
	a->reason = reason;
}

/* The default path, to the wire */
static void vnicx_explain_on(struct vnicx_answer *a,
			     const struct vnicx_frame *frame,
			     enum vnicx_reason reason)
{
	a->decision = VNICX_DECIDE_ON;
	a->reason = reason;
	vnicx_explain_to(a, &frame->in->sw->uplink);
}

/* As vnicx_forward_flood() and, behind it, the default path */
static void vnicx_explain_flood(struct vnicx_answer *a,
				const struct vnicx_frame *frame,
				enum vnicx_reason reason)
{
	struct vnicx_flood_to to = {
		.scope = vnicx_forward_scope(frame),
		.flood = frame->class == VNICX_UNICAST,
	};

	vnicx_explain_on(a, frame, reason);
	if (!to.scope.roles) {
		if (frame->class != VNICX_UNICAST)
			a->reason = VNICX_REASON_MODE;
		return;
	}
	a->decision = VNICX_DECIDE_FLOOD;
	vnicx_flood_receivers(frame->in->sw, frame->class, frame->eth->h_dest,
			      &to, vnicx_explain_to, a);
}

static void vnicx_explain_unknown(struct vnicx_answer *a,
				  const struct vnicx_frame *frame,
				  enum vnicx_reason reason)
{
	if (READ_ONCE(frame->in->sw->nr_flood))
		vnicx_explain_flood(a, frame, reason);
	else
		vnicx_explain_on(a, frame, reason);
}

/* As vnicx_forward_elsewhere() */
static void vnicx_explain_elsewhere(struct vnicx_answer *a,
				    const struct vnicx_frame *frame,
				    const struct vnicx_scope *scope,
				    const struct vnicx_port *dst)
{
	bool vnic = dst->kind == VNICX_PORT_VNIC;

	if (dst == frame->in)
		vnicx_explain_drop(a, VNICX_REASON_OTHERHOST);
	else if (!scope->roles)
		vnicx_explain_on(a, frame, VNICX_REASON_MODE);
	else if (vnic && !READ_ONCE(dst->role))
		vnicx_explain_unknown(a, frame, VNICX_REASON_DOWN);
	else if (vnic && vnicx_scope_lacks_vlan(scope, dst))
		vnicx_explain_unknown(a, frame, VNICX_REASON_RX_VLAN);
	else if (vnicx_scope_isolates(scope, dst))
		vnicx_explain_drop(a, VNICX_REASON_TX_ISOLATED);
	else
		vnicx_explain_on(a, frame, VNICX_REASON_MODE);
}

/* As vnicx_forward_unicast(), which asks the FDB by the memory of its CPU */
static void vnicx_explain_unicast(struct vnicx_answer *a,
				  const struct vnicx_frame *frame)
{
	const struct vnicx_scope scope = vnicx_forward_scope(frame);
	const struct vnicx_port *dst;

	dst = vnicx_fdb_lookup(frame->in->sw, frame->eth->h_dest, frame->vid);
	if (!dst) {
		vnicx_explain_unknown(a, frame, VNICX_REASON_UNKNOWN);
		return;
	}
	a->owned = true;
	a->owner = dst->id;
	if (!vnicx_scope_admits(&scope, dst)) {
		vnicx_explain_elsewhere(a, frame, &scope, dst);
		return;
	}
	a->decision = VNICX_DECIDE_PORT;
	a->reason = VNICX_REASON_ADDRESS;
	vnicx_explain_to(a, dst);
}

/* As vnicx_forward_sent() */
static void vnicx_explain_sent(struct vnicx_answer *a, struct vnicx_port *in,
			       struct sk_buff *skb)
{
	const struct vnicx_frame frame = vnicx_frame(in, VNICX_PORT_VNIC, skb,
						     eth_hdr(skb));

	a->class = frame.class;
	a->vid = frame.vid;
	switch (frame.class) {
	case VNICX_UNICAST:
		vnicx_explain_unicast(a, &frame);
		break;
	case VNICX_BROADCAST:
	case VNICX_MULTICAST:
		if (vnicx_suppress_is_on(in->sw, frame.class))
			a->unasked |= VNICX_UNASKED_NEIGH_SUPPRESS;
		vnicx_explain_flood(a, &frame, VNICX_REASON_GROUP);
		break;
	case VNICX_LINK_LOCAL:
		vnicx_explain_on(a, &frame, VNICX_REASON_LINK_LOCAL);
		break;
	case VNICX_MAC_CONTROL:
		vnicx_explain_drop(a, VNICX_REASON_UNHANDLED_PROTO);
		break;
	}
}

/* Ask a port's policy, as vnicx_policy_tx() does, about a frame, which is NULL
 * afterwards if there was no memory. Return whether it passes.
 */
static bool vnicx_explain_policy(struct vnicx_answer *a, struct vnicx_port *in,
				 struct sk_buff **pskb)
{
	const struct vnicx_policy *policy = rcu_dereference(in->policy);
	u8 checks = READ_ONCE(in->tx_checks);
	struct sk_buff *skb = *pskb;
	u32 push = 0;

	if (checks & VNICX_CHECK_DISABLED) {
		vnicx_explain_drop(a, VNICX_REASON_TX_DISABLED);
		return false;
	}
	if (policy && policy->vlan.on) {
		skb = vnicx_vlan_in(&policy->vlan, skb, &push);
		*pskb = skb;
		if (!skb)
			return false;
	}
	if (push == VNICX_VLAN_NOWHERE) {
		vnicx_explain_drop(a, VNICX_REASON_TX_VLAN);
		return false;
	}
	a->vid = push ? push & VLAN_VID_MASK :
			vnicx_frame_vid(skb, eth_hdr(skb));
	if (checks & VNICX_CHECK_SPOOF &&
	    !vnicx_spoof_allows(in, eth_hdr(skb)->h_source, a->vid)) {
		vnicx_explain_drop(a, VNICX_REASON_TX_SPOOFED);
		return false;
	}
	if (checks & VNICX_CHECK_TX_RATE ||
	    (policy && (policy->bpf_tx || policy->rate[VNICX_RATE_STORM].chunk ||
			policy->guards & ~VNICX_GUARD_IP_IN)))
		a->unasked |= VNICX_UNASKED_TX;
	if (push)
		*pskb = skb = vnicx_vlan_push(skb, push);
	if (skb && skb_vlan_tag_present(skb) &&
	    vnicx_mistakes_tags(in->sw->lower)) {
		vnicx_explain_drop(a, VNICX_REASON_TX_VLAN);
		return false;
	}
	return skb;
}

/**
 * vnicx_explain() - tell what the switch would do with a frame of a vNIC
 * @in: the vNIC's port
 * @q: the frame
 * @a: where to put the answer
 *
 * The answer is right for as long as no port, address or policy changes. Of a
 * vNIC that is down it says what would become of its frames, which its device
 * does not transmit: VNICX_REASON_TX_DOWN.
 *
 * Context: may sleep. RTNL.
 * Return: 0 or -ENOMEM
 */
int vnicx_explain(struct vnicx_port *in, const struct vnicx_question *q,
		  struct vnicx_answer *a)
{
	struct sk_buff *skb = vnicx_explain_frame(q);
	int err = 0;

	ASSERT_RTNL();

	if (!skb)
		return -ENOMEM;
	*a = (struct vnicx_answer) { .class = vnicx_classify_addr(q->dest) };
	rcu_read_lock();
	if (vnicx_explain_policy(a, in, &skb)) {
		if (READ_ONCE(in->role))
			vnicx_explain_sent(a, in, skb);
		else
			vnicx_explain_drop(a, VNICX_REASON_TX_DOWN);
	} else if (!skb) {
		err = -ENOMEM;
	}
	rcu_read_unlock();
	consume_skb(skb);
	return err;
}
EXPORT_SYMBOL_IF_KUNIT(vnicx_explain);
