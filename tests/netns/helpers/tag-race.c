// SPDX-License-Identifier: GPL-2.0
/*
 * Sends frames from a ring that it shares with the kernel, while another process changes their
 * tag from one VLAN to another all the time.
 *
 *	tag-race NAMESPACE DEVICE TO FROM VID VID COUNT
 *
 * All but a frame's Ethernet header stays in the ring's pages.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>

#include "enter.h"
#include "frame.h"

#define BLOCK	4096
#define LENGTH	64

static int open_ring(const char *device, char **ring)
{
	struct tpacket_req req = {
		.tp_block_size = BLOCK,
		.tp_block_nr = 1,
		.tp_frame_size = BLOCK,
		.tp_frame_nr = 1,
	};
	/* With a tag's protocol, the core would move the tag out of the ring's pages. */
	struct sockaddr_ll at = {
		.sll_family = AF_PACKET,
		.sll_protocol = htons(0x88b6),
	};
	int fd, version = TPACKET_V2;

	fd = socket(AF_PACKET, SOCK_RAW, 0);
	at.sll_ifindex = if_nametoindex(device);
	if (fd < 0 || setsockopt(fd, SOL_PACKET, PACKET_VERSION, &version, sizeof(version)) ||
	    setsockopt(fd, SOL_PACKET, PACKET_TX_RING, &req, sizeof(req)) ||
	    bind(fd, (struct sockaddr *)&at, sizeof(at)))
		err(1, "%s", device);
	*ring = mmap(NULL, BLOCK, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (*ring == MAP_FAILED)
		err(1, "mmap");
	return fd;
}

static void change(unsigned char *vid, unsigned char a, unsigned char b)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (;;) {
		__atomic_store_n(vid, a, __ATOMIC_SEQ_CST);
		__atomic_store_n(vid, b, __ATOMIC_SEQ_CST);
	}
}

int main(int argc, char **argv)
{
	struct tpacket2_hdr *hdr;
	unsigned char *frame;
	char *ring;
	long count;
	pid_t pid;
	int fd;

	if (argc != 8)
		errx(2, "usage: tag-race NAMESPACE DEVICE TO FROM VID VID COUNT");
	enter(argv[1]);
	fd = open_ring(argv[2], &ring);
	hdr = (void *)ring;
	frame = (unsigned char *)ring + TPACKET2_HDRLEN - sizeof(struct sockaddr_ll);
	put_mac(frame, argv[3]);
	put_mac(frame + ETH_ALEN, argv[4]);
	put16(frame + 2 * ETH_ALEN, ETH_P_8021Q);
	put16(frame + ETH_HLEN + 2, 0x88b6);
	pid = fork();
	if (pid < 0)
		err(1, "fork");
	if (!pid)
		change(frame + ETH_HLEN + 1, atoi(argv[5]), atoi(argv[6]));
	for (count = atol(argv[7]); count; count--) {
		hdr->tp_len = LENGTH;
		hdr->tp_status = TP_STATUS_SEND_REQUEST;
		/* The kernel comes back to one that was dropped. */
		while (send(fd, NULL, 0, 0) < 0 && errno == ENOBUFS)
			hdr->tp_status = TP_STATUS_SEND_REQUEST;
	}
	kill(pid, SIGKILL);
	return 0;
}
