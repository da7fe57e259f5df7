// SPDX-License-Identifier: GPL-2.0
/*
 * Messages of DHCP clients and servers, and of ARP and Neighbour Discovery about an
 * address that may be free.
 */
#include <linux/if_ether.h>
#include <netinet/in.h>

#include "../netns/helpers/frame.h"
#include "dhcp.h"
#include "world.h"

struct dhcp_frame dhcp_frame;
struct dhcp_now dhcp_now;

uint8_t *dhcp_room(size_t len)
{
	uint8_t *at = dhcp_frame.bytes + dhcp_frame.len;

	memset(at, 0, len);
	dhcp_frame.len += len;
	return at;
}

static void put(const void *bytes, size_t len)
{
	memcpy(dhcp_room(len), bytes, len);
}

static void put_be32(uint32_t value)
{
	uint8_t *at = dhcp_room(4);

	put16(at, value >> 16);
	put16(at + 2, value);
}

static void put_eth(const uint8_t *to, const uint8_t *from, unsigned int type)
{
	dhcp_frame.len = 0;
	put(to, 6);
	put(from, 6);
	if (one_in(12)) {
		put16(dhcp_room(2), ETH_P_8021Q);
		put16(dhcp_room(2), 5 * below(3));
	}
	put16(dhcp_room(2), type);
}

static uint8_t *put_ip4(uint32_t from, uint32_t to, unsigned int port)
{
	uint8_t *ip = dhcp_room(28);

	ip[0] = 0x45;
	ip[8] = 64;
	ip[9] = IPPROTO_UDP;
	memcpy(ip + 12, &from, 4);
	memcpy(ip + 16, &to, 4);
	put16(ip + 20, 67 + 68 - port);
	put16(ip + 22, port);
	return ip;
}

static void end_ip4(uint8_t *ip)
{
	size_t len = dhcp_frame.bytes + dhcp_frame.len - ip;

	put16(ip + 2, len);
	put16(ip + 10, ~fold(sum16(ip, 20)));
	put16(ip + 24, len - 20);
}

/* fe80::, and what follows from a MAC address */
static void own_local(uint8_t *addr, const uint8_t *mac)
{
	memcpy(addr, "\xfe\x80\0\0\0\0\0", 8);
	memcpy(addr + 8, mac, 3);
	memcpy(addr + 11, "\xff\xfe", 2);
	memcpy(addr + 13, mac + 3, 3);
	addr[8] ^= 2;
}

static uint8_t *put_ip6(const uint8_t *from, const uint8_t *to, unsigned int next)
{
	uint8_t *ip = dhcp_room(40);

	ip[0] = 0x60;
	ip[6] = next;
	ip[7] = 255;
	memcpy(ip + 8, from, 16);
	memcpy(ip + 24, to, 16);
	return ip;
}

static void end_ip6(uint8_t *ip)
{
	size_t len = dhcp_frame.bytes + dhcp_frame.len - ip - 40;

	put16(ip + 4, len);
	if (ip[6] == IPPROTO_UDP)
		put16(ip + 44, len);
	else
		put16(ip + 42, ~fold(sum16(ip + 8, 32) + len + ip[6] +
				     sum16(ip + 40, len)));
}

static void put_bootp(unsigned int op, unsigned int type, uint32_t ciaddr,
		      uint32_t yiaddr)
{
	uint8_t *at = dhcp_room(240);

	at[0] = op;
	at[1] = 1;
	at[2] = 6;
	put16(at + 6, dhcp_now.xid);
	memcpy(at + 12, &ciaddr, 4);
	memcpy(at + 16, &yiaddr, 4);
	memcpy(at + 28, dhcp_now.mac, 6);
	memcpy(at + 236, "\x63\x82\x53\x63", 4);
	put("\x35\x01", 2);
	*dhcp_room(1) = type;
}

static const uint8_t all[6] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };

/* A client asks, gives back, or declines. */
void dhcp_client4(void)
{
	static const uint8_t types[] = { 1, 1, 3, 3, 3, 4, 7, 8 };
	unsigned int type = PICK(types);
	uint8_t *ip;

	put_eth(all, dhcp_now.mac, ETH_P_IP);
	ip = put_ip4(type == 7 ? dhcp_now.addr : 0, INADDR_NONE, 67);
	put_bootp(1, type, type == 7 ? dhcp_now.addr : 0, 0);
	if (type == 3 || type == 4) {
		put("\x32\x04", 2);
		put(&dhcp_now.addr, 4);
	}
	*dhcp_room(1) = 255;
	end_ip4(ip);
}

void dhcp_server4(void)
{
	static const uint8_t types[] = { 5, 5, 5, 5, 2, 6 };
	uint32_t server = ip_of(NAME_WIRE);
	uint8_t *ip;

	put_eth(one_in(2) ? all : dhcp_now.mac, dhcp_now.mac, ETH_P_IP);
	mac_of(dhcp_frame.bytes + 6, NAME_WIRE);
	ip = put_ip4(server, one_in(2) ? INADDR_NONE : dhcp_now.addr, 68);
	put_bootp(2, PICK(types), 0, dhcp_now.addr);
	put("\x33\x04", 2);
	put_be32(one_in(4) ? below(3) : one_in(4) ? edge() : 600);
	*dhcp_room(1) = 255;
	end_ip4(ip);
}

