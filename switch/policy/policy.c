// SPDX-License-Identifier: GPL-2.0
/*
 * The policy of a port: the order of its checks, and what becomes of a frame
 * that fails one.
 */
#include <linux/rtnetlink.h>
#include <linux/slab.h>
#include <kunit/visibility.h>

#include "../classify.h"
#include "../drop.h"
#include "bpf.h"
#include "guard.h"
#include "held.h"
#include "mirror.h"
#include "policy.h"
#include "rate.h"
#include "vlan.h"

static const enum skb_drop_reason vnicx_policy_reasons[VNICX_NR_CAUSES] = {
	[VNICX_CAUSE_TX_DISABLED] = SKB_DROP_REASON_DEV_READY,
	[VNICX_CAUSE_TX_SPOOFED] = SKB_DROP_REASON_TAP_TXFILTER,
	[VNICX_CAUSE_TX_VLAN] = SKB_DROP_REASON_OTHERHOST,
	[VNICX_CAUSE_RX_VLAN] = SKB_DROP_REASON_OTHERHOST,
	[VNICX_CAUSE_TX_ISOLATED] = SKB_DROP_REASON_TAP_FILTER,
	[VNICX_CAUSE_TX_STORM] = SKB_DROP_REASON_QDISC_DROP,
	[VNICX_CAUSE_TX_RATE] = SKB_DROP_REASON_QDISC_DROP,
	[VNICX_CAUSE_RX_RATE] = SKB_DROP_REASON_QDISC_DROP,
	[VNICX_CAUSE_TX_UNDETERMINED] = SKB_DROP_REASON_HDR_TRUNC,
	[VNICX_CAUSE_TX_RESTRICTED] = SKB_DROP_REASON_TAP_TXFILTER,
	[VNICX_CAUSE_TX_GUARDED_RA] = SKB_DROP_REASON_TAP_TXFILTER,
	[VNICX_CAUSE_TX_GUARDED_DHCP] = SKB_DROP_REASON_TAP_TXFILTER,
	[VNICX_CAUSE_TX_IP_SPOOFED] = SKB_DROP_REASON_IP_RPFILTER,
	[VNICX_CAUSE_RX_IP] = SKB_DROP_REASON_TAP_FILTER,
	[VNICX_CAUSE_TX_BPF] = SKB_DROP_REASON_SOCKET_FILTER,
	[VNICX_CAUSE_RX_BPF] = SKB_DROP_REASON_SOCKET_FILTER,
};

/**
 * vnicx_policy_drop() - drop a frame that a policy forbids
 * @port: the port with the policy; counts the cause. The caller counts the frame
 *	as dropped
 * @cause: why
 * @skb: the frame; freed
 *
 * Return: NULL, for the caller to return
 */
struct sk_buff *vnicx_policy_drop(struct vnicx_port *port,
				  enum vnicx_cause cause, struct sk_buff *skb)
{
	vnicx_policy_count(port, cause);
	kfree_skb_reason(skb, vnicx_policy_reasons[cause]);
	return NULL;
}

/* Tell why a port's policy, which may be NULL, forbids a frame whose VLAN is
 * right; VNICX_NR_CAUSES if it does not.
 */
static enum vnicx_cause vnicx_policy_look(struct vnicx_port *in,
					  const struct vnicx_policy *policy,
					  struct sk_buff *skb, u16 vid)
{
	bool spoofchk = READ_ONCE(in->tx_checks) & VNICX_CHECK_SPOOF;

	if (spoofchk && !vnicx_spoof_allows(in, eth_hdr(skb)->h_source, vid))
		return VNICX_CAUSE_TX_SPOOFED;
	if (spoofchk || (policy && policy->guards & ~VNICX_GUARD_IP_IN))
		return vnicx_guard_tx(in, skb, vid);
	/* A tag must stay as it was checked. */
	if (policy && policy->vlan.on && !vnicx_policy_keeps(skb))
		return VNICX_CAUSE_TX_UNDETERMINED;
	return VNICX_NR_CAUSES;
}

/* Have a frame's tag where its sender cannot write any more: a packet socket's ring has
 * all but the Ethernet header. Returns false when there was no memory.
 */
static bool vnicx_policy_holds_tag(struct sk_buff *skb)
{
	return !eth_type_vlan(eth_hdr(skb)->h_proto) || skb->len < VLAN_ETH_HLEN ||
	       pskb_may_pull(skb, VLAN_ETH_HLEN);
}

