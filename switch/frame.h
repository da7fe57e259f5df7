/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A frame and what its headers say, parsed once. Always inlined: the compiler
 * keeps the members in registers and drops those that nobody reads.
 */
#ifndef _VNICX_FRAME_H
#define _VNICX_FRAME_H

#include "classify.h"

/**
 * struct vnicx_frame - a frame, and what its headers say
 * @skb: the frame, its MAC header set
 * @eth: its Ethernet header
 * @in: the ingress port
 * @from: the kind of @in, known at compile time
 * @class: enum vnicx_class
 * @vid: the VLAN, VNICX_VID_NONE for none. A word, so that no step has to extend it
 */
struct vnicx_frame {
	struct sk_buff *skb;
	const struct ethhdr *eth;
	struct vnicx_port *in;
	u8 from;
	u8 class;
	u32 vid;
};

/**
 * vnicx_frame_tagged() - parse a frame's headers, and tell of a tag
 * @in: the ingress port
 * @from: its kind, a constant
 * @skb: the frame, its MAC header set
 * @eth: its Ethernet header, which is skb->data of a frame in transmit form
 * @is_ip: its EtherType is known to be IPv4's or IPv6's
 * @tagged: gets whether the frame may have a tag, maybe a priority tag. Not a member of
 *	the frame, which is copied for the functions out of line
 *
 * Return: the frame with its class and VLAN
 */
static __always_inline struct vnicx_frame
vnicx_frame_tagged(struct vnicx_port *in, enum vnicx_port_kind from,
		   struct sk_buff *skb, const struct ethhdr *eth, bool is_ip,
		   bool *tagged)
{
	struct vnicx_frame frame = {
		.skb = skb,
		.eth = eth,
		.in = in,
		.from = from,
	};

	if (is_ip || likely(!vnicx_is_special(eth->h_proto))) {
		frame.class = vnicx_classify_addr(eth->h_dest);
		*tagged = skb_vlan_tag_present(skb);
		frame.vid = *tagged ? skb_vlan_tag_get_id(skb) : VNICX_VID_NONE;
	} else {
		*tagged = true;
		frame.class = vnicx_classify(skb, eth);
		frame.vid = vnicx_frame_vid(skb, eth);
	}
	return frame;
}

/**
 * vnicx_frame() - parse a frame's headers
 * @in: the ingress port
 * @from: its kind, a constant
 * @skb: the frame, its MAC header set
 * @eth: its Ethernet header
 *
 * Return: the frame with its class and VLAN
 */
static __always_inline struct vnicx_frame
vnicx_frame(struct vnicx_port *in, enum vnicx_port_kind from,
	    struct sk_buff *skb, const struct ethhdr *eth)
{
	bool tagged;

	return vnicx_frame_tagged(in, from, skb, eth, false, &tagged);
}

#endif /* _VNICX_FRAME_H */
