// SPDX-License-Identifier: GPL-2.0
/*
 * Sends frames to a device whose AF_XDP socket receives them, and checks each of them.
 *
 *	xsk-pair [OPTION...] FROM-NAMESPACE/DEVICE TO-NAMESPACE/DEVICE
 *	  -n COUNT	how many frames (100), numbered
 *	  -l BYTES	of each (60)
 *	  -a		of each third 44, which is too short to go without an skb
 *	  -t TYPE	their EtherType (88b5); of IPv4, they begin as packets do
 *	  -f ADDRESS	their source, not the sender's own
 *	  -p SECONDS	how long to wait for frames (5)
 *	  -g		the receiver's XDP program is generic, not native
 *	  -x		an AF_XDP socket sends, not a packet socket
 *	  -z		the AF_XDP sockets are zero-copy, not copying
 *	  -q QUEUE	the receiver's RX queue, and an AF_XDP sender's (0)
 *	  -b		both sockets prefer busy polling
 *	  -e		the receiver has a frame lost first, because it has given no memory
 *			for it, and transmits one itself
 *	  -w		with descriptors among them that the kernel must refuse
 *	  -s		the receiver takes nothing before all is sent
 *	  -u		frames lie anywhere in the memory (unaligned chunks)
 *	  -m		the sender's memory and queue are those of another socket, whose ring
 *			has room for one frame
 *	  -c		the sender takes nothing that is completed, before the kernel takes
 *			none of its frames any more
 *	  -k		keep the sockets until the process is killed
 *
 * Prints how many frames came, and what was wrong with them. Gives up when none comes,
 * or when none of the sender's are taken.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_link.h>
#include <linux/if_packet.h>
#include <linux/if_xdp.h>
#include <net/ethernet.h>
#include <netinet/ether.h>
#include <net/if.h>
#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>

#include "bpf.h"
#include "enter.h"

#define RING		256
#define CHUNK		4096
#define WINDOW		64
#define PATIENCE_MS	5000
#define TRIES		1000
#define SHIFT		3000
#define SHORT		44
/* Where the frame's number is */
#define NUMBER		34

struct ring {
	uint32_t *producer, *consumer;
	void *desc;
};

struct socket {
	int fd;
	unsigned char *room;
	struct ring rx, tx, fill, done;
};

static unsigned int count = 100, bytes = 60, queue, patience = PATIENCE_MS;
static uint16_t flags = XDP_COPY;
static bool generic, by_xdp, busy, wild, slow, echo, unaligned, shared, forgetful, keep, mixed;
static unsigned char header[NUMBER] = { [12] = 0x88, [13] = 0xb5 };
static const char *source;
static unsigned int stuck;

static void ring_map(int fd, struct ring *ring, const struct xdp_ring_offset *o,
		     size_t size, off_t at)
{
	char *p = mmap(NULL, o->desc + RING * size, PROT_READ | PROT_WRITE,
		       MAP_SHARED | MAP_POPULATE, fd, at);

	if (p == MAP_FAILED)
		err(1, "AF_XDP mmap");
	ring->producer = (uint32_t *)(p + o->producer);
	ring->consumer = (uint32_t *)(p + o->consumer);
	ring->desc = p + o->desc;
}

static void ring_make(int fd, int option, uint32_t entries)
{
	if (setsockopt(fd, SOL_XDP, option, &entries, sizeof(entries)))
		err(1, "AF_XDP ring %d", option);
}

static void socket_bind(int fd, const char *device, uint32_t id, int other)
{
	struct sockaddr_xdp at = {
		.sxdp_family = AF_XDP,
		.sxdp_flags = other < 0 ? flags | XDP_USE_NEED_WAKEUP : XDP_SHARED_UMEM,
		.sxdp_ifindex = if_nametoindex(device),
		.sxdp_queue_id = id,
		.sxdp_shared_umem_fd = other < 0 ? 0 : other,
	};
	int waited = 0;

	/* The kernel may not yet be done with a socket that was there before. */
	while (bind(fd, (struct sockaddr *)&at, sizeof(at)))
		if (errno != EBUSY || waited++ == PATIENCE_MS / 10 || poll(NULL, 0, 10))
			err(1, "AF_XDP by %s", device);
}

/* Has a second socket transmit from the first one's memory. */
static void socket_share(struct socket *s, const char *device, uint32_t id)
{
	struct xdp_mmap_offsets off;
	socklen_t size = sizeof(off);
	int first = s->fd;

	s->fd = socket(AF_XDP, SOCK_RAW, 0);
	if (s->fd < 0 || getsockopt(s->fd, SOL_XDP, XDP_MMAP_OFFSETS, &off, &size))
		err(1, "AF_XDP socket");
	ring_make(s->fd, XDP_TX_RING, RING);
	ring_map(s->fd, &s->tx, &off.tx, sizeof(struct xdp_desc), XDP_PGOFF_TX_RING);
	socket_bind(s->fd, device, id, first);
}

