/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The policy of a port, inline for the data path.
 */
#ifndef _VNICX_POLICY_POLICY_H
#define _VNICX_POLICY_POLICY_H

#include <linux/etherdevice.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/udp.h>
#include <vnicx/policy.h>

#include "../internal.h"
#include "parse.h"
#include "rate.h"
#include "vlan.h"

/* The first byte of an IPv4 header without options: version and length */
#define VNICX_POLICY_NO_OPTIONS	0x45

/**
 * struct vnicx_policy_ip - a frame's Ethernet and IPv4 headers, without options
 * @dest: destination address
 * @self: source address and EtherType, as &vnicx_port.self
 * @iph: IPv4 header
 * @udph: UDP header, if the protocol is UDP
 */
struct vnicx_policy_ip {
	u8 dest[ETH_ALEN];
	u8 self[sizeof(u64)];
	struct iphdr iph;
	struct udphdr udph;
} __packed;

/**
 * struct vnicx_policy_ip6 - a frame's Ethernet and IPv6 headers, and the ports
 * @dest: destination address
 * @self: source address and EtherType
 * @iph: IPv6 header
 * @udph: UDP header, or the first bytes of TCP's
 */
struct vnicx_policy_ip6 {
	u8 dest[ETH_ALEN];
	u8 self[sizeof(u64)];
	struct ipv6hdr iph;
	struct udphdr udph;
} __packed;

/* The difference of the EtherTypes of IPv4 and IPv6, as in &vnicx_port.self */
#define VNICX_POLICY_IPV6_SELF						\
	((__force u64)cpu_to_be64(ETH_P_IP ^ ETH_P_IPV6))

/**
 * vnicx_policy_keeps() - tell whether a frame's addresses and ports stay
 * @skb: the frame, skb->data at its Ethernet header, and set as the MAC header
 *
 * A checksum that is yet to be made is stored where the sender wants it. By a
 * packet socket, AF_XDP or a tap, a tenant can have any two bytes written so, on
 * the way to the wire.
 *
 * Return: whether the checksum is stored behind the ports of IPv4 without options
 */
static __always_inline bool vnicx_policy_keeps(const struct sk_buff *skb)
{
	return likely(skb->ip_summed != CHECKSUM_PARTIAL) ||
	       (u32)(skb->csum_start - skb->mac_header) + skb->csum_offset >=
	       offsetof(struct vnicx_policy_ip, udph.len);
}

/* Tell whether an IPv6 packet says nothing more about link-layer addresses: ND
 * does, so nothing but TCP and UDP right behind the header. Of IPv6, that is all
 * that spoofchk asks for, and all that is known; guards ask the parser.
 */
static __always_inline bool vnicx_policy_is_plain6(const struct vnicx_policy_ip6 *ip,
						   u32 headlen)
{
	return headlen >= sizeof(*ip) && ip->iph.version == 6 &&
	       (ip->iph.nexthdr == IPPROTO_TCP ||
		ip->iph.nexthdr == IPPROTO_UDP);
}

/* Tell whether an IPv4 packet says nothing about addresses: DHCP clients' do. Of
 * other protocols than UDP, two bytes of whatever they are decide, and options hide
 * them: such a packet gets a closer look.
 */
static __always_inline bool vnicx_policy_is_plain4(const struct vnicx_policy_ip *ip)
{
	return *(const u8 *)&ip->iph == VNICX_POLICY_NO_OPTIONS &&
	       ip->udph.dest != htons(VNICX_PORT_BOOTPS);
}

/* Tell whether frames of a protocol say nothing about addresses. */
static __always_inline bool vnicx_policy_is_mute_proto(__be16 proto)
{
	switch (proto) {
	case htons(ETH_P_IP):
	case htons(ETH_P_IPV6):
	case htons(ETH_P_ARP):
	case htons(ETH_P_RARP):
	case htons(ETH_P_8021Q):
	case htons(ETH_P_8021AD):
		return false;
	default:
		return eth_proto_is_802_3(proto);
	}
}

