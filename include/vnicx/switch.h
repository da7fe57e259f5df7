/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The interface of the switch to the control side (vnic/) and to the tests.
 */
#ifndef _VNICX_SWITCH_H
#define _VNICX_SWITCH_H

#include <linux/if_ether.h>
#include <linux/if_vlan.h>
#include <linux/skbuff.h>
#include <vnicx/port.h>

/* The VID of a frame that is in no VLAN, and of an address that holds in every
 * VLAN
 */
#define VNICX_VID_NONE	0
#define VNICX_VID_ANY	0xffff

/**
 * vnicx_mistakes_tags() - tell whether a device takes a frame's own tag for the one
 *	that the device adds
 * @dev: the device
 *
 * A VLAN device without reorder_hdr does: who sends a tagged frame by it chooses the
 * VLAN. Its administrator may change that at any time, and an ioctl tells nobody.
 *
 * Return: whether it does
 */
static inline bool vnicx_mistakes_tags(const struct net_device *dev)
{
#if IS_ENABLED(CONFIG_VLAN_8021Q)
	return unlikely(is_vlan_dev(dev)) &&
	       !(READ_ONCE(vlan_dev_priv(dev)->flags) & VLAN_FLAG_REORDER_HDR);
#else
	return false;
#endif
}

/* Default bound on the frames of one port that wait for the flood worker. A
 * longer queue burdens the whole machine and is for its administrator only.
 */
#define VNICX_BC_QUEUE_LEN	1000

/* Bound on the addresses that a vNIC in source mode may receive from */
#define VNICX_SOURCES_MAX	256

/* Bound on the ports that claim one address, as the routers of one virtual
 * router do. Each frame to the address walks all claims.
 */
#define VNICX_CLAIMANTS_MAX	16

/* Bound on the VLANs in which tenants have one address by an entry for each: every
 * frame to the address walks these entries. An entry for all VLANs is one.
 */
#define VNICX_TENANT_VLANS_MAX	16

/* Bound on the copies made at once. A frame whose group has more members, the
 * sender among them, goes to the flood worker. The 64 frames that a driver
 * receives in one poll, all of them copied at once, still fit into a CPU's
 * queue of 1,000.
 */
#define VNICX_FLOOD_INLINE	15

/**
 * enum vnicx_fdb_rank - how strong a port's title to an address is
 * @VNICX_FDB_CLAIM: the address is on the vNIC's list of unicast addresses. Any
 *	user of the vNIC may put any address there, and two virtual routers put
 *	the same one. Such addresses, and no others, are learnt
 * @VNICX_FDB_LEARNT: the port, or the wire, was the last one to send from a
 *	claimed address; made by learn.c
 * @VNICX_FDB_TENANT: a user who does not administer the lower device gave the
 *	address to the vNIC
 * @VNICX_FDB_HEIR: the lower device took an address that its administrator had
 *	given to a vNIC; the host has it after the vNIC
 * @VNICX_FDB_ADMIN: the lower device's own address, or one that its
 *	administrator gave to a vNIC
 *
 * Of several entries for one address, the one of the highest rank has it. The
 * others stay, and the next one has it when the higher ones are gone.
 */
enum vnicx_fdb_rank {
	VNICX_FDB_CLAIM,
	VNICX_FDB_LEARNT,
	VNICX_FDB_TENANT,
	VNICX_FDB_HEIR,
	VNICX_FDB_ADMIN,
};

struct vnicx_switch;

/**
 * enum vnicx_verdict - what became of a frame
 * @VNICX_DONE: sent or delivered; the frame is no longer the caller's
 * @VNICX_DROPPED: dropped and counted; the frame is no longer the caller's
 * @VNICX_CONGESTED: like VNICX_DONE, but a queue on the way asks to slow down
 * @VNICX_ANOTHER: still the caller's frame; its device is now the vNIC in
 *	skb->dev, and the caller must have it received there
 * @VNICX_PASS: still the caller's frame, to go on as if there were no switch:
 *	from the uplink to the lower device's own stack, from the host to the
 *	wire
 *
 * Frames from vNICs never get the last two. The others are what a driver returns to
 * the core.
 */
enum vnicx_verdict {
	VNICX_DONE = NET_XMIT_SUCCESS,
	VNICX_DROPPED = NET_XMIT_DROP,
	VNICX_CONGESTED = NET_XMIT_CN,
	VNICX_ANOTHER,
	VNICX_PASS,
};

/**
 * struct vnicx_switch_shown - numbers of a switch, to be shown
 * @joined: ports that have ever joined
 * @pending: frames that wait for the flood worker
 * @addresses: addresses in the FDB
 * @claims: claims to addresses
 * @groups: multicast groups that have members
 * @holders: IP addresses that vNICs hold
 */
struct vnicx_switch_shown {
	u32 joined;
	u32 pending;
	u32 addresses;
	u32 claims;
	u32 groups;
	u32 holders;
};

/**
 * struct vnicx_watch - who is told of changes of a switch
 * @changed: the FDB, or the role or the policy of a port, has changed; must not
 *	sleep
 */
struct vnicx_watch {
	void (*changed)(struct vnicx_watch *watch);
};

