// SPDX-License-Identifier: GPL-2.0
/*
 * Zero-copy AF_XDP sockets: the driver's side.
 *
 * A frame that a socket transmits is copied once, out of the socket's memory into an
 * skb, in the sendto() that asks for it. From there on it takes the walk of any
 * frame that the vNIC sends, so its policy, reach, order and counters are the same.
 * A frame that a program redirects to a socket is copied once, into the socket's
 * memory, see run.c. Sockets of different vNICs never see each other's memory.
 */
#include <linux/etherdevice.h>
#include <linux/filter.h>
#include <linux/rtnetlink.h>
#include <net/xdp_sock_drv.h>

#include "xdp.h"

/* Frames that are transmitted before softirqs may run, or another sendto() of the
 * queue; and how often before a sendto() returns
 */
#define VNICX_XSK_BATCH		64
#define VNICX_XSK_ROUNDS	4

/* The core asks each driver where the socket's memory is for its device. For a vNIC
 * it is where it is for the kernel, which has it all in a row.
 */
static int vnicx_xsk_map(struct xsk_buff_pool *pool)
{
	u32 i, nr = pool->umem->npgs;
	int err;

	err = compat_xsk_reserve_descs(pool, VNICX_XSK_BATCH);
	if (err)
		return err;
	pool->dma_pages = kvcalloc(nr, sizeof(*pool->dma_pages),
				   GFP_KERNEL_ACCOUNT);
	if (!pool->dma_pages)
		return -ENOMEM;
	for (i = 0; i + 1 < nr; i++)
		pool->dma_pages[i] = XSK_NEXT_PG_CONTIG_MASK;
	pool->dma_pages_cnt = nr;
	return 0;
}

static void vnicx_xsk_unmap(struct xsk_buff_pool *pool)
{
	kvfree(pool->dma_pages);
	pool->dma_pages = NULL;
	pool->dma_pages_cnt = 0;
}

static int vnicx_xsk_queue_init(struct net_device *dev,
				struct vnicx_xsk_queue *queue, u32 id)
{
	int err;

	spin_lock_init(&queue->lock);
	err = xdp_rxq_info_reg(&queue->rxq, dev, id, 0);
	if (err)
		return err;
	err = xdp_rxq_info_reg_mem_model(&queue->rxq, MEM_TYPE_XSK_BUFF_POOL,
					 NULL);
	if (err)
		xdp_rxq_info_unreg(&queue->rxq);
	return err;
}

/**
 * vnicx_xsk_free() - free what a vNIC has for zero-copy sockets
 * @vnic: the vNIC, whose device has no reference any more: a socket that has been
 *	closed keeps one until its memory is taken
 *
 * Context: may sleep.
 */
void vnicx_xsk_free(struct vnicx_vnic *vnic)
{
	struct vnicx_xsk *xsk = vnic->xsk;

	if (!xsk)
		return;
	while (xsk->nr)
		xdp_rxq_info_unreg(&xsk->queue[--xsk->nr].rxq);
	kvfree(xsk);
	vnic->xsk = NULL;
}

static int vnicx_xsk_alloc(struct vnicx_vnic *vnic)
{
	struct net_device *dev = vnic->port.dev;
	u32 nr = max(dev->num_rx_queues, dev->num_tx_queues);
	struct vnicx_xsk *xsk;
	int err;

	xsk = kvzalloc(struct_size(xsk, queue, nr), GFP_KERNEL_ACCOUNT);
	if (!xsk)
		return -ENOMEM;
	while (xsk->nr < nr) {
		err = vnicx_xsk_queue_init(dev, &xsk->queue[xsk->nr], xsk->nr);
		if (err) {
			while (xsk->nr)
				xdp_rxq_info_unreg(&xsk->queue[--xsk->nr].rxq);
			kvfree(xsk);
			return err;
		}
		xsk->nr++;
	}
	/* Pairs with vnicx_ndo_xsk_wakeup(). */
	smp_store_release(&vnic->xsk, xsk);
	return 0;
}

