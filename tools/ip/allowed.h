/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The list of IP addresses that a vNIC may have: "allowed-ips".
 */
#ifndef _VNICX_ALLOWED_H
#define _VNICX_ALLOWED_H

#include <linux/netlink.h>

struct options;
struct option;
struct rtattr;

/* More than one request has room for */
#define ALLOWED_MAX	128

/**
 * struct allowed - an IP prefix
 * @size: bytes of @address
 * @bits: how many bits of it count
 * @address: the address
 */
struct allowed {
	unsigned char size;
	unsigned char bits;
	unsigned char address[16];
};

int parse_allowed(const struct option *option, struct options *opts);

/* Returns 0, or -1 when it said what is wrong. */
int put_allowed(struct nlmsghdr *n, const struct options *opts);

/* @nest is the attribute, or NULL: then nothing is shown. */
void show_allowed(const struct rtattr *nest);
void show_leases(const struct rtattr *nest);

#endif /* _VNICX_ALLOWED_H */
