// SPDX-License-Identifier: GPL-2.0
/*
 * AF_XDP sockets, copying and zero-copy: their memory, their rings, whatever is in the
 * descriptors, and the program that redirects frames to them.
 */
#include <linux/bpf.h>
#include <linux/ethtool.h>
#include <linux/if_link.h>
#include <linux/if_xdp.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#include "frames.h"
#include "msg.h"
#include "world.h"

#define CHUNKS	64
#define ROOM	(CHUNKS * 4096)
#define PLACES	64

/* A ring, in memory that it shares with the kernel */
struct xsk_ring {
	uint32_t *producer, *consumer;
	void *desc;
	void *map;
	size_t len;
};

static struct xsk {
	int fd;			/* 0: none */
	uint8_t *room;
	uint32_t chunk;
	struct xsk_ring rx, tx, fill, done;
	struct device device;
	uint32_t queue;
} xsks[3];

static void ring_unmap(struct xsk_ring *ring)
{
	if (ring->map)
		munmap(ring->map, ring->len);
	*ring = (struct xsk_ring){};
}

static void end(struct xsk *x)
{
	if (!x->fd)
		return;
	ring_unmap(&x->rx);
	ring_unmap(&x->tx);
	ring_unmap(&x->fill);
	ring_unmap(&x->done);
	/* the kernel keeps what it needs of the memory */
	if (one_in(2)) {
		munmap(x->room, ROOM);
		close(x->fd);
	} else {
		close(x->fd);
		munmap(x->room, ROOM);
	}
	x->fd = 0;
}

static int ring_map(int fd, struct xsk_ring *ring, const struct xdp_ring_offset *o,
		    size_t size, off_t at)
{
	ring->len = o->desc + PLACES * size;
	ring->map = mmap(NULL, ring->len, PROT_READ | PROT_WRITE,
			 MAP_SHARED | MAP_POPULATE, fd, at);
	if (ring->map == MAP_FAILED) {
		ring->map = NULL;
		return errno;
	}
	ring->producer = ring->map + o->producer;
	ring->consumer = ring->map + o->consumer;
	ring->desc = ring->map + o->desc;
	return 0;
}

static int rings_map(struct xsk *x)
{
	static const int options[] = { XDP_UMEM_FILL_RING, XDP_UMEM_COMPLETION_RING,
				       XDP_RX_RING, XDP_TX_RING };
	struct xdp_mmap_offsets off;
	socklen_t len = sizeof(off);
	int places = PLACES, error;
	unsigned int i;

	for (i = 0; i < COUNT(options); i++)
		if (setsockopt(x->fd, SOL_XDP, options[i], &places, sizeof(places)))
			return errno;
	if (getsockopt(x->fd, SOL_XDP, XDP_MMAP_OFFSETS, &off, &len))
		return errno;
	error = ring_map(x->fd, &x->fill, &off.fr, sizeof(uint64_t), XDP_UMEM_PGOFF_FILL_RING);
	if (!error)
		error = ring_map(x->fd, &x->done, &off.cr, sizeof(uint64_t),
				 XDP_UMEM_PGOFF_COMPLETION_RING);
	if (!error)
		error = ring_map(x->fd, &x->rx, &off.rx, sizeof(struct xdp_desc),
				 XDP_PGOFF_RX_RING);
	if (!error)
		error = ring_map(x->fd, &x->tx, &off.tx, sizeof(struct xdp_desc),
				 XDP_PGOFF_TX_RING);
	return error;
}

static int prepare(struct xsk *x)
{
	struct xdp_umem_reg memory = {
		.addr = (uintptr_t)x->room,
		.len = ROOM,
		.chunk_size = x->chunk,
		.headroom = one_in(3) ? below(3000) : 0,
		.flags = one_in(4) ? XDP_UMEM_UNALIGNED_CHUNK_FLAG : 0,
	};
	struct sockaddr_xdp to = {
		.sxdp_family = AF_XDP,
		.sxdp_ifindex = x->device.ifindex,
		.sxdp_queue_id = x->queue,
		.sxdp_flags = one_in(3) ? XDP_COPY : one_in(3) ? XDP_ZEROCOPY : 0,
	};
	int error;

	if (one_in(2))
		to.sxdp_flags |= XDP_USE_NEED_WAKEUP;
	if (one_in(12))
		to.sxdp_flags = chance();
	if (setsockopt(x->fd, SOL_XDP, XDP_UMEM_REG, &memory, sizeof(memory)))
		return errno;
	error = rings_map(x);
	if (error)
		return error;
	/* another socket's memory and queue, maybe of another device */
	if (one_in(8)) {
		to.sxdp_flags = XDP_SHARED_UMEM;
		to.sxdp_shared_umem_fd = PICK(xsks).fd;
	}
	return bind(x->fd, (void *)&to, sizeof(to)) ? errno : 0;
}

