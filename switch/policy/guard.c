// SPDX-License-Identifier: GPL-2.0
/*
 * The guards, by what the parser finds in a frame.
 *
 * spoofchk	the addresses that ARP, RARP, BOOTP clients and ND say are the
 *		sender's are addresses that it has; see also spoof.c
 * restricted	nothing but IPv4, IPv6 and ARP, and RARP for own addresses
 * raguard	nothing that only routers send
 * dhcpguard	nothing that DHCP servers send
 * dhcp-block	nothing that DHCP clients send
 * ipguard	no IP address as sender's that is not on the list
 * ipguard-in	no packet to an IP address that is not on the list
 *
 * A frame that the parser cannot determine passes none of them.
 */
#include <linux/if_arp.h>
#include <linux/icmp.h>
#include <net/ipv6.h>
#include <net/ndisc.h>
#include <kunit/visibility.h>

#include "guard.h"

/* Messages about a host's groups and the end of them, of both versions of MLD */
#define VNICX_MLD_REPORT	131
#define VNICX_MLD_DONE		132
#define VNICX_MLD2_REPORT	143

/**
 * vnicx_guard_checks() - tell which checks a port's guards need
 * @policy: the policy
 *
 * Return: VNICX_CHECK_*
 */
u8 vnicx_guard_checks(const struct vnicx_policy *policy)
{
	u8 checks = 0;

	if (policy->guards & ~VNICX_GUARD_IP_IN)
		checks |= VNICX_CHECK_TX;
	if (policy->guards & VNICX_GUARD_IP_IN)
		checks |= VNICX_CHECK_RX;
	return checks;
}

/* Parse a frame whose bytes nobody else writes to from then on: a sender may
 * have mapped the pages of a frame, so what is parsed must be in the linear part.
 */
static void vnicx_guard_parse(struct sk_buff *skb, struct vnicx_parsed *p,
			      void (*parse)(const struct sk_buff *skb,
					    struct vnicx_parsed *p))
{
	unsigned int len;

	parse(skb, p);
	len = p->end + skb_mac_offset(skb);
	if (likely(len <= skb_headlen(skb)) ||
	    p->packet == VNICX_PACKET_UNDETERMINED)
		return;
	if (pskb_may_pull(skb, len)) {
		parse(skb, p);
		if (p->end + skb_mac_offset(skb) <= skb_headlen(skb))
			return;
	}
	p->packet = VNICX_PACKET_UNDETERMINED;
}

/**
 * vnicx_guard_keeps() - tell whether a frame stays as it was parsed
 * @skb: the frame
 * @p: what it says
 *
 * A checksum that is yet to be made is stored where the sender of the frame
 * wants it, on the way to the wire. It must be a checksum, or behind what guards
 * have read: a sender that chooses the place and the bytes that are summed up can
 * have any other two bytes written.
 *
 * Return: whether it does
 */
bool vnicx_guard_keeps(const struct sk_buff *skb, const struct vnicx_parsed *p)
{
	u32 at;

	if (skb->ip_summed != CHECKSUM_PARTIAL)
		return true;
	at = skb_checksum_start_offset(skb) + skb->csum_offset -
	     skb_mac_offset(skb);
	return at >= p->end || (p->csum && at == p->csum);
}
EXPORT_SYMBOL_IF_KUNIT(vnicx_guard_keeps);

/* Tell whether a frame is what only routers send. */
static bool vnicx_guard_is_router(const struct vnicx_parsed *p)
{
	if (p->packet == VNICX_PACKET_IPV6 && p->upper == IPPROTO_ICMPV6)
		return p->type == NDISC_ROUTER_ADVERTISEMENT ||
		       p->type == NDISC_REDIRECT;
	if (p->packet == VNICX_PACKET_IPV4 && p->upper == IPPROTO_ICMP)
		return p->type == ICMP_REDIRECT || p->type == 9;
	return false;
}

/* Tell whether a port may use an IPv4 address. */
static bool vnicx_guard_has4(const struct vnicx_policy *policy, __be32 addr,
			     u32 vlan)
{
	return vnicx_ips_have4(policy->ips, addr) ||
	       vnicx_leases_have4(policy->leases, addr, vlan);
}

