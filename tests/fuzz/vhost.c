// SPDX-License-Identifier: GPL-2.0
/*
 * vhost-net on the character devices of vNICs: as a machine's driver uses it, and
 * as a wicked one does.
 */
#include "../netns/helpers/vhost.h"
#include "frames.h"
#include "tap.h"

static struct machine {
	struct vhost *vhost;
	int tap;
} machines[2];

static struct machine *pick_machine(void)
{
	struct machine *m = &PICK(machines);

	return m->vhost ? m : NULL;
}

static void end(struct machine *m)
{
	if (m->vhost)
		vhost_end(m->vhost);
	if (m->tap > 0)
		tap_close(m->tap);
	m->vhost = NULL;
	m->tap = 0;
}

static int start(const struct verb *verb)
{
	struct machine *m = &PICK(machines);

	(void)verb;
	end(m);
	m->tap = tap_open();
	if (m->tap < 0)
		return IDLE;
	m->vhost = vhost_start(m->tap);
	return m->vhost ? 0 : errno;
}

static int stop(const struct verb *verb)
{
	struct machine *m = pick_machine();

	(void)verb;
	if (!m)
		return IDLE;
	end(m);
	return 0;
}

/* One chain, in a number of pieces; nobody waits until it is used. */
static int transmit(const struct verb *verb)
{
	static struct frame f;
	struct machine *m = pick_machine();
	unsigned int n = 1 + below(4), i, head;
	struct vring *ring;
	struct vhost *v;
	size_t len, at = 0;

	if (!m)
		return IDLE;
	v = m->vhost;
	ring = &v->ring[VHOST_TX];
	frame_make(&f, verb->arg, below(20));
	memset(v->tx, 0, VHOST_HDR);
	memcpy(v->tx, f.bytes, FRAME_VNET);
	len = f.len - FRAME_VNET;
	memcpy(v->tx + VHOST_HDR, f.bytes + FRAME_VNET, len);
	len += VHOST_HDR;
	if (one_in(8))
		len = below(len + 1);
	head = 4 * below(VHOST_RING / 4);
	for (i = 0; i < n; i++) {
		size_t piece = i == n - 1 ? len - at : below(len - at + 1);

		ring->desc[head + i] = (struct vring_desc){
			.addr = (uintptr_t)v->tx + at,
			.len = piece,
			.flags = i == n - 1 ? 0 : VRING_DESC_F_NEXT,
			.next = head + i + 1,
		};
		at += piece;
	}
	vhost_avail(ring, head);
	vhost_kick(v, VHOST_TX);
	return 0;
}

/* Descriptors of anything: the kernel says no by its log, or by an event */
static int corrupt(const struct verb *verb)
{
	struct machine *m = pick_machine();
	unsigned int which;
	struct vring *ring;

	(void)verb;
	if (!m)
		return IDLE;
	which = below(2);
	ring = &m->vhost->ring[which];
	random_bytes(&ring->desc[below(VHOST_RING)], sizeof(ring->desc[0]));
	if (one_in(8))
		ring->avail->idx += chance();
	vhost_kick(m->vhost, which);
	return 0;
}

static int receive(const struct verb *verb)
{
	static uint8_t bytes[VHOST_MEMORY];
	struct machine *m = pick_machine();
	unsigned int n;

	(void)verb;
	if (!m)
		return IDLE;
	for (n = below(64); n && vhost_used(m->vhost, VHOST_RX, 0); n--) {
		struct vring *ring = &m->vhost->ring[VHOST_RX];
		unsigned int id = ring->used->ring[m->vhost->used[VHOST_RX]++ %
						   VHOST_RING].id;

		memcpy(bytes, m->vhost->rx, VHOST_PIECE);
		vhost_avail(ring, id);
	}
	vhost_kick(m->vhost, VHOST_RX);
	return 0;
}

static int set_backend(const struct verb *verb)
{
	struct machine *m = pick_machine();

	(void)verb;
	if (!m)
		return IDLE;
	return vhost_backend(m->vhost, one_in(2) ? -1 : m->tap) ? errno : 0;
}

#define FRAME(name, weight)	\
	{ "vhost-" #name, transmit, weight, TAP, false, &frame_##name, "vhost" }

const struct verb vhost_verbs[] = {
	{ "vhost-start", start, 10, TAP, false, NULL, "vhost" },
	{ "vhost-stop", stop, 2, TAP, false, NULL, "vhost" },
	{ "vhost-receive", receive, 10, TAP, false, NULL, "vhost" },
	{ "vhost-backend", set_backend, 4, TAP, false, NULL, "vhost" },
	{ "vhost-corrupt", corrupt, 2, TAP, false, NULL, "vhost" },
	FRAME(udp, 6),
	FRAME(gso, 12),
	FRAME(everyone, 6),
	FRAME(vlan, 4),
	FRAME(lie, 16),
	FRAME(short, 4),
	{ }
};