/* The kernel's own tunnels stumble over frames of copying sockets, which say nothing
 * of the network header (pskb_inet_may_pull()); a vNIC before them does.
 */
static bool is_vnic(const struct device *d)
{
	struct ethtool_drvinfo info = { .cmd = ETHTOOL_GDRVINFO };
	struct ifreq ifr;

	device_ifreq(d, &ifr);
	ifr.ifr_data = (void *)&info;
	return !device_ioctl(d, SIOCETHTOOL, &ifr) && !strncmp(info.driver, "vnicx", 5);
}

static int open_xsk(const struct verb *verb)
{
	struct xsk *x = &PICK(xsks);
	struct device d;
	int error;

	(void)verb;
	if (!pick_vnic(&d) || !is_vnic(&d))
		return IDLE;
	end(x);
	world_enter(d.ns);
	*x = (struct xsk){
		.fd = socket(AF_XDP, SOCK_RAW | SOCK_CLOEXEC, 0),
		.chunk = one_in(2) ? 2048 : 4096,
		.device = d,
		.queue = one_in(3) ? below(4) : 0,
	};
	if (x->fd < 0) {
		x->fd = 0;
		return errno;
	}
	x->room = mmap(NULL, ROOM, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (x->room == MAP_FAILED) {
		error = errno;
		close(x->fd);
		x->fd = 0;
		return error;
	}
	error = prepare(x);
	if (error)
		end(x);
	return error;
}

static struct xsk *pick_xsk(void)
{
	struct xsk *x = &PICK(xsks);

	return x->fd ? x : NULL;
}

/* An address in the memory, mostly */
static uint64_t address(const struct xsk *x)
{
	uint64_t at = (uint64_t)below(ROOM / x->chunk) * x->chunk;

	if (one_in(8))
		at += below(x->chunk);
	if (one_in(32))
		at = (uint64_t)edge() << below(33) | edge();
	return at;
}

static int send_xsk(const struct verb *verb)
{
	struct xsk *x = pick_xsk();
	unsigned int n = 1 + below(one_in(4) ? 40 : 4);
	uint32_t producer;
	static struct frame f;

	if (!x)
		return IDLE;
	producer = *x->tx.producer;
	while (n--) {
		struct xdp_desc *desc = (struct xdp_desc *)x->tx.desc + producer++ % PLACES;
		size_t len;

		frame_make(&f, verb->arg, x->device.number);
		len = f.len - FRAME_VNET;
		if (len > x->chunk)
			len = x->chunk;
		*desc = (struct xdp_desc){ .addr = address(x), .len = len };
		if (desc->addr + len <= ROOM)
			memcpy(x->room + desc->addr, f.bytes + FRAME_VNET, len);
		if (one_in(32))
			desc->len = edge();
		if (one_in(64))
			desc->options = chance();
	}
	/* more than there is room for, too */
	__atomic_store_n(x->tx.producer, one_in(64) ? edge() : producer, __ATOMIC_RELEASE);
	return sendto(x->fd, NULL, 0, MSG_DONTWAIT, NULL, 0) < 0 ? errno : 0;
}

/* Gives the kernel memory for what is received. */
static int give(const struct verb *verb)
{
	struct xsk *x = pick_xsk();
	uint32_t producer, n = 1 + below(PLACES);

	(void)verb;
	if (!x)
		return IDLE;
	producer = *x->fill.producer;
	while (n--)
		((uint64_t *)x->fill.desc)[producer++ % PLACES] = address(x);
	__atomic_store_n(x->fill.producer, one_in(64) ? edge() : producer, __ATOMIC_RELEASE);
	return 0;
}

/* Takes what was received, and what was sent; or says so. */
static int take(const struct verb *verb)
{
	struct xsk *x = pick_xsk();
	struct xsk_ring *ring;
	ssize_t got;

	(void)verb;
	if (!x)
		return IDLE;
	got = recvfrom(x->fd, NULL, 0, MSG_DONTWAIT, NULL, NULL);
	ring = one_in(2) ? &x->rx : &x->done;
	__atomic_store_n(ring->consumer, one_in(64) ? edge() :
			 __atomic_load_n(ring->producer, __ATOMIC_ACQUIRE), __ATOMIC_RELEASE);
	return got < 0 && errno != EAGAIN ? errno : 0;
}

/* The memory changes while it is read or written. */
static int overwrite(const struct verb *verb)
{
	struct xsk *x = pick_xsk();

	(void)verb;
	if (!x)
		return IDLE;
	random_bytes(x->room + below(ROOM - 200), 1 + below(200));
	random_bytes((uint8_t *)x->tx.desc + below(200), 1 + below(200));
	return 0;
}

static int bpf(int command, union bpf_attr *attr)
{
	return syscall(SYS_bpf, command, attr, sizeof(*attr));
}

/* A program that gives a queue's frames to its socket, if the map has one */
static int load_redirect(int map)
{
	struct bpf_insn insns[] = {
		{ .code = BPF_LDX | BPF_MEM | BPF_W, .dst_reg = 2, .src_reg = 1,
		  .off = offsetof(struct xdp_md, rx_queue_index) },
		{ .code = BPF_LD | BPF_DW | BPF_IMM, .dst_reg = 1,
		  .src_reg = BPF_PSEUDO_MAP_FD, .imm = map },
		{ },
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = 3, .imm = XDP_PASS },
		{ .code = BPF_JMP | BPF_CALL, .imm = BPF_FUNC_redirect_map },
		{ .code = BPF_JMP | BPF_EXIT },
	};
	union bpf_attr attr = {
		.prog_type = BPF_PROG_TYPE_XDP,
		.insn_cnt = COUNT(insns),
		.insns = (uintptr_t)insns,
		.license = (uintptr_t)"GPL",
	};

	return bpf(BPF_PROG_LOAD, &attr);
}