static bool vnicx_guard_has6(const struct vnicx_policy *policy,
			     const struct in6_addr *addr, u32 vlan)
{
	return vnicx_ips_have6(policy->ips, addr) ||
	       vnicx_leases_have6(policy->leases, addr, vlan);
}

/* Tell whether a host without an address may send an IPv6 packet: about groups,
 * for routers, or to find out whether an address that it may have is free.
 */
static bool vnicx_guard_unspecified6(const struct vnicx_policy *policy,
				     const struct vnicx_parsed *p)
{
	if (p->upper != IPPROTO_ICMPV6 || p->later)
		return false;
	switch (p->type) {
	case VNICX_MLD_REPORT:
	case VNICX_MLD_DONE:
	case VNICX_MLD2_REPORT:
	case NDISC_ROUTER_SOLICITATION:
		return true;
	case NDISC_NEIGHBOUR_SOLICITATION:
		/* The holder of the address must hear the question. */
		return (policy->leases &&
			vnicx_lease_is_local(&p->v6.target)) ||
		       vnicx_guard_has6(policy, &p->v6.target, p->vlan);
	}
	return false;
}

static bool vnicx_guard_ip6(const struct vnicx_policy *policy,
			    const struct vnicx_parsed *p)
{
	if (ipv6_addr_any(&p->v6.src))
		return vnicx_guard_unspecified6(policy, p);
	if (!vnicx_guard_has6(policy, &p->v6.src, p->vlan))
		return false;
	/* An NA says whose address the target is. */
	return p->upper != IPPROTO_ICMPV6 || p->later ||
	       p->type != NDISC_NEIGHBOUR_ADVERTISEMENT ||
	       vnicx_guard_has6(policy, &p->v6.target, p->vlan);
}

/* Tell whether a port may use all IP addresses that a frame says are its own. */
static bool vnicx_guard_ip(const struct vnicx_policy *policy,
			   const struct vnicx_parsed *p)
{
	switch (p->packet) {
	case VNICX_PACKET_IPV6:
		return vnicx_guard_ip6(policy, p);
	case VNICX_PACKET_IPV4:
		return p->v4.src ? vnicx_guard_has4(policy, p->v4.src, p->vlan) :
				   p->dhcp == VNICX_DHCP_CLIENT;
	case VNICX_PACKET_ARP:
		/* A probe asks for an address before it is the sender's. */
		if (!p->v4.src && p->v4.op == ARPOP_REQUEST)
			return vnicx_guard_has4(policy, p->v4.dst, p->vlan);
		return vnicx_guard_has4(policy, p->v4.src, p->vlan);
	case VNICX_PACKET_RARP:
		return !p->v4.src ||
		       vnicx_guard_has4(policy, p->v4.src, p->vlan);
	}
	return true;
}

/**
 * vnicx_guard_judge() - apply all guards but spoofchk to a frame
 * @policy: which guards, and which addresses
 * @p: what the frame says
 *
 * No host may send ND in fragments (RFC 6980), so no guard reads that.
 *
 * Context: RCU read side or RTNL.
 * Return: why the frame may not pass, or VNICX_NR_CAUSES if it may
 */
enum vnicx_cause vnicx_guard_judge(const struct vnicx_policy *policy,
				   const struct vnicx_parsed *p)
{
	u8 guards = policy ? policy->guards : 0;
	bool nd_fragment;

	if (p->packet == VNICX_PACKET_UNDETERMINED)
		return VNICX_CAUSE_TX_UNDETERMINED;
	if (guards & VNICX_GUARD_RESTRICTED && p->packet == VNICX_PACKET_OTHER)
		return VNICX_CAUSE_TX_RESTRICTED;
	nd_fragment = p->fragment && !p->later && vnicx_parsed_is_nd(p);
	if (guards & VNICX_GUARD_RA &&
	    (nd_fragment || (!p->later && vnicx_guard_is_router(p))))
		return VNICX_CAUSE_TX_GUARDED_RA;
	if (nd_fragment)
		return VNICX_CAUSE_TX_UNDETERMINED;
	if ((guards & VNICX_GUARD_DHCP_SERVER &&
	     p->dhcp == VNICX_DHCP_SERVER) ||
	    (guards & VNICX_GUARD_DHCP_CLIENT &&
	     p->dhcp == VNICX_DHCP_CLIENT))
		return VNICX_CAUSE_TX_GUARDED_DHCP;
	if (guards & VNICX_GUARD_IP && !vnicx_guard_ip(policy, p))
		return VNICX_CAUSE_TX_IP_SPOOFED;
	return VNICX_NR_CAUSES;
}
EXPORT_SYMBOL_IF_KUNIT(vnicx_guard_judge);

