/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _COMPAT_LINUX_FILTER_H
#define _COMPAT_LINUX_FILTER_H

#include_next <linux/filter.h>
#include <linux/netdevice.h>
#include <net/xdp.h>

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

/* In older kernels, XDP programs cannot ask a driver about a frame. The kernel's list of
 * what they can ask is a macro.
 */
#ifdef XDP_METADATA_KFUNC_xxx

static inline void
netdev_set_xdp_metadata_ops(struct net_device *dev,
			    const struct xdp_metadata_ops *ops)
{
	dev->xdp_metadata_ops = ops;
}

#else

enum xdp_rss_hash_type {
	XDP_RSS_TYPE_NONE,
	XDP_RSS_TYPE_L4_ANY,
};

struct xdp_metadata_ops {
	int (*xmo_rx_timestamp)(const struct xdp_md *ctx, u64 *timestamp);
	int (*xmo_rx_hash)(const struct xdp_md *ctx, u32 *hash,
			   enum xdp_rss_hash_type *rss_type);
};

static inline void
netdev_set_xdp_metadata_ops(struct net_device *dev,
			    const struct xdp_metadata_ops *ops)
{
}

#endif

#endif /* _COMPAT_LINUX_FILTER_H */