/* Apply the last parts of a policy to a frame that a port sends: they see it as
 * the switch does.
 */
static struct sk_buff *vnicx_policy_tx_end(struct vnicx_port *in,
					   const struct vnicx_policy *policy,
					   struct sk_buff *skb)
{
	const struct vnicx_mirror *mirror = rcu_dereference(in->mirror);

	if (policy && policy->bpf_tx &&
	    !vnicx_bpf_passes(policy->bpf_tx, in, skb))
		return vnicx_policy_drop(in, VNICX_CAUSE_TX_BPF, skb);
	if (mirror && mirror->tx)
		vnicx_mirror_copy(in, mirror, skb);
	return skb;
}

/**
 * vnicx_policy_tx() - apply a port's policy to a frame that it sends
 * @in: the port
 * @skb: the frame, skb->data at its Ethernet header, the header in the linear
 *	part
 *
 * Context: RCU read side, bottom halves disabled.
 * Return: the frame, or another in its place, or NULL when it was dropped
 */
struct sk_buff *vnicx_policy_tx(struct vnicx_port *in, struct sk_buff *skb)
{
	const struct vnicx_policy *policy = rcu_dereference(in->policy);
	u8 checks = READ_ONCE(in->tx_checks);
	enum vnicx_cause cause;
	u32 push = 0;
	u16 vid;

	if (checks & VNICX_CHECK_DISABLED)
		return vnicx_policy_drop(in, VNICX_CAUSE_TX_DISABLED, skb);
	if (policy && policy->vlan.on) {
		skb = vnicx_vlan_in(&policy->vlan, skb, &push);
		if (unlikely(!skb))
			return NULL;
		if (push == VNICX_VLAN_NOWHERE)
			return vnicx_policy_drop(in, VNICX_CAUSE_TX_VLAN, skb);
	}
	if (!vnicx_policy_is_plain(in, skb) ||
	    !vnicx_guard_allows_plain(policy, skb)) {
		if (unlikely(!vnicx_policy_holds_tag(skb)))
			return vnicx_policy_drop(in, VNICX_CAUSE_TX_UNDETERMINED, skb);
		vid = push ? push & VLAN_VID_MASK :
			     vnicx_frame_vid(skb, eth_hdr(skb));
		cause = vnicx_policy_look(in, policy, skb, vid);
		if (cause != VNICX_NR_CAUSES)
			return vnicx_policy_drop(in, cause, skb);
	}
	if (checks & VNICX_CHECK_TX && is_multicast_ether_addr(eth_hdr(skb)->h_dest) &&
	    !vnicx_rate_admits(in, VNICX_RATE_STORM, VNICX_RATE_FRAME *
			       vnicx_rate_frames(skb, skb->len)))
		return vnicx_policy_drop(in, VNICX_CAUSE_TX_STORM, skb);
	if (checks & VNICX_CHECK_TX_RATE &&
	    !vnicx_rate_admits(in, VNICX_RATE_TX,
			       vnicx_rate_len(skb, skb->len)))
		return vnicx_policy_drop(in, VNICX_CAUSE_TX_RATE, skb);
	if (push) {
		skb = vnicx_vlan_push(skb, push);
		if (unlikely(!skb))
			return NULL;
	}
	return vnicx_policy_tx_end(in, policy, skb);
}

static struct sk_buff *vnicx_policy_drop_rx(struct vnicx_port *port,
					    enum vnicx_cause cause,
					    struct sk_buff *skb)
{
	vnicx_port_inc(port, VNICX_RX_DROPPED);
	return vnicx_policy_drop(port, cause, skb);
}

/**
 * vnicx_policy_rx() - apply a port's policy to a frame that it receives
 * @port: the port
 * @skb: the frame, in transmit or receive form; its head may be shared with
 *	other copies
 *
 * Context: RCU read side, bottom halves disabled.
 * Return: the frame, or NULL when it was dropped and counted at the port
 */
struct sk_buff *vnicx_policy_rx(struct vnicx_port *port, struct sk_buff *skb)
{
	const struct vnicx_policy *policy = rcu_dereference(port->policy);
	const struct vnicx_mirror *mirror = rcu_dereference(port->mirror);
	bool vlan = policy && policy->vlan.on;
	u8 checks = READ_ONCE(port->rx_checks);
	u32 len = skb->len - skb_mac_offset(skb);
	u16 vid = vnicx_frame_vid(skb, eth_hdr(skb));

