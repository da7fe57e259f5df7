// SPDX-License-Identifier: GPL-2.0
/*
 * Frames of every kind, each behind a virtio header.
 */
#include <linux/if_ether.h>
#include <linux/virtio_net.h>
#include <netinet/in.h>

#include "../netns/helpers/frame.h"
#include "frames.h"
#include "world.h"

static uint8_t *room(struct frame *f, size_t len)
{
	uint8_t *at = f->bytes + f->len;

	memset(at, 0, len < 128 ? len : 128);
	f->len += len;
	return at;
}

static struct virtio_net_hdr *vnet_of(struct frame *f)
{
	return (void *)f->bytes;
}

static void put_addr(uint8_t *at, unsigned int number)
{
	uint32_t ip = ip_of(number);

	memcpy(at, &ip, 4);
}

static void begin_l3(struct frame *f, unsigned int type)
{
	put16(room(f, 2), type);
}

/* Returns where the transport's header begins, of which there are HDR bytes. */
static uint8_t *put_ip4(struct frame *f, unsigned int proto, size_t len)
{
	uint8_t *ip;

	begin_l3(f, ETH_P_IP);
	ip = room(f, 20);
	fill_ip(ip, proto, len);
	put_addr(ip + 12, below(NR_NAMES));
	put_addr(ip + 16, below(NR_NAMES));
	put16(ip + 10, 0);
	put16(ip + 10, ~fold(sum16(ip, 20)));
	return room(f, len);
}

static uint8_t *put_ip6(struct frame *f, unsigned int proto, size_t len)
{
	uint8_t *ip;

	begin_l3(f, ETH_P_IPV6);
	ip = room(f, 40);
	ip[0] = 0x60;
	put16(ip + 4, len > 65535 ? 0 : len);
	ip[6] = proto;
	ip[7] = 64;
	memcpy(ip + 8, "\xfe\x80", 2);
	memcpy(ip + 24, "\xfe\x80", 2);
	ip[23] = below(NR_NAMES);
	ip[39] = below(NR_NAMES);
	return room(f, len);
}

static void put_tcp(struct frame *f, uint8_t *tcp)
{
	struct virtio_net_hdr *vnet = vnet_of(f);

	put16(tcp, 1000 + below(2));
	put16(tcp + 2, 7);
	/* flows that a receiver would merge, in order or not */
	put16(tcp + 6, 1448 * below(8));
	tcp[12] = 5 << 4;
	tcp[13] = one_in(8) ? below(256) : 0x10;
	vnet->flags = VIRTIO_NET_HDR_F_NEEDS_CSUM;
	vnet->csum_start = tcp - f->bytes - FRAME_VNET;
	vnet->csum_offset = 16;
}

static void put_udp(struct frame *f, uint8_t *udp, size_t len)
{
	struct virtio_net_hdr *vnet = vnet_of(f);

	put16(udp, 1000 + below(2));
	put16(udp + 2, 7);
	put16(udp + 4, len);
	vnet->flags = VIRTIO_NET_HDR_F_NEEDS_CSUM;
	vnet->csum_start = udp - f->bytes - FRAME_VNET;
	vnet->csum_offset = 6;
}

static size_t super_len(void)
{
	return 1500 + below(one_in(4) ? 63000 : 9000);
}

static size_t plain_len(void)
{
	return one_in(4) ? below(1480) : 20 + below(200);
}

static void body_udp(struct frame *f)
{
	size_t len = 8 + plain_len();

	put_udp(f, put_ip4(f, IPPROTO_UDP, len), len);
}

static void body_tcp(struct frame *f)
{
	put_tcp(f, put_ip4(f, IPPROTO_TCP, 20 + plain_len()));
}

static void cut(struct frame *f, unsigned int type, const uint8_t *payload,
		unsigned int size)
{
	struct virtio_net_hdr *vnet = vnet_of(f);

	vnet->gso_type = type;
	vnet->gso_size = size;
	vnet->hdr_len = payload - f->bytes - FRAME_VNET;
}

