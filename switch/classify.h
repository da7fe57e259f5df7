/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Classification: the headers of a frame tell which ports it may be for.
 * Nothing here looks at a switch or changes a frame. Inline, because every
 * frame passes here.
 */
#ifndef _VNICX_CLASSIFY_H
#define _VNICX_CLASSIFY_H

#include <linux/etherdevice.h>
#include <linux/if_vlan.h>

#include "internal.h"

u16 vnicx_tag_vid(const struct sk_buff *skb);
__be16 vnicx_tagged_proto(const struct sk_buff *skb);
enum vnicx_class vnicx_classify_reserved(const u8 *addr);

/**
 * vnicx_is_special() - tell whether the addresses of a frame are not enough
 * @proto: the EtherType in its Ethernet header
 *
 * Return: whether the frame is MAC control or has a VLAN tag in its data
 */
static inline bool vnicx_is_special(__be16 proto)
{
	/* Most frames are IPv4 and take one compare. */
	return proto != htons(ETH_P_IP) &&
	       (proto == htons(ETH_P_PAUSE) || eth_type_vlan(proto));
}

/**
 * vnicx_classify_addr() - classify a frame by its destination address
 * @dest: the destination address of a frame that is not vnicx_is_special()
 *
 * Return: the frame's class
 */
static inline enum vnicx_class vnicx_classify_addr(const u8 *dest)
{
	if (likely(!is_multicast_ether_addr(dest)))
		return VNICX_UNICAST;
	if (is_broadcast_ether_addr(dest))
		return VNICX_BROADCAST;
	if (is_link_local_ether_addr(dest))
		return vnicx_classify_reserved(dest);
	return VNICX_MULTICAST;
}

/**
 * vnicx_classify() - classify a frame
 * @skb: the frame, its MAC header set
 * @eth: its Ethernet header
 *
 * MAC control is recognised by its EtherType, also behind VLAN tags, or by its
 * group.
 *
 * Return: the frame's class
 */
static inline enum vnicx_class vnicx_classify(const struct sk_buff *skb,
					      const struct ethhdr *eth)
{
	if (unlikely(vnicx_is_special(eth->h_proto)) &&
	    (eth->h_proto == htons(ETH_P_PAUSE) ||
	     vnicx_tagged_proto(skb) == htons(ETH_P_PAUSE)))
		return VNICX_MAC_CONTROL;
	return vnicx_classify_addr(eth->h_dest);
}

/**
 * vnicx_frame_vid() - find the VLAN of a frame
 * @skb: the frame, its MAC header set, its tag offloaded or in its data
 * @eth: its Ethernet header
 *
 * A frame with a priority tag (VID 0, IEEE 802.1Q clause 9.6) or with a
 * truncated tag is in no VLAN.
 *
 * Return: the VID, VNICX_VID_NONE for a frame in no VLAN
 */
static inline u16 vnicx_frame_vid(const struct sk_buff *skb,
				  const struct ethhdr *eth)
{
	if (skb_vlan_tag_present(skb))
		return skb_vlan_tag_get_id(skb);
	return likely(!eth_type_vlan(eth->h_proto)) ? VNICX_VID_NONE :
						 vnicx_tag_vid(skb);
}

#endif /* _VNICX_CLASSIFY_H */