static int attach(const struct device *d, int program)
{
	struct nlattr *xdp;
	struct msg m;

	link_begin(&m, RTM_NEWLINK, 0, d->ifindex, 0, 0);
	xdp = msg_nest(&m, IFLA_XDP | NLA_F_NESTED);
	msg_put_u32(&m, IFLA_XDP_FD, program);
	msg_nest_end(&m, xdp);
	return msg_talk(&m, d->ns);
}

static int redirect(const struct verb *verb)
{
	struct xsk *x = pick_xsk();
	union bpf_attr create = {
		.map_type = BPF_MAP_TYPE_XSKMAP,
		.key_size = 4,
		.value_size = 4,
		.max_entries = 4,
	};
	union bpf_attr update = {};
	int map, program, error;
	uint32_t value;

	(void)verb;
	if (!x)
		return IDLE;
	map = bpf(BPF_MAP_CREATE, &create);
	if (map < 0)
		return errno;
	value = x->fd;
	update.map_fd = map;
	update.key = (uintptr_t)&x->queue;
	update.value = (uintptr_t)&value;
	program = bpf(BPF_MAP_UPDATE_ELEM, &update) ? -1 : load_redirect(map);
	if (program < 0) {
		error = errno;
	} else {
		error = attach(&x->device, program);
		close(program);
	}
	close(map);
	return error;
}

static int close_xsk(const struct verb *verb)
{
	struct xsk *x = pick_xsk();

	(void)verb;
	if (!x)
		return IDLE;
	end(x);
	return 0;
}

#define FRAME(name, weight)	\
	{ "xsk-" #name, send_xsk, weight, FRAMES, false, &frame_##name, NULL }

const struct verb xsk_verbs[] = {
	{ "xsk-open", open_xsk, 12, FRAMES, false, NULL, NULL },
	{ "xsk-close", close_xsk, 3, FRAMES, false, NULL, NULL },
	{ "xsk-redirect", redirect, 2, FRAMES, false, NULL, NULL },
	{ "xsk-give", give, 6, FRAMES, false, NULL, NULL },
	{ "xsk-take", take, 6, FRAMES, false, NULL, NULL },
	{ "xsk-overwrite", overwrite, 4, FRAMES, false, NULL, NULL },
	FRAME(udp, 8),
	FRAME(everyone, 4),
	FRAME(vlan, 3),
	FRAME(lie, 4),
	FRAME(noise, 3),
	{ }
};
