// SPDX-License-Identifier: GPL-2.0
/*
 * Frames: raw ones of every length, questions by ARP and ND that the other end's
 * kernel answers, and what gets to whom it is not for.
 */
#include "traffic.h"

#include <arpa/inet.h>
#include <linux/filter.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>

#include "../netns/helpers/enter.h"
#include "../netns/helpers/frame.h"

#define TYPE		0x88b5
#define LENGTHS_MAX	700
#define WATCHED_MAX	4
/* The questions of ARP and ND are in the name of so many neighbours. */
#define ASKERS		100

static unsigned char frame[DATAGRAM_MAX], got[DATAGRAM_MAX];

static void bind_packet(int fd, int end, unsigned int type)
{
	struct sockaddr_ll address = {
		.sll_family = AF_PACKET,
		.sll_protocol = htons(type),
		.sll_ifindex = shared->end[end].ifindex,
	};

	/* The device may be away. */
	if (bind(fd, (struct sockaddr *)&address, sizeof(address)) && !has_event)
		err(2, "bind to %s", shared->end[end].dev);
}

static int send_frame(const struct flow *f, size_t size)
{
	struct sockaddr_ll to = {
		.sll_family = AF_PACKET,
		.sll_ifindex = shared->end[f->from].ifindex,
	};

	return sendto(f->tx, frame, size, 0, (struct sockaddr *)&to, sizeof(to)) < 0 ?
	       -1 : 1;
}

/* The ends' addresses may change in an event. */
static void fill_eth(const struct flow *f, unsigned int type)
{
	struct ether_header *eth = (void *)frame;

	memcpy(eth->ether_dhost, shared->end[!f->from].mac, ETH_ALEN);
	memcpy(eth->ether_shost, shared->end[f->from].mac, ETH_ALEN);
	eth->ether_type = htons(type);
}

static void rebind_raw(struct flow *f)
{
	bind_packet(f->rx, !f->from, TYPE);
}

static unsigned int lengths(const struct flow *f)
{
	return shared->end[f->from].mtu + ETH_HLEN - ETH_ZLEN + 1;
}

/* Every other length in either direction, so all together; of too many, some. */
static bool open_raw(struct flow *f)
{
	f->tx = open_socket(f->from, AF_PACKET, SOCK_RAW, 0);
	f->rx = open_socket(!f->from, AF_PACKET, SOCK_RAW, 0);
	if (f->rx < 0 || f->tx < 0)
		err(2, "packet socket");
	bind_packet(f->rx, !f->from, TYPE);
	f->arg = 2;
	while (lengths(f) / f->arg > LENGTHS_MAX + 30)
		f->arg++;
	f->total = (lengths(f) + f->arg - 1) / f->arg;
	return true;
}

static unsigned int raw_length(const struct flow *f)
{
	unsigned int first = f->arg == 2 ? (unsigned int)f->from : chance(f->id, 0, 5);

	if (f->sent == f->total - 1)
		return ETH_ZLEN + lengths(f) - 1;
	return ETH_ZLEN + (f->sent * f->arg + first % f->arg) % lengths(f);
}

static int send_raw(struct flow *f)
{
	unsigned int length = raw_length(f);

	fill_eth(f, TYPE);
	fill_datagram(f, f->sent, frame + ETH_HLEN, length - ETH_HLEN);
	return send_frame(f, length);
}

static void receive_raw(struct flow *f)
{
	ssize_t n;

	while ((n = recv(f->rx, got, sizeof(got), 0)) >= 0)
		if (n >= ETH_HLEN)
			take(f, got + ETH_HLEN, n - ETH_HLEN);
}

const struct kind raw = {
	.name = "raw frames",
	.excluded = "raw",
	.window = 32,
	.open = open_raw,
	.send = send_raw,
	.receive = receive_raw,
	.rebind = rebind_raw,
};

