// SPDX-License-Identifier: GPL-2.0
/*
 * Queues for frames that end at a stack: their way into softirq.
 *
 * One queue per CPU serves all switches. A frame is received on the CPU that
 * sent it, as with netif_rx(), and RPS may move it from there. The queue belongs
 * to its CPU's bottom halves and needs neither a lock nor an atomic operation.
 * Between two polls, the first frame put into the queue schedules the next one,
 * and each one that follows costs a list entry.
 *
 * A tasklet polls: NAPI keeps accounts that a queue in memory has no use for, and
 * they cost more than the walk of the frame. GRO needs NAPI, so that the first
 * frame for GRO hands the queue over to the CPU's NAPI instance, for one poll.
 * Only one of the two is ever scheduled. Threads, which may replace softirqs, are
 * NAPI's, too, and may run on any CPU: with them, a lock is taken.
 *
 * When a CPU goes offline, the core has another one run what was scheduled, so
 * that no frame is left in the queue. The CPU does not come back before that is
 * done, because then both would use the queue.
 *
 * Frames that wait here hold no reference to the device that they are for. A
 * port that leaves has been unreachable for a grace period already, so
 * vnicx_queue_drain() waits only for the frames that were queued before. No
 * frame stays behind in GRO, because every poll flushes it.
 */
#include <linux/cpuhotplug.h>
#include <linux/delay.h>
#include <linux/interrupt.h>
#include <linux/jump_label.h>
#include <linux/local_lock.h>
#include <linux/netdevice.h>
#include <net/hotdata.h>
#include <net/sock.h>
#include <kunit/visibility.h>

#include "../deliver.h"

static DEFINE_STATIC_KEY_FALSE(vnicx_queue_threaded);

/**
 * struct vnicx_queue - frames that wait for one CPU's softirq
 * @first: the frames, in receive form, linked by skb->next
 * @last: where the next one is linked
 * @in: number of frames ever queued
 * @out: number of frames ever received; the difference wait or are on their way
 * @tasklet: receives the frames
 * @napi: receives them instead, when the first is for GRO, or with threads
 * @lock: excludes the thread that receives the frames, if there is one
 * @bh_lock: excludes other bottom halves of the CPU; only PREEMPT_RT needs it,
 *	because elsewhere they exclude each other
 */
struct vnicx_queue {
	struct sk_buff *first;
	struct sk_buff **last;
	u32 in;
	u32 out;
	struct tasklet_struct tasklet;
	struct napi_struct napi;
	spinlock_t lock; /* first, last, in and out, with threads */
	local_lock_t bh_lock;
};

static struct vnicx_queue __percpu *queues;
static struct net_device *napi_dev;
static int cpu_online_state;

/* @threads is a constant for the compiler, here and below, so that a queue
 * without threads pays nothing for them.
 */
static __always_inline void vnicx_queue_lock(struct vnicx_queue *q,
					     bool threads)
{
	local_lock_nested_bh(&queues->bh_lock);
	if (threads)
		spin_lock(&q->lock);
}

static __always_inline void vnicx_queue_unlock(struct vnicx_queue *q,
					       bool threads)
{
	if (threads)
		spin_unlock(&q->lock);
	local_unlock_nested_bh(&queues->bh_lock);
}

/* Frames for the host carry the switch's mark and bypass GRO: the lower
 * device's GRO setting covers frames from the wire only.
 */
static bool vnicx_queue_wants_gro(const struct sk_buff *skb)
{
	return skb->dev->features & NETIF_F_GRO && !skb_dst(skb);
}

/* Have the frames of a queue, which is not empty, received. */
static __always_inline void vnicx_queue_schedule(struct vnicx_queue *q,
						 bool threads)
{
	if (threads || vnicx_queue_wants_gro(q->first))
		napi_schedule(&q->napi);
	else
		tasklet_schedule(&q->tasklet);
}

static __always_inline bool
vnicx_queue_put_on(struct vnicx_queue *q, struct sk_buff *skb, bool threads)
{
	u32 waiting;
	bool room;

	vnicx_queue_lock(q, threads);
	waiting = q->in - q->out;
	room = waiting <= compat_max_backlog();
	if (likely(room)) {
		skb->next = NULL;
		*q->last = skb;
		q->last = &skb->next;
		WRITE_ONCE(q->in, q->in + 1);
		if (!waiting)
			vnicx_queue_schedule(q, threads);
	}
	vnicx_queue_unlock(q, threads);
	return room;
}