static void body_gso(struct frame *f)
{
	uint8_t *tcp = put_ip4(f, IPPROTO_TCP, 20 + super_len());

	put_tcp(f, tcp);
	cut(f, VIRTIO_NET_HDR_GSO_TCPV4 | (one_in(8) ? VIRTIO_NET_HDR_GSO_ECN : 0),
	    tcp + 20, one_in(4) ? 1 + below(3000) : 1448);
}

static void body_gso6(struct frame *f)
{
	uint8_t *tcp = put_ip6(f, IPPROTO_TCP, 20 + super_len());

	put_tcp(f, tcp);
	cut(f, VIRTIO_NET_HDR_GSO_TCPV6, tcp + 20, 1428);
}

static void body_uso(struct frame *f)
{
	size_t len = 8 + super_len();
	uint8_t *udp = put_ip4(f, IPPROTO_UDP, len);

	put_udp(f, udp, len);
	/* UFO and USO */
	cut(f, one_in(2) ? VIRTIO_NET_HDR_GSO_UDP : 5, udp + 8, 1472);
}

static void body_ipv6(struct frame *f)
{
	size_t len = 8 + plain_len();

	put_udp(f, put_ip6(f, IPPROTO_UDP, len), len);
}

static void body_sctp(struct frame *f)
{
	struct virtio_net_hdr *vnet = vnet_of(f);
	uint8_t *sctp = put_ip4(f, IPPROTO_SCTP, 12 + plain_len());

	vnet->flags = VIRTIO_NET_HDR_F_NEEDS_CSUM;
	vnet->csum_start = sctp - f->bytes - FRAME_VNET;
	vnet->csum_offset = 8;
}

static void body_fragment(struct frame *f)
{
	size_t len = 8 * (1 + below(180));
	uint8_t *ip = f->bytes + f->len + 2;

	put_ip4(f, IPPROTO_UDP, len);
	/* few identifiers, few offsets: pieces meet, and overlap */
	put16(ip + 4, below(3));
	put16(ip + 6, (one_in(3) ? 0 : 0x2000) | below(4) * 180);
	put16(ip + 10, 0);
	put16(ip + 10, ~fold(sum16(ip, 20)));
}

static void body_arp(struct frame *f)
{
	static const uint8_t request[] = { 0, 1, 8, 0, 6, 4, 0, 1 };
	uint8_t *arp;

	begin_l3(f, ETH_P_ARP);
	arp = room(f, one_in(8) ? 8 + below(20) : 46);
	memcpy(arp, request, sizeof(request));
	arp[7] += below(2);
	mac_of(arp + 8, below(NR_NAMES));
	put_addr(arp + 14, below(NR_NAMES));
	put_addr(arp + 24, below(NR_NAMES));
}

static void body_pause(struct frame *f)
{
	uint8_t *at;

	begin_l3(f, ETH_P_PAUSE);
	at = room(f, 46);
	at[1] = 1;
	at[2] = 0xff;
}

static void body_short(struct frame *f)
{
	/* also such as have no type */
	f->len -= below(4);
	room(f, below(20));
}

static void body_odd(struct frame *f)
{
	begin_l3(f, one_in(2) ? chance() : ETH_P_IP);
	room(f, one_in(4) ? edge() % 66000 : 1480 + below(100));
}

static uint16_t by_chance(const uint16_t *values, unsigned int n)
{
	return one_in(8) ? chance() : values[below(n)];
}

