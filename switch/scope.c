// SPDX-License-Identifier: GPL-2.0
/*
 * The modes, as data.
 */
#include "scope.h"

const struct vnicx_mode_reach vnicx_mode_reach[__VNICX_MODE_MAX] = {
	[VNICX_MODE_BRIDGE] = {
		.direct = VNICX_ROLE(BRIDGE) | VNICX_ROLE_HOST,
		/* A virtual router's address exists at its other router, too,
		 * whose announcements the vNIC itself must hear.
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
