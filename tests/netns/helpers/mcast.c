// SPDX-License-Identifier: GPL-2.0
/*
 * Sends UDP datagrams from a device to a group and says which of the receiving
 * devices, each with a socket that joined the group there alone, got every one of
 * them whole.
 *
 *	mcast [OPTION...] NAMESPACE/DEVICE GROUP NAMESPACE/DEVICE...
 *	  -n COUNT	how many datagrams (3)
 *	  -l LENGTH	of each (12000)
 *	  -c		all in one piece, which the kernel cuts (UDP_SEGMENT)
 *
 * Prints the receivers in the order in which they are named.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netinet/udp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "enter.h"

#define PORT		7710
#define PATIENCE_MS	3000
#define LENGTH_MAX	65000
#define RECEIVERS_MAX	16
#define PROBE		4
#define PROBES		100
#define PROBE_MS	10

static int count = 3, length = 12000;
static bool at_once;
static unsigned char sent[LENGTH_MAX], got[LENGTH_MAX];

/* Enters the namespace; returns the device's index there. */
static unsigned int enter_at(const char *where)
{
	char *name = strdup(where), *device = strchr(name, '/');
	unsigned int ifindex;

	if (!device)
		errx(2, "not NAMESPACE/DEVICE: %s", where);
	*device++ = '\0';
	enter(name);
	ifindex = if_nametoindex(device);
	if (!ifindex)
		err(1, "%s", where);
	free(name);
	return ifindex;
}

static void fill(int number)
{
	int i;

	for (i = 0; i < length; i++)
		sent[i] = i * 7 + (i >> 8) * 13 + number;
}

static int join(const char *where, const char *group)
{
	unsigned int ifindex = enter_at(where);
	bool v6 = strchr(group, ':');
	int fd = socket(v6 ? AF_INET6 : AF_INET, SOCK_DGRAM, 0);
	int on = 1, size = 4 << 20, failed;

	if (fd < 0)
		err(1, "socket");
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size));
	if (setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, strchr(where, '/') + 1,
		       strlen(strchr(where, '/') + 1)))
		err(1, "bind to %s", where);
	if (v6) {
		struct sockaddr_in6 any = { .sin6_family = AF_INET6, .sin6_port = htons(PORT) };
		struct ipv6_mreq mreq = { .ipv6mr_interface = ifindex };

		inet_pton(AF_INET6, group, &mreq.ipv6mr_multiaddr);
		failed = bind(fd, (struct sockaddr *)&any, sizeof(any)) ||
			 setsockopt(fd, SOL_IPV6, IPV6_ADD_MEMBERSHIP, &mreq, sizeof(mreq));
	} else {
		struct sockaddr_in any = { .sin_family = AF_INET, .sin_port = htons(PORT) };
		struct ip_mreqn mreq = { .imr_ifindex = ifindex };

		inet_pton(AF_INET, group, &mreq.imr_multiaddr);
		failed = bind(fd, (struct sockaddr *)&any, sizeof(any)) ||
			 setsockopt(fd, SOL_IP, IP_ADD_MEMBERSHIP, &mreq, sizeof(mreq));
	}
	if (failed)
		err(1, "%s at %s", group, where);
	return fd;
}

/* A kernel may take a while until a device receives for a group: short datagrams
 * tell when all do. If one never does, the long ones will not arrive, either.
 */
static void await_groups(int fd, const struct sockaddr *to, socklen_t size,
			 const int *receivers, int n)
{
	bool ready[RECEIVERS_MAX] = {};
	int i, probe, left = n;

	for (probe = 0; probe < PROBES && left; probe++) {
		sendto(fd, "ping", PROBE, 0, to, size);
		usleep(PROBE_MS * 1000);
		for (i = 0; i < n; i++) {
			if (ready[i] || recv(receivers[i], got, PROBE, MSG_DONTWAIT) < 0)
				continue;
			ready[i] = true;
			left--;
		}
	}
}