/* A good frame, whose header says something else */
static void body_lie(struct frame *f)
{
	static const uint16_t flags[] = { 0, 1, 1, 1, 2, 4 };
	static const uint16_t types[] = { 0, 1, 1, 3, 4, 5, 0x81, 0x20 };
	static const uint16_t starts[] = { 0, 14, 18, 34, 34, 54, 60, 0xffff };
	static const uint16_t offsets[] = { 0, 6, 8, 16, 16, 16, 0xfffe, 0xffff };
	static const uint16_t sizes[] = { 0, 1, 8, 536, 1448, 1448, 9000, 0xffff };
	static const uint16_t lengths[] = { 0, 14, 34, 42, 54, 54, 200, 0xffff };
	static void (*const truths[])(struct frame *f) = {
		body_udp, body_tcp, body_gso, body_gso6, body_uso, body_fragment,
		body_arp, body_odd,
	};
	struct virtio_net_hdr *vnet = vnet_of(f);
	unsigned int which = chance() & chance() & 63;

	PICK(truths)(f);
	if (!which)
		which = 1 << below(6);
	if (which & 1)
		vnet->flags = by_chance(flags, COUNT(flags));
	if (which & 2)
		vnet->gso_type = by_chance(types, COUNT(types));
	if (which & 4)
		vnet->hdr_len = by_chance(lengths, COUNT(lengths));
	if (which & 8)
		vnet->gso_size = by_chance(sizes, COUNT(sizes));
	if (which & 16)
		vnet->csum_start = by_chance(starts, COUNT(starts));
	if (which & 32)
		vnet->csum_offset = by_chance(offsets, COUNT(offsets));
	if (one_in(4))
		f->len = FRAME_VNET + below(f->len - FRAME_VNET + 1);
}

static void body_noise(struct frame *f)
{
	size_t len = below(300);

	random_bytes(room(f, len), len);
	if (one_in(2))
		random_bytes(f->bytes, FRAME_VNET);
}

const struct frame_kind
	frame_arp = { body_arp, 0, false, TO_ALL },
	frame_udp = { body_udp, 0, false, TO_ONE },
	frame_tcp = { body_tcp, 0, false, TO_ONE },
	frame_gso = { body_gso, 0, true, TO_ONE },
	frame_gso6 = { body_gso6, 0, true, TO_ONE },
	frame_uso = { body_uso, 0, true, TO_ONE },
	frame_ipv6 = { body_ipv6, 0, false, TO_ONE },
	frame_sctp = { body_sctp, 0, false, TO_ONE },
	frame_fragment = { body_fragment, 0, false, TO_GROUP },
	frame_group = { body_udp, 0, false, TO_GROUP },
	frame_everyone = { body_udp, 0, false, TO_ALL },
	frame_vlan = { body_udp, 1, false, TO_ONE },
	frame_qinq = { body_gso, 2, false, TO_ONE },
	frame_pause = { body_pause, 0, false, TO_CONTROL },
	frame_control = { body_noise, 0, false, TO_CONTROL },
	frame_short = { body_short, 0, false, TO_ONE },
	frame_odd = { body_odd, 0, false, TO_ONE },
	frame_lie = { body_lie, 0, true, TO_ONE },
	frame_noise = { body_noise, 0, false, TO_ONE };

static void put_addresses(uint8_t *eth, const struct frame_kind *kind,
			  unsigned int sender)
{
	if (one_in(2))
		mac_of(eth, below(NR_NAMES));
	else
		pick_mac(eth);
	if (kind->to == TO_GROUP)
		pick_group(eth);
	else if (kind->to == TO_ALL)
		memset(eth, 0xff, 6);
	else if (kind->to == TO_CONTROL)
		memcpy(eth, "\x01\x80\xc2\x00\x00", 5);
	if (kind->to == TO_CONTROL)
		eth[5] = one_in(2) ? 1 : below(0x22);
	if (one_in(4))
		pick_mac(eth + 6);
	else
		mac_of(eth + 6, sender);
}

void frame_make(struct frame *f, const struct frame_kind *kind,
		unsigned int sender)
{
	unsigned int tags = kind->tags + one_in(16);

	memset(f->bytes, 0, FRAME_VNET);
	f->len = FRAME_VNET;
	put_addresses(room(f, 12), kind, sender);
	while (tags--) {
		uint8_t *tag = room(f, 4);

		put16(tag, tags ? ETH_P_8021AD : ETH_P_8021Q);
		put16(tag + 2, one_in(4) ? chance() : 5 * below(2));
	}
	kind->body(f);
}
