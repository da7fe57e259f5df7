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
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>

#include "bpf.h"
#include "enter.h"

#define CHUNKS		256
#define CHUNK		2048
#define TX_RING		256

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

/* The upper half of the memory is for frames that come. */
static inline void give(struct end *e, uint64_t chunk)
{
	uint32_t n = *e->fill.producer;

	((uint64_t *)e->fill.desc)[n % CHUNKS] = chunk;
	__atomic_store_n(e->fill.producer, n + 1, __ATOMIC_RELEASE);
}

/* @flags: XDP_ZEROCOPY or XDP_COPY */
static inline void end_open(struct end *e, uint16_t flags)
{
	struct xdp_umem_reg umem = { .len = 2 * CHUNKS * CHUNK, .chunk_size = CHUNK };
	struct xdp_mmap_offsets off;
	socklen_t size = sizeof(off);
	struct sockaddr_xdp at = {
		.sxdp_family = AF_XDP,
		.sxdp_flags = flags | XDP_USE_NEED_WAKEUP,
	};
	int i, waited = 0;

	enter(e->namespace);
	get_mac(e);
	at.sxdp_ifindex = if_nametoindex(e->device);
	e->fd = socket(AF_XDP, SOCK_RAW, 0);
	e->room = mmap(NULL, umem.len, PROT_READ | PROT_WRITE,
		       MAP_SHARED | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	umem.addr = (uintptr_t)e->room;
	if (e->fd < 0 || e->room == MAP_FAILED ||
	    setsockopt(e->fd, SOL_XDP, XDP_UMEM_REG, &umem, sizeof(umem)))
		err(1, "AF_XDP socket");
	ring_make(e->fd, XDP_UMEM_FILL_RING, CHUNKS);
	ring_make(e->fd, XDP_UMEM_COMPLETION_RING, TX_RING);
	ring_make(e->fd, XDP_RX_RING, CHUNKS);
	ring_make(e->fd, XDP_TX_RING, TX_RING);
	if (getsockopt(e->fd, SOL_XDP, XDP_MMAP_OFFSETS, &off, &size))
		err(1, "AF_XDP offsets");
	ring_map(&e->rx, e->fd, &off.rx, CHUNKS * sizeof(struct xdp_desc), XDP_PGOFF_RX_RING);
	ring_map(&e->tx, e->fd, &off.tx, TX_RING * sizeof(struct xdp_desc), XDP_PGOFF_TX_RING);
	ring_map(&e->fill, e->fd, &off.fr, CHUNKS * sizeof(uint64_t),
		 XDP_UMEM_PGOFF_FILL_RING);
	ring_map(&e->done, e->fd, &off.cr, TX_RING * sizeof(uint64_t),
		 XDP_UMEM_PGOFF_COMPLETION_RING);
	/* The kernel may not yet be done with a socket that was there before. */
	while (bind(e->fd, (struct sockaddr *)&at, sizeof(at)))
		if (errno != EBUSY || waited++ == 500 || poll(NULL, 0, 10))
			err(1, "AF_XDP by %s", e->device);
	for (i = 0; i < CHUNKS; i++)
		give(e, (CHUNKS + i) * CHUNK);
}

/* A program that redirects the device's frames to the socket; others pass. */
static inline void attach(const struct end *e)
{
	union bpf_attr map = {
		.map_type = BPF_MAP_TYPE_XSKMAP,
		.key_size = sizeof(uint32_t),
		.value_size = sizeof(uint32_t),
		.max_entries = 1,
	};
	union bpf_attr entry = {}, link = {};
	uint32_t key = 0, value = e->fd;
	int fd = bpf(BPF_MAP_CREATE, &map);

	entry.map_fd = fd;
	entry.key = (uintptr_t)&key;
	entry.value = (uintptr_t)&value;
	if (fd < 0 || bpf(BPF_MAP_UPDATE_ELEM, &entry))
		err(1, "map of sockets");
	enter(e->namespace);
	length = 0;
	add(MOV(2, 0));
	add(INSN(BPF_LD | BPF_DW | BPF_IMM, 1, BPF_PSEUDO_MAP_FD, 0, fd));
	add(INSN(0, 0, 0, 0, 0));
	add(MOV(3, XDP_PASS));
	add(CALL(BPF_FUNC_redirect_map));
	add(EXIT);
	link.link_create.prog_fd = load(BPF_PROG_TYPE_XDP, 0);
	link.link_create.target_ifindex = if_nametoindex(e->device);
	link.link_create.attach_type = BPF_XDP;
	link.link_create.flags = XDP_FLAGS_DRV_MODE;
	if (bpf(BPF_LINK_CREATE, &link) < 0)
		err(1, "program of %s", e->device);
}

#endif /* HELPERS_XSK_END_H */
