/* SPDX-License-Identifier: GPL-2.0 */
/*
 * An AF_XDP socket that transmits. That takes no BPF program. With XDP_COPY, the core
 * makes an skb of each frame, with XDP_ZEROCOPY the driver takes it.
 */
#ifndef HELPERS_XSK_H
#define HELPERS_XSK_H

#include <err.h>
#include <errno.h>
#include <linux/if_xdp.h>
#include <net/if.h>
#include <poll.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>

#define XSK_ROOM	4096
#define XSK_RING	2

struct xsk {
	int fd;
	unsigned char *room;
	uint32_t *producer, *done;
	struct xdp_desc *desc;
};

static inline void xsk_ring(int fd, int option)
{
	uint32_t entries = XSK_RING;

	if (setsockopt(fd, SOL_XDP, option, &entries, sizeof(entries)))
		err(1, "AF_XDP ring %d", option);
}

static inline unsigned char *xsk_map(int fd, size_t size, off_t at)
{
	void *p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, at);

	if (p == MAP_FAILED)
		err(1, "AF_XDP mmap");
	return p;
}

static inline void xsk_open(struct xsk *xsk, const char *device, uint16_t flags)
{
	struct sockaddr_xdp at = {
		.sxdp_family = AF_XDP,
		.sxdp_flags = flags,
		.sxdp_ifindex = if_nametoindex(device),
	};
	struct xdp_umem_reg umem = { .len = XSK_ROOM, .chunk_size = XSK_ROOM };
	struct xdp_mmap_offsets off;
	socklen_t size = sizeof(off);
	unsigned char *ring;

	xsk->fd = socket(AF_XDP, SOCK_RAW, 0);
	xsk->room = mmap(NULL, XSK_ROOM, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	umem.addr = (uintptr_t)xsk->room;
	if (xsk->fd < 0 || xsk->room == MAP_FAILED ||
	    setsockopt(xsk->fd, SOL_XDP, XDP_UMEM_REG, &umem, sizeof(umem)))
		err(1, "AF_XDP socket");
	xsk_ring(xsk->fd, XDP_UMEM_FILL_RING);
	xsk_ring(xsk->fd, XDP_UMEM_COMPLETION_RING);
	xsk_ring(xsk->fd, XDP_TX_RING);
	if (getsockopt(xsk->fd, SOL_XDP, XDP_MMAP_OFFSETS, &off, &size))
		err(1, "AF_XDP offsets");
	ring = xsk_map(xsk->fd, off.tx.desc + XSK_RING * sizeof(*xsk->desc),
		       XDP_PGOFF_TX_RING);
	xsk->producer = (uint32_t *)(ring + off.tx.producer);
	xsk->desc = (struct xdp_desc *)(ring + off.tx.desc);
	ring = xsk_map(xsk->fd, off.cr.desc + XSK_RING * sizeof(uint64_t),
		       XDP_UMEM_PGOFF_COMPLETION_RING);
	xsk->done = (uint32_t *)(ring + off.cr.consumer);
	if (bind(xsk->fd, (struct sockaddr *)&at, sizeof(at)))
		err(1, "AF_XDP by %s", device);
}

/* Sends one frame, and gives back the room of the one before. */
static inline void xsk_send(struct xsk *xsk, const void *frame, size_t len)
{
	uint32_t n = *xsk->producer;

	if (len > XSK_ROOM)
		errx(1, "too long for AF_XDP: %zu", len);
	memcpy(xsk->room, frame, len);
	xsk->desc[n % XSK_RING] = (struct xdp_desc){ .len = len };
	__atomic_store_n(xsk->producer, n + 1, __ATOMIC_RELEASE);
	/* EBUSY says that it was dropped on the way */
	while (sendto(xsk->fd, NULL, 0, MSG_DONTWAIT, NULL, 0) < 0 && errno != EBUSY)
		if (errno != EAGAIN)
			err(1, "send by AF_XDP");
	__atomic_store_n(xsk->done, n + 1, __ATOMIC_RELEASE);
}

#endif /* HELPERS_XSK_H */
