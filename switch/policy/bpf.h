/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Programs of the administrator that decide on a port's frames.
 */
#ifndef _VNICX_POLICY_BPF_H
#define _VNICX_POLICY_BPF_H

#include <linux/skbuff.h>

struct bpf_prog;
struct vnicx_port;

/* policy/bpf.c */
bool vnicx_bpf_passes(const struct bpf_prog *prog,
		      const struct vnicx_port *port, struct sk_buff *skb);

#endif /* _VNICX_POLICY_BPF_H */
