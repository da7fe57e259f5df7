// SPDX-License-Identifier: GPL-2.0
/*
 * Sends frames of 60 bytes to many, and prints the nanoseconds for each.
 *
 *	flood DEVICE DESTINATION COUNT
 *
 * Anything else that has something to do, a daemon of the kernel that makes copies
 * above all, goes before the next frame. The frame is one of IPv4, to the group that
 * DESTINATION stands for.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <err.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <netinet/ether.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <time.h>

#include "mark.h"

static void make_frame(unsigned char *frame, const char *destination)
{
	static const unsigned char ip[] = {
		0x45, 0, 0, 46, 0, 0, 0, 0, 64, 17, 0, 0, 198, 18, 0, 1,
	};
	struct ether_addr *to = ether_aton(destination);
	unsigned int sum = 0, i;

	if (!to)
		errx(2, "not an address: %s", destination);
	memcpy(frame, to, 6);
	frame[12] = ETHERTYPE_IP >> 8;
	frame += ETH_HLEN;
	memcpy(frame, ip, sizeof(ip));
	memset(frame + 16, 255, 4);
	if (to->ether_addr_octet[0] == 1) {
		memcpy(frame + 16, (unsigned char[]){ 239 }, 1);
		memcpy(frame + 17, to->ether_addr_octet + 3, 3);
	}
	for (i = 0; i < 20; i += 2)
		sum += frame[i] << 8 | frame[i + 1];
	sum = ~((sum & 0xffff) + (sum >> 16));
	frame[10] = sum >> 8;
	frame[11] = sum;
}

static void send_all(int fd, const unsigned char *frame, long count)
{
	while (count--)
		if (send(fd, frame, 60, 0) != 60)
			err(1, "send");
}

int main(int argc, char **argv)
{
	struct sockaddr_ll to = { .sll_family = AF_PACKET };
	struct sched_param param = {};
	struct timespec begin, end;
	unsigned char frame[60] = {};
	struct ifreq ifr = {};
	long count, i;
	int fd;

	if (argc != 4)
		errx(2, "usage: flood DEVICE DESTINATION COUNT");
	count = atol(argv[3]);
	make_frame(frame, argv[2]);
	fd = socket(AF_PACKET, SOCK_RAW, 0);
	snprintf(ifr.ifr_name, IFNAMSIZ, "%s", argv[1]);
	if (fd < 0 || ioctl(fd, SIOCGIFHWADDR, &ifr))
		err(1, "%s", argv[1]);
	memcpy(frame + 6, ifr.ifr_hwaddr.sa_data, 6);
	to.sll_ifindex = if_nametoindex(argv[1]);
	if (bind(fd, (struct sockaddr *)&to, sizeof(to)))
		err(1, "bind");
	if (sched_setscheduler(0, SCHED_IDLE, &param))
		err(1, "SCHED_IDLE");

	clock_gettime(CLOCK_MONOTONIC, &begin);
	mark_begin();
	send_all(fd, frame, count);
	/* the last frame's copies are made before this returns */
	for (i = 0; i < 10; i++)
		sched_yield();
	mark_end();
	clock_gettime(CLOCK_MONOTONIC, &end);
	printf("%.1f\n", ((end.tv_sec - begin.tv_sec) * 1e9 + end.tv_nsec - begin.tv_nsec) / count);
	return 0;
}
