// SPDX-License-Identifier: GPL-2.0
/*
 * The queues of a vNIC before its XDP program.
 *
 * A frame for a vNIC with a program is put into a ring, whoever brings it: a
 * vNIC, the host, the wire or the flood worker. The NAPI instance of the ring
 * runs the program, so the program never runs in a sender's transmit call, and
 * what it redirects never nests in what another one redirects. There is one ring
 * for each RX queue of the vNIC: an AF_XDP socket belongs to an RX queue, and
 * takes frames from one CPU at a time only.
 *
 * The queues are there while the vNIC has a program and is up. They go when no
 * frame can be put into them any more and all have met the program.
 *
 * Nobody polls a queue busily. A process that does so has the NAPI instance to
 * itself for as long as it likes, and may leave it with frames in the queue to a
 * timer of any length, while RTNL waits for the queue to go.
 */
#include <linux/delay.h>
#include <linux/filter.h>

#include "xdp.h"

/* As many frames as a veth has room for */
#define VNICX_XDP_RING	256

/**
 * vnicx_xdp_put() - put a frame into the queue before a vNIC's XDP program
 * @port: the vNIC's port, with VNICX_EXIT_XDP
 * @skb: the frame, in receive form; consumed if there is room
 *
 * Context: RCU read side, bottom halves disabled.
 * Return: whether there was room
 */
bool vnicx_xdp_put(struct vnicx_port *port, struct sk_buff *skb)
{
	struct vnicx_vnic *vnic = container_of(port, struct vnicx_vnic, port);
	struct vnicx_xdp *xdp = vnic->xdp;
	struct vnicx_xdp_queue *queue;
	u32 i = 0;

	if (skb_rx_queue_recorded(skb))
		i = skb_get_rx_queue(skb);
	queue = &xdp->queue[i < xdp->nr ? i : 0];
	if (unlikely(ptr_ring_produce(&queue->ring, skb))) {
		atomic_long_inc(&vnic->xdp_count[VNICX_XDP_OVERFLOW]);
		return false;
	}
	napi_schedule(&queue->napi);
	return true;
}

/**
 * vnicx_xdp_count() - count what became of the frames of a round
 * @run: the round
 */
void vnicx_xdp_count(const struct vnicx_xdp_run *run)
{
	struct vnicx_vnic *vnic = run->queue->vnic;
	int i;

	for (i = 0; i < VNICX_NR_XDP_RUN; i++) {
		if (run->count[i])
			atomic_long_add(run->count[i], &vnic->xdp_count[i]);
	}
}

static int vnicx_xdp_poll(struct napi_struct *napi, int budget)
{
	struct vnicx_xdp_queue *queue;
	struct vnicx_xdp_run run;
	struct sk_buff *skb;
	int done = 0;

	queue = container_of(napi, struct vnicx_xdp_queue, napi);
	run = (struct vnicx_xdp_run) { .queue = queue };
	rcu_read_lock();
	/* Pairs with vnicx_xsk_attach(). */
	run.pool = smp_load_acquire(&queue->pool);
	run.prog = rcu_dereference(queue->vnic->xdp_prog);
	while (done < budget && (skb = __ptr_ring_consume(&queue->ring)))
		done += vnicx_xdp_receive(&run, skb);
	vnicx_xdp_flush(&run);
	rcu_read_unlock();
	vnicx_xdp_count(&run);

	/* The last super-frame may have had more segments. */
	done = min(done, budget);
	if (done < budget)
		napi_complete_done(napi, done);
	return done;
}

static void vnicx_xdp_queue_free(struct vnicx_xdp_queue *queue)
{
	napi_disable(&queue->napi);
	__netif_napi_del(&queue->napi);
	if (xdp_rxq_info_is_reg(&queue->rxq))
		xdp_rxq_info_unreg(&queue->rxq);
	ptr_ring_cleanup(&queue->ring, NULL);
}

static int vnicx_xdp_queue_init(struct vnicx_vnic *vnic,
				struct vnicx_xdp_queue *queue, u32 i)
{
	struct net_device *dev = vnic->port.dev;
	int err;

