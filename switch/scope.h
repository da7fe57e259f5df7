/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Who may get a frame. One predicate answers for one station and for many, for
 * frames that vNICs and the host send and for those from the wire.
 *
 * A port that is up has a role: its mode, or to be the host. What the modes mean
 * is a table of roles. A port that is down has no role and reaches none.
 */
#ifndef _VNICX_SCOPE_H
#define _VNICX_SCOPE_H

#include "internal.h"

#define VNICX_ROLE(mode)	BIT(VNICX_MODE_ ## mode)
#define VNICX_ROLE_HOST		BIT(__VNICX_MODE_MAX)

/* What a frame of the host reaches */
#define VNICX_REACH_HOST	VNICX_ROLE(BRIDGE)

/* What a frame of a station on the wire reaches. Ports in source mode have been
 * asked before, by its source.
 */
#define VNICX_REACH_WIRE						\
	(VNICX_ROLE(BRIDGE) | VNICX_ROLE(VEPA) | VNICX_ROLE(PRIVATE) |	\
	 VNICX_ROLE(PASSTHRU))

/**
 * struct vnicx_mode_reach - what the frames of a vNIC reach, by its mode
 * @direct: the roles, on the switch
 * @reflected: the roles, when the wire brings back what the vNIC sent to many
 * @not_self: the vNIC itself does not get that
 * @only_self: nobody else gets it
 * @unicast: the roles, when the wire brings back what the vNIC sent to one
 */
struct vnicx_mode_reach {
	u8 direct;
	u8 reflected;
	bool not_self;
	bool only_self;
	u8 unicast;
};

extern const struct vnicx_mode_reach vnicx_mode_reach[__VNICX_MODE_MAX];

/**
 * vnicx_scope_has() - tell whether a port may get a frame
 * @scope: the frame's scope
 * @port: the port
 *
 * Return: whether it may
 */
static __always_inline bool vnicx_scope_has(const struct vnicx_scope *scope,
					    const struct vnicx_port *port)
{
	return scope->roles & READ_ONCE(port->role) &&
	       port->id != scope->except &&
	       (!scope->only || port->id == scope->only);
}

#endif /* _VNICX_SCOPE_H */
