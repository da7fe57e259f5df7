// SPDX-License-Identifier: GPL-2.0
/*
 * The modes of vNICs, as data; and the roles that policies give.
 */
#include <linux/rtnetlink.h>

#include "scope.h"

const struct vnicx_mode_reach vnicx_mode_reach[__VNICX_MODE_MAX] = {
	[VNICX_MODE_BRIDGE] = {
		.direct = VNICX_ROLE(BRIDGE) | VNICX_ROLE_HOST,
		/* A virtual router's second router transmits from the same
		 * address, and the vNIC itself must receive what it advertises.
		 */
		.reflected = VNICX_ROLE(BRIDGE) | VNICX_ROLE(VEPA),
		.unicast = VNICX_REACH_WIRE & ~VNICX_ROLE(PRIVATE),
	},
	[VNICX_MODE_VEPA] = {
		.reflected = VNICX_ROLE(BRIDGE) | VNICX_ROLE(VEPA),
		.not_self = true,
		.unicast = VNICX_REACH_WIRE & ~VNICX_ROLE(PRIVATE),
	},
	[VNICX_MODE_PRIVATE] = {
		.reflected = VNICX_ROLE(PRIVATE),
		.only_self = true,
	},
	[VNICX_MODE_PASSTHRU] = {
		.reflected = VNICX_ROLE(PASSTHRU),
		.only_self = true,
		.unicast = VNICX_REACH_WIRE,
	},
	[VNICX_MODE_SOURCE] = {
		.unicast = VNICX_REACH_WIRE & ~VNICX_ROLE(PRIVATE),
	},
};

/**
 * vnicx_scope_choosy() - get the roles that its policy gives a port instead of
 *	its mode
 * @port: the port
 *
 * Context: RTNL.
 * Return: of VNICX_ROLES_CHOOSY
 */
u8 vnicx_scope_choosy(const struct vnicx_port *port)
{
	const struct vnicx_policy *policy = rtnl_dereference(port->policy);
	u8 role = 0;

	if (policy && policy->vlan.on)
		role |= VNICX_ROLE_VLAN;
	if (policy && policy->isolated)
		role |= VNICX_ROLE_ISOLATED;
	return role;
}

/**
 * vnicx_scope_only() - get the shortcut for frames of a port's only VLAN
 * @port: the port
 *
 * Context: RTNL.
 * Return: &vnicx_port.only, for a port that is up
 */
u32 vnicx_scope_only(const struct vnicx_port *port)
{
	const struct vnicx_policy *policy = rtnl_dereference(port->policy);
	u32 key = VNICX_VLAN_NOWHERE;

	if (port->mode == VNICX_MODE_BRIDGE &&
	    vnicx_scope_choosy(port) == VNICX_ROLE_VLAN && !policy->vlan.vids)
		key = policy->vlan.key;
	return vnicx_vlan_raw(key);
}
