/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Frames, byte by byte, and what is in them.
 */
#ifndef HELPERS_FRAME_H
#define HELPERS_FRAME_H

#include <linux/if_ether.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

static inline void put16(unsigned char *p, unsigned int value)
{
	p[0] = value >> 8;
	p[1] = value;
}

static inline unsigned int get32(const unsigned char *p)
{
	return (unsigned int)p[0] << 24 | p[1] << 16 | p[2] << 8 | p[3];
}

static inline void put_mac(unsigned char *to, const char *text)
{
	if (sscanf(text, "%hhx:%hhx:%hhx:%hhx:%hhx:%hhx", to, to + 1, to + 2,
		   to + 3, to + 4, to + 5) != 6)
		exit(2);
}

/* An EtherType, behind a tag if it is 8100.VID.TYPE; returns where it ends. */
static inline unsigned char *put_type(unsigned char *at, const char *text)
{
	unsigned int value, vid;

	if (sscanf(text, "8100.%u.%x", &vid, &value) == 2) {
		put16(at, ETH_P_8021Q);
		put16(at + 2, vid);
		at += 4;
	} else {
		value = strtoul(text, NULL, 16);
	}
	put16(at, value);
	return at + 2;
}

/* A payload's byte at that offset: no page of it is like another. */
static inline unsigned char pattern(unsigned int offset)
{
	return offset * 31 + (offset >> 8) * 7 + (offset >> 16);
}

static inline void fill(unsigned char *p, unsigned int offset, unsigned int len)
{
	for (; len; len--)
		*p++ = pattern(offset++);
}

static inline bool intact(const unsigned char *p, unsigned int offset,
			  unsigned int len)
{
	for (; len; len--)
		if (*p++ != pattern(offset++))
			return false;
	return true;
}

static inline unsigned int sum16(const unsigned char *p, unsigned int len)
{
	unsigned int sum = 0;

	for (; len > 1; len -= 2, p += 2)
		sum += p[0] << 8 | p[1];
	if (len)
		sum += p[0] << 8;
	return sum;
}

static inline unsigned int fold(unsigned int sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return sum;
}

/* The sum of an IPv4 header's part in the checksum of what follows it */
static inline unsigned int pseudo(const unsigned char *ip, unsigned int len)
{
	return sum16(ip + 12, 8) + ip[9] + len;
}

/* An IPv4 header and the EtherType before it, from 192.0.2.1 to 192.0.2.2 */
static inline void fill_ip(unsigned char *ip, unsigned int proto, unsigned int len)
{
	put16(ip - 2, ETH_P_IP);
	ip[0] = 0x45;
	put16(ip + 2, 20 + len);
	ip[8] = 64;
	ip[9] = proto;
	put16(ip + 12, 0xc000);
	put16(ip + 14, 0x0201);
	put16(ip + 16, 0xc000);
	put16(ip + 18, 0x0202);
	put16(ip + 10, ~fold(sum16(ip, 20)));
}

#endif /* HELPERS_FRAME_H */
