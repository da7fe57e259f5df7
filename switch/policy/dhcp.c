// SPDX-License-Identifier: GPL-2.0
/*
 * The parser of DHCP messages (RFC 2131, 2132, 8415): it finds out what one says
 * of leases. It reads each byte once and writes none. Of DHCPv4, options in the
 * fields of the server's name and the boot file are not read: the type of a
 * message and the time of a lease are among the others.
 */
#include <linux/if_arp.h>
#include <linux/if_ether.h>
#include <linux/udp.h>
#include <linux/unaligned.h>
#include <kunit/visibility.h>
#include <net/ipv6.h>

#include "dhcp.h"

#define VNICX_DHCP4_COOKIE	0x63825363

#define VNICX_DHCP4_PAD		0
#define VNICX_DHCP4_REQUESTED	50
#define VNICX_DHCP4_TIME	51
#define VNICX_DHCP4_TYPE	53
#define VNICX_DHCP4_SERVER	54
#define VNICX_DHCP4_END		255

#define VNICX_DHCP6_IA_NA	3
#define VNICX_DHCP6_IA_TA	4
#define VNICX_DHCP6_IAADDR	5
#define VNICX_DHCP6_IA_PD	25
#define VNICX_DHCP6_IAPREFIX	26

/* The shortest prefix that a server may delegate */
#define VNICX_DHCP6_PREFIX_MIN	32

/* Bytes of an identity association in front of its options */
#define VNICX_DHCP6_IA_LEN	12
#define VNICX_DHCP6_IA_TA_LEN	4

/* Bytes of an address's and a prefix's option in front of options in it */
#define VNICX_DHCP6_IAADDR_LEN	24
#define VNICX_DHCP6_IAPREFIX_LEN 25

/**
 * struct vnicx_dhcp4_head - the part of a DHCPv4 message in front of its options
 * @op: 1 from a client, 2 from a server
 * @htype: type of @chaddr
 * @hlen: its length
 * @hops: relays on the way
 * @xid: the transaction
 * @secs: since the client began
 * @flags: whether it wants a broadcast
 * @ciaddr: the client's address
 * @yiaddr: the address for the client
 * @siaddr: the next server
 * @giaddr: the relay
 * @chaddr: the client's hardware address
 * @unread: the names of the server and of the boot file
 * @cookie: VNICX_DHCP4_COOKIE
 */
struct vnicx_dhcp4_head {
	u8 op;
	u8 htype;
	u8 hlen;
	u8 hops;
	__be32 xid;
	__be16 secs;
	__be16 flags;
	__be32 ciaddr;
	__be32 yiaddr;
	__be32 siaddr;
	__be32 giaddr;
	u8 chaddr[16];
	u8 unread[192];
	__be32 cookie;
} __packed;

/* Find the end of a UDP message, by the frame and by what UDP says of it;
 * negative if UDP's header is not whole.
 */
static int vnicx_dhcp_end(const struct sk_buff *skb, int udp)
{
	const struct udphdr *uh;
	struct udphdr buf;

	uh = skb_header_pointer(skb, udp, sizeof(buf), &buf);
	return uh ? min_t(int, udp + ntohs(uh->len), skb->len) : -1;
}

/* Read a number of four bytes, once. */
static bool vnicx_dhcp4_number(const struct sk_buff *skb, int at, int len,
			       bool *seen, __be32 *number)
{
	if (len != sizeof(*number) || *seen)
		return false;
	*seen = true;
	return !skb_copy_bits(skb, at, number, sizeof(*number));
}

static bool vnicx_dhcp4_options(const struct sk_buff *skb, int at, int end,
				struct vnicx_dhcp4 *msg)
{
	bool type = false, time = false, requested = false, server = false;
	__be32 seconds;
	int options;
	u8 head[2];

	for (options = 0; at < end; options++) {
		if (options == VNICX_DHCP4_OPTIONS ||
		    skb_copy_bits(skb, at, head, 1))
			return false;
		if (head[0] == VNICX_DHCP4_END)
			break;
		if (head[0] == VNICX_DHCP4_PAD) {
			at++;
			continue;
		}
		if (at + 2 > end || skb_copy_bits(skb, at + 1, head + 1, 1) ||
		    at + 2 + head[1] > end)
			return false;
		at += 2;
		switch (head[0]) {
		case VNICX_DHCP4_TYPE:
			if (head[1] != 1 || type ||
			    skb_copy_bits(skb, at, &msg->type, 1))
				return false;
			type = true;
			break;
		case VNICX_DHCP4_TIME:
			if (!vnicx_dhcp4_number(skb, at, head[1], &time,
						&seconds))
				return false;
			msg->seconds = ntohl(seconds);
			break;
		case VNICX_DHCP4_REQUESTED:
			if (!vnicx_dhcp4_number(skb, at, head[1], &requested,
						&msg->requested))
				return false;
			break;
		case VNICX_DHCP4_SERVER:
			if (!vnicx_dhcp4_number(skb, at, head[1], &server,
						&msg->server))
				return false;
			break;
		}
		at += head[1];
	}
	return type;
}

/**
 * vnicx_dhcp4_parse() - parse a DHCPv4 message
 * @skb: the frame, no fragment
 * @udp: where its UDP header is, from skb->data on
 * @msg: what it says
 *
 * Return: whether it is sound, as far as leases go, and of an Ethernet client
 */
bool vnicx_dhcp4_parse(const struct sk_buff *skb, int udp,
		       struct vnicx_dhcp4 *msg)
{
	int end = vnicx_dhcp_end(skb, udp), at = udp + sizeof(struct udphdr);
	const struct vnicx_dhcp4_head *head;
	struct vnicx_dhcp4_head buf;

