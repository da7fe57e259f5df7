/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Requests to the generic netlink family vnicx.
 */
#ifndef _VNICX_TOOL_NETLINK_H
#define _VNICX_TOOL_NETLINK_H

#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <stddef.h>

struct request {
	struct nlmsghdr nlh;
	struct genlmsghdr genl;
	char attrs[128];
};

/* Is given each answer's attributes; returns 0, or -1 after it has said why not. */
typedef int answer_fn(const struct nlattr *attrs, size_t len, void *arg);

int vnicx_open(void);
int vnicx_dump(int cmd, int attr, __u32 value, answer_fn *fn, void *arg);

/* One answer to a request, which begins empty and gets attributes */
void request_init(struct request *req, int cmd);
void request_put(struct request *req, int attr, const void *data, size_t len);
int vnicx_do(struct request *req, answer_fn *fn, void *arg);

void parse_attrs(const struct nlattr **tb, int max, const struct nlattr *attrs,
		 size_t len);

/* The attributes in a nest, which may be NULL */
void parse_nest(const struct nlattr **tb, int max, const struct nlattr *nest);

const void *attr_data(const struct nlattr *nla);
size_t attr_len(const struct nlattr *nla);

/* The number in an attribute, by its length; 0 for NULL */
__u64 attr_number(const struct nlattr *nla);

#endif /* _VNICX_TOOL_NETLINK_H */
