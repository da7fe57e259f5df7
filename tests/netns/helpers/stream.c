// SPDX-License-Identifier: GPL-2.0
/*
 * Sends bytes from one namespace to an address in another and checks every one
 * of them on arrival. One program for both ends, because starting one is slow
 * in some guests.
 *
 *	stream [OPTION...] FROM-NAMESPACE TO-NAMESPACE ADDRESS
 *	  -n BYTES	how many (1000000)
 *	  -w SIZE	written at a time (65536); of UDP, a datagram
 *	  -u		UDP, not TCP
 *	  -f		from a file, by sendfile(): pages that are not the socket's
 *	  -z		MSG_ZEROCOPY: pages of the sending process
 *	  -r		received by splice() into a pipe
 *	  -e		MSG_EOR: what is written at a time is a frame of its own
 *	  -c COUNT	of UDP: so many datagrams at once, which the kernel cuts
 *			(UDP_SEGMENT)
 *	  -g		UDP_GRO: the receiving socket takes datagrams together
 *	  -s		received slowly, into a small buffer
 *	  -p SOCKETS	of UDP: as many send in turn, all from one port (1)
 *	  -x NAMESPACE	a third one, whose devices are watched
 *
 * Datagrams carry their number, and may arrive in any order, each of them once.
 *
 * Prints the length of the longest frame that the receiving namespace's stack
 * was given, from the Ethernet header on, and how many frames of this stream
 * passed the devices of the third namespace, in either direction.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_ether.h>
#include <net/ethernet.h>
#include <netinet/in.h>
#include <netinet/udp.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "enter.h"

#define PORT		7700
#define SOURCE_PORT	7701
#define PATIENCE_S	10
#define SENDERS_MAX	8
#define NAP_US		30000

static size_t total = 1000000, chunk = 65536;
static bool udp, from_file, zerocopy, by_splice, each_alone, together, slowly;
static int senders = 1, at_once = 1;
static const char *watched;
static unsigned char *pattern;
static int file;

static void make_pattern(void)
{
	uint32_t x = 2463534242;
	size_t i;

	file = memfd_create("pattern", 0);
	if (file < 0 || ftruncate(file, total))
		err(1, "memfd");
	pattern = mmap(NULL, total, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
	if (pattern == MAP_FAILED)
		err(1, "mmap");
	for (i = 0; i < total; i++) {
		x ^= x << 13;
		x ^= x >> 17;
		x ^= x << 5;
		pattern[i] = x >> 24;
	}
	for (i = 0; udp && i + sizeof(uint32_t) <= total; i += chunk) {
		uint32_t number = i / chunk;

		memcpy(pattern + i, &number, sizeof(number));
	}
}

static void parse_address(const char *text, struct sockaddr_in6 *address)
{
	char mapped[64];

	snprintf(mapped, sizeof(mapped), "::ffff:%s", text);
	address->sin6_family = AF_INET6;
	address->sin6_port = htons(PORT);
	if (inet_pton(AF_INET6, strchr(text, ':') ? text : mapped,
		      &address->sin6_addr) != 1)
		errx(1, "not an address: %s", text);
}

static int endpoint(void)
{
	struct timeval patience = { .tv_sec = PATIENCE_S };
	int fd, on = 1, size = 4 << 20;

	fd = socket(AF_INET6, udp ? SOCK_DGRAM : SOCK_STREAM, 0);
	if (fd < 0)
		err(1, "socket");
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
	if (udp)
		setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size));
	if (zerocopy && setsockopt(fd, SOL_SOCKET, SO_ZEROCOPY, &on, sizeof(on)))
		err(1, "SO_ZEROCOPY");
	size = 32768;
	if (slowly && setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size)))
		err(1, "SO_RCVBUF");
	size = 1 << 20;
	if (slowly && setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof(size)))
		err(1, "SO_SNDBUF");
	if (together && setsockopt(fd, SOL_UDP, UDP_GRO, &on, sizeof(on)))
		err(1, "UDP_GRO");
	return fd;
}

static ssize_t send_some(int fd, size_t done)
{
	size_t most = at_once * chunk, n = total - done < most ? total - done : most;
	off_t at = done;

	if (from_file)
		return sendfile(fd, file, &at, n);
	return send(fd, pattern + done, n, (zerocopy ? MSG_ZEROCOPY : 0) |
		    (each_alone ? MSG_EOR : 0) |
		    (slowly && done + n < total ? MSG_MORE : 0));
}

/* The pages may not go before the kernel has let go of them, nor the socket. */
static void await_pages(int fd)
{
	struct pollfd pfd = { .fd = fd };
	char control[256];
	struct msghdr msg = { .msg_control = control };

	while (poll(&pfd, 1, 200) > 0 && pfd.revents & POLLERR) {
		msg.msg_controllen = sizeof(control);
		if (recvmsg(fd, &msg, MSG_ERRQUEUE) < 0)
			break;
	}
}

