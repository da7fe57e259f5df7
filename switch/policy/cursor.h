/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How the files of the parser go along a frame.
 */
#ifndef _VNICX_CURSOR_H
#define _VNICX_CURSOR_H

#include "parse.h"

/**
 * struct vnicx_cursor - how far a frame is parsed
 * @skb: the frame
 * @p: what it says, so far
 * @offset: where the next header begins, from skb->data on
 * @limit: where the packet ends by its own length; of IPv6 only
 */
struct vnicx_cursor {
	const struct sk_buff *skb;
	struct vnicx_parsed *p;
	int offset;
	int limit;
};

/* Get @len bytes at the cursor, which does not move; NULL if the frame ends. */
static __always_inline const void *
vnicx_parse_peek(const struct vnicx_cursor *c, unsigned int len, void *buf)
{
	return skb_header_pointer(c->skb, c->offset, len, buf);
}

/* Note that the result depends on @len bytes at the cursor. */
static __always_inline void vnicx_parse_saw(const struct vnicx_cursor *c,
					    unsigned int len)
{
	c->p->end = c->offset + len - skb_mac_offset(c->skb);
}

/* Note a link-layer address; false if the frame has too many. */
static inline bool vnicx_parse_claim(struct vnicx_parsed *p, const u8 *addr)
{
	if (p->nr_claims == VNICX_PARSE_CLAIMS)
		return false;
	memcpy(p->claim[p->nr_claims++], addr, ETH_ALEN);
	return true;
}

/* parse_upper.c */
bool vnicx_parse_udp(struct vnicx_cursor *c);
bool vnicx_parse_icmp(struct vnicx_cursor *c);
bool vnicx_parse_icmp6(struct vnicx_cursor *c);

#endif /* _VNICX_CURSOR_H */
