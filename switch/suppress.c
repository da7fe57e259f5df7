// SPDX-License-Identifier: GPL-2.0
/*
 * neigh_suppress: an ARP request goes to the vNIC that answers it, alone.
 *
 * That is the vNIC that, of all vNICs in the request's VLAN, alone holds the
 * address that is asked for, by its policy. Nothing that a vNIC says makes it one but
 * its question for a DHCP lease, which a server answers. No vNIC answers for
 * another: the holder itself answers, or is silent.
 *
 * A request goes to all, as without this, whenever the holder might not be the
 * one to answer it: if another vNIC holds the address as well, if the holder is
 * down, if the sender does not reach it, or if it sent the request itself: it
 * probes whether somebody else has its address. IPv6 needs nothing like this: a
 * solicitation goes to the group of the address.
 */
#include <linux/if_arp.h>
#include <kunit/visibility.h>
#include <net/ipv6.h>

#include "policy/holder.h"
#include "policy/policy.h"
#include "scope.h"
#include "suppress.h"

/**
 * vnicx_suppress_asks() - tell whether a broadcast frame asks one station
 * @p: what the frame says
 *
 * A probe, which is from 0.0.0.0, asks as well: the holder must hear it to defend
 * its address. An announcement asks nobody and tells all (RFC 5227).
 *
 * Return: whether it is an ARP request and no announcement
 */
bool vnicx_suppress_asks(const struct vnicx_parsed *p)
{
	return p->packet == VNICX_PACKET_ARP && p->v4.op == ARPOP_REQUEST &&
	       p->v4.src != p->v4.dst;
}
EXPORT_SYMBOL_IF_KUNIT(vnicx_suppress_asks);

/* Tell whether a port holds its addresses in a VLAN, too. A port without VLANs of
 * its own passes all tags, but nobody said that its addresses are the same
 * stations there.
 */
static bool vnicx_suppress_holds_in(const struct vnicx_port *port, u32 vlan)
{
	return !vlan || READ_ONCE(port->role) & VNICX_ROLE_VLAN;
}

/**
 * vnicx_suppress_answerer() - find the port that an ARP request goes to alone
 * @sw: the switch
 * @skb: a broadcast frame, in transmit or receive form, its MAC header set
 * @scope: its scope, all members set
 *
 * Counts the frame at the port.
 *
 * Context: RCU read side, bottom halves disabled.
 * Return: the port, which is in the scope, or NULL for a frame that goes to all
 */
struct vnicx_port *vnicx_suppress_answerer(struct vnicx_switch *sw,
					   const struct sk_buff *skb,
					   const struct vnicx_scope *scope)
{
	struct vnicx_port *port;
	struct vnicx_parsed p;
	struct in6_addr addr;

	vnicx_parse_network(skb, &p);
	if (!vnicx_suppress_asks(&p))
		return NULL;
	ipv6_addr_set_v4mapped(p.v4.dst, &addr);
	port = vnicx_holder_only(sw, &addr, scope->vlan);
	if (!port || !vnicx_suppress_holds_in(port, scope->vlan) ||
	    !vnicx_scope_admits(scope, port))
		return NULL;
	vnicx_policy_count(port, VNICX_CAUSE_NEIGH_SUPPRESSED);
	return port;
}
