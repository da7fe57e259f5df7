// SPDX-License-Identifier: GPL-2.0
/*
 * Sends a datagram from one namespace to another, and prints what the receiver's
 * socket is told beside the data: the NAPI ID, by which a process may poll busily (0 for
 * none), and the seconds of the hardware timestamp.
 *
 *	heard TO-NAMESPACE FROM-NAMESPACE ADDRESS
 */
#include "enter.h"

#include <arpa/inet.h>
#include <linux/errqueue.h>
#include <linux/net_tstamp.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#define PATIENCE_MS	5000

static void say(const char *address, const struct sockaddr_in *to)
{
	struct sockaddr_in at = *to;
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	if (fd < 0 || !inet_aton(address, &at.sin_addr) ||
	    sendto(fd, "", 1, 0, (void *)&at, sizeof(at)) < 0)
		err(1, "send to %s", address);
}

int main(int argc, char **argv)
{
	unsigned int stamps = SOF_TIMESTAMPING_RX_HARDWARE |
			      SOF_TIMESTAMPING_RAW_HARDWARE;
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_port = htons(9999) };
	struct scm_timestamping stamp = {};
	unsigned int id = 0;
	socklen_t len = sizeof(id);
	char control[512];
	struct msghdr msg = {
		.msg_control = control,
		.msg_controllen = sizeof(control),
	};
	struct pollfd heard = { .events = POLLIN };
	struct cmsghdr *c;

	if (argc != 4)
		errx(2, "usage: heard TO-NAMESPACE FROM-NAMESPACE ADDRESS");
	enter(argv[1]);
	heard.fd = socket(AF_INET, SOCK_DGRAM, 0);
	if (heard.fd < 0 || bind(heard.fd, (void *)&at, sizeof(at)) ||
	    setsockopt(heard.fd, SOL_SOCKET, SO_TIMESTAMPING, &stamps, sizeof(stamps)))
		err(1, "socket");
	enter(argv[2]);
	say(argv[3], &at);
	if (poll(&heard, 1, PATIENCE_MS) != 1 || recvmsg(heard.fd, &msg, 0) < 0)
		errx(1, "nothing came");
	for (c = CMSG_FIRSTHDR(&msg); c; c = CMSG_NXTHDR(&msg, c))
		if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SO_TIMESTAMPING)
			memcpy(&stamp, CMSG_DATA(c), sizeof(stamp));
	if (getsockopt(heard.fd, SOL_SOCKET, SO_INCOMING_NAPI_ID, &id, &len))
		err(1, "NAPI ID");
	printf("NAPI %s, %llu s\n", id ? "known" : "unknown",
	       (unsigned long long)stamp.ts[2].tv_sec);
	return 0;
}
