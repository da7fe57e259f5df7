/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the switch offers to the control side (vnic/) and to the tests.
 */
#ifndef _VNICX_SWITCH_H
#define _VNICX_SWITCH_H

#include <linux/if_ether.h>
#include <linux/netfilter.h>
#include <linux/rhashtable-types.h>
#include <linux/skbuff.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>
#include <vnicx/port.h>

/* The VLAN of a frame in none, and of an address that is its port's in every one */
#define VNICX_VID_NONE	0
#define VNICX_VID_ANY	0xffff

/* Frames of one port that may wait for their copies to be made, unless said
 * otherwise; more than this only for those who may burden the whole machine
 */
#define VNICX_BC_QUEUE_LEN	1000

/* Addresses that a vNIC may receive from in source mode */
#define VNICX_SOURCES_MAX	256

/* Ports that may claim one address: routers of one virtual router, of which each
 * frame to the address passes all claims
 */
#define VNICX_CLAIMANTS_MAX	16

/* Copies made at once; a frame whose group has more members, the sender among
 * them, goes to the worker. The 64 frames of an adapter's poll, all of them
 * copied at once, still fit into a CPU's queue of 1,000.
 */
#define VNICX_FLOOD_INLINE	15

/**
 * enum vnicx_fdb_rank - how strong a port's title to an address is
 * @VNICX_FDB_CLAIM: the address is on the vNIC's list of unicast addresses,
 *	where whoever uses the vNIC may put any address, and where two virtual
 *	routers put the same one. Such addresses, and no others, are learnt
 * @VNICX_FDB_LEARNT: the port, or the wire, was the last to use a claimed
 *	address as a source; made by learn.c
 * @VNICX_FDB_TENANT: the vNIC was given the address, by somebody who does not
 *	administer the lower device
 * @VNICX_FDB_HEIR: the lower device took an address that a vNIC has from its
 *	administrator; the host has it after the vNIC
 * @VNICX_FDB_ADMIN: the lower device's own address, or one that its
 *	administrator gave to a vNIC
 *
 * Of several entries for one address, the one of the highest rank has it. The
 * others stay, and have it when the higher ones are gone.
 */
enum vnicx_fdb_rank {
	VNICX_FDB_CLAIM,
	VNICX_FDB_LEARNT,
	VNICX_FDB_TENANT,
	VNICX_FDB_HEIR,
	VNICX_FDB_ADMIN,
};

struct vnicx_mark;
struct vnicx_members;

/**
 * struct vnicx_flood_class - ports of one kind that share the flood worker
 * @turn: the class among the others, while one of its ports has frames waiting
 * @flows: the ports that have frames waiting
 * @pending: their frames, with what the worker has in hand
 */
struct vnicx_flood_class {
	struct vnicx_turn turn;
	struct list_head flows;
	u32 pending;
};

/**
 * struct vnicx_switch - the ports over one lower device
 * @fdb: (MAC, VLAN) -> port; writers hold @lock, readers RCU
 * @groups: multicast MAC -> members; writers hold @lock, readers RCU
 * @sources: source MAC -> vNICs in source mode; as @groups
 * @nr_sources: how many entries @sources has, read locklessly
 * @passthru: the only port, in passthru mode, or NULL
 * @nr_private: ports in private mode, read locklessly
 * @nr_claims: entries of @fdb with the rank VNICX_FDB_CLAIM; written under
 *	@lock, read locklessly
 * @nr_flood: ports that unknown addresses are flooded to, read locklessly
 * @broadcast: every vNIC that is up
 * @allmulti: vNICs that receive every multicast frame
 * @promisc: vNICs that receive frames for addresses nobody here owns
 * @uplink: the port that is the wire
 * @host: the port that is the lower device's own stack
 * @seen: the destination of frames that have been switched, see mark.c
 * @mark: owns @seen, under RTNL
 * @host_addr: the host's entry in the FDB, under RTNL
 * @lower: the lower device; the switch's owner holds the reference
 * @lock: serialises writers of the FDB, the groups and ports' rx_flags;
 *	nests inside a vNIC's addr_list_lock
 * @ports: the vNICs, under RTNL
 * @nr_ports: how many; written under RTNL, read locklessly
 * @next_id: the next port's id, under RTNL
 * @users: references its owner counts, under RTNL
 * @egress: the owner's hook where the host's frames leave the lower device
 * @host_wanted: whether the host is to be on the switch, under RTNL
 * @flood: what waits for the flood worker, see share.c
 * @flood.lock: guards all of it, and the flows of the ports
 * @flood.turns: the classes that have frames waiting
 * @flood.class: the classes, by enum vnicx_port_kind
 * @flood.left: frames from vNICs that have left
 * @flood.in_hand: whose frame the worker is copying
 * @flood.len: frames that may wait of one port that sends alone; written under
 *	RTNL
 * @flood.work: the worker
 * @announce: telling the wire where addresses are, see announce.c
 * @announce.work: transmits a portion; what follows is its own but for @wanted
 * @announce.walk: how far in the FDB it is, while it is @walking
 * @announce.restarts: how often it may yet begin again for a resized FDB
 * @announce.walking: it has begun and is not through
 * @announce.wanted: it is to begin, maybe again; written locklessly
 */
