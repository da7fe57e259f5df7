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
#include <vnicx/policy.h>

struct vnicx_flood_class;
struct vnicx_held;
struct vnicx_switch;

/**
 * enum vnicx_port_kind - what is behind a port
 * @VNICX_PORT_VNIC: a vNIC
 * @VNICX_PORT_UPLINK: the wire
 * @VNICX_PORT_HOST: the lower device's own stack
 * @VNICX_NR_PORT_KINDS: number of kinds
 */
enum vnicx_port_kind {
	VNICX_PORT_VNIC,
	VNICX_PORT_UPLINK,
	VNICX_PORT_HOST,
	VNICX_NR_PORT_KINDS,
};

/**
 * enum vnicx_exit - how a frame leaves by a port
 * @VNICX_EXIT_STACK: into the stack of the vNIC's namespace, from softirq
 * @VNICX_EXIT_QUEUE: into a queue of the port's own, in the sender's context;
 *	into the stack while nobody reads the queue
 * @VNICX_EXIT_HOST: into the lower device's own stack, from softirq
 * @VNICX_EXIT_XDP: into a queue before the vNIC's XDP program, which runs in
 *	softirq and decides
 */
enum vnicx_exit {
	VNICX_EXIT_STACK,
	VNICX_EXIT_QUEUE,
	VNICX_EXIT_HOST,
	VNICX_EXIT_XDP,
};

/* Frames that a port wants beyond those for its addresses and groups */
#define VNICX_RX_ALLMULTI	BIT(0)
#define VNICX_RX_PROMISC	BIT(1)

/**
 * enum vnicx_counter - the counters of a port
 * @VNICX_RX_PACKETS: frames handed to the port's stack
 * @VNICX_RX_BYTES: bytes of these frames, from the Ethernet header on
 * @VNICX_RX_MULTICAST: those of these frames that were sent to a group
 * @VNICX_TX_PACKETS: frames that the port sent
 * @VNICX_TX_BYTES: bytes of these frames, from the Ethernet header on
 * @VNICX_RX_DROPPED: frames for the port that it could not take
 * @VNICX_TX_DROPPED: frames from the port that were dropped
 * @VNICX_FLOOD_QUEUED: frames from the port that the flood worker copies
 * @VNICX_FLOOD_OVERFLOW: frames from the port of which no vNIC got a copy, for
 *	want of room in the port's queue or of memory
 * @VNICX_NR_COUNTERS: number of counters
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
 * @credit: units of each rate that this CPU has taken and not used, see
 *	policy/rate.c
 * @count: the counters
 * @syncp: keeps a reader on a 32-bit machine from seeing half a counter
 */
struct vnicx_port_stats {
	s32 credit[VNICX_NR_RATES];
	u64_stats_t count[VNICX_NR_COUNTERS];
	struct u64_stats_sync syncp;
};

/**
 * struct vnicx_turn - a share of the flood worker's time
 * @node: entry in the list of turns that have something to do
 * @credit: how many chunks of copies may be made before the next turn; the turn
 *	is over when this is not above zero
 */
struct vnicx_turn {
	struct list_head node;
	s32 credit;
};

/**
 * struct vnicx_flow - frames of one port that wait for the flood worker
 * @queue: the frames, in receive form
 * @turn: the flow's turn within its class, while @queue is not empty
 * @class: the class
 * @pending: frames in @queue or in the worker's hands; read locklessly
 *
 * &vnicx_switch.flood.lock guards it; the lock inside @queue is not used.
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
 * @self: the address that it sends from and the EtherType of IPv4, as in a
 *	frame, see vnicx_policy_set_self(); means nothing with VNICX_CHECK_FDB.
 *	Written under RTNL, read locklessly
 * @id: never used again within its switch, so that a frame in a queue can name
 *	its ingress port without a reference to it
 * @kind: enum vnicx_port_kind, constant
 * @exit: enum vnicx_exit: how frames leave the switch by the port; changed under
 *	RTNL by vnicx_port_set_xdp(), read locklessly
 * @role: the role in which it may get frames, 0 while it is down, see scope.h;
 *	written under RTNL, read locklessly
 * @reach: the roles that its frames reach on the switch, 0 while it is down;
 *	written and read like @role
 * @rx_flags: VNICX_RX_*; written under the switch's lock, read locklessly
 * @mode: enum vnicx_mode; written under RTNL, read locklessly
 * @nodst: no other port receives a frame that this one receives by its list of
 *	sources; written under RTNL, read locklessly
 * @flood: while promiscuous, it receives frames that vNICs and the host send to
 *	unknown addresses; written under RTNL, read locklessly
 * @addr_rank: enum vnicx_fdb_rank: its title to its own address, under RTNL
 * @tx_checks: VNICX_CHECK_*: the policies that look at frames that it sends;
 *	written under RTNL, read locklessly
 * @rx_checks: those that look at frames that it receives; as @tx_checks
 * @nr_lost: number of claims, counted by VLAN, that it has and that are learnt
 *	to be elsewhere; written under the switch's lock, read locklessly
 * @tag: the tag of untagged frames that it sends, as vnicx_vlan_raw() makes it;
 *	means nothing without VNICX_CHECK_TAG. Written under RTNL, read
 *	locklessly
 * @only: the key of the only VLAN that it receives, as vnicx_vlan_raw() makes
 *	it, if it is in bridge mode and that is all that its policy asks of a
 *	frame: a shortcut in scope.h. Written under RTNL, read locklessly
 * @class: the priority of its frames at the lower device, 0 for theirs; written
 *	under RTNL, read locklessly
 * @take: of VNICX_EXIT_QUEUE: puts a frame into the port's queue, or passes it
 *	to the stack; constant
 * @put: of VNICX_EXIT_XDP: puts a frame into the queue before the program, and
 *	returns whether there was room; constant
 * @backlog: of VNICX_EXIT_QUEUE: returns how many frames wait in the port's queue,
 *	in the fullest one if there are several, under RTNL; constant
 * @up: frames may be delivered to it; under RTNL
 * @addr: the vNIC's address as the FDB and the lower device's filter have it,
 *	under RTNL; a bond or an HSR device may write to dev->dev_addr without
 *	asking
 * @list: entry in the switch's list of vNICs, under RTNL
 * @sources: the addresses it receives from in source mode, under RTNL
 * @nr_sources: number of entries in @sources
 * @bc_queue_len: the length it wants for the queues before the flood worker,
 *	under RTNL
 * @learnt_at: when the switch last forgot an address learnt in one VLAN to make
 *	room for one from this port, in jiffies; under the switch's lock
 * @flow: the frames it sent that the flood worker has yet to copy
 * @policy: its policy, or NULL; written under RTNL, readers RCU
 * @mirror: who gets copies of its frames, or NULL; as @policy
 * @held: the IP addresses that it holds by its policy, or NULL; under RTNL
 * @bucket: how much of each of its rates is used
 * @causes: frames that policies dropped, by cause
 * @rx_overflow: frames for the port that found its queue full: the CPU's before
 *	its stack, or one that VNICX_EXIT_QUEUE has; not one before an XDP program
 */
