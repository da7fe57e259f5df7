/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Netlink messages, byte by byte.
 */
#ifndef _MSG_H
#define _MSG_H

#include <linux/netlink.h>
#include <linux/rtnetlink.h>

#include "fuzz.h"

#define MSG_MAX	16384

struct msg {
	union {
		struct nlmsghdr nlh;
		uint8_t bytes[MSG_MAX];
	};
	/* how much of it precedes the attributes */
	size_t head;
};

/* Set while a verb is carried out by "mutate" */
extern bool mutating;
void mutate(struct msg *m);

/* msg.c */
void msg_begin(struct msg *m, int type, int flags, const void *head, size_t len);
struct nlattr *msg_put(struct msg *m, int type, const void *data, size_t len);
void msg_put_u8(struct msg *m, int type, uint8_t value);
void msg_put_u16(struct msg *m, int type, uint16_t value);
void msg_put_u32(struct msg *m, int type, uint32_t value);
void msg_put_string(struct msg *m, int type, const char *s);
struct nlattr *msg_nest(struct msg *m, int type);
void msg_nest_end(struct msg *m, struct nlattr *nest);
/* Sends it in a namespace. Returns the kernel's answer, 0 or an errno; a dump is
 * read to its end.
 */
int msg_talk(struct msg *m, unsigned int ns);
/* By a socket of that namespace, of any family of netlink's */
int msg_talk_by(struct msg *m, int fd);
/* An attribute of the last answer, by generic netlink; NULL if it has none */
const struct nlattr *msg_told(int type);
/* The same of an answer about a device */
const struct nlattr *msg_told_of_link(int type);
/* An attribute in another one; NULL if it has none */
const struct nlattr *nla_in(const struct nlattr *nest, int type);

/* A request about a device, which may be none: index or name */
void link_begin(struct msg *m, int type, int flags, int ifindex,
		unsigned int ifi_flags, unsigned int change);
/* For IFLA_LINKINFO: puts the kind, opens IFLA_INFO_DATA */
struct nlattr *info_begin(struct msg *m, const char *kind, struct nlattr **data);
void info_end(struct msg *m, struct nlattr *info, struct nlattr *data);

#endif /* _MSG_H */
