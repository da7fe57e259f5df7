/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The parser of the guards: it finds out what a frame says of its sender, once for
 * all guards.
 */
#ifndef _VNICX_PARSE_H
#define _VNICX_PARSE_H

#include <linux/if_ether.h>
#include <linux/in6.h>
#include <linux/skbuff.h>
#include <vnicx/policy.h>

/* Ports of DHCP over IPv6; vnicx/policy.h has those over IPv4 */
#define VNICX_PORT_DHCP6C	546
#define VNICX_PORT_DHCP6S	547

/* VLAN tags, offloaded or in the data, behind which the parser looks */
#define VNICX_PARSE_TAGS	8

/* Headers of an IPv6 chain behind which the parser looks */
#define VNICX_PARSE_HEADERS	12

/* Options of an ND message that the parser reads */
#define VNICX_PARSE_OPTIONS	64

/* Link-layer addresses that one frame may claim: an ND message has a source and
 * a target, a RARP packet a sender and a target.
 */
#define VNICX_PARSE_CLAIMS	2

/**
 * enum vnicx_packet - what a frame carries behind its VLAN tags
 * @VNICX_PACKET_UNDETERMINED: nobody can tell, or receivers differ about it: a
 *	truncated header, too many tags, IP in LLC/SNAP, a broken chain
 * @VNICX_PACKET_OTHER: a protocol that no guard reads
 * @VNICX_PACKET_IPV4: IPv4
 * @VNICX_PACKET_IPV6: IPv6
 * @VNICX_PACKET_ARP: ARP
 * @VNICX_PACKET_RARP: RARP
 */
enum vnicx_packet {
	VNICX_PACKET_UNDETERMINED,
	VNICX_PACKET_OTHER,
	VNICX_PACKET_IPV4,
	VNICX_PACKET_IPV6,
	VNICX_PACKET_ARP,
	VNICX_PACKET_RARP,
};

/**
 * enum vnicx_dhcp - which side of DHCP, of either IP version, sends a message
 * @VNICX_DHCP_NONE: it is none of DHCP's
 * @VNICX_DHCP_CLIENT: a client, or a relay towards the server
 * @VNICX_DHCP_SERVER: a server, or a relay towards the client
 */
enum vnicx_dhcp {
	VNICX_DHCP_NONE,
	VNICX_DHCP_CLIENT,
	VNICX_DHCP_SERVER,
};

/**
 * struct vnicx_parsed - what a frame says
 * @packet: enum vnicx_packet; if VNICX_PACKET_UNDETERMINED, nothing else holds
 * @upper: of IPv4 and IPv6: the protocol behind the headers, IPPROTO_*. Of a
 *	fragment that is not the first, the first header's that it goes on with
 * @later: of IPv4 and IPv6: a fragment that is not the first, @upper is unread
 * @fragment: of IPv4: a fragment; of IPv6: there is a Fragment header
 * @type: of ICMP in either version: the message's type
 * @dhcp: enum vnicx_dhcp
 * @nr_claims: number of addresses in @claim
 * @claim: the link-layer addresses that the frame says are its sender's
 * @plain_claims: the claims are as Ethernet has them. A BOOTP message with
 *	another type or length of address is not plain
 * @end: bytes from the Ethernet header on that the result depends on
 * @csum: where a checksum that is yet to be made may be stored in front of
 *	@end, from the Ethernet header on; 0 for nowhere
 * @at: of UDP and ICMP: where its header is, from the Ethernet header on; else 0
 * @tags: number of VLAN tags, offloaded or in the data
 * @vlan: the key of the frame's VLAN, see vlan.h; set by the guards, not by the parser
 * @v4: of IPv4, ARP and RARP
 * @v4.src: the packet's source; of ARP and RARP the sender's protocol address
 * @v4.dst: the packet's destination; of ARP and RARP the target's
 * @v4.op: of ARP and RARP: the operation
 * @v6: of IPv6
 * @v6.src: the packet's source
 * @v6.dst: the packet's destination
 * @v6.target: of NS and NA: the target's address
 */
struct vnicx_parsed {
	u8 packet;
	u8 upper;
	bool later;
	bool fragment;
	u8 type;
	u8 dhcp;
	u8 nr_claims;
	bool plain_claims;
	u8 tags;
	u8 claim[VNICX_PARSE_CLAIMS][ETH_ALEN];
	u32 end;
	u32 csum;
	u32 at;
	u32 vlan;
	union {
		struct {
			__be32 src;
			__be32 dst;
			u16 op;
		} v4;
		struct {
			struct in6_addr src;
			struct in6_addr dst;
			struct in6_addr target;
		} v6;
	};
};

void vnicx_parse_network(const struct sk_buff *skb, struct vnicx_parsed *p);
void vnicx_parse(const struct sk_buff *skb, struct vnicx_parsed *p);

/**
 * vnicx_parsed_is_nd() - tell whether a packet is Neighbour Discovery
 * @p: the packet, which is not a later fragment
 *
 * RFC 4861 and, by RFC 6980 and 3971, the certification path messages.
 *
 * Return: whether it is
 */
static inline bool vnicx_parsed_is_nd(const struct vnicx_parsed *p)
{
	return p->packet == VNICX_PACKET_IPV6 && p->upper == IPPROTO_ICMPV6 &&
	       ((p->type >= 133 && p->type <= 137) ||
		(p->type >= 148 && p->type <= 149));
}

#endif /* _VNICX_PARSE_H */
