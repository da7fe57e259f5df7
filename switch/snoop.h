/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The look at frames that enter the switch, for the leases of ports.
 */
#ifndef _VNICX_SNOOP_H
#define _VNICX_SNOOP_H

#include "frame.h"
#include "policy/lease.h"

void vnicx_snoop(const struct vnicx_frame frame);

/* dad.c */
void vnicx_dad_claim(const struct vnicx_frame *frame,
		     const struct vnicx_parsed *p);

#endif /* _VNICX_SNOOP_H */