static noinline bool vnicx_queue_put_for_thread(struct vnicx_queue *q,
						struct sk_buff *skb)
{
	return vnicx_queue_put_on(q, skb, true);
}

/**
 * vnicx_queue_put() - queue a frame for the stack of its device
 * @skb: the frame, in receive form, of skb->dev; consumed
 *
 * A frame that finds no room is dropped and counted where netif_rx() counts it;
 * the caller counts it at the port.
 *
 * Context: bottom halves disabled.
 * Return: whether there was room
 */
bool vnicx_queue_put(struct sk_buff *skb)
{
	struct vnicx_queue *q = this_cpu_ptr(queues);
	bool room;

	vnicx_assert_bh_disabled();

	if (static_branch_unlikely(&vnicx_queue_threaded))
		room = vnicx_queue_put_for_thread(q, skb);
	else
		room = vnicx_queue_put_on(q, skb, false);

	if (unlikely(!room)) {
		dev_core_stats_rx_dropped_inc(skb->dev);
		kfree_skb_reason(skb, SKB_DROP_REASON_CPU_BACKLOG);
	}
	return room;
}

static __always_inline struct sk_buff *
vnicx_queue_dequeue(struct vnicx_queue *q, bool threads)
{
	struct sk_buff *skb;

	vnicx_queue_lock(q, threads);
	skb = q->first;
	if (skb) {
		q->first = skb->next;
		if (!q->first)
			q->last = &q->first;
		skb_mark_not_on_list(skb);
	}
	vnicx_queue_unlock(q, threads);
	return skb;
}

/* GRO rewrites headers, shared info and the socket's account. If the sender or
 * a capture still has the frame's head, the frame gets a head of its own first,
 * or bypasses GRO. Frames of two sockets must not merge, because their truesize
 * would be given back to the wrong socket.
 */
static noinline void vnicx_queue_receive_by_gro(struct napi_struct *napi,
						struct sk_buff *skb)
{
	skb_prepare_for_gro(skb);
	if (unlikely(skb_shared(skb) || skb_unclone(skb, GFP_ATOMIC)))
		netif_receive_skb(skb);
	else
		napi_gro_receive(napi, skb);
}

/* Note that @done frames have been received, and go on if there are more. */
static __always_inline void vnicx_queue_done(struct vnicx_queue *q, int done,
					     bool threads)
{
	vnicx_queue_lock(q, threads);
	/* Pairs with vnicx_queue_drain_cpu(): the frames are received first. */
	smp_store_release(&q->out, q->out + done);
	if (q->in != q->out)
		vnicx_queue_schedule(q, threads);
	vnicx_queue_unlock(q, threads);
}

static void vnicx_queue_run(struct tasklet_struct *tasklet)
{
	struct vnicx_queue *q = container_of(tasklet, struct vnicx_queue,
					     tasklet);
	struct sk_buff *skb;
	int done = 0;

	while (done < NAPI_POLL_WEIGHT &&
	       (skb = vnicx_queue_dequeue(q, false))) {
		done++;
		netif_receive_skb(skb);
		if (q->first && vnicx_queue_wants_gro(q->first))
			break;
	}
	vnicx_queue_done(q, done, false);
}

static __always_inline int vnicx_queue_poll(struct napi_struct *napi,
					    int budget, bool threads)
{
	struct vnicx_queue *q = container_of(napi, struct vnicx_queue, napi);
	struct sk_buff *skb;
	int done = 0;

	while (done < budget && (skb = vnicx_queue_dequeue(q, threads))) {
		if (vnicx_queue_wants_gro(skb))
			vnicx_queue_receive_by_gro(napi, skb);
		else
			netif_receive_skb(skb);
		done++;
	}

	/* Complete even if frames are left: this flushes what GRO holds. */
	napi_complete_done(napi, done);
	vnicx_queue_done(q, done, threads);
	return min(done, budget - 1);
}

static int vnicx_queue_softirq_poll(struct napi_struct *napi, int budget)
{
	return vnicx_queue_poll(napi, budget, false);
}

