// SPDX-License-Identifier: GPL-2.0
/*
 * UDP: in one packet, in fragments, in super-frames, to groups.
 */
#include "traffic.h"

#include <arpa/inet.h>
#include <netinet/udp.h>

#ifndef UDP_SEGMENT
#define UDP_SEGMENT	103
#endif
#ifndef UDP_GRO
#define UDP_GRO		104
#endif

#ifndef IPV6_MULTICAST_ALL
#define IPV6_MULTICAST_ALL	29
#endif

#define PORT		5000
/* Of a datagram that only tells that its group is heard */
#define KNOCK		1
#define SEGMENTS_MAX	20

static unsigned char buffer[DATAGRAM_MAX], got[DATAGRAM_MAX];

static int family_of(const struct flow *f)
{
	return f->kind->ip6 ? AF_INET6 : AF_INET;
}

/* The longest payload that needs no fragments */
static unsigned int room(const struct flow *f)
{
	return shared->end[f->from].mtu - (f->kind->ip6 ? 48 : 28);
}

static void bind_to(int fd, int end, int family, unsigned int port)
{
	struct sockaddr_storage address;

	any_address(end, family, port, &address);
	if (bind(fd, (struct sockaddr *)&address, address_size(family)))
		err(2, "bind to port %u", port);
}

/* Fragments are the point, or at least no harm: no path MTU discovery. */
static void let_fragment(int fd, int family)
{
	int never = IP_PMTUDISC_DONT;

	if (family == AF_INET)
		setsockopt(fd, IPPROTO_IP, IP_MTU_DISCOVER, &never, sizeof(never));
	else
		setsockopt(fd, IPPROTO_IPV6, IPV6_MTU_DISCOVER, &never, sizeof(never));
}

static bool open_unicast(struct flow *f)
{
	struct sockaddr_storage address;
	int family = family_of(f);

	f->rx = open_socket(!f->from, family, SOCK_DGRAM, 0);
	f->tx = open_socket(f->from, family, SOCK_DGRAM, 0);
	if (f->rx < 0 || f->tx < 0)
		err(2, "%s", f->kind->name);
	bind_to(f->rx, !f->from, family, PORT + f->id);
	bind_to(f->tx, f->from, family, PORT + f->id);
	let_fragment(f->tx, family);
	any_address(!f->from, family, PORT + f->id, &address);
	if (connect(f->tx, (struct sockaddr *)&address, address_size(family)))
		err(2, "connect for %s", f->kind->name);
	return true;
}

static unsigned int small(const struct flow *f)
{
	return DATAGRAM_MIN +
	       chance(f->id, f->sent, 1) % (room(f) - DATAGRAM_MIN + 1);
}

static unsigned int large(const struct flow *f)
{
	unsigned int most = 50 * ((room(f) - 8) & ~7);

	if (most > 20000)
		most = 20000;
	return room(f) + 1 + chance(f->id, f->sent, 1) % (most - room(f));
}

static int send_size(struct flow *f, unsigned int size)
{
	fill_datagram(f, f->sent, buffer, size);
	return send(f->tx, buffer, size, 0) < 0 ? -1 : 1;
}

static int send_small(struct flow *f)
{
	return send_size(f, small(f));
}

static int send_large(struct flow *f)
{
	return send_size(f, large(f));
}

/* The size of the segments that the kernel merged, or 0 */
static unsigned int segment_size(struct msghdr *msg)
{
	struct cmsghdr *c;
	int size;

	for (c = CMSG_FIRSTHDR(msg); c; c = CMSG_NXTHDR(msg, c)) {
		if (c->cmsg_level != SOL_UDP || c->cmsg_type != UDP_GRO)
			continue;
		memcpy(&size, CMSG_DATA(c), sizeof(size));
		return size;
	}
	return 0;
}

