// SPDX-License-Identifier: GPL-2.0
/*
 * The answers of the generic netlink family about a switch and about a port.
 */
#include <linux/etherdevice.h>
#include <linux/rtnetlink.h>
#include <net/net_namespace.h>

#include "../announce/announce.h"
#include "../nl/nl.h"
#include "genl.h"

/**
 * vnicx_genl_begin() - begin an answer
 * @skb: where to put it
 * @asker: whom it is for
 *
 * Return: the answer's header, or NULL when there is no room
 */
void *vnicx_genl_begin(struct sk_buff *skb,
		       const struct vnicx_genl_asker *asker)
{
	return genlmsg_put(skb, NETLINK_CB(asker->request).portid,
			   asker->nlh->nlmsg_seq, &vnicx_genl_family,
			   asker->flags, asker->cmd);
}

/**
 * vnicx_genl_switch_size() - get the greatest size of an answer about a switch
 *
 * Return: bytes behind the header
 */
size_t vnicx_genl_switch_size(void)
{
	return nla_total_size(IFNAMSIZ) +
	       VNICX_A_SWITCH_MAX * nla_total_size(sizeof(u32));
}

static u8 vnicx_genl_host(const struct vnicx_switch *sw)
{
	if (!IS_ENABLED(CONFIG_NETFILTER_EGRESS))
		return VNICX_HOST_UNAVAILABLE;
	return vnicx_switch_has_host(sw) ? VNICX_HOST_ON : VNICX_HOST_OFF;
}

/**
 * vnicx_genl_fill_switch() - show a switch
 * @skb: where to put it
 * @lower: the lower device
 *
 * Context: RTNL.
 * Return: 0 or -EMSGSIZE
 */
int vnicx_genl_fill_switch(struct sk_buff *skb, const struct vnicx_lower *lower)
{
	const struct vnicx_switch *sw = lower->sw;
	struct vnicx_switch_shown shown;

	vnicx_switch_show(sw, &shown);
	if (nla_put_u32(skb, VNICX_A_SWITCH_IFINDEX, lower->dev->ifindex) ||
	    nla_put_string(skb, VNICX_A_SWITCH_NAME, lower->dev->name) ||
	    nla_put_u8(skb, VNICX_A_SWITCH_HOST, vnicx_genl_host(sw)) ||
	    nla_put_u8(skb, VNICX_A_SWITCH_NEIGH_SUPPRESS,
		       vnicx_switch_suppresses(sw)) ||
	    nla_put_u32(skb, VNICX_A_SWITCH_PORTS,
			vnicx_switch_nr_ports(sw)) ||
	    nla_put_u32(skb, VNICX_A_SWITCH_QUEUE_LEN,
			vnicx_switch_queue_len(sw)) ||
	    nla_put_u32(skb, VNICX_A_SWITCH_QUEUE_PENDING, shown.pending) ||
	    nla_put_u32(skb, VNICX_A_SWITCH_ADDRESSES, shown.addresses) ||
	    nla_put_u32(skb, VNICX_A_SWITCH_CLAIMS, shown.claims) ||
	    nla_put_u32(skb, VNICX_A_SWITCH_GROUPS, shown.groups) ||
	    nla_put_u32(skb, VNICX_A_SWITCH_HOLDERS, shown.holders) ||
	    nla_put_u8(skb, VNICX_A_SWITCH_ANNOUNCE,
		       vnicx_switch_is_watched(sw)) ||
	    nla_put_u32(skb, VNICX_A_SWITCH_ANNOUNCED,
			vnicx_told_count(lower)))
		return -EMSGSIZE;
	return 0;
}

