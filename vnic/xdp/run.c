// SPDX-License-Identifier: GPL-2.0
/*
 * A vNIC's XDP program decides on one frame.
 *
 * A driver's program finds a frame in a buffer of its own, with room before and
 * behind it, as it came from the wire: no longer than the MTU, its VLAN tag in
 * it, its checksum complete. On a switch frames are shared with captures, lie in
 * several pieces, are super-frames and lack their checksum. So the program gets
 * a copy, and the frame itself is kept for what it tells the stack beside its
 * data, until the program has decided.
 *
 * The copy is in the memory of the zero-copy AF_XDP socket of the RX queue, if there
 * is one: a program that redirects the frame there makes no further copy.
 */
#include <linux/bpf_trace.h>
#include <linux/etherdevice.h>
#include <linux/filter.h>
#include <linux/if_vlan.h>
#include <net/gso.h>
#include <net/xdp_sock_drv.h>

#include "xdp.h"

#define VNICX_XDP_HEADROOM	(XDP_PACKET_HEADROOM + NET_IP_ALIGN)
/* A program may let a frame grow by this at least. */
#define VNICX_XDP_TAILROOM	128

static void vnicx_xdp_drop(struct vnicx_xdp_run *run, struct sk_buff *skb,
			   enum skb_drop_reason reason)
{
	if (reason == SKB_DROP_REASON_XDP)
		run->count[VNICX_XDP_DROP]++;
	else
		vnicx_port_inc(&run->queue->vnic->port, VNICX_RX_DROPPED);
	kfree_skb_reason(skb, reason);
}

/**
 * vnicx_xdp_alloc() - get memory for a frame
 * @size: how many bytes; becomes more if there are more
 *
 * Context: bottom halves disabled.
 * Return: what page_frag_free() and xdp_return_frame() can free, or NULL
 */
void *vnicx_xdp_alloc(unsigned int *size)
{
	unsigned int order = get_order(*size);
	struct page *page;

	if (likely(!order))
		return napi_alloc_frag(*size);
	page = alloc_pages(GFP_ATOMIC | __GFP_COMP | __GFP_NOWARN, order);
	if (!page)
		return NULL;
	*size = PAGE_SIZE << order;
	return page_address(page);
}

/* Copy a frame, with its tag where it has been on the wire. */
static int vnicx_xdp_copy(const struct sk_buff *skb, u8 *to)
{
	struct vlan_ethhdr *eth = (struct vlan_ethhdr *)to;

	if (likely(!skb_vlan_tag_present(skb)))
		return skb_copy_bits(skb, 0, to, skb->len);
	eth->h_vlan_proto = skb->vlan_proto;
	eth->h_vlan_TCI = htons(skb_vlan_tag_get(skb));
	return skb_copy_bits(skb, 0, to, 2 * ETH_ALEN) ?:
	       skb_copy_bits(skb, 2 * ETH_ALEN, to + VLAN_ETH_HLEN - ETH_TLEN,
			     skb->len - 2 * ETH_ALEN);
}

/* Get memory for a copy of @len bytes with room around it. */
static struct xdp_buff *vnicx_xdp_prepare(struct vnicx_xdp_queue *queue,
					  struct xdp_buff *xdp, unsigned int len)
{
	unsigned int size;
	void *start;

	size = SKB_DATA_ALIGN(VNICX_XDP_HEADROOM + len + VNICX_XDP_TAILROOM) +
	       SKB_DATA_ALIGN(sizeof(struct skb_shared_info));
	start = vnicx_xdp_alloc(&size);
	if (unlikely(!start))
		return NULL;
	xdp_init_buff(xdp, size, &queue->rxq);
	xdp_prepare_buff(xdp, start, VNICX_XDP_HEADROOM, len, true);
	return xdp;
}

/* The same in the memory of a socket, if it has given enough. */
static struct xdp_buff *vnicx_xdp_prepare_xsk(struct vnicx_xdp_run *run,
					      unsigned int len)
{
	struct xdp_buff *xdp = NULL;

	if (likely(len <= xsk_pool_get_rx_frame_size(run->pool)))
		xdp = xsk_buff_alloc(run->pool);
	if (likely(xdp)) {
		xsk_buff_set_size(xdp, len);
		run->count[VNICX_XSK_RX]++;
	} else {
		run->count[VNICX_XSK_RX_ERROR]++;
	}
	return xdp;
}

static bool vnicx_xdp_is_xsk(const struct xdp_buff *xdp)
{
	return xdp->rxq->mem.type == MEM_TYPE_XSK_BUFF_POOL;
}

static void vnicx_xdp_free(struct xdp_buff *xdp)
{
	if (unlikely(vnicx_xdp_is_xsk(xdp)))
		xsk_buff_free(xdp);
	else
		page_frag_free(xdp->data_hard_start);
}

/* Copy a frame for the program, to a socket's memory or to @own. A socket that has
 * given no memory does not keep frames from the stack: the core drops those that
 * the program redirects to it.
 */