/* The question whose asker has that number, if it was not long ago */
static void answered(struct flow *f, unsigned int asker, const unsigned char *mac)
{
	unsigned int number = f->sent / ASKERS * ASKERS + asker;

	/* f->sent follows when it is sent */
	if (number > f->sent && number >= ASKERS)
		number -= ASKERS;
	if (!has_event && memcmp(mac, shared->end[!f->from].mac, ETH_ALEN))
		damaged(f, number, "the answer names another address");
	/* on a machine that is slow, it may be to the asker's question before */
	if (f->sent > ASKERS && f->got[number / 8] & 1 << (number & 7))
		return;
	count_arrival(f, number, ETH_ALEN);
}

static void rebind_arp(struct flow *f)
{
	bind_packet(f->rx, f->from, ETH_P_ARP);
}

static bool open_arp(struct flow *f)
{
	f->tx = open_socket(f->from, AF_PACKET, SOCK_RAW, 0);
	f->rx = open_socket(f->from, AF_PACKET, SOCK_RAW, 0);
	rebind_arp(f);
	return true;
}

/* 192.0.2.100 and so on ask, whom nobody else knows. */
static int send_arp(struct flow *f)
{
	static const unsigned char request[] = { 0, 1, 8, 0, 6, 4, 0, 1 };
	const struct end *from = &shared->end[f->from], *to = &shared->end[!f->from];
	unsigned char *at = frame + ETH_HLEN;

	memset(frame, 0, ETH_ZLEN);
	fill_eth(f, ETH_P_ARP);
	memset(frame, 0xff, ETH_ALEN);
	memcpy(at, request, 8);
	memcpy(at + 8, from->mac, ETH_ALEN);
	memcpy(at + 14, &from->ip4, 4);
	at[17] = 100 + f->sent % ASKERS;
	memcpy(at + 24, &to->ip4, 4);
	return send_frame(f, ETH_ZLEN);
}

static void receive_arp(struct flow *f)
{
	const unsigned char *at = got + ETH_HLEN;
	ssize_t n;

	while ((n = recv(f->rx, got, sizeof(got), 0)) >= 0)
		if (n >= ETH_HLEN + 28 && at[7] == 2 && at[27] >= 100 &&
		    !memcmp(at + 14, &shared->end[!f->from].ip4, 4))
			answered(f, at[27] - 100, at + 8);
}

const struct kind arp = {
	.name = "ARP",
	.excluded = "neighbours",
	.answered = true,
	.window = 1,
	.total = 20,
	.open = open_arp,
	.send = send_arp,
	.receive = receive_arp,
	.rebind = rebind_arp,
};

static void rebind_nd(struct flow *f)
{
	bind_packet(f->rx, f->from, ETH_P_IPV6);
}

/* Hears neighbour advertisements only. */
static bool open_nd(struct flow *f)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_B | BPF_ABS, ETH_HLEN + 6),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, IPPROTO_ICMPV6, 0, 3),
		BPF_STMT(BPF_LD | BPF_B | BPF_ABS, ETH_HLEN + 40),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 136, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, 2000),
		BPF_STMT(BPF_RET | BPF_K, 0),
	};
	struct sock_fprog filter = { sizeof(code) / sizeof(*code), code };

	f->tx = open_socket(f->from, AF_PACKET, SOCK_RAW, 0);
	f->rx = open_socket(f->from, AF_PACKET, SOCK_RAW, 0);
	if (setsockopt(f->rx, SOL_SOCKET, SO_ATTACH_FILTER, &filter, sizeof(filter)))
		err(2, "filter");
	rebind_nd(f);
	return true;
}

/* An address like the sender's, but for its end */
static void asker_address(const struct flow *f, unsigned char *to)
{
	memcpy(to, &shared->end[f->from].ip6, 16);
	to[14] = 0x77;
	to[15] = f->sent % ASKERS;
}

