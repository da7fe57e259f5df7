/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Tells the control side that it has to look at the FDB anew, see watch.c.
 */
#ifndef _VNICX_WATCH_H
#define _VNICX_WATCH_H

#include "internal.h"

/**
 * vnicx_watch_tell() - tell a switch's watch of a change
 * @sw: the switch
 *
 * Context: the switch's lock is held, or RTNL, or nobody else has the switch
 * yet.
 */
static inline void vnicx_watch_tell(struct vnicx_switch *sw)
{
	struct vnicx_watch *watch = READ_ONCE(sw->watch);

	if (unlikely(watch))
		watch->changed(watch);
}

#endif /* _VNICX_WATCH_H */
