// SPDX-License-Identifier: GPL-2.0
/*
 * Sends frames to a device whose AF_XDP socket receives them, and checks each of them.
 *
 *	xsk-pair [OPTION...] FROM-NAMESPACE/DEVICE TO-NAMESPACE/DEVICE
 *	  -n COUNT	how many frames (100), numbered
 *	  -l BYTES	of each (60)
 *	  -a		of each third 44, which is too short to go without an skb
 *	  -i NUMBER	the same of each so many
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
#include <linux/if_packet.h>
#include <netinet/ether.h>
#include <stdlib.h>

#include "xsk-end.h"

#define WINDOW		64
#define PATIENCE_MS	5000
#define TRIES		1000
#define SHORT		44
/* Where the frame's number is */
#define NUMBER		34

static struct end from = { .fd = -1 }, to;
static unsigned int count = 100, bytes = 60, patience = PATIENCE_MS;
static bool by_xdp, wild, slow, echo, shared, forgetful, keep;
static unsigned char header[NUMBER] = { [12] = 0x88, [13] = 0xb5 };
static const char *source;
static unsigned int stuck, mixed;

/* Has a second socket transmit from the first one's memory. */
static void end_share(struct end *e)
{
	struct sockaddr_xdp at = {
		.sxdp_flags = XDP_SHARED_UMEM,
		.sxdp_shared_umem_fd = e->fd,
	};
	struct xdp_mmap_offsets off;
	socklen_t size = sizeof(off);

	e->fd = socket(AF_XDP, SOCK_RAW, 0);
	if (e->fd < 0 || getsockopt(e->fd, SOL_XDP, XDP_MMAP_OFFSETS, &off, &size))
		err(1, "AF_XDP socket");
	ring_make(e->fd, XDP_TX_RING, RING);
	ring_map(&e->tx, e->fd, &off.tx, RING * sizeof(struct xdp_desc), XDP_PGOFF_TX_RING);
	end_bind(e, &at);
}

static unsigned int length_of(uint32_t number)
{
	return mixed && number % mixed == mixed - 1 ? SHORT : bytes;
}

static void fill_frame(unsigned char *frame, uint32_t number)
{
	unsigned int i;

	memcpy(frame, header, NUMBER);
	for (i = NUMBER; i < length_of(number); i++)
		frame[i] = i * 7 + number;
	memcpy(frame + NUMBER, &number, sizeof(number));
}

/* No frame is to come of these, and the frames behind them are to. */
static void send_wild(struct end *e)
{
	static const struct xdp_desc bad[] = {
		/* The last of its packet is refused, so all of it is. */
		{ .len = 60, .options = 1 },
		{ .addr = 2 * RING * CHUNK, .len = 60 },
		{ .addr = ~0ULL, .len = 60 },
		{ .addr = CHUNK - 10, .len = 60 },
		{ .len = CHUNK + 1 },
		{ .len = ~0U },
		{ .len = 60, .options = 1U << 31 },
	};
	uint32_t at = *e->tx.producer, i;

	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		((struct xdp_desc *)e->tx.desc)[(at + i) % RING] = bad[i];
	__atomic_store_n(e->tx.producer, at + i, __ATOMIC_RELEASE);
}

/* Returns whether the kernel has taken all that lies before @end. */
static bool push(struct end *e, uint32_t end)
{
	int tries;

	for (tries = 0; tries < TRIES; tries++) {
		if (__atomic_load_n(e->tx.consumer, __ATOMIC_ACQUIRE) == end)
			return true;
		kick(e);
		if (!forgetful)
			complete(e);
	}
	return false;
}

static bool send_by_xdp(struct end *e, uint32_t first, unsigned int n)
{
	uint32_t at = *e->tx.producer, i;

	for (i = 0; i < n; i++) {
		uint64_t chunk = (uint64_t)((at + i) % RING) * CHUNK;

		if (xsk.unaligned)
			chunk += SHIFT;

		fill_frame(e->room + chunk, first + i);
		((struct xdp_desc *)e->tx.desc)[(at + i) % RING] =
			(struct xdp_desc){ .addr = chunk, .len = length_of(first + i) };
	}
	__atomic_store_n(e->tx.producer, at + n, __ATOMIC_RELEASE);
	if (push(e, at + n))
		return true;
	if (!forgetful)
		return false;
	stuck = first;
	forgetful = false;
	return push(e, at + n);
}

