/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * The userspace interface of vnicx: the rtnetlink kinds and their attributes.
 */
#ifndef _UAPI_LINUX_IF_VNICX_H
#define _UAPI_LINUX_IF_VNICX_H

#include <linux/types.h>

/* IFLA_INFO_KIND of a vNIC */
#define VNICX_KIND	"vnicx"
/* IFLA_INFO_KIND of a vNIC with a character device; the same attributes */
#define VNICX_TAP_KIND	"vnicxtap"

/*
 * Attributes nested in IFLA_INFO_DATA; any other is refused, and so is one that
 * comes twice.
 */
enum {
	IFLA_VNICX_UNSPEC,
	IFLA_VNICX_MODE,		/* u32, enum vnicx_mode */
	IFLA_VNICX_FLAGS,		/* bitfield32, VNICX_FLAG_* */
	IFLA_VNICX_SOURCE_OP,		/* u32, enum vnicx_list_op */
	IFLA_VNICX_SOURCES,		/* nested, each IFLA_VNICX_SOURCE */
	IFLA_VNICX_SWITCH,		/* nested, IFLA_VNICX_SWITCH_* */
	IFLA_VNICX_BC_QUEUE_LEN,	/* u32, frames */
	IFLA_VNICX_FLOOD,		/* u8, 0 or 1 */
	IFLA_VNICX_TRUST,		/* u8, enum vnicx_auto */
	IFLA_VNICX_TRUSTED,		/* u8, 0 or 1: what holds; read-only */
	IFLA_VNICX_SPOOFCHK,		/* u8, enum vnicx_auto */
	IFLA_VNICX_SPOOFCHECKED,	/* u8, 0 or 1: what holds; read-only */
	IFLA_VNICX_STATE,		/* u8, enum vnicx_state */
	IFLA_VNICX_MAX_GROUPS,		/* u32, or VNICX_MAX_GROUPS_AUTO */
	IFLA_VNICX_MAX_TX_RATE,		/* u32, kbit/s; 0 for none */
	IFLA_VNICX_TX_BURST,		/* u32, bytes; 0 for the default */
	IFLA_VNICX_MAX_RX_RATE,		/* u32, kbit/s; 0 for none */
	IFLA_VNICX_STORM,		/* u32, frames/s; 0 for none */
	IFLA_VNICX_CLASS,		/* u32, TC_H_MAKE(); 0 for none */
	IFLA_VNICX_RESTRICTED,		/* u8, 0 or 1 */
	IFLA_VNICX_RAGUARD,		/* u8, 0 or 1 */
	IFLA_VNICX_DHCPGUARD,		/* u8, 0 or 1 */
	IFLA_VNICX_DHCP_BLOCK,		/* u8, 0 or 1 */
	IFLA_VNICX_IPGUARD,		/* u8, enum vnicx_ipguard */
	IFLA_VNICX_IPGUARD_IN,		/* u8, 0 or 1 */
	IFLA_VNICX_ALLOWED_OP,		/* u32, enum vnicx_list_op */
	IFLA_VNICX_ALLOWED,		/* nested, each _ALLOWED_ENTRY */
	IFLA_VNICX_VLAN,		/* nested, IFLA_VNICX_VLAN_* */
	IFLA_VNICX_ISOLATED,		/* u8, 0 or 1 */
	IFLA_VNICX_MIRROR,		/* string: a device where the lower one is */
	IFLA_VNICX_MIRROR_VLAN,		/* u32, 1 to 4094; 0 for none */
	IFLA_VNICX_MIRROR_WAY,		/* u8, enum vnicx_way */
	IFLA_VNICX_BPF_TX,		/* s32, descriptor of a program; -1 for none */
	IFLA_VNICX_BPF_RX,		/* s32, the same */
	IFLA_VNICX_BPF_TX_ID,		/* u32, the program's number; read-only */
	IFLA_VNICX_BPF_RX_ID,		/* u32, the same */
	IFLA_VNICX_DHCP_TRUST,		/* u8, 0 or 1 */
	IFLA_VNICX_MAX_LEASES,		/* u32, 1 to VNICX_MAX_LEASES */
	IFLA_VNICX_LEASES,		/* nested, each _LEASES_ENTRY; read-only */
	IFLA_VNICX_TRUNCATED,		/* flag: lists are missing that did not fit
					 * the buffer; read-only
					 */
	__IFLA_VNICX_MAX,
};

#define IFLA_VNICX_MAX	(__IFLA_VNICX_MAX - 1)

/* Attributes nested in IFLA_VNICX_SOURCES */
enum {
	IFLA_VNICX_SOURCE_UNSPEC,
	IFLA_VNICX_SOURCE,		/* MAC address */
	__IFLA_VNICX_SOURCE_MAX,
};

#define IFLA_VNICX_SOURCE_MAX	(__IFLA_VNICX_SOURCE_MAX - 1)

