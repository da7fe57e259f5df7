// SPDX-License-Identifier: GPL-2.0
/*
 * Frames from an AF_XDP socket on one device to one on another, a batch sent, a batch
 * received, and so on. Prints the nanoseconds for each.
 *
 *	xsk-rate FROM TO DEVICE BYTES BATCH COUNT [generic]
 *
 * FROM and TO are namespaces, each with a device of that name. A program on the receiving
 * one redirects what comes to the socket: of the driver, if it runs such programs, unless
 * "generic" asks for the core's. Sockets are zero-copy where the driver offers that.
 */
#define _GNU_SOURCE
#include <err.h>
#include <errno.h>
#include <linux/bpf.h>
#include <linux/if_link.h>
#include <linux/if_xdp.h>
#include <net/if.h>
#include <poll.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>

#include "../netns/helpers/enter.h"
#include "mark.h"

#define RING		256
#define CHUNK		2048
#define UMEM		(RING * CHUNK)
#define AT(ring, n)	((ring).entries[(n) % RING])

/* A ring of addresses, or of descriptors */
struct addresses {
	unsigned int *producer, *consumer;
	unsigned long long *entries;
};

struct descs {
	unsigned int *producer, *consumer;
	struct xdp_desc *entries;
};

struct xsk {
	int fd;
	unsigned int ifindex;
	unsigned char mac[6];
	unsigned char *umem;
	struct addresses fill, done;
	struct descs rx, tx;
};

static int batch, bytes;

static int bpf(int cmd, union bpf_attr *attr)
{
	return syscall(SYS_bpf, cmd, attr, sizeof(*attr));
}

static void *map_ring(int fd, size_t size, off_t at)
{
	void *p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, fd, at);

	if (p == MAP_FAILED)
		err(1, "mmap");
	return p;
}

static struct addresses map_addresses(int fd, const struct xdp_ring_offset *off, off_t at)
{
	unsigned char *p = map_ring(fd, off->desc + RING * 8, at);

	return (struct addresses){ (void *)(p + off->producer), (void *)(p + off->consumer),
				   (void *)(p + off->desc) };
}

static struct descs map_descs(int fd, const struct xdp_ring_offset *off, off_t at)
{
	unsigned char *p = map_ring(fd, off->desc + RING * sizeof(struct xdp_desc), at);

	return (struct descs){ (void *)(p + off->producer), (void *)(p + off->consumer),
			       (void *)(p + off->desc) };
}

static void look_up(struct xsk *xsk, const char *device)
{
	struct ifreq ifr = {};
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	snprintf(ifr.ifr_name, IFNAMSIZ, "%s", device);
	if (fd < 0 || ioctl(fd, SIOCGIFHWADDR, &ifr))
		err(1, "%s", device);
	memcpy(xsk->mac, ifr.ifr_hwaddr.sa_data, 6);
	xsk->ifindex = if_nametoindex(device);
	close(fd);
}

