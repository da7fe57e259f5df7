// SPDX-License-Identifier: GPL-2.0
/*
 * Frames that XDP programs have a vNIC send: its own program's, and those that
 * the program of another device redirects to it.
 *
 * They leave as the vNIC's transmit would have them leave: on the switch, by the
 * vNIC's policy, and past the queueing discipline.
 */
#include <linux/etherdevice.h>
#include <linux/filter.h>

#include "xdp.h"

/**
 * vnicx_xdp_send() - send a frame of an XDP program from a vNIC
 * @vnic: the vNIC
 * @skb: the frame, as eth_type_trans() leaves it; consumed
 *
 * Context: bottom halves disabled.
 * Return: whether the frame left
 */
bool vnicx_xdp_send(struct vnicx_vnic *vnic, struct sk_buff *skb)
{
	skb->pkt_type = PACKET_HOST;
	skb_reset_network_header(skb);
	__skb_push(skb, ETH_HLEN);
	return vnicx_send(&vnic->port, skb) != VNICX_DROPPED;
}

/**
 * vnicx_ndo_xdp_xmit() - send frames that XDP programs redirect to a vNIC
 * @dev: the vNIC
 * @n: number of frames
 * @frames: the frames; those that are sent or dropped by the policy are consumed
 * @flags: XDP_XMIT_*
 *
 * Implements ndo_xdp_xmit. No frame waits, so there is nothing to flush.
 *
 * Context: bottom halves disabled.
 * Return: number of frames consumed, the first ones, or -EINVAL or -ENETDOWN
 */
int vnicx_ndo_xdp_xmit(struct net_device *dev, int n, struct xdp_frame **frames,
		       u32 flags)
{
	struct vnicx_vnic *vnic = netdev_priv(dev);
	int i, sent = 0;

	if (unlikely(flags & ~XDP_XMIT_FLAGS_MASK))
		return -EINVAL;
	if (unlikely(!vnicx_xdp_has_link(vnic)))
		return -ENETDOWN;
	for (i = 0; i < n; i++) {
		struct sk_buff *skb = xdp_build_skb_from_frame(frames[i], dev);

		if (unlikely(!skb))
			break;
		sent += vnicx_xdp_send(vnic, skb);
	}
	atomic_long_add(sent, &vnic->xdp_count[VNICX_XDP_XMIT]);
	if (unlikely(sent < n))
		atomic_long_add(n - sent,
				&vnic->xdp_count[VNICX_XDP_XMIT_ERROR]);
	return i;
}