/* Returns false for older kernels, by a device that makes no checksums. */
static bool send_at_once(int fd, const struct sockaddr *to, socklen_t size)
{
	static unsigned char all[LENGTH_MAX];
	int on = length, off = 0, i;

	for (i = 0; i < count; i++) {
		fill(i);
		memcpy(all + i * length, sent, length);
	}
	if (setsockopt(fd, SOL_UDP, UDP_SEGMENT, &on, sizeof(on)))
		err(1, "UDP_SEGMENT");
	if (sendto(fd, all, count * length, 0, to, size) == count * length)
		return true;
	if (errno != EIO || setsockopt(fd, SOL_UDP, UDP_SEGMENT, &off, sizeof(off)))
		err(1, "send all at once");
	return false;
}

static void send_all(const char *where, const char *group, const int *receivers, int n)
{
	unsigned int ifindex = enter_at(where);
	bool v6 = strchr(group, ':');
	int fd = socket(v6 ? AF_INET6 : AF_INET, SOCK_DGRAM, 0), i;
	struct sockaddr_in6 to6 = { .sin6_family = AF_INET6, .sin6_port = htons(PORT),
				    .sin6_scope_id = ifindex };
	struct sockaddr_in to4 = { .sin_family = AF_INET, .sin_port = htons(PORT) };
	struct ip_mreqn by = { .imr_ifindex = ifindex };
	struct sockaddr *to = v6 ? (struct sockaddr *)&to6 : (struct sockaddr *)&to4;
	socklen_t size = v6 ? sizeof(to6) : sizeof(to4);

	if (fd < 0)
		err(1, "socket");
	if (v6)
		inet_pton(AF_INET6, group, &to6.sin6_addr);
	else
		inet_pton(AF_INET, group, &to4.sin_addr);
	if (!v6 && setsockopt(fd, SOL_IP, IP_MULTICAST_IF, &by, sizeof(by)))
		err(1, "IP_MULTICAST_IF");
	await_groups(fd, to, size, receivers, n);
	if (at_once && send_at_once(fd, to, size))
		return;
	for (i = 0; i < count; i++) {
		fill(i);
		if (sendto(fd, sent, length, 0, to, size) != length)
			err(1, "send by %s", where);
	}
}

static long now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static bool receives_all(int fd, long end)
{
	struct timeval left = {};
	ssize_t n;
	int i;

	for (i = 0; i < count; i++) {
		long ms = end - now_ms();

		left.tv_usec = ms > 0 ? ms % 1000 * 1000 : 1;
		left.tv_sec = ms > 0 ? ms / 1000 : 0;
		setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &left, sizeof(left));
		do
			n = recv(fd, got, sizeof(got), 0);
		while (n == PROBE);
		fill(i);
		if (n != length || memcmp(got, sent, length))
			return false;
	}
	return true;
}

int main(int argc, char **argv)
{
	int fd[RECEIVERS_MAX], option, i, n;
	bool first = true;
	long end;

	while ((option = getopt(argc, argv, "n:l:c")) != -1) {
		if (option == 'n')
			count = atoi(optarg);
		else if (option == 'l')
			length = atoi(optarg);
		else if (option == 'c')
			at_once = true;
		else
			return 2;
	}
	n = argc - optind - 2;
	if (n < 1 || n > RECEIVERS_MAX || length < 1 ||
	    length * (at_once ? count : 1) > LENGTH_MAX)
		errx(2, "usage: mcast [OPTION...] NAMESPACE/DEVICE GROUP NAMESPACE/DEVICE...");
	for (i = 0; i < n; i++)
		fd[i] = join(argv[optind + 2 + i], argv[optind + 1]);
	send_all(argv[optind], argv[optind + 1], fd, n);
	end = now_ms() + PATIENCE_MS;
	for (i = 0; i < n; i++) {
		if (!receives_all(fd[i], end))
			continue;
		printf("%s%s", first ? "" : " ", argv[optind + 2 + i]);
		first = false;
	}
	printf("\n");
	return 0;
}
