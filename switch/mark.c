// SPDX-License-Identifier: GPL-2.0
/*
 * The mark of a frame that has been switched.
 *
 * A frame for the host enters by the lower device's receive path, and a frame for
 * the wire leaves by its transmit path. The hooks in those paths must tell such
 * frames from others, whatever queue, CPU or filter they pass before. The frames
 * carry a metadata destination for that, which no route has: one per switch,
 * because vNICs may lie upon vNICs.
 *
 * Frames carry it without a reference. A flow table at the lower device's ingress
 * overwrites a frame's destination, on some kernels without releasing the old one;
 * a reference count would wrap in the end. So a mark outlives its switch: another
 * CPU may receive a frame later than vnicx_queue_drain() can see, where RPS or a
 * redirection sent it there. Marks whose switch is gone serve the next switch,
 * and are released with the module. A frame of the last switch that another one
 * meets with its mark goes on as if there were no switch.
 */
#include <linux/delay.h>
#include <linux/netfilter_netdev.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>

#include "mark.h"

/* Marks without a switch, under RTNL */
static LIST_HEAD(vnicx_mark_spares);

static struct vnicx_mark *vnicx_mark_alloc(void)
{
	struct vnicx_mark *mark = kzalloc_obj(*mark, GFP_KERNEL);

	if (!mark)
		return NULL;
	mark->md = metadata_dst_alloc(0, METADATA_HW_PORT_MUX, GFP_KERNEL);
	if (mark->md)
		return mark;
	kfree(mark);
	return NULL;
}

/**
 * vnicx_mark_init() - give a switch a mark for its frames
 * @sw: the switch
 *
 * Context: may sleep. RTNL.
 * Return: 0 or -ENOMEM
 */
int vnicx_mark_init(struct vnicx_switch *sw)
{
	struct vnicx_mark *mark;

	ASSERT_RTNL();

	/* The one that has been without a switch for the longest time */
	mark = list_first_entry_or_null(&vnicx_mark_spares, struct vnicx_mark,
					list);
	if (mark)
		list_del(&mark->list);
	else
		mark = vnicx_mark_alloc();
	if (!mark)
		return -ENOMEM;
	sw->mark = mark;
	sw->seen = &mark->md->dst;
	return 0;
}

/**
 * vnicx_mark_destroy() - undo vnicx_mark_init()
 * @sw: the switch; no frame gets its mark any more
 *
 * Context: RTNL.
 */
void vnicx_mark_destroy(struct vnicx_switch *sw)
{
	ASSERT_RTNL();
	list_add_tail(&sw->mark->list, &vnicx_mark_spares);
	sw->mark = NULL;
	sw->seen = NULL;
}

/* Waits until a CPU has begun to receive all that other CPUs sent it. */
static void vnicx_mark_wait_for(unsigned int cpu)
{
	const struct softnet_data *sd = per_cpu_ptr(&softnet_data, cpu);

	while (!skb_queue_empty_lockless(&sd->input_pkt_queue) ||
	       !skb_queue_empty_lockless(&sd->process_queue))
		fsleep(20);
}

/**
 * vnicx_mark_exit() - release all marks, when no switch is left
 *
 * Context: may sleep.
 */
void vnicx_mark_exit(void)
{
	struct vnicx_mark *mark, *next;
	int cpu;

	for_each_online_cpu(cpu)
		vnicx_mark_wait_for(cpu);
	synchronize_net();

	list_for_each_entry_safe(mark, next, &vnicx_mark_spares, list) {
		/* A queue may hold a reference that it took for itself. */
		dst_release(&mark->md->dst);
		kfree(mark);
	}
	INIT_LIST_HEAD(&vnicx_mark_spares);
}

/* Whether the egress hook of the lower device has no user but the switch. */
static bool vnicx_mark_is_only_hook(const struct vnicx_switch *sw)
{
#ifdef CONFIG_NETFILTER_SKIP_EGRESS
	const struct nf_hook_entries *hooks;

	hooks = rcu_dereference_bh(sw->lower->nf_hooks_egress);
	return hooks && hooks->num_hook_entries == 1 &&
	       hooks->hooks[0].priv == sw;
#else
	return false;
#endif
}

/**
 * vnicx_mark_for_wire() - mark a frame that leaves by the lower device
 * @sw: the switch
 * @skb: the frame
 *
 * The frame skips the egress hook where the user has no rules of his own there.
 *
 * Context: RCU read side, which lasts until the frame is in the egress hook;
 * bottom halves disabled.
 */
void vnicx_mark_for_wire(struct vnicx_switch *sw, struct sk_buff *skb)
{
	if (vnicx_mark_is_only_hook(sw)) {
		skb_dst_drop(skb);
		nf_skip_egress(skb, true);
	} else {
		vnicx_mark_set(sw, skb);
	}
}
