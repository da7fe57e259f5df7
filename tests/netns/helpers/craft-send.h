/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Ways by which craft.c, which includes it, sends packets.
 */
#ifndef _VNICX_CRAFT_SEND_H
#define _VNICX_CRAFT_SEND_H

#include <err.h>
#include <errno.h>
#include <linux/if_packet.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>

#include "packet.h"

#define BLOCK		4096
#define PACKETS_MAX	32

static struct packet {
	unsigned char bytes[sizeof(frame.bytes)];
	size_t len;
} packets[PACKETS_MAX];
static unsigned int nr_packets;

/* The Ethernet header is copied, and the rest stays in the ring's pages. */
static void send_by_ring(int fd, const struct packet *p)
{
	struct tpacket_req req = {
		.tp_block_size = BLOCK,
		.tp_block_nr = PACKETS_MAX,
		.tp_frame_size = BLOCK,
		.tp_frame_nr = PACKETS_MAX,
	};
	int version = TPACKET_V2;
	static unsigned int slot;
	struct tpacket2_hdr *hdr;
	static char *ring;

	if (!ring) {
		if (setsockopt(fd, SOL_PACKET, PACKET_VERSION, &version, sizeof(version)) ||
		    setsockopt(fd, SOL_PACKET, PACKET_TX_RING, &req, sizeof(req)))
			err(1, "ring");
		ring = mmap(NULL, PACKETS_MAX * BLOCK, PROT_READ | PROT_WRITE,
			    MAP_SHARED, fd, 0);
		if (ring == MAP_FAILED)
			err(1, "mmap");
	}
	hdr = (void *)(ring + slot * BLOCK);
	memcpy((char *)hdr + TPACKET2_HDRLEN - sizeof(struct sockaddr_ll),
	       p->bytes, p->len);
	hdr->tp_len = p->len;
	hdr->tp_status = TP_STATUS_SEND_REQUEST;
	/* The kernel comes back to one that was dropped. */
	if (send(fd, NULL, 0, 0) >= 0)
		slot++;
	else if (errno != ENOBUFS)
		err(1, "send by ring");
}

static void print_hex(FILE *to, const struct packet *p)
{
	unsigned int i;

	for (i = 0; i < p->len; i++)
		fprintf(to, "%02x", p->bytes[i]);
}

/* Another program sends, and says what it likes. */
static void send_by_command(const char *command)
{
	const struct packet *p;
	size_t size;
	char *line;
	FILE *to;

	to = open_memstream(&line, &size);
	if (!to)
		err(1, "memory");
	fputs(command, to);
	for (p = packets; p < packets + nr_packets; p++) {
		fputs(" hex a ", to);
		print_hex(to, p);
	}
	fputs(" >/dev/null", to);
	fclose(to);
	if (system(line))
		errx(1, "failed: %s", line);
	free(line);
}

/* ENOBUFS says that it was dropped on the way. */
static void send_by_socket(int fd, const struct packet *p, bool vnet)
{
	memcpy(frame.bytes, p->bytes, p->len);
	if (send(fd, vnet ? (void *)&frame : frame.bytes,
		 p->len + (vnet ? sizeof(frame.vnet) : 0), 0) < 0 && errno != ENOBUFS)
		err(1, "send");
}

#endif /* _VNICX_CRAFT_SEND_H */