	head = skb_header_pointer(skb, at, sizeof(buf), &buf);
	at += sizeof(*head);
	if (!head || at > end || head->htype != ARPHRD_ETHER ||
	    head->hlen != ETH_ALEN ||
	    head->cookie != htonl(VNICX_DHCP4_COOKIE))
		return false;
	*msg = (struct vnicx_dhcp4) {
		.reply = head->op == 2,
		.xid = head->xid,
		.ciaddr = head->ciaddr,
		.yiaddr = head->yiaddr,
	};
	memcpy(msg->chaddr, head->chaddr, ETH_ALEN);
	return vnicx_dhcp4_options(skb, at, end, msg);
}
EXPORT_SYMBOL_IF_KUNIT(vnicx_dhcp4_parse);

/**
 * vnicx_dhcp6_begin() - parse the beginning of a DHCPv6 message
 * @skb: the frame, no fragment
 * @udp: where its UDP header is, from skb->data on
 * @msg: the message, for vnicx_dhcp6_next()
 *
 * Return: whether there is one
 */
bool vnicx_dhcp6_begin(const struct sk_buff *skb, int udp,
		       struct vnicx_dhcp6 *msg)
{
	int end = vnicx_dhcp_end(skb, udp), at = udp + sizeof(struct udphdr);
	u8 head[4];

	if (at + (int)sizeof(head) > end ||
	    skb_copy_bits(skb, at, head, sizeof(head)))
		return false;
	*msg = (struct vnicx_dhcp6) {
		.skb = skb,
		.at = at + sizeof(head),
		.end = end,
		.xid = get_unaligned_be24(head + 1),
		.type = head[0],
	};
	return true;
}
EXPORT_SYMBOL_IF_KUNIT(vnicx_dhcp6_begin);

/* Read the option of an address or a prefix, whose content is at msg->at. */
static bool vnicx_dhcp6_read(const struct vnicx_dhcp6 *msg, u16 code, u16 len,
			     struct vnicx_dhcp6_addr *addr)
{
	bool prefix = code == VNICX_DHCP6_IAPREFIX;
	int need = prefix ? VNICX_DHCP6_IAPREFIX_LEN : VNICX_DHCP6_IAADDR_LEN;
	u8 bytes[VNICX_DHCP6_IAPREFIX_LEN];
	struct in6_addr whole;

	if (len < need || skb_copy_bits(msg->skb, msg->at, bytes, need))
		return false;
	if (!prefix) {
		memcpy(&addr->addr, bytes, sizeof(addr->addr));
		addr->seconds = get_unaligned_be32(bytes + 20);
		addr->len = 128;
		return true;
	}
	addr->seconds = get_unaligned_be32(bytes + 4);
	addr->len = bytes[8];
	memcpy(&whole, bytes + 9, sizeof(whole));
	if (addr->len > 128)
		return false;
	ipv6_addr_prefix(&addr->addr, &whole, addr->len);
	return true;
}

/* Bytes in front of the options of an identity association; 0 for another
 * option.
 */
static int vnicx_dhcp6_ia_len(u16 code)
{
	switch (code) {
	case VNICX_DHCP6_IA_NA:
	case VNICX_DHCP6_IA_PD:
		return VNICX_DHCP6_IA_LEN;
	case VNICX_DHCP6_IA_TA:
		return VNICX_DHCP6_IA_TA_LEN;
	}
	return 0;
}

/**
 * vnicx_dhcp6_is_host() - tell whether a server may give an address or a prefix
 * @addr: the address or prefix
 *
 * Return: whether it is for a host, and of no more than a network
 */
bool vnicx_dhcp6_is_host(const struct vnicx_dhcp6_addr *addr)
{
	int type = ipv6_addr_type(&addr->addr);

	/* Leases of IPv4 are in ::/64. A prefix must not reach into it. */
	return type & IPV6_ADDR_UNICAST && !(type & IPV6_ADDR_LINKLOCAL) &&
	       (addr->addr.s6_addr32[0] || addr->addr.s6_addr32[1]) &&
	       addr->len >= VNICX_DHCP6_PREFIX_MIN;
}

/**
 * vnicx_dhcp6_next() - find the next address or prefix in a DHCPv6 message
 * @msg: the message, from vnicx_dhcp6_begin()
 * @addr: what was found
 *
 * Return: 1 if there is one; 0 at the end of the message; -EINVAL if the message
 * is broken, or longer than anybody needs
 */
int vnicx_dhcp6_next(struct vnicx_dhcp6 *msg, struct vnicx_dhcp6_addr *addr)
{
	u16 code, len;
	u8 head[4];
	int ia_len;

	while (msg->at < msg->end) {
		/* The end of an association is the beginning of an option. */
		if (msg->at == msg->ia_end)
			msg->ia_end = 0;
		if (++msg->options > VNICX_DHCP6_OPTIONS ||
		    skb_copy_bits(msg->skb, msg->at, head, sizeof(head)))
			return -EINVAL;
		code = get_unaligned_be16(head);
		len = get_unaligned_be16(head + 2);
		msg->at += sizeof(head);
		if (msg->at + len > (msg->ia_end ?: msg->end))
			return -EINVAL;
		ia_len = vnicx_dhcp6_ia_len(code);
		if (!msg->ia_end && ia_len) {
			if (len < ia_len)
				return -EINVAL;
			msg->ia_end = msg->at + len;
			msg->at += ia_len;
			continue;
		}
		if (msg->ia_end && (code == VNICX_DHCP6_IAADDR ||
				    code == VNICX_DHCP6_IAPREFIX)) {
			if (!vnicx_dhcp6_read(msg, code, len, addr))
				return -EINVAL;
			msg->at += len;
			return 1;
		}
		msg->at += len;
	}
	return 0;
}
EXPORT_SYMBOL_IF_KUNIT(vnicx_dhcp6_next);
