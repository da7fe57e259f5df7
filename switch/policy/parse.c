// SPDX-License-Identifier: GPL-2.0
/*
 * The parser of the guards: finds what a frame says of its sender.
 *
 * It reads a frame as every receiver might. Where receivers differ, or where
 * the rest of a header is elsewhere, the frame is undetermined, because a guard
 * that guesses can be evaded: RFC 7113 (extension headers and fragments before
 * a router advertisement), RFC 6980 (fragmented Neighbour Discovery) and
 * VU#855201 (LLC/SNAP and stacked VLAN tags) have examples.
 *
 * The parser is pure. It reads by skb_header_pointer() only, from the Ethernet
 * header on, in transmit and in receive form, and changes nothing. Each loop has
 * a bound.
 */
#include <linux/if_arp.h>
#include <linux/if_vlan.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <kunit/visibility.h>
#include <net/ip.h>
#include <net/ipv6.h>

#include "cursor.h"

/* The subnetwork access protocol of IEEE 802.2, which carries an EtherType */
#define VNICX_SAP_SNAP		0xaa

/* Extension headers of IPv6 that <net/ipv6.h> does not have */
#define VNICX_NEXTHDR_HIP	139
#define VNICX_NEXTHDR_SHIM6	140

/* Fragments are cut to a multiple of so many bytes, which is as long as the
 * headers of UDP and ICMP.
 */
#define VNICX_FRAGMENT_UNIT	8

/**
 * struct vnicx_snap - the header of IEEE 802.2 with an EtherType
 * @dsap: destination service access point
 * @ssap: source service access point
 * @control: 3 for unnumbered information
 * @oui: who gives @type a meaning
 * @type: the EtherType, if @oui says that it is one
 */
struct vnicx_snap {
	u8 dsap;
	u8 ssap;
	u8 control;
	u8 oui[3];
	__be16 type;
} __packed;

/**
 * struct vnicx_arp - an ARP packet for Ethernet and IPv4
 * @hdr: the types and lengths of the addresses, and the operation
 * @sha: the sender's hardware address
 * @spa: the sender's protocol address
 * @target: the target's hardware address
 * @tpa: the target's protocol address
 */
struct vnicx_arp {
	struct arphdr hdr;
	u8 sha[ETH_ALEN];
	__be32 spa;
	u8 target[ETH_ALEN];
	__be32 tpa;
} __packed;

/* Tell whether an EtherType in LLC/SNAP means a packet to some receivers: one
 * that a guard reads, or one that leads to it.
 */
static bool vnicx_parse_snap_hides(__be16 type)
{
	switch (type) {
	case htons(ETH_P_IP):
	case htons(ETH_P_IPV6):
	case htons(ETH_P_ARP):
	case htons(ETH_P_RARP):
		return true;
	}
	return eth_type_vlan(type) || !eth_proto_is_802_3(type);
}

/* Parse IEEE 802.2, whatever length the 802.3 header has. Wi-Fi access points
 * and some stacks take the packet from SNAP with the OUI 0, and access points
 * also from the bridge tunnel's (IEEE 802.1H, OUI 0000f8). Returns false for
 * such a packet.
 */
static noinline bool vnicx_parse_llc(struct vnicx_cursor *c)
{
	const struct vnicx_snap *snap;
	const u8 *sap;
	u8 buf[2];
	struct vnicx_snap snap_buf;

	c->p->packet = VNICX_PACKET_OTHER;
	sap = vnicx_parse_peek(c, sizeof(buf), buf);
	if (!sap)
		return true;
	vnicx_parse_saw(c, sizeof(buf));
	/* The lowest bit is a flag. */
	if ((sap[0] & ~1) != VNICX_SAP_SNAP || (sap[1] & ~1) != VNICX_SAP_SNAP)
		return true;
	snap = vnicx_parse_peek(c, sizeof(snap_buf), &snap_buf);
	if (!snap)
		return false;
	vnicx_parse_saw(c, sizeof(*snap));
	if (snap->oui[0] || snap->oui[1] ||
	    (snap->oui[2] && snap->oui[2] != 0xf8))
		return true;
	return !vnicx_parse_snap_hides(snap->type);
}

/* Go behind the VLAN tags, to the EtherType there. Returns false if the frame is
 * truncated or has too many tags.
 */
static noinline bool vnicx_parse_tags(struct vnicx_cursor *c, __be16 *proto)
{
	const struct vlan_hdr *tag;
	struct vlan_hdr buf;

	for (; eth_type_vlan(*proto); c->offset += VLAN_HLEN) {
		tag = vnicx_parse_peek(c, sizeof(buf), &buf);
		if (!tag || ++c->p->tags > VNICX_PARSE_TAGS)
			return false;
		*proto = tag->h_vlan_encapsulated_proto;
	}
	return true;
}

