// SPDX-License-Identifier: GPL-2.0
/*
 * The end of a relay that is an AF_XDP socket: a vNIC's program redirects all frames to
 * it, and it transmits what a stack behind a tap device says. Frames come and go whole.
 */
#define _GNU_SOURCE
#define RING	2048
#include "../netns/helpers/xsk-end.h"
#include "xsk.h"

/* A vNIC that is down keeps the frames that it has not transmitted. */
#define TRIES	1000

static struct end ends[XSK_MAX];

/* Opens the socket by a device; the process is in the device's namespace after it. */
int xsk_open(unsigned int i, char *ns, char *dev, bool zero_copy)
{
	struct end *e = &ends[i];

	xsk.flags = zero_copy ? XDP_ZEROCOPY : XDP_COPY;
	*e = (struct end){ .namespace = ns, .device = dev };
	end_open(e, RING);
	give_all(e);
	attach(e);
	return e->fd;
}

void xsk_flush(unsigned int i)
{
	struct end *e = &ends[i];
	int tries;

	for (tries = 0; tries < TRIES; tries++) {
		if (__atomic_load_n(e->tx.consumer, __ATOMIC_ACQUIRE) == *e->tx.producer)
			break;
		kick(e);
		complete(e);
	}
	complete(e);
}

ssize_t xsk_read(unsigned int i, void *frame, size_t size)
{
	struct end *e = &ends[i];
	uint32_t n = *e->rx.consumer;
	const struct xdp_desc *desc = (struct xdp_desc *)e->rx.desc + n % RING;
	ssize_t len;

	if (__atomic_load_n(e->rx.producer, __ATOMIC_ACQUIRE) == n) {
		errno = EAGAIN;
		return -1;
	}
	len = desc->len;
	if ((size_t)len > size || desc->addr + len > (uint64_t)2 * RING * CHUNK)
		errx(2, "AF_XDP: a frame of %zd bytes at %#llx", len, desc->addr);
	memcpy(frame, e->room + desc->addr, len);
	give(e, desc->addr / CHUNK * CHUNK);
	__atomic_store_n(e->rx.consumer, n + 1, __ATOMIC_RELEASE);
	return len;
}

/* Puts a frame where xsk_flush() takes it from. */
ssize_t xsk_write(unsigned int i, const void *frame, size_t len)
{
	struct end *e = &ends[i];
	uint32_t n = *e->tx.producer;
	uint64_t chunk = (uint64_t)(n % RING) * CHUNK;

	if (n - *e->done.consumer >= RING) {
		xsk_flush(i);
		if (n - *e->done.consumer >= RING) {
			errno = EAGAIN;
			return -1;
		}
	}
	if (len > CHUNK)
		errx(2, "too long for AF_XDP: %zu", len);
	memcpy(e->room + chunk, frame, len);
	((struct xdp_desc *)e->tx.desc)[n % RING] = (struct xdp_desc){
		.addr = chunk,
		.len = len,
	};
	__atomic_store_n(e->tx.producer, n + 1, __ATOMIC_RELEASE);
	return len;
}