static void send_by_packet(int fd, uint32_t first, unsigned int n)
{
	struct sockaddr_ll at = {
		.sll_family = AF_PACKET,
		.sll_ifindex = if_nametoindex(from.device),
	};
	unsigned char frame[CHUNK];

	for (; n; n--) {
		fill_frame(frame, first);
		if (sendto(fd, frame, length_of(first++), 0, (struct sockaddr *)&at,
			   sizeof(at)) < 0)
			err(1, "send");
	}
}

static bool damaged, disordered, misplaced, mute;

/* A frame finds no memory; what was given for frames is given afterwards. */
static void lose_one(struct end *e, int packet)
{
	struct xdp_statistics lost = {};
	socklen_t size = sizeof(lost);
	int waited = 0;

	send_by_packet(packet, 0, 1);
	while (!lost.rx_dropped) {
		if (getsockopt(e->fd, SOL_XDP, XDP_STATISTICS, &lost, &size) ||
		    waited++ == PATIENCE_MS / 10 || poll(NULL, 0, 10))
			errx(1, "no frame found no memory");
	}
	mute = !send_by_xdp(e, 0, 1);
}

/* Takes the frames that came, and gives their chunks back. */
static unsigned int take(struct end *e, uint32_t next)
{
	uint32_t end = __atomic_load_n(e->rx.producer, __ATOMIC_ACQUIRE);
	uint32_t at = *e->rx.consumer, number;
	unsigned char expected[CHUNK];
	unsigned int n = 0;

	for (; at != end; at++) {
		const struct xdp_desc *desc = (struct xdp_desc *)e->rx.desc + at % RING;
		uint64_t base = desc->addr & XSK_UNALIGNED_BUF_ADDR_MASK;
		uint64_t addr = base + (desc->addr >> XSK_UNALIGNED_BUF_OFFSET_SHIFT);
		const unsigned char *frame = e->room + addr;

		if (desc->len < SHORT || desc->len > bytes ||
		    addr >= (2 * RING + xsk.unaligned) * CHUNK - bytes) {
			misplaced = true;
		} else if (!memcmp(frame + 12, header + 12, 2)) {
			memcpy(&number, frame + NUMBER, sizeof(number));
			disordered |= number != next + n;
			fill_frame(expected, number);
			damaged |= desc->len != length_of(number) ||
				   memcmp(frame, expected, desc->len);
			n++;
		}
		give(e, xsk.unaligned ? base : base & ~(uint64_t)(CHUNK - 1));
	}
	__atomic_store_n(e->rx.consumer, end, __ATOMIC_RELEASE);
	return n;
}

int main(int argc, char **argv)
{
	unsigned int sent = 0, got = 0;
	int option, type, packet = -1;
	struct pollfd pollfd;

	while ((option = getopt(argc, argv, "n:l:ai:t:f:p:gxzq:bewsumck")) != -1) {
		switch (option) {
		case 'n':
			count = atoi(optarg);
			break;
		case 'l':
			bytes = atoi(optarg);
			break;
		case 'a':
			mixed = 3;
			break;
		case 'i':
			mixed = atoi(optarg);
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
			xsk.generic = true;
			break;
		case 'x':
			by_xdp = true;
			break;
		case 'z':
			xsk.flags = XDP_ZEROCOPY;
			break;
		case 'b':
			xsk.busy = true;
			break;
		case 'e':
			echo = true;
			break;
		case 'w':
			wild = true;
			break;
		case 'u':
			xsk.unaligned = true;
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
			xsk.queue = atoi(optarg);
			break;
		default:
			return 2;
		}
	}
	if (argc - optind != 2 || bytes > CHUNK - 256 || bytes < SHORT)
		errx(2, "usage: xsk-pair [OPTION...] FROM/DEVICE TO/DEVICE");
	parse_end(&from, argv[optind]);
	parse_end(&to, argv[optind + 1]);
	end_open(&to, RING);
	memcpy(header, to.mac, ETH_ALEN);
	if (!echo)
		give_all(&to);
	attach(&to);
	enter(from.namespace);
	get_mac(&from);
	memcpy(header + ETH_ALEN, from.mac, ETH_ALEN);
	if (source && !ether_aton_r(source, (struct ether_addr *)(header + ETH_ALEN)))
		errx(2, "no address: %s", source);
	if (by_xdp)
		end_open(&from, shared ? 1 : RING);
	if (shared)
		end_share(&from);
	if (!by_xdp || echo)
		packet = socket(AF_PACKET, SOCK_RAW, 0);
	if (echo) {
		lose_one(&to, packet);
		give_all(&to);
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
			send_by_packet(packet, sent, n);
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
