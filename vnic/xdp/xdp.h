/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Declarations that the files of vnic/xdp/ share.
 */
#ifndef _VNICX_XDP_H
#define _VNICX_XDP_H

#include <linux/ptr_ring.h>
#include <net/xdp.h>

#include "../vnic.h"

/**
 * struct vnicx_xdp_queue - frames of one RX queue that wait for the XDP program
 * @napi: runs the program, on one CPU at a time: an AF_XDP socket belongs to an
 *	RX queue and is no place for two
 * @rxq: the RX queue, as the program sees it
 * @vnic: whose queue it is
 * @ring: the frames, in receive form
 */
struct vnicx_xdp_queue {
	struct napi_struct napi;
	struct xdp_rxq_info rxq;
	struct vnicx_vnic *vnic;
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
 * @count: what became of the frames
 */
struct vnicx_xdp_run {
	struct vnicx_xdp_queue *queue;
	struct bpf_prog *prog;
	u32 count[VNICX_NR_XDP];
};

/* run.c */
void vnicx_xdp_receive(struct vnicx_xdp_run *run, struct sk_buff *skb);

/* xmit.c */
bool vnicx_xdp_send(struct vnicx_vnic *vnic, struct sk_buff *skb);

#endif /* _VNICX_XDP_H */
