// SPDX-License-Identifier: GPL-2.0
/*
 * Sends a UDP datagram that asks to leave a number of seconds from now.
 *
 *	txtime NAMESPACE ADDRESS SECONDS
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <err.h>
#include <linux/net_tstamp.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include "enter.h"

int main(int argc, char **argv)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(7730) };
	struct sock_txtime txtime = { .clockid = CLOCK_MONOTONIC };
	struct iovec iov = { .iov_base = "later", .iov_len = 5 };
	union {
		char room[CMSG_SPACE(sizeof(uint64_t))];
		struct cmsghdr align;
	} control;
	struct msghdr msg = {
		.msg_name = &to,
		.msg_namelen = sizeof(to),
		.msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = sizeof(control),
	};
	struct cmsghdr *cmsg = CMSG_FIRSTHDR(&msg);
	struct timespec now;
	uint64_t when;
	int fd;

	if (argc != 4)
		errx(2, "usage: txtime NAMESPACE ADDRESS SECONDS");
	enter(argv[1]);
	inet_pton(AF_INET, argv[2], &to.sin_addr);
	fd = socket(AF_INET, SOCK_DGRAM, 0);
	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_TXTIME, &txtime, sizeof(txtime)))
		err(1, "SO_TXTIME");

	clock_gettime(CLOCK_MONOTONIC, &now);
	when = (now.tv_sec + strtoul(argv[3], NULL, 0)) * 1000000000ull + now.tv_nsec;
	cmsg->cmsg_level = SOL_SOCKET;
	cmsg->cmsg_type = SCM_TXTIME;
	cmsg->cmsg_len = CMSG_LEN(sizeof(when));
	memcpy(CMSG_DATA(cmsg), &when, sizeof(when));
	if (sendmsg(fd, &msg, 0) < 0)
		err(1, "send");
	return 0;
}
