// SPDX-License-Identifier: GPL-2.0
/*
 * Bytes in order, in both directions: TCP in pieces of odd sizes, some of which end
 * a segment (MSG_EOR) or want company (MSG_MORE), and SCTP.
 */
#include "traffic.h"

#include <poll.h>
#include <sys/socket.h>

#include <linux/sctp.h>

#define PORT		6000
#define PIECE_MAX	60000
#define SEGMENTS	500

static unsigned char buffer[PIECE_MAX], got[PIECE_MAX];

/* The byte at that place, of what one end sends */
static unsigned char byte_at(const struct stream *s, int end, size_t at)
{
	return at * 31 + (at >> 8) * 7 + (at >> 16) * 13 + s->id * 101 + end * 57 +
	       seed;
}

/* A lost packet costs a second by default, the first three. */
static void hurry(int fd)
{
	struct sctp_rtoinfo rto = {
		.srto_initial = 300,
		.srto_min = 50,
		.srto_max = 1000,
	};
	struct sctp_assocparams assoc = { .sasoc_asocmaxrxt = 100 };

	setsockopt(fd, IPPROTO_SCTP, SCTP_RTOINFO, &rto, sizeof(rto));
	setsockopt(fd, IPPROTO_SCTP, SCTP_ASSOCINFO, &assoc, sizeof(assoc));
}

/* No segment is shorter than 48 bytes, so what does not fit goes in fragments. */
static void let_fragment(int fd)
{
	int never = IP_PMTUDISC_DONT;

	if (shared->end[0].mtu < 48 + 40 + 12)
		setsockopt(fd, IPPROTO_IP, IP_MTU_DISCOVER, &never, sizeof(never));
}

static bool ready(int fd, short events)
{
	struct pollfd pfd = { .fd = fd, .events = events };

	return poll(&pfd, 1, STALL_MS) == 1;
}

/* Connects the ends; returns false if the kernel has no such protocol. */
static bool connect_stream(struct stream *s, int family)
{
	int protocol = s->sctp ? IPPROTO_SCTP : 0, client = s->id & 1, listener;
	struct sockaddr_storage address;
	socklen_t size = sizeof(int);
	int error = 0;

	listener = open_socket(!client, family, SOCK_STREAM, protocol);
	if (listener < 0 && s->sctp && errno == EPROTONOSUPPORT)
		return false;
	any_address(!client, family, PORT + s->id, &address);
	if (bind(listener, (struct sockaddr *)&address, address_size(family)))
		err(2, "bind for %s", s->name);
	if (s->sctp)
		hurry(listener);
	let_fragment(listener);
	listen(listener, 1);

	s->fd[client] = open_socket(client, family, SOCK_STREAM, protocol);
	if (s->sctp)
		hurry(s->fd[client]);
	let_fragment(s->fd[client]);
	if (connect(s->fd[client], (struct sockaddr *)&address, address_size(family)) &&
	    errno != EINPROGRESS)
		err(2, "connect for %s", s->name);
	if (ready(s->fd[client], POLLOUT) && ready(listener, POLLIN))
		s->fd[!client] = accept4(listener, NULL, NULL, SOCK_NONBLOCK);
	getsockopt(s->fd[client], SOL_SOCKET, SO_ERROR, &error, &size);
	if (s->fd[!client] <= 0 || error) {
		fault("%s: no connection: %s", s->name, strerror(error));
		s->total = 0;
	}
	close(listener);
	return true;
}

static void add_stream(const char *name, const char *word, int family, bool sctp)
{
	struct stream *s = &shared->streams[shared->nr_streams];
	unsigned int mtu = shared->end[0].mtu;

	if (is_excluded(word))
		return;
	if (shared->end[1].mtu < mtu)
		mtu = shared->end[1].mtu;
	s->name = name;
	s->id = shared->nr_streams + (seed & 1);
	s->sctp = sctp;
	s->total = (mtu - 40) * (may_lose || may_reorder ? SEGMENTS / 2 : SEGMENTS);
	if (s->total > 1000000)
		s->total = 1000000;
	if (sctp)
		s->total /= 4;
	if (connect_stream(s, family))
		shared->nr_streams++;
}

/* How much an end may have sent now: the rest is for after the event. */
static size_t limit(const struct stream *s)
{
	return has_event && !shared->resumed ? s->total / 4 * 3 : s->total;
}

