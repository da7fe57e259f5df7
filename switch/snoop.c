// SPDX-License-Identifier: GPL-2.0
/*
 * Frames that say which addresses ports have: messages of DHCP servers to them,
 * and Neighbour Advertisements of others. See policy/client.c for what ports ask.
 *
 * A server's message counts where it enters the switch: from the wire, from the
 * host itself, or from a port that may be a server (dhcp-trust). It must be for
 * the port's address, in a VLAN of the port, and reply to what the port asked
 * lately. Its destination must be one that no router passes on, so that nobody
 * but the LAN can send it; or it must be from a server of the LAN.
 */
#include <linux/etherdevice.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/udp.h>
#include <net/sock.h>
#include <net/ipv6.h>
#include <net/ndisc.h>

#include "fdb.h"
#include "forward.h"
#include "policy/dhcp.h"
#include "policy/policy.h"
#include "snoop.h"

static int vnicx_snoop_udp(const struct sk_buff *skb,
			   const struct vnicx_parsed *p)
{
	return p->at + skb_mac_offset(skb);
}

/* Tell whether a message is from a server's port, which takes a privilege, to a
 * client's: one for a relay gives nobody an address yet.
 */
static bool vnicx_snoop_is_servers(const struct sk_buff *skb, int udp,
				   u16 from, u16 to)
{
	const struct udphdr *uh;
	struct udphdr buf;

	uh = skb_header_pointer(skb, udp, sizeof(buf), &buf);
	return uh && uh->source == htons(from) && uh->dest == htons(to);
}

/* Get the leases of the port that has an address in a frame's VLAN, or NULL. */
static struct vnicx_leases *
vnicx_snoop_leases(const struct vnicx_frame *frame, const u8 *addr)
{
	const struct vnicx_policy *policy;
	struct vnicx_switch *sw = frame->in->sw;
	struct vnicx_port *port;

	port = rcu_dereference(sw->passthru);
	if (!port || !ether_addr_equal(addr, sw->lower->dev_addr))
		port = vnicx_fdb_lookup(sw, addr, frame->vid);
	if (!port || port->kind != VNICX_PORT_VNIC ||
	    !vnicx_vlan_is_member(port, vnicx_vlan_key(frame->skb, frame->vid)))
		return NULL;
	policy = rcu_dereference(port->policy);
	return policy ? policy->leases : NULL;
}

/* Tell whether a server's message comes from where servers may be. */
static bool vnicx_snoop_trusts(const struct vnicx_frame *frame)
{
	const struct vnicx_policy *policy;
	const struct vnicx_port *src = frame->in;

	/* The wire may bring back a vNIC's frame. */
	if (src->kind == VNICX_PORT_UPLINK) {
		src = vnicx_fdb_lookup(src->sw, frame->eth->h_source,
				       frame->vid);
		if (!src || src->kind != VNICX_PORT_VNIC)
			return true;
	}
	/* The host may route or bridge what others sent, and a container may have
	 * a device on the lower one.
	 */
	if (src->kind == VNICX_PORT_HOST)
		return !frame->skb->skb_iif && frame->skb->sk &&
		       net_eq(sock_net(frame->skb->sk), dev_net(src->dev));
	policy = rcu_dereference(src->policy);
	return policy && policy->dhcp_trust;
}

/* Find what a port asked to which a server replies, in the VLAN in which it asked. */
static bool vnicx_snoop_asked(const struct vnicx_frame *frame,
			      struct vnicx_leases *leases, bool v6, u32 xid,
			      struct vnicx_asked *asked)
{
	return vnicx_lease_asked(leases, v6, xid, asked) &&
	       (asked->vlan == vnicx_vlan_key(frame->skb, frame->vid) ||
		vnicx_vlan_is_one(leases->port));
}

static void vnicx_snoop_learn(struct vnicx_leases *leases,
			      const struct in6_addr *addr, u8 len, u32 seconds,
			      u32 vlan)
{
	struct vnicx_port *port = leases->port;

	vnicx_policy_count(port, vnicx_lease_give(leases, addr, len, seconds, vlan) ?
				 VNICX_CAUSE_DHCP_LEARNED :
				 VNICX_CAUSE_DHCP_REFUSED);
}

/* Tell whether no router can have passed on a reply: it is for all, or goes by its
 * IP address to the client that has that now.
 */
