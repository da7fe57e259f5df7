// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <linux/genetlink.h>
#include <linux/vnicx.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "netlink.h"

/* A dump that ports changed is read again, this often. */
#define TRIES	5

/* The kernel fills no more than 32 kB, but for one port with long lists. */
static char buf[65536];
static int sock = -1;
static int family;

const void *attr_data(const struct nlattr *nla)
{
	return (const char *)nla + NLA_HDRLEN;
}

size_t attr_len(const struct nlattr *nla)
{
	return nla->nla_len - NLA_HDRLEN;
}

void parse_attrs(const struct nlattr **tb, int max, const struct nlattr *attrs,
		 size_t len)
{
	size_t whole;
	int type;

	memset(tb, 0, (max + 1) * sizeof(*tb));
	while (len >= NLA_HDRLEN && attrs->nla_len >= NLA_HDRLEN &&
	       attrs->nla_len <= len) {
		type = attrs->nla_type & NLA_TYPE_MASK;
		if (type <= max && !tb[type])
			tb[type] = attrs;
		whole = NLA_ALIGN(attrs->nla_len);
		if (whole >= len)
			break;
		len -= whole;
		attrs = (const void *)((const char *)attrs + whole);
	}
}

void parse_nest(const struct nlattr **tb, int max, const struct nlattr *nest)
{
	parse_attrs(tb, max, nest ? attr_data(nest) : NULL,
		    nest ? attr_len(nest) : 0);
}

__u64 attr_number(const struct nlattr *nla)
{
	union {
		__u8 u8;
		__u16 u16;
		__u32 u32;
		__u64 u64;
	} value = {};

	if (!nla || attr_len(nla) > sizeof(value))
		return 0;
	memcpy(&value, attr_data(nla), attr_len(nla));
	switch (attr_len(nla)) {
	case sizeof(value.u8):
		return value.u8;
	case sizeof(value.u16):
		return value.u16;
	case sizeof(value.u32):
		return value.u32;
	default:
		return value.u64;
	}
}

void request_init(struct request *req, int cmd)
{
	*req = (struct request) {
		.nlh.nlmsg_len = NLMSG_LENGTH(GENL_HDRLEN),
		.genl.cmd = cmd,
		.genl.version = VNICX_FAMILY_VERSION,
	};
}

void request_put(struct request *req, int attr, const void *data, size_t len)
{
	struct nlattr *nla = (void *)((char *)req + req->nlh.nlmsg_len);

	nla->nla_type = attr;
	nla->nla_len = NLA_HDRLEN + len;
	memcpy((char *)nla + NLA_HDRLEN, data, len);
	req->nlh.nlmsg_len += NLA_ALIGN(nla->nla_len);
}

static int send_request(struct request *req, int type, int flags)
{
	req->nlh.nlmsg_type = type;
	req->nlh.nlmsg_flags = NLM_F_REQUEST | flags;
	return send(sock, req, req->nlh.nlmsg_len, 0) < 0 ? -1 : 0;
}

/* Say what the kernel says of a request. */
static int complain(const struct nlmsghdr *nlh)
{
	const struct nlmsgerr *e = NLMSG_DATA(nlh);
	const struct nlattr *tb[NLMSGERR_ATTR_MAX + 1] = {};
	size_t head = NLMSG_LENGTH(sizeof(*e));

	if (nlh->nlmsg_flags & NLM_F_ACK_TLVS && nlh->nlmsg_len > head)
		parse_attrs(tb, NLMSGERR_ATTR_MAX, (const void *)(e + 1),
			    nlh->nlmsg_len - head);
	if (tb[NLMSGERR_ATTR_MSG])
		fprintf(stderr, "vnicx: %.*s.\n",
			(int)attr_len(tb[NLMSGERR_ATTR_MSG]),
			(const char *)attr_data(tb[NLMSGERR_ATTR_MSG]));
	else if (e->error == -EPERM)
		fprintf(stderr, "vnicx: this needs CAP_NET_ADMIN over the network namespace.\n");
	else
		fprintf(stderr, "vnicx: %s.\n", strerror(-e->error));
	return -1;
}

