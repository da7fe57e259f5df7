/* SPDX-License-Identifier: GPL-2.0 */
/*
 * An index of a switch for its frames: which ports hold an IP address.
 */
#ifndef _VNICX_POLICY_HOLDER_H
#define _VNICX_POLICY_HOLDER_H

#include <linux/in6.h>
#include <linux/rhashtable-types.h>

struct vnicx_port;
struct vnicx_switch;

/* Holders of one address in one VLAN that a lookup by a frame looks at, and as many of those
 * that hold it in every VLAN
 */
#define VNICX_HOLDERS_WALK	16

/* &vnicx_holder_key.vlan: every VLAN that the port is in */
#define VNICX_HOLDER_EVERY_VLAN	U32_MAX

/**
 * struct vnicx_holder_key - what an entry of the index is found by
 * @addr: the address; an IPv4 address as an IPv4-mapped one
 * @vlan: the key of the VLAN in which the port holds it, or VNICX_HOLDER_EVERY_VLAN
 */
struct vnicx_holder_key {
	struct in6_addr addr;
	u32 vlan;
};

/**
 * struct vnicx_holder - a port that holds an IP address
 * @node: entry in the switch's table
 * @key: the address, and where
 * @until: when the port has it no more, in seconds since boot, as
 *	vnicx_lease_now() counts them; 0 for never. Written under the switch's lock
 *	while it is in the index
 * @port: the port, which readers may use as long as they may use the holder
 * @there: it is in the index; guarded by the switch's lock
 *
 * It is part of what makes the port hold the address, a prefix or a lease, and
 * lives for a grace period after vnicx_holder_del(). A port may hold an address
 * more than once.
 */
struct vnicx_holder {
	struct rhlist_head node;
	struct vnicx_holder_key key;
	s64 until;
	struct vnicx_port *port;
	bool there;
};

int vnicx_holders_init(struct vnicx_switch *sw);
void vnicx_holders_destroy(struct vnicx_switch *sw);
int vnicx_holder_add(struct vnicx_switch *sw, struct vnicx_holder *holder);
int vnicx_holder_claim(struct vnicx_switch *sw, struct vnicx_holder *holder,
		       unsigned int nr, u32 vlan);
bool vnicx_holder_prolong(struct vnicx_switch *sw, struct vnicx_holder *holder,
			  unsigned int nr, s64 until);
void vnicx_holder_del(struct vnicx_switch *sw, struct vnicx_holder *holder);
struct vnicx_port *vnicx_holder_only(struct vnicx_switch *sw,
				     const struct in6_addr *addr, u32 vlan);
bool vnicx_holder_another(struct vnicx_switch *sw, const struct in6_addr *addr,
			  u32 vlan, const struct vnicx_port *port);

#endif /* _VNICX_POLICY_HOLDER_H */
