// SPDX-License-Identifier: GPL-2.0
/*
 * The VLANs of a port.
 *
 * Inside the switch, frames have the form that they have on the wire: a frame
 * in a VLAN has that VLAN's tag, whether the vNIC's stack made it or the policy.
 * The policy pushes tags into the metadata, so that a frame is not copied and a
 * super-frame stays whole.
 *
 * Three kinds of ports are one here. A port has a VLAN for its untagged frames,
 * or none; it may send tagged ones, or not; and it receives from one VLAN or
 * from a set of them. Access ports receive from one, trunks from a set, and
 * ports of a private VLAN (RFC 5517) from a set that need not have the VLAN
 * that they send in.
 */
#include <linux/bitmap.h>

#include "policy.h"
#include "vlan.h"

/**
 * vnicx_vlan_init() - compute what the data path reads of a port's VLANs
 * @vlan: the VLANs, the other members set
 */
void vnicx_vlan_init(struct vnicx_vlan *vlan)
{
	vlan->tag = 0;
	vlan->key = VNICX_VLAN_NOWHERE;
	if (vlan->vid) {
		vlan->tag = vnicx_vlan_tag(vlan->proto,
					   vlan->vid |
					   vlan->qos << VLAN_PRIO_SHIFT);
		vlan->key = vlan->tag & VNICX_VLAN_KEY;
	}
}

/**
 * vnicx_vlan_checks() - tell which checks a port's VLANs need
 * @vlan: the VLANs, after vnicx_vlan_init()
 *
 * Return: VNICX_CHECK_*
 */
u8 vnicx_vlan_checks(const struct vnicx_vlan *vlan)
{
	if (!vlan->on)
		return 0;
	if (!vlan->tag)
		return VNICX_CHECK_TX | VNICX_CHECK_RX;
	return VNICX_CHECK_TAG | (vlan->vids ? VNICX_CHECK_RX : 0);
}

/* Take the tag in a frame's data off, @skb->data at the Ethernet header. Returns
 * NULL, the frame freed, when there is no memory. A sender may share the frame,
 * and nothing may write to it then.
 */
static struct sk_buff *vnicx_vlan_pop_data(struct sk_buff *skb, u16 *tci)
{
	skb = skb_share_check(skb, GFP_ATOMIC);
	if (unlikely(!skb))
		return NULL;
	if (unlikely(__skb_vlan_pop(skb, tci))) {
		kfree_skb_reason(skb, SKB_DROP_REASON_NOMEM);
		return NULL;
	}
	return skb;
}

/* Tell whether a tag is one that a port's policy is about. To a port with an
 * S-tag, C-tags are data.
 */
static bool vnicx_vlan_is_tag(const struct vnicx_vlan *vlan, __be16 proto)
{
	return eth_type_vlan(proto) && (vlan->proto == htons(ETH_P_8021Q) ||
					proto == vlan->proto);
}

/* Move the tag that a port's policy is about from a frame's data into the
 * metadata.
 */
static struct sk_buff *vnicx_vlan_lift(const struct vnicx_vlan *vlan,
				       struct sk_buff *skb)
{
	__be16 proto = eth_hdr(skb)->h_proto;
	u16 tci;

	/* A truncated tag stays where it is and is refused for that. */
	if (skb_vlan_tag_present(skb) ||
	    likely(!vnicx_vlan_is_tag(vlan, proto)) ||
	    !pskb_may_pull(skb, VLAN_ETH_HLEN))
		return skb;
	skb = vnicx_vlan_pop_data(skb, &tci);
	if (likely(skb))
		__vlan_hwaccel_put_tag(skb, proto, tci);
	return skb;
}

/* Untagged frames are in the port's own VLAN, or in none if the port receives
 * from that. A tag behind a priority tag is not passed on: without the outer
 * tag, a physical switch would take the frame for another VLAN's.
 */
static bool vnicx_vlan_admits_untagged(const struct vnicx_vlan *vlan,
				       const struct sk_buff *skb)
{
	if (vnicx_vlan_is_tag(vlan, eth_hdr(skb)->h_proto))
		return false;
	return vlan->tag || vnicx_vlan_has(vlan, 0);
}