static void socket_open(struct socket *s, const char *device, uint32_t id, bool share)
{
	struct xdp_umem_reg umem = {
		.len = (RING + unaligned) * CHUNK,
		.chunk_size = CHUNK,
		.flags = unaligned ? XDP_UMEM_UNALIGNED_CHUNK_FLAG : 0,
	};
	struct xdp_mmap_offsets off;
	socklen_t size = sizeof(off);
	int us = 20, one = 1;

	s->fd = socket(AF_XDP, SOCK_RAW, 0);
	s->room = mmap(NULL, umem.len, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	umem.addr = (uintptr_t)s->room;
	if (s->fd < 0 || s->room == MAP_FAILED ||
	    setsockopt(s->fd, SOL_XDP, XDP_UMEM_REG, &umem, sizeof(umem)))
		err(1, "AF_XDP socket");
	ring_make(s->fd, XDP_UMEM_FILL_RING, RING);
	ring_make(s->fd, XDP_UMEM_COMPLETION_RING, RING);
	ring_make(s->fd, XDP_RX_RING, RING);
	ring_make(s->fd, XDP_TX_RING, share ? 1 : RING);
	if (getsockopt(s->fd, SOL_XDP, XDP_MMAP_OFFSETS, &off, &size))
		err(1, "AF_XDP offsets");
	ring_map(s->fd, &s->rx, &off.rx, sizeof(struct xdp_desc), XDP_PGOFF_RX_RING);
	if (!share)
		ring_map(s->fd, &s->tx, &off.tx, sizeof(struct xdp_desc),
			 XDP_PGOFF_TX_RING);
	ring_map(s->fd, &s->fill, &off.fr, sizeof(uint64_t),
		 XDP_UMEM_PGOFF_FILL_RING);
	ring_map(s->fd, &s->done, &off.cr, sizeof(uint64_t),
		 XDP_UMEM_PGOFF_COMPLETION_RING);
	if (busy && (setsockopt(s->fd, SOL_SOCKET, SO_BUSY_POLL, &us, sizeof(us)) ||
		     setsockopt(s->fd, SOL_SOCKET, SO_PREFER_BUSY_POLL, &one, sizeof(one))))
		err(1, "busy polling");
	socket_bind(s->fd, device, id, -1);
	if (share)
		socket_share(s, device, id);
}

/* Gives a chunk of memory to the kernel, for a frame that it receives. */
static void give(struct socket *s, uint64_t chunk)
{
	uint32_t n = *s->fill.producer;

	((uint64_t *)s->fill.desc)[n % RING] = chunk;
	__atomic_store_n(s->fill.producer, n + 1, __ATOMIC_RELEASE);
}

/* A program that redirects the frames of a queue to the socket; others pass. */
static void attach(const struct socket *s, const char *device)
{
	union bpf_attr map = {
		.map_type = BPF_MAP_TYPE_XSKMAP,
		.key_size = sizeof(uint32_t),
		.value_size = sizeof(uint32_t),
		.max_entries = 64,
	};
	union bpf_attr entry = {}, link = {};
	int fd = bpf(BPF_MAP_CREATE, &map);
	uint32_t key = queue, value = s->fd;

	entry.map_fd = fd;
	entry.key = (uintptr_t)&key;
	entry.value = (uintptr_t)&value;
	if (fd < 0 || bpf(BPF_MAP_UPDATE_ELEM, &entry))
		err(1, "map of sockets");
	add(INSN(BPF_LDX | BPF_W | BPF_MEM, 2, 1,
		 offsetof(struct xdp_md, rx_queue_index), 0));
	add(INSN(BPF_LD | BPF_DW | BPF_IMM, 1, BPF_PSEUDO_MAP_FD, 0, fd));
	add(INSN(0, 0, 0, 0, 0));
	add(MOV(3, XDP_PASS));
	add(CALL(BPF_FUNC_redirect_map));
	add(EXIT);
	link.link_create.prog_fd = load(BPF_PROG_TYPE_XDP, 0);
	link.link_create.target_ifindex = if_nametoindex(device);
	link.link_create.attach_type = BPF_XDP;
	link.link_create.flags = generic ? XDP_FLAGS_SKB_MODE : XDP_FLAGS_DRV_MODE;
	if (bpf(BPF_LINK_CREATE, &link) < 0)
		err(1, "program of %s", device);
}

static unsigned int length_of(uint32_t number)
{
	return mixed && number % 3 == 0 ? SHORT : bytes;
}

static void fill_frame(unsigned char *frame, uint32_t number)
{
	unsigned int i;

	memcpy(frame, header, NUMBER);
	for (i = NUMBER; i < length_of(number); i++)
		frame[i] = i * 7 + number;
	memcpy(frame + NUMBER, &number, sizeof(number));
}

static void get_address(const char *device, unsigned char *address)
{
	int fd = socket(AF_INET, SOCK_DGRAM, 0);
	struct ifreq ifr = {};

	snprintf(ifr.ifr_name, IFNAMSIZ, "%s", device);
	if (fd < 0 || ioctl(fd, SIOCGIFHWADDR, &ifr))
		err(1, "%s", device);
	memcpy(address, ifr.ifr_hwaddr.sa_data, ETH_ALEN);
	close(fd);
}

static void kick(struct socket *s)
{
	if (!sendto(s->fd, NULL, 0, MSG_DONTWAIT, NULL, 0) ||
	    errno == EAGAIN || errno == EBUSY)
		return;
	/* The link may come back. */
	if (errno != ENETDOWN)
		err(1, "send by AF_XDP");
	poll(NULL, 0, 1);
}

/* No frame is to come of these, and the frames behind them are to. */
static void send_wild(struct socket *s)
{
	static const struct xdp_desc bad[] = {
		/* The last of its packet is refused, so all of it is. */
		{ .len = 60, .options = 1 },
		{ .addr = RING * CHUNK, .len = 60 },
		{ .addr = ~0ULL, .len = 60 },
		{ .addr = CHUNK - 10, .len = 60 },
		{ .len = CHUNK + 1 },
		{ .len = ~0U },
		{ .len = 60, .options = 1U << 31 },
	};
	uint32_t at = *s->tx.producer, i;

	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		((struct xdp_desc *)s->tx.desc)[(at + i) % RING] = bad[i];
	__atomic_store_n(s->tx.producer, at + i, __ATOMIC_RELEASE);
}

static void complete(struct socket *s)
{
	if (!forgetful)
		__atomic_store_n(s->done.consumer,
				 __atomic_load_n(s->done.producer, __ATOMIC_ACQUIRE),
				 __ATOMIC_RELEASE);
}

/* Returns whether the kernel has taken all that lies before @end. */
static bool push(struct socket *s, uint32_t end)
{
	int tries;

	for (tries = 0; tries < TRIES; tries++) {
		if (__atomic_load_n(s->tx.consumer, __ATOMIC_ACQUIRE) == end)
			return true;
		kick(s);
		complete(s);
	}
	return false;
}

static bool send_by_xdp(struct socket *s, uint32_t first, unsigned int n)
{
	uint32_t at = *s->tx.producer, i;

	for (i = 0; i < n; i++) {
		uint64_t chunk = (uint64_t)((at + i) % RING) * CHUNK;

		if (unaligned)
			chunk += SHIFT;

		fill_frame(s->room + chunk, first + i);
		((struct xdp_desc *)s->tx.desc)[(at + i) % RING] =
			(struct xdp_desc){ .addr = chunk, .len = length_of(first + i) };
	}
	__atomic_store_n(s->tx.producer, at + n, __ATOMIC_RELEASE);
	if (push(s, at + n))
		return true;
	if (!forgetful)
		return false;
	stuck = first;
	forgetful = false;
	return push(s, at + n);
}

static void send_by_packet(int fd, int ifindex, uint32_t first, unsigned int n)
{
	struct sockaddr_ll to = { .sll_family = AF_PACKET, .sll_ifindex = ifindex };
	unsigned char frame[CHUNK];

	for (; n; n--) {
		fill_frame(frame, first);
		if (sendto(fd, frame, length_of(first++), 0, (struct sockaddr *)&to,
			   sizeof(to)) < 0)
			err(1, "send");
	}
}

static bool damaged, disordered, misplaced, mute;

/* A frame finds no memory; what was given for frames is given afterwards. */
static void lose_one(struct socket *s, int packet, const char *device)
{
	struct xdp_statistics lost = {};
	socklen_t size = sizeof(lost);
	int waited = 0;

	send_by_packet(packet, if_nametoindex(device), 0, 1);
	while (!lost.rx_dropped) {
		if (getsockopt(s->fd, SOL_XDP, XDP_STATISTICS, &lost, &size) ||
		    waited++ == PATIENCE_MS / 10 || poll(NULL, 0, 10))
			errx(1, "no frame found no memory");
	}
	mute = !send_by_xdp(s, 0, 1);
}

/* Takes the frames that came, and gives their chunks back. */
static unsigned int take(struct socket *s, uint32_t next)
{
	uint32_t end = __atomic_load_n(s->rx.producer, __ATOMIC_ACQUIRE);
	uint32_t at = *s->rx.consumer, number;
	unsigned char expected[CHUNK];
	unsigned int n = 0;

	for (; at != end; at++) {
		const struct xdp_desc *desc = (struct xdp_desc *)s->rx.desc + at % RING;
		uint64_t base = desc->addr & XSK_UNALIGNED_BUF_ADDR_MASK;
		uint64_t addr = base + (desc->addr >> XSK_UNALIGNED_BUF_OFFSET_SHIFT);
		const unsigned char *frame = s->room + addr;

		if (desc->len < SHORT || desc->len > bytes ||
		    addr >= (RING + unaligned) * CHUNK - bytes) {
			misplaced = true;
		} else if (!memcmp(frame + 12, header + 12, 2)) {
			memcpy(&number, frame + NUMBER, sizeof(number));
			disordered |= number != next + n;
			fill_frame(expected, number);
			damaged |= desc->len != length_of(number) ||
				   memcmp(frame, expected, desc->len);
			n++;
		}
		give(s, unaligned ? base : base & ~(uint64_t)(CHUNK - 1));
	}
	__atomic_store_n(s->rx.consumer, end, __ATOMIC_RELEASE);
	return n;
}

int main(int argc, char **argv)
{
	struct socket from = { .fd = -1 }, to;
	unsigned int sent = 0, got = 0, i;
	char *from_device, *to_device;
	int option, type, packet = -1;
	struct pollfd pollfd;

	while ((option = getopt(argc, argv, "n:l:at:f:p:gxzq:bewsumck")) != -1) {
		switch (option) {
		case 'n':
			count = atoi(optarg);
			break;
		case 'l':
			bytes = atoi(optarg);
			break;
		case 'a':
			mixed = true;
			break;
		case 't':
			type = strtoul(optarg, NULL, 16);
			header[12] = type >> 8;
			header[13] = type;
			header[14] = 0x45;
			header[23] = 253;
			break;
		case 'f':
			source = optarg;
			break;
		case 'p':
			patience = 1000 * atoi(optarg);
			break;
		case 'g':
			generic = true;
			break;
		case 'x':
			by_xdp = true;
			break;
		case 'z':
			flags = XDP_ZEROCOPY;
			break;
		case 'b':
			busy = true;
			break;
		case 'e':
			echo = true;
			break;
		case 'w':
			wild = true;
			break;
		case 'u':
			unaligned = true;
			break;
		case 'm':
			shared = true;
			break;
		case 'c':
			forgetful = true;
			break;
		case 'k':
			keep = true;
			break;
		case 's':
			slow = true;
			break;
		case 'q':
			queue = atoi(optarg);
			break;
		default:
			return 2;
		}
	}
	if (argc - optind != 2 || bytes > CHUNK - 256 || bytes < SHORT)
		errx(2, "usage: xsk-pair [OPTION...] FROM/DEVICE TO/DEVICE");
	from_device = strchr(argv[optind], '/');
	to_device = strchr(argv[optind + 1], '/');
	if (!from_device || !to_device)
		errx(2, "usage: xsk-pair [OPTION...] FROM/DEVICE TO/DEVICE");
	*from_device++ = '\0';
	*to_device++ = '\0';

	enter(argv[optind + 1]);
	get_address(to_device, header);
	socket_open(&to, to_device, queue, false);
	for (i = 0; i < RING && !echo; i++)
		give(&to, (uint64_t)i * CHUNK + unaligned * SHIFT);
	attach(&to, to_device);
	enter(argv[optind]);
	get_address(from_device, header + ETH_ALEN);
	if (source && !ether_aton_r(source, (struct ether_addr *)(header + ETH_ALEN)))
		errx(2, "no address: %s", source);
	if (by_xdp)
		socket_open(&from, from_device, queue, shared);
	if (!by_xdp || echo)
		packet = socket(AF_PACKET, SOCK_RAW, 0);
	if (echo) {
		lose_one(&to, packet, from_device);
		for (i = 0; i < RING; i++)
			give(&to, (uint64_t)i * CHUNK);
	}

	pollfd = (struct pollfd){ .fd = to.fd, .events = POLLIN };
	while (got < count) {
		unsigned int n = count - sent < WINDOW ? count - sent : WINDOW;

		if (sent - got > WINDOW && !slow)
			n = 0;
		if (wild && n)
			send_wild(&from);
		if (by_xdp && n && !send_by_xdp(&from, sent, n))
			break;
		if (!by_xdp && n)
			send_by_packet(packet, if_nametoindex(from_device), sent, n);
		sent += n;
		if (slow && sent < count)
			continue;
		if (poll(&pollfd, 1, patience) <= 0)
			break;
		got += take(&to, got);
		if (slow)
			break;
	}
	printf("%u%s%s%s%s\n", got, damaged ? " (damaged)" : "",
	       disordered ? " (out of order)" : "", misplaced ? " (misplaced)" : "",
	       mute ? " (mute)" : "");
	if (stuck)
		printf("the sender had to take what was completed after %u\n", stuck);
	fflush(stdout);
	if (keep)
		pause();
	return 0;
}
