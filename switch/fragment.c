// SPDX-License-Identifier: GPL-2.0
/*
 * IPv4 fragments of frames that several ports receive.
 *
 * Two vNICs, or a vNIC and the host, may share a namespace. The copies of one
 * fragment would meet there in one reassembly queue, because IPv4 (unlike IPv6)
 * does not ask on which device a fragment arrived, and only one of the copies
 * would become a packet. Therefore the switch reassembles the packet before it
 * makes copies for stacks. The memory is that of the ingress port's namespace.
 *
 * Ports whose receive handler forwards frames that must fit a link, such as a
 * tap's or a bridge's, get the fragments, and so do XDP programs: they, and AF_XDP
 * sockets, have room for frames and not for packets.
 */
#include <net/ip.h>

#include "internal.h"

/* Reassembly queues for each device. A device may be up to three ports: one of
 * the switch below it, if it is a vNIC, and the host and the uplink of the
 * switch above it. The fourth queue is for vNICs in source mode, whose frames
 * from an uplink are reassembled apart from the other vNICs'.
 */
#define FRAGMENT_SOURCE	VNICX_NR_PORT_KINDS
#define FRAGMENT_USERS	(VNICX_NR_PORT_KINDS + 1)

/**
 * vnicx_is_fragment() - tell whether a frame is a fragment of an IPv4 packet
 * @skb: the frame, in receive form
 *
 * Return: whether it is
 */
bool vnicx_is_fragment(const struct sk_buff *skb)
{
	const struct iphdr *iph;
	struct iphdr buf;

	if (skb->protocol != htons(ETH_P_IP))
		return false;
	iph = skb_header_pointer(skb, 0, sizeof(buf), &buf);
	return iph && ip_is_fragment(iph);
}

/**
 * vnicx_form_of() - choose the form in which a port gets fragmented packets
 * @port: the port
 *
 * Context: RCU read side.
 * Return: VNICX_FORM_FRAGMENT or VNICX_FORM_WHOLE
 */
enum vnicx_form vnicx_form_of(const struct vnicx_port *port)
{
	return rcu_access_pointer(port->dev->rx_handler) ||
	       READ_ONCE(port->exit) == VNICX_EXIT_XDP ? VNICX_FORM_FRAGMENT :
							 VNICX_FORM_WHOLE;
}

/**
 * vnicx_reassemble() - reassemble the packet of a fragment
 * @in: the ingress port
 * @skb: the fragment, in receive form; consumed
 * @for_sources: whether the packet is for vNICs that listed its source
 * @payload: the fragment's bytes behind the Ethernet header, or 0; becomes
 *	those of the packet's longest fragment, because the packet fits a port
 *	if all its fragments fit
 *
 * Fragments are reassembled separately for each port and VLAN.
 *
 * Context: RCU read side, bottom halves disabled.
 * Return: the packet, in receive form, or NULL while fragments are missing
 */
struct sk_buff *vnicx_reassemble(struct vnicx_port *in, struct sk_buff *skb,
				 bool for_sources, u32 *payload)
{
	u32 at = in->dev->ifindex * FRAGMENT_USERS +
		 (for_sources ? FRAGMENT_SOURCE : in->kind);
	u32 user = IP_DEFRAG_MACVLAN + at * VLAN_N_VID +
		   (skb_vlan_tag_present(skb) ? skb_vlan_tag_get_id(skb) : 0);

	skb->dev = in->dev;
	skb_reset_network_header(skb);
	/* ip_check_defrag() leaves this alone if the IP header is invalid. */
	IPCB(skb)->frag_max_size = *payload;
	skb = ip_check_defrag(dev_net(in->dev), skb, user);
	if (skb && *payload)
		*payload = IPCB(skb)->frag_max_size;
	return skb;
}
