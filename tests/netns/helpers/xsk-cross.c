// SPDX-License-Identifier: GPL-2.0
/*
 * AF_XDP sockets by two devices, between which frames go without an skb: what becomes of
 * them where the second device has a program of its own, and when both send at once.
 *
 *	xsk-cross [OPTION...] NAMESPACE/DEVICE NAMESPACE/DEVICE [NAMESPACE/DEVICE]
 *	  -n COUNT	how many frames the first sends (100), numbered
 *	  -l BYTES	of each (60)
 *	  -p SECONDS	how long to wait for a frame (5)
 *	  -x		both send, each on another processor
 *	  -c		the sockets are copying, not zero-copy
 *	  -e		the second device has an XDP program already
 *	  -r		frames come back to the first device's socket; otherwise they arrive at
 *			the stack of the third device, if it is named
 *	  -s		frames arrive nowhere: wait until the kernel has taken all
 *
 * Prints how many frames came, for each sender, and what was wrong with them: all of
 * their bytes follow from their number, but the addresses, which a program may change.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <poll.h>
#include <sched.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include "xsk-end.h"

#define WINDOW		64
#define TYPE		0x88b5
/* Where the frame's number is */
#define NUMBER		14

/* Of all processes */
static struct shared {
	unsigned int ready, taken[2];
} *shared;

static struct end ends[2], outside = { .fd = -1 };
static unsigned int count = 100, bytes = 60, patience = 5000;
static bool both, external, reflected, sink;
static bool damaged, disordered;

/* The stack's frames there, and room for all of a window */
static void listen_at(struct end *e)
{
	struct sockaddr_ll at = {
		.sll_family = AF_PACKET,
		.sll_protocol = htons(TYPE),
	};
	int room = 1 << 20;

	enter(e->namespace);
	at.sll_ifindex = if_nametoindex(e->device);
	e->fd = socket(AF_PACKET, SOCK_RAW, 0);
	if (e->fd < 0 || bind(e->fd, (struct sockaddr *)&at, sizeof(at)) ||
	    setsockopt(e->fd, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof(room)))
		err(1, "packets at %s", e->device);
}

static void open_end(struct end *e)
{
	end_open(e, RING);
	give_all(e);
}

static void fill_frame(unsigned char *frame, const struct end *from, uint32_t number)
{
	unsigned int i;

	memcpy(frame, ends[from == ends].mac, ETH_ALEN);
	memcpy(frame + ETH_ALEN, from->mac, ETH_ALEN);
	frame[12] = TYPE >> 8;
	frame[13] = TYPE & 0xff;
	for (i = NUMBER; i < bytes; i++)
		frame[i] = i * 7 + number;
	memcpy(frame + NUMBER, &number, sizeof(number));
}

static bool unsent(const struct end *e)
{
	return __atomic_load_n(e->tx.consumer, __ATOMIC_ACQUIRE) != *e->tx.producer;
}

static void submit(struct end *e, uint32_t number, unsigned int n)
{
	uint32_t at = *e->tx.producer, i;

	for (i = 0; i < n; i++) {
		uint64_t chunk = (number + i) % RING * CHUNK;

		fill_frame(e->room + chunk, e, number + i);
		((struct xdp_desc *)e->tx.desc)[(at + i) % RING] =
			(struct xdp_desc){ .addr = chunk, .len = bytes };
	}
	__atomic_store_n(e->tx.producer, at + n, __ATOMIC_RELEASE);
}

/* Frames of other protocols may come to a socket as well. Returns whether it is ours. */
static bool check(const unsigned char *frame, unsigned int len, uint32_t next)
{
	unsigned char expected[CHUNK];
	uint32_t number;

	if (len < NUMBER || frame[12] != TYPE >> 8 || frame[13] != (TYPE & 0xff))
		return false;
	memcpy(&number, frame + NUMBER, sizeof(number));
	fill_frame(expected, ends, number);
	disordered |= number != next;
	damaged |= len != bytes || memcmp(frame + 12, expected + 12, bytes - 12);
	return true;
}

static unsigned int take(struct end *e, uint32_t next)
{
	uint32_t end = __atomic_load_n(e->rx.producer, __ATOMIC_ACQUIRE);
	uint32_t at = *e->rx.consumer;
	unsigned int n = 0;

	for (; at != end; at++) {
		const struct xdp_desc *desc = (struct xdp_desc *)e->rx.desc + at % RING;

		n += check(e->room + desc->addr, desc->len, next + n);
		give(e, desc->addr & ~(uint64_t)(CHUNK - 1));
	}
	__atomic_store_n(e->rx.consumer, end, __ATOMIC_RELEASE);
	return n;
}

