// SPDX-License-Identifier: GPL-2.0
/*
 * Frames from one zero-copy AF_XDP socket to another, without an skb.
 *
 * A frame that a socket transmits to a vNIC with a program and such a socket is copied
 * from the one memory to the other, and meets the program in the sendto() of its
 * sender: nothing is allocated, and the receiver is woken up once for all frames.
 *
 * That makes the sender what the NAPI instance of the receiver's queue is at other
 * times. It is the owner of the instance meanwhile, as a poll of it would be, so the
 * program and the rings have one user at a time. It never waits for that: if the
 * instance is scheduled, or frames wait before the program, this frame goes behind
 * these, as an skb. So frames stay in order, and senders to each other do not wait.
 */
#include <linux/filter.h>
#include <linux/netpoll.h>
#include <net/xdp_sock_drv.h>

#include "xdp.h"

/* Become the owner of a queue's NAPI instance, if no frame waits for it. */
static bool vnicx_direct_begin(struct vnicx_direct *direct,
			       struct vnicx_xdp_queue *queue)
{
	/* Pairs with vnicx_xsk_attach(). */
	struct xsk_buff_pool *pool = smp_load_acquire(&queue->pool);

	if (!pool || !napi_schedule_prep(&queue->napi))
		return false;
	if (unlikely(!__ptr_ring_empty(&queue->ring))) {
		__napi_schedule(&queue->napi);
		return false;
	}
	/* As a poll has it: napi_complete_done() does nothing while netpoll polls the
	 * instance on another CPU, and nobody else would complete it.
	 */
	direct->netpoll = netpoll_poll_lock(&queue->napi);
	direct->run = (struct vnicx_xdp_run) {
		.queue = queue,
		.prog = rcu_dereference(queue->vnic->xdp_prog),
		.pool = pool,
	};
	direct->room = xsk_pool_get_rx_frame_size(pool);
	direct->context = bpf_net_ctx_set(&direct->own);
	return true;
}

/* Count the frames of a round. */
static void vnicx_direct_count(struct vnicx_direct *direct)
{
	u32 nr = direct->run.count[VNICX_XSK_RX];

	vnicx_port_add(direct->way.in, VNICX_TX_PACKETS, nr, direct->bytes);
	vnicx_port_add(&direct->run.queue->vnic->port, VNICX_RX_PACKETS, nr,
		       direct->bytes);
	vnicx_xdp_count(&direct->run);
	direct->sent += nr;
	direct->bytes = 0;
}

/**
 * vnicx_direct_end() - let the receivers of frames know of them
 * @direct: the frames
 *
 * To be called before the sender does anything else that can transmit a frame.
 *
 * Context: RCU read side, bottom halves disabled.
 */
void vnicx_direct_end(struct vnicx_direct *direct)
{
	struct vnicx_xdp_queue *queue = direct->run.queue;

	/* A way without the queue at its end is none. */
	direct->way.generation = 0;
	direct->most = 0;
	if (!queue)
		return;
	vnicx_xdp_flush(&direct->run);
	bpf_net_ctx_clear(direct->context);
	vnicx_direct_count(direct);
	/* The memory's owner gave the first one first. */
	while (direct->nr > direct->next)
		xsk_buff_free(direct->buffer[--direct->nr]);
	direct->run.queue = NULL;
	/* Polls what others have put into the ring meanwhile. */
	napi_complete_done(&queue->napi, 0);
	netpoll_poll_unlock(direct->netpoll);
}

/* The queue that the walk of an skb would find, see vnicx_to_receive_form() */
static struct vnicx_xdp_queue *vnicx_direct_queue(const struct vnicx_vnic *vnic,
						  u32 id)
{
	unsigned int nr = READ_ONCE(vnic->port.dev->real_num_rx_queues);
	struct vnicx_xdp *xdp = vnic->xdp;

	return &xdp->queue[nr > 1 && id < nr && id < xdp->nr ? id : 0];
}

/* Take some of the receiver's buffers, no more than there are frames. Few at first: a row
 * of frames that are alike may be short.
 */
static noinline bool vnicx_direct_fill(struct vnicx_direct *direct, u32 left)
{
	direct->most = min_t(u32, 2 * direct->most ?: 2, VNICX_DIRECT_BUFFERS);
	direct->next = 0;
	direct->nr = xsk_buff_alloc_batch(direct->run.pool, direct->buffer,
					  min(left, direct->most));
	return direct->nr;
}

/* Find where a frame goes. One that is the last is like none that follows. */
static struct vnicx_port *vnicx_direct_ask(struct vnicx_direct *direct,
					   const u8 *head, u32 len, u32 left)
{
	if (left > 1)
		return vnicx_direct_learn(&direct->way, head, len);
	direct->way.generation = 0;
	return vnicx_direct_find(direct->way.in, head, len);
}