static struct xdp_buff *vnicx_xdp_load(struct vnicx_xdp_run *run,
				       struct xdp_buff *own,
				       const struct sk_buff *skb)
{
	unsigned int len = skb->len;
	struct xdp_buff *xdp = NULL;

	if (unlikely(skb_vlan_tag_present(skb)))
		len += VLAN_HLEN;
	if (unlikely(run->pool))
		xdp = vnicx_xdp_prepare_xsk(run, len);
	if (!xdp)
		xdp = vnicx_xdp_prepare(run->queue, own, len);
	if (unlikely(!xdp))
		return NULL;
	if (likely(!vnicx_xdp_copy(skb, xdp->data)))
		return xdp;
	vnicx_xdp_free(xdp);
	return NULL;
}

/* Take a frame, and the metadata before it, out of a socket's memory. */
static bool vnicx_xdp_leave_xsk(struct vnicx_xdp_queue *queue,
				struct xdp_buff *xdp, struct xdp_buff *own)
{
	unsigned int meta = xdp->data - xdp->data_meta;
	bool done;

	done = vnicx_xdp_prepare(queue, own, xdp->data_end - xdp->data);
	if (likely(done)) {
		own->data_meta = own->data - meta;
		memcpy(own->data_meta, xdp->data_meta,
		       xdp->data_end - xdp->data_meta);
	}
	xsk_buff_free(xdp);
	return done;
}

/* Make an skb of a copy, skb->data where the frame begins. */
static struct sk_buff *vnicx_xdp_build(struct vnicx_xdp_queue *queue,
				       struct xdp_buff *xdp)
{
	struct xdp_buff own;
	struct sk_buff *skb;

	if (unlikely(vnicx_xdp_is_xsk(xdp))) {
		if (unlikely(!vnicx_xdp_leave_xsk(queue, xdp, &own)))
			return NULL;
		xdp = &own;
	}
	skb = napi_build_skb(xdp->data_hard_start, xdp->frame_sz);
	if (unlikely(!skb)) {
		page_frag_free(xdp->data_hard_start);
		return NULL;
	}
	skb_reserve(skb, xdp->data - xdp->data_hard_start);
	__skb_put(skb, xdp->data_end - xdp->data);
	return skb;
}

/* Take over what is not in the data of the frame that came. */
static void vnicx_xdp_inherit(struct sk_buff *copy, struct sk_buff *skb,
			      bool checked)
{
	skb_copy_header(copy, skb);
	/* A driver may have put a pointer into the frame's buffer there instead. */
	if (!(skb_shinfo(skb)->tx_flags & SKBTX_HW_TSTAMP_NETDEV))
		*skb_hwtstamps(copy) = *skb_hwtstamps(skb);
	__vlan_hwaccel_clear_tag(copy);
	copy->encapsulation = 0;
	copy->csum_level = 0;
	if (checked)
		copy->ip_summed = CHECKSUM_UNNECESSARY;
	else if (copy->ip_summed == CHECKSUM_COMPLETE)
		copy->ip_summed = CHECKSUM_NONE;
	if (!ether_addr_equal(copy->data, skb->data))
		copy->pkt_type = PACKET_HOST;
}

/* Hand a frame that the program lets pass to the stack. */
static void vnicx_xdp_pass(struct vnicx_xdp_run *run, struct xdp_buff *xdp,
			   struct sk_buff *skb, bool checked)
{
	struct net_device *dev = run->queue->vnic->port.dev;
	unsigned int meta = xdp->data - xdp->data_meta;
	struct sk_buff *copy = vnicx_xdp_build(run->queue, xdp);

	if (unlikely(!copy)) {
		vnicx_xdp_drop(run, skb, SKB_DROP_REASON_NOMEM);
		return;
	}
	if (skb)
		vnicx_xdp_inherit(copy, skb, checked);
	else if (unlikely(dev->real_num_rx_queues > 1))
		skb_record_rx_queue(copy, run->queue->rxq.queue_index);
	copy->protocol = eth_type_trans(copy, dev);
	if (meta)
		skb_metadata_set(copy, meta);
	consume_skb(skb);
	napi_gro_receive(&run->queue->napi, copy);
}

/* Have the vNIC send a frame, as it would send its own. */
static void vnicx_xdp_transmit(struct vnicx_xdp_run *run, struct xdp_buff *xdp,
			       struct sk_buff *skb)
{
	struct net_device *dev = run->queue->vnic->port.dev;
	struct sk_buff *copy = vnicx_xdp_build(run->queue, xdp);

	consume_skb(skb);
	if (unlikely(!copy))
		trace_xdp_exception(dev, run->prog, XDP_TX);
	else
		copy->protocol = eth_type_trans(copy, dev);
	if (likely(copy) && unlikely(!vnicx_xdp_has_link(run->queue->vnic))) {
		kfree_skb_reason(copy, SKB_DROP_REASON_DEV_READY);
		copy = NULL;
	}
	if (likely(copy) && likely(vnicx_xdp_send(run->queue->vnic, copy)))
		run->count[VNICX_XDP_TX]++;
	else
		run->count[VNICX_XDP_TX_ERROR]++;
}

