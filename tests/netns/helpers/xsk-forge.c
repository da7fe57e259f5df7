// SPDX-License-Identifier: GPL-2.0
/*
 * Sends frames from a zero-copy AF_XDP socket to another, while a second process changes
 * their source address in the sender's memory all the time, and looks at those that come.
 *
 *	xsk-forge COUNT FROM-NAMESPACE/DEVICE TO-NAMESPACE/DEVICE
 *
 * Prints how many of them were not from the sender's address, and whether any came.
 */
#define _GNU_SOURCE
#include <signal.h>
#include <stdlib.h>

#include "xsk-end.h"

#define BATCH		64
#define BYTES		60
/* Of an Ethernet header */
#define SOURCE_END	11

static struct end from, to;
static unsigned int got, forged;

static void fill_frame(unsigned char *frame)
{
	memcpy(frame, to.mac, ETH_ALEN);
	memcpy(frame + ETH_ALEN, from.mac, ETH_ALEN);
	memcpy(frame + 2 * ETH_ALEN, "\x08\x00\x45", 3);
	frame[23] = 253;
}

/* Changes the frames, and back, until it is killed. */
static void forge(void)
{
	unsigned int i;

	for (;;)
		for (i = 0; i < BATCH; i++)
			__atomic_xor_fetch(from.room + i * CHUNK + SOURCE_END, 0x10,
					   __ATOMIC_RELAXED);
}

static void send_batch(void)
{
	uint32_t at = *from.tx.producer, i;

	for (i = 0; i < BATCH; i++)
		((struct xdp_desc *)from.tx.desc)[(at + i) % RING] =
			(struct xdp_desc){ .addr = i * CHUNK, .len = BYTES };
	__atomic_store_n(from.tx.producer, at + i, __ATOMIC_RELEASE);
	for (i = 0; __atomic_load_n(from.tx.consumer, __ATOMIC_ACQUIRE) != at + BATCH; i++) {
		if (i == 1000)
			errx(1, "frames are not transmitted");
		kick(&from);
		complete(&from);
	}
}

static void take(void)
{
	uint32_t end = __atomic_load_n(to.rx.producer, __ATOMIC_ACQUIRE);
	uint32_t at;

	for (at = *to.rx.consumer; at != end; at++) {
		uint64_t addr = ((struct xdp_desc *)to.rx.desc)[at % RING].addr;

		if (!memcmp(to.room + addr, to.mac, ETH_ALEN)) {
			forged += !!memcmp(to.room + addr + ETH_ALEN, from.mac, ETH_ALEN);
			got++;
		}
		give(&to, addr & ~(uint64_t)(CHUNK - 1));
	}
	__atomic_store_n(to.rx.consumer, end, __ATOMIC_RELEASE);
}

int main(int argc, char **argv)
{
	unsigned int sent, count, i;
	pid_t child;

	if (argc != 4)
		errx(2, "usage: xsk-forge COUNT FROM/DEVICE TO/DEVICE");
	count = atoi(argv[1]);
	parse_end(&from, argv[2]);
	parse_end(&to, argv[3]);
	xsk.flags = XDP_ZEROCOPY;
	end_open(&to, RING);
	give_all(&to);
	attach(&to);
	end_open(&from, RING);
	for (i = 0; i < BATCH; i++)
		fill_frame(from.room + i * CHUNK);
	child = fork();
	if (child < 0)
		err(1, "fork");
	if (!child)
		forge();
	for (sent = 0; sent < count; sent += BATCH) {
		send_batch();
		take();
	}
	kill(child, SIGKILL);
	printf("%u forged, %s\n", forged, got ? "some whole" : "none came");
	return 0;
}