/* The attributes of enum vnicx_cause */
static const u8 vnicx_genl_causes[VNICX_NR_CAUSES] = {
	[VNICX_CAUSE_TX_DISABLED] = VNICX_A_CAUSES_TX_DISABLED,
	[VNICX_CAUSE_TX_SPOOFED] = VNICX_A_CAUSES_TX_SPOOFED,
	[VNICX_CAUSE_TX_VLAN] = VNICX_A_CAUSES_TX_VLAN,
	[VNICX_CAUSE_RX_VLAN] = VNICX_A_CAUSES_RX_VLAN,
	[VNICX_CAUSE_TX_ISOLATED] = VNICX_A_CAUSES_TX_ISOLATED,
	[VNICX_CAUSE_TX_STORM] = VNICX_A_CAUSES_TX_STORM,
	[VNICX_CAUSE_TX_RATE] = VNICX_A_CAUSES_TX_RATE,
	[VNICX_CAUSE_RX_RATE] = VNICX_A_CAUSES_RX_RATE,
	[VNICX_CAUSE_TX_UNDETERMINED] = VNICX_A_CAUSES_TX_UNDETERMINED,
	[VNICX_CAUSE_TX_RESTRICTED] = VNICX_A_CAUSES_TX_RESTRICTED,
	[VNICX_CAUSE_TX_GUARDED_RA] = VNICX_A_CAUSES_TX_GUARDED_RA,
	[VNICX_CAUSE_TX_GUARDED_DHCP] = VNICX_A_CAUSES_TX_GUARDED_DHCP,
	[VNICX_CAUSE_TX_IP_SPOOFED] = VNICX_A_CAUSES_TX_IP_SPOOFED,
	[VNICX_CAUSE_RX_IP] = VNICX_A_CAUSES_RX_IP,
	[VNICX_CAUSE_TX_BPF] = VNICX_A_CAUSES_TX_BPF,
	[VNICX_CAUSE_RX_BPF] = VNICX_A_CAUSES_RX_BPF,
	[VNICX_CAUSE_MIRROR_FAILED] = VNICX_A_CAUSES_MIRROR_FAILED,
	[VNICX_CAUSE_NEIGH_SUPPRESSED] = VNICX_A_CAUSES_NEIGH_SUPPRESSED,
	[VNICX_CAUSE_DHCP_LEARNED] = VNICX_A_CAUSES_DHCP_LEARNED,
	[VNICX_CAUSE_DHCP_REFUSED] = VNICX_A_CAUSES_DHCP_REFUSED,
};

static int vnicx_genl_fill_causes(struct sk_buff *skb,
				  const struct vnicx_port *port)
{
	struct nlattr *nest = nla_nest_start(skb, VNICX_A_PORT_CAUSES);
	unsigned int i;

	if (!nest)
		return -EMSGSIZE;
	for (i = 0; i < VNICX_NR_CAUSES; i++) {
		if (vnicx_genl_causes[i] &&
		    nla_put_u64_64bit(skb, vnicx_genl_causes[i],
				      atomic_long_read(&port->causes[i]),
				      VNICX_A_CAUSES_PAD))
			return -EMSGSIZE;
	}
	nla_nest_end(skb, nest);
	return 0;
}

/* The attributes of enum vnicx_xdp_counter */
static const u8 vnicx_genl_xdp[VNICX_NR_XDP] = {
	[VNICX_XDP_DROP] = VNICX_A_XDP_DROPS,
	[VNICX_XDP_TX] = VNICX_A_XDP_TX,
	[VNICX_XDP_TX_ERROR] = VNICX_A_XDP_TX_ERRORS,
	[VNICX_XDP_REDIRECT] = VNICX_A_XDP_REDIRECT,
	[VNICX_XDP_REDIRECT_ERROR] = VNICX_A_XDP_REDIRECT_ERRORS,
	[VNICX_XDP_OVERFLOW] = VNICX_A_XDP_OVERFLOW,
	[VNICX_XDP_XMIT] = VNICX_A_XDP_XMIT,
	[VNICX_XDP_XMIT_ERROR] = VNICX_A_XDP_XMIT_ERRORS,
	[VNICX_XSK_RX] = VNICX_A_XDP_XSK_RX,
	[VNICX_XSK_RX_ERROR] = VNICX_A_XDP_XSK_RX_ERRORS,
	[VNICX_XSK_TX] = VNICX_A_XDP_XSK_TX,
	[VNICX_XSK_TX_ERROR] = VNICX_A_XDP_XSK_TX_ERRORS,
	[VNICX_XSK_DIRECT] = VNICX_A_XDP_XSK_DIRECT,
};

static int vnicx_genl_fill_xdp(struct sk_buff *skb,
			       const struct vnicx_vnic *vnic)
{
	struct nlattr *nest = nla_nest_start(skb, VNICX_A_PORT_XDP);
	unsigned int i;

	if (!nest)
		return -EMSGSIZE;
	for (i = 0; i < VNICX_NR_XDP; i++) {
		if (nla_put_u64_64bit(skb, vnicx_genl_xdp[i],
				      atomic_long_read(&vnic->xdp_count[i]),
				      VNICX_A_XDP_PAD))
			return -EMSGSIZE;
	}
	nla_nest_end(skb, nest);
	return 0;
}