/* Attributes nested in IFLA_VNICX_ALLOWED */
enum {
	IFLA_VNICX_ALLOWED_UNSPEC,
	IFLA_VNICX_ALLOWED_ENTRY,	/* nested, IFLA_VNICX_PREFIX_* */
	__IFLA_VNICX_ALLOWED_MAX,
};

#define IFLA_VNICX_ALLOWED_MAX	(__IFLA_VNICX_ALLOWED_MAX - 1)

/* Attributes nested in IFLA_VNICX_ALLOWED_ENTRY, an IP address or prefix */
enum {
	IFLA_VNICX_PREFIX_UNSPEC,
	IFLA_VNICX_PREFIX_ADDRESS,	/* four bytes of IPv4 or 16 of IPv6 */
	IFLA_VNICX_PREFIX_LEN,		/* u8, bits of the address that count, the
					 * others are 0; all without this
					 */
	__IFLA_VNICX_PREFIX_MAX,
};

#define IFLA_VNICX_PREFIX_MAX	(__IFLA_VNICX_PREFIX_MAX - 1)

/* Attributes nested in IFLA_VNICX_LEASES */
enum {
	IFLA_VNICX_LEASES_UNSPEC,
	IFLA_VNICX_LEASES_ENTRY,	/* nested, IFLA_VNICX_LEASE_* */
	__IFLA_VNICX_LEASES_MAX,
};

#define IFLA_VNICX_LEASES_MAX	(__IFLA_VNICX_LEASES_MAX - 1)

/* Attributes nested in IFLA_VNICX_LEASES_ENTRY, an address that a vNIC has for a time */
enum {
	IFLA_VNICX_LEASE_UNSPEC,
	IFLA_VNICX_LEASE_ADDRESS,	/* four bytes of IPv4 or 16 of IPv6 */
	IFLA_VNICX_LEASE_PREFIX_LEN,	/* u8, as IFLA_VNICX_PREFIX_LEN */
	IFLA_VNICX_LEASE_SECONDS,	/* u32, left; or VNICX_LEASE_INFINITE */
	IFLA_VNICX_LEASE_VID,		/* u16, its VLAN; none for no VLAN */
	IFLA_VNICX_LEASE_PROTO,		/* be16, of the VLAN's tag, as in _VLAN_PROTO */
	__IFLA_VNICX_LEASE_MAX,
};

#define IFLA_VNICX_LEASE_MAX	(__IFLA_VNICX_LEASE_MAX - 1)

#define VNICX_LEASE_INFINITE	0xffffffffU

/* IFLA_VNICX_MAX_LEASES, the leases that servers give, is at most this, and by default
 * that. In IFLA_VNICX_LEASES, up to four IPv6 link-local addresses come on top, which no
 * server gives.
 */
#define VNICX_MAX_LEASES		64
#define VNICX_MAX_LEASES_DEFAULT	8

/*
 * Attributes nested in IFLA_VNICX_SWITCH: all vNICs over the same lower device
 * share them. Any other is refused, and so is one that comes twice.
 */
enum {
	IFLA_VNICX_SWITCH_UNSPEC,
	IFLA_VNICX_SWITCH_HOST,		/* u8, enum vnicx_host */
	IFLA_VNICX_SWITCH_BC_QUEUE_LEN_USED, /* u32, frames; read-only */
	IFLA_VNICX_SWITCH_NEIGH_SUPPRESS, /* u8, 0 or 1 */
	IFLA_VNICX_SWITCH_ANNOUNCE,	/* u8, 0 or 1 */
	__IFLA_VNICX_SWITCH_MAX,
};

#define IFLA_VNICX_SWITCH_MAX	(__IFLA_VNICX_SWITCH_MAX - 1)

/*
 * Attributes nested in IFLA_VNICX_VLAN: together they are the VLANs of a vNIC,
 * which a request replaces as a whole. Any other is refused, and so is one that
 * comes twice.
 */
enum {
	IFLA_VNICX_VLAN_UNSPEC,
	IFLA_VNICX_VLAN_KIND,		/* u8, enum vnicx_vlan_kind */
	IFLA_VNICX_VLAN_VID,		/* u16; access: the VLAN; pvlan: the primary */
	IFLA_VNICX_VLAN_PROTO,		/* be16, ETH_P_8021Q or _8021AD; access */
	IFLA_VNICX_VLAN_QOS,		/* u8, 0 to 7 or VNICX_VLAN_QOS_KEEP; access */
	IFLA_VNICX_VLAN_NATIVE,		/* u16; trunk; 0 or VNICX_VLAN_UNTAGGED */
	IFLA_VNICX_VLAN_RANGES,		/* struct vnicx_vlan_range[]; trunk, pvlan */
	__IFLA_VNICX_VLAN_MAX,
};

#define IFLA_VNICX_VLAN_MAX	(__IFLA_VNICX_VLAN_MAX - 1)

/* Kinds of ports, by their VLANs. The last three are those of private VLANs, RFC
 * 5517; their ranges are the secondary VLANs.
 */