static int send_nd(struct flow *f)
{
	const struct end *from = &shared->end[f->from], *to = &shared->end[!f->from];
	unsigned char *ip = frame + ETH_HLEN, *icmp = ip + 40;
	const unsigned int size = 32;
	unsigned int sum;

	memset(frame, 0, ETH_HLEN + 40 + size);
	fill_eth(f, ETH_P_IPV6);
	ip[0] = 0x60;
	put16(ip + 4, size);
	ip[6] = IPPROTO_ICMPV6;
	ip[7] = 255;
	asker_address(f, ip + 8);
	memcpy(ip + 24, "\xff\x02\0\0\0\0\0\0\0\0\0\1\xff", 13);
	memcpy(ip + 37, (unsigned char *)&to->ip6 + 13, 3);
	memcpy(frame, "\x33\x33", 2);
	memcpy(frame + 2, ip + 36, 4);
	icmp[0] = 135;
	memcpy(icmp + 8, &to->ip6, 16);
	icmp[24] = 1;
	icmp[25] = 1;
	memcpy(icmp + 26, from->mac, ETH_ALEN);
	sum = sum16(ip + 8, 32) + size + IPPROTO_ICMPV6 + sum16(icmp, size);
	put16(icmp + 2, ~fold(sum));
	return send_frame(f, ETH_HLEN + 40 + size);
}

static void receive_nd(struct flow *f)
{
	const unsigned char *ip = got + ETH_HLEN, *icmp = ip + 40;
	ssize_t n;

	while ((n = recv(f->rx, got, sizeof(got), 0)) >= 0)
		if (n >= ETH_HLEN + 40 + 32 && ip[38] == 0x77 && ip[39] < ASKERS &&
		    !memcmp(icmp + 8, &shared->end[!f->from].ip6, 16))
			answered(f, ip[39], icmp + 26);
}

const struct kind nd = {
	.name = "neighbour discovery",
	.excluded = "neighbours",
	.ip6 = true,
	.answered = true,
	.window = 1,
	.total = 20,
	.open = open_nd,
	.send = send_nd,
	.receive = receive_nd,
	.rebind = rebind_nd,
};

static struct {
	const char *where;
	bool groups;
	int fd;
} watched[WATCHED_MAX];
static unsigned int nr_watched;

/* A device that must not get what is for the ends, nor for the group. */
void watch(const char *where, bool groups)
{
	struct sockaddr_ll address = {
		.sll_family = AF_PACKET,
		.sll_protocol = htons(ETH_P_ALL),
	};
	char ns[NAME_SIZE], dev[NAME_SIZE];
	int size = 16 << 20, fd;

	if (sscanf(where, "%31[^/]/%31s", ns, dev) != 2 || nr_watched == WATCHED_MAX)
		errx(2, "cannot watch %s", where);
	enter(ns);
	address.sll_ifindex = if_nametoindex(dev);
	fd = socket(AF_PACKET, SOCK_RAW | SOCK_NONBLOCK, 0);
	setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size));
	if (!address.sll_ifindex ||
	    bind(fd, (struct sockaddr *)&address, sizeof(address)))
		err(2, "%s", where);
	watched[nr_watched].where = where;
	watched[nr_watched].groups = groups;
	watched[nr_watched++].fd = fd;
}

static bool is_wrong(const unsigned char *to, bool groups)
{
	if (!memcmp(to, shared->end[0].mac, ETH_ALEN) ||
	    !memcmp(to, shared->end[1].mac, ETH_ALEN))
		return true;
	return groups && (!memcmp(to, "\x01\x00\x5e\x01\x02\x03", ETH_ALEN) ||
			  !memcmp(to, "\x33\x33\x00\x00\x01\x23", ETH_ALEN));
}

void look(void)
{
	struct sockaddr_ll from;
	unsigned char to[ETH_HLEN];
	socklen_t size;
	unsigned int i;

	for (i = 0; i < nr_watched; i++) {
		size = sizeof(from);
		while (recvfrom(watched[i].fd, to, sizeof(to), 0,
				(struct sockaddr *)&from, &size) == sizeof(to))
			if (from.sll_pkttype != PACKET_OUTGOING &&
			    is_wrong(to, watched[i].groups))
				fault("%s got a frame for %02x:%02x:%02x:%02x:%02x:%02x, type %04x",
				      watched[i].where, to[0], to[1], to[2], to[3],
				      to[4], to[5], ntohs(from.sll_protocol));
	}
}
