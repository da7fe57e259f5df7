/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Requests to rtnetlink, byte by byte: also such as no sane program makes.
 */
#ifndef _RTNL_H
#define _RTNL_H

#include <err.h>
#include <errno.h>
#include <linux/if_link.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct request {
	struct nlmsghdr nlh;
	struct ifinfomsg ifi;
	char attributes[1024];
};

static inline void request_init(struct request *req, int type, int flags)
{
	memset(req, 0, sizeof(*req));
	req->nlh.nlmsg_len = NLMSG_LENGTH(sizeof(req->ifi));
	req->nlh.nlmsg_type = type;
	req->nlh.nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK | flags;
}

static inline struct rtattr *put(struct request *req, int type,
				 const void *data, size_t len)
{
	struct rtattr *rta = (void *)req + NLMSG_ALIGN(req->nlh.nlmsg_len);

	rta->rta_type = type;
	rta->rta_len = RTA_LENGTH(len);
	if (len)
		memcpy(RTA_DATA(rta), data, len);
	req->nlh.nlmsg_len = NLMSG_ALIGN(req->nlh.nlmsg_len) +
			     RTA_ALIGN(rta->rta_len);
	return rta;
}

static inline void put_string(struct request *req, int type, const char *s)
{
	put(req, type, s, strlen(s) + 1);
}

/* Returns what to give to nest_end() when the nest is complete. */
static inline struct rtattr *nest(struct request *req, int type)
{
	return put(req, type, NULL, 0);
}

static inline void nest_end(struct request *req, struct rtattr *rta)
{
	rta->rta_len = (char *)req + req->nlh.nlmsg_len - (char *)rta;
}

static inline int rtnl_open(void)
{
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	int on = 1;

	if (fd < 0)
		err(2, "socket");
	if (setsockopt(fd, SOL_NETLINK, NETLINK_EXT_ACK, &on, sizeof(on)) ||
	    setsockopt(fd, SOL_NETLINK, NETLINK_CAP_ACK, &on, sizeof(on)))
		err(2, "setsockopt");
	return fd;
}

static inline void rtnl_send(int fd, const struct request *req)
{
	if (send(fd, req, req->nlh.nlmsg_len, 0) < 0)
		err(2, "send");
}

/* Returns the kernel's answer, 0 or an errno, and its words in @message. */
static inline int rtnl_answer(int fd, char *message, size_t size)
{
	static char buf[32768];
	struct nlmsghdr *nlh = (void *)buf;
	struct nlmsgerr *e = NLMSG_DATA(nlh);
	struct rtattr *rta;
	ssize_t n;
	int rest;

	message[0] = '\0';
	n = recv(fd, buf, sizeof(buf), 0);
	if (n < 0)
		return errno;
	if (n < (ssize_t)NLMSG_LENGTH(sizeof(*e)) ||
	    nlh->nlmsg_type != NLMSG_ERROR)
		errx(2, "no answer");

	rest = nlh->nlmsg_len - NLMSG_LENGTH(sizeof(*e));
	for (rta = (void *)(e + 1); RTA_OK(rta, rest);
	     rta = RTA_NEXT(rta, rest))
		if (rta->rta_type == NLMSGERR_ATTR_MSG)
			snprintf(message, size, "%s", (char *)RTA_DATA(rta));
	return -e->error;
}

#endif /* _RTNL_H */