	/* The scope has asked this, but the policy may have changed since. */
	if (vlan && unlikely(!vnicx_vlan_has(&policy->vlan,
					     vnicx_vlan_key(skb, vid))))
		return vnicx_policy_drop_rx(port, VNICX_CAUSE_RX_VLAN, skb);
	if (policy && policy->guards & VNICX_GUARD_IP_IN &&
	    !vnicx_guard_rx(policy, skb))
		return vnicx_policy_drop_rx(port, VNICX_CAUSE_RX_IP, skb);
	if (checks & VNICX_CHECK_RX_RATE &&
	    !vnicx_rate_admits(port, VNICX_RATE_RX, vnicx_rate_len(skb, len)))
		return vnicx_policy_drop_rx(port, VNICX_CAUSE_RX_RATE, skb);
	if (policy && policy->bpf_rx &&
	    !vnicx_bpf_passes(policy->bpf_rx, port, skb))
		return vnicx_policy_drop_rx(port, VNICX_CAUSE_RX_BPF, skb);
	if (mirror && mirror->rx)
		vnicx_mirror_copy(port, mirror, skb);
	if (!vlan)
		return skb;
	skb = vnicx_vlan_out(&policy->vlan, skb);
	if (unlikely(!skb))
		vnicx_port_inc(port, VNICX_RX_DROPPED);
	return skb;
}

/* Tell which checks follow from a policy, of both directions. */
static u8 vnicx_policy_checks(const struct vnicx_policy *policy)
{
	return vnicx_vlan_checks(&policy->vlan) | vnicx_rate_checks(policy) |
	       vnicx_guard_checks(policy) |
	       (policy->bpf_tx ? VNICX_CHECK_TX : 0) |
	       (policy->bpf_rx ? VNICX_CHECK_RX : 0);
}

/* Copy a policy, with its bitmap behind it. */
static struct vnicx_policy *vnicx_policy_dup(const struct vnicx_policy *policy)
{
	size_t vids = BITS_TO_LONGS(VLAN_N_VID) * sizeof(long);
	struct vnicx_policy *new;

	new = kmalloc(sizeof(*new) + (policy->vlan.vids ? vids : 0),
		      GFP_KERNEL_ACCOUNT);
	if (!new)
		return NULL;
	*new = *policy;
	if (policy->vlan.vids)
		new->vlan.vids = memcpy(new + 1, policy->vlan.vids, vids);
	vnicx_vlan_init(&new->vlan);
	/* A trunk without a native VLAN has no room for plain frames. */
	if (!new->bpf_tx && (!new->vlan.on || new->vlan.tag))
		new->plain = vnicx_policy_checks(new) & VNICX_CHECKS_TX_POLICY;
	else
		new->plain = 0;
	return new;
}

static bool vnicx_policy_isolates(const struct vnicx_policy *policy)
{
	return policy && policy->isolated;
}

/* Free a policy that no port has any more. */
static void vnicx_policy_free(struct vnicx_policy *policy)
{
	vnicx_ips_put(policy->ips);
	vnicx_leases_put(policy->leases);
	kfree_rcu(policy, rcu);
}

/**
 * vnicx_policy_update() - begin the checks that follow from a port's policy, end
 *	others
 * @port: the port, its policy and mirror set
 *
 * Context: RTNL.
 */
void vnicx_policy_update(struct vnicx_port *port)
{
	const struct vnicx_policy *policy = rtnl_dereference(port->policy);
	const struct vnicx_mirror *mirror = rtnl_dereference(port->mirror);
	u8 checks = policy ? vnicx_policy_checks(policy) : 0;

	if (mirror)
		checks |= (mirror->tx ? VNICX_CHECK_TX : 0) |
			  (mirror->rx ? VNICX_CHECK_RX : 0);
	WRITE_ONCE(port->class, policy ? policy->class : 0);
	WRITE_ONCE(port->rx_checks, checks & VNICX_CHECKS_RX_POLICY);
	checks &= VNICX_CHECKS_TX_POLICY;
	/* Pairs with vnicx_send(): who sees VNICX_CHECK_TAG finds the tag. */
	smp_store_release(&port->tx_checks,
			  (port->tx_checks & ~VNICX_CHECKS_TX_POLICY) | checks);
}

