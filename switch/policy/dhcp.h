/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The parser of DHCP messages: it finds out what one says of leases.
 */
#ifndef _VNICX_DHCP_H
#define _VNICX_DHCP_H

#include <linux/in6.h>
#include <linux/skbuff.h>

/* Options of a message that the parser looks at, padding included */
#define VNICX_DHCP4_OPTIONS	256
#define VNICX_DHCP6_OPTIONS	64

/* Types of DHCPv4 messages, by option 53 */
enum vnicx_dhcp4_type {
	VNICX_DHCP4_DISCOVER = 1,
	VNICX_DHCP4_OFFER = 2,
	VNICX_DHCP4_REQUEST = 3,
	VNICX_DHCP4_DECLINE = 4,
	VNICX_DHCP4_ACK = 5,
	VNICX_DHCP4_NAK = 6,
	VNICX_DHCP4_RELEASE = 7,
};

/* Types of DHCPv6 messages */
enum vnicx_dhcp6_type {
	VNICX_DHCP6_SOLICIT = 1,
	VNICX_DHCP6_REQUEST = 3,
	VNICX_DHCP6_RENEW = 5,
	VNICX_DHCP6_REBIND = 6,
	VNICX_DHCP6_REPLY = 7,
	VNICX_DHCP6_RELEASE = 8,
	VNICX_DHCP6_DECLINE = 9,
};

/**
 * struct vnicx_dhcp4 - what a DHCPv4 message says
 * @type: enum vnicx_dhcp4_type, or another
 * @reply: it is a server's
 * @chaddr: the client's MAC address
 * @xid: the transaction
 * @ciaddr: the address that the client has
 * @yiaddr: the address that the server gives
 * @requested: the address that the client asks for, 0 for none
 * @server: the server's identifier, one of its addresses; 0 for none
 * @seconds: how long the server gives it, 0 for no time
 */
struct vnicx_dhcp4 {
	u8 type;
	bool reply;
	u8 chaddr[ETH_ALEN];
	__be32 xid;
	__be32 ciaddr;
	__be32 yiaddr;
	__be32 requested;
	__be32 server;
	u32 seconds;
};

/**
 * struct vnicx_dhcp6 - a DHCPv6 message, for vnicx_dhcp6_next()
 * @skb: the frame
 * @at: where the next option begins, from skb->data on
 * @end: where the message ends
 * @ia_end: where the identity association ends in which @at is; 0 outside
 * @options: how many were read
 * @xid: the transaction
 * @type: enum vnicx_dhcp6_type, or another
 */
struct vnicx_dhcp6 {
	const struct sk_buff *skb;
	int at;
	int end;
	int ia_end;
	u32 options;
	u32 xid;
	u8 type;
};

/**
 * struct vnicx_dhcp6_addr - an address or a prefix in a DHCPv6 message
 * @addr: the address, or the prefix without bits beyond it
 * @len: its bits that count
 * @seconds: how long it is valid
 */
struct vnicx_dhcp6_addr {
	struct in6_addr addr;
	u8 len;
	u32 seconds;
};

bool vnicx_dhcp4_parse(const struct sk_buff *skb, int udp,
		       struct vnicx_dhcp4 *msg);
bool vnicx_dhcp6_begin(const struct sk_buff *skb, int udp,
		       struct vnicx_dhcp6 *msg);
bool vnicx_dhcp6_is_host(const struct vnicx_dhcp6_addr *addr);
int vnicx_dhcp6_next(struct vnicx_dhcp6 *msg, struct vnicx_dhcp6_addr *addr);

#endif /* _VNICX_DHCP_H */
