/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Tracepoints: the switch's decision about a frame, and the fate of a frame
 * that is for the flood worker. Each costs a no-op while it is off.
 * docs/debugging.md shows how to read them.
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM vnicx

#if !defined(_VNICX_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define _VNICX_TRACE_H

#include <linux/etherdevice.h>
#include <linux/tracepoint.h>

#include "internal.h"

#ifndef _VNICX_TRACE_ONCE
#define _VNICX_TRACE_ONCE

/**
 * enum vnicx_decision - the switch's decision about a frame
 * @VNICX_DECIDE_PORT: it is for one port
 * @VNICX_DECIDE_ON: it takes its default path: a vNIC's to the wire, the host's
 *	to the driver, the wire's to the lower device's own stack
 * @VNICX_DECIDE_FLOOD: it is flooded; the default path may follow
 * @VNICX_DECIDE_DROP: it is dropped
 */
enum vnicx_decision {
	VNICX_DECIDE_PORT,
	VNICX_DECIDE_ON,
	VNICX_DECIDE_FLOOD,
	VNICX_DECIDE_DROP,
};

#endif

#define vnicx_show_kind(kind)						\
	__print_symbolic(kind,						\
			 { VNICX_PORT_VNIC,	"vnic" },		\
			 { VNICX_PORT_UPLINK,	"wire" },		\
			 { VNICX_PORT_HOST,	"host" })

#define vnicx_show_class(class)						\
	__print_symbolic(class,						\
			 { VNICX_UNICAST,	"unicast" },		\
			 { VNICX_BROADCAST,	"broadcast" },		\
			 { VNICX_MULTICAST,	"multicast" },		\
			 { VNICX_LINK_LOCAL,	"link-local" },		\
			 { VNICX_MAC_CONTROL,	"mac-control" })

#define vnicx_show_decision(decision)					\
	__print_symbolic(decision,					\
			 { VNICX_DECIDE_PORT,	"port" },		\
			 { VNICX_DECIDE_ON,	"on" },			\
			 { VNICX_DECIDE_FLOOD,	"flood" },		\
			 { VNICX_DECIDE_DROP,	"drop" })

TRACE_EVENT(vnicx_forward,

	TP_PROTO(const struct sk_buff *skb, const struct vnicx_port *in,
		 const struct vnicx_port *out, u8 class, u16 vid, u8 decision,
		 u32 reason),

	TP_ARGS(skb, in, out, class, vid, decision, reason),

	TP_STRUCT__entry(
		__field(const void *, skbaddr)
		__array(char, in, IFNAMSIZ)
		__array(char, out, IFNAMSIZ)
		__array(u8, source, ETH_ALEN)
		__array(u8, dest, ETH_ALEN)
		__field(u32, len)
		__field(u32, reason)
		__field(u16, proto)
		__field(u16, vid)
		__field(u8, from)
		__field(u8, class)
		__field(u8, decision)
	),

	TP_fast_assign(
		__entry->skbaddr = skb;
		strscpy(__entry->in, in->dev->name, IFNAMSIZ);
		strscpy(__entry->out, out ? out->dev->name : "-", IFNAMSIZ);
		ether_addr_copy(__entry->source, eth_hdr(skb)->h_source);
		ether_addr_copy(__entry->dest, eth_hdr(skb)->h_dest);
		__entry->len = skb->len;
		__entry->reason = reason;
		__entry->proto = ntohs(eth_hdr(skb)->h_proto);
		__entry->vid = vid;
		__entry->from = in->kind;
		__entry->class = class;
		__entry->decision = decision;
	),

	TP_printk("in=%s(%s) out=%s class=%s decision=%s reason=%u %pM > %pM proto=%#06x vid=%u len=%u skbaddr=%p",
		  __entry->in,
		  vnicx_show_kind(__entry->from),
		  __entry->out,
		  vnicx_show_class(__entry->class),
		  vnicx_show_decision(__entry->decision),
		  __entry->reason, __entry->source, __entry->dest,
		  __entry->proto, __entry->vid, __entry->len, __entry->skbaddr)
);

TRACE_EVENT(vnicx_flood_queue,

	TP_PROTO(const struct sk_buff *skb, const struct vnicx_port *in,
		 u8 class, u32 pending, u32 reason),

	TP_ARGS(skb, in, class, pending, reason),

	TP_STRUCT__entry(
		__field(const void *, skbaddr)
		__array(char, in, IFNAMSIZ)
		__field(u32, pending)
		__field(u32, reason)
		__field(u8, from)
		__field(u8, class)
	),

	TP_fast_assign(
		__entry->skbaddr = skb;
		strscpy(__entry->in, in->dev->name, IFNAMSIZ);
		__entry->pending = pending;
		__entry->reason = reason;
		__entry->from = in->kind;
		__entry->class = class;
	),

	TP_printk("in=%s(%s) class=%s pending=%u verdict=%s reason=%u skbaddr=%p",
		  __entry->in,
		  vnicx_show_kind(__entry->from),
		  vnicx_show_class(__entry->class),
		  __entry->pending, __entry->reason ? "dropped" : "queued",
		  __entry->reason, __entry->skbaddr)
);

#endif /* _VNICX_TRACE_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
