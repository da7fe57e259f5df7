/* SPDX-License-Identifier: GPL-2.0 */
/*
 * neigh_suppress: an ARP request goes to the vNIC that answers it, alone.
 */
#ifndef _VNICX_SUPPRESS_H
#define _VNICX_SUPPRESS_H

#include "internal.h"
#include "policy/parse.h"

bool vnicx_suppress_asks(const struct vnicx_parsed *p);
struct vnicx_port *vnicx_suppress_answerer(struct vnicx_switch *sw,
					   const struct sk_buff *skb,
					   const struct vnicx_scope *scope);

/**
 * vnicx_suppress_is_on() - tell whether an ARP request may go to one vNIC alone
 * @sw: the switch
 * @class: the class of a frame that is not unicast
 *
 * Return: whether it may, if the frame is one
 */
static inline bool vnicx_suppress_is_on(const struct vnicx_switch *sw,
					enum vnicx_class class)
{
	return unlikely(READ_ONCE(sw->neigh_suppress)) &&
	       class == VNICX_BROADCAST;
}

#endif /* _VNICX_SUPPRESS_H */