static void cut_at(int fd, int size)
{
	if (setsockopt(fd, SOL_UDP, UDP_SEGMENT, &size, sizeof(size)))
		err(1, "UDP_SEGMENT");
}

static int sender(const struct sockaddr_in6 *address)
{
	struct sockaddr_in6 source = {
		.sin6_family = AF_INET6,
		.sin6_port = htons(SOURCE_PORT),
	};
	int fd = endpoint(), on = 1;

	if (senders > 1 &&
	    (setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof(on)) ||
	     bind(fd, (struct sockaddr *)&source, sizeof(source))))
		err(1, "bind to the port of all senders");
	if (connect(fd, (const struct sockaddr *)address, sizeof(*address)))
		err(1, "connect");
	if (at_once > 1)
		cut_at(fd, chunk);
	return fd;
}

static void send_all(const struct sockaddr_in6 *address)
{
	int fd[SENDERS_MAX], i, turn = 0;
	size_t done = 0;
	ssize_t n;

	for (i = 0; i < senders; i++)
		fd[i] = sender(address);
	while (done < total) {
		n = send_some(fd[turn % senders], done);
		/* older kernels, by a device that makes no checksums */
		if (n < 0 && errno == EIO && at_once > 1) {
			for (i = 0; i < senders; i++)
				cut_at(fd[i], 0);
			at_once = 1;
			continue;
		}
		turn++;
		if (n <= 0)
			err(1, "send, after %zu bytes", done);
		done += n;
	}
	if (zerocopy)
		await_pages(fd[0]);
	for (i = 0; i < senders; i++)
		close(fd[i]);
}

/* Through a pipe, bytes arrive as they would leave for a file. */
static ssize_t receive_some(int fd, unsigned char *buffer, size_t size)
{
	static int ends[2];
	ssize_t n;

	if (!by_splice)
		return recv(fd, buffer, size, 0);
	if (!ends[0] && pipe(ends))
		err(1, "pipe");
	n = splice(fd, NULL, ends[1], NULL, size, 0);
	return n > 0 ? read(ends[0], buffer, n) : n;
}

/* Where the next bytes belong; cuts them to one datagram. */
static size_t place(const unsigned char *bytes, size_t *n, size_t done)
{
	static bool *seen;
	uint32_t number;

	if (!udp)
		return done;
	if (!seen)
		seen = calloc(total / chunk + 1, sizeof(*seen));
	if (*n > chunk)
		*n = chunk;
	memcpy(&number, bytes, sizeof(number));
	if (*n < sizeof(number) || number > total / chunk)
		errx(1, "no datagram of ours: %zu bytes", *n);
	if (seen[number])
		errx(1, "datagram %u arrives twice", number);
	seen[number] = true;
	return (size_t)number * chunk;
}

static void receive_all(int fd)
{
	static unsigned char buffer[65536];
	size_t at, done = 0, n, i;
	ssize_t got;

	while (done < total) {
		if (slowly)
			usleep(NAP_US);
		got = receive_some(fd, buffer, sizeof(buffer));
		if (got <= 0)
			err(1, "receive, after %zu bytes", done);
		for (i = 0; i < (size_t)got; i += n, done += n) {
			n = got - i;
			at = place(buffer + i, &n, done);
			if (at + n > total || memcmp(buffer + i, pattern + at, n))
				errx(1, "damaged in the %zu bytes after %zu", n, at);
		}
		/* however long all of it takes */
		alarm(2 * PATIENCE_S);
	}
}