/**
 * vnicx_policy_is_mute() - recognise frames of a port that no guard reads
 * @port: the port, whose address is known
 * @eth: the frame's Ethernet header
 *
 * Return: true for a frame from the port's own address of a protocol that says nothing
 * about addresses
 */
static __always_inline bool vnicx_policy_is_mute(const struct vnicx_port *port,
						 const struct ethhdr *eth)
{
	u64 self;

	/* The EtherType as well, so not from h_source, which is shorter. */
	memcpy(&self, (const u8 *)eth + ETH_ALEN, sizeof(self));
	return !((self ^ READ_ONCE(port->self)) & VNICX_POLICY_ADDR) &&
	       vnicx_policy_is_mute_proto(eth->h_proto);
}

/* Tell whether a frame with so many bytes in the linear part is plain, if the port's
 * address is known.
 */
static __always_inline bool vnicx_policy_looks_plain(const struct vnicx_port *port,
						     const struct sk_buff *skb,
						     u32 headlen)
{
	const struct vnicx_policy_ip *ip = (const void *)skb->data;
	u64 self;

	if (unlikely(headlen < sizeof(*ip)) || !vnicx_policy_keeps(skb))
		return false;
	memcpy(&self, ip->self, sizeof(self));
	self ^= READ_ONCE(port->self);
	if (unlikely(self))
		return self == VNICX_POLICY_IPV6_SELF &&
		       vnicx_policy_is_plain6((const void *)ip, headlen);
	return likely(vnicx_policy_is_plain4(ip));
}

/**
 * vnicx_policy_is_plain() - recognise most of the frames that spoofchk allows
 * @port: the port that sends the frame
 * @skb: the frame, skb->data at its Ethernet header
 *
 * Return: true for an IP packet from the port's own address, which is nothing
 * that says more about addresses; such frames need no further look
 */
static inline bool vnicx_policy_is_plain(const struct vnicx_port *port,
					 const struct sk_buff *skb)
{
	/* Pairs with vnicx_policy_set_self(). */
	return !(smp_load_acquire(&port->tx_checks) & VNICX_CHECK_FDB) &&
	       vnicx_policy_looks_plain(port, skb, skb_headlen(skb));
}

/**
 * vnicx_policy_count() - count a frame that a policy keeps from a port
 * @port: the port with the policy
 * @cause: why
 */
static inline void vnicx_policy_count(struct vnicx_port *port,
				      enum vnicx_cause cause)
{
	atomic_long_inc(&port->causes[cause]);
}

struct sk_buff *vnicx_policy_tx(struct vnicx_port *in, struct sk_buff *skb);

/* guard.c */
bool vnicx_guard_sends(struct vnicx_port *in, struct sk_buff *skb, u8 checks);

/* Tell whether a frame is paid by what this CPU has of a port's rate. */
static __always_inline bool vnicx_policy_pays(struct vnicx_port *in,
					      struct sk_buff *skb)
{
	return vnicx_rate_pays(&in->stats->credit[VNICX_RATE_TX],
			       vnicx_rate_len(skb, skb->len));
}

/* Take a plain frame into a port's VLAN, if the port's policy is that of @checks still. A
 * newer one may have more checks beside another tag.
 */
static __always_inline bool vnicx_policy_tags(struct vnicx_port *in,
					      struct sk_buff *skb, u8 checks)
{
	u32 tag = READ_ONCE(in->tag);

	if (skb_vlan_tag_present(skb))
		return false;
	/* Pairs with vnicx_policy_set(): who sees its tag sees VNICX_CHECK_TX. */
	smp_rmb();
	if (unlikely(READ_ONCE(in->tx_checks) != checks))
		return false;
	vnicx_vlan_put(skb, tag);
	return true;
}

/* Tell whether a plain frame, which has no tag but in its metadata, needs no more than
 * what is inline.
 */
static __always_inline bool vnicx_policy_sends_plain(struct vnicx_port *in,
						     struct sk_buff *skb, u8 checks)
{
	u8 others = checks & ~VNICX_CHECK_SPOOF;

