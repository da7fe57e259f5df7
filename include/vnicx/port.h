/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A port of the switch: a vNIC, the uplink (the wire behind the lower
 * device) or the host (the lower device's own stack).
 */
#ifndef _VNICX_PORT_H
#define _VNICX_PORT_H

#include <linux/if_vnicx.h>
#include <linux/list.h>
#include <linux/netdevice.h>
#include <linux/skbuff.h>
#include <linux/u64_stats_sync.h>

struct vnicx_flood_class;
struct vnicx_switch;

enum vnicx_port_kind {
	VNICX_PORT_VNIC,
	VNICX_PORT_UPLINK,
	VNICX_PORT_HOST,
	VNICX_NR_PORT_KINDS,
};

/**
 * enum vnicx_exit - how a frame leaves by a port
 * @VNICX_EXIT_STACK: into the stack of the vNIC's namespace, from softirq
 * @VNICX_EXIT_QUEUE: into a queue of the port's own, in the sender's context; into
 *	the stack while nobody reads it
 * @VNICX_EXIT_HOST: into the lower device's own stack, from softirq
 * @VNICX_EXIT_WIRE: by the lower device
 */
enum vnicx_exit {
	VNICX_EXIT_STACK,
	VNICX_EXIT_QUEUE,
	VNICX_EXIT_HOST,
	VNICX_EXIT_WIRE,
};

/* What a port wants beyond its own addresses and groups */
#define VNICX_RX_ALLMULTI	BIT(0)
#define VNICX_RX_PROMISC	BIT(1)

/**
 * enum vnicx_counter - what is counted at a port
 * @VNICX_RX_PACKETS: frames handed to the port's stack
 * @VNICX_RX_BYTES: their bytes, from the Ethernet header on
 * @VNICX_RX_MULTICAST: those sent to a group
 * @VNICX_TX_PACKETS: frames the port sent
 * @VNICX_TX_BYTES: their bytes, from the Ethernet header on
 * @VNICX_RX_DROPPED: frames for the port that it could not take
 * @VNICX_TX_DROPPED: frames of the port that went nowhere
 * @VNICX_FLOOD_QUEUED: frames of the port whose copies the worker makes
 * @VNICX_FLOOD_OVERFLOW: frames of the port that no vNIC got a copy of, for
 *	want of room in its queue or of memory
 * @VNICX_NR_COUNTERS: how many counters there are
 */
enum vnicx_counter {
	VNICX_RX_PACKETS,
	VNICX_RX_BYTES,
	VNICX_RX_MULTICAST,
	VNICX_TX_PACKETS,
	VNICX_TX_BYTES,
	VNICX_RX_DROPPED,
	VNICX_TX_DROPPED,
	VNICX_FLOOD_QUEUED,
	VNICX_FLOOD_OVERFLOW,
	VNICX_NR_COUNTERS,
};

/**
 * struct vnicx_port_stats - counters of one port on one CPU
 * @count: the counters
 * @syncp: makes them whole for readers on 32-bit machines
 */
struct vnicx_port_stats {
	u64_stats_t count[VNICX_NR_COUNTERS];
	struct u64_stats_sync syncp;
};

/**
 * struct vnicx_turn - a share of the flood worker's time
 * @node: in the list of those who have something to do
 * @credit: what may be done before the next one's turn, in chunks of copies;
 *	not above zero: the turn is over
 */
struct vnicx_turn {
	struct list_head node;
	s32 credit;
};

/**
 * struct vnicx_flow - frames of one port that wait for the flood worker
 * @queue: the frames, in the form a receiver gets them
 * @turn: among the flows of its class, while @queue is not empty
 * @class: the class
 * @pending: frames in @queue or in the worker's hands; read locklessly
 *
 * The lock of the switch's &vnicx_switch.flood guards it, not that of @queue.
 */
struct vnicx_flow {
	struct sk_buff_head queue;
	struct vnicx_turn turn;
	struct vnicx_flood_class *class;
	u32 pending;
};

/**
 * struct vnicx_port - one port of a switch
 * @dev: the vNIC's device; the lower device for the uplink and the host
 * @sw: the switch it belongs to, constant while it is a port
 * @stats: per-CPU counters
 * @id: never used again within its switch, so that a frame in a queue can
 *	name its ingress port without holding it
 * @kind: what is behind the port, constant
 * @exit: enum vnicx_exit: how frames leave by it, constant
 * @role: the role in which it may get frames, none while it is down, see scope.h;
 *	written under RTNL, read locklessly
 * @reach: the roles that its frames reach on the switch, none while it is down;
 *	as @role
 * @up: frames may be delivered to it; under RTNL
 * @rx_flags: VNICX_RX_*; written under the switch's lock, read locklessly
 * @mode: enum vnicx_mode; written under RTNL, read locklessly
 * @take: of VNICX_EXIT_QUEUE: puts a frame into the port's queue, or passes it;
 *	constant
 * @nodst: what it receives by its list of sources, nobody else does; written
 *	under RTNL, read locklessly
 * @flood: while promiscuous, it receives what vNICs and the host send to unknown
 *	addresses; written under RTNL, read locklessly
 * @addr_rank: enum vnicx_fdb_rank: its title to its own address, under RTNL
 * @nr_lost: how many of its claims, counted by VLAN, are learnt to be elsewhere;
 *	written under the switch's lock, read locklessly
 * @addr: the vNIC's address as the FDB and the lower device's filter have it, under
 *	RTNL; a bond or an HSR device may write to dev->dev_addr without asking
 * @list: in the switch's list of vNICs, under RTNL
 * @sources: the addresses it receives from in source mode, under RTNL
 * @nr_sources: how many
 * @bc_queue_len: how long it wants the flood worker's queues, under RTNL
 * @learnt_at: when an address that was learnt in one VLAN was last forgotten for
 *	one of this port's, in jiffies; under the switch's lock
 * @flow: what it sent and the flood worker has yet to copy
 */
struct vnicx_port {
	/* Read for each frame, hardly ever written: one cache line */
	struct net_device *dev;
	struct vnicx_switch *sw;
	struct vnicx_port_stats __percpu *stats;
	rx_handler_func_t *take;
	u32 id;
	u8 kind;
	u8 exit;
	u8 role;
	u8 reach;
	u8 rx_flags;
	u8 mode;
	bool nodst;
	bool flood;
	u32 nr_lost;

	bool up;
	u8 addr_rank;
	u8 addr[ETH_ALEN];
	struct list_head list;
	struct list_head sources;
	u32 nr_sources;
	u32 bc_queue_len;
	unsigned long learnt_at;
	struct vnicx_flow flow;
};

static_assert(offsetofend(struct vnicx_port, nr_lost) <= 64);

/* Counts one frame of @len bytes; @packets is VNICX_RX_PACKETS or
 * VNICX_TX_PACKETS, behind which are the bytes. Bottom halves are disabled.
 */
static inline void vnicx_port_count(struct vnicx_port *port,
				    enum vnicx_counter packets,
				    unsigned int len)
{
	struct vnicx_port_stats *stats = this_cpu_ptr(port->stats);

	u64_stats_update_begin(&stats->syncp);
	u64_stats_inc(&stats->count[packets]);
	u64_stats_add(&stats->count[packets + 1], len);
	u64_stats_update_end(&stats->syncp);
}

/* Adds one to @counter. Bottom halves are disabled. */
static inline void vnicx_port_inc(struct vnicx_port *port,
				  enum vnicx_counter counter)
{
	struct vnicx_port_stats *stats = this_cpu_ptr(port->stats);

	u64_stats_update_begin(&stats->syncp);
	u64_stats_inc(&stats->count[counter]);
	u64_stats_update_end(&stats->syncp);
}

#endif /* _VNICX_PORT_H */
