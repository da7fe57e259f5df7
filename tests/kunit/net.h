/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A switch with devices that are registered and up, so that frames run their
 * whole course. A frame that a device would send or a stack would receive ends in a
 * queue, where the test looks at it, and which is emptied after the test.
 */
#ifndef _VNICX_KUNIT_NET_H
#define _VNICX_KUNIT_NET_H

#include "fixture.h"

/* Sent out by no protocol of the kernel (IEEE 802 local experimental) */
#define VNICX_TEST_PROTO	ETH_P_802_EX1

/**
 * struct vnicx_test_vnic - what a vNIC's device carries
 * @port: its port
 * @rx: the frames its stack received
 * @ring: the frames it took in the sender's context
 * @room: how many that may be; 0 while nobody reads it
 */
struct vnicx_test_vnic {
	struct vnicx_port port;
	struct sk_buff_head rx;
	struct sk_buff_head ring;
	unsigned int room;
};

/**
 * struct vnicx_test_net - a lower device and the vNICs over it
 * @sw: the switch
 * @lower: the lower device
 * @vnic: the vNICs, up, with the addresses of their numbers
 * @nr_vnics: how many
 * @xmit: what the lower device's ndo_start_xmit() returns
 * @depth: how many transmit calls its last one was in, itself as well
 * @wire: the frames the lower device sent
 * @host: the frames its stack received by way of the queue
 * @returned: the frames vnicx_receive() gave back to the lower device
 * @walk: decides about frames from the wire
 */
struct vnicx_test_net {
	struct vnicx_switch *sw;
	struct net_device *lower;
	struct vnicx_test_vnic **vnic;
	unsigned int nr_vnics;
	netdev_tx_t xmit;
	int depth;
	struct sk_buff_head wire;
	struct sk_buff_head host;
	struct sk_buff_head returned;
	enum vnicx_verdict (*walk)(struct vnicx_switch *sw, struct sk_buff **pskb);
};

/**
 * struct vnicx_test_walk - a way to decide about frames from the wire
 * @desc: its name
 * @walk: the function
 */
struct vnicx_test_walk {
	const char *desc;
	enum vnicx_verdict (*walk)(struct vnicx_switch *sw, struct sk_buff **pskb);
};

/* For KUNIT_CASE_PARAM(): the walks decide alike. */
extern const struct vnicx_test_walk vnicx_test_walks[2];

void vnicx_test_set_walk(struct kunit *test, struct vnicx_test_net *net);
struct vnicx_test_net *vnicx_test_net(struct kunit *test, unsigned int nr_vnics);
void vnicx_test_net_destroy(struct kunit *test, struct vnicx_test_net *net);
struct sk_buff_head *vnicx_test_ring(struct vnicx_test_net *net, unsigned int i,
				     unsigned int room);

struct sk_buff *vnicx_test_frame(struct kunit *test, const u8 *dest,
				 unsigned int src, unsigned int len);
struct sk_buff *vnicx_test_frame_to(struct kunit *test, unsigned int dest,
				    unsigned int src, unsigned int len);
struct sk_buff *vnicx_test_witness(struct kunit *test, struct sk_buff *skb);

enum vnicx_verdict vnicx_test_send(struct vnicx_test_net *net, unsigned int from,
				   struct sk_buff *skb);
enum vnicx_verdict vnicx_test_receive(struct vnicx_test_net *net,
				      struct sk_buff *skb);

void vnicx_test_purge(struct vnicx_test_net *net);
void vnicx_test_down(struct vnicx_test_net *net, unsigned int i);

/* Wait until the flood worker, which queues itself again, has nothing left. */
static inline void vnicx_test_flush_worker(struct vnicx_test_net *net)
{
	while (flush_work(&net->sw->flood.work))
		;
}

struct sk_buff *vnicx_test_only(struct kunit *test, struct sk_buff_head *queue);
void vnicx_test_expect_rx(struct kunit *test, struct vnicx_test_net *net,
			  unsigned long vnics);
void vnicx_test_expect_out(struct kunit *test, struct vnicx_test_net *net,
			   unsigned int wire, unsigned int host);

#endif /* _VNICX_KUNIT_NET_H */