/**
 * vnicx_xsk_attach() - have a queue before an XDP program use a socket's memory,
 *	or no longer
 * @vnic: the vNIC
 * @queue: the queue
 * @id: number of its RX queue
 *
 * Context: RTNL.
 */
void vnicx_xsk_attach(struct vnicx_vnic *vnic, struct vnicx_xdp_queue *queue,
		      u32 id)
{
	struct xsk_buff_pool *pool = NULL;

	if (vnic->xsk)
		pool = vnic->xsk->queue[id].pool;
	/* Pairs with vnicx_xdp_poll(): the memory is ready for it. */
	smp_store_release(&queue->pool, pool);
}

static void vnicx_xsk_set_pool(struct vnicx_vnic *vnic,
			       struct xsk_buff_pool *pool, u16 id)
{
	struct vnicx_xsk_queue *queue = &vnic->xsk->queue[id];

	spin_lock_bh(&queue->lock);
	queue->pool = pool;
	spin_unlock_bh(&queue->lock);
	if (vnic->xdp && id < vnic->xdp->nr)
		vnicx_xsk_attach(vnic, &vnic->xdp->queue[id], id);
}

/**
 * vnicx_xsk_setup() - give a vNIC the memory of a zero-copy socket, or take it
 * @vnic: the vNIC
 * @pool: the memory, or NULL to take what is there
 * @id: number of the queue that the socket is bound to
 *
 * Context: may sleep. RTNL.
 * Return: 0, -EINVAL, -EBUSY or -ENOMEM
 */
int vnicx_xsk_setup(struct vnicx_vnic *vnic, struct xsk_buff_pool *pool, u16 id)
{
	struct vnicx_xsk_queue *queue;
	struct xsk_buff_pool *old;
	int err;

	if (pool && !vnic->xsk) {
		err = vnicx_xsk_alloc(vnic);
		if (err)
			return err;
	}
	if (!vnic->xsk || id >= vnic->xsk->nr)
		return -EINVAL;
	queue = &vnic->xsk->queue[id];
	old = queue->pool;
	if (pool) {
		/* The core sees to it that there is one for a queue. */
		if (WARN_ON_ONCE(old))
			return -EBUSY;
		err = vnicx_xsk_map(pool);
		if (err)
			return err;
		xsk_pool_set_rxq_info(pool, &queue->rxq);
		vnicx_xsk_set_pool(vnic, pool, id);
		return 0;
	}
	if (!old)
		return 0;
	vnicx_xsk_set_pool(vnic, NULL, id);
	/* No round of frames uses it any more. */
	synchronize_net();
	vnicx_xsk_unmap(old);
	return 0;
}

/* Make an skb of a frame in a socket's memory, as eth_type_trans() leaves it. */
static struct sk_buff *vnicx_xsk_build(struct net_device *dev,
				       struct xsk_buff_pool *pool,
				       const struct xdp_desc *desc)
{
	unsigned int room = NET_SKB_PAD + NET_IP_ALIGN + dev->needed_headroom;
	struct sk_buff *skb;
	unsigned int size;
	void *start;

	size = SKB_DATA_ALIGN(room + desc->len + dev->needed_tailroom) +
	       SKB_DATA_ALIGN(sizeof(struct skb_shared_info));
	start = vnicx_xdp_alloc(&size);
	if (unlikely(!start))
		return NULL;
	skb = napi_build_skb(start, size);
	if (unlikely(!skb)) {
		page_frag_free(start);
		return NULL;
	}
	skb_reserve(skb, room);
	skb_put_data(skb, xsk_buff_raw_get_data(pool, desc->addr), desc->len);
	skb->protocol = eth_type_trans(skb, dev);
	return skb;
}

