/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The guards: they look into a frame for what its sender may not say.
 */
#ifndef _VNICX_GUARD_H
#define _VNICX_GUARD_H

#include "lease.h"
#include "parse.h"
#include "policy.h"

u8 vnicx_guard_checks(const struct vnicx_policy *policy);
bool vnicx_guard_keeps(const struct sk_buff *skb, const struct vnicx_parsed *p);
enum vnicx_cause vnicx_guard_judge(const struct vnicx_policy *policy,
				   const struct vnicx_parsed *p);
enum vnicx_cause vnicx_guard_tx(struct vnicx_port *in, struct sk_buff *skb,
				u16 vid);
bool vnicx_guard_rx(const struct vnicx_policy *policy, struct sk_buff *skb);
bool vnicx_guard_allows_plain6(const struct vnicx_policy *policy,
			       const struct sk_buff *skb);

/* Find the VLAN of a port's frames without a tag: 0 for none. */
static __always_inline u32 vnicx_guard_own_vlan(const struct vnicx_policy *policy)
{
	return policy->vlan.on && policy->vlan.tag ? policy->vlan.key : 0;
}

/**
 * vnicx_guard_allows_plain() - tell whether guards allow a plain frame
 * @policy: the policy, or NULL for none
 * @skb: the frame, which vnicx_policy_is_plain()
 *
 * Of IPv4, guards look into UDP and ICMP only. Of a fragment that is not the
 * first, bytes of the payload are taken for a port, which is no error: the frame
 * gets a closer look.
 *
 * Context: RCU read side, bottom halves disabled.
 * Return: true if they do, false if the frame needs a closer look
 */
static __always_inline bool
vnicx_guard_allows_plain(const struct vnicx_policy *policy,
			 const struct sk_buff *skb)
{
	const struct vnicx_policy_ip *ip = (const void *)skb->data;
	__be32 addr;
	u32 vlan;

	if (!policy)
		return true;
	if (*(const u8 *)&ip->iph != VNICX_POLICY_NO_OPTIONS)
		return vnicx_guard_allows_plain6(policy, skb);
	if (ip->iph.protocol == IPPROTO_ICMP ||
	    (ip->iph.protocol == IPPROTO_UDP &&
	     ip->udph.dest == htons(VNICX_PORT_BOOTPC)))
		return false;
	if (!(policy->guards & VNICX_GUARD_IP))
		return true;
	addr = ip->iph.saddr;
	if (unlikely(!addr))
		return false;
	vlan = vnicx_guard_own_vlan(policy);
	if (policy->leases && !vlan && likely(!skb_vlan_tag_present(skb)) &&
	    likely(vnicx_leases_recall4(policy->leases, addr)))
		return true;
	return vnicx_ips_have4(policy->ips, addr) ||
	       (!skb_vlan_tag_present(skb) &&
		vnicx_leases_find4(policy->leases, addr, vlan));
}

#endif /* _VNICX_GUARD_H */
