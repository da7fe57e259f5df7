/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The scope of a frame: the ports that may get it. One predicate serves unicast
 * and flooded frames, whether a vNIC, the host or the wire sent them.
 *
 * A port that is up has a role: a vNIC's mode, or that of the host. The table
 * vnicx_mode_reach tells for each mode which roles its frames reach. A port
 * that is down has no role and reaches none.
 *
 * A port that is not for all frames that reach its mode has other roles instead:
 * it is in some VLANs only, or isolated. No frame reaches these roles, so that
 * a port without them costs nothing to tell; vnicx_scope_admits() looks closer.
 */
#ifndef _VNICX_SCOPE_H
#define _VNICX_SCOPE_H

#include "internal.h"
#include "policy/vlan.h"

#define VNICX_ROLE(mode)	BIT(VNICX_MODE_ ## mode)
#define VNICX_ROLE_HOST		BIT(__VNICX_MODE_MAX)

/* Roles instead of a vNIC's mode */
#define VNICX_ROLE_VLAN		BIT(__VNICX_MODE_MAX + 1)
#define VNICX_ROLE_ISOLATED	BIT(__VNICX_MODE_MAX + 2)
#define VNICX_ROLES_CHOOSY	(VNICX_ROLE_VLAN | VNICX_ROLE_ISOLATED)

/* A set of roles is a byte. */
static_assert(__VNICX_MODE_MAX + 2 < BITS_PER_BYTE);

/* Roles that a frame of the host reaches */
#define VNICX_REACH_HOST	VNICX_ROLE(BRIDGE)

/* Roles that a frame of a station on the wire reaches. Ports in source mode are
 * not among them, because vnicx_source_deliver() gave them the frame before.
 */
#define VNICX_REACH_WIRE						\
	(VNICX_ROLE(BRIDGE) | VNICX_ROLE(VEPA) | VNICX_ROLE(PRIVATE) |	\
	 VNICX_ROLE(PASSTHRU))

/**
 * struct vnicx_mode_reach - the roles that a vNIC's frames reach, by its mode
 * @direct: roles reached on the switch
 * @reflected: roles reached when the wire sends back a broadcast or multicast
 *	frame of the vNIC
 * @not_self: the vNIC itself does not get the reflected frame
 * @only_self: no other vNIC gets the reflected frame
 * @unicast: roles reached when the wire sends back a unicast frame of the vNIC
 */
struct vnicx_mode_reach {
	u8 direct;
	u8 reflected;
	bool not_self;
	bool only_self;
	u8 unicast;
};

extern const struct vnicx_mode_reach vnicx_mode_reach[__VNICX_MODE_MAX];

u8 vnicx_scope_choosy(const struct vnicx_port *port);
u32 vnicx_scope_only(const struct vnicx_port *port);

/**
 * vnicx_scope_is_isolated() - tell whether a port is isolated, even while it is
 *	down and has no role
 * @port: the port
 *
 * The wire may send back a frame of a vNIC that has gone down since.
 *
 * Context: RCU read side.
 * Return: whether it is
 */
static inline bool vnicx_scope_is_isolated(const struct vnicx_port *port)
{
	const struct vnicx_policy *policy = rcu_dereference(port->policy);

	return policy && policy->isolated;
}

/**
 * vnicx_scope_has() - tell whether a port without VNICX_ROLES_CHOOSY is in a
 *	frame's scope
 * @scope: the frame's scope
 * @port: the port
 *
 * Return: whether it is, and may get the frame
 */
static __always_inline bool vnicx_scope_has(const struct vnicx_scope *scope,
					    const struct vnicx_port *port)
{
	return scope->roles & READ_ONCE(port->role) &&
	       port->id != scope->except &&
	       (!scope->only || port->id == scope->only);
}

/**
 * vnicx_scope_shares() - tell at once of some ports in bridge mode with
 *	VNICX_ROLE_VLAN that they are in a frame's scope
 * @scope: the frame's scope
 * @port: the port
 * @skb: the frame
 *
 * Return: true if it is: most likely between vNICs of one access VLAN; false
 * says nothing
 */
static __always_inline bool vnicx_scope_shares(const struct vnicx_scope *scope,
					       const struct vnicx_port *port,
					       const struct sk_buff *skb)
{
	return vnicx_vlan_matches(skb, READ_ONCE(port->only)) &&
	       scope->roles & VNICX_ROLE(BRIDGE) &&
	       port->id != scope->except &&
	       (!scope->only || port->id == scope->only);
}

/**
 * vnicx_scope_isolates() - tell whether isolation keeps a frame from a port
 * @scope: the frame's scope
 * @port: the port
 *
 * Return: whether sender and port are isolated
 */
static inline bool vnicx_scope_isolates(const struct vnicx_scope *scope,
					const struct vnicx_port *port)
{
	return scope->isolated && READ_ONCE(port->role) & VNICX_ROLE_ISOLATED;
}

/**
 * vnicx_scope_lacks_vlan() - tell whether a port is not in a frame's VLAN
 * @scope: the frame's scope
 * @port: the port
 *
 * Context: RCU read side.
 * Return: whether it is not; false for a port that is down
 */
static inline bool vnicx_scope_lacks_vlan(const struct vnicx_scope *scope,
					  const struct vnicx_port *port)
{
	return READ_ONCE(port->role) & VNICX_ROLE_VLAN &&
	       !vnicx_vlan_is_member(port, scope->vlan);
}

/**
 * vnicx_scope_chooses() - tell whether a port with VNICX_ROLES_CHOOSY is in a
 *	frame's scope
 * @scope: the frame's scope, all members set
 * @port: the port
 *
 * Context: RCU read side.
 * Return: whether it is, and may get the frame
 */
static inline bool vnicx_scope_chooses(const struct vnicx_scope *scope,
				       const struct vnicx_port *port)
{
	return READ_ONCE(port->role) & VNICX_ROLES_CHOOSY &&
	       scope->roles & BIT(READ_ONCE(port->mode)) &&
	       port->id != scope->except &&
	       (!scope->only || port->id == scope->only) &&
	       !vnicx_scope_isolates(scope, port) &&
	       !vnicx_scope_lacks_vlan(scope, port);
}

/**
 * vnicx_scope_admits() - tell whether a port is in a frame's scope
 * @scope: the frame's scope, all members set
 * @port: the port
 *
 * Context: RCU read side.
 * Return: whether it is, and may get the frame
 */
static __always_inline bool vnicx_scope_admits(const struct vnicx_scope *scope,
					       const struct vnicx_port *port)
{
	return vnicx_scope_has(scope, port) || vnicx_scope_chooses(scope, port);
}

#endif /* _VNICX_SCOPE_H */
