// SPDX-License-Identifier: GPL-2.0
/*
 * Datagrams of 18 bytes from several sockets at once, a process each, as fast as their buffers
 * allow.
 *
 *	udp-flood NAMESPACE ADDRESS SOCKETS COUNT
 *
 * The sockets are in the namespace. COUNT is for all of them together.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../netns/helpers/enter.h"

static int flood(const struct sockaddr_in *address, long count)
{
	int fd = socket(AF_INET, SOCK_DGRAM, 0);
	char data[18] = {};

	if (connect(fd, (const struct sockaddr *)address, sizeof(*address)))
		err(1, "connect");
	while (count--)
		if (send(fd, data, sizeof(data), 0) < 0)
			err(1, "send");
	return 0;
}

int main(int argc, char **argv)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(7700) };
	int sockets, i, status, failed = 0;

	if (argc != 5 || inet_pton(AF_INET, argv[2], &address.sin_addr) != 1)
		errx(2, "usage: udp-flood NAMESPACE ADDRESS SOCKETS COUNT");
	enter(argv[1]);
	sockets = atoi(argv[3]);
	for (i = 0; i < sockets; i++)
		if (!fork())
			_exit(flood(&address, atol(argv[4]) / sockets));
	while (wait(&status) > 0)
		failed |= status;
	return !!failed;
}