static unsigned int take_packets(uint32_t next)
{
	unsigned char frame[CHUNK];
	unsigned int n = 0;
	ssize_t len;

	while ((len = recv(outside.fd, frame, sizeof(frame), MSG_DONTWAIT)) >= 0)
		n += check(frame, len, next + n);
	return n;
}

/* Sends the frames of one end, and takes those that come; @i is its number. Another
 * process may take the frames of this one.
 */
static void run(unsigned int i, unsigned int to_send, unsigned int to_take)
{
	struct end *from = ends + i, *to = reflected ? from : ends + !i;
	unsigned int *arrived = shared->taken + i, *taken = shared->taken + (both ? !i : i);
	unsigned int sent = 0, idle = 0, last = 0, progress, n;
	struct pollfd pollfd = { .events = POLLIN };

	if (both)
		to = from;
	pollfd.fd = outside.fd >= 0 ? outside.fd : to->fd;
	while (sent < to_send || unsent(from) || *taken < to_take) {
		n = __atomic_load_n(arrived, __ATOMIC_ACQUIRE);
		n = sink ? to_send - sent : n + WINDOW - sent;
		if (n > to_send - sent)
			n = to_send - sent;
		if (n > WINDOW)
			n = WINDOW;
		if (!unsent(from)) {
			submit(from, sent, n);
			sent += n;
		}
		if (unsent(from)) {
			kick(from);
			complete(from);
		}
		if (!sink) {
			n = outside.fd >= 0 ? take_packets(*taken) : take(to, *taken);
			__atomic_store_n(taken, *taken + n, __ATOMIC_RELEASE);
		}
		progress = sent + *taken + *arrived + *from->tx.consumer;
		idle = progress == last ? idle + 1 : 0;
		if (idle > patience)
			break;
		last = progress;
		if (idle)
			poll(&pollfd, !sink, 1);
	}
	if (sink)
		*taken = sent;
}

static const char *flaws(void)
{
	return damaged ? disordered ? " (damaged, out of order)" : " (damaged)" :
	       disordered ? " (out of order)" : "";
}

/* As run(), as a process that has a processor to itself */
static pid_t start(unsigned int i)
{
	pid_t child = fork();
	cpu_set_t cpus;

	if (child)
		return child;
	CPU_ZERO(&cpus);
	CPU_SET(i, &cpus);
	/* There may be one only. */
	sched_setaffinity(0, sizeof(cpus), &cpus);
	__atomic_add_fetch(&shared->ready, 1, __ATOMIC_RELEASE);
	while (__atomic_load_n(&shared->ready, __ATOMIC_ACQUIRE) < 2)
		sched_yield();
	run(i, count, count);
	if (damaged || disordered)
		printf("%s:%s\n", ends[i].device, flaws());
	fflush(stdout);
	_exit(0);
}

int main(int argc, char **argv)
{
	int option;

	xsk.flags = XDP_ZEROCOPY;
	while ((option = getopt(argc, argv, "n:l:p:xcers")) != -1) {
		switch (option) {
		case 'n':
			count = atoi(optarg);
			break;
		case 'l':
			bytes = atoi(optarg);
			break;
		case 'p':
			patience = 1000 * atoi(optarg);
			break;
		case 'x':
			both = true;
			break;
		case 'c':
			xsk.flags = XDP_COPY;
			break;
		case 'e':
			external = true;
			break;
		case 'r':
			reflected = true;
			break;
		case 's':
			sink = true;
			break;
		default:
			return 2;
		}
	}
	if (argc - optind < 2 || argc - optind > 3 || bytes > CHUNK - 256 || bytes < 60)
		errx(2, "usage: xsk-cross [OPTION...] FROM/DEVICE TO/DEVICE [AT/DEVICE]");
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (shared == MAP_FAILED)
		err(1, "mmap");
	parse_end(ends, argv[optind]);
	parse_end(ends + 1, argv[optind + 1]);
	open_end(ends);
	open_end(ends + 1);
	if (!external)
		attach(ends + 1);
	if (both || reflected)
		attach(ends);
	if (argc - optind == 3) {
		parse_end(&outside, argv[optind + 2]);
		listen_at(&outside);
	}
	if (!both) {
		run(0, count, sink ? 0 : count);
		printf("%u%s\n", shared->taken[0], flaws());
		return 0;
	}
	start(0);
	start(1);
	while (wait(NULL) > 0)
		;
	printf("%u %u\n", shared->taken[0], shared->taken[1]);
	return 0;
}
