/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Copies of a frame for many ports, and the ports' shares of the worker that
 * makes them.
 */
#ifndef _VNICX_FLOOD_H
#define _VNICX_FLOOD_H

#include "internal.h"

/**
 * struct vnicx_flood_to - which ports a flood is for
 * @scope: the ports that may get a copy
 * @flood: only ports with &vnicx_port.flood get a copy
 * @form: only ports that get the frame in this form get a copy
 * @payload: bytes behind the Ethernet header that must fit a port's MTU, 0 for
 *	a frame from the wire, which the lower device has let in
 * @question: what vnicx_lease_settle() knows the frame by, if a port gets an address by
 *	it; else 0
 */
struct vnicx_flood_to {
	struct vnicx_scope scope;
	bool flood;
	u8 form;
	u32 payload;
	u32 question;
};

/**
 * struct vnicx_flood_walk - how far a walk over the receivers of a frame has come
 * @set: index of the current array of members
 * @slot: index of the next slot in it
 * @lost: there was no memory for a copy
 */
struct vnicx_flood_walk {
	u32 set;
	u32 slot;
	bool lost;
};

/* Copies that the flood worker makes before it lets others run on its CPU */
#define VNICX_FLOOD_CHUNK	64

/* flood.c */
void vnicx_flood(struct vnicx_port *in, const struct sk_buff *skb,
		 enum vnicx_class class, struct vnicx_flood_to *to);
bool vnicx_flood_some(struct vnicx_switch *sw, struct sk_buff *skb,
		      const struct vnicx_flood_to *to, enum vnicx_class class,
		      struct vnicx_flood_walk *walk);
void vnicx_flood_receivers(struct vnicx_switch *sw, enum vnicx_class class,
			   const u8 *addr, const struct vnicx_flood_to *to,
			   void (*fn)(void *arg, const struct vnicx_port *port),
			   void *arg);

/* worker.c */
int vnicx_flood_init(void);
void vnicx_flood_exit(void);
void vnicx_flood_start(struct vnicx_switch *sw);
void vnicx_flood_stop(struct vnicx_switch *sw);
void vnicx_flood_enqueue(struct vnicx_port *in, struct sk_buff *skb,
			 enum vnicx_class class,
			 const struct vnicx_flood_to *to);

/* share.c */
void vnicx_flow_init(struct vnicx_switch *sw, struct vnicx_flow *flow,
		     enum vnicx_port_kind kind);
bool vnicx_share_put(struct vnicx_port *in, struct sk_buff *skb);
struct sk_buff *vnicx_share_next(struct vnicx_switch *sw, u32 chunks);
void vnicx_share_pause(struct vnicx_switch *sw, u32 chunks);
struct vnicx_leases *vnicx_share_leases(struct vnicx_switch *sw);
void vnicx_share_leave(struct vnicx_port *port);
void vnicx_share_start(struct vnicx_switch *sw);
void vnicx_share_stop(struct vnicx_switch *sw);

#endif /* _VNICX_FLOOD_H */
