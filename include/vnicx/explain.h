/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Explanations: what the switch would do with a frame of a vNIC.
 */
#ifndef _VNICX_EXPLAIN_H
#define _VNICX_EXPLAIN_H

#include <linux/if_ether.h>
#include <linux/vnicx.h>

struct vnicx_port;

/* Ports that an answer names; the others are counted */
#define VNICX_EXPLAIN_PORTS	64

/**
 * struct vnicx_question - a frame that a vNIC might send
 * @dest: its destination address
 * @source: its source address
 * @vid: the VID in its tag (802.1Q), VNICX_VID_NONE for a frame without
 *
 * It has no payload that a policy would look at.
 */
struct vnicx_question {
	u8 dest[ETH_ALEN];
	u8 source[ETH_ALEN];
	u16 vid;
};

/**
 * struct vnicx_answer - what the switch would do with it, and why
 * @class: VNICX_CLASS_*
 * @decision: VNICX_DECISION_*
 * @reason: enum vnicx_reason
 * @unasked: VNICX_UNASKED_*: policies that might still decide otherwise, by the
 *	payload or the rate
 * @vid: its VLAN on the switch, VNICX_VID_NONE for none, or if it does not get there
 * @owned: a port has its destination address
 * @owner: the id of that port
 * @nr: number of ports that the frame would be handed to, the wire among them
 * @port: the ids of these ports, if they are not more than VNICX_EXPLAIN_PORTS,
 *	or of some
 */
struct vnicx_answer {
	u8 class;
	u8 decision;
	u8 reason;
	u8 unasked;
	u16 vid;
	bool owned;
	u32 owner;
	u32 nr;
	u32 port[VNICX_EXPLAIN_PORTS];
};

/* explain.c */
int vnicx_explain(struct vnicx_port *in, const struct vnicx_question *q,
		  struct vnicx_answer *a);

#endif /* _VNICX_EXPLAIN_H */