/**
 * vnicx_policy_set() - replace the policy of a port
 * @port: the port; it need not have joined a switch yet
 * @policy: the new policy, which is copied, with what its pointers refer to, or
 *	NULL for none, which cannot fail. The copy becomes a user of its list of IP
 *	addresses and of its leases, which end if the port's private VLAN changes, or if
 *	all of its frames are in another VLAN than theirs from now on
 *
 * Context: may sleep. RTNL.
 * Return: 0 or -ENOMEM; then the old policy stays
 */
int vnicx_policy_set(struct vnicx_port *port, const struct vnicx_policy *policy)
{
	struct vnicx_policy *old = rtnl_dereference(port->policy);
	struct vnicx_switch *sw = port->sw;
	struct vnicx_policy *new = NULL;
	struct vnicx_held *held;

	ASSERT_RTNL();

	if (policy) {
		new = vnicx_policy_dup(policy);
		if (!new)
			return -ENOMEM;
	}
	held = vnicx_held_get(port, old, new);
	if (IS_ERR(held)) {
		kfree(new);
		return PTR_ERR(held);
	}
	/* Meanwhile frames go the long way, which takes all from one policy. */
	WRITE_ONCE(port->tx_checks, port->tx_checks | VNICX_CHECK_TX);
	/* Pairs with smp_rmb() in vnicx_policy_tags(). */
	smp_wmb();
	if (new) {
		vnicx_ips_get(new->ips);
		vnicx_leases_get(new->leases);
		/* Else a frame that has seen VNICX_CHECK_TAG gets the old tag. */
		if (vnicx_vlan_checks(&new->vlan) & VNICX_CHECK_TAG)
			WRITE_ONCE(port->tag, vnicx_vlan_raw(new->vlan.tag));
	}
	vnicx_rates_set(port, old, new);
	rcu_assign_pointer(port->policy, new);
	vnicx_held_set(port, held);
	/* vnicx_lease_find_also() finds the new policy from now on. */
	if (old && new && vnicx_vlan_private(&old->vlan) !=
			  vnicx_vlan_private(&new->vlan))
		vnicx_leases_forget(new->leases);
	/* vnicx_lease_may_hold() as well */
	if (new)
		vnicx_leases_keep(new->leases, &new->vlan);
	vnicx_policy_update(port);
	if (sw)
		WRITE_ONCE(sw->nr_private, sw->nr_private +
			   vnicx_policy_isolates(new) -
			   vnicx_policy_isolates(old));
	vnicx_port_set_role(port);
	if (old)
		vnicx_policy_free(old);
	return 0;
}
EXPORT_SYMBOL_IF_KUNIT(vnicx_policy_set);

/**
 * vnicx_policy_set_checks() - begin or end checks of frames that a port sends
 * @port: the port
 * @checks: VNICX_CHECK_*
 * @on: whether they begin
 *
 * Context: RTNL.
 */
void vnicx_policy_set_checks(struct vnicx_port *port, u8 checks, bool on)
{
	WRITE_ONCE(port->tx_checks, on ? port->tx_checks | checks :
					 port->tx_checks & ~checks);
}
EXPORT_SYMBOL_IF_KUNIT(vnicx_policy_set_checks);

/**
 * vnicx_policy_set_self() - recognise frames by a port's present address
 * @port: the port, with its address
 *
 * Only an address that the administrator gave is recognised without a look into
 * the FDB: another vNIC may be given one that a tenant chose. Then &vnicx_port.self
 * stays as it is: whoever has seen no VNICX_CHECK_FDB finds an address that the port
 * has or had just now.
 *
 * Context: RTNL.
 */
void vnicx_policy_set_self(struct vnicx_port *port)
{
	__be16 proto = htons(ETH_P_IP);
	u64 self;

	if (port->addr_rank != VNICX_FDB_ADMIN) {
		vnicx_policy_set_checks(port, VNICX_CHECK_FDB, true);
		return;
	}
	memcpy(&self, port->addr, ETH_ALEN);
	memcpy((u8 *)&self + ETH_ALEN, &proto, sizeof(proto));
	WRITE_ONCE(port->self, self);
	/* Pairs with vnicx_send(): who sees no check finds the address. */
	smp_store_release(&port->tx_checks,
			  port->tx_checks & ~VNICX_CHECK_FDB);
}