static bool vnicx_snoop_is_direct4(const struct vnicx_frame *frame,
				   const struct vnicx_parsed *p,
				   const struct vnicx_dhcp4 *msg)
{
	const u8 *dest = frame->eth->h_dest;

	return ipv4_is_lbcast(p->v4.dst) ||
	       (p->v4.dst == msg->yiaddr &&
		(is_broadcast_ether_addr(dest) ||
		 ether_addr_equal(dest, msg->chaddr)));
}

/* Tell whether a reply is from a server on the LAN, and remember the server. */
static bool vnicx_snoop_trusts4(struct vnicx_leases *leases,
				const struct vnicx_parsed *p,
				const struct vnicx_dhcp4 *msg, u32 vlan)
{
	const struct vnicx_policy *policy = rcu_dereference(leases->port->policy);

	return vnicx_lease_trusts(leases, p->v4.src, msg->server,
				  ipv4_is_lbcast(p->v4.dst),
				  policy && vnicx_ips_have4(policy->ips, p->v4.dst),
				  vlan);
}

/* Tell whether an IPv4 address can be a host's. */
static bool vnicx_snoop_is_host4(__be32 addr)
{
	return !ipv4_is_multicast(addr) && !ipv4_is_lbcast(addr) &&
	       !ipv4_is_zeronet(addr) && !ipv4_is_loopback(addr);
}

static void vnicx_snoop_server4(const struct vnicx_frame *frame,
				const struct vnicx_parsed *p)
{
	int udp = vnicx_snoop_udp(frame->skb, p);
	struct vnicx_leases *leases;
	struct vnicx_dhcp4 msg;
	struct in6_addr addr;
	struct vnicx_asked asked;

	if (!vnicx_snoop_is_servers(frame->skb, udp, VNICX_PORT_BOOTPS,
				    VNICX_PORT_BOOTPC) ||
	    !vnicx_dhcp4_parse(frame->skb, udp, &msg) || !msg.reply)
		return;
	leases = vnicx_snoop_leases(frame, msg.chaddr);
	if (!leases || !vnicx_snoop_asked(frame, leases, false, ntohl(msg.xid),
					  &asked))
		return;
	if (msg.type == VNICX_DHCP4_NAK && ipv4_is_lbcast(p->v4.dst)) {
		ipv6_addr_set_v4mapped(asked.wanted, &addr);
		vnicx_lease_end(leases, &addr, 128, asked.vlan);
		return;
	}
	if (msg.type == VNICX_DHCP4_OFFER &&
	    vnicx_snoop_is_direct4(frame, p, &msg))
		vnicx_snoop_trusts4(leases, p, &msg, asked.vlan);
	/* Without an address, it is a reply to an INFORM. */
	if (msg.type != VNICX_DHCP4_ACK || !msg.yiaddr)
		return;
	if (!msg.seconds || !vnicx_snoop_is_host4(msg.yiaddr) ||
	    !vnicx_snoop_is_direct4(frame, p, &msg) ||
	    !vnicx_snoop_trusts4(leases, p, &msg, asked.vlan)) {
		vnicx_policy_count(leases->port,
				   VNICX_CAUSE_DHCP_REFUSED);
		return;
	}
	ipv6_addr_set_v4mapped(msg.yiaddr, &addr);
	vnicx_snoop_learn(leases, &addr, 128, msg.seconds, asked.vlan);
}

static void vnicx_snoop_server6(const struct vnicx_frame *frame,
				const struct vnicx_parsed *p)
{
	int udp = vnicx_snoop_udp(frame->skb, p), found;
	struct vnicx_dhcp6_addr addr;
	struct vnicx_leases *leases;
	struct vnicx_dhcp6 msg;
	struct vnicx_asked asked;

	/* A client asks from a link-local address (RFC 8415). */
	if (!vnicx_snoop_is_servers(frame->skb, udp, VNICX_PORT_DHCP6S,
				    VNICX_PORT_DHCP6C) ||
	    !vnicx_dhcp6_begin(frame->skb, udp, &msg) ||
	    msg.type != VNICX_DHCP6_REPLY ||
	    !(ipv6_addr_type(&p->v6.dst) & IPV6_ADDR_LINKLOCAL))
		return;
	leases = vnicx_snoop_leases(frame, frame->eth->h_dest);
	if (!leases ||
	    !vnicx_snoop_asked(frame, leases, true, msg.xid, &asked))
		return;
	while ((found = vnicx_dhcp6_next(&msg, &addr)) > 0) {
		if (!vnicx_dhcp6_is_host(&addr)) {
			found = -EINVAL;
			break;
		}
		if (addr.seconds)
			vnicx_snoop_learn(leases, &addr.addr, addr.len,
					  addr.seconds, asked.vlan);
		else
			vnicx_lease_end(leases, &addr.addr, addr.len,
					asked.vlan);
	}
	if (found < 0)
		vnicx_policy_count(leases->port,
				   VNICX_CAUSE_DHCP_REFUSED);
}

