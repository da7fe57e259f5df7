/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Frames that tap.c writes to a queue and reads from one. Included by it.
 */
#ifndef _VNICX_TAP_FRAMES_H
#define _VNICX_TAP_FRAMES_H

#include <byteswap.h>
#include <linux/if_ether.h>
#include <poll.h>
#include <sys/uio.h>

#include "frame.h"
#include "patience.h"
#include "tap-queue.h"

/* Fills in the header from the next words. */
static unsigned char *header(void)
{
	unsigned char *frame = buf + HDR;

	memset(buf, 0, sizeof(buf));
	put_mac(frame, next());
	put_mac(frame + 6, next());
	return frame;
}

/* From the order of bytes that is ours to the queue's, or back. */
static void order_header(const struct queue *q)
{
	struct virtio_net_hdr *vnet = (void *)buf;

	if (!q->big)
		return;
	vnet->hdr_len = bswap_16(vnet->hdr_len);
	vnet->gso_size = bswap_16(vnet->gso_size);
	vnet->csum_start = bswap_16(vnet->csum_start);
	vnet->csum_offset = bswap_16(vnet->csum_offset);
}

/* Sends what is in the buffer. */
static ssize_t put(struct queue *q, size_t len)
{
	static unsigned char more[64];
	struct iovec iov[3] = {
		{ buf, HDR },
		{ more, q->hdr - HDR },
		{ buf + HDR, len - HDR },
	};

	ssize_t rc;

	sent = len;
	if (q->vhost)
		return vhost_put(q->vhost, buf, HDR, len, 1);
	order_header(q);
	if (q->hdr == HDR)
		rc = write(q->fd, buf, len);
	else
		rc = writev(q->fd, iov, 3);
	order_header(q);
	return rc;
}

static void send_frame(void)
{
	struct queue *q = queue();
	unsigned char *frame = header(), *at = put_type(frame + 12, next());
	unsigned int len = number();

	fill(at, 0, frame + len > at ? frame + len - at : 0);
	tell(put(q, HDR + len));
}

static void send_hex(void)
{
	struct queue *q = queue();
	const char *text = next();
	size_t len = HDR;

	memset(buf, 0, sizeof(buf));
	while (sscanf(text, "%2hhx", buf + len) == 1 && text[1]) {
		text += 2;
		len++;
	}
	tell(put(q, len));
}

static void send_again(void)
{
	struct queue *q = queue();
	unsigned long n = number(), done, some;
	ssize_t rc = 0;

	for (done = 0; done < n && rc >= 0; done += some) {
		some = q->vhost && n - done > VHOST_COPIES ? VHOST_COPIES : n - done;
		if (q->vhost) {
			rc = vhost_put(q->vhost, buf, HDR, sent, some);
		} else {
			some = 1;
			rc = put(q, sent);
		}
	}
	tell(rc < 0 ? rc : (long)n);
}

static void vnet_header(void)
{
	struct virtio_net_hdr *vnet = (void *)buf;

	vnet->flags = number();
	vnet->gso_type = number();
	vnet->hdr_len = number();
	vnet->gso_size = number();
	vnet->csum_start = number();
	vnet->csum_offset = number();
}

static void send_lie(void)
{
	struct queue *q = queue();

	vnet_header();
	tell(put(q, sent));
}

static unsigned int by_chance(const uint16_t *values, unsigned int n)
{
	/* once in a while, anything */
	return rand() % 8 ? values[rand() % n] : (unsigned int)rand();
}

static void send_fuzz(void)
{
	static const uint16_t flags[] = { 0, 1, 1, 1, 2 };
	static const uint16_t types[] = { 0, 1, 1, 3, 4, 5, 0x81 };
	static const uint16_t starts[] = { 0, 14, 34, 34, 34, 54, 0xffff };
	static const uint16_t offsets[] = { 0, 6, 16, 16, 16, 0xfffe, 0xffff };
	static const uint16_t sizes[] = { 0, 8, 536, 536, 1448, 1448, 9000, 0xffff };
	static const uint16_t lengths[] = { 0, 14, 34, 42, 54, 54, 200, 0xffff };
	struct virtio_net_hdr *vnet = (void *)buf;
	struct queue *q = queue();
	unsigned long n = number(), i, taken = 0;
	unsigned int which = 0;

	srand(n);
	for (i = 0; i < n; i++) {
		vnet->flags = by_chance(flags, 5);
		vnet->gso_type = by_chance(types, 7);
		vnet->hdr_len = by_chance(lengths, 8);
		vnet->gso_size = by_chance(sizes, 8);
		vnet->csum_start = by_chance(starts, 7);
		vnet->csum_offset = by_chance(offsets, 7);
		if (put(q, sent) > 0) {
			taken++;
			errno = 0;
		}
		which = which * 31 + errno;
	}
	printf("%lu/%08x\n", taken, which);
}

static void send_vnet(void)
{
	struct queue *q = queue();

	memset(buf, 0, sizeof(buf));
	vnet_header();
	memset(buf + HDR, 0xff, 6);
	buf[HDR + 6] = 2;
	buf[HDR + 12] = 0x88;
	buf[HDR + 13] = 0xb5;
	tell(put(q, HDR + number()));
}

/* Fills in what is before and behind the HDR bytes of a transport header, whose
 * checksum is left to others, and sends it all.
 */
