// SPDX-License-Identifier: GPL-2.0
/*
 * Ordinary sockets between the namespaces: TCP in odd pieces, UDP, groups.
 */
#include <arpa/inet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include "world.h"

#define PORT	7
#define UDP_SEGMENT	103
#define UDP_GRO		104

enum kind { FREE, LISTENER, STREAM, DATAGRAM };

static struct slot {
	enum kind kind;
	int fd;
} slots[24];

static uint8_t bytes[65536];

static struct slot *pick_slot(enum kind kind)
{
	unsigned int i, n = below(COUNT(slots));

	for (i = 0; i < COUNT(slots); i++)
		if (slots[(n + i) % COUNT(slots)].kind == kind)
			return &slots[(n + i) % COUNT(slots)];
	return NULL;
}

/* An unused one, or one that is used no longer */
static struct slot *new_slot(void)
{
	struct slot *s = pick_slot(FREE);

	if (!s) {
		s = &PICK(slots);
		close(s->fd);
		s->kind = FREE;
	}
	return s;
}

static struct sockaddr_in address_of(unsigned int number, unsigned int port)
{
	struct sockaddr_in sin = {
		.sin_family = AF_INET,
		.sin_port = htons(port),
		.sin_addr.s_addr = ip_of(number),
	};

	return sin;
}

/* A socket in a device's namespace, more often than not bound to it */
static int open_socket(int type, struct device *d)
{
	int fd, on = 1;

	if (!pick_device(d))
		return IDLE;
	world_enter(d->ns);
	fd = socket(AF_INET, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return IDLE;
	if (one_in(2))
		setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, d->name,
			   strlen(d->name) + 1);
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	return fd;
}

/* A socket that is ready has a slot; one that the kernel refused something, with
 * that error, is closed.
 */
static int keep(int fd, enum kind kind, int error)
{
	struct slot *s;

	if (error) {
		close(fd);
		return error;
	}
	s = new_slot();
	s->kind = kind;
	s->fd = fd;
	return 0;
}

static int bind_any(int fd)
{
	struct sockaddr_in any = {
		.sin_family = AF_INET,
		.sin_port = htons(PORT),
	};

	return bind(fd, (void *)&any, sizeof(any)) ? errno : 0;
}

static int listen_tcp(const struct verb *verb)
{
	struct device d;
	int fd = open_socket(SOCK_STREAM, &d), error;

	(void)verb;
	if (fd == IDLE)
		return IDLE;
	error = bind_any(fd);
	if (!error && listen(fd, 8))
		error = errno;
	return keep(fd, LISTENER, error);
}

static int connect_tcp(const struct verb *verb)
{
	struct sockaddr_in to = address_of(below(NR_NAMES), PORT);
	struct device d;
	int fd = open_socket(SOCK_STREAM, &d), error = 0;

	(void)verb;
	if (fd == IDLE)
		return IDLE;
	if (connect(fd, (void *)&to, sizeof(to)) && errno != EINPROGRESS)
		error = errno;
	return keep(fd, STREAM, error);
}

/* From any listener that somebody has reached */
static int accept_tcp(const struct verb *verb)
{
	unsigned int i;
	int fd;

	(void)verb;
	for (i = 0; i < COUNT(slots); i++) {
		if (slots[i].kind != LISTENER)
			continue;
		fd = accept4(slots[i].fd, NULL, NULL,
			     SOCK_NONBLOCK | SOCK_CLOEXEC);
		if (fd >= 0)
			return keep(fd, STREAM, 0);
		if (errno != EAGAIN)
			return errno;
	}
	return IDLE;
}

/* Pieces that cannot be merged before they are sent, and such as can */
static int send_tcp(const struct verb *verb)
{
	struct slot *s = pick_slot(STREAM);
	unsigned int n = 1 + below(16);
	ssize_t sent = 0;

	(void)verb;
	if (!s)
		return IDLE;
	while (n-- && sent >= 0)
		sent = send(s->fd, bytes, one_in(4) ? 1 + below(60000) :
						      1 + below(1400),
			    MSG_NOSIGNAL | (one_in(2) ? MSG_EOR : 0));
	return sent < 0 ? errno : 0;
}

static int open_udp(const struct verb *verb)
{
	struct ip_mreqn mreq = {
		.imr_multiaddr.s_addr = htonl(0xef010100 + below(4)),
	};
	struct device d;
	int fd = open_socket(SOCK_DGRAM, &d), on = 1;

	(void)verb;
	if (fd == IDLE)
		return IDLE;
	setsockopt(fd, SOL_SOCKET, SO_BROADCAST, &on, sizeof(on));
	setsockopt(fd, IPPROTO_UDP, UDP_GRO, &on, sizeof(on));
	mreq.imr_ifindex = d.ifindex;
	setsockopt(fd, IPPROTO_IP, IP_ADD_MEMBERSHIP, &mreq, sizeof(mreq));
	setsockopt(fd, IPPROTO_IP, IP_MULTICAST_IF, &mreq, sizeof(mreq));
	return keep(fd, DATAGRAM, bind_any(fd));
}

static int send_udp(const struct verb *verb)
{
	struct sockaddr_in to = address_of(below(NR_NAMES), PORT);
	struct slot *s = pick_slot(DATAGRAM);
	int segment = one_in(4) ? 1 + below(1472) : 0;
	size_t len = one_in(4) ? below(65000) : below(1400);

	(void)verb;
	if (!s)
		return IDLE;
	if (one_in(4))
		to.sin_addr.s_addr = htonl(0xef010100 + below(4));
	else if (one_in(6))
		to.sin_addr.s_addr = htonl(0x0a09ffff);
	setsockopt(s->fd, IPPROTO_UDP, UDP_SEGMENT, &segment, sizeof(segment));
	return sendto(s->fd, bytes, len, 0, (void *)&to, sizeof(to)) < 0 ?
	       errno : 0;
}

/* Some of what there is for each socket of a kind: what a ring of devices keeps
 * sending would be read for ever.
 */
static int receive(const struct verb *verb)
{
	enum kind kind = *(const enum kind *)verb->arg;
	int error = IDLE;
	unsigned int i, n;

	for (i = 0; i < COUNT(slots); i++) {
		for (n = 0; n < 64 && slots[i].kind == kind; n++) {
			if (recv(slots[i].fd, bytes, sizeof(bytes), 0) < 0)
				break;
			error = 0;
		}
	}
	return error;
}

static int close_any(const struct verb *verb)
{
	struct slot *s = &PICK(slots);

	(void)verb;
	if (s->kind == FREE)
		return IDLE;
	s->kind = FREE;
	return close(s->fd) ? errno : 0;
}

static const enum kind stream = STREAM, datagram = DATAGRAM;

const struct verb socket_verbs[] = {
	{ "tcp-listen", listen_tcp, 6, FRAMES, false, NULL, NULL },
	{ "tcp-connect", connect_tcp, 16, FRAMES, false, NULL, NULL },
	{ "tcp-accept", accept_tcp, 16, FRAMES, false, NULL, NULL },
	{ "tcp-send", send_tcp, 40, FRAMES, false, NULL, NULL },
	{ "tcp-receive", receive, 12, FRAMES, false, &stream, NULL },
	{ "udp-open", open_udp, 10, FRAMES, false, NULL, NULL },
	{ "udp-send", send_udp, 30, FRAMES, false, NULL, NULL },
	{ "udp-receive", receive, 10, FRAMES, false, &datagram, NULL },
	{ "socket-close", close_any, 4, FRAMES, false, NULL, NULL },
	{ }
};
