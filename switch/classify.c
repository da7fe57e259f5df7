// SPDX-License-Identifier: GPL-2.0
/*
 * Classification of rare frames, out of line.
 */
#include <kunit/visibility.h>

#include "classify.h"

/**
 * vnicx_tag_vid() - read the VLAN from the tag in a frame's data
 * @skb: the frame, its MAC header set
 *
 * Return: the VID, or VNICX_VID_NONE when the tag is truncated
 */
u16 vnicx_tag_vid(const struct sk_buff *skb)
{
	const struct vlan_hdr *tag;
	struct vlan_hdr buf;

	tag = skb_header_pointer(skb, skb_mac_offset(skb) + ETH_HLEN,
				 sizeof(buf), &buf);
	return tag ? ntohs(tag->h_vlan_TCI) & VLAN_VID_MASK : VNICX_VID_NONE;
}
EXPORT_SYMBOL_IF_KUNIT(vnicx_tag_vid);

/**
 * vnicx_tagged_proto() - find the EtherType behind the tags in a frame's data
 * @skb: the frame, its MAC header set, with at least one tag in its data
 *
 * Looks behind up to VLAN_MAX_DEPTH tags, as the core does.
 *
 * Return: the EtherType, or 0 when the frame is truncated or has more tags
 */
__be16 vnicx_tagged_proto(const struct sk_buff *skb)
{
	int i, offset = skb_mac_offset(skb) + ETH_HLEN;
	const struct vlan_hdr *tag;
	struct vlan_hdr buf;

	for (i = 0; i < VLAN_MAX_DEPTH; i++, offset += VLAN_HLEN) {
		tag = skb_header_pointer(skb, offset, sizeof(buf), &buf);
		if (!tag)
			return 0;
		if (!eth_type_vlan(tag->h_vlan_encapsulated_proto))
			return tag->h_vlan_encapsulated_proto;
	}
	return 0;
}
EXPORT_SYMBOL_IF_KUNIT(vnicx_tagged_proto);

/**
 * vnicx_set_network_header() - set where a frame's network header is
 * @skb: the frame
 * @eth: its Ethernet header, with tags behind it
 *
 * Looks behind up to VLAN_MAX_DEPTH tags, as the core does.
 */
void vnicx_set_network_header(struct sk_buff *skb, const struct ethhdr *eth)
{
	int i, offset = (const u8 *)(eth + 1) - skb->data;
	__be16 proto = eth->h_proto;
	const struct vlan_hdr *tag;
	struct vlan_hdr buf;

	for (i = 0; i < VLAN_MAX_DEPTH && eth_type_vlan(proto); i++) {
		tag = skb_header_pointer(skb, offset, sizeof(buf), &buf);
		if (!tag)
			break;
		proto = tag->h_vlan_encapsulated_proto;
		offset += VLAN_HLEN;
	}
	skb_set_network_header(skb, offset);
}

/**
 * vnicx_classify_reserved() - classify a frame to a reserved group
 * @addr: the group, 01:80:c2:00:00:0x
 *
 * A switch that does not run the spanning tree protocol forwards its frames, so
 * that the bridges behind it find the loops that it is part of.
 *
 * Return: the frame's class
 */
enum vnicx_class vnicx_classify_reserved(const u8 *addr)
{
	switch (addr[ETH_ALEN - 1]) {
	case 0x00:
		return VNICX_MULTICAST;
	case 0x01:
		return VNICX_MAC_CONTROL;
	default:
		return VNICX_LINK_LOCAL;
	}
}
EXPORT_SYMBOL_IF_KUNIT(vnicx_classify_reserved);