static void receive(struct flow *f)
{
	struct iovec iov = { got, sizeof(got) };
	char control[64];
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };
	unsigned int size, at;
	ssize_t n;

	for (;;) {
		msg.msg_control = control;
		msg.msg_controllen = sizeof(control);
		n = recvmsg(f->rx, &msg, 0);
		if (n < 0)
			return;
		if (n == KNOCK)
			continue;
		size = segment_size(&msg);
		if (!size)
			size = n;
		for (at = 0; at < n; at += size)
			take(f, got + at, n - at < size ? n - at : size);
		if (!n)
			take(f, got, 0);
	}
}

static bool open_gso(struct flow *f)
{
	int on = 1;

	open_unicast(f);
	/* GRO in half of the directions: the other end has segments cut */
	if (chance(f->id, 0, 2) & 1)
		setsockopt(f->rx, SOL_UDP, UDP_GRO, &on, sizeof(on));
	f->arg = small(f);
	return true;
}

/* Fills in segments, of which only the last may be shorter; returns how many. */
static unsigned int fill_segments(struct flow *f, size_t *size)
{
	unsigned int n = 1 + chance(f->id, f->sent, 3) % SEGMENTS_MAX, i;
	unsigned int last = DATAGRAM_MIN +
			    chance(f->id, f->sent, 4) % (f->arg - DATAGRAM_MIN + 1);

	if (n > 60000 / f->arg)
		n = 60000 / f->arg;
	if (n > f->total - f->sent && f->sent < f->total)
		n = f->total - f->sent;
	for (i = 0; i < n; i++)
		fill_datagram(f, f->sent + i, buffer + i * f->arg,
			      i < n - 1 ? f->arg : last);
	*size = (n - 1) * f->arg + last;
	return n;
}

static int send_gso(struct flow *f)
{
	union {
		char space[CMSG_SPACE(sizeof(uint16_t))];
		struct cmsghdr align;
	} control = {};
	struct iovec iov = { .iov_base = buffer };
	struct msghdr msg = {
		.msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = sizeof(control),
	};
	struct cmsghdr *c = CMSG_FIRSTHDR(&msg);
	uint16_t segment = f->arg;
	unsigned int n;

	if (f->plain)
		return send_size(f, f->arg);
	n = fill_segments(f, &iov.iov_len);
	c->cmsg_level = SOL_UDP;
	c->cmsg_type = UDP_SEGMENT;
	c->cmsg_len = CMSG_LEN(sizeof(segment));
	memcpy(CMSG_DATA(c), &segment, sizeof(segment));
	if (sendmsg(f->tx, &msg, 0) >= 0)
		return n;
	/* older kernels: without the device's checksum, no super-frames */
	if (errno == EIO) {
		f->plain = true;
		errno = EAGAIN;
	}
	return -1;
}

static int member4(const struct flow *f, int option)
{
	struct ip_mreqn mreq = { .imr_ifindex = shared->end[!f->from].ifindex };

	inet_pton(AF_INET, GROUP4, &mreq.imr_multiaddr);
	return setsockopt(f->rx, IPPROTO_IP, option, &mreq, sizeof(mreq));
}

static int member6(const struct flow *f, int option)
{
	struct ipv6_mreq mreq = { .ipv6mr_interface = shared->end[!f->from].ifindex };

	inet_pton(AF_INET6, GROUP6, &mreq.ipv6mr_multiaddr);
	return setsockopt(f->rx, IPPROTO_IPV6, option, &mreq, sizeof(mreq));
}

/* A device that was moved has forgotten who listened; the socket has not. */
static void join_again(struct flow *f)
{
	if (f->kind->ip6) {
		member6(f, IPV6_LEAVE_GROUP);
		member6(f, IPV6_JOIN_GROUP);
	} else {
		member4(f, IP_DROP_MEMBERSHIP);
		member4(f, IP_ADD_MEMBERSHIP);
	}
}

/* A kernel may take a while until each device on the way hears a group. */
static void await_group(const struct flow *f)
{
	long end = now_ms() + STALL_MS;
	char byte;

	while (recv(f->rx, &byte, KNOCK, 0) < 0 && now_ms() < end) {
		send(f->tx, "", KNOCK, 0);
		usleep(5000);
	}
}