/* Parse ARP or RARP for Ethernet and IPv4; another one is undetermined. */
static noinline bool vnicx_parse_arp(struct vnicx_cursor *c,
				     enum vnicx_packet packet)
{
	struct vnicx_parsed *p = c->p;
	const struct vnicx_arp *arp;
	struct vnicx_arp buf;

	arp = vnicx_parse_peek(c, sizeof(buf), &buf);
	if (!arp || arp->hdr.ar_pro != htons(ETH_P_IP) ||
	    arp->hdr.ar_hln != ETH_ALEN || arp->hdr.ar_pln != sizeof(arp->spa))
		return false;
	/* The core takes IEEE 802's hardware type for Ethernet's. */
	if (arp->hdr.ar_hrd != htons(ARPHRD_ETHER) &&
	    arp->hdr.ar_hrd != htons(ARPHRD_IEEE802))
		return false;
	vnicx_parse_saw(c, sizeof(*arp));
	vnicx_parse_claim(p, arp->sha);
	if (packet == VNICX_PACKET_RARP)
		vnicx_parse_claim(p, arp->target);
	memcpy(&p->v4.src, &arp->spa, sizeof(p->v4.src));
	memcpy(&p->v4.dst, &arp->tpa, sizeof(p->v4.dst));
	p->v4.op = ntohs(arp->hdr.ar_op);
	p->packet = packet;
	return true;
}

static __always_inline bool vnicx_parse_ipv4(struct vnicx_cursor *c)
{
	struct vnicx_parsed *p = c->p;
	const struct iphdr *ip;
	unsigned int len;
	struct iphdr buf;
	__be16 frag;

	ip = vnicx_parse_peek(c, sizeof(buf), &buf);
	if (unlikely(!ip || ip->version != 4 || ip->ihl < 5))
		return false;
	len = ip->ihl * 4;
	if (unlikely(c->offset + len > c->skb->len))
		return false;
	frag = ip->frag_off & htons(IP_MF | IP_OFFSET);
	p->fragment = frag;
	p->later = frag & htons(IP_OFFSET);
	p->v4.src = ip->saddr;
	p->v4.dst = ip->daddr;
	p->upper = ip->protocol;
	p->packet = VNICX_PACKET_IPV4;
	vnicx_parse_saw(c, len);
	c->offset += len;
	return true;
}

static __always_inline bool vnicx_parse_ipv6(struct vnicx_cursor *c)
{
	struct vnicx_parsed *p = c->p;
	const struct ipv6hdr *ip;
	struct ipv6hdr buf;

	ip = vnicx_parse_peek(c, sizeof(buf), &buf);
	if (unlikely(!ip || ip->version != 6))
		return false;
	p->v6.src = ip->saddr;
	p->v6.dst = ip->daddr;
	p->upper = ip->nexthdr;
	p->packet = VNICX_PACKET_IPV6;
	vnicx_parse_saw(c, sizeof(*ip));
	c->offset += sizeof(*ip);
	c->limit = c->offset + ntohs(ip->payload_len);
	return true;
}

/* Find the length of the extension header at the cursor, by what its first eight
 * bytes say. Returns 0 for a Fragment header that is not the first.
 */
static unsigned int vnicx_parse_extension(struct vnicx_cursor *c,
					  const u8 *bytes)
{
	const struct frag_hdr *frag = (const struct frag_hdr *)bytes;
	struct vnicx_parsed *p = c->p;

	switch (p->upper) {
	case NEXTHDR_FRAGMENT:
		/* Nothing sends two, which hide each other's rest. */
		if (p->fragment)
			return 0;
		p->fragment = true;
		p->later = frag->frag_off & htons(IP6_OFFSET);
		return sizeof(*frag);
	case NEXTHDR_AUTH:
		return ipv6_authlen((const struct ipv6_opt_hdr *)bytes);
	default:
		return ipv6_optlen((const struct ipv6_opt_hdr *)bytes);
	}
}

static bool vnicx_parse_is_extension(u8 header)
{
	switch (header) {
	case NEXTHDR_HOP:
	case NEXTHDR_ROUTING:
	case NEXTHDR_FRAGMENT:
	case NEXTHDR_AUTH:
	case NEXTHDR_DEST:
	case NEXTHDR_MOBILITY:
	case VNICX_NEXTHDR_HIP:
	case VNICX_NEXTHDR_SHIM6:
		return true;
	}
	return false;
}

/* Go behind the extension headers of IPv6, or behind the Fragment header of a
 * fragment that is not the first. ipv6_skip_exthdr() does not tell a chain
 * without an end from one that ends in "none". Returns false for the former.
 */
