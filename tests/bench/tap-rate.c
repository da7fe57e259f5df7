// SPDX-License-Identifier: GPL-2.0
/*
 * Frames of 60 bytes from one tap to another: 32 written, 32 read, and so on.
 * Prints the nanoseconds for each.
 *
 *	tap-rate FROM TO DESTINATION COUNT
 *
 * FROM and TO are the paths of character devices, or the names of tun's taps.
 */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <linux/virtio_net.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#define BATCH	32
#define HDR	sizeof(struct virtio_net_hdr)

static int open_tap(const char *name)
{
	struct ifreq ifr = { .ifr_flags = IFF_TAP | IFF_NO_PI | IFF_VNET_HDR };
	int fd = open(*name == '/' ? name : "/dev/net/tun", O_RDWR | O_NONBLOCK);

	if (fd >= 0 && *name != '/') {
		snprintf(ifr.ifr_name, IFNAMSIZ, "%s", name);
		if (ioctl(fd, TUNSETIFF, &ifr))
			err(1, "%s", name);
	}
	if (fd < 0)
		err(1, "%s", name);
	return fd;
}

static void transfer(int from, int to, const unsigned char *frame, unsigned int count)
{
	unsigned char buf[2048];
	unsigned int i;

	for (i = 0; i < count; i++)
		if (write(from, frame, HDR + 60) != HDR + 60)
			err(1, "write");
	for (i = 0; i < count; i++)
		if (read(to, buf, sizeof(buf)) != HDR + 60)
			errx(1, "frame %u is missing: %s", i, strerror(errno));
}

int main(int argc, char **argv)
{
	unsigned char frame[HDR + 60] = {}, *eth = frame + HDR, buf[2048];
	struct timespec begin, end;
	unsigned long count, i;
	int from, to;

	if (argc != 5)
		errx(2, "usage: tap-rate FROM TO DESTINATION COUNT");
	from = open_tap(argv[1]);
	to = open_tap(argv[2]);
	if (sscanf(argv[3], "%hhx:%hhx:%hhx:%hhx:%hhx:%hhx", eth, eth + 1, eth + 2,
		   eth + 3, eth + 4, eth + 5) != 6)
		errx(2, "no address: %s", argv[3]);
	count = strtoul(argv[4], NULL, 0) / BATCH;

	/* a bridge learns where the destination is */
	memcpy(eth + 6, eth, 6);
	memcpy(eth, "\x02\0\0\0\0\x99", 6);
	eth[12] = 0x88;
	eth[13] = 0xb5;
	if (write(to, frame, sizeof(frame)) < 0)
		err(1, "write");
	memcpy(eth, eth + 6, 6);
	memcpy(eth + 6, "\x02\0\0\0\0\x99", 6);
	while (read(from, buf, sizeof(buf)) > 0)
		;
	transfer(from, to, frame, BATCH);

	clock_gettime(CLOCK_MONOTONIC, &begin);
	for (i = 0; i < count; i++)
		transfer(from, to, frame, BATCH);
	clock_gettime(CLOCK_MONOTONIC, &end);
	printf("%.1f\n", ((end.tv_sec - begin.tv_sec) * 1e9 + end.tv_nsec - begin.tv_nsec) /
			 (count * BATCH));
	return 0;
}
