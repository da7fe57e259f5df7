// SPDX-License-Identifier: GPL-2.0
/*
 * Frames of a vNIC whose source addresses are checked: those that they claim behind
 * the Ethernet header, and what could change them after the check.
 */
#include <kunit/test.h>
#include <linux/etherdevice.h>
#include <linux/rtnetlink.h>

#include "net.h"
#include "packets.h"

/**
 * struct claim_case - a frame of vNIC 1, whose address MAC(1) is
 * @desc: what is special about it
 * @bytes: the frame
 * @len: its length
 * @cause: why it may not pass; 0 if it may
 */
struct claim_case {
	const char *desc;
	const u8 *bytes;
	u16 len;
	u8 cause;
};

#define SPOOFED		VNICX_CAUSE_TX_SPOOFED

static const struct claim_case claim_cases[] = {
	{ "ARP", BYTES(ETH(0x0806), ARP(1, 1, 0)) },
	{ "ARP of another", BYTES(ETH(0x0806), ARP(1, 7, 0)), SPOOFED },
	{ "ARP of another behind tags",
	  BYTES(ETH(0x8100), TAGS4(0x0806), ARP(2, 7, 1)), SPOOFED },
	{ "RARP", BYTES(ETH(0x8035), ARP(3, 1, 1)) },
	{ "RARP for another", BYTES(ETH(0x8035), ARP(3, 1, 7)), SPOOFED },
	{ "discover", BYTES(ETH(0x0800), IP4(17), UDP(67), BOOTP(1, 1)) },
	{ "discover of another",
	  BYTES(ETH(0x0800), IP4(17), UDP(67), BOOTP(1, 7)), SPOOFED },
	{ "discover of another behind options",
	  BYTES(ETH(0x0800), IP4_AS(0x46, 17, 0), ZERO4, UDP(67), BOOTP(1, 7)),
	  SPOOFED },
	{ "discover of InfiniBand",
	  BYTES(ETH(0x0800), IP4(17), UDP(67), BOOTP_AS(1, 32, 0, 1)),
	  SPOOFED },
	{ "offer to another", BYTES(ETH(0x0800), IP4(17), UDP(68), BOOTP(2, 7)) },
	{ "NS", BYTES(ETH(0x86dd), IP6(58, 32), NS, OPT(1, 1)) },
	{ "NS of another", BYTES(ETH(0x86dd), IP6(58, 32), NS, OPT(1, 7)),
	  SPOOFED },
	{ "NA of another", BYTES(ETH(0x86dd), IP6(58, 32), NA, OPT(2, 7)),
	  SPOOFED },
	{ "NA of another, second",
	  BYTES(ETH(0x86dd), IP6(58, 40), NA, OPT(2, 1), OPT(2, 7)), SPOOFED },
	{ "NA of another in a fragment",
	  BYTES(ETH(0x86dd), IP6(44, 40), FRAG(58, 0), NA, OPT(2, 7)),
	  VNICX_CAUSE_TX_UNDETERMINED },
	{ "ARP of another in SNAP",
	  BYTES(ETH(36), SNAP(0, 0x0806), ARP(1, 7, 0)),
	  VNICX_CAUSE_TX_UNDETERMINED },
	{ "plain TCP", BYTES(ETH(0x0800), IP4(6), TCP) },
	{ "another source",
	  BYTES(MAC(0), MAC(7), BE16(0x0800), IP4(6), TCP), SPOOFED },
	{ "plain TCP over IPv6", BYTES(ETH(0x86dd), IP6(6, 20), TCP) },
	{ "plain UDP over IPv6", BYTES(ETH(0x86dd), IP6(17, 8), UDP(53)) },
	{ "another source over IPv6",
	  BYTES(MAC(0), MAC(7), BE16(0x86dd), IP6(6, 20), TCP), SPOOFED },
	{ "IPv4 without its last byte",
	  BYTES(ETH(0x0800), 0x45, 0, ZERO4, 0, 0, 64, 6, 0, 0, ZERO4, 192, 0, 2),
	  VNICX_CAUSE_TX_UNDETERMINED },
	{ "an IPv4 header of four words",
	  BYTES(ETH(0x0800), IP4_AS(0x44, 6, 0), TCP, ZERO4),
	  VNICX_CAUSE_TX_UNDETERMINED },
	{ "the end of the frame in IPv4 options",
	  BYTES(ETH(0x0800), IP4_AS(0x4f, 6, 0), TCP, ZERO8),
	  VNICX_CAUSE_TX_UNDETERMINED },
	{ "the end of the frame in UDP", BYTES(ETH(0x0800), IP4(17), BE16(1024)),
	  VNICX_CAUSE_TX_UNDETERMINED },
	{ "IPv6 that calls itself IPv4", BYTES(ETH(0x0800), IP6(6, 20), TCP),
	  VNICX_CAUSE_TX_UNDETERMINED },
	{ "no version of IP", BYTES(ETH(0x86dd), IP4(6), TCP, ZERO8, ZERO8, ZERO8),
	  VNICX_CAUSE_TX_UNDETERMINED },
};

