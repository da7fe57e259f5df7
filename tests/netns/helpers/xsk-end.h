/* SPDX-License-Identifier: GPL-2.0 */
/*
 * An AF_XDP socket by a device, which transmits and receives, and the program that brings
 * it the device's frames.
 */
#ifndef HELPERS_XSK_END_H
#define HELPERS_XSK_END_H

#include <errno.h>
#include <linux/if_link.h>
#include <linux/if_xdp.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>

#include "bpf.h"
#include "enter.h"

/* Entries of each ring; the memory has as many chunks to transmit, and as many to receive. */
#ifndef RING
#define RING		256
#endif
#define CHUNK		4096
/* Where frames begin in chunks that are unaligned */
#define SHIFT		3000

struct ring {
	uint32_t *producer, *consumer;
	void *desc;
};

struct end {
	char *namespace, *device;
	unsigned char mac[ETH_ALEN];
	int fd;
	unsigned char *room;
	struct ring rx, tx, fill, done;
};

/* Of all ends */
static struct {
	uint16_t flags;		/* XDP_ZEROCOPY or XDP_COPY */
	uint32_t queue;
	bool unaligned;		/* frames lie anywhere in the memory */
	bool busy;		/* busy polling is preferred */
	bool generic;		/* so is the program */
} xsk = { .flags = XDP_COPY };

static inline void ring_map(struct ring *ring, int fd, const struct xdp_ring_offset *o,
			    size_t room, off_t at)
{
	char *p = mmap(NULL, o->desc + room, PROT_READ | PROT_WRITE,
		       MAP_SHARED | MAP_POPULATE, fd, at);

	if (p == MAP_FAILED)
		err(1, "AF_XDP mmap");
	ring->producer = (uint32_t *)(p + o->producer);
	ring->consumer = (uint32_t *)(p + o->consumer);
	ring->desc = p + o->desc;
}

static inline void ring_make(int fd, int option, uint32_t entries)
{
	if (setsockopt(fd, SOL_XDP, option, &entries, sizeof(entries)))
		err(1, "AF_XDP ring %d", option);
}

static inline void get_mac(struct end *e)
{
	int fd = socket(AF_INET, SOCK_DGRAM, 0);
	struct ifreq ifr = {};

	snprintf(ifr.ifr_name, IFNAMSIZ, "%s", e->device);
	if (fd < 0 || ioctl(fd, SIOCGIFHWADDR, &ifr))
		err(1, "%s", e->device);
	memcpy(e->mac, ifr.ifr_hwaddr.sa_data, ETH_ALEN);
	close(fd);
}

/* Gives a chunk of memory to the kernel, for a frame that it receives. */
static inline void give(struct end *e, uint64_t chunk)
{
	uint32_t n = *e->fill.producer;

	((uint64_t *)e->fill.desc)[n % RING] = chunk;
	__atomic_store_n(e->fill.producer, n + 1, __ATOMIC_RELEASE);
}

/* The upper half of the memory is for frames that come. */
static inline void give_all(struct end *e)
{
	uint64_t i;

	for (i = 0; i < RING; i++)
		give(e, (RING + i) * CHUNK + xsk.unaligned * SHIFT);
}

static inline void end_bind(struct end *e, struct sockaddr_xdp *at)
{
	int waited = 0;

	at->sxdp_family = AF_XDP;
	at->sxdp_ifindex = if_nametoindex(e->device);
	at->sxdp_queue_id = xsk.queue;
	/* The kernel may not yet be done with a socket that was there before. */
	while (bind(e->fd, (struct sockaddr *)at, sizeof(*at)))
		if (errno != EBUSY || waited++ == 500 || poll(NULL, 0, 10))
			err(1, "AF_XDP by %s", e->device);
}

