// SPDX-License-Identifier: GPL-2.0
/*
 * Datagrams of 18 bytes from a socket to another, whose reader takes half of what is sent in
 * the same time. Prints how many of 1,000 never came.
 *
 *	udp-lost FROM TO ADDRESS COUNT
 *
 * FROM and TO are namespaces; ADDRESS is the second one's.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "../netns/helpers/enter.h"

#define BATCH	32

int main(int argc, char **argv)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(7700) };
	char data[18] = {};
	long count, received = 0, i, j;
	int from, to;

	if (argc != 5 || inet_pton(AF_INET, argv[3], &address.sin_addr) != 1)
		errx(2, "usage: udp-lost FROM TO ADDRESS COUNT");
	count = atol(argv[4]) / BATCH;
	enter(argv[2]);
	to = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);
	if (bind(to, (struct sockaddr *)&address, sizeof(address)))
		err(1, "bind");
	enter(argv[1]);
	from = socket(AF_INET, SOCK_DGRAM, 0);
	if (connect(from, (struct sockaddr *)&address, sizeof(address)))
		err(1, "connect");
	for (i = 0; i < count; i++) {
		for (j = 0; j < BATCH; j++)
			if (send(from, data, sizeof(data), 0) < 0)
				err(1, "send");
		for (j = 0; j < BATCH / 2 && recv(to, data, sizeof(data), 0) > 0; j++)
			received++;
	}
	while (recv(to, data, sizeof(data), 0) > 0)
		received++;
	printf("%.1f\n", 1000 - 1000. * received / (count * BATCH));
	return 0;
}
