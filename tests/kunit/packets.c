// SPDX-License-Identifier: GPL-2.0
/*
 * Packets for the parser and the guards.
 */
#include <linux/etherdevice.h>
#include <linux/in.h>
#include <net/ipv6.h>

#include "packets.h"

#define UNDETERMINED	.packet = VNICX_PACKET_UNDETERMINED
#define OTHER		.packet = VNICX_PACKET_OTHER
#define IS_ARP		.packet = VNICX_PACKET_ARP
#define IS_RARP		.packet = VNICX_PACKET_RARP
#define IS_IP4(proto)	.packet = VNICX_PACKET_IPV4, .upper = IPPROTO_ ## proto
#define IS_IP6(proto)	.packet = VNICX_PACKET_IPV6, .upper = NEXTHDR_ ## proto
#define CLIENT		.dhcp = VNICX_DHCP_CLIENT
#define SERVER		.dhcp = VNICX_DHCP_SERVER

const struct vnicx_test_packet vnicx_test_packets[] = {
	/* The link */
	{ "another protocol", BYTES(ETH(0x88cc), 0), OTHER },
	{ "nothing behind the Ethernet header", BYTES(ETH(0x88cc)), OTHER },
	{ "spanning tree", BYTES(ETH(38), 0x42, 0x42, 3, 0), OTHER },
	{ "Novell", BYTES(ETH(30), 0xff, 0xff, ZERO8), OTHER },
	{ "one byte of LLC", BYTES(ETH(1), 0xaa), OTHER },
	{ "SNAP of CDP", BYTES(ETH(38), SNAP(0x0c, 0x2000), 0), OTHER },
	{ "SNAP of IPX", BYTES(ETH(38), SNAP(0, 0x8137), 0), OTHER },
	{ "VU#855201: IPv4 in SNAP",
	  BYTES(ETH(28), SNAP(0, 0x0800), IP4(6), TCP), UNDETERMINED },
	{ "VU#855201: RA in SNAP",
	  BYTES(ETH(64), SNAP(0, 0x86dd), IP6(58, 16), RA), UNDETERMINED },
	{ "VU#855201: RA in SNAP with length 0",
	  BYTES(ETH(0), SNAP(0, 0x86dd), IP6(58, 16), RA), UNDETERMINED },
	{ "VU#855201: RA in SNAP with the longest length",
	  BYTES(ETH(0x5ff), SNAP(0, 0x86dd), IP6(58, 16), RA), UNDETERMINED },
	{ "VU#855201: RA in SNAP behind priority tags",
	  BYTES(ETH(0x8100), 0, 0, BE16(0x8100), 0, 0, BE16(64),
		SNAP(0, 0x86dd), IP6(58, 16), RA), UNDETERMINED },
	{ "VU#855201: a tag in SNAP",
	  BYTES(ETH(70), SNAP(0, 0x8100), 0, 0, BE16(0x86dd), IP6(58, 16), RA),
	  UNDETERMINED },
	{ "ARP in SNAP", BYTES(ETH(36), SNAP(0, 0x0806), ARP(1, 1, 0)),
	  UNDETERMINED },
	{ "RA in SNAP of the bridge tunnel",
	  BYTES(ETH(64), SNAP(0xf8, 0x86dd), IP6(58, 16), RA), UNDETERMINED },
	{ "SNAP in SNAP", BYTES(ETH(64), SNAP(0, 38), SNAP(0, 0x86dd)),
	  UNDETERMINED },
	{ "RA in SNAP with another control byte",
	  BYTES(ETH(64), 0xaa, 0xab, 0x13, 0, 0, 0, BE16(0x86dd),
		IP6(58, 16), RA), UNDETERMINED },
	{ "the end of the frame in SNAP",
	  BYTES(ETH(64), 0xaa, 0xaa, 3, 0, 0, 0, 0x86), UNDETERMINED },
	{ "IPv4 behind a tag", BYTES(ETH(0x8100), TAG(0x0800), IP4(6), TCP),
	  IS_IP4(TCP) },
	{ "RA behind priority tags",
	  BYTES(ETH(0x8100), 0, 0, BE16(0x8100), 0, 0, BE16(0x86dd),
		IP6(58, 16), RA), IS_IP6(ICMP), .type = 134 },
	{ "IPv4 behind eight tags",
	  BYTES(ETH(0x8100), TAGS4(0x8100), TAGS4(0x0800), IP4(6), TCP),
	  IS_IP4(TCP) },
	{ "IPv4 behind nine tags",
	  BYTES(ETH(0x8100), TAGS4(0x8100), TAGS4(0x8100), TAG(0x0800), IP4(6),
		TCP), UNDETERMINED },
	{ "the end of the frame in a tag", BYTES(ETH(0x88a8), 0, 5, 8),
	  UNDETERMINED },

	/* ARP */
	{ "ARP", BYTES(ETH(0x0806), ARP(1, 1, 0)), IS_ARP, .claims = { 1 } },
	{ "ARP from another", BYTES(ETH(0x0806), ARP(2, 7, 1)), IS_ARP,
	  .claims = { 7 } },
	{ "ARP of IEEE 802", BYTES(ETH(0x0806), ARP_AS(6, 0x0800, 6, 4, 1, 1, 0)),
	  IS_ARP, .claims = { 1 } },
	{ "ARP of ATM", BYTES(ETH(0x0806), ARP_AS(19, 0x0800, 6, 4, 1, 1, 0)),
	  UNDETERMINED },
	{ "ARP for another protocol",
	  BYTES(ETH(0x0806), ARP_AS(1, 0x86dd, 6, 4, 1, 1, 0)), UNDETERMINED },
	{ "ARP with longer hardware addresses",
	  BYTES(ETH(0x0806), ARP_AS(1, 0x0800, 8, 4, 1, 1, 0)), UNDETERMINED },
	{ "ARP with longer protocol addresses",
	  BYTES(ETH(0x0806), ARP_AS(1, 0x0800, 6, 16, 1, 1, 0)), UNDETERMINED },
	{ "RARP", BYTES(ETH(0x8035), ARP(3, 1, 7)), IS_RARP,
	  .claims = { 1, 7 } },

	/* IPv4 */
	{ "TCP", BYTES(ETH(0x0800), IP4(6), TCP), IS_IP4(TCP) },
	{ "TCP behind IPv4 options",
	  BYTES(ETH(0x0800), IP4_AS(0x47, 6, 0), ZERO8, TCP), IS_IP4(TCP) },
	{ "an unknown protocol with nothing in it", BYTES(ETH(0x0800), IP4(253)),
	  .packet = VNICX_PACKET_IPV4, .upper = 253 },
	{ "IPv6 that calls itself IPv4", BYTES(ETH(0x0800), IP6(58, 16), RA),
	  UNDETERMINED },
	{ "an IPv4 header of four words",
	  BYTES(ETH(0x0800), IP4_AS(0x44, 6, 0), TCP), UNDETERMINED },
	{ "the end of the frame in IPv4 options",
	  BYTES(ETH(0x0800), IP4_AS(0x4f, 6, 0), TCP, ZERO8, ZERO4),
	  UNDETERMINED },
	{ "UDP", BYTES(ETH(0x0800), IP4(17), UDP(53)), IS_IP4(UDP) },
	{ "a port of DHCPv6 in IPv4", BYTES(ETH(0x0800), IP4(17), UDP(546)),
	  IS_IP4(UDP) },
	{ "DHCP offer", BYTES(ETH(0x0800), IP4(17), UDP(68), BOOTP(2, 7)),
	  IS_IP4(UDP), SERVER },
	{ "DHCP offer behind IPv4 options",
	  BYTES(ETH(0x0800), IP4_AS(0x46, 17, 0), ZERO4, UDP(68)), IS_IP4(UDP),
	  SERVER },
	{ "DHCP offer to a relay",
	  BYTES(ETH(0x0800), IP4(17), UDP(67), BOOTP(2, 7)), IS_IP4(UDP),
	  SERVER },
	{ "DHCP discover", BYTES(ETH(0x0800), IP4(17), UDP(67), BOOTP(1, 1)),
	  IS_IP4(UDP), CLIENT, .claims = { 1 } },
	{ "DHCP discover for another address",
	  BYTES(ETH(0x0800), IP4(17), UDP(67), BOOTP(1, 7)), IS_IP4(UDP),
	  CLIENT, .claims = { 7 } },
	{ "DHCP discover of InfiniBand",
	  BYTES(ETH(0x0800), IP4(17), UDP(67), BOOTP_AS(1, 32, 0, 1)),
	  IS_IP4(UDP), CLIENT, .claims = { 1 }, .odd = true },
	{ "DHCP discover with a longer address",
	  BYTES(ETH(0x0800), IP4(17), UDP(67), BOOTP_AS(1, 1, 16, 1)),
	  IS_IP4(UDP), CLIENT, .claims = { 1 }, .odd = true },
	{ "the end of the frame in a DHCP discover",
	  BYTES(ETH(0x0800), IP4(17), UDP(67), 1, 1, 6, 0, ZERO8),
	  UNDETERMINED },
	{ "the end of the frame in UDP",
	  BYTES(ETH(0x0800), IP4(17), BE16(1024), BE16(53), BE16(8), 0),
	  UNDETERMINED },
	{ "the first fragment of UDP",
	  BYTES(ETH(0x0800), IP4_AS(0x45, 17, MORE), UDP(53)), IS_IP4(UDP),
	  .fragment = true },
	{ "the first fragment of a DHCP offer",
	  BYTES(ETH(0x0800), IP4_AS(0x45, 17, MORE), UDP(68)), IS_IP4(UDP),
	  SERVER, .fragment = true },
	{ "the first fragment of a DHCP discover",
	  BYTES(ETH(0x0800), IP4_AS(0x45, 17, MORE), UDP(67), BOOTP(1, 1)),
	  UNDETERMINED },
	{ "a later fragment of UDP",
	  BYTES(ETH(0x0800), IP4_AS(0x45, 17, MORE | 1), UDP(68)), IS_IP4(UDP),
	  .fragment = true, .later = true },
	{ "the last fragment of UDP",
	  BYTES(ETH(0x0800), IP4_AS(0x45, 17, 0x1fff), 0), IS_IP4(UDP),
	  .fragment = true, .later = true },
	{ "ICMP redirect", BYTES(ETH(0x0800), IP4(1), ICMP(5)), IS_IP4(ICMP),
	  .type = 5 },
	{ "ICMP router advertisement", BYTES(ETH(0x0800), IP4(1), ICMP(9)),
	  IS_IP4(ICMP), .type = 9 },
	{ "the end of the frame in ICMP",
	  BYTES(ETH(0x0800), IP4(1), 5, 0, 0, 0), UNDETERMINED },

	/* IPv6 */
	{ "TCP over IPv6", BYTES(ETH(0x86dd), IP6(6, 20), TCP), IS_IP6(TCP) },
	{ "IPv6 without its TCP", BYTES(ETH(0x86dd), IP6(6, 20)),
	  UNDETERMINED },
	{ "IPv6 with no next header", BYTES(ETH(0x86dd), IP6(59, 0)),
	  IS_IP6(NONE) },
	{ "IPv4 that calls itself IPv6",
	  BYTES(ETH(0x86dd), IP4(6), TCP, ZERO8), UNDETERMINED },
	{ "DHCPv6 advertise", BYTES(ETH(0x86dd), IP6(17, 8), UDP(546)),
	  IS_IP6(UDP), SERVER },
	{ "DHCPv6 solicit", BYTES(ETH(0x86dd), IP6(17, 9), UDP(547), 1),
	  IS_IP6(UDP), CLIENT },
	{ "DHCPv6 relay-reply", BYTES(ETH(0x86dd), IP6(17, 9), UDP(547), 13),
	  IS_IP6(UDP), SERVER },
	{ "DHCPv6 without a type", BYTES(ETH(0x86dd), IP6(17, 8), UDP(547)),
	  UNDETERMINED },
	{ "a port of DHCP in IPv6", BYTES(ETH(0x86dd), IP6(17, 8), UDP(68)),
	  IS_IP6(UDP) },
	{ "echo request", BYTES(ETH(0x86dd), IP6(58, 8), ICMP(128)),
	  IS_IP6(ICMP), .type = 128 },
	{ "MLD report behind a hop-by-hop header",
	  BYTES(ETH(0x86dd), IP6(0, 16), EXT(58), ICMP(143)), IS_IP6(ICMP),
	  .type = 143 },
	{ "the end of the frame in ICMPv6",
	  BYTES(ETH(0x86dd), IP6(58, 8), 134, 0, 0, 0), UNDETERMINED },

	/* Chains and fragments: RFC 7113 sections 2.1 and 2.2, RFC 6980 */
	{ "RFC 7113: RA behind a destination header",
	  BYTES(ETH(0x86dd), IP6(60, 24), EXT(58), RA), IS_IP6(ICMP),
	  .type = 134 },
	{ "RFC 7113: RA behind a long destination header",
	  BYTES(ETH(0x86dd), IP6(60, 32), EXT16(58), RA), IS_IP6(ICMP),
	  .type = 134 },
	{ "RFC 7113: RA in the second fragment, first",
	  BYTES(ETH(0x86dd), IP6(44, 24), FRAG(60, 1), EXT16(58)),
	  UNDETERMINED },
	{ "RFC 7113: RA in the second fragment, second",
	  BYTES(ETH(0x86dd), IP6(44, 24), FRAG(60, 16), RA),
	  .packet = VNICX_PACKET_IPV6, .upper = NEXTHDR_DEST,
	  .fragment = true, .later = true },
	{ "RFC 7113: a destination header cut by the end of the frame",
	  BYTES(ETH(0x86dd), IP6(44, 16), FRAG(60, 1), 58, 1, 0, 0, ZERO4),
	  UNDETERMINED },
	{ "RFC 6980: RA in a fragment of its own",
	  BYTES(ETH(0x86dd), IP6(44, 24), FRAG(58, 0), RA), IS_IP6(ICMP),
	  .type = 134, .fragment = true },
	{ "RFC 6980: NS in a first fragment",
	  BYTES(ETH(0x86dd), IP6(44, 40), FRAG(58, 1), NS, OPT(1, 7)),
	  IS_IP6(ICMP), .type = 135, .fragment = true },
	{ "a Fragment header in a fragment",
	  BYTES(ETH(0x86dd), IP6(44, 32), FRAG(44, 0), FRAG(58, 0), RA),
	  UNDETERMINED },
	{ "the first fragment of UDP over IPv6",
	  BYTES(ETH(0x86dd), IP6(44, 16), FRAG(17, 1), UDP(53)), IS_IP6(UDP),
	  .fragment = true },
	{ "RA in the second fragment, an echo behind the end of the first",
	  BYTES(ETH(0x86dd), IP6(44, 16), FRAG(60, 1), EXT(58), ICMP(128)),
	  UNDETERMINED },
	{ "a DHCP offer in the second fragment, UDP behind the end of the first",
	  BYTES(ETH(0x86dd), IP6(44, 16), FRAG(60, 1), EXT(17), UDP(53)),
	  UNDETERMINED },
	{ "half a header of UDP before the end of the first fragment",
	  BYTES(ETH(0x86dd), IP6(44, 12), FRAG(17, 1), UDP(53)), UNDETERMINED },
	{ "a fragment of nothing",
	  BYTES(ETH(0x86dd), IP6(44, 8), FRAG(59, 0)),
	  .packet = VNICX_PACKET_IPV6, .upper = NEXTHDR_NONE,
	  .fragment = true },
	{ "every kind of extension header",
	  BYTES(ETH(0x86dd), IP6(0, 96), EXT(43), EXT(60), EXT(51), AUTH(135),
		EXT(139), EXT(140), EXT(44), FRAG(58, 0), ICMP(128)),
	  IS_IP6(ICMP), .type = 128, .fragment = true },
	{ "twelve headers",
	  BYTES(ETH(0x86dd), IP6(60, 104), EXT4(60), EXT4(60), EXT4(58),
		ICMP(128)), IS_IP6(ICMP), .type = 128 },
	{ "thirteen headers",
	  BYTES(ETH(0x86dd), IP6(60, 112), EXT4(60), EXT4(60), EXT4(60), EXT(58),
		ICMP(128)), UNDETERMINED },
	{ "a chain without its upper header",
	  BYTES(ETH(0x86dd), IP6(60, 8), EXT(6)), UNDETERMINED },
	{ "a chain that ends in none",
	  BYTES(ETH(0x86dd), IP6(60, 8), EXT(59)), IS_IP6(NONE) },
	{ "the end of the frame in an extension header",
	  BYTES(ETH(0x86dd), IP6(60, 8), 59, 0, 0, 0), UNDETERMINED },
	{ "an encrypted packet", BYTES(ETH(0x86dd), IP6(50, 8), ZERO8),
	  IS_IP6(ESP) },

	/* Neighbour Discovery */
	{ "RS", BYTES(ETH(0x86dd), IP6(58, 16), RS, OPT(1, 1)), IS_IP6(ICMP),
	  .type = 133, .claims = { 1 } },
	{ "RS for another address",
	  BYTES(ETH(0x86dd), IP6(58, 16), RS, OPT(1, 7)), IS_IP6(ICMP),
	  .type = 133, .claims = { 7 } },
	{ "RA", BYTES(ETH(0x86dd), IP6(58, 24), RA, OPT(1, 1)), IS_IP6(ICMP),
	  .type = 134, .claims = { 1 } },
	{ "NS", BYTES(ETH(0x86dd), IP6(58, 32), NS, OPT(1, 1)), IS_IP6(ICMP),
	  .type = 135, .claims = { 1 } },
	{ "NS without options", BYTES(ETH(0x86dd), IP6(58, 24), NS),
	  IS_IP6(ICMP), .type = 135 },
	{ "NA", BYTES(ETH(0x86dd), IP6(58, 32), NA, OPT(2, 1)), IS_IP6(ICMP),
	  .type = 136, .claims = { 1 } },
	{ "NA with two addresses",
	  BYTES(ETH(0x86dd), IP6(58, 40), NA, OPT(2, 1), OPT(2, 7)),
	  IS_IP6(ICMP), .type = 136, .claims = { 1, 7 } },
	{ "NA with three addresses",
	  BYTES(ETH(0x86dd), IP6(58, 48), NA, OPT(2, 1), OPT(2, 1), OPT(2, 7)),
	  UNDETERMINED },
	{ "NS with a nonce before its address",
	  BYTES(ETH(0x86dd), IP6(58, 40), NS, OPT(14, 9), OPT(1, 7)),
	  IS_IP6(ICMP), .type = 135, .claims = { 7 } },
	{ "redirect", BYTES(ETH(0x86dd), IP6(58, 48), REDIRECT, OPT(2, 7)),
	  IS_IP6(ICMP), .type = 137, .claims = { 7 } },
	{ "an ND option of length 0",
	  BYTES(ETH(0x86dd), IP6(58, 40), NS, 14, 0, ZERO4, 0, 0, OPT(1, 7)),
	  UNDETERMINED },
	{ "an ND option longer than the packet",
	  BYTES(ETH(0x86dd), IP6(58, 32), NS, 14, 2, ZERO4, 0, 0, ZERO8),
	  UNDETERMINED },
	{ "a link-layer address of two words",
	  BYTES(ETH(0x86dd), IP6(58, 40), NS, 1, 2, MAC(1), ZERO8),
	  UNDETERMINED },
	{ "padding behind NS",
	  BYTES(ETH(0x86dd), IP6(58, 24), NS, ZERO8), IS_IP6(ICMP),
	  .type = 135 },
	{ "NS longer than the frame", BYTES(ETH(0x86dd), IP6(58, 32), NS),
	  UNDETERMINED },
	{ "NS shorter than its header",
	  BYTES(ETH(0x86dd), IP6(58, 16), NS), UNDETERMINED },
};

