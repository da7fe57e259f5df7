/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The interface between ip(8) and its plugins, of which iproute2 installs no
 * header. ip loads link_KIND.so from its library directory, or from that in
 * IP_LIB_DIR, and takes the structure called KIND_link_util out of it. A plugin
 * calls functions of ip, which ip exports.
 *
 * Declared as in iproute2 6.1.0 and 7.2.0, between which nothing of it changed;
 * tried with 6.1.0, 6.15.0, 7.2.0 and 7.3.0.
 */
#ifndef _VNICX_LINK_UTIL_H
#define _VNICX_LINK_UTIL_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>

/**
 * struct link_util - what ip knows of a kind
 * @next: ip's own
 * @id: the kind
 * @maxattr: greatest attribute in IFLA_INFO_DATA
 * @parse_opt: adds to a request what the words after "type KIND" ask for;
 *	returns non-zero when it said why it could not
 * @print_opt: shows IFLA_INFO_DATA, whose attributes are in an array of
 *	@maxattr + 1; there is no array when there is no IFLA_INFO_DATA
 * @print_xstats: shows IFLA_INFO_XSTATS
 * @print_help: for "ip link help KIND"
 * @parse_ifla_xstats: for "ip link xstats type KIND"
 * @print_ifla_xstats: for the answer to that
 */
struct link_util {
	struct link_util *next;
	const char *id;
	int maxattr;
	int (*parse_opt)(struct link_util *lu, int argc, char **argv,
			 struct nlmsghdr *n);
	void (*print_opt)(struct link_util *lu, FILE *f, struct rtattr *tb[]);
	void (*print_xstats)(struct link_util *lu, FILE *f,
			     struct rtattr *xstats);
	void (*print_help)(struct link_util *lu, int argc, char **argv,
			   FILE *f);
	int (*parse_ifla_xstats)(struct link_util *lu, int argc, char **argv);
	int (*print_ifla_xstats)(struct nlmsghdr *n, void *arg);
};

/* No kind's options may make a request longer, in bytes. */
#define LINK_REQUEST_MAX	1024

/* Appends an attribute unless @n would become longer than @maxlen: then it says
 * so and returns -1.
 */
int addattr_l(struct nlmsghdr *n, int maxlen, int type, const void *data,
	      int alen);

/* For whom something is printed: FP is text. */
enum output_type {
	PRINT_FP = 1,
	PRINT_JSON = 2,
	PRINT_ANY = 4,
};

enum color_attr {
	COLOR_IFNAME,
	COLOR_MAC,
	COLOR_INET,
	COLOR_INET6,
	COLOR_OPERSTATE_UP,
	COLOR_OPERSTATE_DOWN,
	COLOR_NONE,
};

/* Without a key, what is printed is an element of an array. */
int print_color_string(enum output_type t, enum color_attr color,
		       const char *key, const char *fmt, const char *value);
int print_color_uint(enum output_type t, enum color_attr color,
		     const char *key, const char *fmt, unsigned int value);
int print_color_u64(enum output_type t, enum color_attr color,
		    const char *key, const char *fmt, uint64_t value);
int print_color_bool(enum output_type t, enum color_attr color,
		     const char *key, const char *fmt, bool value);
void open_json_array(enum output_type t, const char *key);
void close_json_array(enum output_type t, const char *key);
void open_json_object(const char *key);
void close_json_object(void);

#endif /* _VNICX_LINK_UTIL_H */