/* Take a priority tag off a frame, and return the tag that takes its place. A
 * frame that is to be in no VLAN keeps it.
 */
static u32 vnicx_vlan_of_priority(const struct vnicx_vlan *vlan,
				  struct sk_buff *skb)
{
	u32 prio = skb_vlan_tag_get(skb) & VLAN_PRIO_MASK;

	if (!vlan->tag)
		return 0;
	__vlan_hwaccel_clear_tag(skb);
	return vlan->keep || vlan->tagged ?
	       (vlan->tag & ~VLAN_PRIO_MASK) | prio : vlan->tag;
}

/**
 * vnicx_vlan_in() - check the tag of a frame that a port sends
 * @vlan: the port's VLANs
 * @skb: the frame, skb->data at its Ethernet header; its tag is in the metadata
 *	afterwards
 * @push: gets the tag that vnicx_vlan_push() has to give the frame, 0 for none;
 *	VNICX_VLAN_NOWHERE when the policy forbids the frame
 *
 * A priority tag (VID 0) makes no VLAN: the VLAN's own tag takes its place.
 *
 * Return: the frame, or another in its place, or NULL when there was no memory
 */
struct sk_buff *vnicx_vlan_in(const struct vnicx_vlan *vlan,
			      struct sk_buff *skb, u32 *push)
{
	*push = VNICX_VLAN_NOWHERE;
	skb = vnicx_vlan_lift(vlan, skb);
	if (unlikely(!skb))
		return NULL;

	if (!skb_vlan_tag_present(skb) ||
	    !vnicx_vlan_is_tag(vlan, skb->vlan_proto)) {
		if (vnicx_vlan_admits_untagged(vlan, skb))
			*push = vlan->tag;
	} else if (skb_vlan_tag_get_id(skb)) {
		u32 tag = vnicx_vlan_tag(skb->vlan_proto,
					 skb_vlan_tag_get_id(skb));

		if (vlan->tagged && vnicx_vlan_has(vlan, tag))
			*push = 0;
	} else if (vnicx_vlan_admits_untagged(vlan, skb)) {
		*push = vnicx_vlan_of_priority(vlan, skb);
	}
	return skb;
}

/**
 * vnicx_vlan_push() - give a frame the tag of its VLAN
 * @skb: the frame, skb->data at its Ethernet header
 * @push: the tag, from vnicx_vlan_in()
 *
 * A C-tag in the metadata gives way to an S-tag.
 *
 * Return: the frame, or another in its place, or NULL when there was no memory
 */
struct sk_buff *vnicx_vlan_push(struct sk_buff *skb, u32 push)
{
	if (unlikely(skb_vlan_tag_present(skb))) {
		skb = skb_share_check(skb, GFP_ATOMIC);
		if (likely(skb))
			skb = __vlan_hwaccel_push_inside(skb);
		if (unlikely(!skb))
			return NULL;
	}
	vnicx_vlan_put(skb, vnicx_vlan_raw(push));
	return skb;
}

/* Take the outer tag off a frame in transmit or receive form. */
static struct sk_buff *vnicx_vlan_pop(struct sk_buff *skb)
{
	unsigned int offset = skb->data - skb_mac_header(skb);
	u16 tci;

	if (likely(skb_vlan_tag_present(skb))) {
		__vlan_hwaccel_clear_tag(skb);
		return skb;
	}
	skb_push_rcsum(skb, offset);
	skb = vnicx_vlan_pop_data(skb, &tci);
	if (likely(skb))
		skb_pull_rcsum(skb, offset);
	return skb;
}

/**
 * vnicx_vlan_out() - give a frame the tag that its receiver is to see
 * @vlan: the port's VLANs
 * @skb: the frame, in transmit or receive form; its head may be shared
 *
 * Return: the frame, or another in its place, or NULL when there was no memory
 */
struct sk_buff *vnicx_vlan_out(const struct vnicx_vlan *vlan,
			       struct sk_buff *skb)
{
	u16 vid = vnicx_frame_vid(skb, eth_hdr(skb));

	if (vid && (!vlan->tagged || vid == vlan->vid))
		skb = vnicx_vlan_pop(skb);
	return skb;
}
