/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The look at frames that enter the switch, for the leases of ports.
 */
#ifndef _VNICX_SNOOP_H
#define _VNICX_SNOOP_H

#include "frame.h"
#include "policy/lease.h"
#include "policy/policy.h"

void vnicx_snoop(const struct vnicx_frame frame);

/**
 * vnicx_snoop_may_say() - tell by the first bytes of a frame whether it may say
 *	something about the addresses of ports
 * @eth: its Ethernet header, without a tag in front of the EtherType
 * @end: the end of those bytes
 *
 * Of IPv4 that is the message of a DHCP server; of IPv6 one of Neighbour Discovery,
 * too. A frame whose headers are not where most have them, or not whole, may.
 *
 * Return: false if it says nothing
 */
static __always_inline bool vnicx_snoop_may_say(const struct ethhdr *eth,
						const void *end)
{
	const struct vnicx_policy_ip6 *ip6 = (const void *)eth;
	const struct vnicx_policy_ip *ip4 = (const void *)eth;

	switch (eth->h_proto) {
	case htons(ETH_P_IP):
		if ((const void *)(ip4 + 1) > end ||
		    *(const u8 *)&ip4->iph != VNICX_POLICY_NO_OPTIONS)
			return true;
		return ip4->iph.protocol == IPPROTO_UDP &&
		       ip4->udph.dest == htons(VNICX_PORT_BOOTPC);
	case htons(ETH_P_IPV6):
		if ((const void *)eth + offsetof(typeof(*ip6), udph) > end)
			return true;
		if (ip6->iph.nexthdr != IPPROTO_UDP)
			return ip6->iph.nexthdr != IPPROTO_TCP;
		return (const void *)(ip6 + 1) > end ||
		       ip6->udph.dest == htons(VNICX_PORT_DHCP6C);
	case htons(ETH_P_8021Q):
	case htons(ETH_P_8021AD):
		return true;
	}
	return false;
}

/**
 * vnicx_snoop_may_tell() - tell at first sight whether a frame may say something
 *	about the addresses of ports
 * @frame: the frame
 *
 * Return: false if it says nothing
 */
static __always_inline bool vnicx_snoop_may_tell(const struct vnicx_frame *frame)
{
	return vnicx_snoop_may_say(frame->eth, skb_tail_pointer(frame->skb));
}

/**
 * vnicx_snoop_on() - look at a frame that enters the switch, if a port has leases
 * @frame: the frame
 *
 * Context: RCU read side, bottom halves disabled.
 */
static __always_inline void vnicx_snoop_on(const struct vnicx_frame *frame)
{
	if (static_branch_unlikely(&vnicx_leases_used) &&
	    unlikely(vnicx_snoop_may_tell(frame)))
		vnicx_snoop(*frame);
}

/**
 * struct vnicx_dad - the question of a port whether an address is free
 * @leases: the port's leases
 * @question: what vnicx_lease_settle() knows it by; 0 when it changes nothing
 * @losses: vnicx_losses before it is forwarded
 */
struct vnicx_dad {
	struct vnicx_leases *leases;
	u32 question;
	u32 losses;
};

/**
 * vnicx_dad_may_ask() - tell at first sight whether a frame may be a question
 * @frame: the frame, which a vNIC sends
 *
 * Return: false if it is none, or the port has no leases
 */
static __always_inline bool vnicx_dad_may_ask(const struct vnicx_frame *frame)
{
	return static_branch_unlikely(&vnicx_leases_used) &&
	       frame->class == VNICX_MULTICAST && vnicx_snoop_may_tell(frame);
}

/* dad.c */
void vnicx_dad_begin(const struct vnicx_frame *frame, struct vnicx_dad *dad);
void vnicx_dad_end(const struct vnicx_dad *dad, enum vnicx_verdict verdict);
void vnicx_dad_wait(struct vnicx_port *in, u32 question);
void vnicx_dad_copied(struct vnicx_switch *sw, u32 question, bool heard);

#endif /* _VNICX_SNOOP_H */
