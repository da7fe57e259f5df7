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
	direct->context = bpf_net_ctx_set(&direct->own);
	return true;
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

	if (!queue)
		return;
	vnicx_xdp_flush(&direct->run);
	bpf_net_ctx_clear(direct->context);
	vnicx_xdp_count(&direct->run);
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

/**
 * vnicx_direct_send() - transmit a frame to a socket, if it needs no skb
 * @direct: the frames before it; run.queue is NULL before the first one
 * @vnic: the vNIC that transmits it
 * @data: the frame, in memory that user space writes to
 * @len: its length
 * @id: number of the queue
 *
 * Context: RCU read side, bottom halves disabled.
 * Return: false if nothing was done, and the frame needs an skb
 */
bool vnicx_direct_send(struct vnicx_direct *direct, struct vnicx_vnic *vnic,
		       const void *data, u32 len, u32 id)
{
	u8 head[VNICX_DIRECT_HEAD] __aligned(8);
	struct vnicx_xdp_queue *queue;
	struct vnicx_port *port;
	struct xdp_buff *xdp;

	if (len < sizeof(head))
		return false;
	/* Decided on and transmitted: nobody else writes to this copy. */
	memcpy(head, data, sizeof(head));
	port = vnicx_direct_find(&vnic->port, head, len);
	if (!port)
		return false;
	queue = vnicx_direct_queue(container_of(port, struct vnicx_vnic, port),
				   id);
	if (queue != direct->run.queue) {
		vnicx_direct_end(direct);
		if (!vnicx_direct_begin(direct, queue))
			return false;
	}
	if (unlikely(len > xsk_pool_get_rx_frame_size(direct->run.pool)))
		return false;
	xdp = xsk_buff_alloc(direct->run.pool);
	if (unlikely(!xdp))
		return false;
	xsk_buff_set_size(xdp, len);
	memcpy(xdp->data, head, sizeof(head));
	memcpy(xdp->data + sizeof(head), data + sizeof(head),
	       len - sizeof(head));
	direct->run.count[VNICX_XSK_RX]++;
	direct->sent++;
	vnicx_port_count(&vnic->port, VNICX_TX_PACKETS, len);
	vnicx_port_count(port, VNICX_RX_PACKETS, len);
	vnicx_xdp_judge(&direct->run, xdp, NULL, false);
	return true;
}
