// SPDX-License-Identifier: GPL-2.0
/*
 * Broadcasts as fast as it can, from several devices in turn, until it is ended.
 *
 *	flooder [-i ADDRESS] NAMESPACE DEVICE...
 *	  -i ADDRESS	IPv4 packets from there, in frames of the device itself;
 *			else frames from nobody's address
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include "enter.h"
#include "frame.h"

#define DEVICES_MAX	256
#define LENGTH		60

static struct device {
	struct sockaddr_ll to;
	unsigned char frame[LENGTH];
} devices[DEVICES_MAX];

/* A protocol that no stack has, from an address that nobody has */
static void fill_unknown(unsigned char *frame)
{
	memset(frame, 0xff, ETH_ALEN);
	frame[ETH_ALEN] = 0x02;
	put16(frame + 2 * ETH_ALEN, 0x88b6);
}

/* An IPv4 packet of a protocol for experiments, from the device's own address */
static void fill_packet(unsigned char *frame, int fd, const char *device,
			struct in_addr from)
{
	unsigned char *ip = frame + ETH_HLEN;
	struct ifreq ifr = {};

	snprintf(ifr.ifr_name, IFNAMSIZ, "%s", device);
	if (ioctl(fd, SIOCGIFHWADDR, &ifr))
		err(1, "%s", device);
	memset(frame, 0xff, ETH_ALEN);
	memcpy(frame + ETH_ALEN, ifr.ifr_hwaddr.sa_data, ETH_ALEN);
	fill_ip(ip, 253, LENGTH - ETH_HLEN - 20);
	memcpy(ip + 12, &from, sizeof(from));
	put16(ip + 10, 0);
	put16(ip + 10, ~fold(sum16(ip, 20)));
}

int main(int argc, char **argv)
{
	struct in_addr from = {};
	struct device *device;
	int i, fd, n;

	if (argc > 2 && !strcmp(argv[1], "-i")) {
		if (inet_pton(AF_INET, argv[2], &from) != 1)
			errx(2, "not an address: %s", argv[2]);
		argc -= 2;
		argv += 2;
	}
	n = argc - 2;
	if (n < 1 || n > DEVICES_MAX)
		errx(2, "usage: flooder [-i ADDRESS] NAMESPACE DEVICE...");
	enter(argv[1]);
	fd = socket(AF_PACKET, SOCK_RAW, 0);
	if (fd < 0)
		err(1, "socket");
	for (i = 0; i < n; i++) {
		device = &devices[i];
		device->to.sll_family = AF_PACKET;
		device->to.sll_ifindex = if_nametoindex(argv[2 + i]);
		if (!device->to.sll_ifindex)
			err(1, "%s", argv[2 + i]);
		if (from.s_addr)
			fill_packet(device->frame, fd, argv[2 + i], from);
		else
			fill_unknown(device->frame);
	}

	for (i = 0;; i = (i + 1) % n) {
		device = &devices[i];
		if (sendto(fd, device->frame, LENGTH, 0,
			   (struct sockaddr *)&device->to,
			   sizeof(device->to)) < 0 && errno != ENOBUFS)
			err(1, "send");
	}
}