/* An association with one address or prefix */
static void put_association(void)
{
	static const uint8_t prefix[] = { 0x20, 1, 0xd, 0xb8, 0, 0, 0 };
	bool delegated = one_in(4);
	uint32_t seconds = one_in(4) ? below(3) : one_in(4) ? edge() : 600;

	put16(dhcp_room(2), delegated ? 25 : 3);
	put16(dhcp_room(2), 12 + 4 + (delegated ? 25 : 24));
	dhcp_room(12);
	put16(dhcp_room(2), delegated ? 26 : 5);
	put16(dhcp_room(2), delegated ? 25 : 24);
	if (delegated) {
		put_be32(seconds);
		put_be32(seconds);
		*dhcp_room(1) = one_in(8) ? below(256) : 64;
	}
	put(prefix, 7);
	*dhcp_room(1) = delegated ? dhcp_now.addr >> 24 : 0;
	dhcp_room(7);
	*dhcp_room(1) = delegated ? 0 : dhcp_now.addr >> 24;
	if (!delegated) {
		put_be32(seconds);
		put_be32(seconds);
	}
}

static void put_dhcp6(unsigned int port, unsigned int type)
{
	unsigned int n = one_in(8) ? below(12) : 1;

	put16(dhcp_room(2), 546 + 547 - port);
	put16(dhcp_room(2), port);
	dhcp_room(4);
	put_be32(type << 24 | dhcp_now.xid);
	while (n--)
		put_association();
}

void dhcp_client6(void)
{
	static const uint8_t types[] = { 1, 3, 3, 5, 6, 8, 9, 11 };
	static const uint8_t group[16] = { 0xff, 2, [13] = 1, [15] = 2 };
	uint8_t own[16];
	uint8_t *ip;

	own_local(own, dhcp_now.mac);
	put_eth((const uint8_t *)"\x33\x33\0\1\0\2", dhcp_now.mac, ETH_P_IPV6);
	ip = put_ip6(own, group, IPPROTO_UDP);
	put_dhcp6(547, PICK(types));
	end_ip6(ip);
}

void dhcp_server6(void)
{
	static const uint8_t server[16] = { 0xfe, 0x80, [15] = 0x99 };
	uint8_t own[16];
	uint8_t *ip;

	own_local(own, dhcp_now.mac);
	put_eth(dhcp_now.mac, dhcp_now.mac, ETH_P_IPV6);
	mac_of(dhcp_frame.bytes + 6, NAME_WIRE);
	ip = put_ip6(server, own, IPPROTO_UDP);
	put_dhcp6(546, one_in(6) ? below(12) : 7);
	end_ip6(ip);
}

/* fe80::N, or 2001:db8::N of every fourth transaction */
static void asked_local(uint8_t *addr)
{
	memset(addr, 0, 16);
	memcpy(addr, dhcp_now.xid % 4 ? "\xfe\x80\0" : "\x20\x01\x0d\xb8", 4);
	addr[15] = dhcp_now.addr >> 24;
}

void dhcp_question(void)
{
	uint8_t group[16] = { 0xff, 2, [11] = 1, 0xff, [15] = dhcp_now.addr >> 24 };
	uint8_t mac[6] = { 0x33, 0x33, 0xff, 0, 0, group[15] };
	static const uint8_t none[16];
	uint8_t addr[16];
	uint8_t *ip;

	asked_local(addr);
	put_eth(mac, dhcp_now.mac, ETH_P_IPV6);
	ip = put_ip6(none, group, IPPROTO_ICMPV6);
	*dhcp_room(8) = 135;
	put(addr, 16);
	end_ip6(ip);
}

void dhcp_answer(void)
{
	static const uint8_t nodes[16] = { 0xff, 2, [15] = 1 };
	uint8_t addr[16];
	uint8_t *ip;

	asked_local(addr);
	put_eth((const uint8_t *)"\x33\x33\0\0\0\1", dhcp_now.mac, ETH_P_IPV6);
	mac_of(dhcp_frame.bytes + 6, NAME_WIRE);
	ip = put_ip6(addr, nodes, IPPROTO_ICMPV6);
	*dhcp_room(8) = 136;
	put(addr, 16);
	end_ip6(ip);
}

static void put_arp(const uint8_t *from, unsigned int op, uint32_t sender,
		    uint32_t target)
{
	put_eth(all, from, ETH_P_ARP);
	put("\0\1\x08\0\6\4", 6);
	put16(dhcp_room(2), op);
	put(from, 6);
	put(&sender, 4);
	dhcp_room(6);
	put(&target, 4);
}

/* A probe, or an announcement of either form (RFC 5227) */
void dhcp_probe(void)
{
	put_arp(dhcp_now.mac, 1 + below(2), one_in(2) ? 0 : dhcp_now.addr,
		dhcp_now.addr);
}

void dhcp_defence(void)
{
	uint8_t mac[6];

	mac_of(mac, NAME_WIRE);
	put_arp(mac, 1 + below(2), dhcp_now.addr, dhcp_now.addr);
}
