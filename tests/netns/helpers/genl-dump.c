// SPDX-License-Identifier: GPL-2.0
/*
 * Dumps the ports that the generic netlink family vnicx shows, by small buffers,
 * and runs a program between the first one and the second.
 *
 *   genl-dump [PROGRAM...]
 *
 * Prints the number of ports, whether it took several buffers, and whether the
 * kernel says that ports changed meanwhile: "150 ports, parts, whole".
 */
#include <err.h>
#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define PORT_GET	2

struct request {
	struct nlmsghdr nlh;
	struct genlmsghdr genl;
	struct nlattr attr;
	char name[GENL_NAMSIZ];
};

static char buf[4096];

static int send_request(int fd, int type, int flags, int cmd, const char *name)
{
	struct request req = {
		.nlh.nlmsg_len = NLMSG_LENGTH(GENL_HDRLEN),
		.nlh.nlmsg_type = type,
		.nlh.nlmsg_flags = NLM_F_REQUEST | flags,
		.genl.cmd = cmd,
		.genl.version = 1,
	};

	if (name) {
		req.attr.nla_type = CTRL_ATTR_FAMILY_NAME;
		req.attr.nla_len = NLA_HDRLEN + strlen(name) + 1;
		memcpy(req.name, name, strlen(name) + 1);
		req.nlh.nlmsg_len += NLA_ALIGN(req.attr.nla_len);
	}
	return send(fd, &req, req.nlh.nlmsg_len, 0);
}

static int family_id(int fd)
{
	struct nlmsghdr *nlh = (void *)buf;
	struct nlattr *nla;
	int n;

	if (send_request(fd, GENL_ID_CTRL, 0, CTRL_CMD_GETFAMILY, "vnicx") < 0)
		err(2, "send");
	n = recv(fd, buf, sizeof(buf), 0);
	if (n < 0)
		err(2, "recv");
	if (nlh->nlmsg_type == NLMSG_ERROR)
		errx(2, "no family vnicx");
	for (nla = NLMSG_DATA(nlh) + GENL_HDRLEN; (char *)nla < buf + n;
	     nla = (void *)nla + NLA_ALIGN(nla->nla_len))
		if (nla->nla_type == CTRL_ATTR_FAMILY_ID)
			return *(__u16 *)(nla + 1);
	errx(2, "the family has no number");
}

static void run(char *argv[])
{
	int status;
	pid_t pid = fork();

	if (pid < 0)
		err(2, "fork");
	if (!pid) {
		execvp(argv[0], argv);
		err(2, "%s", argv[0]);
	}
	if (waitpid(pid, &status, 0) < 0 || status)
		errx(2, "%s has failed", argv[0]);
}

int main(int argc, char *argv[])
{
	bool done = false, interrupted = false;
	int ports = 0, parts = 0, n, rest;
	struct nlmsghdr *nlh;
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_GENERIC);

	if (fd < 0)
		err(2, "socket");
	if (send_request(fd, family_id(fd), NLM_F_DUMP, PORT_GET, NULL) < 0)
		err(2, "send");
	while (!done) {
		n = recv(fd, buf, sizeof(buf), MSG_TRUNC);
		if (n < 0)
			err(2, "recv");
		if (n > (int)sizeof(buf))
			errx(2, "a message has %d bytes", n);
		rest = n;
		for (nlh = (void *)buf; NLMSG_OK(nlh, (unsigned int)rest);
		     nlh = NLMSG_NEXT(nlh, rest)) {
			interrupted |= nlh->nlmsg_flags & NLM_F_DUMP_INTR;
			if (nlh->nlmsg_type == NLMSG_DONE)
				done = true;
			else if (nlh->nlmsg_type == NLMSG_ERROR)
				errx(2, "error");
			else
				ports++;
		}
		if (!parts++ && argc > 1)
			run(argv + 1);
	}
	printf("%d ports, %s, %s\n", ports, parts > 2 ? "parts" : "at once",
	       interrupted ? "interrupted" : "whole");
	return 0;
}
