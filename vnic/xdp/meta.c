// SPDX-License-Identifier: GPL-2.0
/*
 * XDP RX metadata: an XDP program that is bound to its vNIC can ask for a frame's hash and
 * timestamp.
 *
 * The switch does not strip VLAN tags before a program: the outermost tag is in the frame,
 * and there is none to ask for. A frame that went from one AF_XDP socket to another
 * without an skb has neither a hash nor a timestamp.
 */
#include <linux/skbuff.h>

#include "xdp.h"

/* The frame whose copy the program has, or NULL. The copy may be in a socket's memory,
 * so its RX queue is found by number.
 */
static struct sk_buff *vnicx_meta_skb(const struct xdp_md *ctx)
{
	const struct xdp_buff *xdp = (const void *)ctx;
	const struct vnicx_vnic *vnic = netdev_priv(xdp->rxq->dev);

	return vnic->xdp->queue[xdp->rxq->queue_index].skb;
}

static int vnicx_meta_timestamp(const struct xdp_md *ctx, u64 *timestamp)
{
	struct sk_buff *skb = vnicx_meta_skb(ctx);

	/* A driver may have put a pointer into the frame's buffer there instead. */
	if (!skb || skb_shinfo(skb)->tx_flags & SKBTX_HW_TSTAMP_NETDEV ||
	    !skb_hwtstamps(skb)->hwtstamp)
		return -ENODATA;
	*timestamp = ktime_to_ns(skb_hwtstamps(skb)->hwtstamp);
	return 0;
}

static int vnicx_meta_hash(const struct xdp_md *ctx, u32 *hash,
			   enum xdp_rss_hash_type *rss_type)
{
	struct sk_buff *skb = vnicx_meta_skb(ctx);

	if (!skb)
		return -ENODATA;
	/* Its sender may have left it anywhere, and the hash is computed from there. */
	skb_set_network_header(skb, ETH_HLEN);
	*hash = skb_get_hash(skb);
	*rss_type = skb->l4_hash ? XDP_RSS_TYPE_L4_ANY : XDP_RSS_TYPE_NONE;
	return 0;
}

static const struct xdp_metadata_ops vnicx_meta_ops = {
	.xmo_rx_timestamp = vnicx_meta_timestamp,
	.xmo_rx_hash = vnicx_meta_hash,
};

/**
 * vnicx_meta_setup() - let XDP programs ask a vNIC about frames
 * @dev: the vNIC, before it is registered
 */
void vnicx_meta_setup(struct net_device *dev)
{
	netdev_set_xdp_metadata_ops(dev, &vnicx_meta_ops);
}
