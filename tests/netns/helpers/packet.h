/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A packet made of words. Included by craft.c.
 *
 * The words are the packet, from the Ethernet header on. It begins with addresses:
 * to all, from the device's own.
 *
 *	to MAC | from MAC		other addresses
 *	type HEX			an EtherType, of what follows
 *	tag VID				a VLAN tag, its own EtherType before it
 *	snap				length and LLC/SNAP up to the EtherType
 *	arp OP MAC IP MAC IP		sender and target
 *	ip4 IP IP PROTO			type and header; its length is that of the rest
 *	frag4 IP IP PROTO HEX		a fragment
 *	ip6 IP IP NEXT			type and header; its length is that of the rest
 *	ext NEXT | frag6 NEXT HEX	extension headers of 8 bytes
 *	udp PORT | icmp TYPE		headers of 8 bytes
 *	sport PORT			another source than the UDP header before it has
 *	addr IP				16 bytes of IPv6
 *	opt TYPE MAC			an option of ND
 *	bootp OP MAC			the first 34 bytes
 *	dhcp OP TYPE XID IP SECONDS MAC	a whole message: the client's own address or the
 *					one given, and a lease time if it is not 0
 *	dhcp6 TYPE XID IP BITS SECONDS	a whole message with an address of 128 bits or
 *					a prefix
 *	hex DIGITS			bytes
 *	pad N				zeros
 */
#ifndef _VNICX_PACKET_H
#define _VNICX_PACKET_H

#include <linux/virtio_net.h>
#include <stdbool.h>

#include "frame.h"

static struct {
	struct virtio_net_hdr vnet;
	unsigned char bytes[2048];
} __attribute__((packed)) frame;

static unsigned char *end;
static char **word;

static const char *next(void)
{
	if (!*word)
		errx(2, "a word is missing");
	return *word++;
}

static unsigned int number(int base)
{
	return strtoul(next(), NULL, base);
}

static void add16(unsigned int value)
{
	put16(end, value);
	end += 2;
}

static void add_mac(void)
{
	put_mac(end, next());
	end += ETH_ALEN;
}

static void add_ip(int family)
{
	const char *text = next();

	if (inet_pton(family, text, end) != 1)
		errx(2, "not an address: %s", text);
	end += family == AF_INET ? 4 : 16;
}

static unsigned char *ip;

static void add_ip4(bool is_fragment)
{
	add16(ETH_P_IP);
	ip = end;
	end += 12;
	ip[0] = 0x45;
	ip[8] = 64;
	add_ip(AF_INET);
	add_ip(AF_INET);
	ip[9] = number(0);
	if (is_fragment)
		put16(ip + 6, number(16));
}

static void add_ip6(void)
{
	add16(ETH_P_IPV6);
	ip = end;
	end += 8;
	ip[0] = 0x60;
	ip[7] = 255;
	add_ip(AF_INET6);
	add_ip(AF_INET6);
	ip[6] = number(0);
}

static void add_arp(void)
{
	add16(1);
	add16(ETH_P_IP);
	add16(0x0604);
	add16(number(0));
	add_mac();
	add_ip(AF_INET);
	add_mac();
	add_ip(AF_INET);
}

static void add_snap(void)
{
	add16(64);
	memcpy(end, "\xaa\xaa\x03", 3);
	end += 6;
}

/* A header of 8 bytes whose first is @first */
static void add_8(unsigned int first)
{
	end[0] = first;
	end += 8;
}

static void add_udp(void)
{
	unsigned int port = number(0);

	/* A server of DHCP has a port of its own. */
	add16(port == 68 ? 67 : port == 546 ? 547 : 1024);
	add16(port);
	add16(8);
	add16(0);
}

static void add_bootp(void)
{
	end[0] = number(0);
	end[1] = 1;
	end[2] = ETH_ALEN;
	end += 28;
	add_mac();
}

static void add32(unsigned int value)
{
	add16(value >> 16);
	add16(value);
}

static void add_dhcp(void)
{
	unsigned int op = number(0), type = number(0), xid = number(16), seconds;
	unsigned char *head = end;

	end[0] = op;
	end[1] = 1;
	end[2] = ETH_ALEN;
	end += 4;
	add32(xid);
	end = head + (op == 1 ? 12 : 16);
	add_ip(AF_INET);
	seconds = number(0);
	end = head + 28;
	add_mac();
	end = head + 236;
	add32(0x63825363);
	*end++ = 53;
	*end++ = 1;
	*end++ = type;
	if (op == 1 && (type == 3 || type == 4)) {
		*end++ = 50;
		*end++ = 4;
		memcpy(end, head + 12, 4);
		memset(head + 12, 0, 4);
		end += 4;
	}
	if (seconds) {
		*end++ = 51;
		*end++ = 4;
		add32(seconds);
	}
	*end++ = 255;
}