static int find_family(void)
{
	const struct nlattr *tb[CTRL_ATTR_MAX + 1];
	const struct nlmsghdr *nlh = (void *)buf;
	struct request req;
	ssize_t n;

	request_init(&req, CTRL_CMD_GETFAMILY);
	request_put(&req, CTRL_ATTR_FAMILY_NAME, VNICX_FAMILY_NAME,
		    sizeof(VNICX_FAMILY_NAME));
	if (send_request(&req, GENL_ID_CTRL, 0))
		return -1;
	n = recv(sock, buf, sizeof(buf), 0);
	if (n < (ssize_t)NLMSG_LENGTH(GENL_HDRLEN) ||
	    nlh->nlmsg_type == NLMSG_ERROR)
		return -1;
	parse_attrs(tb, CTRL_ATTR_MAX, NLMSG_DATA(nlh) + GENL_HDRLEN,
		    n - NLMSG_LENGTH(GENL_HDRLEN));
	family = attr_number(tb[CTRL_ATTR_FAMILY_ID]);
	return family ? 0 : -1;
}

/* Does nothing if it has been done. */
int vnicx_open(void)
{
	int on = 1;

	if (sock >= 0)
		return 0;
	sock = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_GENERIC);
	if (sock < 0) {
		perror("vnicx: socket");
		return -1;
	}
	setsockopt(sock, SOL_NETLINK, NETLINK_EXT_ACK, &on, sizeof(on));
	setsockopt(sock, SOL_NETLINK, NETLINK_CAP_ACK, &on, sizeof(on));
	if (!find_family())
		return 0;
	fprintf(stderr, "vnicx: the module vnicx is not loaded, or too old.\n");
	close(sock);
	sock = -1;
	return -1;
}

static int read_part(answer_fn *fn, void *arg, bool *interrupted)
{
	const struct nlmsghdr *nlh = (void *)buf;
	ssize_t n = recv(sock, buf, sizeof(buf), MSG_TRUNC);
	unsigned int rest = n;

	if (n < 0 || n > (ssize_t)sizeof(buf)) {
		fprintf(stderr, "vnicx: %s.\n",
			n < 0 ? strerror(errno) : "an answer is too long");
		return -1;
	}
	for (; NLMSG_OK(nlh, rest); nlh = NLMSG_NEXT(nlh, rest)) {
		*interrupted |= nlh->nlmsg_flags & NLM_F_DUMP_INTR;
		if (nlh->nlmsg_type == NLMSG_DONE)
			return 1;
		if (nlh->nlmsg_type == NLMSG_ERROR)
			return complain(nlh);
		if (nlh->nlmsg_type == family &&
		    nlh->nlmsg_len > NLMSG_LENGTH(GENL_HDRLEN) &&
		    fn(NLMSG_DATA(nlh) + GENL_HDRLEN,
		       nlh->nlmsg_len - NLMSG_LENGTH(GENL_HDRLEN), arg))
			return -1;
	}
	return 0;
}

/* Asks for a dump, about one device if @attr is not 0. Calls @fn with NULL before
 * it begins anew. Returns 0, or -1 after it has said why not.
 */
int vnicx_dump(int cmd, int attr, __u32 value, answer_fn *fn, void *arg)
{
	bool interrupted = true;
	struct request req;
	int tries, status;

	if (vnicx_open())
		return -1;
	request_init(&req, cmd);
	if (attr)
		request_put(&req, attr, &value, sizeof(value));
	for (tries = 0; interrupted && tries < TRIES; tries++) {
		interrupted = false;
		if (fn(NULL, 0, arg))
			return -1;
		if (send_request(&req, family, NLM_F_DUMP)) {
			perror("vnicx: send");
			return -1;
		}
		do {
			status = read_part(fn, arg, &interrupted);
		} while (!status);
		if (status < 0)
			return -1;
	}
	if (interrupted)
		fprintf(stderr, "vnicx: ports come and go; some may be missing here.\n");
	return 0;
}

/* Returns 0, or -1 after it has said why not. */
int vnicx_do(struct request *req, answer_fn *fn, void *arg)
{
	bool interrupted = false;

	if (vnicx_open())
		return -1;
	if (send_request(req, family, 0)) {
		perror("vnicx: send");
		return -1;
	}
	return read_part(fn, arg, &interrupted) < 0 ? -1 : 0;
}
