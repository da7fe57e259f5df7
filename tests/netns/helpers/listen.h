/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Hears frames of one EtherType in all namespaces with a name.
 *
 * A listener asks for one EtherType, so it hears what the stack would hand to a
 * protocol: nothing that is being sent, nothing that a receive handler took.
 */
#ifndef _LISTEN_H
#define _LISTEN_H

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <dirent.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <netinet/ether.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "enter.h"
#include "patience.h"

#define SOCKETS_MAX	256
#define NAME_SIZE	64
/* Silence after which nothing more is expected */
#define SETTLE_MS	50
/* Without a frame of those that are expected */
#define PATIENCE_MS	5000

static struct pollfd sockets[SOCKETS_MAX];
static char *namespaces[SOCKETS_MAX];
static int nr_sockets;

static inline void listen_in(const char *namespace, uint16_t type)
{
	int size = 64 << 20;
	int fd;

	if (nr_sockets == SOCKETS_MAX)
		errx(1, "too many namespaces");
	enter(namespace);
	fd = socket(AF_PACKET, SOCK_RAW | SOCK_NONBLOCK, htons(type));
	if (fd < 0)
		err(1, "socket");
	setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size));
	namespaces[nr_sockets] = strdup(namespace);
	sockets[nr_sockets].fd = fd;
	sockets[nr_sockets++].events = POLLIN;
}

static inline void listen_everywhere(uint16_t type)
{
	DIR *dir = opendir(NAMESPACES);
	struct dirent *entry;

	if (!dir)
		err(1, NAMESPACES);
	while ((entry = readdir(dir)))
		if (entry->d_name[0] != '.')
			listen_in(entry->d_name, type);
	closedir(dir);
}

static inline long now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* Hears what comes, until all is there and nothing more comes, or too long none of it.
 * @hear returns whether a frame was of that.
 */
static inline void hear_all(bool (*is_there)(const char *expected), const char *expected,
			    bool (*hear)(int socket))
{
	long end = now_ms() + PATIENCE_MS;
	bool any;
	int i;

	for (;;) {
		if (!poll_patiently(sockets, nr_sockets, SETTLE_MS)) {
			if (is_there(expected) || now_ms() >= end)
				return;
			continue;
		}
		any = false;
		for (i = 0; i < nr_sockets; i++)
			any |= sockets[i].revents && hear(i);
		if (any)
			end = now_ms() + PATIENCE_MS;
	}
}

/* Writes NAMESPACE/DEVICE of who heard a frame. */
static inline void receiver_name(int socket, int ifindex, char *name)
{
	struct ifreq ifr = { .ifr_ifindex = ifindex };

	if (ioctl(sockets[socket].fd, SIOCGIFNAME, &ifr))
		snprintf(ifr.ifr_name, IFNAMSIZ, "%d", ifindex);
	snprintf(name, NAME_SIZE, "%s/%s", namespaces[socket], ifr.ifr_name);
}

/* Splits NAMESPACE/DEVICE, and returns the latter. */
static inline char *split(char *place)
{
	char *device = place ? strchr(place, '/') : NULL;

	if (!device)
		errx(2, "not NAMESPACE/DEVICE: %s", place ?: "");
	*device++ = '\0';
	return device;
}

static inline void parse_address(const char *text, unsigned char *to)
{
	struct ether_addr *address = ether_aton(text);

	if (!address)
		errx(1, "not an address: %s", text);
	memcpy(to, address, ETH_ALEN);
}

#endif /* _LISTEN_H */
