/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Packets for the parser and the guards, byte by byte, and what each says.
 */
#ifndef _VNICX_KUNIT_PACKETS_H
#define _VNICX_KUNIT_PACKETS_H

#include <linux/skbuff.h>

#include "../../switch/policy/parse.h"

/**
 * struct vnicx_test_packet - a frame, and what the parser must find in it
 * @desc: what is special about it
 * @bytes: the frame, from the Ethernet header on
 * @len: its length
 * @packet: enum vnicx_packet
 * @upper: the protocol behind the headers
 * @type: the type of ICMP
 * @dhcp: enum vnicx_dhcp
 * @claims: the last bytes of the link-layer addresses claimed, 0 for none
 * @fragment: it is a fragment
 * @later: it is not the first one
 * @odd: its claims are not plain
 */
struct vnicx_test_packet {
	const char *desc;
	const u8 *bytes;
	u16 len;
	u8 packet;
	u8 upper;
	u8 type;
	u8 dhcp;
	u8 claims[VNICX_PARSE_CLAIMS];
	bool fragment;
	bool later;
	bool odd;
};

extern const struct vnicx_test_packet vnicx_test_packets[];
extern const unsigned int vnicx_test_nr_packets;

/**
 * enum vnicx_test_form - a form in which the parser may meet a frame
 * @VNICX_TEST_LINEAR: transmitted, in the linear part
 * @VNICX_TEST_PAGED: transmitted, the Ethernet header in the linear part and
 *	the rest in two pages
 * @VNICX_TEST_UP: received, in the linear part
 * @VNICX_TEST_PAGED_UP: received, otherwise as VNICX_TEST_PAGED
 * @VNICX_TEST_NR_FORMS: number of forms
 */
enum vnicx_test_form {
	VNICX_TEST_LINEAR,
	VNICX_TEST_PAGED,
	VNICX_TEST_UP,
	VNICX_TEST_PAGED_UP,
	VNICX_TEST_NR_FORMS,
};

struct sk_buff *vnicx_test_packet(const u8 *bytes, unsigned int len,
				  enum vnicx_test_form form, u8 behind);

/* Frames by their headers. Addresses end in what tells them apart. */
#define BYTES(...)							\
	.bytes = (const u8 []){ __VA_ARGS__ },				\
	.len = sizeof((const u8 []){ __VA_ARGS__ })

#define BE16(n)		((n) >> 8 & 0xff), ((n) & 0xff)
#define MAC(n)		2, 0, 0, 0, 0, (n)
#define ZERO4		0, 0, 0, 0
#define ZERO8		ZERO4, ZERO4

/* From MAC(1), to all */
#define ETH(proto)	0xff, 0xff, 0xff, 0xff, 0xff, 0xff, MAC(1), BE16(proto)
#define TAG(proto)	BE16(5), BE16(proto)
#define TAGS4(last)	TAG(0x8100), TAG(0x88a8), TAG(0x8100), TAG(last)
#define SNAP(oui, proto)						\
	0xaa, 0xaa, 3, 0, 0, (oui), BE16(proto)

/* ARP(operation, sender, target): 192.0.2.1 asks for 192.0.2.2 */
#define ARP_AS(hrd, pro, hln, pln, op, sender, target)			\
	BE16(hrd), BE16(pro), (hln), (pln), BE16(op),			\
	MAC(sender), 192, 0, 2, 1, MAC(target), 192, 0, 2, 2
#define ARP(op, sender, target)						\
	ARP_AS(1, 0x0800, 6, 4, op, sender, target)

/* ARP from 0.0.0.0 for 192.0.2.LAST */
#define PROBE(op, last)							\
	BE16(1), BE16(0x0800), 6, 4, BE16(op),				\
	MAC(1), ZERO4, MAC(0), 192, 0, 2, (last)

/* From 192.0.2.1 to 192.0.2.2 */
#define IP4_AS(first, proto, frag)					\
	(first), 0, ZERO4, BE16(frag), 64, (proto), 0, 0,		\
	192, 0, 2, 1, 192, 0, 2, 2
#define IP4(proto)	IP4_AS(0x45, proto, 0)
#define MORE		0x2000
/* IPv4 from 0.0.0.0 to 192.0.2.2 */
#define IP4_NOBODY(proto)						\
	0x45, 0, ZERO4, 0, 0, 64, (proto), 0, 0, ZERO4, 192, 0, 2, 2

/* From 2001:db8::1 to ff02::1 */
#define IP6(next, len)							\
	0x60, 0, 0, 0, BE16(len), (next), 255,				\
	0x20, 0x01, 0x0d, 0xb8, ZERO8, 0, 0, 0, 1,			\
	0xff, 0x02, 0, 0, ZERO8, 0, 0, 0, 1
/* IPv6 from :: to ff02::1 */
#define IP6_NOBODY(next, len)						\
	0x60, 0, 0, 0, BE16(len), (next), 255, ZERO8, ZERO8,		\
	0xff, 0x02, 0, 0, ZERO8, 0, 0, 0, 1
#define EXT(next)	(next), 0, 0, 0, ZERO4
#define EXT4(last)	EXT(60), EXT(60), EXT(60), EXT(last)
#define EXT16(next)	(next), 1, 0, 0, ZERO4, ZERO8
#define AUTH(next)	(next), 4, 0, 0, ZERO4, ZERO8, ZERO8
#define FRAG(next, off)	(next), 0, BE16(off), ZERO4

#define TCP		BE16(1024), BE16(80), ZERO8, 0x50, 2, 0, 0, ZERO4
#define UDP(to)		BE16(1024), BE16(to), BE16(8), 0, 0
#define ICMP(type)	(type), 0, 0, 0, ZERO4
#define BOOTP_AS(op, htype, hlen, n)					\
	(op), (htype), (hlen), 0, ZERO8, ZERO8, ZERO8, MAC(n)
#define BOOTP(op, n)	BOOTP_AS(op, 1, 6, n)

/* The target of an ND message is fe80::9. */
#define TARGET		0xfe, 0x80, 0, 0, ZERO8, 0, 0, 0, 9
/* A target 2001:db8::7 */
#define ELSEWHERE	0x20, 0x01, 0x0d, 0xb8, ZERO8, 0, 0, 0, 7
#define OPT(type, n)	(type), 1, MAC(n)
#define RS		ICMP(133)
#define RA		ICMP(134), ZERO8
#define NS		ICMP(135), TARGET
#define NA		ICMP(136), TARGET
#define REDIRECT	ICMP(137), TARGET, TARGET

#endif /* _VNICX_KUNIT_PACKETS_H */
