// SPDX-License-Identifier: GPL-2.0
/*
 * Datagrams of 18 bytes, which are frames of 60, to a UDP port: 32, or TOGETHER, in one
 * piece, which the kernel cuts up before it gives them to a device that cannot. One by
 * one, each has a system call.
 * Prints the nanoseconds for each.
 *
 *	burst ADDRESS COUNT [TOGETHER]
 */
#include <arpa/inet.h>
#include <err.h>
#include <netinet/in.h>
#include <netinet/udp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>

#include "mark.h"

#define BURST	32
#define BYTES	18

int main(int argc, char **argv)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(9) };
	int fd = socket(AF_INET, SOCK_DGRAM, 0), size = BYTES, together;
	char data[BURST * BYTES] = {};
	struct timespec begin, end;
	long count, i;

	together = argc > 3 ? atoi(argv[3]) : BURST;
	if (argc < 3 || argc > 4 || together < 1 || together > BURST ||
	    inet_pton(AF_INET, argv[1], &to.sin_addr) != 1)
		errx(2, "usage: burst ADDRESS COUNT [TOGETHER]");
	count = atol(argv[2]) / together;
	if (connect(fd, (struct sockaddr *)&to, sizeof(to)) ||
	    (together > 1 &&
	     setsockopt(fd, IPPROTO_UDP, UDP_SEGMENT, &size, sizeof(size))))
		err(1, "socket");

	clock_gettime(CLOCK_MONOTONIC, &begin);
	mark_begin();
	for (i = 0; i < count; i++)
		if (send(fd, data, together * BYTES, 0) != together * BYTES)
			err(1, "send");
	mark_end();
	clock_gettime(CLOCK_MONOTONIC, &end);
	printf("%.1f\n", ((end.tv_sec - begin.tv_sec) * 1e9 + end.tv_nsec - begin.tv_nsec) /
			 (count * together));
	return 0;
}
