// SPDX-License-Identifier: GPL-2.0
/*
 * Frames from one tap to another: 32 written, 32 read, and so on. Prints the
 * nanoseconds for each.
 *
 *	tap-rate FROM TO|- DESTINATION COUNT [gso|udp]
 *
 * They have 60 bytes, of no protocol that anybody reads or of UDP, or are TCP segments of
 * 64 kB that are to be cut at 1,448.
 *
 * FROM and TO are the paths of character devices, or the names of tun's taps. Without TO,
 * the frames end somewhere else.
 */
#include <err.h>
#include <errno.h>
#include <linux/virtio_net.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "mark.h"
#include "tap.h"

#define BATCH	32
#define HDR	sizeof(struct virtio_net_hdr)
#define GSO_BYTES	(65000 + 54)

static ssize_t len = 60;

static void transfer(int from, int to, const unsigned char *frame, unsigned int count)
{
	struct pollfd pfd = { .fd = to, .events = POLLIN };
	static unsigned char buf[1 << 17];
	unsigned int i;
	ssize_t n;

	for (i = 0; i < count; i++)
		if (write(from, frame, HDR + len) != (ssize_t)HDR + len)
			err(1, "write");
	for (i = 0; to >= 0 && i < count; i++) {
		n = read(to, buf, sizeof(buf));
		/* ksoftirqd has it, on a busy machine */
		if (n < 0 && errno == EAGAIN && poll(&pfd, 1, 500) == 1)
			n = read(to, buf, sizeof(buf));
		if (n != (ssize_t)HDR + len)
			errx(1, "frame %u is missing: %s", i, strerror(errno));
	}
}

static void finish_ip(unsigned char *ip)
{
	unsigned int sum = 0, i;

	for (i = 0; i < 20; i += 2)
		sum += ip[i] << 8 | ip[i + 1];
	sum = ~((sum & 0xffff) + (sum >> 16));
	ip[10] = sum >> 8;
	ip[11] = sum;
}

/* Without a checksum of its own */
static void make_datagram(unsigned char *frame)
{
	static const unsigned char head[] = {
		8, 0, 0x45, 0, 0, 46, 0, 0, 0, 0, 64, 17, 0, 0,
		198, 18, 0, 1, 198, 18, 0, 42,
		3, 232, 7, 208, 0, 26, 0, 0,
	};

	memcpy(frame + HDR + 12, head, sizeof(head));
	finish_ip(frame + HDR + 14);
}

static void make_segment(unsigned char *frame)
{
	static const unsigned char head[] = {
		8, 0, 0x45, 0, (65000 + 40) >> 8, (65000 + 40) & 255, 0, 0, 0, 0, 64, 6, 0, 0,
		198, 18, 0, 1, 198, 18, 0, 42,
		3, 232, 7, 208, 0, 0, 0, 1, 0, 0, 0, 1, 0x50, 0x10, 1, 0,
	};
	struct virtio_net_hdr *vnet = (void *)frame;
	unsigned char *ip = frame + HDR + 14;

	vnet->flags = VIRTIO_NET_HDR_F_NEEDS_CSUM;
	vnet->gso_type = VIRTIO_NET_HDR_GSO_TCPV4;
	vnet->gso_size = 1448;
	vnet->hdr_len = 54;
	vnet->csum_start = 34;
	vnet->csum_offset = 16;
	memcpy(ip - 2, head, sizeof(head));
	finish_ip(ip);
	len = GSO_BYTES;
}

int main(int argc, char **argv)
{
	static unsigned char frame[HDR + GSO_BYTES], buf[2048];
	unsigned char *eth = frame + HDR;
	struct timespec begin, end;
	unsigned long count, i;
	int from, to = -1;

	if (argc < 5)
		errx(2, "usage: tap-rate FROM TO|- DESTINATION COUNT [gso|udp]");
	from = open_tap(argv[1]);
	if (strcmp(argv[2], "-"))
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
	if (argc > 5 && !strcmp(argv[5], "udp"))
		make_datagram(frame);
	if (to >= 0 && write(to, frame, HDR + 60) < 0)
		err(1, "write");
	memcpy(eth, eth + 6, 6);
	memcpy(eth + 6, "\x02\0\0\0\0\x99", 6);
	while (read(from, buf, sizeof(buf)) > 0)
		;
	if (argc > 5 && !strcmp(argv[5], "gso"))
		make_segment(frame);
	transfer(from, to, frame, BATCH);

	clock_gettime(CLOCK_MONOTONIC, &begin);
	mark_begin();
	for (i = 0; i < count; i++)
		transfer(from, to, frame, BATCH);
	mark_end();
	clock_gettime(CLOCK_MONOTONIC, &end);
	printf("%.1f\n", ((end.tv_sec - begin.tv_sec) * 1e9 + end.tv_nsec - begin.tv_nsec) /
			 (count * BATCH));
	return 0;
}
