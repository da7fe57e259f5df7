// SPDX-License-Identifier: GPL-2.0
/*
 * Programs of the administrator that decide on a port's frames: those of
 * classifiers (BPF_PROG_TYPE_SCHED_CLS), which see frames as tc's do.
 */
#include <linux/filter.h>
#include <linux/pkt_cls.h>
#include <net/sch_generic.h>

#include "../internal.h"
#include "bpf.h"

/* Run a program on a frame in transmit form. */
static int vnicx_bpf_run(const struct bpf_prog *prog, struct sk_buff *skb)
{
	struct bpf_net_context own, *context = bpf_net_ctx_set(&own);
	int verdict;

	/* It may read and write this, and finds no other program's data there. */
	memset(skb->cb, 0, sizeof(skb->cb));
	bpf_compute_data_pointers(skb);
	verdict = bpf_prog_run(prog, skb);
	bpf_net_ctx_clear(context);
	return verdict;
}

/**
 * vnicx_bpf_passes() - ask a program whether a frame passes
 * @prog: the program, which may change the frame
 * @port: the port that sends or receives the frame
 * @skb: the frame, in transmit or receive form, its MAC header set
 *
 * A program decides and changes headers; it neither redirects a frame nor keeps
 * it.
 *
 * Context: RCU read side, bottom halves disabled.
 * Return: whether the program let it pass
 */
bool vnicx_bpf_passes(const struct bpf_prog *prog,
		      const struct vnicx_port *port, struct sk_buff *skb)
{
	struct net_device *dev = skb->dev;
	int offset = skb_mac_offset(skb);
	int verdict;

	skb->dev = port->dev;
	vnicx_set_protocol(skb, eth_hdr(skb));
	__skb_push(skb, -offset);
	verdict = vnicx_bpf_run(prog, skb);
	/* The program may have moved the header. */
	if (unlikely(!pskb_may_pull(skb, ETH_HLEN)))
		return false;
	skb_reset_mac_header(skb);
	__skb_pull(skb, -offset);
	skb->dev = dev;
	return verdict == TC_ACT_UNSPEC || verdict == TC_ACT_OK ||
	       verdict == TC_ACT_PIPE;
}