static bool open_multicast(struct flow *f)
{
	struct ip_mreqn by = {
		.imr_address = shared->end[f->from].ip4,
		.imr_ifindex = shared->end[f->from].ifindex,
	};
	struct sockaddr_storage group;
	int family = family_of(f), off = 0;
	int failed;

	f->rx = open_socket(!f->from, family, SOCK_DGRAM, 0);
	f->tx = open_socket(f->from, family, SOCK_DGRAM, 0);
	let_fragment(f->tx, family);
	bind_to(f->tx, f->from, family, PORT + f->id);
	any_address(f->from, family, PORT + f->id, &group);
	if (family == AF_INET) {
		inet_pton(AF_INET, GROUP4, &((struct sockaddr_in *)&group)->sin_addr);
		/* what other devices of the namespace hear is none of this */
		setsockopt(f->rx, IPPROTO_IP, IP_MULTICAST_ALL, &off, sizeof(off));
		failed = member4(f, IP_ADD_MEMBERSHIP) ||
			 setsockopt(f->tx, IPPROTO_IP, IP_MULTICAST_IF, &by, sizeof(by)) ||
			 setsockopt(f->tx, IPPROTO_IP, IP_MULTICAST_LOOP, &off, sizeof(off));
	} else {
		inet_pton(AF_INET6, GROUP6, &((struct sockaddr_in6 *)&group)->sin6_addr);
		setsockopt(f->rx, IPPROTO_IPV6, IPV6_MULTICAST_ALL, &off, sizeof(off));
		failed = member6(f, IPV6_JOIN_GROUP) ||
			 setsockopt(f->tx, IPPROTO_IPV6, IPV6_MULTICAST_IF,
				    &by.imr_ifindex, sizeof(by.imr_ifindex)) ||
			 setsockopt(f->tx, IPPROTO_IPV6, IPV6_MULTICAST_LOOP, &off,
				    sizeof(off));
	}
	if (failed || bind(f->rx, (struct sockaddr *)&group, address_size(family)) ||
	    connect(f->tx, (struct sockaddr *)&group, address_size(family)))
		err(2, "%s", f->kind->name);
	await_group(f);
	return true;
}

#define KIND(kind_name, word, six, how_many, way, opener, sender) {		\
	.name = kind_name, .excluded = word, .ip6 = six, .total = how_many,	\
	.window = way, .open = opener, .send = sender, .receive = receive,	\
}

const struct kind udp4 = KIND("UDP", "udp", false, 160, 8, open_unicast, send_small);
const struct kind udp6 =
	KIND("UDP over IPv6", "udp", true, 160, 8, open_unicast, send_small);
const struct kind udp4_fragments =
	KIND("UDP in fragments", "udp", false, 30, 1, open_unicast, send_large);
const struct kind udp6_fragments =
	KIND("UDP in fragments of IPv6", "udp", true, 30, 1, open_unicast, send_large);
const struct kind udp4_gso =
	KIND("UDP in super-frames", "udp", false, 300, 1, open_gso, send_gso);
const struct kind udp6_gso =
	KIND("UDP in super-frames of IPv6", "udp", true, 300, 1, open_gso, send_gso);

#define MULTICAST_KIND(kind_name, six, how_many, way, sender) {			\
	.name = kind_name, .excluded = "multicast", .ip6 = six,			\
	.total = how_many, .window = way, .open = open_multicast,		\
	.send = sender, .receive = receive, .rebind = join_again,		\
}

const struct kind multicast4 = MULTICAST_KIND("multicast", false, 60, 4, send_small);
const struct kind multicast6 =
	MULTICAST_KIND("multicast of IPv6", true, 60, 4, send_small);
const struct kind multicast4_fragments =
	MULTICAST_KIND("multicast in fragments", false, 20, 1, send_large);
const struct kind multicast6_fragments =
	MULTICAST_KIND("multicast in fragments of IPv6", true, 20, 1, send_large);