static int vnicx_queue_thread_poll(struct napi_struct *napi, int budget)
{
	return vnicx_queue_poll(napi, budget, true);
}

/* Wait until all frames that one CPU's queue holds now have been received. */
static int vnicx_queue_drain_cpu(unsigned int cpu)
{
	const struct vnicx_queue *q = per_cpu_ptr(queues, cpu);
	u32 last = READ_ONCE(q->in);

	/* Pairs with vnicx_queue_done(). */
	while ((s32)(smp_load_acquire(&q->out) - last) < 0)
		fsleep(20);
	return 0;
}

/**
 * vnicx_queue_drain() - wait until all frames queued now have been received
 *
 * Context: may sleep. Waits for at most one full queue on each CPU.
 */
void vnicx_queue_drain(void)
{
	int cpu;

	for_each_possible_cpu(cpu)
		vnicx_queue_drain_cpu(cpu);
}
EXPORT_SYMBOL_IF_KUNIT(vnicx_queue_drain);

/**
 * vnicx_queue_backlog() - get how many frames for stacks wait on a CPU
 *
 * Return: how many are queued or on their way on the CPU that has the most now
 */
u32 vnicx_queue_backlog(void)
{
	u32 most = 0;
	int cpu;

	for_each_possible_cpu(cpu) {
		const struct vnicx_queue *q = per_cpu_ptr(queues, cpu);
		/* @in second, because it is never behind. */
		u32 out = smp_load_acquire(&q->out);

		most = max(most, READ_ONCE(q->in) - out);
	}
	return most;
}
EXPORT_SYMBOL_IF_KUNIT(vnicx_queue_backlog);

static void vnicx_queue_free_all(void)
{
	int cpu;

	for_each_possible_cpu(cpu) {
		struct vnicx_queue *q = per_cpu_ptr(queues, cpu);

		tasklet_kill(&q->tasklet);
		napi_disable(&q->napi);
		__netif_napi_del(&q->napi);
	}
	/* One grace period for all: netif_napi_del() would wait for each. */
	synchronize_net();
	free_percpu(queues);
	compat_free_netdev_dummy(napi_dev);
}

/**
 * vnicx_queue_init() - create the queues
 * @threads: whether threads, one for each CPU, receive instead of softirqs
 *
 * Context: may sleep.
 * Return: 0, -ENOMEM, or an errno of creating a thread or of watching the CPUs
 */
int vnicx_queue_init(bool threads)
{
	int cpu, err;

	napi_dev = compat_alloc_netdev_dummy();
	if (!napi_dev)
		return -ENOMEM;
	queues = alloc_percpu(struct vnicx_queue);
	if (!queues) {
		compat_free_netdev_dummy(napi_dev);
		return -ENOMEM;
	}

	for_each_possible_cpu(cpu) {
		struct vnicx_queue *q = per_cpu_ptr(queues, cpu);

		q->last = &q->first;
		spin_lock_init(&q->lock);
		local_lock_init(&q->bh_lock);
		tasklet_setup(&q->tasklet, vnicx_queue_run);
		/* Busy polling may run on a CPU whose queue this is not. */
		set_bit(NAPI_STATE_NO_BUSY_POLL, &q->napi.state);
		netif_napi_add(napi_dev, &q->napi,
			       threads ? vnicx_queue_thread_poll :
					 vnicx_queue_softirq_poll);
		napi_enable(&q->napi);
	}

	err = cpuhp_setup_state_nocalls(CPUHP_BP_PREPARE_DYN, "net/vnicx:online",
					vnicx_queue_drain_cpu, NULL);
	if (err < 0)
		goto free_queues;
	cpu_online_state = err;
	if (!threads)
		return 0;

	/* The threads are named after the device. */
	strscpy(napi_dev->name, KBUILD_MODNAME, sizeof(napi_dev->name));
	static_branch_enable(&vnicx_queue_threaded);
	err = compat_dev_set_threaded(napi_dev);
	if (err)
		vnicx_queue_exit();
	return err;

free_queues:
	vnicx_queue_free_all();
	return err;
}

/**
 * vnicx_queue_exit() - undo vnicx_queue_init() when no switch is left
 *
 * Context: may sleep.
 */
void vnicx_queue_exit(void)
{
	cpuhp_remove_state_nocalls(cpu_online_state);
	vnicx_queue_free_all();
}