/* A socket with a ring to transmit of @tx_ring entries, and no memory given yet */
static inline void end_open(struct end *e, uint32_t tx_ring)
{
	struct xdp_umem_reg umem = {
		.len = (2 * RING + xsk.unaligned) * CHUNK,
		.chunk_size = CHUNK,
		.flags = xsk.unaligned ? XDP_UMEM_UNALIGNED_CHUNK_FLAG : 0,
	};
	struct sockaddr_xdp at = { .sxdp_flags = xsk.flags | XDP_USE_NEED_WAKEUP };
	struct xdp_mmap_offsets off;
	socklen_t size = sizeof(off);
	int us = 20, one = 1;

	enter(e->namespace);
	get_mac(e);
	e->fd = socket(AF_XDP, SOCK_RAW, 0);
	/* shared by the processes of a test that forks */
	e->room = mmap(NULL, umem.len, PROT_READ | PROT_WRITE,
		       MAP_SHARED | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	umem.addr = (uintptr_t)e->room;
	if (e->fd < 0 || e->room == MAP_FAILED ||
	    setsockopt(e->fd, SOL_XDP, XDP_UMEM_REG, &umem, sizeof(umem)))
		err(1, "AF_XDP socket");
	ring_make(e->fd, XDP_UMEM_FILL_RING, RING);
	ring_make(e->fd, XDP_UMEM_COMPLETION_RING, RING);
	ring_make(e->fd, XDP_RX_RING, RING);
	ring_make(e->fd, XDP_TX_RING, tx_ring);
	if (getsockopt(e->fd, SOL_XDP, XDP_MMAP_OFFSETS, &off, &size))
		err(1, "AF_XDP offsets");
	ring_map(&e->rx, e->fd, &off.rx, RING * sizeof(struct xdp_desc), XDP_PGOFF_RX_RING);
	ring_map(&e->tx, e->fd, &off.tx, tx_ring * sizeof(struct xdp_desc), XDP_PGOFF_TX_RING);
	ring_map(&e->fill, e->fd, &off.fr, RING * sizeof(uint64_t), XDP_UMEM_PGOFF_FILL_RING);
	ring_map(&e->done, e->fd, &off.cr, RING * sizeof(uint64_t),
		 XDP_UMEM_PGOFF_COMPLETION_RING);
	if (xsk.busy && (setsockopt(e->fd, SOL_SOCKET, SO_BUSY_POLL, &us, sizeof(us)) ||
			 setsockopt(e->fd, SOL_SOCKET, SO_PREFER_BUSY_POLL, &one, sizeof(one))))
		err(1, "busy polling");
	end_bind(e, &at);
}

/* A program that redirects the frames of a queue to the socket; others pass. */
static inline void attach(const struct end *e)
{
	union bpf_attr map = {
		.map_type = BPF_MAP_TYPE_XSKMAP,
		.key_size = sizeof(uint32_t),
		.value_size = sizeof(uint32_t),
		.max_entries = 64,
	};
	union bpf_attr entry = {}, link = {};
	uint32_t key = xsk.queue, value = e->fd;
	int fd = bpf(BPF_MAP_CREATE, &map);

	entry.map_fd = fd;
	entry.key = (uintptr_t)&key;
	entry.value = (uintptr_t)&value;
	if (fd < 0 || bpf(BPF_MAP_UPDATE_ELEM, &entry))
		err(1, "map of sockets");
	enter(e->namespace);
	length = 0;
	add(INSN(BPF_LDX | BPF_W | BPF_MEM, 2, 1, offsetof(struct xdp_md, rx_queue_index), 0));
	add(INSN(BPF_LD | BPF_DW | BPF_IMM, 1, BPF_PSEUDO_MAP_FD, 0, fd));
	add(INSN(0, 0, 0, 0, 0));
	add(MOV(3, XDP_PASS));
	add(CALL(BPF_FUNC_redirect_map));
	add(EXIT);
	link.link_create.prog_fd = load(BPF_PROG_TYPE_XDP, 0);
	link.link_create.target_ifindex = if_nametoindex(e->device);
	link.link_create.attach_type = BPF_XDP;
	link.link_create.flags = xsk.generic ? XDP_FLAGS_SKB_MODE : XDP_FLAGS_DRV_MODE;
	if (bpf(BPF_LINK_CREATE, &link) < 0)
		err(1, "program of %s", e->device);
}

/* Has the kernel transmit what is in the ring. */
static inline void kick(struct end *e)
{
	/* A copying socket's frame that finds no room is dropped with EBUSY or ENOBUFS. */
	if (!sendto(e->fd, NULL, 0, MSG_DONTWAIT, NULL, 0) ||
	    errno == EAGAIN || errno == EBUSY || errno == ENOBUFS)
		return;
	/* The link may come back. */
	if (errno != ENETDOWN)
		err(1, "send by AF_XDP");
	poll(NULL, 0, 1);
}

/* Takes the frames that the kernel has transmitted. */
static inline void complete(struct end *e)
{
	__atomic_store_n(e->done.consumer, __atomic_load_n(e->done.producer, __ATOMIC_ACQUIRE),
			 __ATOMIC_RELEASE);
}

static inline void parse_end(struct end *e, char *text)
{
	e->namespace = text;
	e->device = strchr(text, '/');
	if (!e->device)
		errx(2, "no NAMESPACE/DEVICE: %s", text);
	*e->device++ = '\0';
}

#endif /* HELPERS_XSK_END_H */
