// SPDX-License-Identifier: GPL-2.0
/*
 * What few frames need of classification, out of line.
 */
#include <kunit/visibility.h>

#include "classify.h"

/**
 * vnicx_tag_vid() - find the VLAN of a frame that has its tag in it
 * @skb: the frame, its MAC header set
 *
 * Return: the VID, 0 when the frame ends before it does
 */
u16 vnicx_tag_vid(const struct sk_buff *skb)
{
	const struct vlan_hdr *tag;
	struct vlan_hdr buf;

	tag = skb_header_pointer(skb, skb_mac_offset(skb) + ETH_HLEN,
				 sizeof(buf), &buf);
	return tag ? ntohs(tag->h_vlan_TCI) & VLAN_VID_MASK : 0;
}
EXPORT_SYMBOL_IF_KUNIT(vnicx_tag_vid);
