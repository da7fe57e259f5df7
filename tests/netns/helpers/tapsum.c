// SPDX-License-Identifier: GPL-2.0
/*
 * A reader of a tap device that accepts no offload checks that what it reads is
 * complete: every checksum, in tunnels as well, and the length.
 *
 *	tapsum NAMESPACE DEVICE FRAMES NAMESPACE sctp|udp ADDRESS
 *
 * Has the second namespace open an SCTP association with ADDRESS, or send it
 * 14,000 bytes of UDP, to be cut at 1,200. Reads as many frames to UDP port 4789 or
 * of SCTP as asked for. Prints "complete", or what the first that is not lacks.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <err.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netinet/udp.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>

#include "enter.h"

#define PATIENCE_MS	5000
#define ETH_HLEN	14
#define VXLAN_PORT	4789
#define VXLAN_HLEN	8

static uint32_t crc32c(const uint8_t *p, size_t n)
{
	uint32_t crc = ~0u;
	int bit;

	while (n--) {
		crc ^= *p++;
		for (bit = 0; bit < 8; bit++)
			crc = crc & 1 ? crc >> 1 ^ 0x82f63b78 : crc >> 1;
	}
	return ~crc;
}

static uint32_t sum(const uint8_t *p, size_t n, uint32_t sum)
{
	for (; n > 1; n -= 2, p += 2)
		sum += p[0] << 8 | p[1];
	if (n)
		sum += p[0] << 8;
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return sum;
}

/* The name of what a frame lacks, or NULL; *ours if it is one that was waited for */
static const char *check(uint8_t *frame, size_t size, bool *ours)
{
	uint8_t *ip = frame + ETH_HLEN, *l4;
	const char *inner = NULL;
	size_t ihl, len;

	if (size < ETH_HLEN + 28 || frame[12] != 8 || frame[13])
		return NULL;
	ihl = (ip[0] & 15) * 4;
	len = ip[2] << 8 | ip[3];
	if (len > size - ETH_HLEN || len < ihl + 8)
		return "a length that is the frame's";
	if (sum(ip, ihl, 0) != 0xffff)
		return "the checksum of an IP header";
	l4 = ip + ihl;
	len -= ihl;
	if (ip[9] == IPPROTO_SCTP) {
		uint32_t got, want;

		memcpy(&got, l4 + 8, sizeof(got));
		memset(l4 + 8, 0, sizeof(got));
		want = crc32c(l4, len);
		memcpy(l4 + 8, &got, sizeof(got));
		*ours = true;
		return got == want ? NULL : "the CRC of SCTP";
	}
	if (ip[9] != IPPROTO_UDP)
		return NULL;
	if ((l4[2] << 8 | l4[3]) == VXLAN_PORT) {
		*ours = true;
		inner = check(l4 + 8 + VXLAN_HLEN, len - 8 - VXLAN_HLEN, ours);
	}
	if ((l4[6] || l4[7]) &&
	    sum(l4, len, sum(ip + 12, 8, IPPROTO_UDP + len)) != 0xffff)
		return inner ?: (*ours ? "the checksum of a tunnel" : "the checksum of UDP");
	return inner;
}

static int open_tap(const char *device)
{
	struct ifreq ifr = { .ifr_flags = IFF_TAP | IFF_NO_PI };
	char path[300];
	unsigned int major, minor;
	FILE *f;
	int fd;

	snprintf(path, sizeof(path), "/sys/class/net/%s/tap%u/dev", device, if_nametoindex(device));
	f = fopen(path, "r");
	if (!f || fscanf(f, "%u:%u", &major, &minor) != 2)
		err(1, "%s", path);
	fclose(f);
	snprintf(path, sizeof(path), "/dev/char-%u-%u", major, minor);
	mknod(path, S_IFCHR | 0600, makedev(major, minor));
	fd = open(path, O_RDWR | O_NONBLOCK);
	unlink(path);
	if (fd < 0 || ioctl(fd, TUNSETIFF, &ifr))
		err(1, "tap of %s", device);
	return fd;
}

static void send_it(const char *kind, const char *address)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(7720) };
	static char bytes[14000];
	int fd, size = 1200;

	inet_pton(AF_INET, address, &to.sin_addr);
	if (!strcmp(kind, "sctp")) {
		fd = socket(AF_INET, SOCK_SEQPACKET | SOCK_NONBLOCK, IPPROTO_SCTP);
		if (fd < 0)
			err(1, "SCTP");
		connect(fd, (struct sockaddr *)&to, sizeof(to));
		usleep(100000);
		return;
	}
	fd = socket(AF_INET, SOCK_DGRAM, 0);
	if (fd < 0 || setsockopt(fd, IPPROTO_UDP, UDP_SEGMENT, &size, sizeof(size)))
		err(1, "UDP_SEGMENT");
	memset(bytes, 'x', sizeof(bytes));
	if (sendto(fd, bytes, sizeof(bytes), 0, (struct sockaddr *)&to, sizeof(to)) < 0)
		err(1, "send");
}

int main(int argc, char **argv)
{
	static uint8_t frame[1 << 20];
	struct pollfd pfd = { .events = POLLIN };
	int left, status;
	ssize_t n;
	pid_t child;

	if (argc != 7)
		errx(2, "usage: tapsum NAMESPACE DEVICE FRAMES NAMESPACE sctp|udp ADDRESS");
	enter(argv[1]);
	pfd.fd = open_tap(argv[2]);
	child = fork();
	if (!child) {
		enter(argv[4]);
		send_it(argv[5], argv[6]);
		exit(0);
	}
	if (child < 0 || waitpid(child, &status, 0) < 0 || status)
		errx(1, "the sender failed");

	for (left = atoi(argv[3]); left;) {
		const char *lacks;
		bool ours = false;

		if (poll(&pfd, 1, PATIENCE_MS) <= 0)
			errx(1, "%d frames more were to come", left);
		n = read(pfd.fd, frame, sizeof(frame));
		if (n < 0)
			err(1, "read");
		lacks = check(frame, n, &ours);
		if (lacks) {
			printf("a frame lacks %s\n", lacks);
			return 0;
		}
		left -= ours;
	}
	printf("complete\n");
	return 0;
}