/* A socket with memory and rings of its own on that device of the namespace */
static void open_socket(struct xsk *xsk, const char *namespace, const char *device)
{
	static const int rings[] = { XDP_UMEM_FILL_RING, XDP_UMEM_COMPLETION_RING, XDP_RX_RING,
				     XDP_TX_RING };
	struct sockaddr_xdp at = { .sxdp_family = AF_XDP };
	struct xdp_umem_reg umem = { .len = UMEM, .chunk_size = CHUNK };
	struct xdp_mmap_offsets off;
	socklen_t size = sizeof(off);
	int entries = RING;
	unsigned int i;

	enter(namespace);
	look_up(xsk, device);
	xsk->umem = mmap(NULL, UMEM, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	xsk->fd = socket(AF_XDP, SOCK_RAW, 0);
	umem.addr = (unsigned long)xsk->umem;
	if (xsk->fd < 0 || xsk->umem == MAP_FAILED ||
	    setsockopt(xsk->fd, SOL_XDP, XDP_UMEM_REG, &umem, sizeof(umem)))
		err(1, "AF_XDP");
	for (i = 0; i < 4; i++)
		if (setsockopt(xsk->fd, SOL_XDP, rings[i], &entries, sizeof(entries)))
			err(1, "ring");
	if (getsockopt(xsk->fd, SOL_XDP, XDP_MMAP_OFFSETS, &off, &size))
		err(1, "offsets");
	xsk->fill = map_addresses(xsk->fd, &off.fr, XDP_UMEM_PGOFF_FILL_RING);
	xsk->done = map_addresses(xsk->fd, &off.cr, XDP_UMEM_PGOFF_COMPLETION_RING);
	xsk->rx = map_descs(xsk->fd, &off.rx, XDP_PGOFF_RX_RING);
	xsk->tx = map_descs(xsk->fd, &off.tx, XDP_PGOFF_TX_RING);
	at.sxdp_ifindex = xsk->ifindex;
	/* the kernel takes its time to let go of the socket before */
	for (i = 0; bind(xsk->fd, (struct sockaddr *)&at, sizeof(at)); i++) {
		if (errno != EBUSY || i == 5000)
			err(1, "%s", device);
		usleep(1000);
	}
}

/* return bpf_redirect_map(map, ctx->rx_queue_index, XDP_PASS) */
static int load_program(int map)
{
	struct bpf_insn insns[] = {
		{ BPF_LDX | BPF_MEM | BPF_W, BPF_REG_2, BPF_REG_1,
		  offsetof(struct xdp_md, rx_queue_index), 0 },
		{ BPF_LD | BPF_IMM | BPF_DW, BPF_REG_1, BPF_PSEUDO_MAP_FD, 0, map },
		{},
		{ BPF_ALU64 | BPF_MOV | BPF_K, BPF_REG_3, 0, 0, XDP_PASS },
		{ BPF_JMP | BPF_CALL, 0, 0, 0, BPF_FUNC_redirect_map },
		{ BPF_JMP | BPF_EXIT, 0, 0, 0, 0 },
	};
	union bpf_attr load = {
		.prog_type = BPF_PROG_TYPE_XDP,
		.insns = (unsigned long)insns,
		.insn_cnt = sizeof(insns) / sizeof(*insns),
		.license = (unsigned long)"GPL",
	};

	return bpf(BPF_PROG_LOAD, &load);
}

/* The socket gets the frames that the device receives, while this process lives. */
static void redirect(const struct xsk *xsk, int flags)
{
	union bpf_attr create = {
		.map_type = BPF_MAP_TYPE_XSKMAP, .key_size = 4, .value_size = 4, .max_entries = 1,
	}, update = {}, attach = {};
	int map = bpf(BPF_MAP_CREATE, &create), program, key = 0, i;

	update.map_fd = map;
	update.key = (unsigned long)&key;
	update.value = (unsigned long)&xsk->fd;
	if (map < 0 || bpf(BPF_MAP_UPDATE_ELEM, &update))
		err(1, "map");
	program = load_program(map);
	if (program < 0)
		err(1, "program");
	attach.link_create.prog_fd = program;
	attach.link_create.target_ifindex = xsk->ifindex;
	attach.link_create.attach_type = BPF_XDP;
	attach.link_create.flags = flags;
	for (i = 0; bpf(BPF_LINK_CREATE, &attach) < 0; i++) {
		if (errno != EBUSY || i == 5000)
			err(1, "attach");
		usleep(1000);
	}
}

static unsigned int load(const unsigned int *index)
{
	return __atomic_load_n(index, __ATOMIC_ACQUIRE);
}

static void store(unsigned int *index, unsigned int value)
{
	__atomic_store_n(index, value, __ATOMIC_RELEASE);
}

/* Frames lie in the first BATCH chunks, and stay there. */
static void send_batch(struct xsk *xsk)
{
	unsigned int producer = *xsk->tx.producer;
	int i;

	for (i = 0; i < batch; i++)
		AT(xsk->tx, producer + i) = (struct xdp_desc){ .addr = i * CHUNK, .len = bytes };
	store(xsk->tx.producer, producer + batch);
	while (load(xsk->tx.consumer) != producer + batch)
		if (sendto(xsk->fd, NULL, 0, MSG_DONTWAIT, NULL, 0) < 0 &&
		    errno != EAGAIN && errno != EBUSY && errno != ENOBUFS)
			err(1, "send");
	store(xsk->done.consumer, load(xsk->done.producer));
}

/* Receives as many, and gives their chunks back. */
static void receive_batch(struct xsk *xsk)
{
	struct pollfd pfd = { .fd = xsk->fd, .events = POLLIN };
	unsigned int consumer = *xsk->rx.consumer, fill = *xsk->fill.producer;
	int i;

	while (load(xsk->rx.producer) - consumer < (unsigned int)batch)
		/* ksoftirqd has them, on a busy machine */
		if (poll(&pfd, 1, 500) != 1)
			errx(1, "frames are missing");
	for (i = 0; i < batch; i++) {
		if (AT(xsk->rx, consumer + i).len != (unsigned int)bytes)
			errx(1, "a frame of %u bytes", AT(xsk->rx, consumer + i).len);
		AT(xsk->fill, fill + i) = AT(xsk->rx, consumer + i).addr & -CHUNK;
	}
	store(xsk->rx.consumer, consumer + batch);
	store(xsk->fill.producer, fill + batch);
}

int main(int argc, char **argv)
{
	struct timespec begin, end;
	struct xsk from, to;
	unsigned int i;
	long count;

	if (argc < 7)
		errx(2, "usage: xsk-rate FROM TO DEVICE BYTES BATCH COUNT [generic]");
	bytes = atoi(argv[4]);
	batch = atoi(argv[5]);
	count = atol(argv[6]) / batch;
	if (bytes < 14 || bytes > 1514 || batch < 1 || batch > RING / 2)
		errx(2, "too much or too little");
	open_socket(&to, argv[2], argv[3]);
	redirect(&to, argc > 7 ? XDP_FLAGS_SKB_MODE : 0);
	for (i = 0; i < RING / 2; i++)
		AT(to.fill, i) = i * CHUNK;
	store(to.fill.producer, RING / 2);
	open_socket(&from, argv[1], argv[3]);
	for (i = 0; i < (unsigned int)batch; i++) {
		memcpy(from.umem + i * CHUNK, to.mac, 6);
		memcpy(from.umem + i * CHUNK + 6, from.mac, 6);
		memcpy(from.umem + i * CHUNK + 12, "\x88\xb5", 2);
	}
	send_batch(&from);
	receive_batch(&to);

	clock_gettime(CLOCK_MONOTONIC, &begin);
	mark_begin();
	while (count--) {
		send_batch(&from);
		receive_batch(&to);
	}
	mark_end();
	clock_gettime(CLOCK_MONOTONIC, &end);
	printf("%.1f\n", ((end.tv_sec - begin.tv_sec) * 1e9 + end.tv_nsec - begin.tv_nsec) /
			 (atol(argv[6]) / batch * batch));
	return 0;
}
