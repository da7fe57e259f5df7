// SPDX-License-Identifier: GPL-2.0
/*
 * The walk of a frame that is no skb, between two vNICs.
 *
 * A frame from one AF_XDP socket to another needs no skb where nothing on its way looks
 * at more than its first bytes. This decides as vnicx_send() and vnicx_deliver() do. It
 * says nothing about any other frame, which takes the walk of an skb.
 */
#include <kunit/visibility.h>
#include <vnicx/direct.h>

#include "cache.h"
#include "forward.h"

static_assert(sizeof(struct vnicx_policy_ip) <= VNICX_DIRECT_HEAD);
static_assert(offsetof(struct vnicx_policy_ip6, udph) <= VNICX_DIRECT_HEAD);
/* vnicx_direct_again() is given this. */
static_assert(offsetof(struct vnicx_policy_ip, udph.dest) == VNICX_DIRECT_UDP_DEST);
static_assert(VNICX_DIRECT_UDP_DEST >= 32 && VNICX_DIRECT_UDP_DEST + 2 <= 40);

/* Tell whether spoofchk, which is all that there is, has nothing against a frame: it
 * is from the port's own address, and says nothing more about addresses.
 */
static bool vnicx_direct_is_plain(const struct vnicx_port *in,
				  const struct ethhdr *eth)
{
	const struct vnicx_policy_ip *ip = (const void *)eth;
	u64 self;

	memcpy(&self, ip->self, sizeof(self));
	if (self == READ_ONCE(in->self))
		return vnicx_policy_is_plain4(ip);
	return vnicx_policy_is_mute(in, eth);
}

/* Tell whether the policy of the sending port has nothing against a frame. */
static bool vnicx_direct_may_leave(const struct vnicx_port *in,
				   const struct ethhdr *eth)
{
	/* Pairs with vnicx_policy_set_self(). */
	u8 checks = smp_load_acquire(&in->tx_checks);

	return !(checks & ~VNICX_CHECK_FDB) ||
	       (checks == VNICX_CHECK_SPOOF &&
		vnicx_direct_is_plain(in, eth));
}

/* Tell whether a frame may say something about the addresses of ports, and a port has
 * leases. Of UDP over IPv6, the ports are not among the first bytes.
 */
static bool vnicx_direct_may_say(const struct ethhdr *eth)
{
	return static_branch_unlikely(&vnicx_leases_used) &&
	       vnicx_snoop_may_say(eth, (const u8 *)eth + VNICX_DIRECT_HEAD);
}

/**
 * vnicx_direct_find() - find the vNIC before whose XDP program a frame goes
 * @in: the port of the vNIC that transmits it
 * @head: the first VNICX_DIRECT_HEAD bytes, which nobody else can change
 * @len: how many bytes the frame has, no fewer
 *
 * Context: RCU read side, bottom halves disabled.
 * Return: the port, good until the end of the RCU section, if the frame is for it
 * alone and no policy has anything to do with it; NULL if this is not known
 */
struct vnicx_port *vnicx_direct_find(struct vnicx_port *in, const u8 *head,
				     unsigned int len)
{
	const struct ethhdr *eth = (const struct ethhdr *)head;
	const struct vnicx_scope scope = {
		.roles = READ_ONCE(in->reach),
		.except = in->id,
	};
	struct vnicx_port *dst;

	if (trace_vnicx_forward_enabled() || READ_ONCE(in->nr_lost))
		return NULL;
	if (vnicx_is_special(eth->h_proto) || !vnicx_direct_may_leave(in, eth) ||
	    vnicx_direct_may_say(eth))
		return NULL;
	/* The FDB has no groups. */
	dst = vnicx_cache_lookup(in->sw, eth->h_dest, VNICX_VID_NONE);
	/* Pairs with vnicx_port_set_xdp(): the queue is there. */
	if (!dst || smp_load_acquire(&dst->exit) != VNICX_EXIT_XDP)
		return NULL;
	if (!vnicx_scope_has(&scope, dst) ||
	    READ_ONCE(dst->rx_checks) ||
	    len - ETH_HLEN > READ_ONCE(dst->dev->mtu) + VLAN_HLEN)
		return NULL;
	return dst;
}
EXPORT_SYMBOL_IF_KUNIT(vnicx_direct_find);

/**
 * vnicx_direct_learn() - find the vNIC for a frame, and note it for frames that are like
 *	it
 * @way: where to note it; @way->in is set
 * @head: the first VNICX_DIRECT_HEAD bytes, which nobody else can change
 * @len: how many bytes the frame has, no fewer
 *
 * No way is noted of a protocol whose frames say something about addresses elsewhere
 * than vnicx_direct_again() looks.
 *
 * Context: RCU read side, bottom halves disabled.
 * Return: as vnicx_direct_find()
 */
struct vnicx_port *vnicx_direct_learn(struct vnicx_direct_way *way,
				      const u8 *head, unsigned int len)
{
	const struct ethhdr *eth = (const struct ethhdr *)head;
	u64 generation = READ_ONCE(way->in->sw->generation);

	/* Pairs with vnicx_cache_expire(): the port is no older than that. */
	smp_rmb();
	way->dst = vnicx_direct_find(way->in, head, len);
	way->is_ip = eth->h_proto == htons(ETH_P_IP) &&
		     head[ETH_HLEN] == VNICX_POLICY_NO_OPTIONS;
	if (!way->dst ||
	    (!way->is_ip && !vnicx_policy_is_mute_proto(eth->h_proto)))
		generation = 0;
	way->generation = generation;
	way->now = &way->in->sw->generation;
	memcpy(&way->first, head, sizeof(way->first));
	memcpy(&way->second, head + 8, sizeof(way->second));
	memcpy(&way->source, head + ETH_ALEN, sizeof(way->source));
	/* The address and the EtherType; of IPv4, version and length, too */
	way->alike = (__force u64)cpu_to_be64(way->is_ip ? ~0xffULL : ~0xffffULL);
	return way->dst;
}
EXPORT_SYMBOL_IF_KUNIT(vnicx_direct_learn);
