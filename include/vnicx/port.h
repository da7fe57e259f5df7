/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A port of the switch: a vNIC, the uplink (the wire behind the lower
 * device) or the host (the lower device's own stack).
 */
#ifndef _VNICX_PORT_H
#define _VNICX_PORT_H

#include <linux/list.h>
#include <linux/netdevice.h>
#include <linux/u64_stats_sync.h>

struct vnicx_switch;

enum vnicx_port_kind {
	VNICX_PORT_VNIC,
	VNICX_PORT_UPLINK,
	VNICX_PORT_HOST,
};

/* What a port wants beyond its own addresses and groups */
#define VNICX_RX_ALLMULTI	BIT(0)
#define VNICX_RX_PROMISC	BIT(1)

/**
 * struct vnicx_port_stats - counters of one port on one CPU
 * @rx_packets: frames handed to the port's stack
 * @rx_bytes: their bytes, from the Ethernet header on
 * @rx_multicast: those of @rx_packets sent to a group
 * @tx_packets: frames the port sent
 * @tx_bytes: their bytes, from the Ethernet header on
 * @rx_dropped: frames for the port that it could not take
 * @tx_dropped: frames of the port that went nowhere
 * @flood_queued: frames of the port whose copies were left to the worker
 * @flood_overflow: frames of the port not copied, the worker's queue was full
 * @syncp: makes the 64-bit counters whole for readers on 32-bit machines
 */
struct vnicx_port_stats {
	u64_stats_t rx_packets;
	u64_stats_t rx_bytes;
	u64_stats_t rx_multicast;
	u64_stats_t tx_packets;
	u64_stats_t tx_bytes;
	u64_stats_t rx_dropped;
	u64_stats_t tx_dropped;
	u64_stats_t flood_queued;
	u64_stats_t flood_overflow;
	struct u64_stats_sync syncp;
};

/**
 * struct vnicx_port - one port of a switch
 * @dev: the vNIC's device; the lower device for the uplink and the host
 * @sw: the switch it belongs to, constant while it is a port
 * @stats: per-CPU counters
 * @id: never used again within its switch, so that a frame in a queue can
 *	name its ingress port without holding it
 * @kind: what is behind the port, constant
 * @up: frames may be delivered to it; written under RTNL, read locklessly
 * @rx_flags: VNICX_RX_*; written under the switch's lock, read locklessly
 * @list: in the switch's list of vNICs, under RTNL
 */
struct vnicx_port {
	struct net_device *dev;
	struct vnicx_switch *sw;
	struct vnicx_port_stats __percpu *stats;
	u32 id;
	u8 kind;
	bool up;
	u8 rx_flags;

	struct list_head list;
};

/* Adds @len bytes and one packet, from BH-disabled context. */
#define vnicx_port_count(port, dir, len)				\
do {									\
	struct vnicx_port_stats *__s = this_cpu_ptr((port)->stats);	\
									\
	u64_stats_update_begin(&__s->syncp);				\
	u64_stats_inc(&__s->dir##_packets);				\
	u64_stats_add(&__s->dir##_bytes, len);				\
	u64_stats_update_end(&__s->syncp);				\
} while (0)

/* Adds one to a single counter, from BH-disabled context. */
#define vnicx_port_inc(port, counter)					\
do {									\
	struct vnicx_port_stats *__s = this_cpu_ptr((port)->stats);	\
									\
	u64_stats_update_begin(&__s->syncp);				\
	u64_stats_inc(&__s->counter);					\
	u64_stats_update_end(&__s->syncp);				\
} while (0)

#endif /* _VNICX_PORT_H */