/**
 * vnicx_guard_allows_plain6() - tell whether guards allow a plain frame of IPv6
 * @policy: the policy
 * @skb: the frame, which vnicx_policy_is_plain(), of IPv6 or not
 *
 * TCP and UDP right behind the header say nothing but the source, if they are not
 * DHCPv6's. A link-local source may depend on the VLAN.
 *
 * Context: RCU read side.
 * Return: true if they do, false if the frame needs a closer look
 */
bool vnicx_guard_allows_plain6(const struct vnicx_policy *policy,
			       const struct sk_buff *skb)
{
	const struct vnicx_policy_ip6 *ip = (const void *)skb->data;
	u32 start = skb->csum_start - skb->mac_header;
	struct in6_addr src;

	if (eth_hdr(skb)->h_proto != htons(ETH_P_IPV6))
		return false;
	/* vnicx_policy_keeps() knows where IPv4 has its ports. */
	if (skb->ip_summed == CHECKSUM_PARTIAL &&
	    start + skb->csum_offset < offsetof(struct vnicx_policy_ip6, udph.len))
		return false;
	if (ip->iph.nexthdr == IPPROTO_UDP &&
	    (ip->udph.dest == htons(VNICX_PORT_DHCP6C) ||
	     ip->udph.dest == htons(VNICX_PORT_DHCP6S)))
		return false;
	if (!(policy->guards & VNICX_GUARD_IP))
		return true;
	src = ip->iph.saddr;
	return !ipv6_addr_any(&src) && !vnicx_lease_is_local(&src) &&
	       (vnicx_ips_have6(policy->ips, &src) ||
		(!skb_vlan_tag_present(skb) &&
		 vnicx_leases_have6(policy->leases, &src,
				    vnicx_guard_own_vlan(policy))));
}
EXPORT_SYMBOL_IF_KUNIT(vnicx_guard_allows_plain6);

/**
 * vnicx_guard_sends() - apply a policy with guards to a plain frame that a port sends
 * @in: the port
 * @skb: the frame, which vnicx_policy_is_plain()
 * @checks: what the port's checks said of it, with VNICX_CHECK_TX and without
 *	VNICX_CHECK_SPOOF
 *
 * The policy may have been replaced since: it must be the one that @checks are of, so
 * that no frame meets the guards of one and the VLAN of another.
 *
 * Context: RCU read side, bottom halves disabled.
 * Return: true if nothing but guards, a tag and a rate is to be seen to, and the frame
 * passes; false if vnicx_policy_tx() is to decide
 */
bool vnicx_guard_sends(struct vnicx_port *in, struct sk_buff *skb, u8 checks)
{
	const struct vnicx_policy *policy = rcu_dereference(in->policy);

	if (!policy || policy->plain != checks ||
	    rcu_access_pointer(in->mirror) ||
	    is_multicast_ether_addr(eth_hdr(skb)->h_dest) ||
	    !vnicx_guard_allows_plain(policy, skb))
		return false;
	if (checks & VNICX_CHECK_TAG && skb_vlan_tag_present(skb))
		return false;
	if (checks & VNICX_CHECK_TX_RATE &&
	    !vnicx_rate_pays(&in->stats->credit[VNICX_RATE_TX],
			     vnicx_rate_len(skb, skb->len)))
		return false;
	if (checks & VNICX_CHECK_TAG)
		vnicx_vlan_put(skb, vnicx_vlan_raw(policy->vlan.tag));
	return true;
}
EXPORT_SYMBOL_IF_KUNIT(vnicx_guard_sends);

/* Tell whether a port has all addresses that a frame says are its sender's. */
static bool vnicx_guard_owns(const struct vnicx_port *port,
			     const struct vnicx_parsed *p, u16 vid)
{
	int i;

	if (!p->plain_claims)
		return false;
	for (i = 0; i < p->nr_claims; i++) {
		if (!vnicx_spoof_allows(port, p->claim[i], vid))
			return false;
	}
	return true;
}

