// SPDX-License-Identifier: GPL-2.0
/*
 * Packet sockets whose frames the kernel takes from a ring in this process's memory
 * (PACKET_TX_RING): the pieces of a frame stay there, and can change, until it has gone.
 */
#include <linux/if_packet.h>
#include <sys/mman.h>
#include <sys/socket.h>

#include "frames.h"
#include "world.h"

#define BLOCK	65536
#define BLOCKS	4

static struct ring {
	int fd;		/* 0: none */
	uint8_t *map;
	bool vnet;
	int version;
	unsigned int size, places, next, number;
} rings[3];

static void end(struct ring *r)
{
	if (!r->fd)
		return;
	munmap(r->map, BLOCK * BLOCKS);
	close(r->fd);
	r->fd = 0;
}

static int prepare(struct ring *r, const struct device *d)
{
	struct tpacket_req3 req = {
		.tp_block_size = BLOCK,
		.tp_block_nr = BLOCKS,
		.tp_frame_size = r->size,
		.tp_frame_nr = r->places,
	};
	struct sockaddr_ll to = {
		.sll_family = AF_PACKET,
		.sll_ifindex = d->ifindex,
	};
	int lossy = one_in(2), vnet = r->vnet;
	struct timeval patience = { .tv_usec = 20000 };
	size_t len = r->version == TPACKET_V3 ? sizeof(req) :
						sizeof(struct tpacket_req);

	setsockopt(r->fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
	/* a frame that is malformed is passed over, or the ring stops at it */
	setsockopt(r->fd, SOL_PACKET, PACKET_LOSS, &lossy, sizeof(lossy));
	if (bind(r->fd, (void *)&to, sizeof(to)) ||
	    setsockopt(r->fd, SOL_PACKET, PACKET_VERSION, &r->version,
		       sizeof(r->version)) ||
	    setsockopt(r->fd, SOL_PACKET, PACKET_VNET_HDR, &vnet, sizeof(vnet)) ||
	    setsockopt(r->fd, SOL_PACKET, PACKET_TX_RING, &req, len))
		return errno;
	r->map = mmap(NULL, BLOCK * BLOCKS, PROT_READ | PROT_WRITE, MAP_SHARED,
		      r->fd, 0);
	return r->map == MAP_FAILED ? errno : 0;
}

static int open_ring(const struct verb *verb)
{
	static const int versions[] = { TPACKET_V1, TPACKET_V2, TPACKET_V3 };
	static const unsigned int sizes[] = { 2048, 2048, 16384, 65536 };
	struct ring *r = &PICK(rings);
	struct device d;
	int error;

	(void)verb;
	if (!(one_in(4) ? find_in(&d, NS_HOST, NAME_ADAPTER) :
	      one_in(6) ? find_in(&d, NS_LAN, NAME_WIRE) : pick_vnic(&d)) ||
	    !may_send(&d))
		return IDLE;
	end(r);
	world_enter(d.ns);
	*r = (struct ring){
		.fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0),
		.version = PICK(versions),
		.vnet = one_in(2),
		.size = PICK(sizes),
		.number = d.number,
	};
	if (r->fd < 0) {
		r->fd = 0;
		return errno;
	}
	r->places = BLOCK / r->size * BLOCKS;
	error = prepare(r, &d);
	if (error) {
		close(r->fd);
		r->fd = 0;
	}
	return error;
}

static struct ring *pick_ring(void)
{
	struct ring *r = &PICK(rings);

	return r->fd ? r : NULL;
}

/* The header of a place: its length and its status */
static void offer(struct ring *r, uint8_t *at, unsigned int len)
{
	if (r->version == TPACKET_V1) {
		struct tpacket_hdr *h = (void *)at;

		h->tp_len = len;
		__atomic_store_n(&h->tp_status, TP_STATUS_SEND_REQUEST,
				 __ATOMIC_RELEASE);
	} else if (r->version == TPACKET_V2) {
		struct tpacket2_hdr *h = (void *)at;

		h->tp_len = len;
		__atomic_store_n(&h->tp_status, TP_STATUS_SEND_REQUEST,
				 __ATOMIC_RELEASE);
	} else {
		struct tpacket3_hdr *h = (void *)at;

		h->tp_next_offset = one_in(16) ? chance() : 0;
		h->tp_len = len;
		__atomic_store_n(&h->tp_status, TP_STATUS_SEND_REQUEST,
				 __ATOMIC_RELEASE);
	}
}

static unsigned int head_of(const struct ring *r)
{
	return r->version == TPACKET_V1 ? TPACKET_HDRLEN - sizeof(struct sockaddr_ll) :
	       r->version == TPACKET_V2 ? TPACKET2_HDRLEN - sizeof(struct sockaddr_ll) :
					  TPACKET3_HDRLEN - sizeof(struct sockaddr_ll);
}

static void fill_place(struct ring *r, const struct frame_kind *kind)
{
	uint8_t *at = r->map + r->next * r->size;
	static struct frame f;
	unsigned int head = head_of(r), from = r->vnet ? 0 : FRAME_VNET;
	unsigned int len;

	r->next = (r->next + 1) % r->places;
	frame_make(&f, kind, r->number);
	len = f.len - from;
	if (len > r->size - head)
		len = r->size - head;
	memcpy(at + head, f.bytes + from, len);
	/* longer than the place, or than what was put there */
	offer(r, at, one_in(32) ? edge() : len);
}

static int send_ring(const struct verb *verb)
{
	struct ring *r = pick_ring();
	unsigned int n = 1 + below(one_in(4) ? 20 : 3);

	if (!r)
		return IDLE;
	while (n--)
		fill_place(r, verb->arg);
	return send(r->fd, NULL, 0, MSG_DONTWAIT) < 0 ? errno : 0;
}

/* A frame that has been sent, and may still be on its way, becomes something else. */
static int overwrite(const struct verb *verb)
{
	struct ring *r = pick_ring();
	uint8_t *at;

	(void)verb;
	if (!r)
		return IDLE;
	at = r->map + below(r->places) * r->size + head_of(r);
	random_bytes(at, 1 + below(200));
	return 0;
}

static int close_ring(const struct verb *verb)
{
	struct ring *r = pick_ring();

	(void)verb;
	if (!r)
		return IDLE;
	end(r);
	return 0;
}

#define FRAME(name, weight)	\
	{ "ring-" #name, send_ring, weight, FRAMES, false, &frame_##name, NULL }

const struct verb ring_verbs[] = {
	{ "ring-open", open_ring, 12, FRAMES, false, NULL, NULL },
	{ "ring-close", close_ring, 2, FRAMES, false, NULL, NULL },
	{ "ring-overwrite", overwrite, 4, FRAMES, false, NULL, NULL },
	FRAME(udp, 6),
	FRAME(gso, 8),
	FRAME(group, 4),
	FRAME(everyone, 6),
	FRAME(vlan, 4),
	FRAME(lie, 8),
	{ }
};