/* Copy a frame for the receiver that its head says. */
static noinline struct xdp_buff *vnicx_direct_first(struct vnicx_direct *direct,
						    const void *data, u32 len,
						    u32 id, u32 left)
{
	u8 head[VNICX_DIRECT_HEAD] __aligned(8);
	struct vnicx_xdp_queue *queue;
	struct vnicx_port *port;
	struct xdp_buff *xdp;
	u64 generation;

	/* Decided on and transmitted: nobody else writes to this copy. */
	memcpy(head, data, sizeof(head));
	port = vnicx_direct_ask(direct, head, len, left);
	if (!port)
		return NULL;
	queue = vnicx_direct_queue(container_of(port, struct vnicx_vnic, port),
				   id);
	if (queue != direct->run.queue) {
		generation = direct->way.generation;
		vnicx_direct_end(direct);
		if (!vnicx_direct_begin(direct, queue))
			return NULL;
		direct->way.generation = generation;
	}
	if (unlikely(len > direct->room))
		return NULL;
	if (direct->next < direct->nr)
		xdp = direct->buffer[direct->next++];
	else
		xdp = xsk_buff_alloc(direct->run.pool);
	if (unlikely(!xdp))
		return NULL;
	xsk_buff_set_size(xdp, len);
	memcpy(xdp->data, head, sizeof(head));
	memcpy(xdp->data + sizeof(head), data + sizeof(head),
	       len - sizeof(head));
	return xdp;
}

/* Read a part of a frame, once. */
static __always_inline u64 vnicx_direct_read(const void *data)
{
	u64 word;

	memcpy(&word, data, sizeof(word));
	/* Or the compiler may read it anew where it is used. */
	OPTIMIZER_HIDE_VAR(word);
	return word;
}

/* Copy a frame, if it takes the way of the one before it. The receiver gets the very words
 * that the switch has decided on, whatever user space writes meanwhile.
 */
static __always_inline struct xdp_buff *
vnicx_direct_next(struct vnicx_direct *direct, const void *data, u32 len,
		  u32 left)
{
	u64 first = vnicx_direct_read(data), second = vnicx_direct_read(data + 8);
	u64 fifth = vnicx_direct_read(data + 32);
	struct xdp_buff *xdp;
	void *to;

	if (!vnicx_direct_again(&direct->way, first, second, fifth, len))
		return NULL;
	if (unlikely(len > direct->room))
		return NULL;
	if (direct->next == direct->nr && unlikely(!vnicx_direct_fill(direct, left)))
		return NULL;
	xdp = direct->buffer[direct->next++];
	xsk_buff_set_size(xdp, len);
	to = xdp->data;
	memcpy(to, &first, sizeof(first));
	memcpy(to + 8, &second, sizeof(second));
	memcpy(to + 16, data + 16, len - 16);
	memcpy(to + 32, &fifth, sizeof(fifth));
	return xdp;
}

/* Have the receiver's program decide. Most redirect to the socket, whose memory it is. */
static __always_inline void vnicx_direct_judge(struct vnicx_xdp_run *run,
					       struct xdp_buff *xdp)
{
	u32 act = bpf_prog_run_xdp(run->prog, xdp);

	if (unlikely(act != XDP_REDIRECT) || unlikely(!vnicx_xdp_is_for_socket()))
		vnicx_xdp_act(run, xdp, NULL, false, act);
	else if (unlikely(!vnicx_xdp_redirect(run, xdp)))
		xsk_buff_free(xdp);
}

/**
 * vnicx_direct_send() - transmit frames to sockets, as long as they need no skb
 * @direct: the frames before them; all zero before the first one, but for the sender
 * @pool: the memory that they are in, which user space writes to
 * @desc: the frames
 * @nr: how many
 * @id: number of the queue
 *
 * Context: RCU read side, bottom halves disabled.
 * Return: how many it has transmitted: all, or those before one that needs an skb
 */
u32 vnicx_direct_send(struct vnicx_direct *direct, struct xsk_buff_pool *pool,
		      const struct xdp_desc *desc, u32 nr, u32 id)
{
	const struct xdp_desc *d, *end = desc + nr;
	struct xdp_buff *xdp;
	const void *data;

	for (d = desc; d < end; d++) {
		if (unlikely(d->len < VNICX_DIRECT_HEAD))
			break;
		data = compat_xsk_raw_data(pool, d->addr);
		xdp = vnicx_direct_next(direct, data, d->len, end - d);
		if (unlikely(!xdp))
			xdp = vnicx_direct_first(direct, data, d->len, id,
						 end - d);
		if (unlikely(!xdp))
			break;
		direct->run.count[VNICX_XSK_RX]++;
		direct->bytes += d->len;
		vnicx_direct_judge(&direct->run, xdp);
	}
	return d - desc;
}
