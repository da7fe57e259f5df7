/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The IP addresses that a port holds by the prefixes of its policy.
 */
#ifndef _VNICX_POLICY_HELD_H
#define _VNICX_POLICY_HELD_H

struct vnicx_held;
struct vnicx_policy;
struct vnicx_port;
struct vnicx_switch;

struct vnicx_held *vnicx_held_get(struct vnicx_port *port,
				  const struct vnicx_policy *old,
				  const struct vnicx_policy *new);
void vnicx_held_set(struct vnicx_port *port, struct vnicx_held *held);
int vnicx_held_join(struct vnicx_switch *sw, struct vnicx_held *held);
void vnicx_held_leave(struct vnicx_switch *sw, struct vnicx_held *held);

#endif /* _VNICX_POLICY_HELD_H */
