// SPDX-License-Identifier: GPL-2.0
/*
 * The mark of a frame that the switch has handled.
 *
 * A frame for the host enters by the lower device's receive path, and a frame
 * for the wire leaves by its transmit path. The hooks in those paths must tell
 * such frames from others, whatever queue, CPU or filter they pass before.
 * Therefore the frames carry a metadata destination, which no route has. Each
 * switch has its own, because vNICs may be lower devices of other vNICs.
 *
 * Frames carry the mark without a reference. A flow table at the lower device's
 * ingress overwrites a frame's destination, on some kernels without releasing
 * the old one, and a reference count would wrap in the end. Therefore a mark
 * outlives its switch: if RPS or a redirection sent a frame to another CPU,
 * that CPU may receive it after vnicx_queue_drain() has returned. Marks whose
 * switch is gone serve the next switch, and are released with the module. If a
 * late frame of the old switch meets a new switch with the same mark, it passes
 * as if there were no switch.
 */
#include <linux/delay.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>

#include "deliver.h"
#include "mark.h"

/* Spare marks: those without a switch. Under RTNL. */
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

	/* Take the mark that has been spare for the longest time. */
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
 * @sw: the switch, which marks no frame any more
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

/* Wait until a CPU has received what RPS has queued for it by now. Its queue may
 * never be empty: frames that others redirect in a circle keep it busy.
 */
static void vnicx_mark_wait_for(unsigned int cpu)
{
#ifdef CONFIG_RPS
	const struct softnet_data *sd = per_cpu_ptr(&softnet_data, cpu);
	unsigned int tail = READ_ONCE(sd->input_queue_tail);

	while ((int)(READ_ONCE(sd->input_queue_head) - tail) < 0)
		fsleep(20);
#endif
}

/**
 * vnicx_mark_exit() - release all marks, when no switch is left
 *
 * It cannot wait for an XDP program's cpumap, which must not hold frames that a
 * vNIC sent to the host for longer than two grace periods.
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
		/* A queue may have taken a reference of its own. */
		dst_release(&mark->md->dst);
		kfree(mark);
	}
	INIT_LIST_HEAD(&vnicx_mark_spares);
}