/**
 * struct vnicx_fdb_at - an address and where it is
 * @port: the port, a vNIC's or the host's
 * @addr: the address
 * @vid: the VLAN in which the port has it, VNICX_VID_NONE for untagged frames
 * @proto: EtherType of the VLAN's tag
 * @rank: by which title the port has it
 */
struct vnicx_fdb_at {
	const struct vnicx_port *port;
	const u8 *addr;
	u16 vid;
	__be16 proto;
	enum vnicx_fdb_rank rank;
};

typedef void vnicx_fdb_show_t(const struct vnicx_fdb_at *at, void *arg);

/* show.c */
void vnicx_switch_show(const struct vnicx_switch *sw,
		       struct vnicx_switch_shown *shown);

/* switch.c */
int vnicx_switch_init(bool threads);
void vnicx_switch_exit(void);
struct vnicx_switch *vnicx_switch_create(struct net_device *lower);
void vnicx_switch_destroy(struct vnicx_switch *sw);
int vnicx_switch_set_host_addr(struct vnicx_switch *sw, const u8 *addr);
void vnicx_switch_set_host(struct vnicx_switch *sw, bool on);
bool vnicx_switch_has_host(const struct vnicx_switch *sw);
void vnicx_switch_suppress(struct vnicx_switch *sw, bool on);
bool vnicx_switch_suppresses(const struct vnicx_switch *sw);
struct vnicx_port *vnicx_switch_host(struct vnicx_switch *sw);
struct vnicx_port *vnicx_switch_uplink(struct vnicx_switch *sw);
struct vnicx_port *vnicx_switch_passthru(const struct vnicx_switch *sw);
u32 vnicx_switch_nr_ports(const struct vnicx_switch *sw);
u32 vnicx_switch_queue_len(const struct vnicx_switch *sw);

/* out/queue.c */
u32 vnicx_queue_backlog(void);

/* announce.c */
void vnicx_announce(struct vnicx_switch *sw);

/* port.c */
int vnicx_port_join(struct vnicx_switch *sw, struct vnicx_port *port,
		    struct net_device *dev);
void vnicx_port_leave(struct vnicx_port *port);
void vnicx_port_unlist(struct vnicx_port *port);
struct vnicx_port *vnicx_port_first(struct vnicx_switch *sw);
struct vnicx_port *vnicx_port_next(const struct vnicx_port *port);
void vnicx_port_set_addr(struct vnicx_port *port, const u8 *addr,
			 enum vnicx_fdb_rank rank);
void vnicx_port_set_xdp(struct vnicx_port *port, bool on);

/* reach.c */
void vnicx_port_up(struct vnicx_port *port);
void vnicx_port_down(struct vnicx_port *port);
void vnicx_port_pause(struct vnicx_port *port);
void vnicx_port_disable(struct vnicx_port *port, bool on);
void vnicx_port_set_rx_flags(struct vnicx_port *port, u8 flags);
void vnicx_port_set_mode(struct vnicx_port *port, enum vnicx_mode mode);
void vnicx_port_set_flood(struct vnicx_port *port, bool on);

/* share.c */
void vnicx_port_set_queue_len(struct vnicx_port *port, u32 len);

/* fdb.c */
int vnicx_fdb_add(struct vnicx_port *port, const u8 *addr, u16 vid,
		  enum vnicx_fdb_rank rank, gfp_t gfp);
int vnicx_fdb_claim(struct vnicx_port *port, const u8 *addr, gfp_t gfp);
bool vnicx_fdb_claims(const struct vnicx_port *port, const u8 *addr);
int vnicx_fdb_del(struct vnicx_port *port, const u8 *addr, u16 vid,
		  enum vnicx_fdb_rank rank);
struct vnicx_port *vnicx_fdb_clash(struct vnicx_switch *sw, const u8 *addr,
				   u16 vid, enum vnicx_fdb_rank rank);

/* watch.c */
void vnicx_switch_watch(struct vnicx_switch *sw, struct vnicx_watch *watch);
bool vnicx_switch_is_watched(const struct vnicx_switch *sw);
bool vnicx_fdb_has(struct vnicx_switch *sw, const u8 *addr);
int vnicx_fdb_walk(struct vnicx_switch *sw, vnicx_fdb_show_t *show, void *arg);
void vnicx_fdb_look(struct vnicx_switch *sw, const u8 *addr,
		    vnicx_fdb_show_t *show, void *arg);

/* group.c */
int vnicx_group_join(struct vnicx_port *port, const u8 *addr);
int vnicx_group_leave(struct vnicx_port *port, const u8 *addr);

/* source.c */
int vnicx_source_add(struct vnicx_port *port, const u8 *addr);
bool vnicx_source_listed(const struct vnicx_port *port, const u8 *addr);
int vnicx_source_del(struct vnicx_port *port, const u8 *addr);
void vnicx_source_flush(struct vnicx_port *port);
int vnicx_source_walk(const struct vnicx_port *port,
		      int (*fn)(const u8 *addr, void *arg), void *arg);

/* forward.c, receive.c */
enum vnicx_verdict vnicx_send(struct vnicx_port *in, struct sk_buff *skb);
enum vnicx_verdict vnicx_send_host(struct vnicx_switch *sw, struct sk_buff *skb);
enum vnicx_verdict vnicx_receive(struct vnicx_switch *sw,
				 struct sk_buff **pskb);

#endif /* _VNICX_SWITCH_H */
