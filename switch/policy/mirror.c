// SPDX-License-Identifier: GPL-2.0
/*
 * Mirrors: a device gets a copy of each frame that a port sends or receives,
 * after the port's policy has let it pass.
 *
 * A vNIC gets the copy as if it had come for another station: captures and
 * bridges see it, and its stack does not. Any other device transmits it, be it
 * a tunnel (gretap, which makes this an ERSPAN) or, with a VLAN, the lower
 * device itself (RSPAN).
 *
 * A frame that is sent while a copy is made, to carry it, is not mirrored: a
 * tunnel's packets may pass the mirrored port, and would be copied without end.
 * The flood worker copies such a frame later, and remembers that.
 */
#include <linux/if_vlan.h>
#include <linux/rtnetlink.h>
#include <linux/sched.h>
#include <kunit/visibility.h>

#include "../deliver.h"
#include "mirror.h"
#include "policy.h"

/* The task that is making a copy on this CPU. With PREEMPT_RT, another task may
 * interrupt it, and frames of that one are mirrored.
 */
static DEFINE_PER_CPU(struct task_struct *, vnicx_mirror_task);

/**
 * vnicx_mirror_is_busy() - tell whether the frames that are sent now carry a copy
 *
 * Context: bottom halves disabled.
 * Return: whether they do; then they are not mirrored
 */
bool vnicx_mirror_is_busy(void)
{
	return this_cpu_read(vnicx_mirror_task) == current;
}

/**
 * vnicx_mirror_begin() - begin to send frames that carry a copy
 *
 * Context: bottom halves disabled, until vnicx_mirror_end().
 * Return: for vnicx_mirror_end()
 */
struct task_struct *vnicx_mirror_begin(void)
{
	struct task_struct *other = this_cpu_read(vnicx_mirror_task);

	this_cpu_write(vnicx_mirror_task, current);
	return other;
}

/**
 * vnicx_mirror_end() - undo vnicx_mirror_begin()
 * @other: what that returned
 */
void vnicx_mirror_end(struct task_struct *other)
{
	this_cpu_write(vnicx_mirror_task, other);
}

/* Put a copy into transmit form and clear what belongs to its stack. */
static void vnicx_mirror_scrub(struct sk_buff *skb)
{
	int offset = skb_mac_offset(skb);

	if (offset)
		skb_push_rcsum(skb, -offset);
	skb_scrub_packet(skb, true);
	vnicx_clear_delivery_time(skb);
	skb->priority = 0;
	skb_set_queue_mapping(skb, 0);
}

static bool vnicx_mirror_is_tagged(const struct sk_buff *skb)
{
	return skb_vlan_tag_present(skb) ||
	       eth_type_vlan(((const struct ethhdr *)skb->data)->h_proto);
}

static bool vnicx_mirror_send(const struct vnicx_port *port,
			      const struct vnicx_mirror *mirror,
			      const struct sk_buff *skb)
{
	struct sk_buff *copy = skb_clone((struct sk_buff *)skb, GFP_ATOMIC);

	if (unlikely(!copy))
		return false;
	vnicx_mirror_scrub(copy);
	if (mirror->vid &&
	    skb_vlan_push(copy, htons(ETH_P_8021Q), mirror->vid)) {
		kfree_skb_reason(copy, SKB_DROP_REASON_NOMEM);
		return false;
	}
	if (!mirror->port && vnicx_mistakes_tags(mirror->dev) &&
	    vnicx_mirror_is_tagged(copy)) {
		kfree_skb_reason(copy, SKB_DROP_REASON_OTHERHOST);
		return false;
	}
	return mirror->port ? vnicx_deliver_mirrored(mirror->port, copy) :
			      vnicx_deliver_dev(port->sw, mirror->dev, copy);
}

/**
 * vnicx_mirror_copy() - copy a frame to the mirror of a port
 * @port: the port; counts a copy that fails
 * @mirror: its mirror
 * @skb: the frame, in transmit or receive form, its MAC header set
 *
 * Context: RCU read side, bottom halves disabled.
 */
void vnicx_mirror_copy(struct vnicx_port *port,
		       const struct vnicx_mirror *mirror,
		       const struct sk_buff *skb)
{
	struct task_struct *other;

	if (vnicx_mirror_is_busy())
		return;
	other = vnicx_mirror_begin();
	if (!vnicx_mirror_send(port, mirror, skb))
		vnicx_policy_count(port, VNICX_CAUSE_MIRROR_FAILED);
	vnicx_mirror_end(other);
}

/**
 * vnicx_port_set_mirror() - set the mirror of a port
 * @port: the port
 * @mirror: the mirror, which the port frees, or NULL for none; its device stays
 *	as long as it is set, and for a grace period after that
 *
 * Context: RTNL.
 */
void vnicx_port_set_mirror(struct vnicx_port *port, struct vnicx_mirror *mirror)
{
	struct vnicx_mirror *old = rtnl_dereference(port->mirror);

	rcu_assign_pointer(port->mirror, mirror);
	vnicx_policy_update(port);
	if (old)
		kfree_rcu(old, rcu);
}