static void add_dhcp6(void)
{
	unsigned int type = number(0), xid = number(16), bits, seconds;
	unsigned char addr[16];

	add32(type << 24 | xid);
	add_ip(AF_INET6);
	end -= sizeof(addr);
	memcpy(addr, end, sizeof(addr));
	bits = number(0);
	seconds = number(0);
	/* an association with one option */
	add16(bits == 128 ? 3 : 25);
	add16(12 + 4 + (bits == 128 ? 24 : 25));
	memset(end, 0, 12);
	end += 12;
	add16(bits == 128 ? 5 : 26);
	add16(bits == 128 ? 24 : 25);
	if (bits == 128) {
		memcpy(end, addr, sizeof(addr));
		end += sizeof(addr);
	}
	add32(seconds);
	add32(seconds);
	if (bits != 128) {
		*end++ = bits;
		memcpy(end, addr, sizeof(addr));
		end += sizeof(addr);
	}
}

static void add_hex(void)
{
	const char *digits = next();

	for (; digits[0] && digits[1]; digits += 2)
		if (sscanf(digits, "%2hhx", end++) != 1)
			errx(2, "not hexadecimal: %s", digits);
}

static void add(const char *what)
{
	if (!strcmp(what, "type")) {
		add16(number(16));
	} else if (!strcmp(what, "tag")) {
		add16(ETH_P_8021Q);
		add16(number(0));
	} else if (!strcmp(what, "snap")) {
		add_snap();
	} else if (!strcmp(what, "arp")) {
		add_arp();
	} else if (!strcmp(what, "ip4") || !strcmp(what, "frag4")) {
		add_ip4(what[0] == 'f');
	} else if (!strcmp(what, "ip6")) {
		add_ip6();
	} else if (!strcmp(what, "ext") || !strcmp(what, "icmp")) {
		add_8(number(0));
	} else if (!strcmp(what, "frag6")) {
		add_8(number(0));
		put16(end - 6, number(16));
	} else if (!strcmp(what, "udp")) {
		add_udp();
	} else if (!strcmp(what, "sport")) {
		put16(end - 8, number(0));
	} else if (!strcmp(what, "addr")) {
		add_ip(AF_INET6);
	} else if (!strcmp(what, "opt")) {
		*end++ = number(0);
		*end++ = 1;
		add_mac();
	} else if (!strcmp(what, "bootp")) {
		add_bootp();
	} else if (!strcmp(what, "dhcp")) {
		add_dhcp();
	} else if (!strcmp(what, "dhcp6")) {
		add_dhcp6();
	} else if (!strcmp(what, "hex")) {
		add_hex();
	} else if (!strcmp(what, "pad")) {
		end += number(0);
	} else {
		errx(2, "not a word: %s", what);
	}
}

/* Fills in what only the whole packet tells. */
static void complete(void)
{
	unsigned char *udp = ip ? ip + 20 : NULL;

	if (ip && ip[0] >> 4 == 4) {
		put16(ip + 2, end - ip);
		put16(ip + 10, ~fold(sum16(ip, 20)));
		if (ip[9] == IPPROTO_UDP && !(ip[6] & 0x1f) && !ip[7])
			put16(udp + 4, end - udp);
	} else if (ip) {
		put16(ip + 4, end - ip - 40);
		if (ip[6] == IPPROTO_UDP)
			put16(ip + 44, end - ip - 40);
	}
}

static void build(const unsigned char *own)
{
	const char *what;

	memset(frame.bytes, 0, sizeof(frame.bytes));
	memset(frame.bytes, 0xff, ETH_ALEN);
	memcpy(frame.bytes + ETH_ALEN, own, ETH_ALEN);
	end = frame.bytes + 2 * ETH_ALEN;
	ip = NULL;
	while (*word && strcmp(*word, ",")) {
		what = next();
		if (!strcmp(what, "to"))
			put_mac(frame.bytes, next());
		else if (!strcmp(what, "from"))
			put_mac(frame.bytes + ETH_ALEN, next());
		else
			add(what);
	}
	complete();
}

#endif /* _VNICX_PACKET_H */