struct vnicx_switch {
	struct rhltable fdb;
	struct rhashtable groups;
	struct rhltable sources;
	u32 nr_sources;
	u32 nr_private;
	u32 nr_claims;
	u32 nr_flood;
	struct vnicx_port __rcu *passthru;
	struct vnicx_members __rcu *broadcast;
	struct vnicx_members __rcu *allmulti;
	struct vnicx_members __rcu *promisc;
	struct vnicx_port uplink;
	struct vnicx_port host;
	struct dst_entry *seen;
	struct vnicx_mark *mark;
	struct net_device *lower;
	u8 host_addr[ETH_ALEN];

	spinlock_t lock; /* the FDB, the groups, rx_flags */

	struct list_head ports;
	u32 nr_ports;
	u32 next_id;
	u32 users;
	struct nf_hook_ops egress;
	bool host_wanted;

	struct {
		spinlock_t lock; /* also ports' flows */
		struct list_head turns;
		struct vnicx_flood_class class[VNICX_NR_PORT_KINDS];
		struct vnicx_flow left;
		struct vnicx_flow *in_hand;
		u32 len;
		struct work_struct work;
	} flood;

	struct {
		struct delayed_work work;
		struct rhashtable_iter walk;
		u32 restarts;
		bool walking;
		bool wanted;
	} announce;
};

/**
 * enum vnicx_verdict - what became of a frame
 * @VNICX_DONE: sent or delivered; the frame is no longer the caller's
 * @VNICX_CONGESTED: likewise, but a queue on the way asks to slow down
 * @VNICX_DROPPED: dropped and counted; the frame is no longer the caller's
 * @VNICX_ANOTHER: the caller's frame, now of the vNIC in skb->dev: receive it
 * @VNICX_PASS: the caller's frame, to go on as if there were no switch: from
 *	the uplink to the lower device's own stack, from the host to the wire
 *
 * The last two are not given to frames from vNICs.
 */
enum vnicx_verdict {
	VNICX_DONE,
	VNICX_CONGESTED,
	VNICX_DROPPED,
	VNICX_ANOTHER,
	VNICX_PASS,
};

/* switch.c */
int vnicx_switch_init(bool threads);
void vnicx_switch_exit(void);
struct vnicx_switch *vnicx_switch_create(struct net_device *lower);
void vnicx_switch_destroy(struct vnicx_switch *sw);
int vnicx_switch_set_host_addr(struct vnicx_switch *sw, const u8 *addr);
void vnicx_switch_set_host(struct vnicx_switch *sw, bool on);

/* announce.c */
void vnicx_announce(struct vnicx_switch *sw);

/* port.c */
int vnicx_port_join(struct vnicx_switch *sw, struct vnicx_port *port,
		    struct net_device *dev);
void vnicx_port_leave(struct vnicx_port *port);
void vnicx_port_up(struct vnicx_port *port);
void vnicx_port_down(struct vnicx_port *port);
void vnicx_port_pause(struct vnicx_port *port);
void vnicx_port_set_rx_flags(struct vnicx_port *port, u8 flags);
void vnicx_port_set_mode(struct vnicx_port *port, enum vnicx_mode mode);
void vnicx_port_set_flood(struct vnicx_port *port, bool on);
void vnicx_port_set_queue_len(struct vnicx_port *port, u32 len);

/* fdb.c */
int vnicx_fdb_add(struct vnicx_port *port, const u8 *addr, u16 vid,
		  enum vnicx_fdb_rank rank, gfp_t gfp);
int vnicx_fdb_claim(struct vnicx_port *port, const u8 *addr, gfp_t gfp);
int vnicx_fdb_del(struct vnicx_port *port, const u8 *addr, u16 vid,
		  enum vnicx_fdb_rank rank);
struct vnicx_port *vnicx_fdb_clash(struct vnicx_switch *sw, const u8 *addr,
				   u16 vid, enum vnicx_fdb_rank rank);

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

/* forward.c */
enum vnicx_verdict vnicx_send(struct vnicx_port *in, struct sk_buff *skb);
enum vnicx_verdict vnicx_send_host(struct vnicx_switch *sw, struct sk_buff *skb);
enum vnicx_verdict vnicx_receive(struct vnicx_switch *sw,
				 struct sk_buff **pskb);

#endif /* _VNICX_SWITCH_H */