static noinline bool vnicx_parse_chain(struct vnicx_cursor *c)
{
	struct vnicx_parsed *p = c->p;
	unsigned int len;
	const u8 *bytes;
	int headers = 0;
	u8 buf[8];

	while (vnicx_parse_is_extension(p->upper) && !p->later) {
		bytes = vnicx_parse_peek(c, sizeof(buf), buf);
		if (!bytes || ++headers > VNICX_PARSE_HEADERS)
			return false;
		len = vnicx_parse_extension(c, bytes);
		if (!len || c->offset + len > c->skb->len)
			return false;
		p->upper = bytes[0];
		vnicx_parse_saw(c, len);
		c->offset += len;
	}
	return true;
}

/* Parse what is behind IPv4. Only the first fragment has it. */
static __always_inline bool vnicx_parse_upper4(struct vnicx_cursor *c)
{
	struct vnicx_parsed *p = c->p;

	if (unlikely(p->later))
		return true;
	if (p->upper == IPPROTO_UDP)
		return vnicx_parse_udp(c);
	return p->upper != IPPROTO_ICMP || vnicx_parse_icmp(c);
}

/* Parse what is behind IPv6. */
static __always_inline bool vnicx_parse_upper6(struct vnicx_cursor *c)
{
	struct vnicx_parsed *p = c->p;

	if (unlikely(vnicx_parse_is_extension(p->upper)) &&
	    !vnicx_parse_chain(c))
		return false;
	if (unlikely(p->later))
		return true;
	/* Receivers cut a first fragment at the end of the packet, and take what
	 * comes next from the second one. Bytes behind the end are padding.
	 */
	if (unlikely(p->fragment) && p->upper != NEXTHDR_NONE &&
	    c->offset + VNICX_FRAGMENT_UNIT > c->limit)
		return false;
	if (p->upper == IPPROTO_UDP)
		return vnicx_parse_udp(c);
	if (p->upper == IPPROTO_ICMPV6)
		return vnicx_parse_icmp6(c);
	return p->upper == NEXTHDR_NONE || c->offset < (int)c->skb->len;
}

static __always_inline bool vnicx_parse_frame(struct vnicx_cursor *c, bool upper)
{
	__be16 proto = eth_hdr(c->skb)->h_proto;

	c->offset += ETH_HLEN;
	if (unlikely(eth_type_vlan(proto)) && !vnicx_parse_tags(c, &proto))
		return false;
	vnicx_parse_saw(c, 0);

	if (likely(proto == htons(ETH_P_IP)))
		return vnicx_parse_ipv4(c) && (!upper || vnicx_parse_upper4(c));
	if (proto == htons(ETH_P_IPV6))
		return vnicx_parse_ipv6(c) && (!upper || vnicx_parse_upper6(c));
	if (proto == htons(ETH_P_ARP))
		return vnicx_parse_arp(c, VNICX_PACKET_ARP);
	if (proto == htons(ETH_P_RARP))
		return vnicx_parse_arp(c, VNICX_PACKET_RARP);
	if (!eth_proto_is_802_3(proto))
		return vnicx_parse_llc(c);
	c->p->packet = VNICX_PACKET_OTHER;
	return true;
}

static __always_inline void vnicx_parse_to(const struct sk_buff *skb,
					   struct vnicx_parsed *p, bool upper)
{
	struct vnicx_cursor c = {
		.skb = skb,
		.p = p,
		.offset = skb_mac_offset(skb),
	};

	p->upper = 0;
	p->later = false;
	p->fragment = false;
	p->type = 0;
	p->dhcp = VNICX_DHCP_NONE;
	p->nr_claims = 0;
	p->plain_claims = true;
	p->tags = skb_vlan_tag_present(skb);
	p->end = ETH_HLEN;
	p->csum = 0;
	p->at = 0;
	p->vlan = 0;
	if (unlikely(!vnicx_parse_frame(&c, upper)))
		p->packet = VNICX_PACKET_UNDETERMINED;
}

/**
 * vnicx_parse_network() - parse a frame up to the addresses of its packet
 * @skb: the frame, its Ethernet header in the linear part, in transmit or
 *	receive form
 * @p: what it says; of IPv4 and IPv6 only the addresses, @packet and @end
 */
void vnicx_parse_network(const struct sk_buff *skb, struct vnicx_parsed *p)
{
	vnicx_parse_to(skb, p, false);
}
EXPORT_SYMBOL_IF_KUNIT(vnicx_parse_network);

/**
 * vnicx_parse() - parse a frame for all guards
 * @skb: the frame, its Ethernet header in the linear part, in transmit or
 *	receive form
 * @p: what it says
 */
void vnicx_parse(const struct sk_buff *skb, struct vnicx_parsed *p)
{
	vnicx_parse_to(skb, p, true);
}
EXPORT_SYMBOL_IF_KUNIT(vnicx_parse);