struct vnicx_port {
	/* Read for each frame, hardly ever written: no more than a cache line */
	struct net_device *dev;
	struct vnicx_switch *sw;
	struct vnicx_port_stats __percpu *stats;
	u64 self;
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
	u8 tx_checks;
	u8 rx_checks;
	u32 tag;
	u32 only;
	u32 class;

	rx_handler_func_t *take;
	bool (*put)(struct vnicx_port *port, struct sk_buff *skb);
	u32 (*backlog)(const struct vnicx_port *port);
	bool up;
	u8 addr_rank;
	u8 addr[ETH_ALEN];
	struct list_head list;
	struct list_head sources;
	u32 nr_sources;
	u32 bc_queue_len;
	unsigned long learnt_at;
	struct vnicx_flow flow;
	struct vnicx_policy __rcu *policy;
	struct vnicx_mirror __rcu *mirror;
	struct vnicx_held *held;
	struct vnicx_bucket bucket[VNICX_NR_RATES];
	atomic_long_t causes[VNICX_NR_CAUSES];
	atomic_long_t rx_overflow;
};

static_assert(offsetofend(struct vnicx_port, class) <= 64);

/**
 * vnicx_port_is_passthru() - tell whether a port has the lower device to itself
 * @port: the port
 *
 * A vNIC enters passthru mode when it is created and never leaves it.
 *
 * Return: whether it has
 */
static inline bool vnicx_port_is_passthru(const struct vnicx_port *port)
{
	return READ_ONCE(port->mode) == VNICX_MODE_PASSTHRU;
}

/**
 * vnicx_port_is_checked() - tell whether a port's frames pass a policy
 * @port: the port
 *
 * Return: whether one looks at them, or gives them a class
 */
static inline bool vnicx_port_is_checked(const struct vnicx_port *port)
{
	return READ_ONCE(port->tx_checks) & ~VNICX_CHECK_FDB ||
	       READ_ONCE(port->rx_checks) || READ_ONCE(port->class);
}

/**
 * vnicx_port_add() - count frames that a port received or sent
 * @port: the port
 * @packets: VNICX_RX_PACKETS or VNICX_TX_PACKETS; the counter of bytes follows
 *	it
 * @nr: how many frames
 * @bytes: their bytes, from the Ethernet header on
 *
 * Context: bottom halves disabled.
 */
static inline void vnicx_port_add(struct vnicx_port *port,
				  enum vnicx_counter packets, unsigned int nr,
				  unsigned int bytes)
{
	struct vnicx_port_stats *stats = this_cpu_ptr(port->stats);

	u64_stats_update_begin(&stats->syncp);
	u64_stats_add(&stats->count[packets], nr);
	u64_stats_add(&stats->count[packets + 1], bytes);
	u64_stats_update_end(&stats->syncp);
}

/**
 * vnicx_port_count() - count a frame that a port received or sent
 * @port: the port
 * @packets: VNICX_RX_PACKETS or VNICX_TX_PACKETS; the counter of bytes follows
 *	it
 * @len: the frame's bytes, from the Ethernet header on
 *
 * Context: bottom halves disabled.
 */
static inline void vnicx_port_count(struct vnicx_port *port,
				    enum vnicx_counter packets,
				    unsigned int len)
{
	vnicx_port_add(port, packets, 1, len);
}

/**
 * vnicx_port_inc() - add one to a port's counter
 * @port: the port
 * @counter: the counter
 *
 * Context: bottom halves disabled.
 */
static inline void vnicx_port_inc(struct vnicx_port *port,
				  enum vnicx_counter counter)
{
	struct vnicx_port_stats *stats = this_cpu_ptr(port->stats);

	u64_stats_update_begin(&stats->syncp);
	u64_stats_inc(&stats->count[counter]);
	u64_stats_update_end(&stats->syncp);
}

#endif /* _VNICX_PORT_H */
