// SPDX-License-Identifier: GPL-2.0
/*
 * Broadcasts as fast as it can, from several devices in turn, until it is ended.
 *
 *	flooder NAMESPACE DEVICE...
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <string.h>
#include <sys/socket.h>

#include "enter.h"

#define DEVICES_MAX	256
#define LENGTH		60

int main(int argc, char **argv)
{
	static struct sockaddr_ll to[DEVICES_MAX];
	unsigned char frame[LENGTH] = {};
	int i, fd, n = argc - 2;

	if (n < 1 || n > DEVICES_MAX)
		errx(2, "usage: flooder NAMESPACE DEVICE...");
	enter(argv[1]);
	fd = socket(AF_PACKET, SOCK_RAW, 0);
	if (fd < 0)
		err(1, "socket");
	for (i = 0; i < n; i++) {
		to[i].sll_family = AF_PACKET;
		to[i].sll_ifindex = if_nametoindex(argv[2 + i]);
		if (!to[i].sll_ifindex)
			err(1, "%s", argv[2 + i]);
	}

	memset(frame, 0xff, ETH_ALEN);
	/* Nobody's address, and a protocol that no stack has */
	frame[ETH_ALEN] = 0x02;
	*(unsigned short *)(frame + 2 * ETH_ALEN) = htons(0x88b6);
	for (i = 0;; i = (i + 1) % n)
		if (sendto(fd, frame, LENGTH, 0, (struct sockaddr *)&to[i],
			   sizeof(to[i])) < 0 && errno != ENOBUFS)
			err(1, "send");
}
