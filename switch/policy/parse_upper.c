// SPDX-License-Identifier: GPL-2.0
/*
 * The parser of the guards, behind IPv4 and IPv6: DHCP, ICMP and Neighbour
 * Discovery. The frame is undetermined where a function returns false.
 */
#include <linux/icmp.h>
#include <linux/icmpv6.h>
#include <linux/if_arp.h>
#include <linux/udp.h>
#include <net/ndisc.h>

#include "cursor.h"

#define VNICX_BOOTREPLY		2

/**
 * struct vnicx_bootp - the beginning of a BOOTP message
 * @op: 1 from a client, 2 from a server
 * @htype: type of @chaddr, ARPHRD_ETHER
 * @hlen: its length
 * @unread: hops, transaction, times, flags and addresses
 * @chaddr: the client's hardware address
 */
struct vnicx_bootp {
	u8 op;
	u8 htype;
	u8 hlen;
	u8 unread[25];
	u8 chaddr[ETH_ALEN];
} __packed;

/* Parse a message to a BOOTP server: the client's address, or the reply of a
 * server to a relay. One that is more than a frame is undetermined, because the
 * other frames' addresses are elsewhere.
 */
static bool vnicx_parse_bootp(struct vnicx_cursor *c)
{
	struct vnicx_parsed *p = c->p;
	const struct vnicx_bootp *bootp;
	struct vnicx_bootp buf;

	bootp = vnicx_parse_peek(c, sizeof(buf), &buf);
	if (!bootp || p->fragment || skb_is_gso(c->skb))
		return false;
	vnicx_parse_saw(c, sizeof(*bootp));
	if (bootp->op == VNICX_BOOTREPLY) {
		p->dhcp = VNICX_DHCP_SERVER;
		return true;
	}
	p->dhcp = VNICX_DHCP_CLIENT;
	p->plain_claims = bootp->htype == ARPHRD_ETHER &&
			  bootp->hlen == ETH_ALEN;
	return vnicx_parse_claim(p, bootp->chaddr);
}

/* Parse a message to a DHCPv6 server or relay: its first byte is its type. */
static bool vnicx_parse_dhcp6(struct vnicx_cursor *c)
{
	const u8 *type;
	u8 buf;

	type = vnicx_parse_peek(c, sizeof(buf), &buf);
	if (!type || skb_is_gso(c->skb))
		return false;
	vnicx_parse_saw(c, sizeof(*type));
	switch (*type) {
	case 2: /* Advertise */
	case 7: /* Reply */
	case 10: /* Reconfigure */
	case 13: /* Relay-reply */
	case 15: /* Leasequery-reply */
		c->p->dhcp = VNICX_DHCP_SERVER;
		break;
	default:
		c->p->dhcp = VNICX_DHCP_CLIENT;
	}
	return true;
}

/**
 * vnicx_parse_udp() - parse UDP: whether it is DHCP, and who sends that
 * @c: at the UDP header, behind an IP header; moved behind the UDP header
 *
 * Return: false if the frame is undetermined: its header or its DHCP message is
 * truncated, or several frames have a part of the message
 */
bool vnicx_parse_udp(struct vnicx_cursor *c)
{
	struct vnicx_parsed *p = c->p;
	bool v4 = p->packet == VNICX_PACKET_IPV4;
	const struct udphdr *udp;
	struct udphdr buf;
	u16 port;

	udp = vnicx_parse_peek(c, sizeof(buf), &buf);
	if (unlikely(!udp))
		return false;
	port = ntohs(udp->dest);
	vnicx_parse_saw(c, sizeof(*udp));
	p->at = p->end - sizeof(*udp);
	p->csum = p->at + offsetof(struct udphdr, check);
	c->offset += sizeof(*udp);
	if (port == (v4 ? VNICX_PORT_BOOTPC : VNICX_PORT_DHCP6C))
		p->dhcp = VNICX_DHCP_SERVER;
	else if (port == (v4 ? VNICX_PORT_BOOTPS : VNICX_PORT_DHCP6S))
		return v4 ? vnicx_parse_bootp(c) : vnicx_parse_dhcp6(c);
	return true;
}

