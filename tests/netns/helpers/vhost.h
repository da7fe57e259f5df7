/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A virtual machine's virtio-net driver, with vhost-net on the other
 * side of its two rings: one to receive, one to send. The machine's memory is
 * this program's.
 */
#ifndef HELPERS_VHOST_H
#define HELPERS_VHOST_H

#include <errno.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <linux/vhost.h>
#include <linux/virtio_config.h>
#include <linux/virtio_net.h>
#include <linux/virtio_ring.h>
#include <poll.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "patience.h"

#define VHOST_RING 256
#define VHOST_PIECE 4096
#define VHOST_HDR sizeof(struct virtio_net_hdr_v1)
/* A frame takes three descriptors of the ring. */
#define VHOST_COPIES (VHOST_RING / 3)

enum { VHOST_RX, VHOST_TX };

struct vhost {
	int fd;
	int kick[2];
	int call[2];
	uint16_t used[2];
	struct vring ring[2];
	unsigned char *memory;
	unsigned char *rx;
	unsigned char *tx;
};

/* A header and a frame of 64 KB are sent from there, a ring's worth of pieces
 * is received, and the rings have a page or three each.
 */
#define VHOST_MEMORY (131072 + VHOST_RING * VHOST_PIECE + 2 * 4 * 4096)

static void vhost_kick(struct vhost *v, int n)
{
	if (write(v->kick[n], &(uint64_t){ 1 }, 8) != 8)
		exit(2);
}

/* Makes one more chain, which begins at that descriptor, available. */
static void vhost_avail(struct vring *ring, unsigned int head)
{
	uint16_t idx = ring->avail->idx;

	ring->avail->ring[idx % VHOST_RING] = head;
	__atomic_store_n(&ring->avail->idx, idx + 1, __ATOMIC_RELEASE);
}

/* Whether the kernel has used a chain more, waiting for one if it need be */
static int vhost_used(struct vhost *v, int n, int ms)
{
	struct pollfd pfd = { .fd = v->call[n], .events = POLLIN };
	uint64_t calls;

	for (;;) {
		if (__atomic_load_n(&v->ring[n].used->idx, __ATOMIC_ACQUIRE) !=
		    v->used[n])
			return 1;
		if (poll_patiently(&pfd, 1, ms) != 1)
			return 0;
		if (read(v->call[n], &calls, 8) != 8)
			return 0;
	}
}

static int vhost_set_ring(struct vhost *v, unsigned int n, void *at)
{
	struct vhost_vring_state num = { n, VHOST_RING }, base = { n, 0 };
	struct vhost_vring_addr addr = { .index = n };
	struct vhost_vring_file kick, call;

	vring_init(&v->ring[n], VHOST_RING, at, 4096);
	addr.desc_user_addr = (uintptr_t)v->ring[n].desc;
	addr.avail_user_addr = (uintptr_t)v->ring[n].avail;
	addr.used_user_addr = (uintptr_t)v->ring[n].used;
	v->kick[n] = eventfd(0, EFD_CLOEXEC);
	v->call[n] = eventfd(0, EFD_CLOEXEC);
	kick = (struct vhost_vring_file){ n, v->kick[n] };
	call = (struct vhost_vring_file){ n, v->call[n] };
	return ioctl(v->fd, VHOST_SET_VRING_NUM, &num) ||
	       ioctl(v->fd, VHOST_SET_VRING_BASE, &base) ||
	       ioctl(v->fd, VHOST_SET_VRING_ADDR, &addr) ||
	       ioctl(v->fd, VHOST_SET_VRING_KICK, &kick) ||
	       ioctl(v->fd, VHOST_SET_VRING_CALL, &call);
}

/* Gives both rings a tap, or none if that is -1. */
static int vhost_backend(struct vhost *v, int tap)
{
	unsigned int n;

	for (n = VHOST_RX; n <= VHOST_TX; n++) {
		struct vhost_vring_file backend = { n, tap };

		if (ioctl(v->fd, VHOST_NET_SET_BACKEND, &backend))
			return -1;
	}
	return 0;
}