KUNIT_ARRAY_PARAM_DESC(claim, claim_cases, desc);

/* Send a frame from vNIC 1, which is checked. */
static void send_checked(struct kunit *test, struct vnicx_test_net *net,
			 struct sk_buff *skb, u8 cause)
{
	struct vnicx_port *port = &net->vnic[1]->port;

	skb->protocol = eth_hdr(skb)->h_proto;
	rtnl_lock();
	vnicx_policy_set_checks(port, VNICX_CHECK_SPOOF, true);
	rtnl_unlock();
	KUNIT_EXPECT_EQ(test, vnicx_test_send(net, 1, skb),
			cause ? VNICX_DROPPED : VNICX_DONE);
	if (cause)
		KUNIT_EXPECT_EQ(test, atomic_long_read(&port->causes[cause]), 1);
}

static void test_claims(struct kunit *test)
{
	const struct claim_case *c = test->param_value;
	struct vnicx_test_net *net = vnicx_test_net(test, 2);

	send_checked(test, net,
		     vnicx_test_packet(c->bytes, c->len, VNICX_TEST_LINEAR, 0),
		     c->cause);
	vnicx_test_purge(net);
	atomic_long_set(&net->vnic[1]->port.causes[c->cause], 0);
	send_checked(test, net,
		     vnicx_test_packet(c->bytes, c->len, VNICX_TEST_PAGED, 0),
		     c->cause);
}

/* A sender may write to the pages of its frame: what was checked must be gone
 * from there.
 */
static void test_pages(struct kunit *test)
{
	static const u8 na[] = { ETH(0x86dd), IP6(58, 32), NA, OPT(2, 1) };
	struct vnicx_test_net *net = vnicx_test_net(test, 2);
	const struct sk_buff *got;

	send_checked(test, net, vnicx_test_packet(na, sizeof(na), VNICX_TEST_PAGED, 0), 0);
	got = vnicx_test_only(test, &net->vnic[0]->rx);
	KUNIT_EXPECT_GE(test, skb_headlen(got), sizeof(na) - ETH_HLEN);
}

/**
 * struct checksum_case - where a plain frame's checksum is to be stored
 * @desc: what is special about it
 * @start: of what is summed up, from the Ethernet header on
 * @offset: from there
 * @cause: why the frame may not pass; 0 if it may
 */
struct checksum_case {
	const char *desc;
	u16 start;
	u16 offset;
	u8 cause;
};

static const struct checksum_case checksum_cases[] = {
	{ "TCP's", 34, 16 },
	{ "UDP's", 34, 6 },
	{ "the source address", 0, 6, VNICX_CAUSE_TX_UNDETERMINED },
	{ "the last bytes of the source address", 10, 0,
	  VNICX_CAUSE_TX_UNDETERMINED },
	{ "the EtherType", 12, 0, VNICX_CAUSE_TX_UNDETERMINED },
	{ "the protocol", 22, 0, VNICX_CAUSE_TX_UNDETERMINED },
	{ "the port", 34, 2, VNICX_CAUSE_TX_UNDETERMINED },
	{ "across the port", 34, 3, VNICX_CAUSE_TX_UNDETERMINED },
};

KUNIT_ARRAY_PARAM_DESC(checksum, checksum_cases, desc);

static void test_checksum(struct kunit *test)
{
	static const u8 udp[] = { ETH(0x0800), IP4(17), UDP(53), TCP };
	const struct checksum_case *c = test->param_value;
	struct vnicx_test_net *net = vnicx_test_net(test, 2);
	struct sk_buff *skb;

	skb = vnicx_test_packet(udp, sizeof(udp), VNICX_TEST_LINEAR, 0);
	skb->ip_summed = CHECKSUM_PARTIAL;
	skb->csum_start = skb_headroom(skb) + c->start;
	skb->csum_offset = c->offset;
	send_checked(test, net, skb, c->cause);
}

static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(test_claims, claim_gen_params),
	KUNIT_CASE(test_pages),
	KUNIT_CASE_PARAM(test_checksum, checksum_gen_params),
	{}
};

static struct kunit_suite suite = {
	.name = "vnicx_claims",
	.test_cases = cases,
};

kunit_test_suite(suite);