/**
 * vnicx_parse_icmp() - parse the type of an ICMP message
 * @c: at the message, whose type is where ICMPv6 has it, too; not moved
 *
 * Return: false if the frame is undetermined: the header is truncated
 */
bool vnicx_parse_icmp(struct vnicx_cursor *c)
{
	struct vnicx_parsed *p = c->p;
	const struct icmphdr *icmp;
	struct icmphdr buf;

	icmp = vnicx_parse_peek(c, sizeof(buf), &buf);
	if (!icmp)
		return false;
	p->type = icmp->type;
	vnicx_parse_saw(c, sizeof(*icmp));
	p->at = p->end - sizeof(*icmp);
	p->csum = p->at + offsetof(struct icmphdr, checksum);
	return true;
}

/* Parse the options of an ND message, up to the end of the packet: collect the
 * link-layer addresses. An option of length 0 has no end, and receivers drop the
 * message (RFC 4861 section 4.6).
 */
static bool vnicx_parse_nd_options(struct vnicx_cursor *c)
{
	const struct nd_opt_hdr *opt;
	unsigned int len;
	int options = 0;
	u8 buf[8];

	while (c->offset < c->limit) {
		opt = vnicx_parse_peek(c, sizeof(buf), buf);
		if (!opt || !opt->nd_opt_len ||
		    ++options > VNICX_PARSE_OPTIONS)
			return false;
		len = opt->nd_opt_len * 8;
		if (c->offset + len > c->limit)
			return false;
		if ((opt->nd_opt_type == ND_OPT_SOURCE_LL_ADDR ||
		     opt->nd_opt_type == ND_OPT_TARGET_LL_ADDR) &&
		    (len != sizeof(buf) ||
		     !vnicx_parse_claim(c->p, (const u8 *)(opt + 1))))
			return false;
		vnicx_parse_saw(c, len);
		c->offset += len;
	}
	return true;
}

/* Parse an ND message. */
static bool vnicx_parse_nd(struct vnicx_cursor *c)
{
	struct vnicx_parsed *p = c->p;
	const struct nd_msg *msg;
	struct nd_msg buf;

	switch (p->type) {
	case NDISC_ROUTER_SOLICITATION:
		c->offset += sizeof(struct rs_msg);
		break;
	case NDISC_ROUTER_ADVERTISEMENT:
		c->offset += sizeof(struct ra_msg);
		break;
	case NDISC_NEIGHBOUR_SOLICITATION:
	case NDISC_NEIGHBOUR_ADVERTISEMENT:
		msg = vnicx_parse_peek(c, sizeof(buf), &buf);
		if (!msg)
			return false;
		p->v6.target = msg->target;
		vnicx_parse_saw(c, sizeof(*msg));
		c->offset += sizeof(*msg);
		break;
	case NDISC_REDIRECT:
		c->offset += sizeof(struct rd_msg);
		break;
	default:
		return true;
	}
	return c->offset <= c->limit && c->limit <= (int)c->skb->len &&
	       vnicx_parse_nd_options(c);
}

/**
 * vnicx_parse_icmp6() - parse ICMPv6, and what it says of the neighbourhood
 * @c: at the message; moved behind what was read of Neighbour Discovery
 *
 * Return: false if the frame is undetermined: the message or an option of it is
 * truncated, or it names too many link-layer addresses
 */
bool vnicx_parse_icmp6(struct vnicx_cursor *c)
{
	if (!vnicx_parse_icmp(c))
		return false;
	/* No host sends ND in fragments, see vnicx_guard_judge(). */
	return !vnicx_parsed_is_nd(c->p) || c->p->fragment || vnicx_parse_nd(c);
}
