/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The mark of a frame that has been switched: set, tested and taken off. In line
 * for the walk of a frame; mark.c tells what it is and how long it lives.
 */
#ifndef _VNICX_MARK_H
#define _VNICX_MARK_H

#include <net/dst_metadata.h>

#include "internal.h"

/**
 * struct vnicx_mark - what frames of one switch carry
 * @list: among the marks that have no switch
 * @md: the destination by which a frame is known
 */
struct vnicx_mark {
	struct list_head list;
	struct metadata_dst *md;
};

int vnicx_mark_init(struct vnicx_switch *sw);
void vnicx_mark_destroy(struct vnicx_switch *sw);
void vnicx_mark_exit(void);
void vnicx_mark_for_wire(struct vnicx_switch *sw, struct sk_buff *skb);

/**
 * vnicx_mark_set() - mark a frame
 * @sw: the switch
 * @skb: the frame; loses the route that it may have
 *
 * Context: RCU read side or bottom halves disabled.
 */
static inline void vnicx_mark_set(const struct vnicx_switch *sw,
				  struct sk_buff *skb)
{
	skb_dst_drop(skb);
	skb_dst_set_noref(skb, sw->seen);
}

/**
 * vnicx_mark_consume() - tell whether a frame has been switched already
 * @sw: the switch
 * @skb: the frame; loses its mark
 *
 * Return: whether it has, and is not to be switched again
 */
static inline bool vnicx_mark_consume(const struct vnicx_switch *sw,
				      struct sk_buff *skb)
{
	if (likely(skb_dst(skb) != sw->seen))
		return false;
	skb_dst_drop(skb);
	return true;
}

#endif /* _VNICX_MARK_H */