/* Frames of a vNIC, as `ip -s link` has them */
static int vnicx_genl_fill_frames(struct sk_buff *skb, struct net_device *dev)
{
	struct rtnl_link_stats64 stats;

	dev_get_stats(dev, &stats);
	if (nla_put_u64_64bit(skb, VNICX_A_COUNTERS_RX_PACKETS,
			      stats.rx_packets, VNICX_A_COUNTERS_PAD) ||
	    nla_put_u64_64bit(skb, VNICX_A_COUNTERS_RX_BYTES,
			      stats.rx_bytes, VNICX_A_COUNTERS_PAD) ||
	    nla_put_u64_64bit(skb, VNICX_A_COUNTERS_RX_MULTICAST,
			      stats.multicast, VNICX_A_COUNTERS_PAD) ||
	    nla_put_u64_64bit(skb, VNICX_A_COUNTERS_RX_DROPPED,
			      stats.rx_dropped, VNICX_A_COUNTERS_PAD) ||
	    nla_put_u64_64bit(skb, VNICX_A_COUNTERS_TX_PACKETS,
			      stats.tx_packets, VNICX_A_COUNTERS_PAD) ||
	    nla_put_u64_64bit(skb, VNICX_A_COUNTERS_TX_BYTES,
			      stats.tx_bytes, VNICX_A_COUNTERS_PAD) ||
	    nla_put_u64_64bit(skb, VNICX_A_COUNTERS_TX_DROPPED,
			      stats.tx_dropped, VNICX_A_COUNTERS_PAD))
		return -EMSGSIZE;
	return 0;
}

