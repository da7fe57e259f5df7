/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _COMPAT_NET_IPV6_H
#define _COMPAT_NET_IPV6_H

#include_next <net/ipv6.h>

/**
 * compat_ipv6_jumbo_len() - tell what segmentation takes out of a super-frame's headers
 * @skb: the super-frame, skb->data at its Ethernet header
 *
 * Older kernels put a hop-by-hop header into one of IPv6 that is longer than 64 kB, which
 * no segment has. Unlike ipv6_has_hopopt_jumbo(), this sees it behind a tag in the frame,
 * too.
 *
 * Return: length of that header in bytes, 0 for none
 */
static inline unsigned int compat_ipv6_jumbo_len(const struct sk_buff *skb)
{
#ifdef COMPAT_HAS_HOP_JUMBO_HDR
	const unsigned int end = skb_network_offset(skb) +
		sizeof(struct ipv6hdr) + sizeof(struct hop_jumbo_hdr);

	if (unlikely(skb->len > GRO_LEGACY_MAX_SIZE) &&
	    skb_shinfo(skb)->gso_type & SKB_GSO_TCPV6 &&
	    skb_headlen(skb) >= end && ipv6_hdr(skb)->nexthdr == NEXTHDR_HOP)
		return sizeof(struct hop_jumbo_hdr);
#endif
	return 0;
}

#endif /* _COMPAT_NET_IPV6_H */