/* Transmit a frame as an skb. */
static bool vnicx_xsk_send_skb(struct vnicx_vnic *vnic,
			       struct xsk_buff_pool *pool,
			       const struct xdp_desc *desc, u32 id)
{
	struct sk_buff *skb = NULL;

	if (likely(desc->len >= ETH_HLEN))
		skb = vnicx_xsk_build(vnic->port.dev, pool, desc);
	if (unlikely(!skb)) {
		vnicx_port_inc(&vnic->port, VNICX_TX_DROPPED);
		return false;
	}
	skb_set_queue_mapping(skb, id);
	return vnicx_xdp_send(vnic, skb);
}

/* Transmit the frames that the core has taken from a queue's ring. Return how many left. */
static u32 vnicx_xsk_send_all(struct vnicx_vnic *vnic,
			      struct xsk_buff_pool *pool, u32 nr, u32 id)
{
	struct vnicx_direct direct = { .way.in = &vnic->port };
	u32 sent = 0, i;

	for (i = 0; i < nr; i++) {
		i += vnicx_direct_send(&direct, pool, &pool->tx_descs[i],
				       nr - i, id);
		/* The next frame, and what it does, comes behind those. */
		vnicx_direct_end(&direct);
		if (i < nr)
			sent += vnicx_xsk_send_skb(vnic, pool,
						   &pool->tx_descs[i], id);
	}
	if (direct.sent)
		atomic_long_add(direct.sent,
				&vnic->xdp_count[VNICX_XSK_DIRECT]);
	return sent + direct.sent;
}

/* Transmit some of a queue's frames. The core has checked the descriptors, and made
 * copies of them that user space cannot change. Return how many there were.
 */
static u32 vnicx_xsk_send_batch(struct vnicx_vnic *vnic,
				struct vnicx_xsk_queue *queue, u32 id)
{
	struct xsk_buff_pool *pool;
	u32 nr = 0, sent = 0;

	spin_lock_bh(&queue->lock);
	pool = queue->pool;
	if (likely(pool))
		nr = xsk_tx_peek_release_desc_batch(pool, VNICX_XSK_BATCH);
	if (nr) {
		sent = vnicx_xsk_send_all(vnic, pool, nr, id);
		xsk_tx_completed(pool, nr);
	}
	spin_unlock_bh(&queue->lock);

	if (likely(sent))
		atomic_long_add(sent, &vnic->xdp_count[VNICX_XSK_TX]);
	if (unlikely(sent < nr))
		atomic_long_add(nr - sent,
				&vnic->xdp_count[VNICX_XSK_TX_ERROR]);
	return nr;
}

/**
 * vnicx_ndo_xsk_wakeup() - transmit the frames of a zero-copy socket
 * @dev: the vNIC
 * @id: number of the queue that the socket is bound to
 * @flags: XDP_WAKEUP_*
 *
 * Implements ndo_xsk_wakeup. Reception needs no waking up. The socket is always told
 * to wake up for transmission.
 *
 * Context: RCU read side, process context.
 * Return: 0, -EAGAIN when there are more frames than one call transmits, -ENETDOWN
 * when the vNIC is down or has no carrier, or -ENXIO when there is no socket
 */
int vnicx_ndo_xsk_wakeup(struct net_device *dev, u32 id, u32 flags)
{
	struct vnicx_vnic *vnic = netdev_priv(dev);
	struct vnicx_xsk *xsk;
	int i;

	if (unlikely(!vnicx_xdp_has_link(vnic)))
		return -ENETDOWN;
	/* Pairs with vnicx_xsk_alloc(). */
	xsk = smp_load_acquire(&vnic->xsk);
	if (unlikely(!xsk || id >= xsk->nr))
		return -ENXIO;
	if (unlikely(!(flags & XDP_WAKEUP_TX)))
		return 0;
	for (i = 0; i < VNICX_XSK_ROUNDS; i++) {
		if (!vnicx_xsk_send_batch(vnic, &xsk->queue[id], id))
			return 0;
	}
	return -EAGAIN;
}
