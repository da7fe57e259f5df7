/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _FRAMES_H
#define _FRAMES_H

#include "fuzz.h"

/* A virtio header precedes each frame, for those who send one. */
#define FRAME_VNET	10

struct frame {
	uint8_t bytes[FRAME_VNET + 70000];
	size_t len;
};

struct frame_kind {
	/* what is behind the Ethernet header, and its tags */
	void (*body)(struct frame *f);
	unsigned int tags;
	/* worth nothing without its virtio header */
	bool vnet;
	enum { TO_ONE, TO_GROUP, TO_ALL, TO_CONTROL } to;
};

extern const struct frame_kind
	frame_arp, frame_udp, frame_tcp, frame_gso, frame_gso6, frame_uso,
	frame_ipv6, frame_sctp, frame_fragment, frame_group, frame_everyone,
	frame_vlan, frame_qinq, frame_pause, frame_control, frame_short,
	frame_odd, frame_lie, frame_noise;

/* make.c */
void frame_make(struct frame *f, const struct frame_kind *kind,
		unsigned int sender);

#endif /* _FRAMES_H */