/* Find the VLAN of a frame in which leases may hold. The frame may not have the tag of the
 * port's VLAN yet. A tag behind a priority tag counts as a second one: a switch may take
 * the priority tag off, and the core looks behind it.
 */
static u32 vnicx_guard_vlan(const struct vnicx_policy *policy,
			    const struct sk_buff *skb, u16 vid, u8 tags)
{
	u32 key = vnicx_vlan_key(skb, vid);

	if (policy->vlan.on && vid == policy->vlan.vid &&
	    vid != VNICX_VID_NONE) {
		key = vnicx_vlan_key(skb, vnicx_frame_vid(skb, eth_hdr(skb)));
		tags += key != policy->vlan.key;
		key = policy->vlan.key;
	}
	return tags > 1 ? VNICX_LEASE_NO_VLAN : key;
}

/**
 * vnicx_guard_tx() - apply all guards to a frame that a port sends
 * @in: the port
 * @skb: the frame, skb->data at its Ethernet header; its head may be replaced
 * @vid: its VLAN, VNICX_VID_NONE for none
 *
 * Context: RCU read side, bottom halves disabled.
 * Return: why the frame may not pass, or VNICX_NR_CAUSES if it may
 */
enum vnicx_cause vnicx_guard_tx(struct vnicx_port *in, struct sk_buff *skb,
				u16 vid)
{
	const struct vnicx_policy *policy = rcu_dereference(in->policy);
	enum vnicx_cause cause;
	struct vnicx_parsed p;
	bool owns;

	vnicx_guard_parse(skb, &p, vnicx_parse);
	if (p.packet == VNICX_PACKET_UNDETERMINED ||
	    !vnicx_guard_keeps(skb, &p))
		return VNICX_CAUSE_TX_UNDETERMINED;
	owns = vnicx_guard_owns(in, &p, vid);
	if (!owns && READ_ONCE(in->tx_checks) & VNICX_CHECK_SPOOF)
		return VNICX_CAUSE_TX_SPOOFED;
	if (!owns && p.packet == VNICX_PACKET_RARP && policy &&
	    policy->guards & VNICX_GUARD_RESTRICTED)
		return VNICX_CAUSE_TX_RESTRICTED;
	if (!policy || !policy->leases)
		return vnicx_guard_judge(policy, &p);
	p.vlan = vnicx_guard_vlan(policy, skb, vid, p.tags);
	cause = vnicx_guard_judge(policy, &p);
	if (cause == VNICX_NR_CAUSES && p.dhcp == VNICX_DHCP_CLIENT &&
	    p.vlan != VNICX_LEASE_NO_VLAN)
		vnicx_client_note(policy->leases, skb, &p);
	return cause;
}

/**
 * vnicx_guard_rx() - apply ipguard-in to a frame that a port receives
 * @policy: the port's policy
 * @skb: the frame, in transmit or receive form; its head may be replaced
 *
 * Context: RCU read side, bottom halves disabled.
 * Return: whether the frame may pass
 */
bool vnicx_guard_rx(const struct vnicx_policy *policy, struct sk_buff *skb)
{
	struct vnicx_parsed p;

	/* A client has no address yet when a server makes an offer. */
	vnicx_guard_parse(skb, &p, policy->leases ? vnicx_parse :
						    vnicx_parse_network);
	if (p.packet != VNICX_PACKET_UNDETERMINED &&
	    p.dhcp == VNICX_DHCP_SERVER)
		return true;
	switch (p.packet) {
	case VNICX_PACKET_UNDETERMINED:
		return false;
	case VNICX_PACKET_IPV4:
		return ipv4_is_multicast(p.v4.dst) ||
		       ipv4_is_lbcast(p.v4.dst) ||
		       vnicx_guard_has4(policy, p.v4.dst,
					VNICX_LEASE_ANY_VLAN);
	case VNICX_PACKET_IPV6:
		return ipv6_addr_is_multicast(&p.v6.dst) ||
		       vnicx_guard_has6(policy, &p.v6.dst,
					VNICX_LEASE_ANY_VLAN);
	}
	return true;
}
