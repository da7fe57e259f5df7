/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Declarations that the files of vnic/xdp/ share.
 */
#ifndef _VNICX_XDP_H
#define _VNICX_XDP_H

#include <linux/filter.h>
#include <linux/ptr_ring.h>
#include <linux/spinlock.h>
#include <net/xdp.h>
#include <vnicx/direct.h>

#include "../vnic.h"

/**
 * struct vnicx_xdp_queue - frames of one RX queue that wait for the XDP program
 * @napi: runs the program, on one CPU at a time: an AF_XDP socket belongs to an
 *	RX queue and is no place for two
 * @rxq: the RX queue, as the program sees it
 * @vnic: whose queue it is
 * @pool: the memory of a zero-copy AF_XDP socket of the RX queue, or NULL; written
 *	under RTNL, read locklessly
 * @skb: while the program runs, the frame whose copy it has, or NULL
 * @ring: the frames, in receive form
 */
struct vnicx_xdp_queue {
	struct napi_struct napi;
	struct xdp_rxq_info rxq;
	struct vnicx_vnic *vnic;
	struct xsk_buff_pool *pool;
	struct sk_buff *skb;
	struct ptr_ring ring;
};

/**
 * struct vnicx_xdp - the queues of a vNIC before its XDP program
 * @nr: number of queues
 * @queue: one for each RX queue that the vNIC can have
 */
struct vnicx_xdp {
	u32 nr;
	struct vnicx_xdp_queue queue[];
};

/**
 * struct vnicx_xdp_run - one round of a queue's frames past the program
 * @queue: the queue
 * @prog: the program
 * @pool: where the program gets its copy, or NULL
 * @count: what became of the frames
 */
struct vnicx_xdp_run {
	struct vnicx_xdp_queue *queue;
	struct bpf_prog *prog;
	struct xsk_buff_pool *pool;
	u32 count[VNICX_NR_XDP_RUN];
};

/**
 * struct vnicx_xsk_queue - a zero-copy AF_XDP socket, or several that share memory
 * @pool: the socket's memory, or NULL; written under RTNL and @lock
 * @lock: the rings for transmission have one consumer, sockets several senders
 * @rxq: the RX queue, as an XDP program sees it that gets a frame in that memory
 */
struct vnicx_xsk_queue {
	struct xsk_buff_pool *pool;
	spinlock_t lock; /* the rings for transmission */
	struct xdp_rxq_info rxq;
};

/**
 * struct vnicx_xsk - the zero-copy AF_XDP sockets of a vNIC
 * @nr: number of queues
 * @queue: one for each queue that the vNIC can have
 */
struct vnicx_xsk {
	u32 nr;
	struct vnicx_xsk_queue queue[];
};

struct xdp_desc;

/* Buffers that a sender takes from the receiver's memory at once */
#define VNICX_DIRECT_BUFFERS	16

/**
 * struct vnicx_direct - frames that go to a socket of another vNIC without an skb
 * @run: a round of that vNIC's queue, whose NAPI instance is ours as long as
 *	run.queue is set
 * @way: the way of the last frame of the round; known only while run.queue is set
 * @room: how long a frame in the receiver's memory may be
 * @bytes: bytes of the frames of the round
 * @sent: how many frames went so in the rounds before
 * @most: how many buffers were taken at most the last time
 * @nr: how many of @buffer are set
 * @next: the first one of them that has no frame
 * @buffer: the receiver's, in the order in which it gave them
 * @netpoll: keeps netpoll off the NAPI instance meanwhile
 * @own: what programs redirect
 * @context: what was there before
 */
struct vnicx_direct {
	struct vnicx_xdp_run run;
	struct vnicx_direct_way way;
	u32 room;
	u32 bytes;
	u32 sent;
	u32 most;
	u32 nr;
	u32 next;
	struct xdp_buff *buffer[VNICX_DIRECT_BUFFERS];
	void *netpoll;
	struct bpf_net_context own;
	struct bpf_net_context *context;
};

/**
 * vnicx_xdp_has_link() - tell whether a vNIC may transmit past the core
 * @vnic: the vNIC
 *
 * Without a carrier, the core drops what the stack sends. A vNIC with state disable has
 * none either, but its frames are the policy's to drop and count.
 *
 * Return: whether it may
 */
static inline bool vnicx_xdp_has_link(const struct vnicx_vnic *vnic)
{
	const struct net_device *dev = vnic->port.dev;

	return netif_running(dev) &&
	       (likely(netif_carrier_ok(dev)) ||
		READ_ONCE(vnic->options.state) == VNICX_STATE_DISABLE);
}

/**
 * vnicx_xdp_flush() - let the receivers of redirected frames know of them
 * @run: the round. A redirection to several devices that has failed may have reached
 *	some of them
 */
static inline void vnicx_xdp_flush(const struct vnicx_xdp_run *run)
{
	if (run->count[VNICX_XDP_REDIRECT] ||
	    run->count[VNICX_XDP_REDIRECT_ERROR])
		xdp_do_flush();
}

/* Tell whether the program has chosen an AF_XDP socket. */
static inline bool vnicx_xdp_is_for_socket(void)
{
	return bpf_net_ctx_get_ri()->map_type == BPF_MAP_TYPE_XSKMAP;
}

/**
 * vnicx_xdp_redirect() - have the core take a frame to where the program said
 * @run: the round, which counts
 * @xdp: the frame; consumed if the core takes it
 *
 * Return: whether it does
 */
static inline bool vnicx_xdp_redirect(struct vnicx_xdp_run *run,
				      struct xdp_buff *xdp)
{
	struct net_device *dev = run->queue->vnic->port.dev;
	bool taken = !xdp_do_redirect(dev, xdp, run->prog);

	run->count[likely(taken) ? VNICX_XDP_REDIRECT :
				   VNICX_XDP_REDIRECT_ERROR]++;
	return taken;
}

/* direct.c */
u32 vnicx_direct_send(struct vnicx_direct *direct, struct xsk_buff_pool *pool,
		      const struct xdp_desc *desc, u32 nr, u32 id);
void vnicx_direct_end(struct vnicx_direct *direct);

/* meta.c */
void vnicx_meta_setup(struct net_device *dev);

/* queue.c */
void vnicx_xdp_count(const struct vnicx_xdp_run *run);

/* run.c */
void *vnicx_xdp_alloc(unsigned int *size);
void vnicx_xdp_act(struct vnicx_xdp_run *run, struct xdp_buff *xdp,
		   struct sk_buff *skb, bool checked, u32 act);
int vnicx_xdp_receive(struct vnicx_xdp_run *run, struct sk_buff *skb);

/* xsk.c */
int vnicx_xsk_setup(struct vnicx_vnic *vnic, struct xsk_buff_pool *pool, u16 id);
void vnicx_xsk_attach(struct vnicx_vnic *vnic, struct vnicx_xdp_queue *queue,
		      u32 id);

/* xmit.c */
bool vnicx_xdp_send(struct vnicx_vnic *vnic, struct sk_buff *skb);

#endif /* _VNICX_XDP_H */
