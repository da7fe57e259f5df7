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

static int listen_tcp(const struct verb *verb)
{
	struct sockaddr_in any = address_of(0, PORT);
	struct device d;
	struct slot *s;
	int fd = open_socket(SOCK_STREAM, &d);

	(void)verb;
	if (fd == IDLE)
		return IDLE;
	any.sin_addr.s_addr = 0;
	if (bind(fd, (void *)&any, sizeof(any)) || listen(fd, 8)) {
		int error = errno;

		close(fd);
		return error;
	}
	s = new_slot();
	s->kind = LISTENER;
	s->fd = fd;
	return 0;
}

static int connect_tcp(const struct verb *verb)
{
	struct sockaddr_in to = address_of(below(NR_NAMES), PORT);
	struct device d;
	struct slot *s;
	int fd = open_socket(SOCK_STREAM, &d);

	(void)verb;
	if (fd == IDLE)
		return IDLE;
	if (connect(fd, (void *)&to, sizeof(to)) && errno != EINPROGRESS) {
		int error = errno;

		close(fd);
		return error;
	}
	s = new_slot();
	s->kind = STREAM;
	s->fd = fd;
	return 0;
}

static int accept_tcp(const struct verb *verb)
{
	struct slot *s = pick_slot(LISTENER);
	int fd;

	(void)verb;
	if (!s)
		return IDLE;
	fd = accept4(s->fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
	if (fd < 0)
		return errno == EAGAIN ? IDLE : errno;
	s = new_slot();
	s->kind = STREAM;
	s->fd = fd;
	return 0;
}

/* Pieces that cannot be put together before they are sent, and such as can */
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

static int receive_tcp(const struct verb *verb)
{
	int error = IDLE;
	unsigned int i;

	(void)verb;
	for (i = 0; i < COUNT(slots); i++)
		if (slots[i].kind == STREAM &&
		    recv(slots[i].fd, bytes, sizeof(bytes), 0) > 0)
			error = 0;
	return error;
}

static int open_udp(const struct verb *verb)
{
	struct sockaddr_in any = address_of(0, PORT);
	struct ip_mreqn mreq = {
		.imr_multiaddr.s_addr = htonl(0xef010100 + below(4)),
	};
	struct device d;
	struct slot *s;
	int fd = open_socket(SOCK_DGRAM, &d), on = 1;

	(void)verb;
	if (fd == IDLE)
		return IDLE;
	any.sin_addr.s_addr = 0;
	setsockopt(fd, SOL_SOCKET, SO_BROADCAST, &on, sizeof(on));
	setsockopt(fd, IPPROTO_UDP, UDP_GRO, &on, sizeof(on));
	mreq.imr_ifindex = d.ifindex;
	setsockopt(fd, IPPROTO_IP, IP_ADD_MEMBERSHIP, &mreq, sizeof(mreq));
	setsockopt(fd, IPPROTO_IP, IP_MULTICAST_IF, &mreq, sizeof(mreq));
	if (bind(fd, (void *)&any, sizeof(any))) {
		int error = errno;

		close(fd);
		return error;
	}
	s = new_slot();
	s->kind = DATAGRAM;
	s->fd = fd;
	return 0;
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

static int receive_udp(const struct verb *verb)
{
	int error = IDLE;
	unsigned int i;

	(void)verb;
	for (i = 0; i < COUNT(slots); i++)
		while (slots[i].kind == DATAGRAM &&
		       recv(slots[i].fd, bytes, sizeof(bytes), 0) >= 0)
			error = 0;
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

const struct verb socket_verbs[] = {
	{ "tcp-listen", listen_tcp, 6, FRAMES, false, NULL, NULL },
	{ "tcp-connect", connect_tcp, 16, FRAMES, false, NULL, NULL },
	{ "tcp-accept", accept_tcp, 16, FRAMES, false, NULL, NULL },
	{ "tcp-send", send_tcp, 40, FRAMES, false, NULL, NULL },
	{ "tcp-receive", receive_tcp, 12, FRAMES, false, NULL, NULL },
	{ "udp-open", open_udp, 10, FRAMES, false, NULL, NULL },
	{ "udp-send", send_udp, 30, FRAMES, false, NULL, NULL },
	{ "udp-receive", receive_udp, 10, FRAMES, false, NULL, NULL },
	{ "socket-close", close_any, 4, FRAMES, false, NULL, NULL },
	{ }
};
