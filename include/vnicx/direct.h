/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The walk of a frame that is no skb. Of a row of frames that are alike, most take the way
 * of the one before, which is told inline.
 */
#ifndef _VNICX_DIRECT_H
#define _VNICX_DIRECT_H

#include <linux/if_ether.h>
#include <linux/if_vlan.h>
#include <linux/ip.h>
#include <linux/tracepoint-defs.h>
#include <linux/udp.h>
#include <vnicx/port.h>

/* How much of a frame vnicx_direct_find() looks at: none on a wire has less. */
#define VNICX_DIRECT_HEAD	56

/* Where the destination port of UDP is, behind an IPv4 header without options */
#define VNICX_DIRECT_UDP_DEST	(ETH_HLEN + sizeof(struct iphdr) + \
				 offsetof(struct udphdr, dest))

DECLARE_TRACEPOINT(vnicx_forward);

/**
 * struct vnicx_direct_way - the way of a frame, for those that are like it
 * @generation: that of the FDB before it was asked; 0 while no way is known
 * @now: where the present generation is
 * @in: the port of the vNIC that transmits the frames
 * @dst: the port that vnicx_direct_find() found
 * @first: bytes 0 to 7 of the frame
 * @second: bytes 8 to 15
 * @alike: which of the latter are the same in a frame that is like it
 * @source: the frame's source address, as in &vnicx_port.self, and its EtherType
 * @is_ip: the frame is IPv4, without options
 */
struct vnicx_direct_way {
	u64 generation;
	const u64 *now;
	struct vnicx_port *in;
	struct vnicx_port *dst;
	u64 first;
	u64 second;
	u64 alike;
	u64 source;
	bool is_ip;
};

struct vnicx_port *vnicx_direct_find(struct vnicx_port *in, const u8 *head,
				     unsigned int len);
struct vnicx_port *vnicx_direct_learn(struct vnicx_direct_way *way,
				      const u8 *head, unsigned int len);

/* Tell whether a packet over IPv4 may be of DHCP, by bytes 32 to 39: such say something
 * about addresses. Of other protocols than UDP, two bytes of whatever they are decide.
 */
static __always_inline bool vnicx_direct_may_be_dhcp(u64 fifth)
{
	__be16 port;

	memcpy(&port, (const u8 *)&fifth + VNICX_DIRECT_UDP_DEST % sizeof(fifth),
	       sizeof(port));
	return port == htons(VNICX_PORT_BOOTPS) ||
	       port == htons(VNICX_PORT_BOOTPC);
}

/* Tell whether the policy of the sending port has nothing against a frame. */
static __always_inline bool
vnicx_direct_may_leave_again(const struct vnicx_direct_way *way)
{
	const struct vnicx_port *in = way->in;
	/* Pairs with vnicx_policy_set_self(). */
	u8 checks = smp_load_acquire(&in->tx_checks);

	return !(checks & ~VNICX_CHECK_FDB) ||
	       (checks == VNICX_CHECK_SPOOF &&
		!((READ_ONCE(in->self) ^ way->source) & VNICX_POLICY_ADDR));
}

/**
 * vnicx_direct_again() - tell whether a frame takes the way of one before it
 * @way: the way
 * @first: bytes 0 to 7 of the frame
 * @second: bytes 8 to 15
 * @fifth: bytes 32 to 39
 * @len: how many bytes it has, no fewer than VNICX_DIRECT_HEAD
 *
 * Asks again for all that vnicx_direct_find() reads beside the frame, as it can change at
 * any time. Of the frame, it decides on the parameters only.
 *
 * Context: RCU read side since vnicx_direct_learn(), bottom halves disabled.
 * Return: true if vnicx_direct_find() would find @way->dst; false says nothing
 */
static __always_inline bool
vnicx_direct_again(const struct vnicx_direct_way *way, u64 first, u64 second,
		   u64 fifth, unsigned int len)
{
	const struct vnicx_port *in = way->in, *dst = way->dst;

	if (unlikely(!way->generation) || unlikely(first != way->first) ||
	    unlikely((second ^ way->second) & way->alike) ||
	    unlikely(way->generation != READ_ONCE(*way->now)) ||
	    tracepoint_enabled(vnicx_forward))
		return false;
	if (way->is_ip && unlikely(vnicx_direct_may_be_dhcp(fifth)))
		return false;
	return likely(vnicx_direct_may_leave_again(way)) &&
	       likely(!READ_ONCE(in->nr_lost)) &&
	       likely(READ_ONCE(dst->exit) == VNICX_EXIT_XDP) &&
	       likely(READ_ONCE(in->reach) & READ_ONCE(dst->role)) &&
	       likely(!READ_ONCE(dst->rx_checks)) &&
	       likely(len - ETH_HLEN <= READ_ONCE(dst->dev->mtu) + VLAN_HLEN);
}

#endif /* _VNICX_DIRECT_H */