	err = ptr_ring_init(&queue->ring, VNICX_XDP_RING, GFP_KERNEL_ACCOUNT);
	if (err)
		return err;
	queue->vnic = vnic;
	set_bit(NAPI_STATE_NO_BUSY_POLL, &queue->napi.state);
	netif_napi_add(dev, &queue->napi, vnicx_xdp_poll);
	napi_enable(&queue->napi);
	/* No NAPI ID: a zero-copy socket that prefers busy polling, and has learnt
	 * one from a frame, leaves it to that NAPI instance to transmit. Here
	 * sendto() transmits.
	 */
	err = xdp_rxq_info_reg(&queue->rxq, dev, i, 0);
	if (!err)
		err = xdp_rxq_info_reg_mem_model(&queue->rxq,
						 MEM_TYPE_PAGE_SHARED, NULL);
	if (err)
		vnicx_xdp_queue_free(queue);
	else
		vnicx_xsk_attach(vnic, queue, i);
	return err;
}

static void vnicx_xdp_free(struct vnicx_xdp *xdp, u32 nr)
{
	while (nr)
		vnicx_xdp_queue_free(&xdp->queue[--nr]);
	/* One grace period for all: netif_napi_del() would wait for each. */
	synchronize_net();
	kvfree(xdp);
}

/**
 * vnicx_xdp_start() - have a vNIC's XDP program decide on the frames for it
 * @vnic: the vNIC, which is about to be up, or is
 *
 * Does nothing if the vNIC has no program.
 *
 * Context: may sleep. RTNL.
 * Return: 0 or a negative errno
 */
int vnicx_xdp_start(struct vnicx_vnic *vnic)
{
	u32 i, nr = vnic->port.dev->num_rx_queues;
	struct vnicx_xdp *xdp;
	int err;

	if (!rcu_access_pointer(vnic->xdp_prog))
		return 0;
	xdp = kvzalloc(struct_size(xdp, queue, nr), GFP_KERNEL_ACCOUNT);
	if (!xdp)
		return -ENOMEM;
	xdp->nr = nr;
	for (i = 0; i < nr; i++) {
		err = vnicx_xdp_queue_init(vnic, &xdp->queue[i], i);
		if (err) {
			vnicx_xdp_free(xdp, i);
			return err;
		}
	}
	vnic->xdp = xdp;
	vnicx_port_set_xdp(&vnic->port, true);
	return 0;
}

/**
 * vnicx_xdp_backlog() - get how many frames wait before a vNIC's XDP program
 * @vnic: the vNIC, which has a program and is up
 *
 * Context: RTNL.
 * Return: how many wait in the queue that has the most now
 */
u32 vnicx_xdp_backlog(const struct vnicx_vnic *vnic)
{
	u32 i, most = 0;

	for (i = 0; i < vnic->xdp->nr; i++)
		most = max(most, vnicx_ring_len(&vnic->xdp->queue[i].ring));
	return most;
}

/**
 * vnicx_xdp_drain() - wait until all frames before a vNIC's XDP program have met
 *	it
 * @vnic: the vNIC; no frame can be put there any more
 *
 * Context: may sleep. RTNL.
 */
void vnicx_xdp_drain(struct vnicx_vnic *vnic)
{
	u32 i;

	for (i = 0; vnic->xdp && i < vnic->xdp->nr; i++) {
		struct vnicx_xdp_queue *queue = &vnic->xdp->queue[i];

		while (!__ptr_ring_empty(&queue->ring))
			fsleep(20);
		napi_synchronize(&queue->napi);
	}
}

/**
 * vnicx_xdp_stop() - undo vnicx_xdp_start()
 * @vnic: the vNIC
 *
 * Context: may sleep. RTNL.
 */
void vnicx_xdp_stop(struct vnicx_vnic *vnic)
{
	struct vnicx_xdp *xdp = vnic->xdp;

	if (!xdp)
		return;
	vnicx_port_set_xdp(&vnic->port, false);
	vnicx_xdp_drain(vnic);
	vnic->xdp = NULL;
	vnicx_xdp_free(xdp, xdp->nr);
}
