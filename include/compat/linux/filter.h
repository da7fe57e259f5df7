/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _COMPAT_LINUX_FILTER_H
#define _COMPAT_LINUX_FILTER_H

#include_next <linux/filter.h>

#ifndef COMPAT_HAS_BPF_NET_CONTEXT
struct bpf_net_context {
};

static inline struct bpf_net_context *
bpf_net_ctx_set(struct bpf_net_context *context)
{
	return NULL;
}

static inline void bpf_net_ctx_clear(struct bpf_net_context *context)
{
}

static inline struct bpf_redirect_info *bpf_net_ctx_get_ri(void)
{
	return this_cpu_ptr(&bpf_redirect_info);
}
#endif

#endif /* _COMPAT_LINUX_FILTER_H */