static int vnicx_genl_fill_counters(struct sk_buff *skb,
				    const struct vnicx_port *port)
{
	struct nlattr *nest = nla_nest_start(skb, VNICX_A_PORT_COUNTERS);
	u64 sum[VNICX_NR_COUNTERS];

	if (!nest)
		return -EMSGSIZE;
	vnicx_stats_sum(port, sum);
	if (port->kind == VNICX_PORT_VNIC) {
		if (vnicx_genl_fill_frames(skb, port->dev))
			return -EMSGSIZE;
	} else if (nla_put_u64_64bit(skb, VNICX_A_COUNTERS_RX_DROPPED,
				     sum[VNICX_RX_DROPPED],
				     VNICX_A_COUNTERS_PAD)) {
		return -EMSGSIZE;
	}
	if (port->kind != VNICX_PORT_UPLINK &&
	    nla_put_u64_64bit(skb, VNICX_A_COUNTERS_RX_OVERFLOW,
			      atomic_long_read(&port->rx_overflow),
			      VNICX_A_COUNTERS_PAD))
		return -EMSGSIZE;
	if (nla_put_u64_64bit(skb, VNICX_A_COUNTERS_FLOOD_QUEUED,
			      sum[VNICX_FLOOD_QUEUED], VNICX_A_COUNTERS_PAD) ||
	    nla_put_u64_64bit(skb, VNICX_A_COUNTERS_FLOOD_OVERFLOW,
			      sum[VNICX_FLOOD_OVERFLOW], VNICX_A_COUNTERS_PAD))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int vnicx_genl_fill_options(struct sk_buff *skb,
				   const struct vnicx_port *port, bool alone)
{
	struct nlattr *nest = nla_nest_start(skb, VNICX_A_PORT_OPTIONS);

	if (!nest || vnicx_fill_options(skb, port->dev, alone))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

/* Put the number that the asker's namespace has for another one, if it has one,
 * or -1: a reader gives out no numbers.
 */
static int vnicx_genl_fill_nsid(struct sk_buff *skb, int attr,
				const struct vnicx_genl_asker *asker,
				const struct net_device *dev)
{
	if (net_eq(dev_net(dev), asker->net))
		return 0;
	return nla_put_s32(skb, attr, peernet2id(asker->net, dev_net(dev)));
}

/* A device's name in another namespace is for those who administer that one. */
static bool vnicx_genl_may_name(const struct vnicx_genl_asker *asker,
				const struct net_device *dev)
{
	const struct net *net = dev_net(dev);

	return net_eq(net, asker->net) ||
	       (netlink_ns_capable(asker->request, net->user_ns,
				   CAP_NET_ADMIN) &&
		vnicx_trust_administers(net));
}

static u32 vnicx_genl_flags(const struct vnicx_port *port)
{
	u8 rx_flags = READ_ONCE(port->rx_flags);
	u32 flags = 0;

	if (READ_ONCE(port->role) || port->kind == VNICX_PORT_UPLINK)
		flags |= VNICX_PORT_FLAG_UP;
	if (port->take)
		flags |= VNICX_PORT_FLAG_TAP;
	if (rx_flags & VNICX_RX_ALLMULTI)
		flags |= VNICX_PORT_FLAG_ALLMULTI;
	if (rx_flags & VNICX_RX_PROMISC)
		flags |= VNICX_PORT_FLAG_PROMISC;
	if (port->kind == VNICX_PORT_VNIC &&
	    vnicx_trust_is_tenants(netdev_priv(port->dev)))
		flags |= VNICX_PORT_FLAG_TENANT;
	return flags;
}

/* Show the attributes that only a vNIC has. The options come last: their lists may be
 * long, and those that do not fit a small buffer are left out.
 */
static int vnicx_genl_fill_vnic(struct sk_buff *skb,
				const struct vnicx_genl_asker *asker,
				const struct vnicx_port *port, bool alone)
{
	const struct net_device *dev = port->dev;

	if (nla_put_u32(skb, VNICX_A_PORT_IFINDEX, dev->ifindex) ||
	    vnicx_genl_fill_nsid(skb, VNICX_A_PORT_NSID, asker, dev) ||
	    (vnicx_genl_may_name(asker, dev) &&
	     nla_put_string(skb, VNICX_A_PORT_NAME, dev->name)) ||
	    nla_put(skb, VNICX_A_PORT_ADDRESS, ETH_ALEN, dev->dev_addr) ||
	    vnicx_genl_fill_causes(skb, port) ||
	    vnicx_genl_fill_xdp(skb, netdev_priv(dev)) ||
	    vnicx_genl_fill_options(skb, port, alone))
		return -EMSGSIZE;
	return 0;
}

static const u8 vnicx_genl_types[VNICX_NR_PORT_KINDS] = {
	[VNICX_PORT_VNIC] = VNICX_PORT_TYPE_VNIC,
	[VNICX_PORT_UPLINK] = VNICX_PORT_TYPE_WIRE,
	[VNICX_PORT_HOST] = VNICX_PORT_TYPE_HOST,
};

/**
 * vnicx_genl_port_size() - get the greatest size of an answer about a port
 * @port: the port
 *
 * Context: RTNL.
 * Return: bytes behind the header
 */
size_t vnicx_genl_port_size(const struct vnicx_port *port)
{
	size_t size = VNICX_A_PORT_MAX * nla_total_size(sizeof(u32)) +
		      VNICX_A_COUNTERS_MAX * nla_total_size_64bit(sizeof(u64));

	if (port->kind == VNICX_PORT_VNIC)
		size += nla_total_size(IFNAMSIZ) + nla_total_size(ETH_ALEN) +
			VNICX_A_CAUSES_MAX * nla_total_size_64bit(sizeof(u64)) +
			VNICX_A_XDP_MAX * nla_total_size_64bit(sizeof(u64)) +
			vnicx_get_size(port->dev) + VNICX_DUMP_REST;
	return size;
}

/**
 * vnicx_genl_fill_port() - show a port
 * @skb: where to put it
 * @asker: whom it is for
 * @port: the port
 *
 * Context: RTNL.
 * Return: 0 or -EMSGSIZE
 */
int vnicx_genl_fill_port(struct sk_buff *skb,
			 const struct vnicx_genl_asker *asker,
			 struct vnicx_port *port)
{
	const struct net_device *lower = port->dev;
	/* Nothing but this answer's header is in the buffer. */
	bool alone = skb->len <= NLMSG_HDRLEN + GENL_HDRLEN;

	if (port->kind == VNICX_PORT_VNIC)
		lower = ((struct vnicx_vnic *)netdev_priv(port->dev))->lower;
	if (nla_put_u32(skb, VNICX_A_PORT_LOWER, lower->ifindex) ||
	    vnicx_genl_fill_nsid(skb, VNICX_A_PORT_LOWER_NSID, asker, lower) ||
	    (net_eq(dev_net(lower), asker->net) &&
	     nla_put_u32(skb, VNICX_A_PORT_ID, port->id)) ||
	    nla_put_u32(skb, VNICX_A_PORT_TYPE, vnicx_genl_types[port->kind]) ||
	    nla_put_u32(skb, VNICX_A_PORT_FLAGS, vnicx_genl_flags(port)) ||
	    nla_put_u32(skb, VNICX_A_PORT_QUEUE_PENDING,
			READ_ONCE(port->flow.pending)) ||
	    (port->kind != VNICX_PORT_UPLINK &&
	     nla_put_u32(skb, VNICX_A_PORT_RX_BACKLOG,
			 vnicx_stats_backlog(port))) ||
	    vnicx_genl_fill_counters(skb, port))
		return -EMSGSIZE;
	return port->kind == VNICX_PORT_VNIC ?
	       vnicx_genl_fill_vnic(skb, asker, port, alone) : 0;
}
