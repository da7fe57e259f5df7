// SPDX-License-Identifier: GPL-2.0
/*
 * A frame on its way into the queue of a character device: what the tap library
 * would hand over unfinished, or segment without counting, is done here.
 */
#include <linux/if_tap.h>
#include <linux/if_tun.h>
#include <net/gso.h>

#include "../vnic.h"
#include "tap.h"

/* Forms that a segment may have */
#define TAP_SEGMENT	(NETIF_F_SG | NETIF_F_FRAGLIST)

static void vnicx_tap_count_dropped(struct tap_dev *tap,
				    enum vnicx_counter counter)
{
	struct vnicx_tap *vt = container_of(tap, struct vnicx_tap, tap);

	local_bh_disable();
	vnicx_port_inc(&vt->vnic.port, counter);
	local_bh_enable();
}

/**
 * vnicx_tap_count_tx_dropped() - count a frame from the reader that is dropped
 * @tap: the tap library's part of the vNIC
 *
 * Context: process.
 */
void vnicx_tap_count_tx_dropped(struct tap_dev *tap)
{
	vnicx_tap_count_dropped(tap, VNICX_TX_DROPPED);
}

static void vnicx_tap_count_rx_dropped(struct tap_dev *tap)
{
	vnicx_tap_count_dropped(tap, VNICX_RX_DROPPED);
}

/**
 * vnicx_tap_count_rx_overflow() - count a frame that the library drops
 * @tap: the tap library's part of the vNIC
 *
 * The library drops frames because the queue is full, and hardly ever because
 * there is no memory for segments or a checksum.
 *
 * Context: any but hard interrupts.
 */
void vnicx_tap_count_rx_overflow(struct tap_dev *tap)
{
	struct vnicx_tap *vt = container_of(tap, struct vnicx_tap, tap);

	atomic_long_inc(&vt->vnic.port.rx_overflow);
	vnicx_tap_count_rx_dropped(tap);
}

/* Tell whether the tap library would hand a frame to its reader unfinished: it
 * takes a CRC32c for an internet checksum, forgets the checksum of a tunnel's
 * header when it segments a super-frame, and passes more bytes than a reader
 * has room for, or than a header can tell of.
 */
static bool vnicx_tap_is_unfinished(struct sk_buff *skb)
{
	const unsigned int tunnels = SKB_GSO_UDP_TUNNEL_CSUM | SKB_GSO_GRE_CSUM;

	if (unlikely(skb_csum_is_sctp(skb)))
		return skb->ip_summed == CHECKSUM_PARTIAL;
	return skb_is_gso(skb) &&
	       unlikely(skb->len > GSO_LEGACY_MAX_SIZE ||
			skb_shinfo(skb)->gso_type & tunnels);
}

/* Tell whether the tap library would segment a super-frame, because the reader
 * accepts none of its kind. It counts no segment that finds the queue full. Queues
 * without virtio headers accept none; the first one speaks for all.
 */
static bool vnicx_tap_is_cut(const struct tap_dev *tap, struct sk_buff *skb)
{
	const struct tap_queue *q = rcu_dereference(tap->taps[0]);
	netdev_features_t features = TAP_SEGMENT;

	if (q && READ_ONCE(q->flags) & IFF_VNET_HDR)
		features |= READ_ONCE(tap->tap_features);
	return !skb_gso_ok(skb, features | NETIF_F_GSO_ROBUST);
}

/* Segment a super-frame, consumed, and give the segments to the library.
 * @features tells what it may be left to finish.
 */
static void vnicx_tap_take_pieces(struct tap_dev *tap, struct sk_buff *skb,
				  netdev_features_t features)
{
	struct sk_buff *segs, *next;

	__skb_push(skb, ETH_HLEN);
	segs = __skb_gso_segment(skb, features, false);
	if (IS_ERR_OR_NULL(segs)) {
		vnicx_tap_count_rx_dropped(tap);
		kfree_skb_reason(skb, SKB_DROP_REASON_SKB_GSO_SEG);
		return;
	}
	consume_skb(skb);

	skb_list_walk_safe(segs, skb, next) {
		skb_mark_not_on_list(skb);
		if (skb->ip_summed == CHECKSUM_PARTIAL &&
		    !(features & NETIF_F_HW_CSUM) && skb_checksum_help(skb)) {
			vnicx_tap_count_rx_dropped(tap);
			kfree_skb_reason(skb, SKB_DROP_REASON_SKB_CSUM);
			continue;
		}
		skb_reset_mac_header(skb);
		__skb_pull(skb, ETH_HLEN);
		/* The reader may have closed the last queue meanwhile. */
		if (tap_handle_frame(&skb) != RX_HANDLER_CONSUMED) {
			vnicx_tap_count_rx_dropped(tap);
			kfree_skb_reason(skb, SKB_DROP_REASON_FULL_RING);
		}
	}
}

/* Do what the library would not, with a copy where others share the frame. */
static noinline rx_handler_result_t
vnicx_tap_finish_frame(struct sk_buff **pskb, struct tap_dev *tap,
		       netdev_features_t features)
{
	struct sk_buff *skb = *pskb;

	/* Nobody reads: the frame goes to the stack, as it is. */
	if (!READ_ONCE(tap->numvtaps))
		return RX_HANDLER_PASS;

	skb = skb_share_check(skb, GFP_ATOMIC);
	if (unlikely(!skb)) {
		vnicx_tap_count_rx_dropped(tap);
		return RX_HANDLER_CONSUMED;
	}
	*pskb = skb;
	/* Segmentation computes the CRCs as well. */
	if (skb_is_gso(skb)) {
		vnicx_tap_take_pieces(tap, skb, features);
		return RX_HANDLER_CONSUMED;
	}
	if (skb_crc32c_csum_help(skb)) {
		vnicx_tap_count_rx_dropped(tap);
		kfree_skb_reason(skb, SKB_DROP_REASON_SKB_CSUM);
		return RX_HANDLER_CONSUMED;
	}
	return tap_handle_frame(pskb);
}

/**
 * vnicx_tap_handle_frame() - put a frame into the queue of a character device
 * @pskb: the frame, which segmentation may replace
 *
 * The receive handler of a vNIC with a character device. The switch calls it past
 * the core, so that the handler may be gone already, and its data with it: from
 * each of several vNICs, vnicx_tap_dellink() takes it before the first goes down.
 *
 * Context: RCU read side, bottom halves off.
 * Return: RX_HANDLER_PASS when nobody reads, or RX_HANDLER_CONSUMED
 */
rx_handler_result_t vnicx_tap_handle_frame(struct sk_buff **pskb)
{
	struct sk_buff *skb = *pskb;
	struct tap_dev *tap = rcu_dereference(skb->dev->rx_handler_data);

	if (unlikely(!tap))
		return RX_HANDLER_PASS;
	if (unlikely(vnicx_tap_is_unfinished(skb)))
		return vnicx_tap_finish_frame(pskb, tap, TAP_SEGMENT);
	if (skb_is_gso(skb) && unlikely(vnicx_tap_is_cut(tap, skb)))
		return vnicx_tap_finish_frame(pskb, tap, TAP_SEGMENT |
					      (READ_ONCE(tap->tap_features) &
					       NETIF_F_HW_CSUM));
	return tap_handle_frame(pskb);
}