static int watch(uint16_t type)
{
	int fd = socket(AF_PACKET, SOCK_RAW | SOCK_NONBLOCK, htons(type));
	int size = 64 << 20;

	if (fd < 0)
		err(1, "packet socket");
	setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size));
	return fd;
}

static size_t longest_frame(int fd)
{
	ssize_t n, longest = 0;
	char byte;

	while ((n = recv(fd, &byte, 1, MSG_TRUNC)) >= 0)
		if (n > longest)
			longest = n;
	return longest;
}

/* In TCP and UDP alike, the port is where the IP header ends. */
static bool is_of_stream(const unsigned char *frame, ssize_t size)
{
	bool v6 = frame[12] == 0x86 && frame[13] == 0xdd;
	ssize_t at = ETH_HLEN + (v6 ? 40 : (frame[ETH_HLEN] & 15) * 4);
	uint16_t ports[2];

	if (size < at + (ssize_t)sizeof(ports))
		return false;
	memcpy(ports, frame + at, sizeof(ports));
	return ports[0] == htons(PORT) || ports[1] == htons(PORT);
}

static unsigned int frames_of_stream(int fd)
{
	unsigned char head[128];
	unsigned int n = 0;
	ssize_t size;

	while ((size = recv(fd, head, sizeof(head), 0)) >= 0)
		n += is_of_stream(head, size);
	return n;
}

static void run(const char *from, const char *to, const char *text)
{
	struct sockaddr_in6 address = {};
	int fd, peer, watcher, third = -1, status;
	pid_t child;

	parse_address(text, &address);
	if (watched) {
		enter(watched);
		third = watch(ETH_P_ALL);
	}
	enter(to);
	fd = endpoint();
	watcher = watch(strchr(text, ':') ? ETHERTYPE_IPV6 : ETHERTYPE_IP);
	if (bind(fd, (struct sockaddr *)&address, sizeof(address)) ||
	    (!udp && listen(fd, 1)))
		err(1, "bind to %s", text);

	child = fork();
	if (child < 0)
		err(1, "fork");
	if (!child) {
		close(fd);
		enter(from);
		send_all(&address);
		exit(0);
	}
	peer = udp ? fd : accept(fd, NULL, NULL);
	if (peer < 0)
		err(1, "accept");
	receive_all(peer);
	if (waitpid(child, &status, 0) < 0 || status)
		errx(1, "the sender failed");
	printf("%zu %u\n", longest_frame(watcher), frames_of_stream(third));
}

int main(int argc, char **argv)
{
	int option;

	while ((option = getopt(argc, argv, "n:w:ufzrec:gsp:x:")) != -1) {
		switch (option) {
		case 'n':
			total = atol(optarg);
			break;
		case 'w':
			chunk = atol(optarg);
			break;
		case 'u':
			udp = true;
			break;
		case 'f':
			from_file = true;
			break;
		case 'z':
			zerocopy = true;
			break;
		case 'r':
			by_splice = true;
			break;
		case 'e':
			each_alone = true;
			break;
		case 'c':
			at_once = atoi(optarg);
			break;
		case 'g':
			together = true;
			break;
		case 's':
			slowly = true;
			break;
		case 'p':
			senders = atoi(optarg);
			break;
		case 'x':
			watched = optarg;
			break;
		default:
			return 2;
		}
	}
	if (argc - optind != 3 || !chunk || at_once < 1 || senders < 1 || senders > SENDERS_MAX)
		errx(2, "usage: stream [OPTION...] FROM TO ADDRESS");
	signal(SIGPIPE, SIG_IGN);
	alarm(2 * PATIENCE_S);
	make_pattern();
	run(argv[optind], argv[optind + 1], argv[optind + 2]);
	return 0;
}
