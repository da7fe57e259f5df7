/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Copies of a port's frames, for somebody who watches.
 */
#ifndef _VNICX_POLICY_MIRROR_H
#define _VNICX_POLICY_MIRROR_H

#include <vnicx/policy.h>

#include "../internal.h"

struct task_struct;

/* policy/mirror.c */
void vnicx_mirror_copy(struct vnicx_port *port,
		       const struct vnicx_mirror *mirror,
		       const struct sk_buff *skb);
bool vnicx_mirror_is_busy(void);
struct task_struct *vnicx_mirror_begin(void);
void vnicx_mirror_end(struct task_struct *other);

#endif /* _VNICX_POLICY_MIRROR_H */
