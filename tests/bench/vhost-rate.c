// SPDX-License-Identifier: GPL-2.0
/*
 * Frames of 60 bytes from one virtual machine to another, both with vhost-net: this
 * program is their drivers. 32 are sent, 32 received, and so on. Prints the nanoseconds
 * for each.
 *
 *	vhost-rate FROM TO DESTINATION COUNT [lost]
 *
 * With "lost", the receiver takes half of what is sent in the same time. Prints how many of
 * 1,000 frames never came.
 *
 * FROM and TO are the paths of character devices, or the names of tun's taps.
 */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "../netns/helpers/vhost.h"
#include "mark.h"
#include "tap.h"

#define BATCH	32
#define BYTES	60

static struct vhost *machine(const char *name, int *tap)
{
	struct vhost *v;

	*tap = open_tap(name);
	v = vhost_start(*tap);
	if (!v)
		err(1, "vhost on %s", name);
	return v;
}

/* Each frame is in a piece of its own, behind its header. */
static void prepare(struct vhost *v, const unsigned char *to, const unsigned char *from)
{
	unsigned char *at = v->tx;
	unsigned int i;

	for (i = 0; i < BATCH; i++, at += 128) {
		memcpy(at + VHOST_HDR, to, 6);
		memcpy(at + VHOST_HDR + 6, from, 6);
		memcpy(at + VHOST_HDR + 12, "\x88\xb5", 2);
		v->ring[VHOST_TX].desc[i] = (struct vring_desc){
			.addr = (uintptr_t)at,
			.len = VHOST_HDR + BYTES,
		};
	}
}

static void await(struct vhost *v, int n)
{
	if (!vhost_used(v, n, 20000))
		errx(1, "frames are missing");
	v->used[n]++;
}

static void offer(struct vhost *from, unsigned int count)
{
	unsigned int i;

	for (i = 0; i < count; i++)
		vhost_avail(&from->ring[VHOST_TX], i);
	vhost_kick(from, VHOST_TX);
}

static void sent(struct vhost *from, unsigned int count)
{
	while (count--)
		await(from, VHOST_TX);
}

static void receive(struct vhost *to)
{
	struct vring *ring = &to->ring[VHOST_RX];

	await(to, VHOST_RX);
	vhost_avail(ring, ring->used->ring[(to->used[VHOST_RX] - 1) % VHOST_RING].id);
}

static void transfer(struct vhost *from, struct vhost *to, unsigned int count)
{
	unsigned int i;

	offer(from, count);
	for (i = 0; i < count; i++)
		receive(to);
	vhost_kick(to, VHOST_RX);
	sent(from, count);
}

/* The receiver has half of the sender's speed. */
static double lost(struct vhost *from, struct vhost *to, long count)
{
	long received = 0, i, j;

	for (i = 0; i < count; i++) {
		offer(from, BATCH);
		sent(from, BATCH);
		for (j = 0; j < BATCH / 2 && vhost_used(to, VHOST_RX, 0); j++, received++)
			receive(to);
		vhost_kick(to, VHOST_RX);
	}
	while (vhost_used(to, VHOST_RX, 500)) {
		receive(to);
		vhost_kick(to, VHOST_RX);
		received++;
	}
	return 1000 - 1000. * received / (count * BATCH);
}

int main(int argc, char **argv)
{
	static const unsigned char source[] = { 2, 0, 0, 0, 0, 0x99 };
	struct timespec begin, end;
	unsigned char mac[6];
	struct vhost *from, *to;
	int tap[2];
	long count, i;

	if (argc < 5)
		errx(2, "usage: vhost-rate FROM TO DESTINATION COUNT [lost]");
	from = machine(argv[1], &tap[0]);
	to = machine(argv[2], &tap[1]);
	if (sscanf(argv[3], "%hhx:%hhx:%hhx:%hhx:%hhx:%hhx", mac, mac + 1, mac + 2, mac + 3,
		   mac + 4, mac + 5) != 6)
		errx(2, "no address: %s", argv[3]);
	count = strtoul(argv[4], NULL, 0) / BATCH;

	/* a bridge learns where the destination is */
	prepare(to, source, mac);
	transfer(to, from, 1);
	prepare(from, mac, source);
	transfer(from, to, BATCH);
	if (argc > 5) {
		printf("%.1f\n", lost(from, to, count));
		return 0;
	}

	clock_gettime(CLOCK_MONOTONIC, &begin);
	mark_begin();
	for (i = 0; i < count; i++)
		transfer(from, to, BATCH);
	mark_end();
	clock_gettime(CLOCK_MONOTONIC, &end);
	printf("%.1f\n", ((end.tv_sec - begin.tv_sec) * 1e9 + end.tv_nsec - begin.tv_nsec) /
			 (count * BATCH));
	return 0;
}