static void put_ip(struct queue *q, unsigned int proto, unsigned int csum_offset,
		   unsigned int hdr, unsigned int len)
{
	struct virtio_net_hdr *vnet = (void *)buf;
	unsigned char *ip = buf + HDR + ETH_HLEN;

	vnet->flags = VIRTIO_NET_HDR_F_NEEDS_CSUM;
	vnet->csum_start = ETH_HLEN + 20;
	vnet->csum_offset = csum_offset;
	vnet->hdr_len = ETH_HLEN + 20 + hdr;
	fill_ip(ip, proto, hdr + len);
	put16(ip + 20 + csum_offset, fold(pseudo(ip, hdr + len)));
	fill(ip + 20 + hdr, 0, len);
	tell(put(q, HDR + vnet->hdr_len + len));
}

static void send_tcp(void)
{
	struct virtio_net_hdr *vnet = (void *)buf;
	struct queue *q = queue();
	unsigned char *tcp = header() + ETH_HLEN + 20;
	unsigned int len = number();

	vnet->gso_size = number();
	if (vnet->gso_size)
		vnet->gso_type = VIRTIO_NET_HDR_GSO_TCPV4;
	put16(tcp, 1000);
	put16(tcp + 2, 2000);
	tcp[12] = 5 << 4;
	tcp[13] = 0x10;
	put_ip(q, IPPROTO_TCP, 16, 20, len);
}

static void send_udp(void)
{
	struct virtio_net_hdr *vnet = (void *)buf;
	struct queue *q = queue();
	unsigned char *udp = header() + ETH_HLEN + 20;
	unsigned int len = number();

	vnet->gso_type = number();
	vnet->gso_size = number();
	put16(udp, 1000);
	put16(udp + 2, 2000);
	put16(udp + 4, 8 + len);
	put_ip(q, IPPROTO_UDP, 6, 8, len);
}

static void send_split(void)
{
	int fd = queue()->fd;
	unsigned char *frame = header();
	unsigned long len = number();
	struct iovec iov[3] = {
		{ buf, HDR + 5 },
		{ frame + 5, 20 },
		{ frame + 25, len - 25 },
	};

	put_type(frame + 12, "88b6");
	fill(frame + ETH_HLEN, 0, len - ETH_HLEN);
	tell(writev(fd, iov, 3));
}

/* Says whether the transport's checksum is that of all of it. */
static const char *checksum(const unsigned char *ip, unsigned int len)
{
	unsigned int sum = pseudo(ip, len - 20) + sum16(ip + 20, len - 20);

	return fold(sum) == 0xffff ? "whole" : "partial";
}

/* Whether what a TCP segment carries is what was sent at that place */
static bool tcp_intact(const unsigned char *ip, unsigned int len)
{
	return intact(ip + 40, get32(ip + 24), len - 40);
}

static ssize_t receive(struct queue *q, size_t room, int ms)
{
	struct pollfd pfd = { .fd = q->fd, .events = POLLIN };
	unsigned char more[64];
	struct iovec iov[3] = {
		{ buf, HDR },
		{ more, q->hdr - HDR },
		{ buf + HDR, room - HDR },
	};
	ssize_t n;

	memset(buf, 0, sizeof(buf));
	if (q->vhost)
		return vhost_get(q->vhost, buf, HDR, ms);
	if (poll_patiently(&pfd, 1, ms) == 1 && pfd.revents & POLLERR) {
		errno = EBADFD;
		return -1;
	}
	if (q->hdr == HDR)
		n = read(q->fd, buf, room);
	else
		n = readv(q->fd, iov, 3);
	order_header(q);
	return n < 0 ? n : n - (ssize_t)(q->hdr - HDR);
}

/* Print what is in a frame that has come whole. */
static void tell_content(const unsigned char *f, unsigned int len)
{
	const unsigned char *ip = f + ETH_HLEN;

	unsigned int fragment = (ip[6] << 8 | ip[7]) & 0x3fff;

	if (f[12] == 8 && !f[13] && fragment) {
		printf(" fragment %u", fragment % 0x2000 * 8);
	} else if (f[12] == 8 && !f[13]) {
		printf(" %s", checksum(ip, len - ETH_HLEN));
		if (ip[9] == IPPROTO_TCP && !tcp_intact(ip, len - ETH_HLEN))
			printf(" damaged");
	}
	if (f[12] == 0x81)
		f += 4, len -= 4;
	if (f[12] == 0x88 && f[13] == 0xb6)
		printf(intact(f + ETH_HLEN, 0, len - ETH_HLEN) ? " intact" : " damaged");
}

static void recv_frame(void)
{
	const struct virtio_net_hdr *vnet = (void *)buf;
	const unsigned char *f = buf + HDR;
	struct queue *q = queue();
	size_t room = *arg && strtoul(*arg, NULL, 0) ? number() : ROOM;
	ssize_t n = receive(q, room, 500);

	if (n < (ssize_t)(HDR + ETH_HLEN)) {
		tell(n);
		return;
	}
	printf("%zd to %02x:%02x:%02x:%02x:%02x:%02x %02x%02x", n - HDR, f[0], f[1],
	       f[2], f[3], f[4], f[5], f[12], f[13]);
	if (f[12] == 0x81)
		printf(".%u.%02x%02x", (f[14] & 15) << 8 | f[15], f[16], f[17]);
	if (vnet->gso_type)
		printf(" gso %u", vnet->gso_size);
	if (vnet->flags & VIRTIO_NET_HDR_F_NEEDS_CSUM)
		printf(" csum %u+%u", vnet->csum_start, vnet->csum_offset);
	if (room == ROOM)
		tell_content(f, n - HDR);
	printf("\n");
}

static void drain(void)
{
	unsigned long frames = 0, bytes = 0;
	struct queue *q = queue();
	ssize_t n;

	while ((n = receive(q, ROOM, q->vhost ? 500 : 0)) > 0) {
		frames++;
		bytes += n - HDR;
	}
	printf("%lu %lu\n", frames, bytes);
}

#endif /* _VNICX_TAP_FRAMES_H */