/* A frame for a device leaves a socket's memory before. The core would move it, too,
 * and lose the page when the device does not take the frame.
 */
static void vnicx_xdp_redirect_on(struct vnicx_xdp_run *run,
				  struct xdp_buff *xdp)
{
	struct xdp_buff own;

	if (vnicx_xdp_is_xsk(xdp) && !vnicx_xdp_is_for_socket()) {
		if (unlikely(!vnicx_xdp_leave_xsk(run->queue, xdp, &own))) {
			run->count[VNICX_XDP_REDIRECT_ERROR]++;
			return;
		}
		xdp = &own;
	}
	if (unlikely(!vnicx_xdp_redirect(run, xdp)))
		vnicx_xdp_free(xdp);
}

/**
 * vnicx_xdp_act() - do with the copy of a frame what a vNIC's XDP program said
 * @run: the queue's round, which counts
 * @xdp: the copy; consumed
 * @skb: the frame, skb->data at its Ethernet header; consumed. NULL if the copy is
 *	all that there is
 * @checked: the frame's checksum is good
 * @act: what the program said
 *
 * Context: the queue's NAPI instance is the caller's, RCU read side. Before that ends,
 * the caller calls vnicx_xdp_flush().
 */
void vnicx_xdp_act(struct vnicx_xdp_run *run, struct xdp_buff *xdp,
		   struct sk_buff *skb, bool checked, u32 act)
{
	struct net_device *dev = run->queue->vnic->port.dev;

	switch (act) {
	case XDP_PASS:
		vnicx_xdp_pass(run, xdp, skb, checked);
		return;
	case XDP_TX:
		vnicx_xdp_transmit(run, xdp, skb);
		return;
	case XDP_REDIRECT:
		consume_skb(skb);
		vnicx_xdp_redirect_on(run, xdp);
		return;
	default:
		bpf_warn_invalid_xdp_action(dev, run->prog, act);
		fallthrough;
	case XDP_ABORTED:
		trace_xdp_exception(dev, run->prog, act);
		fallthrough;
	case XDP_DROP:
		vnicx_xdp_free(xdp);
		vnicx_xdp_drop(run, skb, SKB_DROP_REASON_XDP);
		return;
	}
}

/* Have the program decide on a frame, skb->data at its Ethernet header. */
static void vnicx_xdp_decide(struct vnicx_xdp_run *run, struct sk_buff *skb,
			     bool checked)
{
	struct xdp_buff own, *xdp;
	u32 act;

	if (skb->ip_summed == CHECKSUM_PARTIAL) {
		if (unlikely(skb_csum_hwoffload_help(skb, 0))) {
			vnicx_xdp_drop(run, skb, SKB_DROP_REASON_NOMEM);
			return;
		}
		checked = true;
	}
	xdp = vnicx_xdp_load(run, &own, skb);
	if (unlikely(!xdp)) {
		vnicx_xdp_drop(run, skb, SKB_DROP_REASON_NOMEM);
		return;
	}
	run->queue->skb = skb;
	act = bpf_prog_run_xdp(run->prog, xdp);
	run->queue->skb = NULL;
	vnicx_xdp_act(run, xdp, skb, checked, act);
}

/* Have the program decide on each segment of a super-frame. Returns how many there
 * were: its sender may have cut it into thousands.
 */
static noinline int vnicx_xdp_decide_segments(struct vnicx_xdp_run *run,
					      struct sk_buff *skb)
{
	bool checked = skb->ip_summed == CHECKSUM_PARTIAL;
	struct sk_buff *segs, *next;
	int n = 0;

	segs = __skb_gso_segment(skb, NETIF_F_SG, false);
	if (IS_ERR_OR_NULL(segs)) {
		vnicx_xdp_drop(run, skb, SKB_DROP_REASON_NOMEM);
		return 1;
	}
	consume_skb(skb);
	skb_list_walk_safe(segs, skb, next) {
		skb_mark_not_on_list(skb);
		vnicx_xdp_decide(run, skb, checked);
		n++;
	}
	return n;
}

/**
 * vnicx_xdp_receive() - have a vNIC's XDP program decide on a frame
 * @run: the queue's round, which counts
 * @skb: the frame, in receive form; consumed
 *
 * Context: NAPI, RCU read side. Before that ends, the caller calls vnicx_xdp_flush().
 * Return: how many frames the program decided on, to count against the budget: the
 * segments of a super-frame are one each
 */
int vnicx_xdp_receive(struct vnicx_xdp_run *run, struct sk_buff *skb)
{
	__skb_push(skb, -skb_mac_offset(skb));
	if (unlikely(skb_is_gso(skb)))
		return vnicx_xdp_decide_segments(run, skb);
	vnicx_xdp_decide(run, skb, false);
	return 1;
}