const unsigned int vnicx_test_nr_packets = ARRAY_SIZE(vnicx_test_packets);

/* Put @len bytes at the end of a page, and @behind into the rest of it. */
static void add_page(struct sk_buff *skb, int i, const u8 *bytes,
		     unsigned int len, u8 behind)
{
	struct page *page = alloc_page(GFP_KERNEL | __GFP_NOFAIL);

	memset(page_address(page), behind, PAGE_SIZE);
	memcpy(page_address(page) + 64, bytes, len);
	skb_add_rx_frag(skb, i, page, 64, len, PAGE_SIZE);
}

/**
 * vnicx_test_packet() - make a frame of bytes
 * @bytes: the frame, from the Ethernet header on
 * @len: its length, at least ETH_HLEN
 * @form: the form it gets
 * @behind: what memory behind it has
 *
 * Return: the frame, which the caller frees
 */
struct sk_buff *vnicx_test_packet(const u8 *bytes, unsigned int len,
				  enum vnicx_test_form form, u8 behind)
{
	bool paged = form == VNICX_TEST_PAGED || form == VNICX_TEST_PAGED_UP;
	unsigned int head = paged ? ETH_HLEN : len;
	unsigned int half = (len - head) / 2;
	struct sk_buff *skb;

	skb = alloc_skb(NET_SKB_PAD + len, GFP_KERNEL | __GFP_NOFAIL);
	memset(skb->head, behind, skb_end_offset(skb));
	skb_reserve(skb, NET_SKB_PAD);
	skb_put_data(skb, bytes, head);
	if (half)
		add_page(skb, 0, bytes + head, half, behind);
	if (len > head)
		add_page(skb, !!half, bytes + head + half, len - head - half,
			 behind);
	skb_reset_mac_header(skb);
	if (form == VNICX_TEST_UP || form == VNICX_TEST_PAGED_UP)
		__skb_pull(skb, ETH_HLEN);
	return skb;
}