/* Memory, rings and room to receive; what a machine of today negotiates */
static int vhost_prepare(struct vhost *v, int tap)
{
	uint64_t features = 1ULL << VIRTIO_F_VERSION_1 |
			    1ULL << VIRTIO_NET_F_MRG_RXBUF;
	struct {
		struct vhost_memory head;
		struct vhost_memory_region region;
	} table = { .head.nregions = 1 };
	int size = VHOST_HDR, little = 1;
	uint64_t offered;
	unsigned int i;

	table.region.guest_phys_addr = (uintptr_t)v->memory;
	table.region.userspace_addr = (uintptr_t)v->memory;
	table.region.memory_size = VHOST_MEMORY;
	if (ioctl(tap, TUNSETVNETHDRSZ, &size) ||
	    ioctl(tap, TUNSETVNETLE, &little) ||
	    ioctl(v->fd, VHOST_SET_OWNER) ||
	    ioctl(v->fd, VHOST_GET_FEATURES, &offered) ||
	    ioctl(v->fd, VHOST_SET_FEATURES, &features) ||
	    ioctl(v->fd, VHOST_SET_MEM_TABLE, &table) ||
	    vhost_set_ring(v, VHOST_RX, v->memory) ||
	    vhost_set_ring(v, VHOST_TX, v->memory + 4 * 4096))
		return -1;
	if ((offered & features) != features) {
		errno = EOPNOTSUPP;
		return -1;
	}

	for (i = 0; i < VHOST_RING; i++) {
		v->ring[VHOST_RX].desc[i] = (struct vring_desc){
			.addr = (uintptr_t)v->rx + i * VHOST_PIECE,
			.len = VHOST_PIECE,
			.flags = VRING_DESC_F_WRITE,
		};
		vhost_avail(&v->ring[VHOST_RX], i);
	}
	return vhost_backend(v, tap);
}

/* The kernel's side ends with its descriptor. */
static void vhost_end(struct vhost *v)
{
	unsigned int n;

	close(v->fd);
	for (n = VHOST_RX; n <= VHOST_TX; n++) {
		close(v->kick[n]);
		close(v->call[n]);
	}
	munmap(v->memory, VHOST_MEMORY);
	free(v);
}

/* vhost-net on a tap, or NULL and errno */
static struct vhost *vhost_start(int tap)
{
	struct vhost *v = calloc(1, sizeof(*v));
	int error;

	memset(v->kick, -1, sizeof(v->kick));
	memset(v->call, -1, sizeof(v->call));
	v->memory = mmap(NULL, VHOST_MEMORY, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	v->tx = v->memory + 2 * 4 * 4096;
	v->rx = v->tx + 131072;
	v->fd = open("/dev/vhost-net", O_RDWR | O_CLOEXEC);
	if (v->fd < 0 || vhost_prepare(v, tap)) {
		error = errno;
		vhost_end(v);
		errno = error;
		return NULL;
	}
	return v;
}

/* Sends copies of a frame behind its header of HDR bytes, as many as the ring
 * has room for at most, and waits until the kernel is through with them.
 */
static inline ssize_t vhost_put(struct vhost *v, const void *from, size_t hdr,
				size_t len, unsigned int copies)
{
	/* a header, and the frame in two pieces that split its own headers */
	size_t piece[3] = { VHOST_HDR, 30, 0 };
	struct vring *ring = &v->ring[VHOST_TX];
	unsigned char *at;
	unsigned int i, j;

	memset(v->tx, 0, VHOST_HDR);
	memcpy(v->tx, from, hdr);
	memcpy(v->tx + VHOST_HDR, (const char *)from + hdr, len - hdr);
	if (piece[1] > (len - hdr) / 2)
		piece[1] = (len - hdr) / 2;
	piece[2] = len - hdr - piece[1];

	for (i = 0; i < copies; i++) {
		at = v->tx;
		for (j = 0; j < 3; j++) {
			ring->desc[3 * i + j] = (struct vring_desc){
				.addr = (uintptr_t)at,
				.len = piece[j],
				.flags = j < 2 ? VRING_DESC_F_NEXT : 0,
				.next = 3 * i + j + 1,
			};
			at += piece[j];
		}
		vhost_avail(ring, 3 * i);
	}
	vhost_kick(v, VHOST_TX);
	for (i = 0; i < copies; i++) {
		/* Only a ring that stands still for good is a failure. */
		if (!vhost_used(v, VHOST_TX, 60000)) {
			errno = ETIMEDOUT;
			return -1;
		}
		v->used[VHOST_TX]++;
	}
	return len;
}

/* Receives a frame behind the first HDR bytes of its header. */
static inline ssize_t vhost_get(struct vhost *v, void *to, size_t hdr, int ms)
{
	struct vring *ring = &v->ring[VHOST_RX];
	unsigned int pieces = 1, i;
	size_t total = 0;

	for (i = 0; i < pieces; i++) {
		struct vring_used_elem *used;
		unsigned char *at;
		size_t len;

		if (!vhost_used(v, VHOST_RX, ms)) {
			errno = EAGAIN;
			return -1;
		}
		used = &ring->used->ring[v->used[VHOST_RX]++ % VHOST_RING];
		at = v->rx + used->id * VHOST_PIECE;
		len = used->len;
		if (!i) {
			pieces = ((struct virtio_net_hdr_v1 *)at)->num_buffers;
			memcpy(to, at, hdr);
			at += VHOST_HDR;
			len -= VHOST_HDR;
			total = hdr;
		}
		memcpy((char *)to + total, at, len);
		total += len;
		vhost_avail(ring, used->id);
	}
	vhost_kick(v, VHOST_RX);
	return total;
}

#endif /* HELPERS_VHOST_H */
