// SPDX-License-Identifier: GPL-2.0
/*
 * Packet sockets on vNICs, on their lower device and at the other end of its wire, past
 * the queueing disciplines or not, with headers that lie or do not.
 */
#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/virtio_net.h>
#include <sys/socket.h>

#include "frames.h"
#include "world.h"

static struct sender {
	int fd;		/* 0: none */
	bool vnet;
	int ifindex;
	unsigned int number;
} senders[8];

/* The kernel loops for ever in netdev_pick_tx() when a sender that bypasses the queueing
 * disciplines had to wait and its device, of any kind, is unregistered by then: it
 * has no queue. So only a process that deletes devices itself, and shares them
 * with no other that does, is such a sender.
 */
static bool may_bypass(const struct device *d)
{
	return role_now != ROLE_FRAMES && d->ns != NS_TENANT;
}

static int open_sender(const struct verb *verb)
{
	struct sender *s = &PICK(senders);
	struct sockaddr_ll to = { .sll_family = AF_PACKET };
	struct timeval patience = { .tv_usec = 20000 };
	int bypass, vnet = one_in(2);
	struct device d;

	(void)verb;
	if (!(one_in(4) ? find_in(&d, NS_HOST, NAME_ADAPTER) :
	      one_in(6) ? find_in(&d, NS_LAN, NAME_WIRE) : pick_vnic(&d)) ||
	    !may_send(&d))
		return IDLE;
	if (s->fd > 0)
		close(s->fd);
	world_enter(d.ns);
	s->fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
	if (s->fd < 0)
		return errno;
	s->ifindex = d.ifindex;
	s->number = d.number;
	to.sll_ifindex = d.ifindex;
	/* every frame, or none */
	to.sll_protocol = one_in(3) ? htons(ETH_P_ALL) : 0;
	if (bind(s->fd, (void *)&to, sizeof(to)))
		return errno;
	s->vnet = vnet;
	bypass = may_bypass(&d) && !one_in(4);
	setsockopt(s->fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
	setsockopt(s->fd, SOL_PACKET, PACKET_QDISC_BYPASS, &bypass, sizeof(bypass));
	return setsockopt(s->fd, SOL_PACKET, PACKET_VNET_HDR, &vnet,
			  sizeof(vnet)) ? errno : 0;
}

static struct sender *pick_sender(bool vnet)
{
	unsigned int i, n = below(COUNT(senders));

	for (i = 0; i < COUNT(senders); i++) {
		struct sender *s = &senders[(n + i) % COUNT(senders)];

		if (s->fd > 0 && (s->vnet || !vnet))
			return s;
	}
	return NULL;
}

static int send_frame(const struct verb *verb)
{
	const struct frame_kind *kind = verb->arg;
	static struct frame f;
	struct sender *s;
	unsigned int from, burst = one_in(8) ? 1 + below(20) : 1;
	int error = 0;

	/* who has other things to do seldom finds a device that is still there */
	if (role_now != ROLE_FRAMES && one_in(2))
		open_sender(NULL);
	s = pick_sender(kind->vnet);
	if (!s)
		return IDLE;
	frame_make(&f, kind, s->number);
	from = s->vnet ? 0 : FRAME_VNET;
	while (burst-- && !error)
		error = send(s->fd, f.bytes + from, f.len - from, MSG_DONTWAIT) < 0 ?
			errno : 0;
	return error;
}

static int receive(const struct verb *verb)
{
	static uint8_t bytes[65536];
	unsigned int n = 1 + below(30), got = 0;
	struct sender *s = pick_sender(false);

	(void)verb;
	if (!s)
		return IDLE;
	while (n--) {
		if (recv(s->fd, bytes, one_in(8) ? below(100) : sizeof(bytes),
			 MSG_DONTWAIT | MSG_TRUNC) >= 0)
			got++;
		else if (errno != EAGAIN)
			return errno;
	}
	return got ? 0 : IDLE;
}

/* The same frame for several ends, like a fan: the socket's own copies */
static int fan_out(const struct verb *verb)
{
	struct sender *s = pick_sender(false);
	int value = below(8) << 16 | 1;

	(void)verb;
	if (!s)
		return IDLE;
	return setsockopt(s->fd, SOL_PACKET, PACKET_FANOUT, &value,
			  sizeof(value)) ? errno : 0;
}

#define FRAME_OF(name, weight, roles)	\
	{ "frame-" #name, send_frame, weight, roles, false, &frame_##name, NULL }
#define FRAME(name, weight)	FRAME_OF(name, weight, FRAMES)

#define CONTROL	(ADMIN | TENANT | NOMEM)

const struct verb frame_verbs[] = {
	{ "sender", open_sender, 24, FRAMES | CONTROL, false, NULL, NULL },
	{ "receive", receive, 8, FRAMES, false, NULL, NULL },
	{ "fan-out", fan_out, 1, FRAMES, false, NULL, NULL },
	FRAME(arp, 8),
	FRAME_OF(udp, 14, FRAMES | CONTROL),
	FRAME(tcp, 8),
	FRAME_OF(gso, 16, FRAMES | CONTROL),
	FRAME_OF(gso6, 8, FRAMES | NOMEM),
	FRAME(uso, 8),
	FRAME(ipv6, 6),
	FRAME(sctp, 4),
	FRAME_OF(fragment, 8, FRAMES | NOMEM),
	FRAME_OF(group, 8, FRAMES | NOMEM),
	FRAME_OF(everyone, 10, FRAMES | CONTROL),
	FRAME_OF(vlan, 8, FRAMES | NOMEM),
	FRAME(qinq, 6),
	FRAME(pause, 4),
	FRAME(control, 6),
	FRAME(short, 8),
	FRAME(odd, 8),
	FRAME_OF(lie, 30, FRAMES | CONTROL),
	FRAME_OF(noise, 8, FRAMES | CONTROL),
	{ }
};
