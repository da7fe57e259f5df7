/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The IP addresses that a vNIC has by DHCP, and its IPv6 link-local addresses.
 */
#ifndef _VNICX_LEASE_H
#define _VNICX_LEASE_H

#include <linux/in6.h>
#include <linux/types.h>

struct vnicx_leases;
struct vnicx_port;
struct vnicx_vlan;

/* Leases that a vNIC may have at once, at most and by default */
#define VNICX_LEASES_MAX	64
#define VNICX_LEASES_DEFAULT	8

/* Link-local addresses of a vNIC beside those, and the one that follows from its address */
#define VNICX_LEASES_LOCAL	4

/* A lease without an end, in seconds */
#define VNICX_LEASE_FOREVER	U32_MAX

/* For vnicx_leases_have4() and vnicx_leases_have6(): in any VLAN */
#define VNICX_LEASE_ANY_VLAN	U32_MAX

/**
 * struct vnicx_lease_shown - a lease, to be shown
 * @addr: the address; an IPv4 address as an IPv4-mapped one
 * @len: its bits that count, of 128; less in a delegated IPv6 prefix
 * @left: seconds until it ends, or VNICX_LEASE_FOREVER
 * @proto: EtherType of the tag of the VLAN that it holds in; 0 for no VLAN
 * @vid: the VID of that
 */
struct vnicx_lease_shown {
	struct in6_addr addr;
	u32 left;
	__be16 proto;
	u16 vid;
	u8 len;
};

struct vnicx_leases *vnicx_leases_make(struct vnicx_port *port);
struct vnicx_leases *vnicx_leases_get(struct vnicx_leases *leases);
void vnicx_leases_put(struct vnicx_leases *leases);
void vnicx_leases_set_max(struct vnicx_leases *leases, u32 max);
void vnicx_leases_forget(struct vnicx_leases *leases);
void vnicx_leases_keep(struct vnicx_leases *leases,
		       const struct vnicx_vlan *vlan);
u32 vnicx_leases_places(const struct vnicx_leases *leases);
bool vnicx_leases_show(struct vnicx_leases *leases, u32 i,
		       struct vnicx_lease_shown *shown);
bool vnicx_leases_have6(const struct vnicx_leases *leases,
			const struct in6_addr *addr, u32 vlan);
bool vnicx_leases_have4(const struct vnicx_leases *leases, __be32 addr,
			u32 vlan);

#endif /* _VNICX_LEASE_H */
