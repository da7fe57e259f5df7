// SPDX-License-Identifier: GPL-2.0
/*
 * DHCP messages that a port sends as a client: what it asks servers for, and what
 * it gives back.
 */
#include <kunit/visibility.h>
#include <net/ipv6.h>

#include "dhcp.h"
#include "lease.h"

/* Seconds after which nobody waits for a reply any more: clients ask again after
 * 64 (RFC 2131) and 120 seconds at most (RFC 8415).
 */
#define VNICX_LEASE_PATIENCE	120

/**
 * vnicx_lease_ask() - note that a port asks DHCP servers for addresses
 * @leases: the port's leases
 * @v6: whether by DHCPv6
 * @xid: the transaction
 * @wanted: of DHCPv4: the address that it asks for, 0 for none
 * @vlan: the key of the VLAN in which it asks
 *
 * Takes the place of the oldest, if there is no other.
 *
 * Context: bottom halves disabled.
 */
void vnicx_lease_ask(struct vnicx_leases *leases, bool v6, u32 xid,
		     __be32 wanted, u32 vlan)
{
	struct vnicx_asked *asked = leases->asked[v6], *place = asked;
	int i;

	spin_lock(&leases->lock);
	for (i = 0; i < VNICX_LEASE_ASKED; i++) {
		if (asked[i].at && asked[i].xid == xid) {
			place = &asked[i];
			break;
		}
		if (asked[i].at < place->at)
			place = &asked[i];
	}
	*place = (struct vnicx_asked) {
		.at = vnicx_lease_now(),
		.xid = xid,
		.vlan = vlan,
		.wanted = wanted,
	};
	spin_unlock(&leases->lock);
}
EXPORT_SYMBOL_IF_KUNIT(vnicx_lease_ask);

/**
 * vnicx_lease_asked() - tell whether a server replies to a port
 * @leases: the port's leases
 * @v6: whether by DHCPv6
 * @xid: the transaction of the reply
 * @asked: where to put what the port asked
 *
 * Context: bottom halves disabled.
 * Return: whether the port asked lately
 */
bool vnicx_lease_asked(struct vnicx_leases *leases, bool v6, u32 xid,
		       struct vnicx_asked *asked)
{
	const struct vnicx_asked *all = leases->asked[v6];
	s64 now = vnicx_lease_now();
	bool found = false;
	int i;

	spin_lock(&leases->lock);
	for (i = 0; i < VNICX_LEASE_ASKED && !found; i++) {
		found = all[i].at && all[i].xid == xid &&
			all[i].at + VNICX_LEASE_PATIENCE >= now;
		if (found)
			*asked = all[i];
	}
	spin_unlock(&leases->lock);
	return found;
}
EXPORT_SYMBOL_IF_KUNIT(vnicx_lease_asked);

/* Tell whether a port has an IPv4 lease in a VLAN. @lock is held. */
static bool vnicx_lease_any4(const struct vnicx_leases *leases, u32 vlan)
{
	s64 now = vnicx_lease_now();
	u32 i;

	for (i = 0; i < leases->nr; i++) {
		if (leases->lease[i].until > now &&
		    leases->lease[i].vlan == vlan &&
		    ipv6_addr_v4mapped(&leases->lease[i].holder[0].key.addr))
			return true;
	}
	return false;
}

static bool vnicx_lease_knows(const struct vnicx_leases *leases, __be32 addr,
			      u32 vlan)
{
	u32 i;

	for (i = 0; i < min_t(u32, leases->nr_heard, VNICX_LEASE_SERVERS); i++) {
		if (leases->server[i].addr == addr &&
		    leases->server[i].vlan == vlan)
			return true;
	}
	return false;
}

static void vnicx_lease_note_server(struct vnicx_leases *leases, __be32 addr,
				    u32 vlan)
{
	u32 i = leases->nr_heard % VNICX_LEASE_SERVERS;

	if (!addr || vnicx_lease_knows(leases, addr, vlan))
		return;
	leases->server[i].addr = addr;
	leases->server[i].vlan = vlan;
	leases->nr_heard++;
}

/**
 * vnicx_lease_trusts() - tell whether a DHCPv4 server's reply comes from the LAN of a
 *	port that asked for it
 * @leases: the port's leases
 * @addr: the IP address from which it comes
 * @id: the server's identifier, 0 for none
 * @near: no router passes it on
 * @reached: it is for an address that the port has without a lease
 * @vlan: the key of the VLAN in which the port asked
 *
 * A router brings a port that has an address in its VLAN whatever anybody sends to it, so
 * a tenant with a friend elsewhere could prolong a lease for ever. Then the reply must be
 * from a server that the port has heard near by, or while no router reached it, in that
 * VLAN.
 *
 * Context: bottom halves disabled.
 * Return: whether it does
 */
bool vnicx_lease_trusts(struct vnicx_leases *leases, __be32 addr, __be32 id,
			bool near, bool reached, u32 vlan)
{
	bool trusts;

	spin_lock(&leases->lock);
	trusts = near || !(reached || vnicx_lease_any4(leases, vlan));
	if (trusts) {
		vnicx_lease_note_server(leases, addr, vlan);
		vnicx_lease_note_server(leases, id, vlan);
	} else {
		trusts = vnicx_lease_knows(leases, addr, vlan);
	}
	spin_unlock(&leases->lock);
	return trusts;
}
EXPORT_SYMBOL_IF_KUNIT(vnicx_lease_trusts);

/* Note a DHCPv4 message of a client, or end the lease that it gives back. */
static void vnicx_client_note4(struct vnicx_leases *leases,
			       const struct vnicx_dhcp4 *msg, u32 vlan)
{
	struct in6_addr addr;

	switch (msg->type) {
	case VNICX_DHCP4_DISCOVER:
	case VNICX_DHCP4_REQUEST:
		vnicx_lease_ask(leases, false, ntohl(msg->xid),
				msg->requested ?: msg->ciaddr, vlan);
		break;
	case VNICX_DHCP4_RELEASE:
	case VNICX_DHCP4_DECLINE:
		ipv6_addr_set_v4mapped(msg->type == VNICX_DHCP4_RELEASE ?
				       msg->ciaddr : msg->requested, &addr);
		vnicx_lease_end(leases, &addr, 128, vlan);
		break;
	}
}

/* The same for DHCPv6 */
static void vnicx_client_note6(struct vnicx_leases *leases,
			       struct vnicx_dhcp6 *msg, u32 vlan)
{
	struct vnicx_dhcp6_addr addr;

	switch (msg->type) {
	case VNICX_DHCP6_SOLICIT:
	case VNICX_DHCP6_REQUEST:
	case VNICX_DHCP6_RENEW:
	case VNICX_DHCP6_REBIND:
		vnicx_lease_ask(leases, true, msg->xid, 0, vlan);
		break;
	case VNICX_DHCP6_RELEASE:
	case VNICX_DHCP6_DECLINE:
		while (vnicx_dhcp6_next(msg, &addr) > 0) {
			if (vnicx_dhcp6_is_host(&addr))
				vnicx_lease_end(leases, &addr.addr, addr.len,
						vlan);
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
			vnicx_client_note4(leases, &msg4, p->vlan);
	} else if (vnicx_dhcp6_begin(skb, udp, &msg6)) {
		vnicx_client_note6(leases, &msg6, p->vlan);
	}
}
