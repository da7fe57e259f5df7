// SPDX-License-Identifier: GPL-2.0
/*
 * DHCP messages that a port sends as a client: what it asks servers for, and what
 * it gives back.
 */
#include <net/ipv6.h>

#include "dhcp.h"
#include "lease.h"

/* Note a DHCPv4 message of a client, or end the lease that it gives back. */
static void vnicx_client_note4(struct vnicx_leases *leases,
			       const struct vnicx_dhcp4 *msg)
{
	struct in6_addr addr;

	switch (msg->type) {
	case VNICX_DHCP4_DISCOVER:
	case VNICX_DHCP4_REQUEST:
		vnicx_lease_ask(leases, false, ntohl(msg->xid),
				msg->requested ?: msg->ciaddr);
		break;
	case VNICX_DHCP4_RELEASE:
	case VNICX_DHCP4_DECLINE:
		ipv6_addr_set_v4mapped(msg->type == VNICX_DHCP4_RELEASE ?
				       msg->ciaddr : msg->requested, &addr);
		vnicx_lease_end(leases, &addr, 128);
		break;
	}
}

/* The same for DHCPv6 */
static void vnicx_client_note6(struct vnicx_leases *leases,
			       struct vnicx_dhcp6 *msg)
{
	struct vnicx_dhcp6_addr addr;

	switch (msg->type) {
	case VNICX_DHCP6_SOLICIT:
	case VNICX_DHCP6_REQUEST:
	case VNICX_DHCP6_RENEW:
	case VNICX_DHCP6_REBIND:
		vnicx_lease_ask(leases, true, msg->xid, 0);
		break;
	case VNICX_DHCP6_RELEASE:
	case VNICX_DHCP6_DECLINE:
		while (vnicx_dhcp6_next(msg, &addr) > 0) {
			if (vnicx_dhcp6_is_host(&addr))
				vnicx_lease_end(leases, &addr.addr, addr.len);
		}
		break;
	}
}

/**
 * vnicx_client_note() - see to a DHCP message that a port sends as a client
 * @leases: the port's leases
 * @skb: the frame
 * @p: what the parser found
 *
 * Context: RCU read side, bottom halves disabled.
 */
void vnicx_client_note(struct vnicx_leases *leases, const struct sk_buff *skb,
		       const struct vnicx_parsed *p)
{
	int udp = p->at + skb_mac_offset(skb);
	struct vnicx_dhcp4 msg4;
	struct vnicx_dhcp6 msg6;

	if (p->packet == VNICX_PACKET_IPV4) {
		if (vnicx_dhcp4_parse(skb, udp, &msg4) && !msg4.reply)
			vnicx_client_note4(leases, &msg4);
	} else if (vnicx_dhcp6_begin(skb, udp, &msg6)) {
		vnicx_client_note6(leases, &msg6);
	}
}
