// SPDX-License-Identifier: GPL-2.0
/*
 * Duplicate Address Detection of IPv6 link-local addresses: a port that asks
 * whether one is free gets it.
 *
 * The question counts where it enters the switch, after the port's policy, and
 * only if each station that has the address must hear and answer it. Else a port
 * could have a router's address by a question that the router does not hear. So
 * the port gets the address when the lower device has taken the question and the
 * switch has copied it, which the flood worker may do later. Nobody else gets it
 * meanwhile, and an answer takes it away already.
 */
#include <linux/etherdevice.h>
#include <net/addrconf.h>
#include <net/ip6_checksum.h>
#include <net/ipv6.h>
#include <net/ndisc.h>

#include "deliver.h"
#include "fdb.h"
#include "flood.h"
#include "frame.h"
#include "policy/lease.h"
#include "policy/policy.h"
#include "snoop.h"

/* Tell whether the headers of a Neighbour Solicitation are sound, and its checksum:
 * no host answers it otherwise (RFC 4861 section 7.1.1). Nor does one that does not get
 * it: every device with IPv6 takes packets of IPV6_MIN_MTU, and bytes behind the packet
 * would make the frame longer.
 */
static bool vnicx_dad_is_sound(const struct sk_buff *skb,
			       const struct vnicx_parsed *p)
{
	int at = p->at + skb_mac_offset(skb);
	const struct icmp6hdr *icmp;
	const struct ipv6hdr *ip;
	struct icmp6hdr icmp_buf;
	struct ipv6hdr ip_buf;
	u32 len;

	ip = skb_header_pointer(skb, at - (int)sizeof(ip_buf), sizeof(ip_buf),
				&ip_buf);
	icmp = skb_header_pointer(skb, at, sizeof(icmp_buf), &icmp_buf);
	if (!ip || !icmp || skb->ip_summed == CHECKSUM_PARTIAL)
		return false;
	len = ntohs(ip->payload_len);
	return ip->hop_limit == 255 && !icmp->icmp6_code &&
	       at + len == skb->len && sizeof(*ip) + len <= IPV6_MIN_MTU &&
	       !csum_ipv6_magic(&p->v6.src, &p->v6.dst, len, IPPROTO_ICMPV6,
				skb_checksum(skb, at, len, 0));
}

/* Tell whether a Neighbour Solicitation asks whether its target is free, in one VLAN or
 * none and without extension headers. Not all stations take a frame with a priority tag
 * for one without a tag, and few one with an S-tag.
 */
static bool vnicx_dad_asks(const struct vnicx_frame *frame,
			   const struct vnicx_parsed *p)
{
	bool tag = eth_type_vlan(frame->eth->h_proto);
	struct in6_addr group;
	u8 mac[ETH_ALEN];

	if (!ipv6_addr_any(&p->v6.src) || p->nr_claims ||
	    !vnicx_lease_is_local(&p->v6.target) ||
	    p->tags > !!frame->vid ||
	    p->at != ETH_HLEN + tag * VLAN_HLEN + sizeof(struct ipv6hdr))
		return false;
	addrconf_addr_solict_mult(&p->v6.target, &group);
	ipv6_eth_mc_map(&group, mac);
	return ipv6_addr_equal(&p->v6.dst, &group) &&
	       ether_addr_equal(frame->eth->h_dest, mac);
}

/* Tell whether a link-local address follows from the address of another vNIC,
 * which may be down.
 */
static bool vnicx_dad_is_anothers(const struct vnicx_frame *frame,
				  const struct in6_addr *addr)
{
	const u8 *id = &addr->s6_addr[8];
	const u8 mac[ETH_ALEN] = { id[0] ^ 2, id[1], id[2], id[5], id[6], id[7] };
	const struct vnicx_port *port;

	if (id[3] != 0xff || id[4] != 0xfe)
		return false;
	port = vnicx_fdb_lookup(frame->in->sw, mac, frame->vid);
	return port && port != frame->in && port->kind == VNICX_PORT_VNIC;
}

/**
 * vnicx_dad_begin() - see to a frame that may be a question, before it is forwarded
 * @frame: the frame, which vnicx_dad_may_ask()
 * @dad: gets what it asks, for vnicx_dad_end() if it asks for something
 *
 * Context: RCU read side, bottom halves disabled.
 */
void vnicx_dad_begin(const struct vnicx_frame *frame, struct vnicx_dad *dad)
{
	const struct vnicx_policy *policy = rcu_dereference(frame->in->policy);
	struct vnicx_parsed p;

	dad->question = 0;
	if (!policy || !policy->leases || skb_is_gso(frame->skb))
		return;
	vnicx_parse(frame->skb, &p);
	if (p.packet != VNICX_PACKET_IPV6 || p.upper != IPPROTO_ICMPV6 ||
	    p.fragment || p.type != NDISC_NEIGHBOUR_SOLICITATION ||
	    !vnicx_dad_asks(frame, &p) || !vnicx_dad_is_sound(frame->skb, &p) ||
	    vnicx_dad_is_anothers(frame, &p.v6.target))
		return;
	dad->leases = policy->leases;
	dad->losses = this_cpu_read(vnicx_losses);
	vnicx_lease_claim(dad->leases, &p.v6.target,
			  vnicx_vlan_key(frame->skb, frame->vid), &dad->question);
}

/**
 * vnicx_dad_end() - see to a question when it has been forwarded
 * @dad: what it asks
 * @verdict: what the lower device said
 *
 * A lower device without a queue takes frames that it cannot transmit.
 *
 * Context: as for vnicx_dad_begin(), in the same section.
 */
void vnicx_dad_end(const struct vnicx_dad *dad, enum vnicx_verdict verdict)
{
	const struct net_device *lower = dad->leases->port->sw->lower;

	vnicx_lease_settle(dad->leases, dad->question,
			   verdict == VNICX_DONE && netif_carrier_ok(lower) &&
			   dad->losses == this_cpu_read(vnicx_losses));
}

/**
 * vnicx_dad_wait() - note that a question waits before the flood worker
 * @in: the port that asks, which has called vnicx_dad_begin()
 * @question: &vnicx_dad.question
 *
 * Context: as for vnicx_dad_begin(), in the same section. The worker has not got it yet.
 */
void vnicx_dad_wait(struct vnicx_port *in, u32 question)
{
	const struct vnicx_policy *policy = rcu_dereference(in->policy);

	/* With other leases since, the port gets nothing by it. */
	if (policy && policy->leases)
		vnicx_lease_wait(policy->leases, question);
}

/**
 * vnicx_dad_copied() - see to a question when the flood worker is done with it
 * @sw: the switch
 * @question: &vnicx_dad.question
 * @heard: there was memory for each copy
 *
 * Context: the flood worker, which has not yet called vnicx_share_next() again.
 */
void vnicx_dad_copied(struct vnicx_switch *sw, u32 question, bool heard)
{
	struct vnicx_leases *leases;

	local_bh_disable();
	rcu_read_lock();
	leases = vnicx_share_leases(sw);
	if (leases)
		vnicx_lease_settle(leases, question, heard);
	rcu_read_unlock();
	local_bh_enable();
}