enum vnicx_vlan_kind {
	VNICX_VLAN_OFF,		/* all VLANs, with tags */
	VNICX_VLAN_ACCESS,	/* one VLAN, without tags */
	VNICX_VLAN_TRUNK,	/* some VLANs, with tags */
	VNICX_VLAN_ISOLATED,	/* reaches promiscuous ports */
	VNICX_VLAN_COMMUNITY,	/* reaches its community and promiscuous ports */
	VNICX_VLAN_PROMISCUOUS,	/* reaches all ports of the private VLAN */
	__VNICX_VLAN_KIND_MAX,
};

#define VNICX_VLAN_KIND_MAX	(__VNICX_VLAN_KIND_MAX - 1)

/* IFLA_VNICX_VLAN_QOS: the priority of a priority tag stays */
#define VNICX_VLAN_QOS_KEEP	8

/* IFLA_VNICX_VLAN_NATIVE: untagged frames are in no VLAN and pass as they are */
#define VNICX_VLAN_UNTAGGED	0xffff

/* One of IFLA_VNICX_VLAN_RANGES, which has no nests, because up to 2,047 of them would
 * take 40 kB, instead of 8 kB. Both VIDs belong to the range.
 */
struct vnicx_vlan_range {
	__u16 first;
	__u16 last;
};

/* Modes: the ports that a vNIC reaches, and by which way */
enum vnicx_mode {
	VNICX_MODE_BRIDGE,	/* vNICs and the host in memory, else the wire */
	VNICX_MODE_VEPA,	/* everything by the wire, which may send it back */
	VNICX_MODE_PRIVATE,	/* the wire, and no vNIC even by it */
	VNICX_MODE_PASSTHRU,	/* alone on the lower device, with its address */
	VNICX_MODE_SOURCE,	/* receives from a list of source addresses only */
	__VNICX_MODE_MAX,
};

#define VNICX_MODE_MAX	(__VNICX_MODE_MAX - 1)

/* passthru: leave the lower device's promiscuity alone */
#define VNICX_FLAG_NOPROMISC	(1 << 0)
/* source: no other port receives a frame that this vNIC receives by its list */
#define VNICX_FLAG_NODST	(1 << 1)

#define VNICX_FLAGS	(VNICX_FLAG_NOPROMISC | VNICX_FLAG_NODST)

/* Operations on a list: of sources, or of allowed IP addresses */
enum vnicx_list_op {
	VNICX_LIST_SET,		/* they become the list; the default */
	VNICX_LIST_ADD,
	VNICX_LIST_DEL,
	VNICX_LIST_FLUSH,	/* the list becomes empty */
	__VNICX_LIST_OP_MAX,
};

#define VNICX_LIST_OP_MAX	(__VNICX_LIST_OP_MAX - 1)

/* The IP addresses that a vNIC may send from */
enum vnicx_ipguard {
	VNICX_IPGUARD_OFF,	/* any */
	VNICX_IPGUARD_STATIC,	/* those of IFLA_VNICX_ALLOWED */
	VNICX_IPGUARD_DHCP,	/* those, and leased ones */
	__VNICX_IPGUARD_MAX,
};

#define VNICX_IPGUARD_MAX	(__VNICX_IPGUARD_MAX - 1)

/* Whether the lower device's own stack is on the switch */
enum vnicx_host {
	VNICX_HOST_OFF,
	VNICX_HOST_ON,
	VNICX_HOST_UNAVAILABLE,	/* the kernel has no egress hook; shown only */
	__VNICX_HOST_MAX,
};

#define VNICX_HOST_MAX	(__VNICX_HOST_MAX - 1)

/* An option that is on or off, by default by whom the vNIC belongs to: a vNIC in
 * another namespace than its lower device, or with a character device, is a
 * tenant's
 */
enum vnicx_auto {
	VNICX_AUTO,
	VNICX_ON,
	VNICX_OFF,
	__VNICX_AUTO_MAX,
};

#define VNICX_AUTO_MAX	(__VNICX_AUTO_MAX - 1)

/* IFLA_VNICX_MAX_GROUPS: up to the kernel's bound; who joins more receives all */
#define VNICX_MAX_GROUPS_AUTO	0xffffffffU

/* The carrier of a vNIC */
enum vnicx_state {
	VNICX_STATE_AUTO,	/* that of the lower device */
	VNICX_STATE_ENABLE,	/* always: vNICs reach each other without a cable */
	VNICX_STATE_DISABLE,	/* never, and nothing passes */
	__VNICX_STATE_MAX,
};

#define VNICX_STATE_MAX	(__VNICX_STATE_MAX - 1)

/* The frames that a mirror copies */
enum vnicx_way {
	VNICX_WAY_BOTH,
	VNICX_WAY_RX,
	VNICX_WAY_TX,
	__VNICX_WAY_MAX,
};

#define VNICX_WAY_MAX	(__VNICX_WAY_MAX - 1)

/* Rates may not be lower, in kbit/s. */
#define VNICX_RATE_MIN	8

#endif /* _UAPI_LINUX_IF_VNICX_H */