/* @most: that is left to send now */
static size_t piece_of(const struct stream *s, int end, size_t most, int *flags)
{
	uint32_t by = chance(s->id, s->sent[end], end), size;

	switch (by % 8) {
	case 0:
		size = 1 + (by >> 8) % 16;
		break;
	case 1:
		size = 1 + (by >> 8) % PIECE_MAX;
		break;
	case 2:
	case 3:
		size = 700;
		break;
	default:
		size = 1 + (by >> 8) % 3000;
	}
	if (s->sctp && size > 8000)
		size = 8000;
	if (size > most)
		size = most;
	if (!s->sctp && by >> 4 & 1)
		*flags = MSG_EOR;
	else if (!s->sctp && by >> 5 & 1 && size < most)
		*flags = MSG_MORE;
	return size;
}

/* Errors that pass: no route at the moment, no room */
static bool passes(int error)
{
	return error == EAGAIN || error == ENOBUFS || error == ENETUNREACH ||
	       error == EHOSTUNREACH || error == ENETDOWN || error == ENODEV;
}

static void send_piece(struct stream *s, int end)
{
	size_t sent = s->sent[end], most = limit(s), size, i;
	int flags = 0;
	ssize_t n;

	/* a fault has ended it */
	if (sent >= most)
		return;
	size = piece_of(s, end, most - sent, &flags);
	for (i = 0; i < size; i++)
		buffer[i] = byte_at(s, end, sent + i);
	n = send(s->fd[end], buffer, size, flags | MSG_DONTWAIT);
	if (n > 0) {
		s->sent[end] = sent + n;
	} else if (n < 0 && !passes(errno)) {
		fault("%s: send, after %zu bytes: %s", s->name, sent, strerror(errno));
		s->total = 0;
	}
}

static void receive_piece(struct stream *s, int end)
{
	size_t done = s->got[end], i;
	ssize_t n;

	n = recv(s->fd[end], got, sizeof(got), MSG_DONTWAIT);
	if (n == 0 || (n < 0 && !passes(errno))) {
		fault("%s: receive, after %zu bytes: %s", s->name, done,
		      n ? strerror(errno) : "the end");
		s->total = 0;
	}
	if (n <= 0)
		return;
	if (done + n > s->total)
		fault("%s: more bytes than were sent", s->name);
	for (i = 0; i < (size_t)n; i++) {
		if (got[i] != byte_at(s, !end, done + i)) {
			fault("%s, at the %s end: wrong at byte %zu of %zu", s->name,
			      end ? "far" : "near", done + i, s->total);
			s->total = 0;
			break;
		}
	}
	s->got[end] = done + n;
}

static void step(int end)
{
	struct pollfd pfds[STREAMS_MAX] = {};
	struct stream *s;
	unsigned int i;

	for (i = 0; i < shared->nr_streams; i++) {
		s = &shared->streams[i];
		pfds[i].fd = s->total ? s->fd[end] : -1;
		pfds[i].events = POLLIN;
		if (s->sent[end] < limit(s))
			pfds[i].events |= POLLOUT;
	}
	if (poll(pfds, i, 2) <= 0)
		return;
	for (i = 0; i < shared->nr_streams; i++) {
		if (pfds[i].revents & ~POLLOUT)
			receive_piece(&shared->streams[i], end);
		if (pfds[i].revents & POLLOUT)
			send_piece(&shared->streams[i], end);
	}
}

static bool is_done(void)
{
	unsigned int i;

	for (i = 0; i < shared->nr_streams; i++)
		if (shared->streams[i].got[0] < shared->streams[i].total ||
		    shared->streams[i].got[1] < shared->streams[i].total)
			return false;
	return true;
}

static bool is_half(void)
{
	unsigned int i;

	for (i = 0; i < shared->nr_streams; i++)
		if (shared->streams[i].sent[0] < shared->streams[i].total / 2 ||
		    shared->streams[i].sent[1] < shared->streams[i].total / 2)
			return false;
	return true;
}

static unsigned long progress(void)
{
	unsigned long sum = 0;
	unsigned int i;

	for (i = 0; i < shared->nr_streams; i++)
		sum += shared->streams[i].got[0] + shared->streams[i].got[1];
	return sum;
}

static void complain(void)
{
	unsigned int i;

	for (i = 0; i < shared->nr_streams; i++) {
		struct stream *s = &shared->streams[i];

		if (s->got[0] < s->total || s->got[1] < s->total)
			fault("%s: of %zu, to near %zu sent, %zu arrived; to far %zu, %zu",
			      s->name, s->total, s->sent[1], s->got[0], s->sent[0],
			      s->got[1]);
	}
}

void run_streams(void)
{
	add_stream("TCP", "tcp", AF_INET, false);
	if (!IN6_IS_ADDR_UNSPECIFIED(&shared->end[0].ip6))
		add_stream("TCP over IPv6", "tcp", AF_INET6, false);
	add_stream("SCTP", "sctp", AF_INET, true);
	run_stage(step, is_done, progress, is_half, complain);
}