	switch (others) {
	case VNICX_CHECK_TX_RATE:
		return vnicx_policy_pays(in, skb);
	case VNICX_CHECK_TAG:
		return vnicx_policy_tags(in, skb, checks);
	default:
		return others & VNICX_CHECK_TX && !(others & VNICX_CHECK_FDB) &&
		       vnicx_guard_sends(in, skb, others);
	}
}

/* The same of a frame that is not plain. */
static __always_inline bool vnicx_policy_sends_other(struct vnicx_port *in,
						     struct sk_buff *skb, u8 checks)
{
	if (checks == VNICX_CHECK_TX_RATE)
		return vnicx_policy_pays(in, skb);
	return checks == VNICX_CHECK_SPOOF && vnicx_policy_keeps(skb) &&
	       vnicx_policy_is_mute(in, (const struct ethhdr *)skb->data);
}

/**
 * vnicx_policy_sends() - tell whether a frame that a port sends needs no more of its
 *	policy than what is inline
 * @in: the port
 * @skb: the frame, skb->data at its Ethernet header, and set as the MAC header
 * @checks: what the port's checks said before the frame was read, not 0
 * @headlen: the frame's bytes in the linear part
 * @is_ip: set to true for a frame that passes whose EtherType is IPv4's or IPv6's
 *
 * Context: RCU read side, bottom halves disabled.
 * Return: true if the frame passes, and its Ethernet header is in the linear part;
 * false says nothing
 */
static __always_inline bool vnicx_policy_sends(struct vnicx_port *in,
					       struct sk_buff *skb, u8 checks,
					       u32 headlen, bool *is_ip)
{
	*is_ip = vnicx_policy_looks_plain(in, skb, headlen);
	if (!*is_ip)
		return headlen >= ETH_HLEN &&
		       vnicx_policy_sends_other(in, skb, checks);
	if (likely(checks == VNICX_CHECK_SPOOF))
		return true;
	if (checks == (VNICX_CHECK_SPOOF | VNICX_CHECK_TAG))
		return vnicx_policy_tags(in, skb, checks);
	if (checks == (VNICX_CHECK_SPOOF | VNICX_CHECK_TX_RATE))
		return vnicx_policy_pays(in, skb);
	return vnicx_policy_sends_plain(in, skb, checks);
}

struct sk_buff *vnicx_policy_rx(struct vnicx_port *port, struct sk_buff *skb);

/* Tell whether a frame needs no more than what is inline. */
static __always_inline bool vnicx_policy_receives(struct vnicx_port *port,
						  struct sk_buff *skb, u8 checks,
						  u32 header)
{
	if (checks == VNICX_CHECK_TAG)
		return vnicx_vlan_take(skb);
	return checks == VNICX_CHECK_RX_RATE &&
	       vnicx_rate_pays(&port->stats->credit[VNICX_RATE_RX],
			       vnicx_rate_len(skb, skb->len + header));
}

/**
 * vnicx_policy_receive() - apply a port's policy to a frame that it receives
 * @port: the port
 * @pskb: the frame, in transmit or receive form; maybe replaced by another
 * @header: the bytes of its Ethernet header that are in front of skb->data
 *
 * Context: RCU read side, bottom halves disabled.
 * Return: false when the frame was dropped and counted
 */
static __always_inline bool vnicx_policy_receive(struct vnicx_port *port,
						 struct sk_buff **pskb, u32 header)
{
	u8 checks = READ_ONCE(port->rx_checks);

	if (likely(!checks) || vnicx_policy_receives(port, *pskb, checks, header))
		return true;
	*pskb = vnicx_policy_rx(port, *pskb);
	return *pskb;
}

/* policy.c */
struct sk_buff *vnicx_policy_drop(struct vnicx_port *port,
				  enum vnicx_cause cause, struct sk_buff *skb);

/* spoof.c */
bool vnicx_spoof_allows(const struct vnicx_port *port, const u8 *addr, u16 vid);

#endif /* _VNICX_POLICY_POLICY_H */