/* Tell whether a message of Neighbour Discovery comes from the LAN. */
static bool vnicx_snoop_is_near(const struct sk_buff *skb,
				const struct vnicx_parsed *p)
{
	int at = p->at + skb_mac_offset(skb) - (int)sizeof(struct ipv6hdr);
	u8 hop_limit;

	/* Hosts send none with extension headers. */
	return !skb_copy_bits(skb, at + offsetof(struct ipv6hdr, hop_limit),
			      &hop_limit, sizeof(hop_limit)) &&
	       hop_limit == 255;
}

/* Tell whether a port hears a message of Neighbour Discovery. In source mode, it depends
 * on a list. A port that is down, or disabled, has to ask again when it is up, or its
 * tenant would be deaf whenever an address has an owner.
 */
static bool vnicx_snoop_is_heard(const struct vnicx_frame *frame,
				 const struct vnicx_port *port)
{
	struct vnicx_scope scope = vnicx_forward_scope(frame);
	const struct vnicx_port *src;

	if (frame->class == VNICX_UNICAST &&
	    vnicx_fdb_lookup(frame->in->sw, frame->eth->h_dest, frame->vid) != port)
		return false;
	if (frame->in->kind == VNICX_PORT_UPLINK) {
		scope.roles = VNICX_REACH_WIRE;
		/* The wire may bring back a vNIC's frame. */
		src = vnicx_fdb_lookup(frame->in->sw, frame->eth->h_source,
				       frame->vid);
		if (src && src->kind == VNICX_PORT_VNIC) {
			scope.roles = vnicx_mode_reach[READ_ONCE(src->mode)].reflected;
			scope.isolated = vnicx_scope_is_isolated(src);
		}
	}
	return READ_ONCE(port->mode) == VNICX_MODE_SOURCE ||
	       !READ_ONCE(port->role) || vnicx_scope_admits(&scope, port);
}

/* Somebody else has a link-local address that a port has just claimed. One that the
 * port does not hear takes it from nobody: the port would go on to use it.
 */
static void vnicx_snoop_contest(const struct vnicx_frame *frame,
				const struct vnicx_parsed *p)
{
	u32 vlan = vnicx_vlan_key(frame->skb, frame->vid);
	struct vnicx_switch *sw = frame->in->sw;
	const struct vnicx_policy *policy;
	struct vnicx_port *port;

	port = vnicx_holder_only(sw, &p->v6.target, vlan);
	/* The wire may bring back the port's own. */
	if (!port || port == frame->in ||
	    vnicx_fdb_lookup(sw, frame->eth->h_source, frame->vid) == port ||
	    !vnicx_snoop_is_near(frame->skb, p) ||
	    !vnicx_snoop_is_heard(frame, port))
		return;
	policy = rcu_dereference(port->policy);
	if (policy && policy->leases)
		vnicx_lease_contest(policy->leases, &p->v6.target, vlan);
}

/**
 * vnicx_snoop() - find out which addresses ports have by a frame that enters the
 *	switch
 * @frame: the frame, which vnicx_snoop_may_tell()
 *
 * Context: RCU read side, bottom halves disabled.
 */
void vnicx_snoop(const struct vnicx_frame frame)
{
	struct vnicx_parsed p;

	if (skb_is_gso(frame.skb))
		return;
	vnicx_parse(frame.skb, &p);
	/* Behind a second tag is a network of its own, see VNICX_LEASE_NO_VLAN. */
	if (p.packet == VNICX_PACKET_UNDETERMINED || p.fragment || p.tags > 1)
		return;
	if (p.packet == VNICX_PACKET_IPV6 && p.upper == IPPROTO_ICMPV6) {
		if (p.type == NDISC_NEIGHBOUR_ADVERTISEMENT)
			vnicx_snoop_contest(&frame, &p);
	} else if (p.dhcp == VNICX_DHCP_SERVER && vnicx_snoop_trusts(&frame)) {
		if (p.packet == VNICX_PACKET_IPV4)
			vnicx_snoop_server4(&frame, &p);
		else
			vnicx_snoop_server6(&frame, &p);
	}
}
