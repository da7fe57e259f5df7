// SPDX-License-Identifier: GPL-2.0
/*
 * IPv4 fragments of frames that several ports receive.
 *
 * The copies of one fragment would meet in one queue where two vNICs, or a vNIC
 * and the host, share a namespace, and only one of them would become a packet:
 * IPv4 does not ask where a fragment came in, other than IPv6. So stacks get the
 * packet, put together before it is copied. The memory for that is the sender's
 * namespace's.
 *
 * Ports whose receive handler passes on frames that must fit a link, a virtual
 * machine's or a bridge's, get the fragments.
 */
#include <net/ip.h>

#include "internal.h"

/* Reassembly queues for each device. It may be up to three ports: of the switch below
 * it, if it is a vNIC, and as host and uplink of the switch above it. What source
 * mode gets from an uplink is put together apart from what others get.
 */
#define FRAGMENT_SOURCE	VNICX_NR_PORT_KINDS
#define FRAGMENT_USERS	(VNICX_NR_PORT_KINDS + 1)

/**
 * vnicx_is_fragment() - tell whether a frame has a fragment of an IPv4 packet
 * @skb: the frame, in receive form
 *
 * Return: whether it has
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
 * vnicx_form_of() - choose the form in which a port gets what came in fragments
 * @port: the port
 *
 * Context: RCU read side.
 * Return: VNICX_FORM_FRAGMENT or VNICX_FORM_WHOLE
 */
enum vnicx_form vnicx_form_of(const struct vnicx_port *port)
{
	return rcu_access_pointer(port->dev->rx_handler) ? VNICX_FORM_FRAGMENT :
							   VNICX_FORM_WHOLE;
}

/**
 * vnicx_reassemble() - put the packet of a fragment together
 * @in: the port it came from
 * @skb: the fragment, in receive form; consumed
 * @for_sources: for the vNICs that listed its source
 * @payload: the fragment's bytes behind the Ethernet header, or 0; becomes that of the
 *	longest of the packet's fragments, as the packet fits where they all fit
 *
 * Each port and VLAN has packets of its own.
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
	/* A header that is none comes back as it is. */
	IPCB(skb)->frag_max_size = *payload;
	skb = ip_check_defrag(dev_net(in->dev), skb, user);
	if (skb && *payload)
		*payload = IPCB(skb)->frag_max_size;
	return skb;
}
