/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The mark of a frame that the switch has handled: set, tested and removed.
 * Inline for the data path; mark.c tells what the mark is and how long it
 * lives.
 */
#ifndef _VNICX_MARK_H
#define _VNICX_MARK_H

#include <linux/netfilter_netdev.h>
#include <net/dst_metadata.h>

#include "internal.h"

/**
 * struct vnicx_mark - the mark that frames of one switch carry
 * @list: entry in the list of marks that have no switch
 * @md: the metadata destination by which a frame is recognised
 */
struct vnicx_mark {
	struct list_head list;
	struct metadata_dst *md;
};

int vnicx_mark_init(struct vnicx_switch *sw);
void vnicx_mark_destroy(struct vnicx_switch *sw);
void vnicx_mark_exit(void);

/**
 * vnicx_mark_set() - mark a frame
 * @sw: the switch
 * @skb: the frame; loses its route, if it has one
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
 * vnicx_mark_is_on() - tell whether a frame has the switch's mark
 * @sw: the switch
 * @skb: the frame
 *
 * Return: whether it has
 */
static inline bool vnicx_mark_is_on(const struct vnicx_switch *sw,
				    const struct sk_buff *skb)
{
	return skb_dst(skb) == sw->seen;
}

/**
 * vnicx_mark_consume() - remove the switch's mark from a frame
 * @sw: the switch
 * @skb: the frame
 *
 * Return: whether the frame had the mark, and must not be switched again
 */
static inline bool vnicx_mark_consume(const struct vnicx_switch *sw,
				      struct sk_buff *skb)
{
	if (likely(!vnicx_mark_is_on(sw, skb)))
		return false;
	skb_dst_drop(skb);
	return true;
}

/* Tell whether the switch alone uses the egress hook of its lower device. */
static inline bool vnicx_mark_is_only_hook(const struct vnicx_switch *sw,
					   const struct net_device *lower)
{
#ifdef CONFIG_NETFILTER_SKIP_EGRESS
	const struct nf_hook_entries *hooks;

	hooks = rcu_dereference_bh(lower->nf_hooks_egress);
	return likely(hooks && hooks->num_hook_entries == 1 &&
		      hooks->hooks[0].priv == sw);
#else
	return false;
#endif
}

/**
 * vnicx_mark_meets_rules() - tell whether the lower device's egress hook has rules
 * @sw: the switch
 * @lower: its lower device
 *
 * Context: RCU read side or bottom halves disabled.
 * Return: whether another than the switch uses it
 */
static inline bool vnicx_mark_meets_rules(const struct vnicx_switch *sw,
					  const struct net_device *lower)
{
#ifdef CONFIG_NETFILTER_EGRESS
	const struct nf_hook_entries *hooks;

	hooks = rcu_dereference_bh(lower->nf_hooks_egress);
	return hooks && (hooks->num_hook_entries != 1 ||
			 hooks->hooks[0].priv != sw);
#else
	return false;
#endif
}

/**
 * vnicx_mark_for_wire() - mark a frame that the lower device is to transmit
 * @sw: the switch
 * @lower: its lower device
 * @skb: the frame
 *
 * If the user has no rules in the egress hook, the frame skips the hook instead
 * of carrying the mark. If the host is not on the switch, it needs none.
 *
 * Context: RCU read side, which lasts until the frame is in the egress hook;
 * bottom halves disabled.
 */
static inline void vnicx_mark_for_wire(const struct vnicx_switch *sw,
				       const struct net_device *lower,
				       struct sk_buff *skb)
{
	if (vnicx_mark_is_only_hook(sw, lower)) {
		skb_dst_drop(skb);
		nf_skip_egress(skb, true);
	} else if (READ_ONCE(sw->host.role)) {
		vnicx_mark_set(sw, skb);
	}
}

#endif /* _VNICX_MARK_H */
