/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Shared by the walks of frames, wherever the frames come from.
 */
#ifndef _VNICX_FORWARD_H
#define _VNICX_FORWARD_H

#include "deliver.h"
#include "fdb.h"
#include "flood.h"
#include "frame.h"
#include "mark.h"
#include "policy/policy.h"
#include "scope.h"
#include "snoop.h"
#include "trace.h"

/**
 * vnicx_forward_trace() - trace the switch's decision about a frame
 * @frame: the frame
 * @out: the port that it is for, or NULL
 * @decision: the decision
 * @reason: why it is dropped, or 0
 */
static __always_inline void vnicx_forward_trace(const struct vnicx_frame *frame,
						const struct vnicx_port *out,
						enum vnicx_decision decision,
						enum skb_drop_reason reason)
{
	trace_vnicx_forward(frame->skb, frame->in, out, frame->class,
			    frame->vid, decision, reason);
}

/**
 * vnicx_forward_scope() - get the whole scope of a frame transmitted by a vNIC or
 *	the host
 * @frame: the frame
 *
 * Return: the scope, all members set
 */
static __always_inline struct vnicx_scope
vnicx_forward_scope(const struct vnicx_frame *frame)
{
	return (struct vnicx_scope) {
		.roles = READ_ONCE(frame->in->reach),
		.except = frame->in->id,
		.vlan = vnicx_vlan_key(frame->skb, frame->vid),
		.isolated = READ_ONCE(frame->in->role) & VNICX_ROLE_ISOLATED,
	};
}

/**
 * vnicx_forward_lacks() - tell whether the address of a port is treated as
 *	unknown
 * @scope: the scope of a frame to the address, all members set
 * @dst: the port that has the address
 *
 * It is if the port is down or not in the frame's VLAN; the latter is counted
 * there.
 *
 * Context: RCU read side, bottom halves disabled.
 * Return: whether it is
 */
static inline bool vnicx_forward_lacks(const struct vnicx_scope *scope,
				       struct vnicx_port *dst)
{
	if (dst->kind != VNICX_PORT_VNIC)
		return false;
	if (!READ_ONCE(dst->role))
		return true;
	if (!vnicx_scope_lacks_vlan(scope, dst))
		return false;
	vnicx_policy_count(dst, VNICX_CAUSE_RX_VLAN);
	vnicx_port_inc(dst, VNICX_RX_DROPPED);
	return true;
}

#endif /* _VNICX_FORWARD_H */
