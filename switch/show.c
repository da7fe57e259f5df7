// SPDX-License-Identifier: GPL-2.0
/*
 * The numbers of a switch that the control side shows.
 */
#include <linux/rhashtable.h>
#include <linux/rtnetlink.h>

#include "internal.h"

/**
 * vnicx_switch_show() - get the numbers of a switch
 * @sw: the switch
 * @shown: where to put them
 *
 * Frames change most of them meanwhile.
 *
 * Context: RTNL.
 */
void vnicx_switch_show(const struct vnicx_switch *sw,
		       struct vnicx_switch_shown *shown)
{
	unsigned int i;

	ASSERT_RTNL();

	*shown = (struct vnicx_switch_shown) {
		.joined = sw->next_id,
		.addresses = atomic_read(&sw->fdb.ht.nelems),
		.claims = READ_ONCE(sw->nr_claims),
		.groups = atomic_read(&sw->groups.nelems),
		.holders = atomic_read(&sw->holders.ht.nelems),
	};
	for (i = 0; i < VNICX_NR_PORT_KINDS; i++)
		shown->pending += READ_ONCE(sw->flood.class[i].pending);
}
